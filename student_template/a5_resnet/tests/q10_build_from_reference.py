"""q10_build_from_reference, public: a small network comes back as it was."""

from checks import case_rng, equal
from checks.residual import check_rebuilt, random_state, rebuilt, state_of
from otter.test_files import test_case

OK_FORMAT = False
name = "q10_build_from_reference"


@test_case(name="the same sizes and weights", points=1)
def test_same(build_from_reference, ResNet, BasicBlock):
    rng = case_rng()
    arguments = [BasicBlock, [1, 1], 10]
    names, arrays = random_state(state_of(ResNet, arguments), rng)
    x = rng.normal(size=(3, 1, 12, 12))
    facts = rebuilt(build_from_reference, ResNet, arguments, names, arrays, x)
    check_rebuilt(facts, names, arrays)


@test_case(name="it comes back in eval mode", points=0.5)
def test_mode(build_from_reference, ResNet, BasicBlock):
    rng = case_rng()
    arguments = [BasicBlock, [1, 1], 10]
    names, arrays = random_state(state_of(ResNet, arguments), rng)
    x = rng.normal(size=(1, 1, 8, 8))
    facts = rebuilt(build_from_reference, ResNet, arguments, names, arrays, x)
    equal(facts["training"], False, what="what came back is in train mode")
