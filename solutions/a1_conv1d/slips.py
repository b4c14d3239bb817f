"""The right answers, written out step by step, to make slips in.

Each `#:` says what the line below it is; the grader makes small changes there, one by
one, and tells a student whose answers are those of a changed line. See
autograder/course/slips.py.
"""

# alike: N M
# alike: H W
# alike: KH KW
# alike: p 0 1
# alike: n m
# alike: n k
# alike: "reflect" "replicate" "zero" "circular"
# alike: N + M - 1 -> N + M | N + M + 1 | M - 1 | N - 1 | N + M - 2 | N | M | max(N, M)
# alike: (min(N, M), max(N, M)) -> (M, N) | (M, max(N, M)) | (min(N, M), N)
# alike: short long
# alike: max(N, M) -> M | N
# alike: start -> 0 | 1
# axes: edge_rows/edge_columns H/W KH/KW y/x i/j top/left tall/wide rows/columns h/w

import math

import numpy as np


def _full(x, k):
    N, M = len(x), len(k)
    y = np.zeros(N + M - 1)
    for n in range(N + M - 1):
        for m in range(M):
            if 0 <= n - m < N:
                y[n] += x[n - m] * k[m]
    return y


def conv1d(x, k, mode):
    # fact: mode not in ('full', 'same', 'valid'): the mode is none of the three
    # alike: short - 1 -> 0 | N - 1 | M - 1 | short - 2 | short
    # alike: long - short + 1 -> N - M + 1 | N - short + 1 | M - short + 1 | long - 1
    # fact: len(k) > len(x): the kernel is the longer one
    # fact: len(k) % 2 == 0: the kernel's length is even
    # fact: len(k) % 2 == 0 and mode == 'same': the kernel's length is even and the mode is same
    # fact: mode == 'full': the mode is full
    # fact: mode == 'same': the mode is same
    # fact: mode == 'valid': the mode is valid
    # fact: len(k) > len(x) and mode == 'same': the kernel is the longer one and the mode is same
    # fact: len(k) > len(x) and mode == 'valid': the kernel is the longer one and the mode is valid
    # fact: len(k) == 1: the kernel has one value
    x, k = np.asarray(x, np.float64), np.asarray(k, np.float64)
    N, M = len(x), len(k)
    y = np.zeros(N + M - 1)
    #: the place n in the full result
    for n in range(N + M - 1):
        #: the place m in the kernel
        for m in range(M):
            #: the place in x that k[m] meets
            at = n - m
            #: the weight
            weight = k[m]
            #: whether a place lies in x
            lies = 0 <= at and at < N
            if lies:
                #: what is added to a value
                y[n] += x[at] * weight
    if mode == "full":
        #: the full result
        return_ = 1 * y
        return return_
    if mode == "same":
        #: the shorter and the longer of the two in mode same
        short, long = (min(N, M), max(N, M))
        #: the first place that mode same keeps
        start = (short - 1) // 2
        #: the number of values that mode same keeps
        count = long
        return y[start : start + count]
    if mode == "valid":
        #: the shorter and the longer of the two in mode valid
        short, long = (min(N, M), max(N, M))
        #: the place from which mode valid keeps as many values as it should
        first = short - 1
        #: the number of values that mode valid keeps
        count = long - short + 1
        #: the first place that mode valid keeps
        start = short - 1
        return y[start + first - (short - 1) : first + count]
    raise ValueError(mode)


