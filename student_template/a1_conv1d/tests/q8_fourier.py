"""q8_fourier, public: four values by hand, three values, a sine and a cosine."""

import numpy as np
from checks import close, fields, unchanged
from otter.test_files import test_case

OK_FORMAT = False

name = "q8_fourier"

X, SPECTRUM = [1, 2, 3, 4], [10, -2 + 2j, -2, -2 - 2j]
ROOT = 3**0.5


@test_case(name="the DFT of four numbers", points=1)
def test_dft(dft):
    close(dft(X), np.array(SPECTRUM))


@test_case(name="the DFT of three numbers, the signal as it was", points=0.5)
def test_three(dft):
    # 1 - (1 + ROOT j) / 2 for k = 1: the value at n = 1 turns by a third of a circle.
    x = np.array([1.0, 1.0, 0.0])
    with unchanged(x):
        close(dft(x), np.array([2, (1 - ROOT * 1j) / 2, (1 + ROOT * 1j) / 2]))


@test_case(name="the DFT of a complex signal", points=0.5)
def test_complex(dft):
    close(dft([1j, 0]), np.array([1j, 1j]))


@test_case(name="and back, the spectrum as it was", points=1)
def test_idft(idft):
    spectrum = np.array(SPECTRUM)
    with unchanged(spectrum):
        close(idft(spectrum), np.array(X, dtype=complex))
    close(idft(SPECTRUM), np.array(X, dtype=complex))


@test_case(name="back to a complex signal", points=0.5)
def test_idft_complex(idft):
    close(idft([1j, 1j]), np.array([1j, 0]))


@test_case(name="a constant and a sine, the signal as it was", points=0.5)
def test_sine(fourier_coefficients):
    x = np.array([1, 2, 1, 0])
    with unchanged(x):
        a, b = fields(fourier_coefficients(x), "a", "b")
    close(a, [1, 0, 0, 0], what="a")
    close(b, [0, 0.5, 0, -0.5], what="b")


@test_case(name="a constant, a cosine and a sine", points=0.5)
def test_cosine(fourier_coefficients):
    a, b = fields(fourier_coefficients([3, 3, 1, 1]), "a", "b")
    close(a, [2, 0.5, 0, 0.5], what="a")
    close(b, [0, 0.5, 0, -0.5], what="b")
