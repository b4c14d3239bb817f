"""q3_bottleneck, public: shapes and sizes."""

import numpy as np
from checks import case_rng, close, equal
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
name = "q3_bottleneck"


@test_case(name="four times the channels come out", points=1.5)
def test_shapes(Bottleneck):
    x = np.zeros((2, 8, 7, 10))
    for arguments, shape in (
        ([8, 2, 1], (2, 8, 7, 10)),
        ([8, 3, 1], (2, 12, 7, 10)),
        ([8, 4, 2], (2, 16, 4, 5)),
        ([8, 2, 2], (2, 8, 4, 5)),
    ):
        out = fresh_output(Bottleneck, arguments, x)
        equal(
            out.shape, shape, what=f"the shape of what Bottleneck{(*arguments,)} gives"
        )


@test_case(name="what is learned", points=1)
def test_learned(Bottleneck):
    shapes = parameter_shapes(Bottleneck, [8, 2, 1], (1, 8, 5, 5))
    # 1x1 8 to 2, 3x3 2 to 2, 1x1 2 to 8, and normalisations over 2, 2 and 8.
    convolutions = [(2, 8, 1, 1), (2, 2, 3, 3), (8, 2, 1, 1)]
    check_learned(shapes, convolutions + [(2,)] * 4 + [(8,)] * 2)


@test_case(name="what is learned beside a projection", points=0.5)
def test_learned_wider(Bottleneck, make_shortcut):
    body = [(4, 8, 1, 1), (4, 4, 3, 3), (16, 4, 1, 1)] + [(4,)] * 4 + [(16,)] * 2
    shapes = parameter_shapes(Bottleneck, [8, 4, 2], (1, 8, 6, 6))
    # Or what your own make_shortcut learns: a mistake there is counted there.
    projection = [(16, 8, 1, 1), (16,), (16,)]
    if sorted(shapes) != sorted(body + projection):
        projection = parameter_shapes(make_shortcut, [8, 16, 2], (1, 8, 6, 6))
    check_learned(shapes, body + projection)


@test_case(name="with convolutions of zeros: relu(x)", points=0.5)
def test_zeros(Bottleneck):
    x = case_rng().normal(size=(2, 8, 5, 6))
    rows = layer_rows(Bottleneck, [8, 2, 1], x.shape)
    order, weights = range(len(rows)), weights_of_zeros(rows)
    got = with_weights(Bottleneck, [8, 2, 1], weights, list(order), x)
    close(got["output"], np.maximum(x, 0), what="beside a body that gives 0")


@test_case(name="with convolutions that copy", points=0.5)
def test_copies(Bottleneck):
    # Channel i of the wide ones is channel i % 2 of the narrow ones. Normalisations add
    # 0.5, take 0.25 and add 0.5 on odd channels, and the reverse on even ones.
    # Only the body goes below 0 here.
    x = abs(case_rng().normal(size=(2, 8, 5, 6)))
    rows = layer_rows(Bottleneck, [8, 2, 1], x.shape)
    order, weights = range(len(rows)), weights_of_copies(rows, [-0.5, 0.25, -0.5])
    got = with_weights(Bottleneck, [8, 2, 1], weights, list(order), x)
    up = up_and_down(8)[:, None, None]
    narrow = np.maximum(x[:, :2] - 0.5 * up[:2], 0)
    narrow = np.maximum(narrow + 0.25 * up[:2], 0)
    wide = np.tile(narrow, (1, 4, 1, 1)) - 0.5 * up
    close(got["output"], np.maximum(wide + x, 0), what="where convolutions copy")


@test_case(name="the input stays as it was", points=0.5)
def test_input(Bottleneck):
    x = case_rng().normal(size=(2, 8, 6, 4))
    for arguments in ([8, 2, 1], [8, 3, 1]):
        facts = input_after(Bottleneck, arguments, x)
        check_input(facts, x, (2, 4 * arguments[1], 6, 4))
