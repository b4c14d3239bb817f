"""Answers as nested lists; equal maxima share the gradient; x put back by its old value."""

import numpy as np


def conv2d_forward(x, w, b, stride=1, padding=0):
    kh, kw = w.shape[2], w.shape[3]
    if x.shape[1] != w.shape[1]:
        raise ValueError("x and w have different channels")
    if kh > x.shape[2] + 2 * padding or kw > x.shape[3] + 2 * padding:
        raise ValueError("the kernel is too large")
    result = []
    for image in x:
        planes = [np.pad(plane, padding) for plane in image]
        maps = []
        for kernel, bias in zip(w, b):
            rows = []
            for s in range(0, planes[0].shape[0] - kh + 1, stride):
                row = []
                for t in range(0, planes[0].shape[1] - kw + 1, stride):
                    value = bias
                    for plane, k in zip(planes, kernel):
                        value = value + np.sum(plane[s : s + kh, t : t + kw] * k)
                    row.append(float(value))
                rows.append(row)
            maps.append(rows)
        result.append(maps)
    return result


def conv2d_backward(dout, x, w, b, stride=1, padding=0):
    n, c, h, v = x.shape
    kh, kw = w.shape[2], w.shape[3]
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), [0.0] * len(b)
    for m in range(n):
        xp = np.stack([np.pad(plane, padding) for plane in x[m]])
        dxp = np.zeros(xp.shape)
        for o in range(len(w)):
            for p in range(dout.shape[2]):
                for q in range(dout.shape[3]):
                    s, t = p * stride, q * stride
                    g = dout[m, o, p, q]
                    dxp[:, s : s + kh, t : t + kw] += g * w[o]
                    dw[o] += g * xp[:, s : s + kh, t : t + kw]
                    db[o] += float(g)
        dx[m] = dxp[:, padding : padding + h, padding : padding + v]
    return [dx.tolist(), dw.tolist(), db]


def windows(x, kernel_size, stride):
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    for p, s in enumerate(range(0, x.shape[2] - kh + 1, stride)):
        for q, t in enumerate(range(0, x.shape[3] - kw + 1, stride)):
            yield p, q, (slice(None), slice(None), slice(s, s + kh), slice(t, t + kw))


def max_pool_forward(x, kernel_size, stride):
    out = {}
    for p, q, at in windows(x, kernel_size, stride):
        out[p, q] = x[at].max(axis=(2, 3))
    rows, columns = max(out)[0] + 1, max(out)[1] + 1
    grid = [[out[p, q] for q in range(columns)] for p in range(rows)]
    return np.array(grid).transpose(2, 3, 0, 1).tolist()


def max_pool_backward(dout, x, kernel_size, stride):
    dx = np.zeros(x.shape)
    for p, q, at in windows(x, kernel_size, stride):
        mask = x[at] == x[at].max(axis=(2, 3), keepdims=True)
        shares = mask / mask.sum(axis=(2, 3), keepdims=True)
        dx[at] += shares * dout[:, :, p : p + 1, q : q + 1]
    return dx.tolist()


def avg_pool_forward(x, kernel_size, stride):
    out = {}
    for p, q, at in windows(x, kernel_size, stride):
        out[p, q] = x[at].mean(axis=(2, 3))
    rows, columns = max(out)[0] + 1, max(out)[1] + 1
    grid = [[out[p, q] for q in range(columns)] for p in range(rows)]
    return np.array(grid).transpose(2, 3, 0, 1).tolist()


def avg_pool_backward(dout, x, kernel_size, stride):
    dx = np.zeros(x.shape)
    for p, q, at in windows(x, kernel_size, stride):
        area = x[at].shape[2] * x[at].shape[3]
        dx[at] += dout[:, :, p : p + 1, q : q + 1] / area
    return dx.tolist()


def relu_backward(dout, x):
    def walk(g, v):
        if np.ndim(g) == 0:
            return float(g) if v > 0 else 0.0
        return [walk(a, b) for a, b in zip(g, v)]

    return walk(dout, x)


def im2col(x, kernel_size, stride=1, padding=0):
    width = ((0, 0), (0, 0), (padding, padding), (padding, padding))
    xp = np.pad(x, width)
    columns = [xp[at].reshape(len(x), -1) for _, _, at in windows(xp, kernel_size, stride)]
    return np.array(columns).transpose(1, 2, 0).tolist()


def col2im(cols, x_shape, kernel_size, stride=1, padding=0):
    n, c, h, v = x_shape
    xp = np.zeros((n, c, h + 2 * padding, v + 2 * padding))
    for k, (_, _, at) in enumerate(windows(xp, kernel_size, stride)):
        xp[at] += cols[:, :, k].reshape(xp[at].shape)
    return xp[:, :, padding : padding + h, padding : padding + v].tolist()


def numeric_gradient(f, x, eps=1e-6):
    if x.dtype.kind != "f":
        x = x.astype(float)
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        old = x[index]
        x[index] = old + eps
        high = f(x)
        x[index] = old - eps
        low = f(x)
        x[index] = old
        grad[index] = (high - low) / (2 * eps)
    return grad.tolist()
