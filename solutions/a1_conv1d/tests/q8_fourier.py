"""q8_fourier, hidden: random signals of many lengths, real and complex."""

import numpy as np
from checks import case_rng, close, each, fields
from checks.layouts import LAYOUTS, laid
from otter.test_files import test_case

OK_FORMAT = False

name = "q8_fourier"

POWERS_OF_TWO = (8, 2, 16, 4)
OTHERS = (7, 12, 1, 5, 9)
WITH_SINES = 3  # of one or two values nothing is left for the sines


def _compare(function, right, signals):
    expected = [right(x) for x in signals]
    got = each(function, [(x,) for x in signals])
    for answer, wanted in zip(got, expected, strict=True):
        close(answer, wanted)


def _real(lengths):
    rng = case_rng()
    return [rng.normal(size=n) for n in lengths]


def _complex(lengths):
    rng = case_rng()
    return [rng.normal(size=n) + 1j * rng.normal(size=n) for n in lengths]


@test_case(name="the DFT, lengths that are powers of two", points=1, hidden=True)
def test_dft(dft, reference):
    _compare(dft, reference.dft, _real(POWERS_OF_TWO))


@test_case(name="the DFT, any length", points=0.5, hidden=True)
def test_dft_any(dft, reference):
    length = int(case_rng().integers(9, 30)) | 1
    _compare(dft, reference.dft, _real((*OTHERS, length)))


@test_case(name="the DFT of random complex signals", points=0.5, hidden=True)
def test_dft_complex(dft, reference):
    _compare(dft, reference.dft, _complex(POWERS_OF_TWO))


@test_case(
    name="the DFT of uint8, float32, tuples, other layouts", points=0.5, hidden=True
)
def test_types(dft, reference):
    rng = case_rng()
    x = rng.integers(0, 256, size=8).astype(np.uint8)
    signals = [x, tuple(x.tolist()), rng.normal(size=4).astype(np.float32)]
    signals += [laid(rng.normal(size=4), layout) for layout in LAYOUTS]
    _compare(dft, reference.dft, signals)


@test_case(name="the inverse DFT of random spectra", points=1.5, hidden=True)
def test_idft(idft, reference):
    _compare(idft, reference.idft, _complex(POWERS_OF_TWO))


@test_case(name="the inverse DFT, any length, any kind", points=0.5, hidden=True)
def test_idft_any(idft, reference):
    spectra = _complex((*OTHERS, *[4] * len(LAYOUTS)))
    spectra = spectra[: len(OTHERS)] + [
        laid(spectrum, layout)
        for spectrum, layout in zip(spectra[len(OTHERS) :], LAYOUTS, strict=True)
    ]
    whole = case_rng().integers(0, 256, size=8)
    spectra += [whole.astype(np.uint8), whole.astype(np.float32)]
    _compare(idft, reference.idft, spectra)


@test_case(name="the cosines of random signals", points=1.5, hidden=True)
def test_cosines(fourier_coefficients, reference):
    signals = _real((*POWERS_OF_TWO, *OTHERS))
    signals += [laid(signals[0], layout) for layout in LAYOUTS]
    whole = case_rng().integers(0, 256, size=8)
    signals += [whole.astype(np.uint8), whole.astype(np.float32)]
    got = each(fourier_coefficients, [(x,) for x in signals])
    for answer, x in zip(got, signals, strict=True):
        a, _ = fields(answer, "a", "b")
        close(a, reference.fourier_coefficients(x)[0], what="a")


@test_case(name="the sines of random signals", points=1.5, hidden=True)
def test_sines(fourier_coefficients, reference):
    lengths = (n for n in (*POWERS_OF_TWO, *OTHERS) if n >= WITH_SINES)
    signals = _real(lengths)
    got = each(fourier_coefficients, [(x,) for x in signals])
    for answer, x in zip(got, signals, strict=True):
        _, b = fields(answer, "a", "b")
        close(b, reference.fourier_coefficients(x)[1], what="b")
