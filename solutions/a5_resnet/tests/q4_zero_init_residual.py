"""q4_zero_init_residual, hidden: what changes, and what does not."""

import numpy as np
from checks import case_rng, close, equal
from checks.networks import zero_initialised
from otter.test_files import test_case

OK_FORMAT = False
name = "q4_zero_init_residual"


@test_case(name="a bottleneck then gives relu(x)", points=1.5, hidden=True)
def test_bottleneck(zero_init_residual, Bottleneck):
    x = case_rng().normal(size=(2, 12, 5, 6))
    facts = zero_initialised(zero_init_residual, Bottleneck, [12, 3], x)
    close(facts["output"], np.maximum(x, 0))
    equal(facts["same_block"], True)


@test_case(name="one scale changes, and nothing else", points=1, hidden=True)
def test_changed(zero_init_residual, BasicBlock):
    x = case_rng().normal(size=(2, 3, 8, 8))
    for arguments in ([3, 3, 1], [3, 5, 2]):
        facts = zero_initialised(zero_init_residual, BasicBlock, arguments, x)
        equal(facts["changed"], [["BatchNorm2d", "weight"]])


@test_case(name="it is the last scale", points=0.5, hidden=True)
def test_last(zero_init_residual, BasicBlock, Bottleneck):
    x = case_rng().normal(size=(2, 8, 5, 5))
    for block, arguments in ((BasicBlock, [8, 8]), (Bottleneck, [8, 2])):
        facts = zero_initialised(zero_init_residual, block, arguments, x)
        equal(facts["uses_convolutions"], False)
