"""The convolution and the pools all go through the module's own im2col and col2im."""

import numpy as np


def im2col(x, kernel_size, stride=1, padding=0):
    kh, kw = (kernel_size, kernel_size) if type(kernel_size) is int else kernel_size
    n, c, h, v = x.shape
    padded = np.zeros((n, c, h + 2 * padding, v + 2 * padding), dtype=x.dtype)
    padded[:, :, padding : padding + h, padding : padding + v] = x
    h_out = (padded.shape[2] - kh) // stride + 1
    w_out = (padded.shape[3] - kw) // stride + 1
    cols = np.zeros((n, c, kh, kw, h_out, w_out), dtype=x.dtype)
    for i in range(kh):
        for j in range(kw):
            cols[:, :, i, j] = padded[
                :, :, i : i + stride * h_out : stride, j : j + stride * w_out : stride
            ]
    return cols.reshape(n, c * kh * kw, h_out * w_out)


def col2im(cols, x_shape, kernel_size, stride=1, padding=0):
    kh, kw = (kernel_size, kernel_size) if type(kernel_size) is int else kernel_size
    n, c, h, v = x_shape
    h_out = (h + 2 * padding - kh) // stride + 1
    w_out = (v + 2 * padding - kw) // stride + 1
    cols = cols.reshape(n, c, kh, kw, h_out, w_out)
    # Larger than need be, so that no slice is cut short.
    image = np.zeros((n, c, h + 2 * padding + stride - 1, v + 2 * padding + stride - 1))
    for i in range(kh):
        for j in range(kw):
            image[
                :, :, i : i + stride * h_out : stride, j : j + stride * w_out : stride
            ] += cols[:, :, i, j]
    return image[:, :, padding : h + padding, padding : v + padding]


def conv2d_forward(x, w, b, stride=1, padding=0):
    n, c, h, v = x.shape
    o, c_in, kh, kw = w.shape
    if c != c_in or kh > h + 2 * padding or kw > v + 2 * padding:
        raise ValueError("shapes do not fit")
    cols = im2col(x, (kh, kw), stride, padding)
    h_out = (h + 2 * padding - kh) // stride + 1
    out = np.matmul(w.reshape(1, o, -1), cols) + b.reshape(1, -1, 1)
    return out.reshape(n, o, h_out, -1)


def conv2d_backward(dout, x, w, b, stride=1, padding=0):
    n, o = dout.shape[:2]
    kernel = w.shape[2:]
    flat = dout.reshape(n, o, -1)
    cols = im2col(x, kernel, stride, padding)
    dw = np.zeros((o, cols.shape[1]))
    for image in range(n):
        dw = dw + flat[image].dot(cols[image].T)
    dcols = np.matmul(w.reshape(o, -1).T, flat)
    dx = col2im(dcols, x.shape, kernel, stride, padding)
    return dx, dw.reshape(w.shape), np.sum(np.sum(np.sum(dout, 3), 2), 0)


def _columns(x, kernel_size, stride):
    n, c = x.shape[:2]
    kh, kw = (kernel_size, kernel_size) if type(kernel_size) is int else kernel_size
    h_out, w_out = (x.shape[2] - kh) // stride + 1, (x.shape[3] - kw) // stride + 1
    single = x.reshape(n * c, 1, *x.shape[2:])
    return im2col(single, kernel_size, stride), (n, c, h_out, w_out)


def max_pool_forward(x, kernel_size, stride):
    cols, shape = _columns(x, kernel_size, stride)
    return cols.max(axis=1).reshape(shape)


def max_pool_backward(dout, x, kernel_size, stride):
    cols, _ = _columns(x, kernel_size, stride)
    best = np.argmax(cols, axis=1)
    mask = np.arange(cols.shape[1])[None, :, None] == best[:, None, :]
    dcols = mask * dout.reshape(cols.shape[0], 1, -1)
    single = (x.shape[0] * x.shape[1], 1) + x.shape[2:]
    return col2im(dcols, single, kernel_size, stride).reshape(x.shape)


def avg_pool_forward(x, kernel_size, stride):
    cols, shape = _columns(x, kernel_size, stride)
    return cols.mean(1).reshape(shape)


def avg_pool_backward(dout, x, kernel_size, stride):
    cols, _ = _columns(x, kernel_size, stride)
    dcols = np.repeat(dout.reshape(cols.shape[0], 1, -1), cols.shape[1], 1)
    single = (x.shape[0] * x.shape[1], 1) + x.shape[2:]
    dx = col2im(dcols / cols.shape[1], single, kernel_size, stride)
    return dx.reshape(x.shape)


def relu_backward(dout, x):
    return dout * (x > 0)


def numeric_gradient(f, x, eps=1e-6):
    base = x.astype(np.float64)
    grad = np.zeros_like(base)
    it = np.nditer(base, flags=["multi_index"], op_flags=["readwrite"])
    while not it.finished:
        ix = it.multi_index
        old = base[ix]
        base[ix] = old + eps
        fp = f(base)
        base[ix] = old - eps
        fm = f(base)
        base[ix] = old
        grad[ix] = (fp - fm) / (2.0 * eps)
        it.iternext()
    return grad
