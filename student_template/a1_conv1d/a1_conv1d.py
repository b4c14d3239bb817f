"""Convolution and the Fourier transform.

Fill in the functions below, in any order; the handout (README.md) tells the story. The
docstrings are exact: what they say counts, what they leave open is yours. Everywhere

- array_like means a list, a tuple or a NumPy array of whole or floating-point numbers
  of any type, uint8 included. Compute in float64: nothing may be cut off or wrap.
- An array may be read-only, and lie in memory in any way: what counts is its values.
- Results may be arrays or lists. Arguments stay as they were given.
- The standard library and NumPy are all you need, and all that may be imported.
"""

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Complexes = npt.NDArray[np.complex128]


def conv1d(x: npt.ArrayLike, k: npt.ArrayLike, mode: str) -> Floats:
    """Convolve a signal with a kernel: flip the kernel, slide it, multiply and sum.

    (x * k)[n] = sum over m of x[m] k[n - m], with zeros beyond both ends

    x : (N,) array_like, N >= 1
    k : (M,) array_like, M >= 1, which may be longer than x
    mode : how much of the result is kept, as in numpy.convolve::

            full   all N + M - 1 values, n = 0 … N + M - 2
            same   max(N, M) of them, from n = (min(N, M) - 1) // 2 on
            valid  the max(N, M) - min(N, M) + 1 in which the shorter of the two
                   lies wholly inside the longer, from n = min(N, M) - 1 on

    Returns float64 of the length that mode says
    Raises ValueError for any other mode
    Source: Goodfellow et al. (2016), Deep Learning, eq. 9.3
    >>> conv1d([1, 2, 3], [1, 1], "full").tolist()
    [1.0, 3.0, 5.0, 3.0]
    >>> conv1d([1, 2, 3], [1, 1], "same").tolist()
    [1.0, 3.0, 5.0]
    """
    raise NotImplementedError("conv1d: not started yet")


def cross_correlate1d(x: npt.ArrayLike, k: npt.ArrayLike, mode: str) -> Floats:
    """Slide a kernel over a signal without flipping it, as CNN frameworks do.

    The value at lag l is sum over m of x[m + l] k[m], with zeros beyond both ends.
    In mode full the lags run from -(M - 1) to N - 1.

    x : (N,) array_like of real numbers, so nothing needs to be conjugated
    k : (M,) array_like; M <= N in mode same, any M >= 1 in full and valid
    mode : full, same or valid, the same parts of the full result as in conv1d

    For real numbers this is numpy.correlate(x, k, mode).
    Returns float64 of the length that mode says
    Raises ValueError for any other mode
    Source: Goodfellow et al. (2016), Deep Learning, eq. 9.6
    >>> cross_correlate1d([1, 2, 3], [1, 0], "full").tolist()
    [0.0, 1.0, 2.0, 3.0]
    """
    raise NotImplementedError("cross_correlate1d: not started yet")


def pad1d(x: npt.ArrayLike, p: int, mode: str) -> Floats:
    """Continue a signal by p values at each of its two ends.

    x : (N,) array_like, N >= 1
    p : number of new values at each end, p >= 0
    mode : what lies outside, here for x = [1, 2, 3, 4] and p = 2::

            zero       0 0 | 1 2 3 4 | 0 0    as in a CNN
            reflect    3 2 | 1 2 3 4 | 3 2    a mirror on the last value; p <= N - 1
            replicate  1 1 | 1 2 3 4 | 4 4    the last value goes on
            circular   3 4 | 1 2 3 4 | 1 2    the signal starts again; p <= N

    Returns (N + 2p,) float64
    Raises ValueError for any other mode
    Source: the padding modes of torch.nn.functional.pad; numpy.pad calls them constant,
    reflect, edge and wrap
    >>> pad1d([5, 7], 1, "replicate").tolist()
    [5.0, 5.0, 7.0, 7.0]
    """
    raise NotImplementedError("pad1d: not started yet")