def cross_correlate1d(x, k, mode):
    # fact: mode not in ('full', 'same', 'valid'): the mode is none of the three
    # alike: short - 1 -> 0 | N - 1 | M - 1 | short - 2 | short
    # alike: long - short + 1 -> N - M + 1 | N - short + 1 | M - short + 1 | long - 1
    # fact: len(k) > len(x): the kernel is the longer one
    # fact: len(k) % 2 == 0: the kernel's length is even
    # fact: len(k) % 2 == 0 and mode == 'same': the kernel's length is even and the mode is same
    # fact: mode == 'full': the mode is full
    # fact: mode == 'same': the mode is same
    # fact: mode == 'valid': the mode is valid
    # fact: len(k) > len(x) and mode == 'same': the kernel is the longer one and the mode is same
    # fact: len(k) > len(x) and mode == 'valid': the kernel is the longer one and the mode is valid
    # fact: len(k) == 1: the kernel has one value
    x, k = np.asarray(x, np.float64), np.asarray(k, np.float64)
    N, M = len(x), len(k)
    y = np.zeros(N + M - 1)
    #: the place n in the full result
    for n in range(N + M - 1):
        #: the place m in the kernel
        for m in range(M):
            #: the place in x that k[m] meets
            at = n - (M - 1) + m
            #: the weight
            weight = k[m]
            #: whether a place lies in x
            lies = 0 <= at and at < N
            if lies:
                #: what is added to a value
                y[n] += x[at] * weight
    if mode == "full":
        return y
    if mode == "same":
        #: the shorter and the longer of the two in mode same
        short, long = (min(N, M), max(N, M))
        #: the first place that mode same keeps
        start = (short - 1) // 2
        #: the number of values that mode same keeps
        count = long
        return y[start : start + count]
    if mode == "valid":
        #: the shorter and the longer of the two in mode valid
        short, long = (min(N, M), max(N, M))
        #: the place from which mode valid keeps as many values as it should
        first = short - 1
        #: the number of values that mode valid keeps
        count = long - short + 1
        #: the first place that mode valid keeps
        start = short - 1
        return y[start + first - (short - 1) : first + count]
    raise ValueError(mode)


def _at(i, n, mode):
    """Return the place in a signal that place i beyond its ends shows; -1 for a 0."""
    if 0 <= i < n:
        return i
    if mode == "zero":
        return -1
    if mode == "replicate":
        return 0 if i < 0 else n - 1
    if mode == "circular":
        return i % n
    if mode == "reflect":
        return -i if i < 0 else 2 * (n - 1) - i
    raise ValueError(mode)


def pad1d(x, p, mode):
    # fact: mode not in ('zero', 'reflect', 'replicate', 'circular'): the mode is none of the four
    # alike: x[N - 1] -> x[N - 2] | x[0]
    # fact: mode == 'zero': the mode is zero
    # fact: mode == 'reflect': the mode is reflect
    # fact: mode == 'replicate': the mode is replicate
    # fact: mode == 'circular': the mode is circular
    # fact: p == 0: p is 0
    # fact: len(x) == 1: x has one value
    # fact: mode == 'circular' and p == 0: the mode is circular and p is 0
    # fact: mode == 'reflect' and p == 0: the mode is reflect and p is 0
    x = np.asarray(x, np.float64)
    N = len(x)
    if mode == "zero":
        #: the value that mode zero puts before the signal
        before = 0 * x[0]
        #: the value that mode zero puts behind it
        after = 0 * x[0]
        return np.concatenate([np.full(p, before), x, np.full(p, after)])
    if mode == "replicate":
        #: the value that mode replicate puts before the signal
        before = x[0]
        #: the value that mode replicate puts behind it
        after = x[N - 1]
        return np.concatenate([np.full(p, before), x, np.full(p, after)])
    if mode == "circular":
        #: the period of mode circular
        period = N
        #: the first of the places that mode circular puts before the signal
        first = period - p
        before = (first + np.arange(p)) % max(period, 1)
        # alike: 0 * N -> N - p | 1 | N - 1
        #: the first of the places that mode circular puts behind it
        first = 0 * N
        after = (first + np.arange(p)) % max(period, 1)
        return np.concatenate([x[before], x, x[after]])
    if mode == "reflect":
        #: the place next to the signal that mode reflect puts before it
        first = 0 * N + 1
        #: the places that mode reflect puts before it
        before = (first + np.arange(p))[::-1]
        #: the place next to the signal that mode reflect puts behind it
        first = N - 2
        #: the places that mode reflect puts behind it
        after = (first - np.arange(p))[::1]
        return np.concatenate([x[before % N], x, x[after % N]])
    raise ValueError(mode)


