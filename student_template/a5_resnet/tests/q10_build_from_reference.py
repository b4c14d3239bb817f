"""q10_build_from_reference, public: a small network comes back as it was."""

import numpy as np
from checks import case_rng, equal, seed_of_case
from checks.residual import check_rebuilt, random_state, rebuilt, state_of
from otter.test_files import test_case

OK_FORMAT = False
name = "q10_build_from_reference"


@test_case(name="the same sizes and weights", points=1)
def test_same(build_from_reference, ResNet, BasicBlock):
    seed, arguments = seed_of_case(), [BasicBlock, [1, 1], 10]
    x = case_rng().normal(size=(3, 1, 12, 12))
    facts = rebuilt(build_from_reference, ResNet, arguments, x, seed=seed)
    tensors = state_of(ResNet, arguments)
    given = random_state(tensors, np.random.default_rng(seed))
    check_rebuilt(facts, *given)


@test_case(name="it comes back in eval mode", points=0.5)
def test_mode(build_from_reference, ResNet, BasicBlock):
    seed, arguments = seed_of_case(), [BasicBlock, [1, 1], 10]
    x = case_rng().normal(size=(1, 1, 8, 8))
    facts = rebuilt(build_from_reference, ResNet, arguments, x, seed=seed)
    equal(facts["training"], False, what="what came back is in train mode")