def conv2d(
    image: npt.ArrayLike, kernel: npt.ArrayLike, mode: str, boundary: str
) -> Floats:
    """Convolve a grey image with a kernel that is flipped on both axes.

    (image * kernel)[n, m] = sum over i, j of kernel[i, j] image[n - i, m - j]

    image : (H, W) array_like
    kernel : (KH, KW) array_like, 1 <= KH <= H and 1 <= KW <= W, odd or even
    mode : on each axis as in conv1d::

            full   (H + KH - 1, W + KW - 1), n and m from 0 on
            same   (H, W), from n = (KH - 1) // 2 and m = (KW - 1) // 2 on
            valid  (H - KH + 1, W - KW + 1), from n = KH - 1 and m = KW - 1 on

    boundary : what lies outside the image: zero, reflect, replicate or circular, on
        each axis as in pad1d. It decides in mode same. In mode valid nothing outside
        is needed, and mode full is asked with zero only
    Returns float64 of the shape that mode says
    Raises ValueError for any other mode, and for any other boundary in mode same
    Source: Gonzalez and Woods (2018), Digital Image Processing, eq. 3-35
    >>> conv2d([[0, 0, 0], [0, 1, 0], [0, 0, 0]], [[1, 2, 3]], "same", "zero").tolist()
    [[0.0, 0.0, 0.0], [1.0, 2.0, 3.0], [0.0, 0.0, 0.0]]
    """
    raise NotImplementedError("conv2d: not started yet")


def filter_rgb(image: npt.ArrayLike, kernel: npt.ArrayLike) -> Floats:
    """Convolve every colour channel of an image with the same kernel, by itself.

    output[:, :, c] = image[:, :, c] * kernel, in mode same with zeros outside.
    (A convolution layer of a CNN sums over the channels instead: assignment a3.)

    image : (H, W, C) array_like, C >= 1 channels, often uint8 with C = 3
    kernel : (KH, KW) array_like, 1 <= KH <= H and 1 <= KW <= W
    Returns (H, W, C) float64, neither rounded nor limited to 0 … 255
    Source: the lecture, "Convolution in 2D"
    >>> filter_rgb([[[1, 10, 100], [2, 20, 200]]], [[3]]).tolist()
    [[[3.0, 30.0, 300.0], [6.0, 60.0, 600.0]]]
    """
    raise NotImplementedError("filter_rgb: not started yet")


def make_kernel(name: str, size: int) -> Floats:
    """Return a common kernel.

    name : one of::

            identity  1 in the centre, 0 elsewhere
            box       the mean over the window: every value is 1 / size**2
            gaussian  proportional to exp(-(i**2 + j**2) / (2 sigma**2)), i and j
                      counted from the centre, sigma = size / 6; its sum is 1
            sobel_x   [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
            sobel_y   [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]
            sharpen   [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]

    size : height and width, odd and >= 1. For sobel_x, sobel_y and sharpen only 3 is
        asked; at other odd sizes do what you like
    Returns (size, size) float64
    Raises ValueError for an even size, whatever the name: an even kernel has no centre;
    and for an unknown name
    Source: Gonzalez and Woods (2018), Digital Image Processing, sec. 3.5 and 3.6
    >>> make_kernel("box", 3).round(3).tolist()[0]
    [0.111, 0.111, 0.111]
    """
    raise NotImplementedError("make_kernel: not started yet")


def gradient_magnitude(image: npt.ArrayLike) -> Floats:
    """Return how strong the edge at every pixel is, whatever its direction.

    sqrt(gx**2 + gy**2), where gx and gy are the image convolved with sobel_x and
    sobel_y as make_kernel gives them, undivided; mode same, boundary replicate, so
    that the border of the picture is no edge

    image : (H, W) array_like, H >= 3 and W >= 3
    Returns (H, W) float64
    Source: Gonzalez and Woods (2018), Digital Image Processing, eq. 3-58
    >>> gradient_magnitude([[0, 0, 1, 1]] * 3)[1].tolist()
    [0.0, 4.0, 4.0, 0.0]
    """
    raise NotImplementedError("gradient_magnitude: not started yet")


