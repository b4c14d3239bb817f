"""The reference of a1_conv1d against NumPy, numbers by hand, and laws it must obey."""

import doctest
import itertools
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import autograder
from autograder.course import assignment as assignments

COURSE = Path(autograder.__file__).parents[1]
a1: Any = assignments.load(COURSE, "a1_conv1d").reference

Floats = npt.NDArray[np.float64]

MODES = ("full", "same", "valid")
PADDINGS = {
    "zero": "constant",
    "reflect": "reflect",
    "replicate": "edge",
    "circular": "wrap",
}
PATIENTS, DOSES = [1, 2, 3, 4, 5], [3, 2, 1]
ROUNDING = 1e-9
"""Absolute: values below are at most 100, sums have at most some hundred terms."""

values = st.floats(-10, 10, allow_subnormal=False)


def signals(shortest: int = 1, longest: int = 12) -> st.SearchStrategy[Floats]:
    return arrays.arrays(np.float64, st.integers(shortest, longest), elements=values)


def of_size(*shape: int) -> st.SearchStrategy[Floats]:
    return arrays.arrays(np.float64, shape, elements=values)


sizes = st.integers(1, 9)
same_size_pairs = sizes.flatmap(lambda n: st.tuples(of_size(n), of_size(n)))


def near(actual: Any, expected: Any) -> None:
    np.testing.assert_allclose(actual, expected, rtol=1e-9, atol=ROUNDING)


def test_docstring_examples_run() -> None:
    found = doctest.DocTestFinder().find(a1, "a1", module=False, globs=vars(a1))
    runner = doctest.DocTestRunner()
    for example in found:
        runner.run(example)
    results = runner.summarize(verbose=False)
    assert results.attempted >= 16
    assert results.failed == 0


# --- one dimension


def test_hospital_of_the_lecture() -> None:
    near(a1.conv1d(PATIENTS, DOSES, "full"), [3, 8, 14, 20, 26, 14, 5])
    near(a1.conv1d(PATIENTS, DOSES, "same"), [8, 14, 20, 26, 14])
    near(a1.conv1d(PATIENTS, DOSES, "valid"), [14, 20, 26])
    near(a1.cross_correlate1d(PATIENTS, DOSES, "full"), [1, 4, 10, 16, 22, 22, 15])
    near(a1.circular_convolve(PATIENTS, DOSES), [17, 13, 14, 20, 26])


@pytest.mark.parametrize("mode", MODES)
@given(x=signals(), k=signals())
def test_conv1d_is_numpy_convolve(mode: Any, x: Floats, k: Floats) -> None:
    near(a1.conv1d(x, k, mode), np.convolve(x, k, mode))


@pytest.mark.parametrize("mode", MODES)
@given(x=signals(6, 12), k=signals(1, 6))
def test_cross_correlate1d_is_numpy_correlate(mode: Any, x: Floats, k: Floats) -> None:
    near(a1.cross_correlate1d(x, k, mode), np.correlate(x, k, mode))


@pytest.mark.parametrize("mode", ["full", "valid"])
@given(x=signals(1, 4), k=signals(5, 9))
def test_cross_correlation_with_a_longer_kernel(
    mode: Any, x: Floats, k: Floats
) -> None:
    near(a1.cross_correlate1d(x, k, mode), np.correlate(x, k, mode))


@given(x=signals(), k=signals())
def test_convolution_commutes(x: Floats, k: Floats) -> None:
    for mode in MODES:
        near(a1.conv1d(x, k, mode), a1.conv1d(k, x, mode))


@given(pair=same_size_pairs, k=signals(), s=values, t=values)
def test_convolution_is_linear(
    pair: tuple[Floats, Floats], k: Floats, s: float, t: float
) -> None:
    x, y = pair
    together = a1.conv1d(s * x + t * y, k, "full")
    near(together, s * a1.conv1d(x, k, "full") + t * a1.conv1d(y, k, "full"))


@given(x=signals(), k=signals(), delay=st.integers(0, 5))
def test_a_delayed_signal_gives_the_same_answer_later(
    x: Floats, k: Floats, delay: int
) -> None:
    silence = np.zeros(delay)
    late = a1.conv1d(np.concatenate([silence, x]), k, "full")
    near(late, np.concatenate([silence, a1.conv1d(x, k, "full")]))
    rolled = a1.circular_convolve(np.roll(x, delay), k[: x.size])
    near(rolled, np.roll(a1.circular_convolve(x, k[: x.size]), delay))


