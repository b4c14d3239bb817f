"""q7_inception, hidden: the reference's weights, branch by branch."""

from checks import case_rng
from checks.transplant import compare_networks, compare_part, large_images, small_images
from otter.test_files import test_case

OK_FORMAT = False
name = "q7_inception"

SIZES = [6, 5, [3, 7], [2, 4], 8]
"""Of a module whose branches and reductions all differ in size."""


@test_case(name="the 1x1 branch", points=1, hidden=True)
def test_one(InceptionModule, reference):
    rng = case_rng()
    ours, channels = reference.InceptionModule, range(5)
    x = large_images(rng, 2, 6, 9, 8)
    compare_part(InceptionModule, ours, SIZES, x, rng, channels=channels)


@test_case(name="the 3x3 branch", points=2, hidden=True)
def test_three(InceptionModule, reference):
    rng = case_rng()
    ours, channels = reference.InceptionModule, range(5, 12)
    x = large_images(rng, 2, 6, 8, 9)
    compare_part(InceptionModule, ours, SIZES, x, rng, channels=channels)


@test_case(name="the 5x5 branch", points=2, hidden=True)
def test_five(InceptionModule, reference):
    rng = case_rng()
    ours, channels = reference.InceptionModule, range(12, 16)
    x = large_images(rng, 2, 6, 9, 8)
    compare_part(InceptionModule, ours, SIZES, x, rng, channels=channels)


@test_case(name="the pooling branch, on negative maps", points=2, hidden=True)
def test_pooling(InceptionModule, reference):
    rng = case_rng()
    ours, channels = reference.InceptionModule, range(16, 24)
    x = -abs(large_images(rng, 2, 6, 7, 9)) - 1
    compare_part(InceptionModule, ours, SIZES, x, rng, channels=channels)


@test_case(name="maps of a single pixel", points=0.5, hidden=True)
def test_pixel(InceptionModule, reference):
    rng = case_rng()
    x = large_images(rng, 3, 4, 1, 1)
    arguments = [4, 3, [5, 6], [2, 9], 7]
    compare_networks(
        *(InceptionModule, reference.InceptionModule, arguments, x, rng),
        train=[False],
        backward=False,
        biases=False,
    )


@test_case(name="all branches in order, and the gradient", points=1.5, hidden=True)
def test_whole(InceptionModule, reference):
    rng = case_rng()
    x = small_images(rng, 2, 4, 5, 7)
    arguments = [4, 3, [5, 6], [2, 9], 7]
    compare_networks(InceptionModule, reference.InceptionModule, arguments, x, rng)
