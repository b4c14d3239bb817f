"""q9_vanishing_gradient, hidden: random weights, and what is given stays as it was."""

from checks import case_rng, close, equal, holds
from checks.networks import gradient_norm
from otter.test_files import test_case

OK_FORMAT = False
name = "q9_vanishing_gradient"


@test_case(name="random weights, without a shortcut", points=0.75, hidden=True)
def test_plain(first_layer_grad_norm, reference):
    compared(first_layer_grad_norm, reference, case_rng(), residual=False)


@test_case(name="random weights, with a shortcut", points=0.75, hidden=True)
def test_residual(first_layer_grad_norm, reference):
    compared(first_layer_grad_norm, reference, case_rng(), residual=True)


def compared(first_layer_grad_norm, reference, rng, *, residual):
    """Compare norms for networks of several depths."""
    for depth, rows in ((1, 4), (2, 1), (6, 3)):
        weights = [0.7 * rng.normal(size=(3, 3)) for _ in range(depth)]
        x = rng.normal(size=(rows, 3))
        ours = reference.first_layer_grad_norm
        expected = gradient_norm(ours, weights, x, residual=residual)
        got = gradient_norm(first_layer_grad_norm, weights, x, residual=residual)
        close(got["norm"], expected["norm"])


@test_case(name="weights and x stay as they were", points=0.5, hidden=True)
def test_kept(first_layer_grad_norm):
    rng = case_rng()
    weights = [rng.normal(size=(2, 2)) for _ in range(3)]
    some = [
        gradient_norm(first_layer_grad_norm, weights, x, residual=True)
        for x in rng.normal(size=(2, 3, 2))
    ]
    told = "other images should have another gradient"
    holds(abs(some[0]["norm"] - some[1]["norm"]) > 0, told)  # of NaN this is False
    kept = [facts["kept"] for facts in some]
    equal(kept, [True, True], what="weights and x are what they were")
