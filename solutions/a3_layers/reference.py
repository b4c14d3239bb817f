"""Assignment 3: the layers of a convolutional network, forward and backward.

Everything is NumPy. Images come in batches of shape (N, C, H, W): number of images,
channels, height, width. Kernels have the shape (C_out, C_in, KH, KW). That is PyTorch's
order. No axis need be as long as another, and N and C may be 1.

A layer that looks at windows of KH x KW pixels, `stride` pixels apart, gives

    H_out = (H + 2*padding - KH) // stride + 1
    W_out = (W + 2*padding - KW) // stride + 1

values along the two axes. The division rounds down: pixels at the bottom and at the
right that no whole window reaches take no part.

A backward function gets `dout`, the gradient of some number L (the loss) with respect
to the layer's output: dout[k] = dL / d out[k] at every index k. It returns the gradient
of the same L with respect to the layer's input or weights, in their shape.

Arrays hold floats (float64 or float32) or, where a docstring says so, ints. Where a
float goes into a result, the result holds floats: nothing is cut off because another
array holds ints. float64 and float32 are both fine as a result. No function changes
what it is given: an array may be read-only. It may lie in memory in any way, column by
column or backwards, too: what counts is its values and its shape.
"""

# BEGIN SOLUTION
# ruff: noqa: ARG001 - a backward function takes what its layer took
# END SOLUTION
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

# BEGIN SOLUTION
from numpy.lib.stride_tricks import sliding_window_view

# END SOLUTION

Array = npt.NDArray[Any]
Pair = int | tuple[int, int]


def conv2d_forward(
    x: Array, w: Array, b: Array, stride: int = 1, padding: int = 0
) -> Array:
    """Slide every kernel over every image, as ``torch.nn.functional.conv2d`` does.

    With xp the input after padding, for image n, kernel o and place (p, q),

        out[n, o, p, q] = b[o] + sum over c, i, j of
                          xp[n, c, p*stride + i, q*stride + j] * w[o, c, i, j]

    The kernel is not flipped: what deep learning calls convolution is the
    cross-correlation of signal processing.

    x : (N, C_in, H, W) images, floats or ints
    w : (C_out, C_in, KH, KW) kernels, floats or ints
    b : (C_out,) one bias a kernel, floats or ints
    stride : pixels from one window to the next, downwards and to the right, >= 1
    padding : rows and columns of zeros added on each of the four sides, >= 0
    Returns (N, C_out, H_out, W_out), floats where x, w or b holds floats
    Raises ValueError where x and w differ in C_in, and where the kernel is higher or
    wider than the padded image
    Source: Goodfellow et al. (2016), equation 9.8; ``torch.nn.functional.conv2d``

    >>> x = np.arange(12.0).reshape(1, 1, 3, 4)
    >>> w = np.array([[[[1.0, 0.0], [0.0, 2.0]]]])
    >>> conv2d_forward(x, w, np.array([100.0]))
    array([[[[110., 113., 116.],
             [122., 125., 128.]]]])
    """
    # BEGIN SOLUTION
    _check_kernels(x, w, padding)
    c_out, _, kh, kw = w.shape
    kernels = w.reshape(c_out, -1)
    canvas = _padded(x, padding)
    windows = _windows(canvas, kh, kw, stride)
    bias = b[:, np.newaxis]
    # One image at a time: its columns stay in the processor's cache.
    maps = [kernels @ image.reshape(kernels.shape[1], -1) + bias for image in windows]
    return np.stack(maps).reshape(len(x), c_out, *windows.shape[4:])
    # END SOLUTION


