"""Results in the type that NumPy gives to the inputs together: ints of ints stay ints.

Windows are copied once and multiplied with einsum; the maximum's place is kept as a mask.
"""

import numpy as np


def _size(x, kernel_size, stride, padding=0):
    kh, kw = (kernel_size,) * 2 if np.isscalar(kernel_size) else kernel_size
    return kh, kw, (x.shape[2] + 2 * padding - kh) // stride + 1, (
        x.shape[3] + 2 * padding - kw
    ) // stride + 1


def _frame(x, padding):
    n, c, h, v = x.shape
    framed = np.zeros((n, c, h + 2 * padding, v + 2 * padding), x.dtype)
    framed[:, :, padding : padding + h, padding : padding + v] = x
    return framed


def _cut(x, kernel_size, stride):
    """Copy the windows out: (N, C, H_out, W_out, KH, KW)."""
    kh, kw, high, wide = _size(x, kernel_size, stride)
    cut = np.empty((*x.shape[:2], high, wide, kh, kw), x.dtype)
    for p in range(high):
        for q in range(wide):
            cut[:, :, p, q] = x[
                :, :, p * stride : p * stride + kh, q * stride : q * stride + kw
            ]
    return cut


def _paste(cut, shape, stride):
    """Add windows (N, C, H_out, W_out, KH, KW) up, in the type that they have."""
    kh, kw = cut.shape[4:]
    pasted = np.zeros(shape, cut.dtype)
    for p in range(cut.shape[2]):
        for q in range(cut.shape[3]):
            pasted[:, :, p * stride : p * stride + kh, q * stride : q * stride + kw] += cut[
                :, :, p, q
            ]
    return pasted


def conv2d_forward(x, w, b, stride=1, padding=0):
    if x.shape[1] != w.shape[1]:
        raise ValueError(f"{x.shape[1]} channels, kernels for {w.shape[1]}")
    kh, kw, high, wide = _size(x, w.shape[2:], stride, padding)
    if high < 1 or wide < 1:
        raise ValueError("no window fits")
    out = np.empty((len(x), len(w), high, wide), np.result_type(x, w, b))
    cut = _cut(_frame(x, padding), (kh, kw), stride)
    np.einsum("ncpqij,ocij->nopq", cut, w, out=out)
    out += b[None, :, None, None]
    return out


def conv2d_backward(dout, x, w, b, stride=1, padding=0):
    framed = _frame(x, padding)
    cut = _cut(framed, w.shape[2:], stride)
    dw = np.einsum("nopq,ncpqij->ocij", dout, cut)
    dframed = _paste(np.einsum("nopq,ocij->ncpqij", dout, w), framed.shape, stride)
    rows, columns = (slice(padding, padding + side) for side in x.shape[2:])
    return dframed[:, :, rows, columns], dw, dout.sum((0, 2, 3))


def max_pool_forward(x, kernel_size, stride):
    cut = _cut(x, kernel_size, stride)
    return cut.reshape(*cut.shape[:4], -1).max(-1)


def max_pool_backward(dout, x, kernel_size, stride):
    cut = _cut(x, kernel_size, stride)
    flat = cut.reshape(*cut.shape[:4], -1)
    first = np.arange(flat.shape[-1]) == flat.argmax(-1)[..., None]
    return _paste((first * dout[..., None]).reshape(cut.shape), x.shape, stride)


def avg_pool_forward(x, kernel_size, stride):
    return _cut(x, kernel_size, stride).mean((4, 5))


def avg_pool_backward(dout, x, kernel_size, stride):
    cut = _cut(x, kernel_size, stride)
    pixels = cut.shape[4] * cut.shape[5]
    shares = np.repeat(dout[..., None] / pixels, pixels, -1)
    return _paste(shares.reshape(cut.shape), x.shape, stride)


def relu_backward(dout, x):
    dx = dout.copy()
    dx[~(x > 0)] = 0
    return dx


def im2col(x, kernel_size, stride=1, padding=0):
    cut = _cut(_frame(x, padding), kernel_size, stride)
    n, c, high, wide, kh, kw = cut.shape
    return cut.transpose(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, high * wide)


def col2im(cols, x_shape, kernel_size, stride=1, padding=0):
    n, c, h, v = x_shape
    tall, broad = h + 2 * padding, v + 2 * padding
    kh, kw, high, wide = _size(np.empty((1, 1, tall, broad)), kernel_size, stride)
    cut = cols.reshape(n, c, kh, kw, high, wide).transpose(0, 1, 4, 5, 2, 3)
    image = _paste(cut, (n, c, tall, broad), stride)
    return image[:, :, padding : tall - padding, padding : broad - padding]


def numeric_gradient(f, x, eps=1e-6):
    x = np.asarray(x, dtype=np.result_type(x, np.float64))
    slopes = []
    for k in range(x.size):
        step = np.zeros(x.size)
        step[k] = eps
        step = step.reshape(x.shape)
        slopes.append((float(f(x + step)) - float(f(x - step))) / (2 * eps))
    return np.asarray(slopes).reshape(x.shape)
