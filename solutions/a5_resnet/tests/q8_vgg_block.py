"""q8_vgg_block, hidden: the reference's weights."""

from checks import case_rng
from checks.transplant import compare_networks, small_images
from otter.test_files import test_case

OK_FORMAT = False
name = "q8_vgg_block"


@test_case(name="two convolutions", points=3, hidden=True)
def test_two(vgg_block, reference):
    rng = case_rng()
    x = small_images(rng, 2, 3, 9, 8)
    compare_networks(vgg_block, reference.vgg_block, [3, 6, 2], x, rng)


@test_case(name="one and three convolutions", points=2, hidden=True)
def test_others(vgg_block, reference):
    rng = case_rng()
    for count in (1, 3):
        x = small_images(rng, 2, 4, 8, 11)
        compare_networks(vgg_block, reference.vgg_block, [4, 5, count], x, rng)
