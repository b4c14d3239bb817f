"""q4_zero_init_residual, public: a basic block starts as relu(x)."""

import numpy as np
from checks import case_rng, close, equal
from checks.networks import zero_initialised
from otter.test_files import test_case

OK_FORMAT = False
name = "q4_zero_init_residual"


@test_case(name="a basic block then gives relu(x)", points=2)
def test_relu(zero_init_residual, BasicBlock):
    x = case_rng().normal(size=(2, 5, 6, 6))
    facts = zero_initialised(zero_init_residual, BasicBlock, [5, 5], x)
    close(facts["output"], np.maximum(x, 0))


@test_case(name="the same block comes back", points=1)
def test_same(zero_init_residual, BasicBlock):
    x = case_rng().normal(size=(1, 3, 4, 4))
    facts = zero_initialised(zero_init_residual, BasicBlock, [3, 3], x)
    equal(facts["same_block"], True)