def signed_edge(image: npt.ArrayLike) -> Floats:
    """Return how fast the image brightens to the right, with its sign.

    At every pixel: the three pixels of the column on its right (from the row above to
    the row below) minus the three of the column on its left; boundary replicate.
    So on a ramp that rises by s from column to column it is +6 s inside, and on
    one that falls it is negative. These are the numbers of the lecture's
    differentiation kernel; mind what a convolution does to the kernel.

    image : (H, W) array_like, H >= 3 and W >= 3
    Returns (H, W) float64
    Source: the lecture, "Some common kernels"; J. Prewitt (1970)
    >>> signed_edge([[0, 1, 2, 3]] * 3)[1].tolist()
    [3.0, 6.0, 6.0, 3.0]
    """
    raise NotImplementedError("signed_edge: not started yet")


def dft(x: npt.ArrayLike) -> Complexes:
    """Return the discrete Fourier transform, the sum written out.

    X[k] = sum over n = 0 … N - 1 of x[n] exp(-2j pi k n / N), for k = 0 … N - 1

    x : (N,) array_like, real or complex, N >= 1, any N
    Returns (N,) complex128
    Source: Oppenheim and Schafer (2010), Discrete-Time Signal Processing, eq. 8.11
    >>> dft([1, 2]).real.round(6).tolist()
    [3.0, -1.0]
    """
    raise NotImplementedError("dft: not started yet")


def idft(spectrum: npt.ArrayLike) -> Complexes:
    """Return the signal that has the given discrete Fourier transform.

    x[n] = 1/N sum over k = 0 … N - 1 of X[k] exp(+2j pi k n / N), for n = 0 … N - 1

    spectrum : X, (N,) array_like, complex, N >= 1
    Returns (N,) complex128; where the spectrum is that of a real signal, real numbers
    are as good
    Source: Oppenheim and Schafer (2010), Discrete-Time Signal Processing, eq. 8.12
    >>> idft([3, -1]).real.round(6).tolist()
    [1.0, 2.0]
    """
    raise NotImplementedError("idft: not started yet")


