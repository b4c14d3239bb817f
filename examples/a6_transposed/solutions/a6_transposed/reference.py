"""Assignment 6: transposed and depthwise-separable convolution, in NumPy.

Fill in the functions below, in any order; the handout (README.md) tells the story. The
docstrings are exact: what they say counts, what they leave open is yours. Everywhere

- images are (C, H, W): channels, height, width. No axis need be as long as another.
- arrays hold floats or whole numbers; compute in float64, so that nothing is cut off.
- no kernel is flipped: what deep learning calls convolution is the cross-correlation.
- arguments stay as they were given.
"""

import numpy as np
import numpy.typing as npt

# BEGIN SOLUTION
from numpy.lib.stride_tricks import sliding_window_view

# END SOLUTION

Floats = npt.NDArray[np.float64]
Pair = tuple[int, int]


def transposed_conv1d(x: npt.ArrayLike, w: npt.ArrayLike, stride: int) -> Floats:
    """Let every value of a signal paint the kernel into the output; overlaps add up.

    y[n*stride + m] = the sum of x[n] w[m] over all n and m that give this index

    x : (N,) array_like, N >= 1
    w : (M,) array_like, M >= 1
    stride : places from one painted kernel to the next, >= 1. It may be larger than M:
        what no kernel reaches is 0
    Returns ((N - 1)*stride + M,) float64
    Source: Dumoulin and Visin (2016), A guide to convolution arithmetic, chapter 4
    >>> transposed_conv1d([1, 2, 0], [1, 10, 100], 2).tolist()
    [1.0, 10.0, 102.0, 20.0, 200.0, 0.0, 0.0]
    """
    # BEGIN SOLUTION
    signal, kernel = _real(x), _real(w)
    out = np.zeros((signal.size - 1) * stride + kernel.size)
    for n, value in enumerate(signal):
        out[n * stride : n * stride + kernel.size] += value * kernel
    return out
    # END SOLUTION


