import numpy as np


def convolution_matrix(n, w, stride):
    w = np.asarray(w, float)
    starts = range(0, n - len(w) + 1, stride)
    return np.array(
        [np.concatenate([np.zeros(s), w, np.zeros(n - s - len(w))]) for s in starts]
    )


def transposed_conv1d(x, w, stride):
    n = (len(x) - 1) * stride + len(w)
    return convolution_matrix(n, w, stride).T @ np.asarray(x, float)


def conv_transpose2d_output_size(size, kernel, stride, padding, output_padding):
    if not output_padding < stride:
        raise ValueError
    out = [
        (s - 1) * stride - 2 * padding + k + output_padding
        for s, k in zip(size, kernel)
    ]
    if any(v <= 0 for v in out):
        raise ValueError
    return out


def output_padding_for(n, kernel, stride, padding):
    small = (n + 2 * padding - kernel) // stride + 1
    return n - ((small - 1) * stride - 2 * padding + kernel)


def conv_transpose2d(x, w, stride=1, padding=0, output_padding=0):
    x, w = np.asarray(x, float), np.asarray(w, float)
    if x.shape[0] != w.shape[0]:
        raise ValueError
    c_in, c_out, kh, kw = w.shape
    # Zeros between the pixels, then an ordinary convolution with turned kernels.
    h, v = x.shape[1:]
    wide = np.zeros((c_in, (h - 1) * stride + 1, (v - 1) * stride + 1))
    wide[:, ::stride, ::stride] = x
    wide = np.pad(
        wide,
        [(0, 0), (kh - 1, kh - 1 + output_padding), (kw - 1, kw - 1 + output_padding)],
    )
    turned = w[:, :, ::-1, ::-1]
    rows, cols = wide.shape[1] - kh + 1, wide.shape[2] - kw + 1
    out = np.zeros((c_out, rows, cols))
    for r in range(rows):
        for c in range(cols):
            out[:, r, c] = np.einsum(
                "cij,coij->o", wide[:, r : r + kh, c : c + kw], turned
            )
    if padding:
        out = out[:, padding:-padding, padding:-padding]
    return out


def depthwise_conv2d(x, w, stride=1, padding=0):
    if len(x) != len(w):
        raise ValueError
    out = []
    for channel, kernel in zip(np.asarray(x, float), np.asarray(w, float)):
        p = np.pad(channel, padding)
        h = (p.shape[0] - kernel.shape[0]) // stride + 1
        v = (p.shape[1] - kernel.shape[1]) // stride + 1
        out.append(
            [
                [
                    np.sum(
                        p[r * stride :, c * stride :][
                            : kernel.shape[0], : kernel.shape[1]
                        ]
                        * kernel
                    )
                    for c in range(v)
                ]
                for r in range(h)
            ]
        )
    return out


def pointwise_conv2d(x, w):
    x, w = np.asarray(x), np.asarray(w)
    if x.shape[0] != w.shape[1]:
        raise ValueError
    return (w @ x.reshape(len(x), -1)).reshape(len(w), *x.shape[1:])


def separable_conv2d(x, depthwise, pointwise, stride=1, padding=0):
    # One usual convolution with the outer product of both kernels.
    d, p = np.asarray(depthwise, float), np.asarray(pointwise, float)
    mixed = [
        depthwise_conv2d(x, d * weights[:, None, None], stride, padding)
        for weights in p
    ]
    return np.array([np.sum(one, axis=0) for one in mixed])


def standard_macs(size, c_in, c_out, kernel):
    return int(np.prod([*size, c_in, c_out, *kernel]))


def separable_macs(size, c_in, c_out, kernel):
    return standard_macs(size, 1, c_in, kernel) + standard_macs(
        size, c_in, c_out, (1, 1)
    )


def cost_ratio(c_out, kernel):
    return separable_macs((1, 1), 1, c_out, kernel) / standard_macs(
        (1, 1), 1, c_out, kernel
    )


def overlap_count(n, kernel, stride):
    counts = [0] * ((n - 1) * stride + kernel)
    for i in range(n):
        for j in range(kernel):
            counts[i * stride + j] += 1
    return counts


def has_checkerboard(kernel, stride):
    inside = overlap_count(kernel + 4, kernel, stride)[kernel : kernel + 2 * stride]
    return max(inside) != min(inside)