def conv2d(image, kernel, mode, boundary):
    # fact: mode not in ('full', 'same', 'valid'): the mode is none of the three
    # fact: mode == 'same' and boundary not in ('zero', 'reflect', 'replicate', 'circular'): the mode is same and the boundary none of the four
    # alike: boundary -> "zero" | "replicate" | "reflect" | "circular"
    # fact: mode == 'full': the mode is full
    # fact: mode == 'same': the mode is same
    # fact: mode == 'valid': the mode is valid
    # fact: boundary == 'zero' and mode == 'same': the boundary is zero in mode same
    # fact: boundary == 'reflect' and mode == 'same': the boundary is reflect in mode same
    # fact: boundary == 'replicate' and mode == 'same': the boundary is replicate in mode same
    # fact: boundary == 'circular' and mode == 'same': the boundary is circular in mode same
    # fact: np.shape(kernel)[0] != np.shape(kernel)[1]: the kernel is not square
    # fact: np.shape(kernel)[0] % 2 == 0 or np.shape(kernel)[1] % 2 == 0: a side of the kernel is even
    # fact: (np.shape(kernel)[0] % 2 == 0 or np.shape(kernel)[1] % 2 == 0) and mode == 'same': a side of the kernel is even in mode same
    # fact: np.shape(image)[0] != np.shape(image)[1]: the image is not square
    image, k = np.asarray(image, np.float64), np.asarray(kernel, np.float64)
    (H, W), (KH, KW) = image.shape, k.shape
    #: the kernel that slides
    flipped = k[::-1][:, ::-1]
    if mode == "full":
        #: the number of rows above the image in mode full
        top = KH - 1
        #: the number of columns to its left in mode full
        left = KW - 1
        #: the number of rows of the result in mode full
        rows = H + KH - 1
        #: the number of columns of the result in mode full
        columns = W + KW - 1
        boundary = "zero"
    elif mode == "same":
        #: the number of rows above the image in mode same
        top = KH - 1 - (KH - 1) // 2
        #: the number of columns to its left in mode same
        left = KW - 1 - (KW - 1) // 2
        #: the number of rows of the result in mode same
        rows = H
        #: the number of columns of the result in mode same
        columns = W
        if boundary not in {"zero", "reflect", "replicate", "circular"}:
            raise ValueError(boundary)
    elif mode == "valid":
        top = left = 0
        rows, columns = H - KH + 1, W - KW + 1
        boundary = "zero"
    else:
        raise ValueError(mode)
    wide = {"zero": "constant", "reflect": "reflect"}
    wide |= {"replicate": "edge", "circular": "wrap"}
    #: the boundary above and below
    edge_rows = boundary
    #: the boundary on the left and on the right
    edge_columns = boundary
    padded = np.pad(image, ((KH, KH), (0, 0)), wide[edge_rows])
    padded = np.pad(padded, ((0, 0), (KW, KW)), wide[edge_columns])
    out = np.zeros((rows, columns))
    #: a row y of the result
    for y in range(rows):
        #: a column x of the result
        for x in range(columns):
            #: the first row of the window, counted in the image
            i = y - top
            #: the first column of the window, counted in the image
            j = x - left
            #: the window
            seen = padded[i + KH : i + KH + KH, j + KW : j + KW + KW]
            #: the value of a window
            value = (seen * flipped).sum()
            out[y, x] = value
    return out


def filter_rgb(image, kernel):
    # fact: np.shape(image)[2] != 3: there are not three channels
    # fact: np.shape(kernel)[0] != np.shape(kernel)[1]: the kernel is not square
    image = np.asarray(image, np.float64)
    out = np.zeros(image.shape)
    #: a channel c
    for c in range(image.shape[2]):
        #: the mode
        mode = "same"
        #: the boundary
        boundary = "zero"
        #: the kernel
        k = np.asarray(kernel, np.float64)[::-1, ::-1][::-1, ::-1]
        #: a channel's result
        value = 1.0 * conv2d(image[:, :, c], k, mode, boundary)
        out[:, :, c] = value
    return out


