"""Plain Python: nested loops, lists in and lists out, cmath for the Fourier part."""

import cmath
import math


def _kept(full, n, m, mode):
    small, large = min(n, m), max(n, m)
    if mode == "full":
        return full
    if mode == "same":
        return full[(small - 1) // 2 : (small - 1) // 2 + large]
    if mode == "valid":
        return full[small - 1 : large]
    raise ValueError("mode must be full, same or valid")


def conv1d(x, k, mode):
    x, k = [float(v) for v in x], [float(v) for v in k]
    full = []
    for n in range(len(x) + len(k) - 1):
        total = 0.0
        for m in range(len(x)):
            if 0 <= n - m < len(k):
                total += x[m] * k[n - m]
        full.append(total)
    return _kept(full, len(x), len(k), mode)


def cross_correlate1d(x, k, mode):
    x, k = [float(v) for v in x], [float(v) for v in k]
    full = []
    for lag in range(1 - len(k), len(x)):
        total = 0.0
        for m in range(len(k)):
            if 0 <= m + lag < len(x):
                total += x[m + lag] * k[m]
        full.append(total)
    return _kept(full, len(x), len(k), mode)


def _outside(i, n, mode):
    if 0 <= i < n:
        return i
    if mode == "zero":
        return None
    if mode == "replicate":
        return 0 if i < 0 else n - 1
    if mode == "circular":
        return i % n
    return -i if i < 0 else 2 * (n - 1) - i


def pad1d(x, p, mode):
    if mode not in ("zero", "reflect", "replicate", "circular"):
        raise ValueError("unknown mode")
    out = []
    for i in range(-p, len(x) + p):
        j = _outside(i, len(x), mode)
        out.append(0.0 if j is None else float(x[j]))
    return out


def conv2d(image, kernel, mode, boundary):
    h, w, kh, kw = len(image), len(image[0]), len(kernel), len(kernel[0])
    if mode == "full":
        rows, cols = range(h + kh - 1), range(w + kw - 1)
        boundary = "zero"
    elif mode == "same":
        top, left = (kh - 1) // 2, (kw - 1) // 2
        rows, cols = range(top, top + h), range(left, left + w)
    elif mode == "valid":
        rows, cols = range(kh - 1, h), range(kw - 1, w)
    else:
        raise ValueError("unknown mode")
    if boundary not in ("zero", "reflect", "replicate", "circular"):
        raise ValueError("unknown boundary")
    out = []
    for n in rows:
        line = []
        for m in cols:
            total = 0.0
            for i in range(kh):
                for j in range(kw):
                    y, x = _outside(n - i, h, boundary), _outside(m - j, w, boundary)
                    if y is not None and x is not None:
                        total += float(kernel[i][j]) * float(image[y][x])
            line.append(total)
        out.append(line)
    return out


def filter_rgb(image, kernel):
    h, w, channels = len(image), len(image[0]), len(image[0][0])
    planes = []
    for c in range(channels):
        plane = [[float(image[y][x][c]) for x in range(w)] for y in range(h)]
        planes.append(conv2d(plane, kernel, "same", "zero"))
    return [
        [[planes[c][y][x] for c in range(channels)] for x in range(w)] for y in range(h)
    ]


def make_kernel(name, size):
    if size % 2 == 0:
        raise ValueError("size must be odd")
    if name == "sobel_x":
        return [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
    if name == "sobel_y":
        return [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]
    if name == "sharpen":
        return [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]
    half = size // 2
    out = [[0.0] * size for _ in range(size)]
    for i in range(size):
        for j in range(size):
            if name == "box":
                out[i][j] = 1 / (size * size)
            elif name == "identity":
                out[i][j] = 1.0 if i == j == half else 0.0
            elif name == "gaussian":
                r2 = (i - half) ** 2 + (j - half) ** 2
                out[i][j] = math.exp(-r2 / (2 * (size / 6) ** 2))
            else:
                raise ValueError("unknown kernel")
    if name == "gaussian":
        total = sum(sum(row) for row in out)
        out = [[v / total for v in row] for row in out]
    return out


def gradient_magnitude(image):
    gx = conv2d(image, make_kernel("sobel_x", 3), "same", "replicate")
    gy = conv2d(image, make_kernel("sobel_y", 3), "same", "replicate")
    return [
        [math.sqrt(a * a + b * b) for a, b in zip(ra, rb)] for ra, rb in zip(gx, gy)
    ]


def signed_edge(image):
    h, w = len(image), len(image[0])
    out = []
    for y in range(h):
        line = []
        for x in range(w):
            total = 0.0
            for dy in (-1, 0, 1):
                yy = min(max(y + dy, 0), h - 1)
                total += float(image[yy][min(x + 1, w - 1)])
                total -= float(image[yy][max(x - 1, 0)])
            line.append(total)
        out.append(line)
    return out


def _transform(values, sign):
    n = len(values)
    return [
        sum(complex(values[i]) * cmath.exp(sign * 2j * math.pi * k * i / n) for i in range(n))
        for k in range(n)
    ]


def dft(x):
    return _transform(x, -1)


def idft(spectrum):
    return [v / len(spectrum) for v in _transform(spectrum, +1)]


def fourier_coefficients(x):
    c = [v / len(x) for v in dft(x)]
    return [v.real for v in c], [-v.imag for v in c]


def circular_convolve(x, k):
    n = len(x)
    return [
        sum(float(k[m]) * float(x[(i - m) % n]) for m in range(len(k))) for i in range(n)
    ]


def fft_convolve(x, k):
    length = len(x) + len(k) - 1
    a = dft([float(v) for v in x] + [0.0] * (length - len(x)))
    b = dft([float(v) for v in k] + [0.0] * (length - len(k)))
    return [v.real for v in idft([p * q for p, q in zip(a, b)])]


def deconvolve(y, k, eps):
    big_y = dft(y)
    big_k = dft([float(v) for v in k] + [0.0] * (len(y) - len(k)))
    quotient = [a * b.conjugate() / (abs(b) ** 2 + eps) for a, b in zip(big_y, big_k)]
    return [v.real for v in idft(quotient)]


def ideal_low_pass(x, cutoff):
    spectrum = dft(x)
    n = len(x)
    for k in range(n):
        if min(k, n - k) > cutoff:
            spectrum[k] = 0
    return [v.real for v in idft(spectrum)]


def cheaper_domain(n, k):
    length = n + k - 1
    if n * k <= 3 * length * math.log2(length) + length:
        return "space"
    return "frequency"


def relu_dft_gap(x):
    first = dft([max(float(v), 0.0) for v in x])
    last = [complex(max(v.real, 0), max(v.imag, 0)) for v in dft(x)]
    return max(abs(a - b) for a, b in zip(first, last))
