"""q4_zero_init_residual, public: the last scale of a basic block is 0."""

from checks import case_rng, equal, seed_of_case
from checks.residual import check_last_scale, zeroed
from otter.test_files import test_case

OK_FORMAT = False
name = "q4_zero_init_residual"


@test_case(name="the last scale of a basic block is 0", points=2)
def test_basic(zero_init_residual, BasicBlock):
    # With a shift of 0, as it starts, the body then gives 0 and the block relu(x).
    x = case_rng().normal(size=(2, 5, 6, 6))
    facts = zeroed(zero_init_residual, BasicBlock, [5, 5], x, seed=seed_of_case())
    check_last_scale(facts)


@test_case(name="the same block comes back", points=1)
def test_same(zero_init_residual, BasicBlock):
    x = case_rng().normal(size=(1, 3, 4, 4))
    facts = zeroed(zero_init_residual, BasicBlock, [3, 3], x, seed=seed_of_case())
    equal(facts["same_block"], True, what="what comes back is the block that was given")
