"""Every input value is scattered over the outputs with np.add.at."""

import numpy as np

PAD = {"zero": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def f(a):
    return np.array(a, dtype=float)


def conv1d(x, k, mode):
    x, k = f(x), f(k)
    n, m = len(x), len(k)
    out = np.zeros(n + m - 1)
    i, j = np.indices((n, m))
    np.add.at(out, i + j, np.outer(x, k))
    start = {"full": 0, "same": (min(n, m) - 1) // 2, "valid": min(n, m) - 1}
    length = {"full": n + m - 1, "same": max(n, m), "valid": abs(n - m) + 1}
    if mode not in start:
        raise ValueError("unknown mode " + mode)
    return out[start[mode] : start[mode] + length[mode]]


def cross_correlate1d(x, k, mode):
    x, k = f(x), f(k)
    n, m = len(x), len(k)
    out = np.zeros(n + m - 1)
    for i in range(n):
        for j in range(m):
            out[i - j + m - 1] += x[i] * k[j]
    first = (min(n, m) - 1) // 2
    if mode == "same":
        return out[first : first + max(n, m)]
    if mode == "valid":
        return out[min(n, m) - 1 : max(n, m)]
    if mode == "full":
        return out
    raise ValueError("unknown mode " + mode)


def pad1d(x, p, mode):
    if mode not in PAD:
        raise ValueError(mode)
    return np.pad(f(x), p, PAD[mode])


def conv2d(image, kernel, mode, boundary):
    image, kernel = f(image), f(kernel)
    (h, w), (kh, kw) = image.shape, kernel.shape
    if mode not in ("full", "same", "valid") or boundary not in PAD:
        raise ValueError("mode or boundary")
    big = np.pad(image, [(kh - 1, kh - 1), (kw - 1, kw - 1)], PAD[boundary])
    out = np.zeros((big.shape[0] + kh - 1, big.shape[1] + kw - 1))
    y, x, i, j = np.indices((*big.shape, kh, kw))
    np.add.at(out, (y + i, x + j), big[y, x] * kernel[i, j])
    out = out[kh - 1 :, kw - 1 :]
    if mode == "full":
        return out[: h + kh - 1, : w + kw - 1]
    if mode == "same":
        top, left = (kh - 1) // 2, (kw - 1) // 2
        return out[top : top + h, left : left + w]
    return out[kh - 1 : h, kw - 1 : w]


def filter_rgb(image, kernel):
    image = f(image)
    out = np.zeros(image.shape)
    for c in range(image.shape[2]):
        out[..., c] = conv2d(image[..., c], kernel, "same", "zero")
    return out


def make_kernel(name, size):
    if size % 2 != 1:
        raise ValueError("even size")
    if name == "identity":
        out = np.zeros((size, size))
        out[size // 2, size // 2] = 1
        return out
    if name == "box":
        return np.ones((size, size)) / size**2
    if name == "gaussian":
        i = np.arange(size) - (size - 1) / 2
        yy, xx = np.meshgrid(i, i)
        g = np.exp(-(xx**2 + yy**2) / (2 * (size / 6) ** 2))
        return g / g.sum()
    smooth, slope = np.array([1, 2, 1]), np.array([-1, 0, 1])
    if name == "sobel_x":
        return np.outer(smooth, slope)
    if name == "sobel_y":
        return np.outer(slope, smooth)
    if name == "sharpen":
        return np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])
    raise ValueError("unknown name")


def gradient_magnitude(image):
    sx, sy = make_kernel("sobel_x", 3), make_kernel("sobel_y", 3)
    gx = conv2d(image, sx, "same", "replicate")
    gy = conv2d(image, sy, "same", "replicate")
    return np.sqrt(gx**2 + gy**2)


def signed_edge(image):
    padded = np.pad(f(image), 1, "edge")
    columns = padded[:-2] + padded[1:-1] + padded[2:]
    return columns[:, 2:] - columns[:, :-2]


def scatter_waves(values, sign):
    # every value goes to all frequencies, turned by its own wave
    values = np.asarray(values, dtype=complex)
    size = len(values)
    out = np.zeros(size, dtype=complex)
    n, k = np.indices((size, size))
    turn = np.exp(sign * 2j * np.pi * (n * k % size) / size)
    np.add.at(out, k, values[:, None] * turn)
    return out


def dft(x):
    return scatter_waves(x, -1)


def idft(spectrum):
    return scatter_waves(spectrum, +1) / len(spectrum)


def fourier_coefficients(x):
    x = f(x)
    a, b = np.zeros((2, len(x)))
    n, k = np.indices((len(x), len(x)))
    angle = 2 * np.pi * n * k / len(x)
    np.add.at(a, k, x[:, None] * np.cos(angle) / len(x))
    np.add.at(b, k, x[:, None] * np.sin(angle) / len(x))
    return a, b


def fft_convolve(x, k):
    n = len(x) + len(k) - 1
    long_x, long_k = np.zeros((2, n))
    long_x[: len(x)] += x
    long_k[: len(k)] += k
    return idft(dft(long_x) * dft(long_k)).real


def circular_convolve(x, k):
    x, k = f(x), f(k)
    out = np.zeros(len(x))
    i, j = np.indices((len(x), len(k)))
    np.add.at(out, (i + j) % len(x), np.outer(x, k))
    return out


def deconvolve(y, k, eps):
    blur = np.zeros(len(y))
    blur[: len(k)] += k
    blur = dft(blur)
    return idft(dft(y) * blur.conj() / (blur.real**2 + blur.imag**2 + eps)).real


def ideal_low_pass(x, cutoff):
    spectrum = dft(x)
    kept = np.zeros(len(x), dtype=complex)
    for k in range(-cutoff, cutoff + 1):
        kept[k % len(x)] = spectrum[k % len(x)]
    return idft(kept).real


def cheaper_domain(n, k):
    total = n + k - 1
    if n * k > total + 3 * total * np.log2(total):
        return "frequency"
    return "space"


def relu_dft_gap(x):
    def relu(values):
        values = values.copy()
        values[values < 0] = 0
        return values

    first, last = dft(relu(f(x))), dft(x)
    return np.max(np.hypot(first.real - relu(last.real), first.imag - relu(last.imag)))
