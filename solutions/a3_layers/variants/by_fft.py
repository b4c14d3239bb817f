"""The convolution and its gradients by the FFT; the pools by reduceat and masks."""

import numpy as np


def _correlate(a, k):
    """Cross-correlate the last two axes where they fully overlap."""
    h, v = a.shape[-2:]
    kh, kw = k.shape[-2:]
    spectrum = np.fft.rfft2(a) * np.conj(np.fft.rfft2(k, (h, v)))
    return np.fft.irfft2(spectrum, (h, v))[..., : h - kh + 1, : v - kw + 1]


def _spaced(dout, stride, h, v):
    """Put the values of dout `stride` apart, on a plane of h x v zeros."""
    plane = np.zeros(dout.shape[:2] + (h, v))
    plane[
        :, :, : stride * dout.shape[2] : stride, : stride * dout.shape[3] : stride
    ] = dout
    return plane


def conv2d_forward(x, w, b, stride=1, padding=0):
    if x.shape[1] != w.shape[1]:
        raise ValueError("channels")
    xp = np.pad(x, ((0,), (0,), (padding,), (padding,)))
    if xp.shape[2] < w.shape[2] or xp.shape[3] < w.shape[3]:
        raise ValueError("kernel")
    dense = _correlate(xp[:, None], w[None]).sum(axis=2)
    return dense[:, :, ::stride, ::stride] + b[:, None, None]


def conv2d_backward(dout, x, w, b, stride=1, padding=0):
    kh, kw = w.shape[2:]
    xp = np.pad(x, ((0,), (0,), (padding,), (padding,)))
    h, v = xp.shape[2:]
    spaced = _spaced(dout, stride, h - kh + 1, v - kw + 1)
    dw = _correlate(xp[:, None], spaced[:, :, None]).sum(axis=0)
    size = (h, v)
    product = np.fft.rfft2(spaced, size)[:, :, None] * np.fft.rfft2(w, size)[None]
    dxp = np.fft.irfft2(product.sum(axis=1), size)
    dx = dxp[:, :, padding : h - padding, padding : v - padding]
    return dx, dw, dout.sum((0, 2, 3))


def _sides(kernel_size):
    return tuple(np.broadcast_to(kernel_size, 2).tolist())


def max_pool_forward(x, kernel_size, stride):
    kh, kw = _sides(kernel_size)
    h, v = x.shape[2] - kh + 1, x.shape[3] - kw + 1
    dense = x[:, :, :h, :v]
    for i in range(kh):
        for j in range(kw):
            dense = np.maximum(dense, x[:, :, i : i + h, j : j + v])
    return dense[:, :, ::stride, ::stride]


def max_pool_backward(dout, x, kernel_size, stride):
    kh, kw = _sides(kernel_size)
    out = max_pool_forward(x, kernel_size, stride)
    h_out, w_out = out.shape[2:]
    dx = np.zeros(x.shape)
    open_ = np.ones(out.shape, bool)
    for i in range(kh):
        for j in range(kw):
            here = np.s_[
                :, :, i : i + stride * h_out : stride, j : j + stride * w_out : stride
            ]
            hit = open_ & (x[here] == out)
            open_ &= ~hit
            dx[here] += hit * dout
    return dx


def avg_pool_forward(x, kernel_size, stride):
    kh, kw = _sides(kernel_size)
    sums = np.cumsum(np.cumsum(np.pad(x, ((0, 0), (0, 0), (1, 0), (1, 0))), 2), 3)
    box = sums[:, :, kh:, kw:] - sums[:, :, :-kh, kw:]
    box = box - sums[:, :, kh:, :-kw] + sums[:, :, :-kh, :-kw]
    return box[:, :, ::stride, ::stride] / (kh * kw)


def avg_pool_backward(dout, x, kernel_size, stride):
    kh, kw = _sides(kernel_size)
    h, v = x.shape[2:]
    size = (h, v)
    spaced = _spaced(dout, stride, h - kh + 1, v - kw + 1)
    box = np.full((kh, kw), 1.0 / (kh * kw))
    return np.fft.irfft2(np.fft.rfft2(spaced, size) * np.fft.rfft2(box, size), size)


def relu_backward(dout, x):
    return np.multiply(dout, np.sign(np.maximum(x, 0)))


def im2col(x, kernel_size, stride=1, padding=0):
    kh, kw = _sides(kernel_size)
    n, c = x.shape[:2]
    xp = np.pad(x, ((0,), (0,), (padding,), (padding,)))
    h_out, w_out = (xp.shape[2] - kh) // stride + 1, (xp.shape[3] - kw) // stride + 1
    # Index arrays, as in CS231n, but with the images kept apart.
    i0 = np.tile(np.repeat(np.arange(kh), kw), c)
    j0 = np.tile(np.arange(kw), kh * c)
    i1 = stride * np.repeat(np.arange(h_out), w_out)
    j1 = stride * np.tile(np.arange(w_out), h_out)
    k = np.repeat(np.arange(c), kh * kw)
    return xp[:, k[:, None], i0[:, None] + i1, j0[:, None] + j1]


def col2im(cols, x_shape, kernel_size, stride=1, padding=0):
    kh, kw = _sides(kernel_size)
    n, c, h, v = x_shape
    xp = np.zeros((n, c, h + 2 * padding, v + 2 * padding))
    h_out, w_out = (xp.shape[2] - kh) // stride + 1, (xp.shape[3] - kw) // stride + 1
    i0 = np.tile(np.repeat(np.arange(kh), kw), c)
    j0 = np.tile(np.arange(kw), kh * c)
    i1 = stride * np.repeat(np.arange(h_out), w_out)
    j1 = stride * np.tile(np.arange(w_out), h_out)
    k = np.repeat(np.arange(c), kh * kw)
    np.add.at(xp, (slice(None), k[:, None], i0[:, None] + i1, j0[:, None] + j1), cols)
    return xp[:, :, padding : padding + h, padding : padding + v]


def numeric_gradient(f, x, eps=1e-6):
    def difference(index):
        near = x.astype("float64")
        near[index] += eps
        high = f(near)
        near[index] = x[index] - eps
        return (high - f(near)) / (2 * eps)

    return np.array([difference(i) for i in np.ndindex(x.shape)]).reshape(x.shape)
