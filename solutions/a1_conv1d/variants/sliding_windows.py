"""Sliding windows over padded arrays, contracted with einsum."""

import numpy as np

PAD = {"zero": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}

from numpy.lib.stride_tricks import sliding_window_view


def f(a):
    return np.array(a, dtype=float)


def conv1d(x, k, mode):
    x, k = f(x), f(k)
    if mode == "full":
        pad = len(k) - 1
        windows = sliding_window_view(np.pad(x, pad), len(k))
        return np.einsum("nm,m->n", windows, k[::-1])
    if mode == "same":
        small, large = sorted((len(x), len(k)))
        return conv1d(x, k, "full")[(small - 1) // 2 :][:large]
    if mode == "valid":
        if len(k) > len(x):
            x, k = k, x
        return sliding_window_view(x, len(k)) @ k[::-1]
    raise ValueError("mode")


def cross_correlate1d(x, k, mode):
    return conv1d(x, f(k)[::-1], mode)


def pad1d(x, p, mode):
    x = f(x)
    n = len(x)
    places = np.arange(-p, n + p)
    if mode == "zero":
        inside = (places >= 0) & (places < n)
        return np.where(inside, x[np.clip(places, 0, n - 1)], 0)
    if mode == "replicate":
        return np.take(x, places, mode="clip")
    if mode == "circular":
        return np.take(x, places, mode="wrap")
    if mode == "reflect":
        period = max(2 * n - 2, 1)
        places = places % period
        return x[np.minimum(places, period - places)] if n > 1 else x.copy()
    raise ValueError("mode")


def conv2d(image, kernel, mode, boundary):
    image, kernel = f(image), f(kernel)
    kh, kw = kernel.shape
    if mode == "same":
        top, left = kh // 2, kw // 2
        image = np.apply_along_axis(lambda c: pad1d(c, kh - 1, boundary), 0, image)
        image = np.apply_along_axis(lambda r: pad1d(r, kw - 1, boundary), 1, image)
        h, w = image.shape
        image = image[kh - 1 - top : h - top, kw - 1 - left : w - left]
    elif mode == "full":
        image = np.pad(image, [(kh - 1,) * 2, (kw - 1,) * 2])
    elif mode != "valid":
        raise ValueError("mode")
    windows = sliding_window_view(image, (kh, kw))
    return np.einsum("nmij,ij->nm", windows, kernel[::-1, ::-1])


def filter_rgb(image, kernel):
    image = f(image)
    return np.dstack([
        conv2d(image[:, :, c], kernel, "same", "zero") for c in range(image.shape[2])
    ])


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
    x = np.asarray(x, dtype=complex)
    n = np.arange(len(x))
    return np.einsum("n,kn->k", x, np.exp(-2j * np.pi / len(x) * n * n[:, None]))


def idft(spectrum):
    X = np.asarray(spectrum, dtype=complex)
    k = np.arange(len(X))
    waves = np.exp(2j * np.pi / len(X) * k * k[:, None])
    return np.einsum("k,nk->n", X, waves) / len(X)


def fourier_coefficients(x):
    x = f(x)
    n = np.arange(len(x))
    angle = 2 * np.pi / len(x) * n * n[:, None]
    a, b = np.einsum("wkn,n->wk", np.stack([np.cos(angle), np.sin(angle)]), x) / len(x)
    return a, b


def fft_convolve(x, k):
    n = len(x) + len(k) - 1
    return np.fft.irfft(np.fft.rfft(f(x), n) * np.fft.rfft(f(k), n), n)


def circular_convolve(x, k):
    x, k = f(x), f(k)
    before = np.concatenate([x, x])[len(x) - len(k) + 1 :]
    windows = sliding_window_view(before, len(k))[: len(x)]
    return np.einsum("nm,m->n", windows, k[::-1])


def deconvolve(y, k, eps):
    n = len(y)
    Y, K = np.fft.rfft(f(y)), np.fft.rfft(f(k), n)
    return np.fft.irfft(Y * K.conj() / (np.abs(K) ** 2 + eps), n)


def ideal_low_pass(x, cutoff):
    X = dft(x)
    frequency = np.abs(np.fft.fftfreq(len(X)) * len(X))
    return idft(X * (frequency < cutoff + 0.5)).real


def cheaper_domain(n, k):
    L = n + k - 1
    return "space" if 3 * L * np.log2(L) + L - n * k >= 0 else "frequency"


def relu_dft_gap(x):
    first, last = dft(np.clip(f(x), 0, None)), dft(x)
    last = np.clip(last.real, 0, None) + 1j * np.clip(last.imag, 0, None)
    return abs(first - last).max()
