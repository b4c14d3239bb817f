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


def dft(x):
    return np.fft.fft(x)


def idft(spectrum):
    return np.fft.ifft(spectrum)


def fourier_coefficients(x):
    c = np.fft.fft(f(x)) / len(x)
    return np.real(c), -np.imag(c)


def fft_convolve(x, k):
    n = len(x) + len(k) - 1
    return np.fft.irfft(np.fft.rfft(f(x), n) * np.fft.rfft(f(k), n), n)


def circular_convolve(x, k):
    x, k = f(x), f(k)
    n = len(x)
    out = np.zeros(n)
    for m in range(len(k)):
        out += k[m] * np.roll(x, m)
    return out


def deconvolve(y, k, eps):
    spectrum = np.fft.fft(f(k), len(y))
    return np.fft.ifft(
        np.fft.fft(f(y)) * spectrum.conj() / (np.abs(spectrum) ** 2 + eps)
    ).real


def ideal_low_pass(x, cutoff):
    spectrum = np.fft.rfft(f(x))
    spectrum[cutoff + 1 :] = 0
    return np.fft.irfft(spectrum, len(x))


def cheaper_domain(n, k):
    total = n + k - 1
    return "frequency" if n * k > total * (3 * np.log2(total) + 1) else "space"


def relu_dft_gap(x):
    relu = lambda v: np.maximum(v, 0)
    spectrum = np.fft.fft(f(x))
    gap = np.fft.fft(relu(f(x))) - (relu(spectrum.real) + 1j * relu(spectrum.imag))
    return np.abs(gap).max()
