"""Windows as objects that list their places; dx as a full correlation with the turned kernel."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Union, Tuple

import numpy as np

IntOrPair = Union[int, Tuple[int, int]]


@dataclass(frozen=True)
class Window:
    kh: int
    kw: int
    stride: int

    @classmethod
    def parse(cls, kernel_size: IntOrPair, stride: int) -> "Window":
        if isinstance(kernel_size, (int, np.integer)):
            kh = kw = int(kernel_size)
        else:
            kh, kw = (int(v) for v in kernel_size)
        assert kh >= 1 and kw >= 1, f"bad kernel size {kernel_size}"
        assert stride >= 1, f"bad stride {stride}"
        return cls(kh, kw, stride)

    def output(self, h: int, w: int) -> Tuple[int, int]:
        return (h - self.kh) // self.stride + 1, (w - self.kw) // self.stride + 1

    def places(self, h: int, w: int):
        """Yield (p, q, rows, cols) for each window, top left to bottom right."""
        oh, ow = self.output(h, w)
        for p in range(oh):
            for q in range(ow):
                top, left = p * self.stride, q * self.stride
                yield p, q, slice(top, top + self.kh), slice(left, left + self.kw)


def _as_float(a: np.ndarray) -> np.ndarray:
    a = np.asarray(a)
    return a if np.issubdtype(a.dtype, np.floating) else a.astype(np.float64)


def _check4(name: str, a: np.ndarray) -> None:
    if a.ndim != 4:
        raise ValueError(f"{name} must have 4 axes, got shape {a.shape}")


def conv2d_forward(x, w, b, stride=1, padding=0):
    _check4("x", x)
    _check4("w", w)
    x, w, b = _as_float(x), _as_float(w), _as_float(b)
    if x.shape[1] != w.shape[1]:
        raise ValueError(f"x has {x.shape[1]} channels but w wants {w.shape[1]}")
    n, _, h, wd = x.shape
    o, _, kh, kw = w.shape
    if kh > h + 2 * padding or kw > wd + 2 * padding:
        raise ValueError(f"kernel {kh}x{kw} is larger than the padded image")
    xp = np.zeros((n, x.shape[1], h + 2 * padding, wd + 2 * padding), dtype=x.dtype)
    xp[:, :, padding : padding + h, padding : padding + wd] = x
    window = Window(kh, kw, stride)
    oh, ow = window.output(*xp.shape[2:])
    out = np.empty((n, o, oh, ow), dtype=np.result_type(x, w, b))
    for p, q, rows, cols in window.places(*xp.shape[2:]):
        out[:, :, p, q] = np.tensordot(xp[:, :, rows, cols], w, axes=([1, 2, 3], [1, 2, 3]))
    out += b.reshape(1, -1, 1, 1)
    return out


def conv2d_backward(dout, x, w, b, stride=1, padding=0):
    dout, x, w = _as_float(dout), _as_float(x), _as_float(w)
    n, c, h, wd = x.shape
    o, _, kh, kw = w.shape
    oh, ow = dout.shape[2:]
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    hp, wp = xp.shape[2:]

    # zero-stuff dout so that it lives on the stride-1 grid
    dil = np.zeros((n, o, hp - kh + 1, wp - kw + 1), dtype=dout.dtype)
    dil[:, :, ::stride, ::stride][:, :, :oh, :ow] = dout

    dw = np.zeros((o, c, kh, kw))
    for i in range(kh):
        for j in range(kw):
            patch = xp[:, :, i : i + dil.shape[2], j : j + dil.shape[3]]
            dw[:, :, i, j] = np.einsum("nohw,nchw->oc", dil, patch)

    full = np.pad(dil, ((0, 0), (0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1)))
    rot = np.rot90(w, 2, axes=(2, 3)).swapaxes(0, 1)
    dxp = conv2d_forward(full, rot, np.zeros(c))
    assert dxp.shape == xp.shape
    dx = dxp[:, :, padding : hp - padding, padding : wp - padding]
    db = dout.sum(axis=(0, 2, 3))
    return dx, dw, db


def _pool(x, kernel_size, stride, reduce):
    _check4("x", x)
    window = Window.parse(kernel_size, stride)
    oh, ow = window.output(*x.shape[2:])
    out = np.empty(x.shape[:2] + (oh, ow), dtype=_as_float(x).dtype)
    for p, q, rows, cols in window.places(*x.shape[2:]):
        out[:, :, p, q] = reduce(x[:, :, rows, cols], axis=(2, 3))
    return out


def max_pool_forward(x, kernel_size, stride):
    return _pool(x, kernel_size, stride, np.max)


def max_pool_backward(dout, x, kernel_size, stride):
    window = Window.parse(kernel_size, stride)
    n, c, h, wd = x.shape
    dx = np.zeros(x.shape, dtype=_as_float(dout).dtype)
    nn, cc = np.ogrid[:n, :c]
    for p, q, rows, cols in window.places(h, wd):
        flat = x[:, :, rows, cols].reshape(n, c, -1)
        i, j = np.divmod(flat.argmax(axis=2), window.kw)
        dx[nn, cc, rows.start + i, cols.start + j] += dout[:, :, p, q]
    return dx


def avg_pool_forward(x, kernel_size, stride):
    return _pool(x, kernel_size, stride, np.mean)


def avg_pool_backward(dout, x, kernel_size, stride):
    window = Window.parse(kernel_size, stride)
    dx = np.zeros(x.shape, dtype=_as_float(dout).dtype)
    share = dout / (window.kh * window.kw)
    for p, q, rows, cols in window.places(*x.shape[2:]):
        dx[:, :, rows, cols] += share[:, :, p : p + 1, q : q + 1]
    return dx


def relu_backward(dout, x):
    assert dout.shape == x.shape, (dout.shape, x.shape)
    return dout * (x > 0)


def im2col(x, kernel_size, stride=1, padding=0):
    window = Window.parse(kernel_size, stride)
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    n = x.shape[0]
    columns = [
        xp[:, :, rows, cols].reshape(n, -1)
        for _, _, rows, cols in window.places(*xp.shape[2:])
    ]
    return np.stack(columns, axis=-1)


def col2im(cols, x_shape, kernel_size, stride=1, padding=0):
    window = Window.parse(kernel_size, stride)
    n, c, h, wd = x_shape
    xp = np.zeros((n, c, h + 2 * padding, wd + 2 * padding), dtype=_as_float(cols).dtype)
    for k, (_, _, rows, columns) in enumerate(window.places(*xp.shape[2:])):
        xp[:, :, rows, columns] += cols[:, :, k].reshape(n, c, window.kh, window.kw)
    return xp[:, :, padding : padding + h, padding : padding + wd]


def numeric_gradient(f: Callable, x: np.ndarray, eps: float = 1e-6) -> np.ndarray:
    if eps <= 0:
        raise ValueError(f"eps must be positive, got {eps}")
    gradient = np.zeros(np.shape(x), dtype=np.float64)
    for index in np.ndindex(gradient.shape):
        plus = np.array(x, dtype=np.float64)
        minus = plus.copy()
        plus[index] += eps
        minus[index] -= eps
        gradient[index] = (np.float64(f(plus)) - np.float64(f(minus))) / (2 * eps)
    return gradient
