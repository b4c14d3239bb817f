"""One expression each: comprehensions, and lambdas assigned to the names."""

import cmath, math
import numpy as np

value = lambda a, i: a[i] if 0 <= i < len(a) else 0.0
floats = lambda a: np.array(a, dtype=float).tolist()
pick = lambda table, word: table[word] if word in table else refuse(word)
omega = lambda sign, k, n, N: cmath.exp(sign * 2j * cmath.pi * ((k * n) % N) / N)


def refuse(word):
    raise ValueError("I do not know %r" % (word,))


# first index and number of values of what a mode keeps, lengths n and m
span = lambda n, m, mode: pick(
    {
        "full": (0, n + m - 1),
        "same": ((min(n, m) - 1) // 2, max(n, m)),
        "valid": (min(n, m) - 1, abs(n - m) + 1),
    },
    mode,
)

line = lambda x, k, start, count: [
    sum(k[m] * value(x, n - m) for m in range(len(k)))
    for n in range(start, start + count)
]

conv1d = lambda x, k, mode: np.array(
    line(floats(x), floats(k), *span(len(x), len(k), mode))
)

cross_correlate1d = lambda x, k, mode: conv1d(x, list(k)[::-1], mode)

# where the value at place i of an endless signal is found in one of n values
places = {
    "zero": lambda i, n: i if 0 <= i < n else None,
    "reflect": lambda i, n: min(i % (2 * n - 2), -i % (2 * n - 2)) if n > 1 else 0,
    "replicate": lambda i, n: min(max(i, 0), n - 1),
    "circular": lambda i, n: i % n,
}

at = lambda x, i: 0.0 if i is None else x[i]

pad1d = lambda x, p, mode: np.array(
    [
        (lambda xs, where: at(xs, where(i, len(xs))))(floats(x), pick(places, mode))
        for i in range(-p, len(x) + p)
    ]
)

pixel = lambda f, i, j: 0.0 if i is None or j is None else f[i, j]

conv2d = lambda image, kernel, mode, boundary: (
    lambda f, g, where: (
        lambda rows, columns: np.array(
            [
                [
                    sum(
                        g[i, j]
                        * pixel(
                            f, where(n - i, f.shape[0]), where(m - j, f.shape[1])
                        )
                        for i in range(g.shape[0])
                        for j in range(g.shape[1])
                    )
                    for m in range(columns[0], sum(columns))
                ]
                for n in range(rows[0], sum(rows))
            ]
        )
    )(*[span(f.shape[a], g.shape[a], mode) for a in (0, 1)])
)(np.array(image, float), np.array(kernel, float), pick(places, boundary))

filter_rgb = lambda image, kernel: np.dstack(
    [
        conv2d(channel, kernel, "same", "zero")
        for channel in np.array(image, float).transpose(2, 0, 1)
    ]
)

bell = lambda size: (
    lambda e: [[value / sum(map(sum, e)) for value in row] for row in e]
)(
    [
        [
            math.exp(-18 * ((i - size // 2) ** 2 + (j - size // 2) ** 2) / size**2)
            for j in range(size)
        ]
        for i in range(size)
    ]
)

make_kernel = lambda name, size: (
    np.array(
        pick(
            {
                "identity": lambda: [
                    [float(i == j == size // 2) for j in range(size)]
                    for i in range(size)
                ],
                "box": lambda: [[size**-2] * size] * size,
                "gaussian": lambda: bell(size),
                "sobel_x": lambda: [[v, 0.0, -v] for v in (-1, -2, -1)],
                "sobel_y": lambda: [[v, 2.0 * v, v] for v in (-1, 0, 1)],
                "sharpen": lambda: [[0.0, -1, 0], [-1, 5, -1], [0, -1, 0]],
            },
            name,
        )()
    )
    if size % 2
    else refuse(size)
)

gradient_magnitude = lambda image: np.sqrt(
    sum(
        conv2d(image, make_kernel(name, 3), "same", "replicate") ** 2
        for name in ("sobel_x", "sobel_y")
    )
)

signed_edge = lambda image: conv2d(image, [[1, 0, -1]] * 3, "same", "replicate")

dft = lambda x: np.array(
    [
        sum(v * omega(-1, k, n, len(x)) for n, v in enumerate(np.array(x, complex)))
        for k in range(len(x))
    ]
)

idft = lambda spectrum: np.conj(dft(np.conj(spectrum))) / len(spectrum)

fourier_coefficients = lambda x: (
    dft(x).real / len(x),
    dft(x).imag / -len(x),
)

fft_convolve = lambda x, k: np.fft.irfft(
    np.prod([np.fft.rfft(floats(s), len(x) + len(k) - 1) for s in (x, k)], axis=0),
    len(x) + len(k) - 1,
)

circular_convolve = lambda x, k: [
    sum(w * v for w, v in zip(floats(k), np.roll(floats(x)[::-1], n + 1)))
    for n in range(len(x))
]

wiener = lambda Y, K, eps: [
    a * b.conjugate() / (abs(b) ** 2 + eps) for a, b in zip(Y, K)
]

deconvolve = lambda y, k, eps: np.fft.ifft(
    wiener(np.fft.fft(floats(y)), np.fft.fft(floats(k), len(y)), eps)
).real

ideal_low_pass = lambda x, cutoff: np.real(
    idft([X * (min(k, len(x) - k) <= cutoff) for k, X in enumerate(dft(x))])
)

cheaper_domain = lambda n, k: ["space", "frequency"][
    n * k > (n + k - 1) * (3 * math.log2(n + k - 1) + 1)
]

relu = lambda v: complex(max(v.real, 0), max(v.imag, 0))

relu_dft_gap = lambda x: max(
    abs(a - relu(b)) for a, b in zip(dft([relu(v) for v in floats(x)]), dft(x))
)
