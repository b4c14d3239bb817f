"""q2_basic_block, hidden: the reference's weights, in both modes, both ways."""

from checks import case_rng
from checks.transplant import compare_networks, small_images
from otter.test_files import test_case

OK_FORMAT = False
name = "q2_basic_block"


@test_case(name="stride 1, the same channels", points=5, hidden=True)
def test_plain(BasicBlock, reference):
    rng = case_rng()
    x = small_images(rng, 3, 6, 8, 7)
    compare_networks(BasicBlock, reference.BasicBlock, [6, 6, 1], x, rng)


@test_case(name="stride 2, other channels", points=5, hidden=True)
def test_stride(BasicBlock, reference):
    rng = case_rng()
    x = small_images(rng, 3, 4, 9, 8)
    compare_networks(BasicBlock, reference.BasicBlock, [4, 7, 2], x, rng)


@test_case(name="stride 2, the same channels", points=3, hidden=True)
def test_stride_only(BasicBlock, reference):
    rng = case_rng()
    x = small_images(rng, 3, 5, 8, 8)
    compare_networks(BasicBlock, reference.BasicBlock, [5, 5, 2], x, rng)


@test_case(name="stride 1, other channels", points=2, hidden=True)
def test_channels(BasicBlock, reference):
    rng = case_rng()
    x = small_images(rng, 2, 3, 6, 9)
    compare_networks(BasicBlock, reference.BasicBlock, [3, 5], x, rng)