def make_kernel(name, size):
    # fact: name not in ('identity', 'box', 'gaussian', 'sobel_x', 'sobel_y', 'sharpen'): the name is none of the six
    # fact: name == 'identity': the name is identity
    # fact: name == 'box': the name is box
    # fact: name == 'gaussian': the name is gaussian
    # fact: name == 'sobel_x': the name is sobel_x
    # fact: name == 'sobel_y': the name is sobel_y
    # fact: name == 'sharpen': the name is sharpen
    # fact: size % 2 == 0: the size is even
    # fact: size == 1: the size is 1
    # alike: sigma -> size | 1
    # alike: size / 6 -> size / 2 | size / 3 | size / 4 | size / 5 | size // 6 | (size - 1) / 6 | size // 2 / 3 | 1 | 0.5 | 2
    # alike: size ** 2 -> size | 9
    # alike: size // 2 -> 0 | 1 | size - 1
    if size % 2 == 0:
        raise ValueError(size)
    #: the centre
    centre = size // 2
    if name == "identity":
        kernel = np.zeros((size, size))
        kernel[centre, centre] = 1
        return kernel
    if name == "box":
        #: the number that every value of a box is 1 over
        count = size**2
        return np.ones((size, size)) / count
    if name == "gaussian":
        #: sigma
        sigma = size / 6
        #: the gaussian's centre
        middle = size // 2
        i, j = np.mgrid[:size, :size] - middle
        #: the gaussian's exponent
        exponent = -(i**2 + j**2) / (2 * sigma**2)
        bell = np.exp(exponent)
        #: the gaussian
        kernel = bell / bell.sum()
        return kernel
    if name == "sobel_x":
        #: sobel_x
        kernel = -np.array([[1.0, 0, -1], [2, 0, -2], [1, 0, -1]])
        return kernel
    if name == "sobel_y":
        #: sobel_y
        kernel = -np.array([[1.0, 2, 1], [0, 0, 0], [-1, -2, -1]])
        return kernel
    if name == "sharpen":
        return np.array([[0.0, -1, 0], [-1, 5, -1], [0, -1, 0]])
    raise ValueError(name)


def gradient_magnitude(image):
    # alike: np.sqrt(gx ** 2 + gy ** 2) -> abs(gx) + abs(gy) | abs(gx) + abs(gy) / 2 | gx ** 2 + gy ** 2 | gx + gy | abs(gx + gy) | (gx ** 2 + gy ** 2) / 2 | (abs(gx) + abs(gy)) / 2 | np.maximum(abs(gx), abs(gy)) | np.sqrt((gx ** 2 + gy ** 2) / 2) | np.sqrt(gx ** 2 + gy ** 2) / 2 | np.sqrt(abs(gx) + abs(gy)) | np.sqrt(abs(gx * gy))
    # alike: "sobel_x" "sobel_y" "sharpen" "box" "identity"
    #: the boundary
    boundary = "replicate"
    #: the kernel of gx
    across = "sobel_x"
    #: the kernel of gy
    down = "sobel_y"
    gx = conv2d(image, make_kernel(across, 3), "same", boundary)
    gy = conv2d(image, make_kernel(down, 3), "same", boundary)
    #: the strength of the edge
    strength = np.sqrt(gx**2 + gy**2)
    return strength


def signed_edge(image):
    # alike: before + here + below -> here | before + 2 * here + below
    # alike: column[:, 2:] -> column[:, 1:-1]
    # alike: column[:, :-2] -> column[:, 1:-1]
    # alike: right - left -> (right - left) / 2 | (right - left) / 3 | (right - left) / 6
    #: the boundary
    boundary = "replicate"
    padded = np.pad(np.asarray(image, np.float64), 1, "edge")
    if boundary == "zero":
        padded = np.pad(np.asarray(image, np.float64), 1)
    before, here, below = padded[:-2], padded[1:-1], padded[2:]
    #: the sum over a column of three pixels
    column = before + here + below
    #: the column on the left of a pixel
    left = column[:, :-2]
    #: the column on the right of a pixel
    right = column[:, 2:]
    #: the edge
    edge = right - left
    return edge


