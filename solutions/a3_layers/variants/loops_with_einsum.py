"""A loop over the output's places; einsum or a sum does the rest of a window."""

import numpy as np


def conv2d_forward(x, w, b, stride=1, padding=0):
    if x.shape[1] != w.shape[1]:
        raise ValueError(f"{x.shape} and {w.shape}")
    kh, kw = w.shape[2:]
    xp = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    if xp.shape[2] < kh or xp.shape[3] < kw:
        raise ValueError("too small")
    h_out = 1 + (xp.shape[2] - kh) // stride
    w_out = 1 + (xp.shape[3] - kw) // stride
    out = np.empty((x.shape[0], w.shape[0], h_out, w_out))
    for p in range(h_out):
        for q in range(w_out):
            s, t = p * stride, q * stride
            patch = xp[:, :, s : s + kh, t : t + kw]
            out[:, :, p, q] = np.einsum("ncij,ocij->no", patch, w) + b
    return out


def conv2d_backward(dout, x, w, b, stride=1, padding=0):
    kh, kw = w.shape[2:]
    h, v = x.shape[2:]
    xp = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    dxp = np.zeros(xp.shape)
    dw = np.zeros(w.shape)
    for p in range(dout.shape[2]):
        for q in range(dout.shape[3]):
            s, t = p * stride, q * stride
            window = np.s_[:, :, s : s + kh, t : t + kw]
            dw += np.einsum("no,ncij->ocij", dout[:, :, p, q], xp[window])
            dxp[window] += np.einsum("no,ocij->ncij", dout[:, :, p, q], w)
    db = np.einsum("nopq->o", dout)
    dx = dxp[:, :, padding : padding + h, padding : padding + v]
    return dx, dw, db


def _geometry(x, kernel_size, stride):
    kh, kw = kernel_size if np.ndim(kernel_size) else (kernel_size,) * 2
    return kh, kw, (x.shape[2] - kh) // stride + 1, (x.shape[3] - kw) // stride + 1


def max_pool_forward(x, kernel_size, stride):
    kh, kw, h_out, w_out = _geometry(x, kernel_size, stride)
    out = np.empty(x.shape[:2] + (h_out, w_out), x.dtype)
    for p in range(h_out):
        for q in range(w_out):
            s, t = p * stride, q * stride
            out[:, :, p, q] = np.max(x[:, :, s : s + kh, t : t + kw], axis=(2, 3))
    return out


def max_pool_backward(dout, x, kernel_size, stride):
    kh, kw, h_out, w_out = _geometry(x, kernel_size, stride)
    dx = np.zeros(x.shape)
    for p in range(h_out):
        for q in range(w_out):
            s, t = p * stride, q * stride
            window = x[:, :, s : s + kh, t : t + kw]
            for n in range(x.shape[0]):
                for c in range(x.shape[1]):
                    i, j = np.unravel_index(np.argmax(window[n, c]), (kh, kw))
                    dx[n, c, s + i, t + j] += dout[n, c, p, q]
    return dx


def avg_pool_forward(x, kernel_size, stride):
    kh, kw, h_out, w_out = _geometry(x, kernel_size, stride)
    out = np.empty(x.shape[:2] + (h_out, w_out))
    for p in range(h_out):
        for q in range(w_out):
            s, t = p * stride, q * stride
            out[:, :, p, q] = x[:, :, s : s + kh, t : t + kw].mean(axis=(-1, -2))
    return out


def avg_pool_backward(dout, x, kernel_size, stride):
    kh, kw, h_out, w_out = _geometry(x, kernel_size, stride)
    dx = np.zeros(x.shape)
    for p in range(h_out):
        for q in range(w_out):
            s, t = p * stride, q * stride
            piece = dout[:, :, p, q][:, :, None, None] * np.ones((kh, kw)) / kh / kw
            dx[:, :, s : s + kh, t : t + kw] += piece
    return dx


def relu_backward(dout, x):
    dx = dout.copy()
    dx[x <= 0] = 0
    return dx


def im2col(x, kernel_size, stride=1, padding=0):
    xp = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    kh, kw, h_out, w_out = _geometry(xp, kernel_size, stride)
    cols = np.empty((x.shape[0], x.shape[1] * kh * kw, h_out * w_out))
    for k in range(h_out * w_out):
        s, t = k // w_out * stride, k % w_out * stride
        cols[:, :, k] = xp[:, :, s : s + kh, t : t + kw].reshape(x.shape[0], -1)
    return cols


def col2im(cols, x_shape, kernel_size, stride=1, padding=0):
    n, c, h, v = x_shape
    xp = np.zeros((n, c, h + 2 * padding, v + 2 * padding))
    kh, kw, h_out, w_out = _geometry(xp, kernel_size, stride)
    for k in range(h_out * w_out):
        s, t = k // w_out * stride, k % w_out * stride
        xp[:, :, s : s + kh, t : t + kw] += cols[:, :, k].reshape(n, c, kh, kw)
    return xp[:, :, padding : xp.shape[2] - padding, padding : xp.shape[3] - padding]


def numeric_gradient(f, x, eps=1e-6):
    grad = np.zeros(x.shape)
    for index, _ in np.ndenumerate(x):
        step = np.zeros(x.shape)
        step[index] = eps
        grad[index] = (f(x + step) - f(x - step)) / (2 * eps)
    return grad
