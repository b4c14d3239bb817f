"""Every layer is linear: its matrix is built once, backward is the transposed matrix.

The matrix of the windows W (places*pixels x image) is dense and slow, but short.
"""

import numpy as np


def window_matrix(h, v, kh, kw, stride, padding):
    """0/1 array (KH, KW, H_out, W_out, H, W): which pixel a window sees where."""
    tall, wide = h + 2 * padding, v + 2 * padding
    if kh > tall or kw > wide:
        raise ValueError("kernel larger than image")
    h_out, w_out = (tall - kh) // stride + 1, (wide - kw) // stride + 1

    def axis(k, n_out, n):
        i, p, pixel = np.ogrid[:k, :n_out, :n]
        return (p * stride + i - padding == pixel).astype(float)

    return np.einsum("iph,jqv->ijpqhv", axis(kh, h_out, h), axis(kw, w_out, v))


def pair(k):
    return (k, k) if isinstance(k, (int, np.integer)) else tuple(k)


def conv2d_forward(x, w, b, stride=1, padding=0):
    if x.shape[1] != w.shape[1]:
        raise ValueError("channels")
    m = window_matrix(*x.shape[2:], *w.shape[2:], stride, padding)
    layer = np.tensordot(w, m, 2)  # (C_out, C_in, H_out, W_out, H, W)
    out = np.tensordot(x, layer, axes=((1, 2, 3), (1, 4, 5)))
    return out + b.reshape(-1, 1, 1)


def conv2d_backward(dout, x, w, b, stride=1, padding=0):
    m = window_matrix(*x.shape[2:], *w.shape[2:], stride, padding)
    layer = np.tensordot(w, m, 2)
    dx = np.tensordot(dout, layer, axes=((1, 2, 3), (0, 2, 3)))
    both = np.einsum("nopq,nchv->ocpqhv", dout, x)
    dw = np.tensordot(both, m, axes=((2, 3, 4, 5), (2, 3, 4, 5)))
    db = np.array([dout[:, o].sum() for o in range(dout.shape[1])])
    return np.array(dx), dw, db


def max_pool_forward(x, kernel_size, stride):
    cols = im2col(x, kernel_size, stride)
    kh, kw = pair(kernel_size)
    windows = cols.reshape(x.shape[0], x.shape[1], kh * kw, -1)
    h_out = (x.shape[2] - kh) // stride + 1
    return windows.max(axis=2).reshape(*x.shape[:2], h_out, -1)


def max_pool_backward(dout, x, kernel_size, stride):
    kh, kw = pair(kernel_size)
    n, c, h, v = x.shape
    windows = im2col(x, kernel_size, stride).reshape(n, c, kh * kw, -1)
    chosen = windows == windows.max(axis=2, keepdims=True)
    chosen = chosen / chosen.sum(axis=2, keepdims=True)
    dcols = chosen * dout.reshape(n, c, 1, -1)
    return col2im(dcols.reshape(n, c * kh * kw, -1), x.shape, kernel_size, stride)


def avg_pool_forward(x, kernel_size, stride):
    m = window_matrix(*x.shape[2:], *pair(kernel_size), stride, 0).mean(axis=(0, 1))
    return np.einsum("pqhv,nchv->ncpq", m, x)


def avg_pool_backward(dout, x, kernel_size, stride):
    m = window_matrix(*x.shape[2:], *pair(kernel_size), stride, 0).mean(axis=(0, 1))
    return np.einsum("pqhv,ncpq->nchv", m, dout)


def relu_backward(dout, x):
    return dout * np.array(x > 0, dtype=int)


def im2col(x, kernel_size, stride=1, padding=0):
    m = window_matrix(*x.shape[2:], *pair(kernel_size), stride, padding)
    cols = np.einsum("ijpqhv,nchv->ncijpq", m, x)
    n, c, kh, kw, h_out, w_out = cols.shape
    return cols.reshape(n, c * kh * kw, h_out * w_out)


def col2im(cols, x_shape, kernel_size, stride=1, padding=0):
    n, c, h, v = x_shape
    m = window_matrix(h, v, *pair(kernel_size), stride, padding)
    return np.einsum("ijpqhv,ncijpq->nchv", m, cols.reshape(n, c, *m.shape[:4]))


def numeric_gradient(f, x, eps=1e-6):
    values = np.array(x, dtype="f8")

    def partial(k):
        def moved(step):
            return np.where(np.arange(x.size).reshape(x.shape) == k, values + step, values)

        return (f(moved(eps)) - f(moved(-eps))) / (2 * eps)

    return np.reshape([partial(k) for k in range(x.size)], x.shape)