def dft(x):
    # alike: N -> N // 2 | N // 2 + 1
    # fact: np.iscomplexobj(x): x is complex
    # fact: len(x) & (len(x) - 1): the length is no power of 2
    # alike: k * n / N -> k * n / max(N - 1, 1) | k * n / (N + 1) | (k + 1) * n / N | k * (n + 1) / N | (k + 1) * (n + 1) / N | k * n | k * n / N ** 2 | k * n / (2 * N)
    x = np.asarray(x, np.complex128)
    N = len(x)
    X = np.zeros(N, np.complex128)
    #: the place k in X
    for k in range(N):
        #: the place n in x
        for n in range(N):
            #: the angle
            angle = -2 * np.pi * (k * n / N)
            #: the wave
            wave = np.cos(angle) + 1j * np.sin(angle)
            #: what is added to X[k]
            X[k] += x[n] * wave
    return X


def idft(spectrum):
    # fact: np.iscomplexobj(spectrum): the spectrum is complex
    # fact: len(spectrum) & (len(spectrum) - 1): the length is no power of 2
    # alike: N + 0 -> np.sqrt(N) | 2 * N | 1 / N
    # alike: k * n / N -> k * n / max(N - 1, 1) | k * n / (N + 1) | (k + 1) * n / N | k * (n + 1) / N | (k + 1) * (n + 1) / N | k * n | k * n / N ** 2 | k * n / (2 * N)
    X = np.asarray(spectrum, np.complex128)
    N = len(X)
    x = np.zeros(N, np.complex128)
    #: the place n in x
    for n in range(N):
        #: the place k in X
        for k in range(N):
            #: the angle
            angle = 2 * np.pi * (k * n / N)
            #: the wave
            wave = np.cos(angle) + 1j * np.sin(angle)
            #: what is added to x[n]
            x[n] += X[k] * wave
    #: the number that every sum is divided by
    count = N + 0
    return x / count


def fourier_coefficients(x):
    # alike: X.imag / N -> 2 * X.imag / N | X.real / N | abs(X) / N | np.angle(X)
    # alike: X.real / N -> 2 * X.real / N | abs(X) / N | X.imag / N | -X.imag / N
    # alike: N -> N - 1 | N / 2 | np.sqrt(N)
    # through: dft(x)
    X = np.fft.fft(np.asarray(x, np.float64))
    N = len(X)
    #: a
    a = X.real / N
    #: b
    b = -(X.imag / N)
    return a, b


def fft_convolve(x, k):
    # fact: len(k) > len(x): the kernel is the longer one
    # fact: (len(x) + len(k)) % 2 == 0: the result's length is odd
    # fact: (len(x) + len(k)) % 2: the result's length is even
    # alike: X * K -> X * np.conj(K) | X + K | X / K | X.real * K.real | abs(X) * abs(K)
    # alike: 1 * y -> np.abs(y) | np.round(y) | np.floor(y) | y[:N] | y[:max(N, M)] | y[M - 1:] | y[1:] | y[:-1] | y / L
    x, k = np.asarray(x, np.float64), np.asarray(k, np.float64)
    N, M = len(x), len(k)
    #: the length of the transforms
    L = N + M - 1
    X, K = np.fft.fft(x, L), np.fft.fft(k, L)
    #: the product of the spectra
    Y = X * K
    y = np.fft.ifft(Y).real
    #: the result
    kept = 1 * y
    return kept


def circular_convolve(x, k):
    # alike: n - m -> n - m - (N - M) | n - m + (M - 1) // 2 | n - m + M // 2 | m - n
    # fact: len(k) == len(x): both are as long
    # fact: len(k) < len(x): the kernel is the shorter one
    x, k = np.asarray(x, np.float64), np.asarray(k, np.float64)
    N, M = len(x), len(k)
    y = np.zeros(N)
    #: the place n in the result
    for n in range(N):
        #: the place m in the kernel
        for m in range(M):
            #: the place in x that k[m] meets
            at = n - m
            #: the period
            period = N
            place = at % period
            if place < N:
                #: what is added to a value
                y[n] += x[place] * k[m]
    return y