@given(x=signals(), k=signals(), data=st.data())
def test_correlation_is_the_adjoint_of_convolution(
    x: Floats, k: Floats, data: st.DataObject
) -> None:
    y = data.draw(of_size(x.size + k.size - 1))
    there = np.dot(a1.conv1d(x, k, "full"), y)
    full = a1.cross_correlate1d(y, k, "full")
    back = np.dot(x, full[k.size - 1 : k.size - 1 + x.size])
    near(there, back)


def test_unknown_modes_are_refused_with_the_word() -> None:
    for function in (a1.conv1d, a1.cross_correlate1d):
        with pytest.raises(ValueError, match="full, same or valid, not 'wide'"):
            function(PATIENTS, DOSES, "wide")
    with pytest.raises(ValueError, match="reflect, replicate or circular, not 'wide'"):
        a1.pad1d(PATIENTS, 1, "wide")


@pytest.mark.parametrize("mode", PADDINGS)
@given(x=signals(2), data=st.data())
def test_pad1d_is_numpy_pad(mode: str, x: Floats, data: st.DataObject) -> None:
    furthest = {"reflect": x.size - 1, "circular": x.size}.get(mode, 15)
    p = data.draw(st.integers(0, furthest))
    how: Any = PADDINGS[mode]
    np.testing.assert_array_equal(a1.pad1d(x, p, mode), np.pad(x, p, mode=how))


# --- images


def pixel_by_pixel(image: Floats, kernel: Floats, n: int, m: int) -> float:
    """The sum of the definition, over an image that is 0 outside."""
    (h, w), (kh, kw) = image.shape, kernel.shape
    return sum(
        float(kernel[i, j] * image[n - i, m - j])
        for i, j in itertools.product(range(kh), range(kw))
        if 0 <= n - i < h and 0 <= m - j < w
    )


image_and_kernel = st.tuples(sizes, sizes).flatmap(
    lambda size: st.tuples(
        of_size(*size),
        st.tuples(st.integers(1, size[0]), st.integers(1, size[1])).flatmap(
            lambda small: of_size(*small)
        ),
    )
)


@given(pair=image_and_kernel)
def test_conv2d_is_the_sum_of_its_definition(pair: tuple[Floats, Floats]) -> None:
    image, kernel = pair
    (h, w), (kh, kw) = image.shape, kernel.shape
    full = np.array(
        [
            [pixel_by_pixel(image, kernel, n, m) for m in range(w + kw - 1)]
            for n in range(h + kh - 1)
        ]
    )
    top, left = (kh - 1) // 2, (kw - 1) // 2
    near(a1.conv2d(image, kernel, "full", "zero"), full)
    near(
        a1.conv2d(image, kernel, "same", "zero"),
        full[top : top + h, left : left + w],
    )
    near(a1.conv2d(image, kernel, "valid", "zero"), full[kh - 1 : h, kw - 1 : w])


