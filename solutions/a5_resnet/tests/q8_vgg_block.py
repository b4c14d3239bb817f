"""q8_vgg_block, hidden: the reference's weights."""

from checks import case_rng
from checks.transplant import compare_networks, small_images
from otter.test_files import test_case

OK_FORMAT = False
name = "q8_vgg_block"


@test_case(name="one convolution", points=1.5, hidden=True)
def test_one(vgg_block, reference):
    rng = case_rng()
    x = small_images(rng, 2, 4, 8, 11)
    arguments = [4, 5, 1]
    compare_networks(vgg_block, reference.vgg_block, arguments, x, rng, biases=False)


@test_case(name="two convolutions", points=2, hidden=True)
def test_two(vgg_block, reference):
    rng = case_rng()
    x = small_images(rng, 2, 3, 9, 8)
    arguments = [3, 6, 2]
    compare_networks(vgg_block, reference.vgg_block, arguments, x, rng, biases=False)


@test_case(name="three and four convolutions", points=1.5, hidden=True)
def test_more(vgg_block, reference):
    rng = case_rng()
    for arguments in ([4, 5, 3], [6, 3, 4]):
        x = small_images(rng, 2, arguments[0], 8, 11)
        compare_networks(vgg_block, reference.vgg_block, arguments, x, rng)