def fourier_coefficients(x: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return the weights of the cosines and the sines that make up a real signal.

    x[n] = sum over k = 0 … N - 1 of a[k] cos(2 pi k n / N) + b[k] sin(2 pi k n / N)

    with a[k] - j b[k] = c[k] = X[k] / N, where X is the DFT of x

    x : (N,) array_like of real numbers, N >= 1
    Returns (a, b), each (N,) float64: one value for each k from 0 to N - 1
    Source: the lecture, "A side tangent on frequency representation", with its sign and
    factor put right in the handout
    >>> a, b = fourier_coefficients([2, 0])
    >>> a.round(6).tolist()
    [1.0, 1.0]
    """
    raise NotImplementedError("fourier_coefficients: not started yet")


def fft_convolve(x: npt.ArrayLike, k: npt.ArrayLike) -> Floats:
    """Convolve through the frequency domain: transform, multiply, transform back.

    The result is that of conv1d in mode full. Mind the length: a product of two
    DFTs is a circular convolution.

    x : (N,) array_like, N >= 1
    k : (M,) array_like, M >= 1, which may be longer than x
    Returns (N + M - 1,) float64, real and not rounded
    Source: Oppenheim and Schafer (2010), Discrete-Time Signal Processing, sec. 8.7
    numpy.fft and your own dft and idft are both fine here.
    >>> fft_convolve([1, 2, 3], [1, 1]).round(6).tolist()
    [1.0, 3.0, 5.0, 3.0]
    """
    raise NotImplementedError("fft_convolve: not started yet")


def circular_convolve(x: npt.ArrayLike, k: npt.ArrayLike) -> Floats:
    """Convolve a signal that starts again where it ends.

    y[n] = sum over m = 0 … M - 1 of k[m] x[(n - m) mod N], for n = 0 … N - 1

    x : (N,) array_like, one period
    k : (M,) array_like, 1 <= M <= N
    Returns (N,) float64, real and not rounded
    Source: Oppenheim and Schafer (2010), Discrete-Time Signal Processing, eq. 8.114
    >>> circular_convolve([1, 2, 3], [1, 1]).round(6).tolist()
    [4.0, 3.0, 5.0]
    """
    raise NotImplementedError("circular_convolve: not started yet")


def deconvolve(y: npt.ArrayLike, k: npt.ArrayLike, eps: float) -> Floats:
    """Undo a blur: find x where y is x convolved with k.

    X[f] = Y[f] conj(K[f]) / (abs(K[f])**2 + eps)

    X, Y and K are DFTs of length L; k is continued by zeros to that length. With
    eps = 0 this is Y / K. Where K[f] is (nearly) 0 the blur has wiped that frequency
    out, and only eps > 0 keeps it from turning rounding and noise into something huge.

    y : (L,) array_like
    k : (M,) array_like, 1 <= M <= L
    eps : >= 0; above 0 where some K[f] is 0
    Returns (L,) float64, real; if y is a full convolution of N values with k, the last
    M - 1 of them are (nearly) 0
    Source: Gonzalez and Woods (2018), Digital Image Processing, eq. 5-85
    >>> deconvolve([2, 5, 2], [2, 1], 0).round(6).tolist()
    [1.0, 2.0, 0.0]
    """
    raise NotImplementedError("deconvolve: not started yet")


def ideal_low_pass(x: npt.ArrayLike, cutoff: int) -> Floats:
    """Keep the slow waves of a signal and none of the fast ones.

    X[k] stays where the frequency min(k, N - k) <= cutoff and becomes 0 elsewhere.
    Such a sharp edge in frequency gives ringing in space: beside a jump the result
    overshoots and swings.

    x : (N,) array_like of real numbers, N >= 1
    cutoff : the highest frequency that stays, in periods per N values, 0 … N // 2
    Returns (N,) float64, real
    Source: the lecture, "Convolution is multiplication in frequency"
    >>> ideal_low_pass([4, 0, 0, 0], 1).round(6).tolist()
    [3.0, 1.0, -1.0, 1.0]
    """
    raise NotImplementedError("ideal_low_pass: not started yet")


def cheaper_domain(n: int, k: int) -> str:
    """Say where a full 1-D convolution takes fewer multiplications.

    In space it takes n k. In frequency it takes three FFTs of length L = n + k - 1,
    L log2(L) each, and L for the product: 3 L log2(L) + L.

    n : length of the signal, >= 1
    k : length of the kernel, >= 1
    Returns "space" or "frequency"; "space" where both take the same
    Source: the lecture, "Fourier Transform" (one FFT takes O(n log n))
    >>> cheaper_domain(1000, 3)
    'space'
    """
    raise NotImplementedError("cheaper_domain: not started yet")


def relu_dft_gap(x: npt.ArrayLike) -> float:
    """Return how far the DFT and ReLU are from commuting on a signal.

    The largest abs(D[k]) over all k, for D = DFT(relu(x)) - relu(DFT(x)). Here relu(v)
    is max(v, 0), and of a complex number it takes the real and the imaginary part by
    itself: relu(u + j v) = relu(u) + j relu(v)

    If they commuted, the gap would be 0 for every x, and a CNN could stay in the
    frequency domain from the first layer to the last.

    x : (N,) array_like of real numbers, N >= 1
    Returns float
    Source: the lecture, "why do CNNs operate in the spatial domain?"
    >>> round(relu_dft_gap([1, -2]), 6)
    2.0
    """
    raise NotImplementedError("relu_dft_gap: not started yet")
