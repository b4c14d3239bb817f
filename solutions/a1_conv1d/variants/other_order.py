"""Written from the end to the beginning: a recursive FFT, and all else built on it."""

from functools import lru_cache
from itertools import product

import numpy as np


def relu_dft_gap(x):
    def relu(z):
        return complex(z.real if z.real > 0 else 0, z.imag if z.imag > 0 else 0)

    before = dft([relu(complex(v)) for v in np.asarray(x, float)])
    after = [relu(z) for z in dft(x)]
    return max(abs(p - q) for p, q in zip(before, after))


def cheaper_domain(n, k):
    length = n + k - 1
    return "space" if 3 * length * np.log2(length) + length >= n * k else "frequency"


def ideal_low_pass(x, cutoff):
    spectrum = list(dft(x))
    n = len(spectrum)
    fast = [k for k in range(n) if k > cutoff and n - k > cutoff]
    for k in fast:
        spectrum[k] = 0j
    return [z.real for z in idft(spectrum)]


def deconvolve(y, k, eps):
    wanted = np.array(_frequencies(y, len(y)))
    blur = np.array(_frequencies(k, len(y)))
    inverse = 1 / (blur * blur.conj() + eps) * blur.conj()
    return np.array(idft(wanted * inverse)).real


def circular_convolve(x, k):
    n = len(x)
    a, b = _frequencies(x, n), _frequencies(k, n)
    return np.real(idft([p * q for p, q in zip(a, b)]))


def fft_convolve(x, k):
    n = len(x) + len(k) - 1
    size = 1
    while size < n:
        size *= 2
    a, b = _frequencies(x, size), _frequencies(k, size)
    return np.real(idft([p * q for p, q in zip(a, b)]))[:n]


def fourier_coefficients(x):
    n = len(x)
    spectrum = dft(x)
    return tuple(z.real / n for z in spectrum), tuple(-z.imag / n for z in spectrum)


def idft(spectrum):
    conjugated = [complex(z).conjugate() for z in spectrum]
    return [z.conjugate() / len(conjugated) for z in dft(conjugated)]


def dft(x):
    return _recursive([complex(v) for v in x])


def _frequencies(x, n):
    values = [complex(v) for v in x]
    return dft(values + [0j] * (n - len(values)))


def _recursive(x):
    n = len(x)
    if n % 2:
        return [sum(v * _root(n, i * k % n) for i, v in enumerate(x)) for k in range(n)]
    even, odd = _recursive(x[::2]), _recursive(x[1::2])
    turned = [_root(n, k) * v for k, v in enumerate(odd)]
    return [p + q for p, q in zip(even, turned)] + [p - q for p, q in zip(even, turned)]


@lru_cache(maxsize=None)
def _root(n, k):
    return complex(np.exp(-2j * np.pi * k / n))


def signed_edge(image):
    flat = _mirrored_rows(conv2d(image, [[1], [1], [1]], "same", "replicate"))
    return _mirrored_rows(conv2d(flat, [[-1, 0, 1]], "same", "replicate"))


def _mirrored_rows(image):
    return [list(row)[::-1] for row in image]


def gradient_magnitude(image):
    gx = conv2d(image, make_kernel("sobel_x", 3), "same", "replicate")
    gy = conv2d(image, make_kernel("sobel_y", 3), "same", "replicate")
    return (gx * gx + gy * gy) ** 0.5


def make_kernel(name, size):
    if size % 2 == 0:
        raise ValueError(f"{size} is even")
    half = size // 2
    makers = {
        "identity": lambda i, j: float(i == 0 == j),
        "box": lambda i, j: 1.0,
        "gaussian": lambda i, j: np.exp(-18 * (i * i + j * j) / size**2),
        "sobel_x": lambda i, j: j * (2.0 - abs(i)),
        "sobel_y": lambda i, j: i * (2.0 - abs(j)),
        "sharpen": lambda i, j: 5.0 if i == 0 == j else -float(abs(i) + abs(j) == 1),
    }
    if name not in makers:
        raise ValueError(f"{name} is unknown")
    places = product(range(-half, half + 1), repeat=2)
    values = np.array([makers[name](i, j) for i, j in places]).reshape(size, size)
    return values / values.sum() if name in ("box", "gaussian") else values


def filter_rgb(image, kernel):
    image = np.asarray(image, float)
    red, *others = (conv2d(image[:, :, c], kernel, "same", "zero")[..., None] for c in range(image.shape[2]))
    return np.concatenate([red, *others], axis=-1)


def conv2d(image, kernel, mode, boundary):
    image, kernel = np.asarray(image, float), np.asarray(kernel, float)
    rows = _where(image.shape[0], kernel.shape[0], mode)
    columns = _where(image.shape[1], kernel.shape[1], mode)
    p, q = kernel.shape[0] - 1, kernel.shape[1] - 1
    if mode == "valid":
        p = q = 0
        rows, columns = rows - rows[0] + kernel.shape[0] - 1, columns - columns[0] + kernel.shape[1] - 1
    else:
        rows, columns = rows + p, columns + q
    image = np.stack([pad1d(row, q, boundary) for row in image])
    image = np.stack([pad1d(column, p, boundary) for column in image.T]).T
    by_rows = 0
    for i, line in enumerate(kernel):
        full = np.stack([conv1d(row, line, "full") for row in image])
        moved = np.zeros((image.shape[0] + len(kernel) - 1, full.shape[1]))
        moved[i : i + len(full)] = full
        by_rows = by_rows + moved
    return by_rows[rows][:, columns]


def pad1d(x, p, mode):
    x = list(map(float, x))
    if mode not in ("zero", "reflect", "replicate", "circular"):
        raise ValueError(f"{mode} is unknown")
    left, right = [], []
    for step in range(1, p + 1):
        if mode == "zero":
            left.append(0.0), right.append(0.0)
        elif mode == "replicate":
            left.append(x[0]), right.append(x[-1])
        elif mode == "reflect":
            left.append(x[step]), right.append(x[-1 - step])
        else:
            left.append(x[-step]), right.append(x[step - 1])
    return np.array(left[::-1] + x + right)


def cross_correlate1d(x, k, mode):
    return conv1d(x, np.asarray(k)[::-1], mode)


def conv1d(x, k, mode):
    x, k = np.asarray(x, float), np.asarray(k, float)
    where = _where(len(x), len(k), mode)
    return _product(x, k)[where]


def _product(x, k):
    # Polynomials multiply as sequences convolve. A leading 1 on each side keeps polymul
    # from dropping leading zeros; what it adds is taken away again.
    full = np.polymul(np.append(1.0, x), np.append(1.0, k))[1:]
    full[: len(x)] -= x
    full[: len(k)] -= k
    return full[1:]


def _where(n, m, mode):
    both = sorted((n, m))
    if mode == "full":
        return np.arange(n + m - 1)
    if mode == "same":
        return (both[0] - 1) // 2 + np.arange(both[1])
    if mode == "valid":
        return np.arange(both[0] - 1, both[1])
    raise ValueError(f"{mode} is unknown")
