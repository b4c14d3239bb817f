"""as_strided windows and tensordot, the axes moved back afterwards (not contiguous)."""

import numpy as np
from numpy.lib import stride_tricks


class Window:
    """Sizes and strided views of one layer's windows."""

    def __init__(self, x, kernel_size, stride):
        try:
            self.kh, self.kw = kernel_size
        except TypeError:
            self.kh = self.kw = kernel_size
        n, c, h, v = x.shape
        self.rows = (h - self.kh) // stride + 1
        self.columns = (v - self.kw) // stride + 1
        sn, sc, sh, sv = x.strides
        self.view = stride_tricks.as_strided(
            x,
            (n, c, self.rows, self.columns, self.kh, self.kw),
            (sn, sc, sh * stride, sv * stride, sh, sv),
        )


def zero_padded(x, padding):
    if padding == 0:
        return x
    width = ((0, 0), (0, 0), (padding, padding), (padding, padding))
    return np.pad(x, width, mode="constant", constant_values=0)


def conv2d_forward(x, w, b, stride=1, padding=0):
    xp = zero_padded(x, padding)
    if xp.shape[1] != w.shape[1]:
        raise ValueError("number of channels")
    if any(k > n for k, n in zip(w.shape[2:], xp.shape[2:])):
        raise ValueError("size of kernel")
    windows = Window(xp, w.shape[2:], stride).view
    out = np.tensordot(windows, w, axes=((1, 4, 5), (1, 2, 3))) + b
    return np.moveaxis(out, -1, 1)


def conv2d_backward(dout, x, w, b, stride=1, padding=0):
    xp = zero_padded(x, padding)
    window = Window(xp, w.shape[2:], stride)
    dw = np.tensordot(dout, window.view, axes=((0, 2, 3), (0, 2, 3)))
    dpatches = np.tensordot(dout, w, axes=(1, 0))
    dxp = np.zeros(xp.shape)
    for p in range(window.rows):
        for q in range(window.columns):
            s, t = p * stride, q * stride
            dxp[:, :, s : s + window.kh, t : t + window.kw] += dpatches[:, p, q]
    dx = dxp if padding == 0 else dxp[:, :, padding:-padding, padding:-padding]
    return dx, dw, np.tensordot(dout, np.ones_like(dout[:, 0]), ((0, 2, 3), (0, 1, 2)))


def max_pool_forward(x, kernel_size, stride):
    return Window(x, kernel_size, stride).view.max(5).max(4)


def max_pool_backward(dout, x, kernel_size, stride):
    window = Window(x, kernel_size, stride)
    dx = np.zeros(x.shape)
    for n in range(len(x)):
        for p in range(window.rows):
            for q in range(window.columns):
                flat = window.view[n, :, p, q].reshape(x.shape[1], -1)
                for c, k in enumerate(flat.argmax(axis=1)):
                    row, column = divmod(k, window.kw)
                    dx[n, c, p * stride + row, q * stride + column] += dout[n, c, p, q]
    return dx


def avg_pool_forward(x, kernel_size, stride):
    window = Window(x, kernel_size, stride)
    ones = np.full((window.kh, window.kw), 1 / (window.kh * window.kw))
    return np.tensordot(window.view, ones, 2)


def avg_pool_backward(dout, x, kernel_size, stride):
    window = Window(x, kernel_size, stride)
    dx = np.zeros(x.shape)
    for p in range(window.rows):
        for q in range(window.columns):
            s, t = p * stride, q * stride
            share = dout[:, :, p : p + 1, q : q + 1] / (window.kh * window.kw)
            dx[:, :, s : s + window.kh, t : t + window.kw] += share
    return dx


def relu_backward(dout, x):
    return np.heaviside(x, 0.0) * dout


def im2col(x, kernel_size, stride=1, padding=0):
    window = Window(zero_padded(x, padding), kernel_size, stride)
    n, c = x.shape[:2]
    rows_first = window.view.transpose(0, 2, 3, 1, 4, 5)
    rows = rows_first.reshape(n, window.rows * window.columns, -1)
    return rows.swapaxes(1, 2)


def col2im(cols, x_shape, kernel_size, stride=1, padding=0):
    n, c, h, v = x_shape
    image = np.zeros((n, c, h + 2 * padding, v + 2 * padding), cols.dtype)
    window = Window(image, kernel_size, stride)
    k = 0
    for p in range(window.rows):
        for q in range(window.columns):
            patch = cols[..., k].reshape(n, c, window.kh, window.kw)
            s, t = p * stride, q * stride
            image[:, :, s : s + window.kh, t : t + window.kw] += patch
            k += 1
    if padding:
        image = image[:, :, padding:-padding, padding:-padding]
    return image


def numeric_gradient(f, x, eps=1e-6):
    grad = np.zeros(np.shape(x))
    for index in np.ndindex(*x.shape):
        plus = np.array(x, dtype=float)
        minus = np.array(x, dtype=float)
        plus[index] += eps
        minus[index] -= eps
        grad[index] = float(f(plus) - f(minus)) / (2 * eps)
    return grad
