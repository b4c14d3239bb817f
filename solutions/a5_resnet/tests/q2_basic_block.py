"""q2_basic_block, hidden: the reference's weights, one thing after the other."""

from checks import case_rng
from checks.transplant import compare_networks, large_images, small_images
from otter.test_files import test_case

OK_FORMAT = False
name = "q2_basic_block"


@test_case(name="stride 1, the same channels", points=3, hidden=True)
def test_plain(BasicBlock, reference):
    rng = case_rng()
    x = large_images(rng, 3, 6, 8, 7)
    compare_networks(
        *(BasicBlock, reference.BasicBlock, [6, 6, 1], x, rng),
        train=[False],
        backward=False,
    )


@test_case(name="the gradient of the input", points=2, hidden=True)
def test_gradient(BasicBlock, reference):
    rng = case_rng()
    x = large_images(rng, 3, 4, 6, 7)
    compare_networks(BasicBlock, reference.BasicBlock, [4, 4, 1], x, rng, train=[False])


@test_case(name="train mode: statistics of the batch", points=2, hidden=True)
def test_train(BasicBlock, reference):
    rng = case_rng()
    x = large_images(rng, 4, 5, 6, 5)
    compare_networks(
        *(BasicBlock, reference.BasicBlock, [5, 5, 1], x, rng),
        train=[True],
        backward=False,
    )


@test_case(name="stride 2, the same channels", points=2, hidden=True)
def test_stride(BasicBlock, reference):
    rng = case_rng()
    x = large_images(rng, 3, 5, 8, 7)
    compare_networks(
        *(BasicBlock, reference.BasicBlock, [5, 5, 2], x, rng),
        train=[False],
        backward=False,
    )


@test_case(name="stride 1, other channels", points=2, hidden=True)
def test_channels(BasicBlock, reference):
    rng = case_rng()
    for arguments in ([3, 5], [6, 4]):
        x = large_images(rng, 2, arguments[0], 6, 9)
        compare_networks(
            *(BasicBlock, reference.BasicBlock, arguments, x, rng),
            train=[False],
            backward=False,
        )


@test_case(name="all at once, on small numbers", points=2, hidden=True)
def test_all(BasicBlock, reference):
    rng = case_rng()
    for arguments in ([4, 7, 2], [3, 3, 1]):
        x = small_images(rng, 3, arguments[0], 9, 8)
        compare_networks(BasicBlock, reference.BasicBlock, arguments, x, rng)