def conv2d_backward(
    dout: Array, x: Array, w: Array, b: Array, stride: int = 1, padding: int = 0
) -> tuple[Array, Array, Array]:
    """Return the gradients (dx, dw, db) of a convolution layer.

    With out = conv2d_forward(x, w, b, stride, padding), by the chain rule

        dx[n, c, h, v] = sum over o, p, q of
                         dout[n, o, p, q] * d out[n, o, p, q] / d x[n, c, h, v]

    and likewise dw and db, whose sums go over the images n too. They are sums: nothing
    is divided by N. A pixel that no window reaches has gradient 0.

    dout : (N, C_out, H_out, W_out) gradient with respect to the output, floats or ints
    x, w, b, stride, padding : what the layer was given; x, w and b floats or ints
    Returns dx (N, C_in, H, W), dw (C_out, C_in, KH, KW) and db (C_out,), a tuple in
    this order, floats where dout holds floats, whatever the layer holds. They are
    graded one by one: as long as you lack one, put None there
    Source: Goodfellow et al. (2016), equations 9.11 and 9.13

    >>> x = np.arange(12.0).reshape(1, 1, 3, 4)
    >>> w = np.array([[[[1.0, 0.0], [0.0, 2.0]]]])
    >>> dout = np.array([[[[1.0, 0.0, 0.0], [0.0, 0.0, 3.0]]]])
    >>> dx, dw, db = conv2d_backward(dout, x, w, np.array([100.0]))
    >>> dx
    array([[[[1., 0., 0., 0.],
             [0., 2., 3., 0.],
             [0., 0., 0., 6.]]]])
    >>> dw
    array([[[[18., 22.],
             [34., 38.]]]])
    >>> db
    array([4.])
    """
    # BEGIN SOLUTION
    kh, kw = w.shape[2:]
    kernels = w.reshape(len(w), -1)
    rows = dout.reshape(len(x), len(w), -1)
    padded = _padded(x, padding)
    windows = _windows(padded, kh, kw, stride)
    pairs = zip(windows, rows, strict=True)
    dws = [image.reshape(kernels.shape[1], -1) @ row.T for image, row in pairs]
    dw = np.sum(dws, axis=0).T.reshape(w.shape)
    db = dout.sum(axis=(0, 2, 3))
    dwindows = ((kernels.T @ row).reshape(windows.shape[1:]) for row in rows)
    dpadded = np.stack([_sum_windows(d, padded.shape[1:], stride) for d in dwindows])
    dx = _cropped(dpadded, padding)
    return dx, dw, db
    # END SOLUTION


def max_pool_forward(x: Array, kernel_size: Pair, stride: int) -> Array:
    """Return the largest value of every window, in each channel by itself.

    x : (N, C, H, W) images, floats or ints; all values may be negative
    kernel_size : KH = KW as one int, or (KH, KW); at most (H, W)
    stride : pixels from one window to the next on both axes, >= 1. It may be smaller
        than the kernel, so that windows overlap, and larger, which leaves gaps
    Returns (N, C, H_out, W_out) as above with padding 0
    Source: ``torch.nn.functional.max_pool2d``

    >>> x = np.array([[[[1.0, 4.0, 9.0], [2.0, 3.0, 0.0]]]])
    >>> max_pool_forward(x, 2, 1)
    array([[[[4., 9.]]]])
    >>> max_pool_forward(x, (1, 3), 1)
    array([[[[9.],
             [3.]]]])
    """
    # BEGIN SOLUTION
    kh, kw = _pair(kernel_size)
    windows = _windows(x, kh, kw, stride)
    largest: Array = windows.max(axis=(2, 3))
    return largest
    # END SOLUTION


def max_pool_backward(dout: Array, x: Array, kernel_size: Pair, stride: int) -> Array:
    """Return the gradient of max pooling with respect to its input.

    The gradient of a window goes to the pixel that was its maximum, and adds up where a
    pixel is the maximum of several windows. All other pixels get 0.

    Where several pixels of a window share the maximum, give the window's gradient
    either to the first of them, row by row from the top left (as PyTorch does), or
    share it out to them equally. Both count as right; giving the whole of it to each of
    them does not.

    dout : (N, C, H_out, W_out) gradient with respect to the output, floats
    x, kernel_size, stride : what max_pool_forward was given; x may hold ints
    Returns (N, C, H, W), floats
    Source: ``torch.nn.functional.max_pool2d``

    >>> x = np.array([[[[1.0, 4.0, 9.0], [2.0, 3.0, 0.0]]]])
    >>> max_pool_backward(np.array([[[[0.5, -7.0]]]]), x, 2, 1)
    array([[[[ 0. ,  0.5, -7. ],
             [ 0. ,  0. ,  0. ]]]])
    """
    # BEGIN SOLUTION
    kh, kw = _pair(kernel_size)
    windows = _windows(x, kh, kw, stride)
    n, c, _, _, h_out, w_out = windows.shape
    flat = windows.reshape(n, c, kh * kw, h_out, w_out)
    first = flat.argmax(axis=2, keepdims=True)
    routed = np.zeros(flat.shape, dout.dtype)
    np.put_along_axis(routed, first, dout[:, :, np.newaxis], axis=2)
    return _sum_windows(routed.reshape(windows.shape), x.shape, stride)
    # END SOLUTION