def convolution_matrix(n: int, w: npt.ArrayLike, stride: int) -> Floats:
    """Return the matrix C of a convolution: C @ x slides w over x, unflipped.

    (C @ x)[p] = sum over m of x[p*stride + m] w[m], for every whole window: no padding

    Its transpose is question 1: C.T @ y is transposed_conv1d(y, w, stride), with zeros
    at the end for values of x that no window reaches.

    n : length of x, at least M
    w : (M,) array_like, M >= 1
    stride : >= 1
    Returns ((n - M) // stride + 1, n) float64
    Source: Dumoulin and Visin (2016), section 4.1
    >>> convolution_matrix(4, [1, 2], 2).tolist()
    [[1.0, 2.0, 0.0, 0.0], [0.0, 0.0, 1.0, 2.0]]
    """
    # BEGIN SOLUTION
    kernel = _real(w)
    matrix = np.zeros(((n - kernel.size) // stride + 1, n))
    for p, row in enumerate(matrix):
        row[p * stride : p * stride + kernel.size] = kernel
    return matrix
    # END SOLUTION


def conv_transpose2d_output_size(
    size: Pair, kernel: Pair, stride: int, padding: int, output_padding: int
) -> Pair:
    """Return (H_out, W_out) of a transposed convolution.

    H_out = (H - 1)*stride - 2*padding + KH + output_padding, and W_out likewise

    size : (H, W) of the image, each >= 1
    kernel : (KH, KW), each >= 1
    stride : >= 1
    padding : rows and columns that are cut off on each of the four sides, >= 0
    output_padding : rows and columns more at the bottom and at the right, >= 0
    Returns two ints
    Raises ValueError where output_padding >= stride, as a convolution leaves less over;
    and where H_out or W_out would be less than 1
    Source: ``torch.nn.ConvTranspose2d``
    >>> conv_transpose2d_output_size((4, 5), (3, 3), 2, 1, 1)
    (8, 10)
    """
    # BEGIN SOLUTION
    if output_padding >= stride:
        raise ValueError(
            f"output_padding is less than the stride {stride}, not {output_padding}"
        )
    h_out, w_out = (
        (n - 1) * stride - 2 * padding + k + output_padding
        for n, k in zip(size, kernel, strict=True)
    )
    if min(h_out, w_out) < 1:
        raise ValueError(f"nothing is left: {(h_out, w_out)}")
    return h_out, w_out
    # END SOLUTION


def output_padding_for(n: int, kernel: int, stride: int, padding: int) -> int:
    """Return the output_padding with which a transposed convolution gives n again.

    A convolution with this kernel, stride and padding makes (n + 2*padding - kernel)
    // stride + 1 values of n. Division rounds down, so several n give the same; the
    transposed convolution cannot know which it was, and output_padding tells it.

    n : length before the convolution, n + 2*padding >= kernel
    kernel, stride : >= 1; padding : >= 0
    Returns an int, 0 <= output_padding < stride
    Source: Dumoulin and Visin (2016), relationship 14
    >>> [output_padding_for(n, 3, 2, 1) for n in (7, 8, 9)]
    [0, 1, 0]
    """
    # BEGIN SOLUTION
    return (n + 2 * padding - kernel) % stride
    # END SOLUTION


def conv_transpose2d(
    x: npt.ArrayLike,
    w: npt.ArrayLike,
    stride: int = 1,
    padding: int = 0,
    output_padding: int = 0,
) -> Floats:
    """Let every pixel paint its kernels into the output; overlaps and channels add up.

    With the output before padding is cut off (full, all zeros at first), every channel
    c and every pixel (p, q) of x adds, for every output channel o and all i and j,

        full[o, p*stride + i, q*stride + j] += x[c, p, q] * w[c, o, i, j]

    full has (H - 1)*stride + KH + output_padding rows, and columns likewise; then
    padding rows and columns are cut off on each of the four sides. Mind what
    output_padding means: these rows lie inside of `full`, so where padding cuts a
    kernel's end off, output_padding gives some of it back.

    x : (C_in, H, W) array_like
    w : (C_in, C_out, KH, KW) array_like: C_in comes first, other than in a convolution
    stride, padding, output_padding : as in conv_transpose2d_output_size, all allowed
    Returns (C_out, H_out, W_out) float64
    Raises ValueError where x and w differ in C_in
    Source: ``torch.nn.functional.conv_transpose2d``
    >>> conv_transpose2d([[[1, 2]]], [[[[1, 10], [0, 5]]]]).tolist()
    [[[1.0, 12.0, 20.0], [0.0, 5.0, 10.0]]]
    """
    # BEGIN SOLUTION
    image, kernels = _real(x), _real(w)
    c_in, c_out, kh, kw = kernels.shape
    _, height, width = image.shape
    if len(image) != c_in:
        raise ValueError(f"image has {len(image)} channels, kernels expect {c_in}")
    rows = (height - 1) * stride + kh + output_padding
    columns = (width - 1) * stride + kw + output_padding
    full = np.zeros((c_out, rows, columns))
    for p in range(height):
        for q in range(width):
            painted = np.tensordot(image[:, p, q], kernels, axes=1)
            top, left = p * stride, q * stride
            full[:, top : top + kh, left : left + kw] += painted
    return full[:, padding : rows - padding, padding : columns - padding]
    # END SOLUTION


def depthwise_conv2d(
    x: npt.ArrayLike, w: npt.ArrayLike, stride: int = 1, padding: int = 0
) -> Floats:
    """Slide over every channel a kernel of its own; channels do not meet.

    out[c, p, q] = sum over i, j of xp[c, p*stride + i, q*stride + j] * w[c, i, j],
    with xp the image after padding

    x : (C, H, W) array_like
    w : (C, KH, KW) array_like, one kernel a channel, not flipped
    stride : >= 1; padding : rows and columns of zeros on each of the four sides, >= 0
    Returns (C, H_out, W_out) float64, H_out = (H + 2*padding - KH) // stride + 1
    Raises ValueError where x and w differ in C
    Source: Howard et al. (2017), MobileNets; ``torch.nn.Conv2d`` with groups = C
    >>> depthwise_conv2d([[[1, 2, 4]], [[1, 2, 4]]], [[[1, 1]], [[1, -1]]]).tolist()
    [[[3.0, 6.0]], [[-1.0, -2.0]]]
    """
    # BEGIN SOLUTION
    image, kernels = _real(x), _real(w)
    if len(image) != len(kernels):
        raise ValueError(f"{len(image)} channels, {len(kernels)} kernels")
    around = [(0, 0), (padding, padding), (padding, padding)]
    padded = np.pad(image, around)
    windows = sliding_window_view(padded, kernels.shape[1:], axis=(1, 2))
    seen = windows[:, ::stride, ::stride]
    return np.einsum("cpqij,cij->cpq", seen, kernels)
    # END SOLUTION


def pointwise_conv2d(x: npt.ArrayLike, w: npt.ArrayLike) -> Floats:
    """Mix the channels of every pixel by itself: a convolution with a kernel of 1 x 1.

    out[o, p, q] = sum over c of w[o, c] * x[c, p, q]

    x : (C_in, H, W) array_like
    w : (C_out, C_in) array_like
    Returns (C_out, H, W) float64
    Raises ValueError where x and w differ in C_in
    Source: Lin et al. (2013), Network in network
    >>> pointwise_conv2d([[[1, 2]], [[10, 20]]], [[1, 1], [0, 3]]).tolist()
    [[[11.0, 22.0]], [[30.0, 60.0]]]
    """
    # BEGIN SOLUTION
    image, weights = _real(x), _real(w)
    if len(image) != weights.shape[1]:
        raise ValueError(f"{len(image)} channels, weights for {weights.shape[1]}")
    return np.tensordot(weights, image, axes=1)
    # END SOLUTION


def separable_conv2d(
    x: npt.ArrayLike,
    depthwise: npt.ArrayLike,
    pointwise: npt.ArrayLike,
    stride: int = 1,
    padding: int = 0,
) -> Floats:
    """First look around in every channel, then mix the channels; nothing in between.

    x : (C_in, H, W) array_like
    depthwise : (C_in, KH, KW) array_like, with stride and padding as in
        depthwise_conv2d
    pointwise : (C_out, C_in) array_like
    Returns (C_out, H_out, W_out) float64
    Source: Chollet (2017), Xception, without an activation between the two
    >>> separable_conv2d([[[1, 2, 4]]], [[[1, -1]]], [[2], [3]]).tolist()
    [[[-2.0, -4.0]], [[-3.0, -6.0]]]
    """
    # BEGIN SOLUTION
    looked = depthwise_conv2d(x, depthwise, stride, padding)
    return pointwise_conv2d(looked, pointwise)
    # END SOLUTION


def standard_macs(size: Pair, c_in: int, c_out: int, kernel: Pair) -> int:
    """Return the multiply-accumulate operations of a usual convolution layer.

    Every output value takes one for each value of its window, over all channels.

    size : (H_out, W_out); kernel : (KH, KW); c_in, c_out : channels; all >= 1
    Returns int
    >>> standard_macs((2, 3), 4, 5, (3, 3))
    1080
    """
    # BEGIN SOLUTION
    return size[0] * size[1] * c_out * c_in * kernel[0] * kernel[1]
    # END SOLUTION


def separable_macs(size: Pair, c_in: int, c_out: int, kernel: Pair) -> int:
    """Return the multiply-accumulate operations of depthwise and pointwise together.

    size : (H_out, W_out), of both; kernel : (KH, KW); c_in, c_out : channels; all >= 1
    Returns int
    Source: Howard et al. (2017), MobileNets, equation 5
    >>> separable_macs((2, 3), 4, 5, (3, 3))
    336
    """
    # BEGIN SOLUTION
    per_pixel = c_in * kernel[0] * kernel[1] + c_in * c_out
    return size[0] * size[1] * per_pixel
    # END SOLUTION


def cost_ratio(c_out: int, kernel: Pair) -> float:
    """Return what share of a usual layer's operations a separable one takes.

    c_out : >= 1; kernel : (KH, KW), each >= 1. Size and C_in do not matter: why?
    Returns float; above 1 where separating costs more
    Source: Howard et al. (2017), MobileNets, section 3.1
    >>> cost_ratio(10, (2, 5))
    0.2
    """
    # BEGIN SOLUTION
    return 1 / c_out + 1 / (kernel[0] * kernel[1])
    # END SOLUTION


def overlap_count(n: int, kernel: int, stride: int) -> npt.NDArray[np.int64]:
    """Return how many painted kernels lie on every output of a transposed convolution.

    n : length of the input; kernel : length of the kernel; stride; all >= 1
    Returns ((n - 1)*stride + kernel,) of whole numbers (floats are as good), 0 where no
    kernel lies
    >>> overlap_count(3, 3, 2).tolist()
    [1, 1, 2, 1, 2, 1, 1]
    """
    # BEGIN SOLUTION
    counted = transposed_conv1d(np.ones(n), np.ones(kernel), stride)
    return np.rint(counted).astype(np.int64)
    # END SOLUTION


def has_checkerboard(kernel: int, stride: int) -> bool:
    """Tell whether the overlaps are uneven even far from both ends.

    Then a flat image with a flat kernel shows a pattern that nobody painted.

    kernel, stride : >= 1
    Returns bool
    Source: Odena, Dumoulin and Olah (2016), Deconvolution and checkerboard artifacts
    >>> has_checkerboard(3, 2), has_checkerboard(4, 2)
    (True, False)
    """
    # BEGIN SOLUTION
    return kernel % stride != 0
    # END SOLUTION


# BEGIN SOLUTION
def _real(values: npt.ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float64)


# END SOLUTION
