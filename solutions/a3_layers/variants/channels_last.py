"""Inside, images are (N, H, W, C) and kernels (KH, KW, C_in, C_out), as in Keras."""

import numpy as np


def to_nhwc(x):
    return np.transpose(x, (0, 2, 3, 1))


def to_nchw(x):
    return np.transpose(x, (0, 3, 1, 2))


def geometry(x, kh, kw, stride):
    _, h, v, _ = x.shape
    return (h - kh) // stride + 1, (v - kw) // stride + 1


def conv2d_forward(x, w, b, stride=1, padding=0):
    x = np.pad(to_nhwc(x), ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    w = np.transpose(w, (2, 3, 1, 0))
    kh, kw, c_in, c_out = w.shape
    if c_in != x.shape[3]:
        raise ValueError("c_in")
    rows, columns = geometry(x, kh, kw, stride)
    if rows < 1 or columns < 1 or kh > x.shape[1] or kw > x.shape[2]:
        raise ValueError("kernel")
    out = np.zeros((len(x), rows, columns, c_out))
    for p in range(rows):
        for q in range(columns):
            s, t = p * stride, q * stride
            patch = x[:, s : s + kh, t : t + kw, :].reshape(len(x), -1)
            out[:, p, q, :] = patch @ w.reshape(-1, c_out) + b
    return to_nchw(out)


def conv2d_backward(dout, x, w, b, stride=1, padding=0):
    h, v = x.shape[2:]
    x = np.pad(to_nhwc(x), ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    w = np.transpose(w, (2, 3, 1, 0))
    dout = to_nhwc(dout)
    kh, kw, _, c_out = w.shape
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for p in range(dout.shape[1]):
        for q in range(dout.shape[2]):
            s, t = p * stride, q * stride
            g = dout[:, p, q, :]
            patch = x[:, s : s + kh, t : t + kw, :].reshape(len(x), -1)
            dw += (patch.T @ g).reshape(w.shape)
            back = g @ w.reshape(-1, c_out).T
            dx[:, s : s + kh, t : t + kw, :] += back.reshape(len(x), kh, kw, -1)
    dx = dx[:, padding : padding + h, padding : padding + v, :]
    return to_nchw(dx), np.transpose(dw, (3, 2, 0, 1)), dout.reshape(-1, c_out).sum(axis=0)


def sides(kernel_size):
    return kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)


def max_pool_forward(x, kernel_size, stride):
    (kh, kw), x = sides(kernel_size), to_nhwc(x)
    rows, columns = geometry(x, kh, kw, stride)
    out = [
        [
            x[:, p * stride : p * stride + kh, q * stride : q * stride + kw].max((1, 2))
            for q in range(columns)
        ]
        for p in range(rows)
    ]
    return np.transpose(np.array(out), (2, 3, 0, 1))


def max_pool_backward(dout, x, kernel_size, stride):
    (kh, kw), x, dout = sides(kernel_size), to_nhwc(x), to_nhwc(dout)
    n, c = len(x), x.shape[3]
    dx = np.zeros(x.shape)
    image, channel = np.arange(n)[:, None], np.arange(c)[None, :]
    for p in range(dout.shape[1]):
        for q in range(dout.shape[2]):
            s, t = p * stride, q * stride
            flat = x[:, s : s + kh, t : t + kw].reshape(n, kh * kw, c)
            best = flat.argmax(axis=1)
            dx[image, s + best // kw, t + best % kw, channel] += dout[:, p, q]
    return to_nchw(dx)


def avg_pool_forward(x, kernel_size, stride):
    (kh, kw), x = sides(kernel_size), to_nhwc(x)
    rows, columns = geometry(x, kh, kw, stride)
    out = np.zeros((len(x), rows, columns, x.shape[3]))
    for i in range(kh):
        for j in range(kw):
            down, right = slice(i, i + stride * rows, stride), slice(j, j + stride * columns, stride)
            out += x[:, down, right]
    return to_nchw(out) / (kh * kw)


def avg_pool_backward(dout, x, kernel_size, stride):
    kh, kw = sides(kernel_size)
    dx = np.zeros(to_nhwc(x).shape)
    g = to_nhwc(dout) / float(kh * kw)
    for i in range(kh):
        for j in range(kw):
            down = slice(i, i + stride * g.shape[1], stride)
            right = slice(j, j + stride * g.shape[2], stride)
            dx[:, down, right] += g
    return to_nchw(dx)


def relu_backward(dout, x):
    mask = np.zeros(x.shape)
    mask[x > 0] = 1
    return mask * dout


def im2col(x, kernel_size, stride=1, padding=0):
    kh, kw = sides(kernel_size)
    x = np.pad(to_nhwc(x), ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    rows, columns = geometry(x, kh, kw, stride)
    patches = np.array(
        [
            x[:, p * stride : p * stride + kh, q * stride : q * stride + kw]
            for p in range(rows)
            for q in range(columns)
        ]
    )  # (places, N, KH, KW, C)
    return np.transpose(patches, (1, 4, 2, 3, 0)).reshape(len(x), -1, rows * columns)


def col2im(cols, x_shape, kernel_size, stride=1, padding=0):
    kh, kw = sides(kernel_size)
    n, c, h, v = x_shape
    x = np.zeros((n, h + 2 * padding, v + 2 * padding, c))
    rows, columns = geometry(x, kh, kw, stride)
    patches = cols.reshape(n, c, kh, kw, rows, columns)
    for p in range(rows):
        for q in range(columns):
            s, t = p * stride, q * stride
            x[:, s : s + kh, t : t + kw] += np.transpose(patches[..., p, q], (0, 2, 3, 1))
    return to_nchw(x[:, padding : padding + h, padding : padding + v])


def numeric_gradient(f, x, eps=1e-6):
    x = np.float64(x)
    gradient = np.zeros(x.size)
    for k in range(x.size):
        step = np.zeros(x.size)
        step[k] = eps
        step = step.reshape(x.shape)
        gradient[k] = (f(x + step) - f(x - step)) / eps / 2
    return gradient.reshape(x.shape)