def avg_pool_forward(x: Array, kernel_size: Pair, stride: int) -> Array:
    """Return the mean of every window, in each channel by itself.

    x : (N, C, H, W) images, floats or ints; the mean of ints is a float
    kernel_size, stride : as for max_pool_forward
    Returns (N, C, H_out, W_out), floats
    Source: ``torch.nn.functional.avg_pool2d``

    >>> x = np.array([[[[1.0, 4.0, 9.0], [2.0, 3.0, 0.0]]]])
    >>> avg_pool_forward(x, 2, 1)
    array([[[[2.5, 4. ]]]])
    """
    # BEGIN SOLUTION
    kh, kw = _pair(kernel_size)
    windows = _windows(x, kh, kw, stride)
    total: Array = windows.sum(axis=(2, 3))
    return total / (kh * kw)
    # END SOLUTION


def avg_pool_backward(dout: Array, x: Array, kernel_size: Pair, stride: int) -> Array:
    """Return the gradient of average pooling with respect to its input.

    dout : (N, C, H_out, W_out) gradient with respect to the output, floats
    x, kernel_size, stride : what avg_pool_forward was given; x may hold ints
    Returns (N, C, H, W), floats
    Source: ``torch.nn.functional.avg_pool2d``

    >>> x = np.array([[[[1.0, 4.0, 9.0], [2.0, 3.0, 0.0]]]])
    >>> avg_pool_backward(np.array([[[[0.4, -8.0]]]]), x, 2, 1)
    array([[[[ 0.1, -1.9, -2. ],
             [ 0.1, -1.9, -2. ]]]])
    """
    # BEGIN SOLUTION
    kh, kw = _pair(kernel_size)
    n, c, h_out, w_out = dout.shape
    share = dout / (kh * kw)
    shares = np.broadcast_to(share[:, :, None, None], (n, c, kh, kw, h_out, w_out))
    return _sum_windows(shares, x.shape, stride)
    # END SOLUTION


def relu_backward(dout: Array, x: Array) -> Array:
    """Return the gradient of relu(x) = max(x, 0) with respect to x.

    The derivative at exactly 0 is taken as 0, as PyTorch takes it.

    dout : gradient with respect to the output, floats, any shape of one axis or more
    x : what the ReLU was given, floats or ints of the same shape
    Returns an array of that shape, floats
    Source: Goodfellow et al. (2016), section 6.3.1

    >>> relu_backward(np.array([5.0, -6.0, 7.0]), np.array([-1.0, 2.0, 0.0]))
    array([ 0., -6.,  0.])
    """
    # BEGIN SOLUTION
    passes = x > 0
    return np.where(passes, dout, 0)
    # END SOLUTION


def im2col(x: Array, kernel_size: Pair, stride: int = 1, padding: int = 0) -> Array:
    """Write every window of the images as a column, as ``torch.nn.Unfold`` does.

    With xp the input after padding,

        cols[n, (c*KH + i)*KW + j, p*W_out + q] = xp[n, c, p*stride + i, q*stride + j]

    A column is one window: its first KH*KW rows are the window in channel 0, read row
    by row, then comes channel 1. The columns follow one another as the windows do, from
    left to right, then downwards. A convolution is then one matrix product an image.

    x : (N, C, H, W) images, floats or ints
    kernel_size : KH = KW as one int, or (KH, KW)
    stride, padding : as for conv2d_forward; the padding is zeros
    Returns (N, C*KH*KW, H_out*W_out), also where N is 1
    Source: Chellapilla et al. (2006); ``torch.nn.functional.unfold``

    >>> x = np.arange(6.0).reshape(1, 1, 2, 3)
    >>> im2col(x, 2)
    array([[[0., 1.],
            [1., 2.],
            [3., 4.],
            [4., 5.]]])
    """
    # BEGIN SOLUTION
    kh, kw = _pair(kernel_size)
    windows = _windows(_padded(x, padding), kh, kw, stride)
    n, c, _, _, h_out, w_out = windows.shape
    return windows.reshape(n, c * kh * kw, h_out * w_out)
    # END SOLUTION


def col2im(
    cols: Array,
    x_shape: tuple[int, int, int, int],
    kernel_size: Pair,
    stride: int = 1,
    padding: int = 0,
) -> Array:
    """Add every column back to where im2col took it from, as ``torch.nn.Fold`` does.

    A pixel of several windows gets the *sum* of their values, a pixel of no window 0.
    What fell on the padding is cut off. So col2im does not undo im2col, it is its
    adjoint (its transpose, as a matrix): for all x and cols,

        sum(im2col(x) * cols) == sum(x * col2im(cols))

    cols : (N, C*KH*KW, H_out*W_out), floats, laid out as im2col's answer
    x_shape : (N, C, H, W), the shape of the images
    kernel_size, stride, padding : as for im2col
    Returns (N, C, H, W)
    Source: ``torch.nn.functional.fold``

    >>> cols = np.arange(8.0).reshape(1, 4, 2)
    >>> col2im(cols, (1, 1, 2, 3), 2)
    array([[[[ 0.,  3.,  3.],
             [ 4., 11.,  7.]]]])
    """
    # BEGIN SOLUTION
    kh, kw = _pair(kernel_size)
    n, c, h, v = x_shape
    tall, wide = h + 2 * padding, v + 2 * padding
    h_out, w_out = (tall - kh) // stride + 1, (wide - kw) // stride + 1
    windows = cols.reshape(n, c, kh, kw, h_out, w_out)
    image = _sum_windows(windows, (n, c, tall, wide), stride)
    return _cropped(image, padding)
    # END SOLUTION


