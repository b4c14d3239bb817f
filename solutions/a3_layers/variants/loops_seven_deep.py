"""Nothing but loops over single numbers, seven deep for the convolution."""

import numpy as np


def out_size(n, k, stride, padding):
    return (n + 2 * padding - k) // stride + 1


def both(kernel_size):
    if isinstance(kernel_size, tuple):
        return kernel_size
    return (kernel_size, kernel_size)


def conv2d_forward(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, C2, KH, KW = w.shape
    if C != C2:
        raise ValueError("channels differ")
    if KH > H + 2 * padding or KW > W + 2 * padding:
        raise ValueError("kernel too large")
    H_out = out_size(H, KH, stride, padding)
    W_out = out_size(W, KW, stride, padding)
    out = np.zeros((N, F, H_out, W_out))
    for n in range(N):
        for f in range(F):
            for p in range(H_out):
                for q in range(W_out):
                    total = 0.0
                    for c in range(C):
                        for i in range(KH):
                            for j in range(KW):
                                h = p * stride + i - padding
                                v = q * stride + j - padding
                                if 0 <= h < H and 0 <= v < W:
                                    total += x[n, c, h, v] * w[f, c, i, j]
                    out[n, f, p, q] = total + b[f]
    return out


def conv2d_backward(dout, x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    _, _, H_out, W_out = dout.shape
    dx = np.zeros(x.shape)
    dw = np.zeros(w.shape)
    db = np.zeros(F)
    for n in range(N):
        for f in range(F):
            for p in range(H_out):
                for q in range(W_out):
                    g = dout[n, f, p, q]
                    db[f] += g
                    for c in range(C):
                        for i in range(KH):
                            for j in range(KW):
                                h = p * stride + i - padding
                                v = q * stride + j - padding
                                if 0 <= h < H and 0 <= v < W:
                                    dx[n, c, h, v] += g * w[f, c, i, j]
                                    dw[f, c, i, j] += g * x[n, c, h, v]
    return dx, dw, db


def max_pool_forward(x, kernel_size, stride):
    KH, KW = both(kernel_size)
    N, C, H, W = x.shape
    H_out, W_out = out_size(H, KH, stride, 0), out_size(W, KW, stride, 0)
    out = np.zeros((N, C, H_out, W_out))
    for n in range(N):
        for c in range(C):
            for p in range(H_out):
                for q in range(W_out):
                    best = x[n, c, p * stride, q * stride]
                    for i in range(KH):
                        for j in range(KW):
                            value = x[n, c, p * stride + i, q * stride + j]
                            if value > best:
                                best = value
                    out[n, c, p, q] = best
    return out


def max_pool_backward(dout, x, kernel_size, stride):
    KH, KW = both(kernel_size)
    N, C, H_out, W_out = dout.shape
    dx = np.zeros(x.shape)
    for n in range(N):
        for c in range(C):
            for p in range(H_out):
                for q in range(W_out):
                    best, where = None, None
                    for i in range(KH):
                        for j in range(KW):
                            value = x[n, c, p * stride + i, q * stride + j]
                            if best is None or value > best:
                                best, where = value, (p * stride + i, q * stride + j)
                    dx[n, c, where[0], where[1]] += dout[n, c, p, q]
    return dx


def avg_pool_forward(x, kernel_size, stride):
    KH, KW = both(kernel_size)
    N, C, H, W = x.shape
    H_out, W_out = out_size(H, KH, stride, 0), out_size(W, KW, stride, 0)
    out = np.zeros((N, C, H_out, W_out))
    for n in range(N):
        for c in range(C):
            for p in range(H_out):
                for q in range(W_out):
                    for i in range(KH):
                        for j in range(KW):
                            out[n, c, p, q] += x[n, c, p * stride + i, q * stride + j]
                    out[n, c, p, q] /= KH * KW
    return out


def avg_pool_backward(dout, x, kernel_size, stride):
    KH, KW = both(kernel_size)
    N, C, H_out, W_out = dout.shape
    dx = np.zeros(x.shape)
    for n in range(N):
        for c in range(C):
            for p in range(H_out):
                for q in range(W_out):
                    for i in range(KH):
                        for j in range(KW):
                            share = dout[n, c, p, q] / (KH * KW)
                            dx[n, c, p * stride + i, q * stride + j] += share
    return dx


def relu_backward(dout, x):
    dx = np.zeros(dout.shape)
    flat, given, values = dx.reshape(-1), dout.reshape(-1), x.reshape(-1)
    for k in range(len(flat)):
        if values[k] > 0:
            flat[k] = given[k]
    return dx


def im2col(x, kernel_size, stride=1, padding=0):
    KH, KW = both(kernel_size)
    N, C, H, W = x.shape
    H_out, W_out = out_size(H, KH, stride, padding), out_size(W, KW, stride, padding)
    cols = np.zeros((N, C * KH * KW, H_out * W_out))
    for n in range(N):
        for c in range(C):
            for i in range(KH):
                for j in range(KW):
                    for p in range(H_out):
                        for q in range(W_out):
                            h = p * stride + i - padding
                            v = q * stride + j - padding
                            if 0 <= h < H and 0 <= v < W:
                                row = c * KH * KW + i * KW + j
                                cols[n, row, p * W_out + q] = x[n, c, h, v]
    return cols


def col2im(cols, x_shape, kernel_size, stride=1, padding=0):
    KH, KW = both(kernel_size)
    N, C, H, W = x_shape
    H_out, W_out = out_size(H, KH, stride, padding), out_size(W, KW, stride, padding)
    x = np.zeros(x_shape)
    for n in range(N):
        for c in range(C):
            for i in range(KH):
                for j in range(KW):
                    for p in range(H_out):
                        for q in range(W_out):
                            h = p * stride + i - padding
                            v = q * stride + j - padding
                            if 0 <= h < H and 0 <= v < W:
                                row = c * KH * KW + i * KW + j
                                x[n, c, h, v] += cols[n, row, p * W_out + q]
    return x


def numeric_gradient(f, x, eps=1e-6):
    flat = [float(v) for v in x.reshape(-1)]
    grad = []
    for k in range(len(flat)):
        old = flat[k]
        flat[k] = old + eps
        up = f(np.array(flat).reshape(x.shape))
        flat[k] = old - eps
        down = f(np.array(flat).reshape(x.shape))
        flat[k] = old
        grad.append((up - down) / (2 * eps))
    return np.array(grad).reshape(x.shape)
