def transposed_conv1d(x, w, stride):
    y = [0.0] * ((len(x) - 1) * stride + len(w))
    for n in range(len(x)):
        for m in range(len(w)):
            y[n * stride + m] += float(x[n]) * float(w[m])
    return y


def convolution_matrix(n, w, stride):
    rows = []
    start = 0
    while start + len(w) <= n:
        row = [0] * n
        for m in range(len(w)):
            row[start + m] = w[m]
        rows.append(row)
        start += stride
    return rows


def conv_transpose2d_output_size(size, kernel, stride, padding, output_padding):
    h = (size[0] - 1) * stride + kernel[0] + output_padding - padding - padding
    w = (size[1] - 1) * stride + kernel[1] + output_padding - padding - padding
    if output_padding >= stride or h < 1 or w < 1:
        raise ValueError("no such layer")
    return h, w


def output_padding_for(n, kernel, stride, padding):
    rest = n + 2 * padding - kernel
    while rest >= stride:
        rest -= stride
    return rest


def conv_transpose2d(x, w, stride=1, padding=0, output_padding=0):
    c_in, h, v = len(x), len(x[0]), len(x[0][0])
    if c_in != len(w):
        raise ValueError(f"{c_in} channels, not {len(w)}")
    c_out, kh, kw = len(w[0]), len(w[0][0]), len(w[0][0][0])
    h_out = (h - 1) * stride + kh - 2 * padding + output_padding
    w_out = (v - 1) * stride + kw - 2 * padding + output_padding
    y = [[[0.0] * w_out for _ in range(h_out)] for _ in range(c_out)]
    for c in range(c_in):
        for o in range(c_out):
            for p in range(h):
                for q in range(v):
                    for i in range(kh):
                        for j in range(kw):
                            row = p * stride + i - padding
                            column = q * stride + j - padding
                            if 0 <= row < h_out and 0 <= column < w_out:
                                y[o][row][column] += float(x[c][p][q]) * float(
                                    w[c][o][i][j]
                                )
    return y


def depthwise_conv2d(x, w, stride=1, padding=0):
    if len(x) != len(w):
        raise ValueError("a kernel for every channel")
    h, v, kh, kw = len(x[0]), len(x[0][0]), len(w[0]), len(w[0][0])
    out = []
    for c in range(len(x)):
        plane = []
        for p in range((h + 2 * padding - kh) // stride + 1):
            row = []
            for q in range((v + 2 * padding - kw) // stride + 1):
                total = 0.0
                for i in range(kh):
                    for j in range(kw):
                        r, s = p * stride + i - padding, q * stride + j - padding
                        if 0 <= r < h and 0 <= s < v:
                            total += float(x[c][r][s]) * float(w[c][i][j])
                row.append(total)
            plane.append(row)
        out.append(plane)
    return out


def pointwise_conv2d(x, w):
    if len(x) != len(w[0]):
        raise ValueError("a weight for every channel")
    return [
        [
            [
                sum(
                    float(weight) * float(x[c][p][q])
                    for c, weight in enumerate(weights)
                )
                for q in range(len(x[0][0]))
            ]
            for p in range(len(x[0]))
        ]
        for weights in w
    ]


def separable_conv2d(x, depthwise, pointwise, stride=1, padding=0):
    return pointwise_conv2d(depthwise_conv2d(x, depthwise, stride, padding), pointwise)


def standard_macs(size, c_in, c_out, kernel):
    return size[0] * size[1] * c_in * c_out * kernel[0] * kernel[1]


def separable_macs(size, c_in, c_out, kernel):
    depth = size[0] * size[1] * c_in * kernel[0] * kernel[1]
    point = size[0] * size[1] * c_in * c_out
    return depth + point


def cost_ratio(c_out, kernel):
    area = kernel[0] * kernel[1]
    return (area + c_out) / (area * c_out)


def overlap_count(n, kernel, stride):
    return transposed_conv1d([1] * n, [1] * kernel, stride)


def has_checkerboard(kernel, stride):
    return kernel % stride > 0