@pytest.mark.parametrize("boundary", PADDINGS)
@given(pair=image_and_kernel)
def test_conv2d_same_is_valid_on_a_padded_image(
    boundary: str, pair: tuple[Floats, Floats]
) -> None:
    image, kernel = pair
    before = [size // 2 for size in kernel.shape]
    after = [(size - 1) // 2 for size in kernel.shape]
    how: Any = PADDINGS[boundary]
    padded = np.pad(image, list(zip(before, after, strict=True)), mode=how)
    near(
        a1.conv2d(image, kernel, "same", boundary),
        a1.conv2d(padded, kernel, "valid", "zero"),
    )


@given(pair=image_and_kernel)
def test_conv2d_is_a_product_in_frequency(pair: tuple[Floats, Floats]) -> None:
    image, kernel = pair
    shape = [a + b - 1 for a, b in zip(image.shape, kernel.shape, strict=True)]
    product = np.fft.fft2(image, shape) * np.fft.fft2(kernel, shape)
    near(a1.conv2d(image, kernel, "full", "zero"), np.fft.ifft2(product).real)


def test_a_separable_kernel_is_two_convolutions_of_lines() -> None:
    rng = np.random.default_rng(1)
    image, column, row = rng.normal(size=(6, 9)), [1.0, 2, 4], [3.0, -1]
    lines = np.array([np.convolve(line, row) for line in image])
    both = np.array([np.convolve(line, column) for line in lines.T]).T
    near(a1.conv2d(image, np.outer(column, row), "full", "zero"), both)


def test_conv2d_refuses_unknown_words() -> None:
    with pytest.raises(ValueError, match="full, same or valid, not 'wide'"):
        a1.conv2d(np.eye(3), np.eye(3), "wide", "zero")
    with pytest.raises(ValueError, match="reflect, replicate or circular, not 'fog'"):
        a1.conv2d(np.eye(3), np.eye(3), "same", "fog")


def test_uint8_pixels_neither_wrap_nor_mix() -> None:
    rng = np.random.default_rng(2)
    image = rng.integers(0, 256, size=(5, 7, 4)).astype(np.uint8)
    kernel = np.array([[1, 2, 0], [0, 5, -3], [9, 0, 7]], dtype=np.int8)
    filtered = a1.filter_rgb(image, kernel)
    assert filtered.shape == image.shape
    for channel in range(4):
        alone = image[:, :, channel].astype(np.float64)
        full = np.fft.irfft2(
            np.fft.rfft2(alone, (7, 9)) * np.fft.rfft2(kernel, (7, 9)), (7, 9)
        )
        near(filtered[:, :, channel], full[1:6, 1:8])


@pytest.mark.parametrize("size", [1, 3, 5, 7, 9, 15])
def test_kernels_of_every_odd_size(size: int) -> None:
    impulse = np.zeros((size, size))
    impulse[size // 2, size // 2] = 1
    near(a1.make_kernel("identity", size), impulse)
    near(a1.make_kernel("box", size) * size**2, np.ones((size, size)))
    gaussian = a1.make_kernel("gaussian", size)
    assert gaussian.sum() == pytest.approx(1)
    for i, j in itertools.product(range(size), repeat=2):
        r2 = (i - size // 2) ** 2 + (j - size // 2) ** 2
        falls = np.exp(-18 * r2 / size**2)
        assert gaussian[i, j] == pytest.approx(falls * gaussian.max())


def test_kernels_of_size_3() -> None:
    near(a1.make_kernel("sobel_x", 3), np.outer([1, 2, 1], [-1, 0, 1]))
    near(a1.make_kernel("sobel_y", 3), np.outer([-1, 0, 1], [1, 2, 1]))
    near(a1.make_kernel("sharpen", 3), [[0, -1, 0], [-1, 5, -1], [0, -1, 0]])


def test_even_sizes_and_unknown_names_are_refused() -> None:
    with pytest.raises(ValueError, match="4"):
        a1.make_kernel("box", 4)
    with pytest.raises(ValueError, match="'donut'"):
        a1.make_kernel("donut", 3)


@given(slope=values, climb=values)
def test_edges_of_a_ramp(slope: float, climb: float) -> None:
    rows, columns = np.indices((5, 6))
    ramp = climb * rows + slope * columns
    near(a1.signed_edge(ramp)[:, 1:-1], np.full((5, 4), 6 * slope))
    steepness = 8 * np.hypot(slope, climb)
    near(a1.gradient_magnitude(ramp)[1:-1, 1:-1], np.full((3, 4), steepness))


# --- frequencies

spectra = st.integers(1, 12).flatmap(
    lambda n: st.tuples(of_size(n), of_size(n)).map(lambda p: p[0] + 1j * p[1])
)


@given(x=spectra)
def test_dft_and_idft_are_numpy_fft_and_ifft(x: npt.NDArray[np.complex128]) -> None:
    near(a1.dft(x), np.fft.fft(x))
    near(a1.idft(x), np.fft.ifft(x))
    near(a1.idft(a1.dft(x)), x)


@given(x=signals())
def test_parseval(x: Floats) -> None:
    energy = np.sum(np.abs(a1.dft(x)) ** 2) / x.size
    assert energy == pytest.approx(np.sum(x**2), abs=ROUNDING)


@given(x=signals())
def test_coefficients_make_up_the_signal(x: Floats) -> None:
    a, b = a1.fourier_coefficients(x)
    n, k = np.arange(x.size), np.arange(x.size)[:, None]
    angle = 2 * np.pi * k * n / x.size
    near(a @ np.cos(angle) + b @ np.sin(angle), x)
    near(a - 1j * b, np.fft.fft(x) / x.size)


def test_coefficients_of_a_sine_are_positive_in_b() -> None:
    n = np.arange(8)
    a, b = a1.fourier_coefficients(3 + 2 * np.sin(2 * np.pi * n / 8))
    near(a, [3, 0, 0, 0, 0, 0, 0, 0])
    near(b, [0, 1, 0, 0, 0, 0, 0, -1])


@given(x=signals(), k=signals())
def test_fft_convolve_is_convolution(x: Floats, k: Floats) -> None:
    near(a1.fft_convolve(x, k), np.convolve(x, k))


@given(pair=same_size_pairs)
def test_circular_convolution_wraps_the_tail_around(
    pair: tuple[Floats, Floats],
) -> None:
    x, k = pair
    full = np.convolve(x, k)
    full[: x.size - 1] += full[x.size :]
    near(a1.circular_convolve(x, k), full[: x.size])


@given(x=signals(), k=st.lists(st.floats(-0.2, 0.2), max_size=4))
def test_deconvolve_undoes_a_convolution(x: Floats, k: list[float]) -> None:
    kernel = [1.0, *k]  # its DFT stays above 1 - 4 * 0.2
    y = np.convolve(x, kernel)
    near(a1.deconvolve(y, kernel, 0), np.append(x, np.zeros(len(k))))


def test_deconvolve_leaves_a_lost_frequency_at_0() -> None:
    near(a1.deconvolve([3, 1], [1, 1], 1), [0.8, 0.8])
    recovered = a1.deconvolve([1.0, 2, 4, 8], [1, 1], 1e-3)
    assert np.sum(recovered * [1, -1, 1, -1]) == pytest.approx(0, abs=ROUNDING)


@given(x=signals(), data=st.data())
def test_low_pass_is_a_projection(x: Floats, data: st.DataObject) -> None:
    cutoff = data.draw(st.integers(0, x.size // 2))
    slow = a1.ideal_low_pass(x, cutoff)
    near(a1.ideal_low_pass(slow, cutoff), slow)
    near(a1.ideal_low_pass(x, x.size // 2), x)
    near(a1.ideal_low_pass(x, 0), np.full(x.size, x.mean()))
    kept = np.zeros(x.size // 2 + 1)
    kept[: cutoff + 1] = 1
    near(slow, np.fft.irfft(np.fft.rfft(x) * kept, x.size))


def test_a_jump_overshoots_by_about_9_percent() -> None:
    square = np.repeat([0.0, 1.0], 256)
    for cutoff in (31, 63):
        assert a1.ideal_low_pass(square, cutoff).max() == pytest.approx(1.09, abs=0.01)


def test_cheaper_domain_turns_where_the_counts_cross() -> None:
    assert a1.cheaper_domain(1, 1) == "space"  # one multiplication each
    assert a1.cheaper_domain(32, 97) == "frequency"  # L = 128: 3104 against 2816
    assert a1.cheaper_domain(97, 32) == "frequency"
    assert a1.cheaper_domain(28, 101) == "frequency"  # 2828 against 2816
    assert a1.cheaper_domain(27, 102) == "space"  # 2754 against 2816


def test_relu_and_dft_commute_on_an_impulse_only_by_luck() -> None:
    assert a1.relu_dft_gap([1, 0, 0, 0]) == pytest.approx(0, abs=ROUNDING)
    assert a1.relu_dft_gap([3, -4]) == pytest.approx(4)
    assert a1.relu_dft_gap([3, 4, 0, 0]) == pytest.approx(4)


def test_no_function_changes_its_arguments() -> None:
    rng = np.random.default_rng(3)
    x, k = rng.normal(size=9), rng.normal(size=4)
    image, kernel = rng.normal(size=(6, 8)), rng.normal(size=(3, 3))
    colours = rng.normal(size=(5, 6, 3))
    inputs = (x, k, image, kernel, colours)
    before = [array.copy() for array in inputs]
    for mode in MODES:
        a1.conv1d(x, k, mode)
        a1.cross_correlate1d(x, k, mode)
        a1.conv2d(image, kernel, mode, "zero")
    for mode in PADDINGS:
        a1.pad1d(x, 2, mode)
        a1.conv2d(image, kernel, "same", mode)
    a1.filter_rgb(colours, kernel)
    for function in (a1.gradient_magnitude, a1.signed_edge):
        function(image)
    for function in (a1.dft, a1.idft, a1.fourier_coefficients, a1.relu_dft_gap):
        function(x)
    for function in (a1.fft_convolve, a1.circular_convolve):
        function(x, k)
    a1.deconvolve(x, k, 0.1)
    a1.ideal_low_pass(x, 2)
    for old, new in zip(before, inputs, strict=True):
        np.testing.assert_array_equal(old, new)
