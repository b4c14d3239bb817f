"""dx by the rotated kernel on a dout with zeros between its values; odd memory layouts.

Answers are turned views, read-only arrays and transposed ones: what counts is values.
"""

import numpy as np


def correlate(image, kernel):
    """Slide one kernel over one plane, a pixel at a time."""
    high = image.shape[0] - kernel.shape[0] + 1
    wide = image.shape[1] - kernel.shape[1] + 1
    total = np.zeros((high, wide))
    for (i, j), weight in np.ndenumerate(kernel):
        total = total + weight * image[i : i + high, j : j + wide]
    return total


def frame(plane, above, below, left, right):
    return np.pad(plane, ((above, below), (left, right)))


def spread(plane, stride):
    """Put stride - 1 zeros between neighbours."""
    high, wide = plane.shape
    wider = np.zeros(((high - 1) * stride + 1, (wide - 1) * stride + 1))
    wider[::stride, ::stride] = plane
    return wider


def conv2d_forward(x, w, b, stride=1, padding=0):
    if not (
        x.shape[1] == w.shape[1]
        and w.shape[2] <= x.shape[2] + 2 * padding
        and w.shape[3] <= x.shape[3] + 2 * padding
    ):
        raise ValueError("the kernels do not fit the images")
    return np.array(
        [
            [
                bias
                + sum(
                    correlate(frame(plane, *[padding] * 4), part)[::stride, ::stride]
                    for plane, part in zip(image, kernel)
                )
                for kernel, bias in zip(w, b)
            ]
            for image in x
        ]
    )


def conv2d_backward(dout, x, w, b, stride=1, padding=0):
    (n, c, h, v), (o, _, kh, kw) = x.shape, w.shape
    dx = np.zeros((h, v, c, n))
    dw = np.zeros((kw, kh, c, o))
    for m in range(n):
        for k in range(o):
            wide = spread(dout[m, k], stride)
            # What no window reaches, at the bottom and at the right.
            rows = h + 2 * padding - (wide.shape[0] + kh - 1)
            columns = v + 2 * padding - (wide.shape[1] + kw - 1)
            around = frame(wide, kh - 1, kh - 1 + rows, kw - 1, kw - 1 + columns)
            for i in range(c):
                full = correlate(around, w[k, i, ::-1, ::-1])
                dx[:, :, i, m] += full[padding : padding + h, padding : padding + v]
                seen = frame(x[m, i], *[padding] * 4)
                reach = seen[: wide.shape[0] + kh - 1, : wide.shape[1] + kw - 1]
                dw[:, :, i, k] += correlate(reach, wide).T
    dx = dx.transpose(3, 2, 0, 1)
    dx.flags.writeable = False
    return [dx, dw.T, np.einsum("nopq->o", dout)]


def over_windows(x, kernel_size, stride):
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    for p in range((x.shape[-2] - kh) // stride + 1):
        for q in range((x.shape[-1] - kw) // stride + 1):
            yield p, q, np.s_[..., p * stride :, q * stride :], (kh, kw)


def pool(x, kernel_size, stride, how):
    places = {}
    for p, q, corner, (kh, kw) in over_windows(x, kernel_size, stride):
        places[p, q] = how(x[corner][..., :kh, :kw], axis=(-2, -1))
    rows = sorted({p for p, _ in places}, reverse=True)
    columns = sorted({q for _, q in places}, reverse=True)
    out = np.stack([np.stack([places[p, q] for q in columns], -1) for p in rows], -2)
    return out[..., ::-1, ::-1]  # a view with negative strides


def max_pool_forward(x, kernel_size, stride):
    return pool(x, kernel_size, stride, np.amax)


def avg_pool_forward(x, kernel_size, stride):
    return pool(x, kernel_size, stride, np.mean)


def max_pool_backward(dout, x, kernel_size, stride):
    dx = np.zeros(x.shape)
    for p, q, corner, (kh, kw) in over_windows(x, kernel_size, stride):
        window = x[corner][..., :kh, :kw]
        best = window.reshape(*x.shape[:2], -1).argmax(-1)
        down, right = best // kw, best % kw
        image, channel = np.ogrid[: x.shape[0], : x.shape[1]]
        dx[image, channel, p * stride + down, q * stride + right] += dout[:, :, p, q]
    dx.setflags(write=False)
    return dx


def avg_pool_backward(dout, x, kernel_size, stride):
    dx = np.zeros(x.shape, order="F")
    for p, q, corner, (kh, kw) in over_windows(x, kernel_size, stride):
        dx[corner][..., :kh, :kw] += (dout[:, :, p, q] / (kh * kw))[..., None, None]
    return dx


def relu_backward(dout, x):
    return np.where(x[..., ::-1] > 0, dout[..., ::-1], 0)[..., ::-1]


def im2col(x, kernel_size, stride=1, padding=0):
    framed = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    columns = [
        framed[corner][..., :kh, :kw].reshape(len(x), -1)
        for _, _, corner, (kh, kw) in over_windows(framed, kernel_size, stride)
    ]
    return np.stack(columns, axis=-1)


def col2im(cols, x_shape, kernel_size, stride=1, padding=0):
    n, c, h, v = x_shape
    framed = np.zeros((n, c, h + 2 * padding, v + 2 * padding))
    spots = over_windows(framed, kernel_size, stride)
    for column, (_, _, corner, (kh, kw)) in zip(cols.transpose(2, 0, 1), spots):
        framed[corner][..., :kh, :kw] += column.reshape(n, c, kh, kw)
    return framed[..., padding : h + padding, padding : v + padding]


def numeric_gradient(f, x, eps=1e-6):
    def slope(index):
        up, down = x.astype(float), x.astype(float)
        up[index] += eps
        down[index] -= eps
        return (f(up) - f(down)) / (2 * eps)

    answer = np.zeros(x.shape)
    for index, _ in np.ndenumerate(x):
        answer[index] = slope(index)
    return answer
