"""Everything that can go through np.fft goes through it, 2-D as well."""

import numpy as np

PAD = {"zero": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def f(a):
    return np.array(a, dtype=float)


def conv1d(x, k, mode):
    x, k = f(x), f(k)
    n = x.size + k.size - 1
    y = np.fft.ifft(np.fft.fft(x, n) * np.fft.fft(k, n)).real
    if mode == "full":
        return y
    if mode == "same":
        lost = n - max(x.size, k.size)
        return y[lost // 2 : n - (lost - lost // 2)]
    if mode == "valid":
        edge = min(x.size, k.size) - 1
        return y[edge : n - edge]
    raise ValueError("full, same or valid")


def cross_correlate1d(x, k, mode):
    x, k = f(x), f(k)
    if mode not in ("full", "same", "valid"):
        raise ValueError("full, same or valid")
    n = x.size + k.size - 1
    product = np.fft.fft(x, n) * np.conj(np.fft.fft(k, n))
    y = np.roll(np.fft.ifft(product).real, k.size - 1)
    small, large = min(x.size, k.size), max(x.size, k.size)
    first, last = {"full": (0, n), "same": ((small - 1) // 2, (small - 1) // 2 + large),
                   "valid": (small - 1, large)}[mode]
    return y[first:last]


def pad1d(x, p, mode):
    x = f(x)
    n = len(x)
    if mode == "zero":
        left = right = np.zeros(p)
    elif mode == "reflect":
        left, right = x[1 : p + 1][::-1], x[n - 1 - p : n - 1][::-1]
    elif mode == "replicate":
        left, right = np.repeat(x[0], p), np.repeat(x[-1], p)
    elif mode == "circular":
        left, right = x[n - p :], x[:p]
    else:
        raise ValueError("mode")
    return np.hstack([left, x, right])


def conv2d(image, kernel, mode, boundary):
    image, kernel = f(image), f(kernel)
    (h, w), (kh, kw) = image.shape, kernel.shape
    if mode not in ("full", "same", "valid"):
        raise ValueError("mode")
    skip_y = skip_x = 0
    if mode == "same":
        if boundary not in PAD:
            raise ValueError("boundary")
        skip_y, skip_x = kh - 1, kw - 1
        image = np.pad(image, ((skip_y, skip_y), (skip_x, skip_x)), PAD[boundary])
    shape = (image.shape[0] + kh - 1, image.shape[1] + kw - 1)
    y = np.fft.irfft2(np.fft.rfft2(image, shape) * np.fft.rfft2(kernel, shape), shape)
    if mode == "full":
        return y
    if mode == "valid":
        return y[kh - 1 : h, kw - 1 : w]
    top, left = skip_y + (kh - 1) // 2, skip_x + (kw - 1) // 2
    return y[top : top + h, left : left + w]


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
