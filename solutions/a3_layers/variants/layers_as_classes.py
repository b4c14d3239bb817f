"""Classes with a cache, as courses have them; the functions asked for only call them.

The functions come in another order than in the stub, the classes below them.
"""

import numpy as np


def numeric_gradient(f, x, eps=1e-6):
    point = np.asarray(x).astype(np.float64).copy()
    gradient = np.empty(point.shape)
    flat, out = point.ravel(), gradient.ravel()
    for k, value in enumerate(flat.copy()):
        flat[k] = value + eps
        high = f(flat.reshape(point.shape))
        flat[k] = value - eps
        low = f(flat.reshape(point.shape))
        flat[k] = value
        out[k] = (high - low) / (2 * eps)
    return gradient


def col2im(cols, x_shape, kernel_size, stride=1, padding=0):
    return Patches(x_shape, kernel_size, stride, padding).transposed(cols)


def im2col(x, kernel_size, stride=1, padding=0):
    return Patches(x.shape, kernel_size, stride, padding)(x)


def relu_backward(dout, x):
    layer = ReLU()
    layer.forward(x)
    return layer.backward(dout)


def avg_pool_backward(dout, x, kernel_size, stride):
    layer = AvgPool(kernel_size, stride)
    layer.forward(x)
    return layer.backward(dout)


def avg_pool_forward(x, kernel_size, stride):
    return AvgPool(kernel_size, stride).forward(x)


def max_pool_backward(dout, x, kernel_size, stride):
    layer = MaxPool(kernel_size, stride)
    layer.forward(x)
    return layer.backward(dout)


def max_pool_forward(x, kernel_size, stride):
    return MaxPool(kernel_size, stride).forward(x)


def conv2d_backward(dout, x, w, b, stride=1, padding=0):
    layer = Conv2d(w, b, stride, padding)
    layer.forward(x)
    return layer.backward(dout)


def conv2d_forward(x, w, b, stride=1, padding=0):
    return Conv2d(w, b, stride, padding).forward(x)


class Patches:
    """The sparse matrix of im2col, as pixel numbers; -1 stands for the padding."""

    def __init__(self, x_shape, kernel_size, stride, padding):
        kh, kw = (kernel_size,) * 2 if isinstance(kernel_size, int) else kernel_size
        self.x_shape = n, c, h, v = x_shape
        if kh > h + 2 * padding or kw > v + 2 * padding:
            raise ValueError("the kernel does not fit")
        numbers = np.full((c, h + 2 * padding, v + 2 * padding), -1)
        numbers[:, padding : padding + h, padding : padding + v] = np.arange(
            c * h * v
        ).reshape(c, h, v)
        self.h_out = (h + 2 * padding - kh) // stride + 1
        self.w_out = (v + 2 * padding - kw) // stride + 1
        self.index = np.array(
            [
                numbers[:, s : s + kh, t : t + kw].ravel()
                for s in range(0, self.h_out * stride, stride)
                for t in range(0, self.w_out * stride, stride)
            ]
        ).T

    def __call__(self, x):
        flat = np.concatenate([x.reshape(len(x), -1), np.zeros((len(x), 1))], axis=1)
        return flat[:, self.index]

    def transposed(self, cols):
        n, c, h, v = self.x_shape
        flat = np.zeros((n, c * h * v + 1))
        for image, columns in zip(flat, cols):
            np.add.at(image, self.index, columns)
        return flat[:, :-1].reshape(self.x_shape)


class Conv2d:
    def __init__(self, w, b, stride, padding):
        self.w, self.b, self.stride, self.padding = w, b, stride, padding

    def forward(self, x):
        if x.shape[1] != self.w.shape[1]:
            raise ValueError("channels")
        self.patches = Patches(x.shape, self.w.shape[2:], self.stride, self.padding)
        self.cols = self.patches(x)
        out = np.einsum("ok,nkl->nol", self.w.reshape(len(self.w), -1), self.cols)
        out = out + self.b[:, None]
        return out.reshape(len(x), len(self.w), self.patches.h_out, self.patches.w_out)

    def backward(self, dout):
        flat = dout.reshape(*dout.shape[:2], -1)
        dw = np.einsum("nol,nkl->ok", flat, self.cols).reshape(self.w.shape)
        dcols = np.einsum("ok,nol->nkl", self.w.reshape(len(self.w), -1), flat)
        return self.patches.transposed(dcols), dw, flat.sum(axis=(0, 2))


class Pool:
    def __init__(self, kernel_size, stride):
        self.kernel_size, self.stride = kernel_size, stride

    def forward(self, x):
        n, c, h, v = x.shape
        self.shape = x.shape
        alone = x.reshape(n * c, 1, h, v)
        self.patches = Patches(alone.shape, self.kernel_size, self.stride, 0)
        self.cols = self.patches(alone)
        return self.reduce().reshape(n, c, self.patches.h_out, self.patches.w_out)

    def backward(self, dout):
        flat = dout.reshape(len(self.cols), 1, -1)
        return self.patches.transposed(self.spread(flat)).reshape(self.shape)


class MaxPool(Pool):
    def reduce(self):
        return self.cols.max(axis=1)

    def spread(self, flat):
        chosen = np.zeros(self.cols.shape)
        np.put_along_axis(chosen, self.cols.argmax(axis=1)[:, None], 1, axis=1)
        return chosen * flat


class AvgPool(Pool):
    def reduce(self):
        return self.cols.mean(axis=1)

    def spread(self, flat):
        return np.broadcast_to(flat / self.cols.shape[1], self.cols.shape)


class ReLU:
    def forward(self, x):
        self.mask = x > 0
        return np.where(self.mask, x, 0)

    def backward(self, dout):
        return np.where(self.mask, dout, 0)