def deconvolve(y, k, eps):
    # fact: eps > 0: eps is above 0
    # fact: eps == 0: eps is 0
    # fact: len(k) < len(y): the kernel is the shorter one
    # alike: Y * np.conj(K) -> Y | K * np.conj(Y) | Y * abs(K) | abs(Y) * np.conj(K)
    # alike: np.abs(K) ** 2 + eps -> K + eps | np.abs(K) + eps | np.maximum(np.abs(K) ** 2, eps) | np.maximum(np.abs(K), eps) | np.abs(K) ** 2 + eps ** 2 | np.abs(K + eps) ** 2 | np.abs(K) ** 2 * (1 + eps) | K ** 2 + eps | np.sqrt(np.abs(K) ** 2 + eps)
    # alike: np.abs(K) ** 2 -> np.abs(K) | K ** 2 | K
    # alike: np.conj(K) -> K
    y, k = np.asarray(y, np.float64), np.asarray(k, np.float64)
    L = len(y)
    Y, K = np.fft.fft(y, L), np.fft.fft(k, L)
    #: the numerator
    above = Y * np.conj(K)
    #: the denominator
    below = np.abs(K) ** 2 + eps
    return np.fft.ifft(above / below).real


def ideal_low_pass(x, cutoff):
    # fact: cutoff == 0: the cutoff is 0
    # fact: len(x) % 2: the length is odd
    # fact: len(x) % 2 == 0: the length is even
    # alike: np.minimum(k, N - k) -> k | N - k | np.minimum(k, N - k) / N | np.minimum(k, N - 1 - k) | abs(k - N // 2) | 2 * np.minimum(k, N - k) | 2 * np.pi * np.minimum(k, N - k) / N
    # alike: frequency <= cutoff -> frequency > cutoff | frequency >= cutoff | frequency == cutoff | (k <= cutoff) | (k < N - cutoff)
    # alike: cutoff -> cutoff / N | N // 2 - cutoff
    X = np.fft.fft(np.asarray(x, np.float64))
    N = len(X)
    k = np.arange(N)
    #: the frequency of X[k]
    frequency = np.minimum(k, N - k)
    #: which of X stay
    stays = frequency <= cutoff
    return np.fft.ifft(stays * X).real


def cheaper_domain(n, k):
    # alike: n + k - 1 -> n | max(n, k)
    #: the number of multiplications in space
    space = n * k
    #: the length L of the FFTs
    L = n + k - 1
    #: what one FFT takes
    one = L * math.log2(L)
    #: the number of multiplications in frequency
    frequency = 3 * one + L
    #: whether space is cheaper
    is_space = space <= frequency
    return "space" if is_space else "frequency"


def relu_dft_gap(x):
    # alike: np.maximum(x, 0) -> x | abs(x) | np.minimum(x, 0)
    # alike: np.abs(first - (real + 1j * imaginary)) -> np.abs(np.abs(first) - np.abs(real + 1j * imaginary)) | np.abs(first + (real + 1j * imaginary)) | np.abs(first - (real + 1j * imaginary)) ** 2
    # alike: np.maximum(X.imag, 0) -> X.imag | 0 * X.imag | abs(X.imag)
    # alike: np.maximum(X.real, 0) -> X.real | abs(X) | abs(X.real)
    x = np.asarray(x, np.float64)
    #: the first of the two, DFT(relu(x))
    first = np.fft.fft(np.maximum(x, 0))
    X = np.fft.fft(x)
    #: the real part of relu(DFT(x))
    real = np.maximum(X.real, 0)
    #: the imaginary part of relu(DFT(x))
    imaginary = np.maximum(X.imag, 0)
    #: the gap at every k
    gap = np.abs(first - (real + 1j * imaginary))
    #: the gap
    largest = gap.max()
    return float(largest)


