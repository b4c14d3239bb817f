"""q10_build_from_reference, hidden: other sizes, and states that are no network's."""

import numpy as np
from checks import case_rng, raises
from checks.residual import (
    check_rebuilt,
    random_state,
    rebuilt,
    state_of,
)
from otter.test_files import test_case

OK_FORMAT = False
name = "q10_build_from_reference"


def comes_back(build_from_reference, network, arguments, rng):
    """Have a network of these sizes rebuilt; return what it was rebuilt from."""
    seed = int(rng.integers(2**31))
    channels = arguments[3] if len(arguments) > 3 else 1
    x = rng.normal(size=(2, channels, 9, 10))
    facts = rebuilt(build_from_reference, network, arguments, x, seed=seed)
    state = state_of(network, arguments)
    check_rebuilt(facts, *random_state(state, np.random.default_rng(seed)))
    return (build_from_reference, network, arguments, x), seed


@test_case(name="several blocks in a stage", points=0.5, hidden=True)
def test_blocks(build_from_reference, ResNet, BasicBlock):
    arguments = [BasicBlock, [3, 1], 10]
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
    given, seed = comes_back(build_from_reference, ResNet, arguments, case_rng())
    raises(Exception, rebuilt, *given, seed=seed, fewer=1)


@test_case(name="a tensor too many is an error", points=0.5, hidden=True)
def test_more(build_from_reference, ResNet, BasicBlock):
    arguments = [BasicBlock, [1, 1], 10]
    given, seed = comes_back(build_from_reference, ResNet, arguments, case_rng())
    raises(Exception, rebuilt, *given, seed=seed, more=1)
