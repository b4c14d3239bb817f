"""q9_vanishing_gradient, public: one layer by hand, and what depth does."""

import numpy as np
from checks import case_rng, close, holds, show
from checks.networks import gradient_norm, norms_by_depth
from otter.test_files import test_case

OK_FORMAT = False
name = "q9_vanishing_gradient"

DEPTHS = (1, 2, 4, 8, 12, 16, 20, 24, 28, 32)
"""Numbers of layers that the report's picture shows."""


@test_case(name="one weight, one number", points=1)
def test_by_hand(first_layer_grad_norm):
    # h = tanh(w x) = tanh(0.5), loss h*h, d loss / d w = 2 h (1 - h*h) x
    weights, x = [np.array([[0.25]])], np.array([[2.0]])
    h = np.tanh(0.5)
    got = gradient_norm(first_layer_grad_norm, weights, x, residual=False)
    close(got["norm"], 2 * h * (1 - h * h) * 2)


@test_case(name="a shortcut brings the gradient through 30 layers", points=1)
def test_depth(first_layer_grad_norm):
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
    rng = case_rng()
    weights = [0.3 * rng.normal(size=(4, 4)) for _ in range(30)]
    x = rng.normal(size=(5, 4))
    plain = gradient_norm(first_layer_grad_norm, weights, x, residual=False)
    short = gradient_norm(first_layer_grad_norm, weights, x, residual=True)
    told = f"the norm is {plain['norm']:.2g} without and {short['norm']:.2g} with it"
    wanted = "it should be between 0 and 0.001 without, more with it"
    holds(0 < plain["norm"] < 1e-3 < short["norm"], f"{told}: {wanted}")