def numeric_gradient(f: Callable[[Array], Any], x: Array, eps: float = 1e-6) -> Array:
    """Measure the gradient of f at x by central differences, one element at a time.

    With e_k an array that is 1 at index k and 0 elsewhere,

        gradient[k] = (f(x + eps*e_k) - f(x - eps*e_k)) / (2*eps)

    x itself must be, at the end, bit by bit what it was. (x + eps - eps is not always x
    again: keep the old value, or work on a copy.) Sums and differences are taken in
    float64, also where x holds ints.

    f : takes a float64 array of x's shape, returns one number (a float or a 0-d array)
    x : array of one axis or more, float64 or ints; you may write into it
    eps : size of the step, > 0
    Returns an array of x's shape, float64
    Source: Goodfellow et al. (2016), section 11.5

    >>> def sum_of_squares(x):
    ...     return np.sum(x**2)
    >>> numeric_gradient(sum_of_squares, np.array([1, -3])).round(6)
    array([ 2., -6.])
    """
    # BEGIN SOLUTION
    point = np.array(x, dtype=np.float64)
    gradient = np.zeros_like(point)
    for index in np.ndindex(point.shape):
        value = point[index]
        point[index] = value + eps
        above = f(point)
        point[index] = value - eps
        below = f(point)
        point[index] = value
        gradient[index] = (above - below) / (2 * eps)
    return gradient
    # END SOLUTION


# BEGIN SOLUTION
def _check_kernels(x: Array, w: Array, padding: int) -> None:
    """Raise ValueError where the kernels cannot be slid over the images."""
    if x.shape[1] != w.shape[1]:
        raise ValueError(
            f"x has {x.shape[1]} channels, w expects {w.shape[1]}: "
            f"got x {x.shape}, w {w.shape}"
        )
    tall, wide = x.shape[2] + 2 * padding, x.shape[3] + 2 * padding
    if w.shape[2] > tall or w.shape[3] > wide:
        raise ValueError(
            f"a kernel of {w.shape[2]}x{w.shape[3]} does not fit the padded image of "
            f"{tall}x{wide}: got x {x.shape}, w {w.shape}, padding {padding}"
        )


def _pair(kernel_size: Pair) -> tuple[int, int]:
    """Return (KH, KW)."""
    if isinstance(kernel_size, int):
        return kernel_size, kernel_size
    return kernel_size


def _padded(x: Array, padding: int) -> Array:
    """Put `padding` zeros on each of the four sides of the images."""
    sides = (padding, padding)
    return np.pad(x, ((0, 0), (0, 0), sides, sides))


def _cropped(x: Array, padding: int) -> Array:
    """Take the padding off again."""
    h, v = x.shape[2] - 2 * padding, x.shape[3] - 2 * padding
    return x[:, :, padding : padding + h, padding : padding + v]


def _windows(x: Array, kh: int, kw: int, stride: int) -> Array:
    """View x as (N, C, KH, KW, H_out, W_out), without copying anything.

    [n, c, i, j, p, q] is pixel (i, j) of the window at place (p, q).
    """
    places = sliding_window_view(x, (kh, kw), axis=(2, 3))[:, :, ::stride, ::stride]
    return places.transpose(0, 1, 4, 5, 2, 3)


def _sum_windows(windows: Array, shape: tuple[int, ...], stride: int) -> Array:
    """Add windows (..., KH, KW, H_out, W_out) up to images of `shape`.

    The adjoint of `_windows`. All places are added at once, pixel by pixel (i, j).
    """
    image = np.zeros(shape, windows.dtype)
    kh, kw, h_out, w_out = windows.shape[-4:]
    for i in range(kh):
        for j in range(kw):
            down = slice(i, i + stride * h_out, stride)
            right = slice(j, j + stride * w_out, stride)
            image[..., down, right] += windows[..., i, j, :, :]
    return image


# END SOLUTION
