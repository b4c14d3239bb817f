"""q2_basic_block, public: shapes, sizes, and what comes last."""

import numpy as np
from checks import case_rng, close, equal, holds
from checks.layers import (
    fresh_output,
    input_after,
    layer_rows,
    parameter_shapes,
    with_weights,
)
from checks.matching import check_learned
from checks.residual import check_input
from checks.transplant import up_and_down, weights_of_copies, weights_of_zeros
from otter.test_files import test_case

OK_FORMAT = False
name = "q2_basic_block"


@test_case(name="shapes at stride 1 and 2", points=1)
def test_shapes(BasicBlock):
    x = np.zeros((2, 4, 7, 10))
    for arguments, shape in (
        ([4, 4, 1], (2, 4, 7, 10)),
        ([4, 6, 1], (2, 6, 7, 10)),
        ([4, 8, 2], (2, 8, 4, 5)),
        ([4, 4, 2], (2, 4, 4, 5)),
    ):
        out = fresh_output(BasicBlock, arguments, x)
        equal(
            out.shape, shape, what=f"the shape of what BasicBlock{(*arguments,)} gives"
        )


@test_case(name="what is learned", points=1.5)
def test_learned(BasicBlock):
    # Two 3x3 convolutions without biases; scale and shift of two normalisations.
    shapes = parameter_shapes(BasicBlock, [4, 4, 1], (1, 4, 6, 6))
    check_learned(shapes, [(4, 4, 3, 3)] * 2 + [(4,)] * 4)


@test_case(name="what is learned beside a projection", points=0.5)
def test_learned_wider(BasicBlock, make_shortcut):
    body = [(8, 4, 3, 3), (8, 8, 3, 3)] + [(8,)] * 4
    shapes = parameter_shapes(BasicBlock, [4, 8, 2], (1, 4, 6, 6))
    # Or what your own make_shortcut learns: a mistake there is counted there.
    projection = [(8, 4, 1, 1), (8,), (8,)]
    if sorted(shapes) != sorted(body + projection):
        projection = parameter_shapes(make_shortcut, [4, 8, 2], (1, 4, 6, 6))
    check_learned(shapes, body + projection)


@test_case(name="a ReLU is the last thing", points=1)
def test_relu(BasicBlock):
    x = case_rng().normal(size=(3, 6, 8, 8))
    out = fresh_output(BasicBlock, [6, 6, 1], x, train=True)
    holds((out >= 0).all(), f"the lowest output is {out.min():.3g}: it should be 0")
    holds((out == 0).any(), "no output is 0: a ReLU should be the last thing")


@test_case(name="with convolutions of zeros: relu(x)", points=1)
def test_zeros(BasicBlock):
    x = case_rng().normal(size=(2, 5, 6, 4))
    rows = layer_rows(BasicBlock, [5, 5, 1], x.shape)
    order, weights = range(len(rows)), weights_of_zeros(rows)
    got = with_weights(BasicBlock, [5, 5, 1], weights, list(order), x)
    close(got["output"], np.maximum(x, 0), what="beside a body that gives 0")


@test_case(name="with convolutions that copy", points=1)
def test_copies(BasicBlock):
    # Normalisations add 0.5 and 0.25 to odd channels, and take as much from even ones.
    # Only the body goes below 0 here.
    x = abs(case_rng().normal(size=(2, 5, 6, 4)))
    rows = layer_rows(BasicBlock, [5, 5, 1], x.shape)
    order, weights = range(len(rows)), weights_of_copies(rows, [-0.5, -0.25])
    got = with_weights(BasicBlock, [5, 5, 1], weights, list(order), x)
    up = up_and_down(5)[:, None, None]
    body = np.maximum(x - 0.5 * up, 0) - 0.25 * up
    close(got["output"], np.maximum(body + x, 0), what="where convolutions copy")


@test_case(name="the input stays as it was", points=1)
def test_input(BasicBlock):
    x = case_rng().normal(size=(2, 5, 6, 4))
    for arguments in ([5, 5, 1], [5, 7, 1]):
        facts = input_after(BasicBlock, arguments, x)
        check_input(facts, x, (2, arguments[1], 6, 4))
