"""q8_fourier, hidden: random signals of many lengths."""

from checks import case_rng, close, fields, unchanged
from otter.test_files import test_case

OK_FORMAT = False

name = "q8_fourier"

LENGTHS = (8, 7, 12, 1, 5, 2)
WITH_SINES = 3  # of one or two values nothing is left for the sines


def _compare(function, right, signals):
    got = [function(x) for x in signals]
    for answer, x in zip(got, signals, strict=True):
        close(answer, right(x))


def _real():
    rng = case_rng()
    return [rng.normal(size=n) for n in (*LENGTHS, rng.integers(9, 30))]


def _complex():
    rng = case_rng()
    return [rng.normal(size=n) + 1j * rng.normal(size=n) for n in LENGTHS]


@test_case(name="the DFT of random signals", points=2, hidden=True)
def test_dft(dft, reference):
    signals = _real()
    with unchanged(*signals):
        _compare(dft, reference.dft, signals)


@test_case(name="the DFT of random complex signals", points=1, hidden=True)
def test_dft_complex(dft, reference):
    _compare(dft, reference.dft, _complex())


@test_case(name="the inverse DFT of random spectra", points=2, hidden=True)
def test_idft(idft, reference):
    signals = _complex()
    with unchanged(*signals):
        _compare(idft, reference.idft, signals)


@test_case(name="the cosines of random signals", points=1.5, hidden=True)
def test_cosines(fourier_coefficients, reference):
    signals = _real()
    got = [fourier_coefficients(x) for x in signals]
    for answer, x in zip(got, signals, strict=True):
        a, _ = fields(answer, "a", "b")
        close(a, reference.fourier_coefficients(x)[0])


@test_case(name="the sines of random signals", points=1.5, hidden=True)
def test_sines(fourier_coefficients, reference):
    signals = [x for x in _real() if x.size >= WITH_SINES]
    got = [fourier_coefficients(x) for x in signals]
    for answer, x in zip(got, signals, strict=True):
        _, b = fields(answer, "a", "b")
        close(b, reference.fourier_coefficients(x)[1])
