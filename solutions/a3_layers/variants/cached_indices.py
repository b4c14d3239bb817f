"""The indices of a known course, cached; everything is cast to float at the door."""

from functools import lru_cache

import numpy as np


@lru_cache(maxsize=None)
def indices(channels, height, width, kh, kw, stride, padding):
    """Return which channel, row and column of the padded image every column reads."""
    out_height = (height + 2 * padding - kh) // stride + 1
    out_width = (width + 2 * padding - kw) // stride + 1
    i0 = np.tile(np.repeat(np.arange(kh), kw), channels)
    i1 = stride * np.repeat(np.arange(out_height), out_width)
    j0 = np.tile(np.arange(kw), kh * channels)
    j1 = stride * np.tile(np.arange(out_width), out_height)
    k = np.repeat(np.arange(channels), kh * kw).reshape(-1, 1)
    return k, i0.reshape(-1, 1) + i1, j0.reshape(-1, 1) + j1, out_height, out_width


def sides(kernel_size):
    try:
        kh, kw = kernel_size
    except TypeError:
        kh = kw = kernel_size
    return int(kh), int(kw)


def im2col(x, kernel_size, stride=1, padding=0):
    x = np.asarray(x, dtype=float)
    p = padding
    padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), mode="constant")
    k, i, j, _, _ = indices(*x.shape[1:], *sides(kernel_size), stride, padding)
    return padded[:, k, i, j]


def col2im(cols, x_shape, kernel_size, stride=1, padding=0):
    n, c, h, w = x_shape
    padded = np.zeros((n, c, h + 2 * padding, w + 2 * padding))
    k, i, j, _, _ = indices(c, h, w, *sides(kernel_size), stride, padding)
    np.add.at(padded, (slice(None), k, i, j), cols)
    if padding == 0:
        return padded
    return padded[:, :, padding:-padding, padding:-padding]


def conv2d_forward(x, w, b, stride=1, padding=0):
    if x.shape[1] != w.shape[1]:
        raise ValueError("wrong number of channels")
    if w.shape[2] > x.shape[2] + 2 * padding:
        raise ValueError("kernel too high")
    if w.shape[3] > x.shape[3] + 2 * padding:
        raise ValueError("kernel too wide")
    cols = im2col(x, w.shape[2:], stride, padding)
    cols = cols.transpose(1, 2, 0).reshape(cols.shape[1], -1)
    res = w.reshape(w.shape[0], -1).dot(cols) + b.reshape(-1, 1)
    _, _, _, out_h, out_w = indices(*x.shape[1:], *w.shape[2:], stride, padding)
    out = res.reshape(w.shape[0], out_h, out_w, x.shape[0])
    return out.transpose(3, 0, 1, 2)


def conv2d_backward(dout, x, w, b, stride=1, padding=0):
    db = np.sum(dout, axis=(0, 2, 3))
    cols = im2col(x, w.shape[2:], stride, padding)
    cols = cols.transpose(1, 2, 0).reshape(cols.shape[1], -1)
    flat = dout.transpose(1, 2, 3, 0).reshape(w.shape[0], -1)
    dw = flat.dot(cols.T).reshape(w.shape)
    dcols = w.reshape(w.shape[0], -1).T.dot(flat)
    dcols = dcols.reshape(dcols.shape[0], -1, len(x)).transpose(2, 0, 1)
    return col2im(dcols, x.shape, w.shape[2:], stride, padding), dw, db


def pooled(x, kernel_size, stride):
    n, c, h, w = x.shape
    _, _, _, out_h, out_w = indices(1, h, w, *sides(kernel_size), stride, 0)
    cols = im2col(x.reshape(n * c, 1, h, w), kernel_size, stride)
    return cols, (n, c, out_h, out_w)


def unpooled(dcols, x, kernel_size, stride):
    n, c, h, w = x.shape
    return col2im(dcols, (n * c, 1, h, w), kernel_size, stride).reshape(x.shape)


def max_pool_forward(x, kernel_size, stride):
    cols, shape = pooled(x, kernel_size, stride)
    return np.max(cols, axis=1).reshape(shape)


def max_pool_backward(dout, x, kernel_size, stride):
    cols, _ = pooled(x, kernel_size, stride)
    best = np.argmax(cols, axis=1)
    dcols = np.zeros_like(cols)
    image, place = np.indices(best.shape)
    dcols[image, best, place] = dout.reshape(best.shape)
    return unpooled(dcols, x, kernel_size, stride)


def avg_pool_forward(x, kernel_size, stride):
    cols, shape = pooled(x, kernel_size, stride)
    return np.average(cols, axis=1).reshape(shape)


def avg_pool_backward(dout, x, kernel_size, stride):
    cols, _ = pooled(x, kernel_size, stride)
    dcols = np.ones_like(cols) * dout.reshape(cols.shape[0], 1, -1) / cols.shape[1]
    return unpooled(dcols, x, kernel_size, stride)


def relu_backward(dout, x):
    mask = np.asarray(x, dtype=float) > 0
    return np.multiply(dout, mask)


def numeric_gradient(f, x, eps=1e-6):
    at = np.asarray(x, dtype=float)
    eye = np.eye(at.size).reshape(at.size, *at.shape)
    return np.array([(f(at + eps * e) - f(at - eps * e)) / (2 * eps) for e in eye]).reshape(
        at.shape
    )
