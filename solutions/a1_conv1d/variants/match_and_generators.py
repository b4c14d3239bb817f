"""match, generators, recursion and plain Python numbers; tuples come back, no NumPy."""

import cmath
from functools import reduce
from itertools import chain, islice, repeat
from math import exp, hypot, log2, pi


def part(n, m, mode):
    small, large = (n, m) if n < m else (m, n)
    match mode:
        case "full":
            return 0, n + m - 1
        case "same":
            first = (small - 1) // 2
            return first, first + large
        case "valid":
            return small - 1, large
        case _:
            raise ValueError(f"unknown mode {mode}")


def products(x, k):
    """The full convolution, one patient after the other, as Horner would."""
    match x:
        case []:
            return [0.0] * (len(k) - 1)
        case [first, *rest]:
            later = products(rest, k)
            now = [float(first) * float(w) for w in k]
            shifted = [0.0, *later]
            length = max(len(now), len(shifted))
            now += repeat(0.0, length - len(now))
            shifted += repeat(0.0, length - len(shifted))
            return [a + b for a, b in zip(now, shifted)]


def conv1d(x, k, mode):
    start, stop = part(len(x), len(k), mode)
    return tuple(islice(products([*x], [*k]), start, stop))


def cross_correlate1d(x, k, mode):
    return conv1d(x, list(k)[::-1], mode)


def before(x, p, mode):
    """What stands in front of the signal, the nearest first."""
    match mode:
        case "zero":
            yield from repeat(0.0, p)
        case "reflect":
            yield from (float(v) for v in islice(x, 1, p + 1))
        case "replicate":
            yield from repeat(float(x[0]), p)
        case "circular":
            yield from (float(v) for v in islice(reversed(x), p))
        case other:
            raise ValueError(f"{other}?")


def pad1d(x, p, mode):
    x = [*x]
    front = [*before(x, p, mode)][::-1]
    behind = before(x[::-1], p, mode)
    return tuple(chain(front, map(float, x), behind))


def conv2d(image, kernel, mode, boundary):
    rows, columns = len(image), len(image[0])
    tall, wide = len(kernel), len(kernel[0])
    top, bottom = part(rows, tall, mode)
    left, right = part(columns, wide, mode)
    if mode == "full":
        boundary = "zero"
    across = [pad1d(row, wide - 1, boundary) for row in image]
    down = [pad1d(column, tall - 1, boundary) for column in zip(*across)]
    padded = [*zip(*down)]

    def at(n, m):
        return sum(
            float(kernel[i][j]) * padded[n - i + tall - 1][m - j + wide - 1]
            for i in range(tall)
            for j in range(wide)
        )

    return tuple(tuple(at(n, m) for m in range(left, right)) for n in range(top, bottom))


def filter_rgb(image, kernel):
    channels = range(len(image[0][0]))
    planes = (
        conv2d([[pixel[c] for pixel in row] for row in image], kernel, "same", "zero")
        for c in channels
    )
    return [[[*pixel] for pixel in zip(*rows)] for rows in zip(*planes)]


def make_kernel(name, size):
    if not size % 2:
        raise ValueError("a kernel has a centre")
    half = size // 2
    places = range(-half, half + 1)
    match name:
        case "identity":
            return [[1.0 if (i, j) == (0, 0) else 0.0 for j in places] for i in places]
        case "box":
            return [[1 / size / size] * size] * size
        case "gaussian":
            bell = [exp(-18 * i * i / size**2) for i in places]
            total = sum(a * b for a in bell for b in bell)
            return [[a * b / total for b in bell] for a in bell]
        case "sobel_x":
            return [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
        case "sobel_y":
            return [*zip(*make_kernel("sobel_x", size))]
        case "sharpen":
            return [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]
    raise ValueError(name)


def gradient_magnitude(image):
    both = (
        chain.from_iterable(conv2d(image, make_kernel(name, 3), "same", "replicate"))
        for name in ("sobel_x", "sobel_y")
    )
    strengths = [hypot(a, b) for a, b in zip(*both)]
    width = len(image[0])
    return [strengths[i : i + width] for i in range(0, len(strengths), width)]


def signed_edge(image):
    h, w = len(image), len(image[0])
    near = lambda i, n: min(max(i, 0), n - 1)
    value = lambda n, m: float(image[near(n, h)][near(m, w)])
    return [
        [
            sum(value(n + i, m + 1) - value(n + i, m - 1) for i in (-1, 0, 1))
            for m in range(w)
        ]
        for n in range(h)
    ]


def dft(x):
    """Horner's rule at each root of unity."""
    n = len(x)
    roots = (cmath.exp(-2j * pi * k / n) for k in range(n))
    return [reduce(lambda total, v: total * z + complex(v), reversed([*x]), 0j) for z in roots]


def idft(spectrum):
    n = len(spectrum)
    first, *others = dft(spectrum)
    return [v / n for v in (first, *others[::-1])]


def fourier_coefficients(x):
    n = len(x)
    c = [v / n for v in dft(x)]
    return [v.real for v in c], [-v.imag for v in c]


def circular_convolve(x, k):
    n = len(x)
    return [sum(float(w) * float(x[(i - m) % n]) for m, w in enumerate(k)) for i in range(n)]


def fft_convolve(x, k):
    length = len(x) + len(k) - 1
    spectra = (dft([*v, *repeat(0.0, length - len(v))]) for v in (x, k))
    return [v.real for v in idft([a * b for a, b in zip(*spectra)])]


def deconvolve(y, k, eps):
    blur = dft([*k, *repeat(0.0, len(y) - len(k))])
    sharp = [a * b.conjugate() / (abs(b) ** 2 + eps) for a, b in zip(dft(y), blur)]
    return [v.real for v in idft(sharp)]


def ideal_low_pass(x, cutoff):
    n = len(x)
    kept = (v if min(k, n - k) <= cutoff else 0 for k, v in enumerate(dft(x)))
    return [v.real for v in idft([*kept])]


def cheaper_domain(n, k):
    length = n + k - 1
    counts = {"space": n * k, "frequency": length * (3 * log2(length) + 1)}
    return min(counts, key=counts.get)


def relu_dft_gap(x):
    relu = lambda v: v if v > 0 else 0.0
    first = dft([relu(float(v)) for v in x])
    last = (complex(relu(v.real), relu(v.imag)) for v in dft(x))
    return max(abs(a - b) for a, b in zip(first, last))
