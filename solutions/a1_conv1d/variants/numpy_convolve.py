"""What NumPy has ready: np.convolve, np.correlate, np.pad and np.fft."""

import numpy as np

PAD = {"zero": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def f(a):
    return np.array(a, dtype=float)


def conv1d(x, k, mode):
    if mode not in ("full", "same", "valid"):
        raise ValueError(mode)
    return np.convolve(f(x), f(k), mode)


def cross_correlate1d(x, k, mode):
    if mode not in ("full", "same", "valid"):
        raise ValueError(mode)
    return np.convolve(f(x), np.flip(f(k)), mode)


def pad1d(x, p, mode):
    if mode not in PAD:
        raise ValueError(mode)
    return np.pad(f(x), p, PAD[mode])


def conv2d(image, kernel, mode, boundary):
    image, kernel = f(image), np.flip(f(kernel))
    kh, kw = kernel.shape
    if mode == "full":
        image = np.pad(image, ((kh - 1, kh - 1), (kw - 1, kw - 1)))
    elif mode == "same":
        if boundary not in PAD:
            raise ValueError(boundary)
        # the flipped kernel's anchor: as many zeros before as (k - 1) - (k - 1) // 2
        before = (kh - 1 - (kh - 1) // 2, kw - 1 - (kw - 1) // 2)
        after = ((kh - 1) // 2, (kw - 1) // 2)
        image = np.pad(image, list(zip(before, after)), PAD[boundary])
    elif mode != "valid":
        raise ValueError(mode)
    out = np.empty((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[i : i + kh, j : j + kw] * kernel)
    return out


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
    return np.fft.fft(np.asarray(x, dtype=complex))


def idft(spectrum):
    return np.fft.ifft(np.asarray(spectrum, dtype=complex))


def fourier_coefficients(x):
    c = np.fft.fft(f(x)) / len(x)
    return np.real(c), -np.imag(c)


def fft_convolve(x, k):
    n = len(x) + len(k) - 1
    return np.fft.irfft(np.fft.rfft(f(x), n) * np.fft.rfft(f(k), n), n)


def circular_convolve(x, k):
    n = len(x)
    return np.fft.ifft(np.fft.fft(f(x)) * np.fft.fft(f(k), n)).real


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
