"""Matrices: Toeplitz and circulant for space, the DFT matrix for frequency."""

import numpy as np

PAD = {"zero": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def f(a):
    return np.array(a, dtype=float)


def toeplitz(k, n):
    k = f(k)
    matrix = np.zeros((n + len(k) - 1, n))
    for column in range(n):
        matrix[column : column + len(k), column] = k
    return matrix


def conv1d(x, k, mode):
    n, m = len(x), len(k)
    full = toeplitz(k, n) @ f(x)
    if mode == "full":
        return full
    if mode == "same":
        return full[(min(n, m) - 1) // 2 :][: max(n, m)]
    if mode == "valid":
        return full[min(n, m) - 1 : max(n, m)]
    raise ValueError(mode)


def cross_correlate1d(x, k, mode):
    return conv1d(x, list(reversed(f(k).tolist())), mode)


def pad1d(x, p, mode):
    if mode not in PAD:
        raise ValueError(mode)
    return np.pad(f(x), p, PAD[mode])


def conv2d(image, kernel, mode, boundary):
    image, kernel = f(image), f(kernel)
    (h, w), (kh, kw) = image.shape, kernel.shape
    if mode == "same":
        if boundary not in PAD:
            raise ValueError(boundary)
        image = np.pad(image, [(kh - 1, kh - 1), (kw - 1, kw - 1)], PAD[boundary])
    elif mode not in ("full", "valid"):
        raise ValueError(mode)
    full = sum(
        toeplitz(column[:, 0], image.shape[0])
        @ image
        @ toeplitz(row[0], image.shape[1]).T
        for column, row in [
            (np.eye(kh)[:, [i]], kernel[[i], :]) for i in range(kh)
        ]
    )
    if mode == "full":
        return full
    if mode == "valid":
        return full[kh - 1 : h, kw - 1 : w]
    top, left = kh - 1 + (kh - 1) // 2, kw - 1 + (kw - 1) // 2
    return full[top : top + h, left : left + w]


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


def dft_matrix(n):
    k = np.arange(n)
    return np.exp(-2j * np.pi / n) ** np.outer(k, k)


def dft(x):
    return dft_matrix(len(x)) @ np.asarray(x)


def idft(spectrum):
    n = len(spectrum)
    return dft_matrix(n).conj().T @ np.asarray(spectrum) / n


def fourier_coefficients(x):
    n = len(x)
    angle = 2 * np.pi * np.outer(np.arange(n), np.arange(n)) / n
    return np.array([np.cos(angle) @ f(x) / n, np.sin(angle) @ f(x) / n])


def fft_convolve(x, k):
    n = len(x) + len(k) - 1
    return np.fft.irfft(np.fft.rfft(f(x), n) * np.fft.rfft(f(k), n), n)


def circular_convolve(x, k):
    n = len(x)
    k = np.concatenate([f(k), np.zeros(n - len(k))])
    i, j = np.indices((n, n))
    return k[(i - j) % n] @ f(x)


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
