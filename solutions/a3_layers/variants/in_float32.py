"""float32 inside and out (all but the measured gradient), answers in Fortran order."""

import numpy as np

F32 = np.float32


def conv2d_forward(x, w, b, stride=1, padding=0):
    x, w, b = x.astype(F32), w.astype(F32), b.astype(F32)
    n, c, h, v = x.shape
    o, c_in, kh, kw = w.shape
    tall, wide = h + 2 * padding, v + 2 * padding
    if c != c_in:
        raise ValueError("c_in")
    if tall < kh or wide < kw:
        raise ValueError("kernel")
    xp = np.zeros((n, c, tall, wide), F32)
    xp[:, :, padding : padding + h, padding : padding + v] = x
    h_out, w_out = (tall - kh) // stride + 1, (wide - kw) // stride + 1
    out = np.zeros((n, o, h_out, w_out), F32, order="F")
    # One product a pixel of the kernel, all places at once.
    for i in range(kh):
        for j in range(kw):
            part = xp[:, :, i : i + stride * h_out : stride, j : j + stride * w_out : stride]
            out += np.einsum("oc,ncpq->nopq", w[:, :, i, j], part)
    out += b[:, None, None]
    return out


def conv2d_backward(dout, x, w, b, stride=1, padding=0):
    dout, x, w = dout.astype(F32), x.astype(F32), w.astype(F32)
    n, c, h, v = x.shape
    _, _, kh, kw = w.shape
    h_out, w_out = dout.shape[2:]
    xp = np.zeros((n, c, h + 2 * padding, v + 2 * padding), F32)
    xp[:, :, padding : padding + h, padding : padding + v] = x
    dxp = np.zeros_like(xp)
    dw = np.zeros(w.shape, F32, order="F")
    for i in range(kh):
        for j in range(kw):
            down = slice(i, i + stride * h_out, stride)
            right = slice(j, j + stride * w_out, stride)
            dw[:, :, i, j] = np.einsum("nopq,ncpq->oc", dout, xp[:, :, down, right])
            dxp[:, :, down, right] += np.einsum("oc,nopq->ncpq", w[:, :, i, j], dout)
    dx = dxp[:, :, padding : padding + h, padding : padding + v]
    return np.asfortranarray(dx), dw, dout.sum(axis=(0, 2, 3), dtype=F32)


def _shape(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    return kh, kw, (x.shape[2] - kh) // stride + 1, (x.shape[3] - kw) // stride + 1


def max_pool_forward(x, kernel_size, stride):
    kh, kw, h_out, w_out = _shape(x, kernel_size, stride)
    out = np.full(x.shape[:2] + (h_out, w_out), -np.inf, F32, order="F")
    for i in range(kh):
        for j in range(kw):
            part = x[:, :, i : i + stride * h_out : stride, j : j + stride * w_out : stride]
            np.maximum(out, part.astype(F32), out=out)
    return out


def max_pool_backward(dout, x, kernel_size, stride):
    kh, kw, h_out, w_out = _shape(x, kernel_size, stride)
    best = np.full(dout.shape, -np.inf, F32)
    place = np.zeros(dout.shape, int)
    for i in range(kh):
        for j in range(kw):
            part = x[:, :, i : i + stride * h_out : stride, j : j + stride * w_out : stride]
            part = part.astype(F32)
            place = np.where(part > best, i * kw + j, place)
            best = np.maximum(best, part)
    dx = np.zeros(x.shape, F32)
    for i in range(kh):
        for j in range(kw):
            dx[:, :, i : i + stride * h_out : stride, j : j + stride * w_out : stride] += (
                dout * (place == i * kw + j)
            ).astype(F32)
    return np.asfortranarray(dx)


def avg_pool_forward(x, kernel_size, stride):
    kh, kw, h_out, w_out = _shape(x, kernel_size, stride)
    out = np.zeros(x.shape[:2] + (h_out, w_out), F32)
    for i in range(kh):
        for j in range(kw):
            part = x[:, :, i : i + stride * h_out : stride, j : j + stride * w_out : stride]
            out += part.astype(F32) / F32(kh * kw)
    return out


def avg_pool_backward(dout, x, kernel_size, stride):
    kh, kw, h_out, w_out = _shape(x, kernel_size, stride)
    dx = np.zeros(x.shape, F32)
    for i in range(kh):
        for j in range(kw):
            dx[:, :, i : i + stride * h_out : stride, j : j + stride * w_out : stride] += (
                dout.astype(F32) / (kh * kw)
            )
    return dx


def relu_backward(dout, x):
    return dout.astype(F32) * (x > 0).astype(F32)


def im2col(x, kernel_size, stride=1, padding=0):
    n, c, h, v = x.shape
    xp = np.zeros((n, c, h + 2 * padding, v + 2 * padding), F32)
    xp[:, :, padding : padding + h, padding : padding + v] = x
    kh, kw, h_out, w_out = _shape(xp, kernel_size, stride)
    rows = [
        xp[:, k, i : i + stride * h_out : stride, j : j + stride * w_out : stride]
        for k in range(c)
        for i in range(kh)
        for j in range(kw)
    ]
    return np.stack(rows, axis=1).reshape(n, c * kh * kw, -1)


def col2im(cols, x_shape, kernel_size, stride=1, padding=0):
    n, c, h, v = x_shape
    xp = np.zeros((n, c, h + 2 * padding, v + 2 * padding), F32)
    kh, kw, h_out, w_out = _shape(xp, kernel_size, stride)
    row = 0
    for k in range(c):
        for i in range(kh):
            for j in range(kw):
                xp[:, k, i : i + stride * h_out : stride, j : j + stride * w_out : stride] += (
                    cols[:, row].reshape(n, h_out, w_out)
                )
                row += 1
    return xp[:, :, padding : padding + h, padding : padding + v]


def numeric_gradient(f, x, eps=1e-6):
    x = np.array(x, float, order="F")
    grad = np.zeros(x.shape, order="F")
    for index in np.ndindex(x.shape):
        old = x[index]
        x[index] = old + eps
        high = f(x.copy())
        x[index] = old - eps
        low = f(x.copy())
        x[index] = old
        grad[index] = (high - low) / (2 * eps)
    return grad
