"""q10_build_from_reference, hidden: random sizes, and a state that lacks a tensor."""

from checks import case_rng, equal, raises
from checks.networks import rebuilt
from otter.test_files import test_case

OK_FORMAT = False
name = "q10_build_from_reference"


@test_case(name="random sizes", points=2, hidden=True)
def test_sizes(build_from_reference, ResNet, BasicBlock):
    rng = case_rng()
    classes, channels = int(rng.integers(2, 10)), int(rng.integers(2, 5))
    width = int(rng.integers(3, 9))
    # One size after another is not the usual one, so that a mistake shows which.
    for sizes in (
        ([2, 1], 10, 1, 16),
        ([1, 1], classes, 1, 16),
        ([1, 1], 10, channels, 16),
        ([1, 1], 10, 1, width),
        ([3], classes, channels, width),
        ([1, 2, 1], classes, channels, width),
    ):
        arguments = [BasicBlock, *sizes]
        x = rng.normal(size=(2, sizes[2], 9, 10))
        facts = rebuilt(build_from_reference, ResNet, arguments, x)
        equal([facts["same"], facts["trains"]], [True, False])


@test_case(name="a state that lacks a tensor is an error", points=0.5, hidden=True)
def test_lost(build_from_reference, ResNet, BasicBlock):
    x = case_rng().normal(size=(2, 1, 8, 8))
    arguments = [BasicBlock, [1, 1], 3]
    raises(Exception, rebuilt, build_from_reference, ResNet, arguments, x, lost=True)
