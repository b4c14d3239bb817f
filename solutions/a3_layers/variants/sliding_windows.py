"""sliding_window_view and einsum; the backward pass is a full convolution."""

from numpy.lib.stride_tricks import sliding_window_view
import numpy as np


def views(x, kernel, stride):
    return sliding_window_view(x, kernel, axis=(2, 3))[:, :, ::stride, ::stride]


def pad(x, p):
    return np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), "constant")


def conv2d_forward(x, w, b, stride=1, padding=0):
    xp = pad(x, padding)
    if w.shape[1] != xp.shape[1] or w.shape[2] > xp.shape[2] or w.shape[3] > xp.shape[3]:
        raise ValueError("does not fit")
    seen = views(xp, w.shape[2:], stride)
    return np.einsum("nchvij,ocij->nohv", seen, w, optimize=True) + b[None, :, None, None]


def conv2d_backward(dout, x, w, b, stride=1, padding=0):
    kh, kw = w.shape[2:]
    n, _, h, v = x.shape
    xp = pad(x, padding)
    seen = views(xp, (kh, kw), stride)
    dw = np.einsum("nchvij,nohv->ocij", seen, dout, optimize=True)
    # dx: dout with stride - 1 zeros between, kernel rotated, full convolution.
    wide = np.zeros(
        (n, w.shape[0], xp.shape[2] + kh - 1, xp.shape[3] + kw - 1), dout.dtype
    )
    bottom, right = kh - 1 + stride * dout.shape[2], kw - 1 + stride * dout.shape[3]
    wide[:, :, kh - 1 : bottom : stride, kw - 1 : right : stride] = dout
    rotated = np.rot90(w, 2, axes=(2, 3))
    dxp = np.einsum("nohvij,ocij->nchv", views(wide, (kh, kw), 1), rotated, optimize=True)
    dx = dxp[:, :, padding : padding + h, padding : padding + v]
    return dx, dw, np.sum(dout, axis=(0, 2, 3))


def size(k):
    return (k, k) if np.isscalar(k) else tuple(k)


def max_pool_forward(x, kernel_size, stride):
    return np.amax(views(x, size(kernel_size), stride), axis=(-1, -2))


def max_pool_backward(dout, x, kernel_size, stride):
    kh, kw = size(kernel_size)
    seen = views(x, (kh, kw), stride)
    arg = seen.reshape(*dout.shape, kh * kw).argmax(-1)
    dx = np.zeros(x.shape)
    n, c, p, q = np.indices(dout.shape)
    np.add.at(dx, (n, c, p * stride + arg // kw, q * stride + arg % kw), dout)
    return dx


def avg_pool_forward(x, kernel_size, stride):
    return views(x, size(kernel_size), stride).mean((-1, -2))


def avg_pool_backward(dout, x, kernel_size, stride):
    kh, kw = size(kernel_size)
    dx = np.zeros(x.shape, dout.dtype)
    writable = sliding_window_view(dx, (kh, kw), axis=(2, 3), writeable=True)
    for p in range(dout.shape[2]):
        for q in range(dout.shape[3]):
            writable[:, :, p * stride, q * stride] += (
                dout[:, :, p, q, np.newaxis, np.newaxis] / (kh * kw)
            )
    return dx


def relu_backward(dout, x):
    return np.where(x <= 0, 0.0, dout)


def im2col(x, kernel_size, stride=1, padding=0):
    seen = views(pad(x, padding), size(kernel_size), stride)
    n, c, h, v, i, j = seen.shape
    return np.einsum("nchvij->ncijhv", seen).reshape(n, c * i * j, h * v)


def col2im(cols, x_shape, kernel_size, stride=1, padding=0):
    kh, kw = size(kernel_size)
    n, c, h, v = x_shape
    # The image of pixel numbers says where every value of cols goes.
    numbers = np.arange(1, n * c * h * v + 1).reshape(x_shape)
    where = im2col(numbers, (kh, kw), stride, padding)
    sums = np.bincount(where.ravel(), cols.ravel(), minlength=n * c * h * v + 1)
    return sums[1:].reshape(x_shape)


def numeric_gradient(f, x, eps=1e-6):
    x = np.asarray(x, dtype=float)
    steps = eps * np.eye(x.size).reshape((x.size, *x.shape))
    values = [(f(x + step) - f(x - step)) / (2 * eps) for step in steps]
    return np.reshape(values, x.shape)
