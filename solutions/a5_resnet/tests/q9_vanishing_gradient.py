"""q9_vanishing_gradient, hidden: random weights, and what is given stays as it was."""

import numpy as np
from checks import case_rng, close, equal, show
from checks.networks import gradient_norm, norms_by_depth
from otter.test_files import test_case

OK_FORMAT = False
name = "q9_vanishing_gradient"

DEPTHS = (1, 2, 4, 8, 12, 16, 20, 24, 28, 32)
"""Numbers of layers that the report's picture shows."""


@test_case(name="random weights of several layers", points=1.5, hidden=True)
def test_random(first_layer_grad_norm, reference):
    rng = case_rng()
    drawn = np.random.default_rng(0)  # the same for all, so that they can compare
    deep = list(drawn.normal(size=(max(DEPTHS), 8, 8)) * 0.8 / 8**0.5)
    rows = drawn.normal(size=(16, 8))
    show(
        "gradient norm",
        lambda: {
            "depths": DEPTHS,
            "norms": norms_by_depth(first_layer_grad_norm, deep, rows, DEPTHS),
        },
    )
    for depth in (1, 2, 6):
        weights = [0.7 * rng.normal(size=(3, 3)) for _ in range(depth)]
        x = rng.normal(size=(4, 3))
        for residual in (False, True):
            expected = gradient_norm(
                reference.first_layer_grad_norm, weights, x, residual=residual
            )
            got = gradient_norm(first_layer_grad_norm, weights, x, residual=residual)
            close(got["norm"], expected["norm"])


@test_case(name="the weights stay as they were", points=0.5, hidden=True)
def test_kept(first_layer_grad_norm):
    rng = case_rng()
    weights = [rng.normal(size=(2, 2)) for _ in range(3)]
    facts = gradient_norm(
        first_layer_grad_norm, weights, rng.normal(size=(3, 2)), residual=True
    )
    equal([0 < facts["norm"] < 1e9, facts["kept"]], [True, True])
