"""q9_fft_convolve, public: the hospital, linear and circular."""

import numpy as np
from checks import close, unchanged
from otter.test_files import test_case

OK_FORMAT = False

name = "q9_fft_convolve"

PATIENTS, DOSES = [1, 2, 3, 4, 5], [3, 2, 1]


@test_case(name="the hospital of the lecture", points=1)
def test_hospital(fft_convolve):
    close(fft_convolve(PATIENTS, DOSES), [3, 8, 14, 20, 26, 14, 5])


@test_case(name="fractions and signs stay, and so do the inputs", points=0.5)
def test_fractions(fft_convolve):
    x, k = np.array([0.5, 0.25]), np.array([-0.5])
    with unchanged(x, k):
        close(fft_convolve(x, k), [-0.25, -0.125])


@test_case(name="a kernel that is longer than the signal", points=0.5)
def test_longer(fft_convolve):
    close(fft_convolve([1, 1], [1, 2, 3]), [1, 3, 5, 3])


@test_case(name="the hospital in a week of five days that starts again", points=1)
def test_circular(circular_convolve):
    close(circular_convolve(PATIENTS, DOSES), [17, 13, 14, 20, 26])


@test_case(name="circular, too: fractions stay, and so do the inputs", points=0.5)
def test_circular_fractions(circular_convolve):
    x, k = np.array([0.5, 0.25]), np.array([0.5])
    with unchanged(x, k):
        close(circular_convolve(x, k), [0.25, 0.125])
