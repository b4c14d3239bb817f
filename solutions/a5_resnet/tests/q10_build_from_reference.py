"""q10_build_from_reference, hidden: other sizes, and states that are no network's."""

from checks import case_rng, raises
from checks.residual import (
    channels_of,
    check_rebuilt,
    random_state,
    rebuilt,
    state_of,
)
from otter.test_files import test_case

OK_FORMAT = False
name = "q10_build_from_reference"


def comes_back(build_from_reference, network, arguments, rng):
    """Have a network of these sizes rebuilt; return its state and images."""
    names, arrays = random_state(state_of(network, arguments), rng)
    x = rng.normal(size=(2, channels_of(arguments), 9, 10))
    facts = rebuilt(build_from_reference, network, arguments, names, arrays, x)
    check_rebuilt(facts, names, arrays)
    return names, arrays, x


@test_case(name="several blocks in a stage", points=0.5, hidden=True)
def test_blocks(build_from_reference, ResNet, BasicBlock):
    arguments = [BasicBlock, [2, 1], 10]
    comes_back(build_from_reference, ResNet, arguments, case_rng())


@test_case(name="other classes and input channels", points=0.5, hidden=True)
def test_ends(build_from_reference, ResNet, BasicBlock):
    rng = case_rng()
    classes, channels = int(rng.integers(2, 10)), int(rng.integers(2, 5))
    for sizes in ([[1, 1], classes], [[1, 1], 10, channels]):
        comes_back(build_from_reference, ResNet, [BasicBlock, *sizes], rng)


@test_case(name="other widths and numbers of stages", points=0.5, hidden=True)
def test_sizes(build_from_reference, ResNet, BasicBlock):
    rng = case_rng()
    width = int(rng.integers(3, 9))
    for sizes in (
        [[1, 1], 10, 1, width],
        [[1], 10, 1, 16],
        [[1, 2, 1], int(rng.integers(2, 10)), 2, width],
    ):
        comes_back(build_from_reference, ResNet, [BasicBlock, *sizes], rng)


@test_case(name="a tensor too few is an error", points=0.5, hidden=True)
def test_lost(build_from_reference, ResNet, BasicBlock):
    arguments = [BasicBlock, [1, 1], 10]
    names, arrays, x = comes_back(build_from_reference, ResNet, arguments, case_rng())
    given = (build_from_reference, ResNet, arguments, names[:-1], arrays[:-1], x)
    raises(Exception, rebuilt, *given)


@test_case(name="a tensor too many is an error", points=0.5, hidden=True)
def test_more(build_from_reference, ResNet, BasicBlock):
    arguments = [BasicBlock, [1, 1], 10]
    names, arrays, x = comes_back(build_from_reference, ResNet, arguments, case_rng())
    named, more = [*names, "tail.weight"], [*arrays, arrays[0]]
    raises(Exception, rebuilt, build_from_reference, ResNet, arguments, named, more, x)
