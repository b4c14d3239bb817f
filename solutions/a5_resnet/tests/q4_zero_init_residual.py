"""q4_zero_init_residual, hidden: what changes, and what does not."""

from checks import case_rng, seed_of_case
from checks.residual import (
    check_in_the_body,
    check_last_scale,
    check_only_a_scale,
    zeroed,
)
from otter.test_files import test_case

OK_FORMAT = False
name = "q4_zero_init_residual"


@test_case(name="the last scale of a bottleneck is 0", points=1.5, hidden=True)
def test_bottleneck(zero_init_residual, Bottleneck):
    x = case_rng().normal(size=(2, 12, 5, 6))
    facts = zeroed(zero_init_residual, Bottleneck, [12, 3], x, seed=seed_of_case())
    check_last_scale(facts, 3)


@test_case(name="one scale changes, and nothing else", points=1, hidden=True)
def test_changed(zero_init_residual, BasicBlock):
    x = case_rng().normal(size=(2, 3, 8, 8))
    facts = zeroed(zero_init_residual, BasicBlock, [3, 3, 1], x, seed=seed_of_case())
    check_only_a_scale(facts)


@test_case(name="beside a projection it is the body's scale", points=0.5, hidden=True)
def test_projection(zero_init_residual, BasicBlock):
    x = case_rng().normal(size=(2, 3, 6, 6))
    facts = zeroed(zero_init_residual, BasicBlock, [3, 5, 2], x, seed=seed_of_case())
    check_only_a_scale(facts)
    check_in_the_body(facts, 5)
