"""a3_layers: the reference against torch, finite differences and its own adjoints.

The oracles are torch's layers and autograd, and central differences written here.
float64 throughout, so that tolerances only cover rounding.
"""

from collections.abc import Callable
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from checks import callables
from checks.yardstick import multiplications, speed_ratio
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.course.assignment import module_from

Array = npt.NDArray[Any]

PATH = Path(__file__).parents[2] / "solutions" / "a3_layers" / "reference.py"
ROUNDING = 1e-10
"""Sums of at most a few hundred products of numbers around 1, in float64."""
DIFFERENCES = 1e-7
"""Central differences of step 1e-5: rounding about 1e-16 * 100 / 1e-5."""
KERNELS = [(1, 1), (2, 2), (3, 3), (2, 3), (5, 1), (3, 5)]
SIZES = [(7, 9), (8, 6), (11, 7)]
POOLS: list[Any] = [1, 2, 3, 5, (2, 3), (3, 1), (1, 5)]


def reference() -> ModuleType:
    return module_from(PATH.read_text(encoding="utf-8"), PATH)


a3 = reference()


def draw_layer(
    kernel: tuple[int, int],
    stride: int,
    padding: int,
    size: tuple[int, int],
    *,
    n: int = 2,
    c_in: int = 3,
    c_out: int = 4,
) -> tuple[Array, Array, Array, Array]:
    """Draw dout, x, w and b."""
    rng = np.random.default_rng(abs(hash((kernel, stride, padding, size))) % 2**32)
    h_out, w_out = (
        (s + 2 * padding - k) // stride + 1 for s, k in zip(size, kernel, strict=True)
    )
    return (
        rng.normal(size=(n, c_out, h_out, w_out)),
        rng.normal(size=(n, c_in, *size)),
        rng.normal(size=(c_out, c_in, *kernel)),
        rng.normal(size=c_out),
    )


def differences(f: Callable[[Array], float], x: Array, step: float = 1e-5) -> Array:
    """Central differences of f at x, independent of the reference's."""
    moved = [x + step * e.reshape(x.shape) for e in np.eye(x.size)]
    below = [x - step * e.reshape(x.shape) for e in np.eye(x.size)]
    values = [f(high) - f(low) for high, low in zip(moved, below, strict=True)]
    return np.array(values).reshape(x.shape) / (2 * step)


def assert_near(actual: Array, expected: Any, tolerance: float = ROUNDING) -> None:
    expected = np.asarray(expected)
    assert actual.shape == expected.shape
    np.testing.assert_allclose(actual, expected, rtol=tolerance, atol=tolerance)


@pytest.mark.torch
@pytest.mark.parametrize("padding", [0, 1, 2])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("kernel", KERNELS)
def test_convolution_and_its_gradients_are_those_of_torch(
    kernel: tuple[int, int], stride: int, padding: int
) -> None:
    torch = pytest.importorskip("torch")
    for size in SIZES:
        dout, x, w, b = draw_layer(kernel, stride, padding, size)
        tensors = [torch.tensor(a, requires_grad=True) for a in (x, w, b)]
        out = torch.nn.functional.conv2d(*tensors, stride, padding)
        out.backward(torch.tensor(dout))
        assert_near(a3.conv2d_forward(x, w, b, stride, padding), out.detach())
        gradients = a3.conv2d_backward(dout, x, w, b, stride, padding)
        for ours, theirs in zip(gradients, tensors, strict=True):
            assert_near(ours, theirs.grad)


@pytest.mark.torch
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("kernel", POOLS)
@pytest.mark.parametrize("kind", ["max", "avg"])
def test_pools_and_their_gradients_are_those_of_torch(
    kind: str, kernel: Any, stride: int
) -> None:
    torch = pytest.importorskip("torch")
    pool = getattr(torch.nn.functional, f"{kind}_pool2d")
    forward = getattr(a3, f"{kind}_pool_forward")
    backward = getattr(a3, f"{kind}_pool_backward")
    rng = np.random.default_rng(stride)
    for size in SIZES:
        # Small whole numbers: torch's rule for equal maxima is ours.
        for x in (rng.normal(size=(2, 3, *size)), rng.integers(-2, 2, (2, 3, *size))):
            tensor = torch.tensor(x, dtype=torch.float64, requires_grad=True)
            out = pool(tensor, kernel, stride)
            dout = rng.normal(size=tuple(out.shape))
            out.backward(torch.tensor(dout))
            assert_near(forward(x, kernel, stride), out.detach())
            assert_near(backward(dout, x, kernel, stride), tensor.grad)


@pytest.mark.torch
def test_relu_gradient_is_that_of_torch_at_zero_too() -> None:
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    x = rng.integers(-2, 3, size=(4, 5, 6)).astype(float)
    dout = rng.normal(size=x.shape)
    tensor = torch.tensor(x, requires_grad=True)
    torch.relu(tensor).backward(torch.tensor(dout))
    assert_near(a3.relu_backward(dout, x), tensor.grad)


@pytest.mark.torch
@pytest.mark.parametrize("padding", [0, 1, 2])
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_columns_are_laid_out_as_those_of_torch(stride: int, padding: int) -> None:
    torch = pytest.importorskip("torch")
    for kernel, size in product(KERNELS, SIZES):
        _, x, _, _ = draw_layer(kernel, stride, padding, size)
        settings_ = {"stride": stride, "padding": padding}
        cols = torch.nn.functional.unfold(torch.tensor(x), kernel, **settings_)
        assert_near(a3.im2col(x, kernel, stride, padding), cols)
        image = torch.nn.functional.fold(cols, size, kernel, **settings_)
        assert_near(a3.col2im(cols.numpy(), x.shape, kernel, stride, padding), image)


sides = st.integers(1, 4)
small = st.integers(1, 3)


@given(
    n=small, c=small, kernel=st.tuples(sides, sides), stride=small,
    padding=st.integers(0, 2), extra=st.tuples(st.integers(0, 5), st.integers(0, 5)),
    seed=st.integers(0, 2**32 - 1),
)  # fmt: skip
@settings(max_examples=150)
def test_col2im_is_the_adjoint_of_im2col(
    n: int,
    c: int,
    kernel: tuple[int, int],
    stride: int,
    padding: int,
    extra: tuple[int, int],
    seed: int,
) -> None:
    rng = np.random.default_rng(seed)
    size = [max(k + e - 2 * padding, 1) for k, e in zip(kernel, extra, strict=True)]
    x = rng.normal(size=(n, c, *size))
    seen = a3.im2col(x, kernel, stride, padding)
    cols = rng.normal(size=seen.shape)
    back = a3.col2im(cols, x.shape, kernel, stride, padding)
    assert back.shape == x.shape
    assert np.sum(seen * cols) == pytest.approx(np.sum(x * back), abs=1e-9)


@pytest.mark.parametrize(
    ("kernel", "stride", "padding"),
    [((3, 2), 1, 1), ((2, 3), 2, 0), ((1, 3), 3, 2), ((3, 3), 2, 1)],
)
def test_convolution_gradients_are_measured_ones(
    kernel: tuple[int, int], stride: int, padding: int
) -> None:
    dout, x, w, b = draw_layer(kernel, stride, padding, (5, 6), c_in=2, c_out=3)

    def loss(x: Array, w: Array, b: Array) -> float:
        return float(np.sum(dout * a3.conv2d_forward(x, w, b, stride, padding)))

    dx, dw, db = a3.conv2d_backward(dout, x, w, b, stride, padding)
    assert_near(dx, differences(lambda v: loss(v, w, b), x), DIFFERENCES)
    assert_near(dw, differences(lambda v: loss(x, v, b), w), DIFFERENCES)
    assert_near(db, differences(lambda v: loss(x, w, v), b), DIFFERENCES)


@pytest.mark.parametrize(("kernel", "stride"), [(3, 2), (2, 3), ((2, 3), 1), (2, 2)])
@pytest.mark.parametrize("kind", ["max", "avg"])
def test_pool_gradients_are_measured_ones(kind: str, kernel: Any, stride: int) -> None:
    forward = getattr(a3, f"{kind}_pool_forward")
    rng = np.random.default_rng(3)
    # Values a whole step apart, so that no difference changes which is largest.
    x = rng.permutation(2 * 2 * 5 * 7).reshape(2, 2, 5, 7).astype(float)
    dout = rng.normal(size=forward(x, kernel, stride).shape)
    measured = differences(lambda v: np.sum(dout * forward(v, kernel, stride)), x, 1e-3)
    backward = getattr(a3, f"{kind}_pool_backward")
    assert_near(backward(dout, x, kernel, stride), measured, DIFFERENCES)


GRADIENTS: dict[Callable[[Array], Any], Callable[[Array], Array]] = {
    callables.sum_of_squares: lambda x: 2 * x,
    callables.sum_of_cubes: lambda x: 3 * x**2,
    callables.sum_of_sines: np.cos,
    callables.weighted_sum: lambda x: np.arange(1.0, x.size + 1).reshape(x.shape),
    callables.norm: lambda x: x / np.sqrt(1 + np.sum(x**2)),
}


@pytest.mark.parametrize("f", GRADIENTS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("shape", [(), (4,), (2, 3), (2, 1, 3, 2)])
def test_measured_gradients_are_the_known_ones(
    f: Callable[[Array], Any], shape: tuple[int, ...]
) -> None:
    x = np.random.default_rng(5).normal(size=shape)
    assert_near(a3.numeric_gradient(f, x, 1e-5), GRADIENTS[f](x), DIFFERENCES)


def test_measured_gradient_takes_whole_numbers_and_large_steps() -> None:
    x = np.array([[1, -2], [3, 0]])
    measured = a3.numeric_gradient(callables.sum_of_cubes, x, 0.5)
    assert_near(measured, 3.0 * x**2 + 0.25)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_layers_keep_the_type_of_their_inputs(dtype: type) -> None:
    layer: list[Array] = [a.astype(dtype) for a in draw_layer((3, 3), 2, 1, (7, 9))]
    dout, x, w, b = layer
    answers = [
        a3.conv2d_forward(x, w, b, 2, 1),
        *a3.conv2d_backward(dout, x, w, b, 2, 1),
        a3.max_pool_forward(x, 2, 2),
        a3.avg_pool_forward(x, 2, 2),
        a3.im2col(x, 2, 2, 0),
    ]
    assert {answer.dtype for answer in answers} == {np.dtype(dtype)}


def test_layers_leave_their_inputs_alone() -> None:
    arrays = draw_layer((3, 2), 2, 1, (7, 9))
    dout, x, w, b = arrays
    before = [a.copy() for a in arrays]
    a3.conv2d_forward(x, w, b, 2, 1)
    a3.conv2d_backward(dout, x, w, b, 2, 1)
    pooled = a3.max_pool_forward(x, 3, 2)
    a3.max_pool_backward(pooled, x, 3, 2)
    a3.avg_pool_backward(pooled, x, 3, 2)
    a3.relu_backward(x, x)
    a3.numeric_gradient(callables.norm, b, 1e-3)
    for old, new in zip(before, arrays, strict=True):
        np.testing.assert_array_equal(old, new)


@pytest.mark.parametrize(
    ("kernel", "padding", "text"),
    [
        ((4, 3, 2, 2), 0, "x has 2 channels, w expects 3: got x (1, 2, 5, 7)"),
        ((4, 2, 6, 2), 0, "a kernel of 6x2 does not fit the padded image of 5x7"),
        ((4, 2, 2, 10), 1, "a kernel of 2x10 does not fit the padded image of 7x9"),
    ],
)
def test_kernels_that_do_not_fit_are_refused_with_both_shapes(
    kernel: tuple[int, ...], padding: int, text: str
) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 the text is compared below
        a3.conv2d_forward(
            np.ones((1, 2, 5, 7)), np.ones(kernel), np.ones(4), padding=padding
        )
    assert text in str(caught.value)


def test_yardstick_counts_the_multiplications_of_a_convolution() -> None:
    _, x, w, _ = draw_layer((3, 2), 2, 1, (7, 9))
    h_out, w_out = 4, 5
    assert multiplications(x, w, 2, 1) == 2 * 4 * h_out * w_out * 3 * 3 * 2


def test_yardstick_tells_loops_from_a_matrix_product() -> None:
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(2, 4, 12, 12)), rng.normal(size=(8, 4, 3, 3))
    dout, b = rng.normal(size=(2, 8, 12, 12)), np.zeros(8)

    def loops(x: Array, w: Array, b: Array, stride: int, padding: int) -> Array:
        for _ in range(multiplications(x, w, stride, padding) // 10):
            x[0, 0, 0, 0]
        return b

    fast = speed_ratio(a3.conv2d_forward, x, w, b, 1, 1)
    assert 0 < fast < speed_ratio(loops, x, w, b, 1, 1)
    assert speed_ratio(a3.conv2d_backward, x, w, b, 1, 1, dout=dout) > 0


def test_yardstick_stops_repeating_when_its_time_is_up() -> None:
    calls: list[int] = []
    x, w = np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2))
    speed_ratio(lambda *_: calls.append(1), x, w, np.ones(1), seconds=-1.0)
    assert len(calls) == 1
