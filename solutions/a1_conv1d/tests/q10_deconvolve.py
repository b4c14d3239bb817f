"""q10_deconvolve, hidden: random blurs, lost frequencies, ringing."""

from checks import case_rng, close, unchanged
from otter.test_files import test_case

OK_FORMAT = False

name = "q10_deconvolve"


@test_case(name="random signals and kernels with eps", points=1.5, hidden=True)
def test_random(deconvolve, reference):
    rng = case_rng()
    calls = [
        (rng.normal(size=n), rng.normal(size=m), eps)
        for n, m, eps in ((9, 3, 0.5), (8, 4, 0.1), (12, 1, 2.0), (7, 7, 1.0))
    ]
    with unchanged(*(y for y, _, _ in calls)):
        got = [deconvolve(*call) for call in calls]
    for answer, call in zip(got, calls, strict=True):
        close(answer, reference.deconvolve(*call))


@test_case(name="a blur that wipes a frequency out", points=1, hidden=True)
def test_lost(deconvolve, reference):
    rng = case_rng()
    calls = [
        (rng.normal(size=n), kernel, eps)
        for n, kernel, eps in ((8, [1, 1], 0.1), (6, [1, 1, 1], 0.3), (10, [2, 2], 1))
    ]
    got = [deconvolve(*call) for call in calls]
    for answer, call in zip(got, calls, strict=True):
        close(answer, reference.deconvolve(*call))


@test_case(name="random signals through a low pass", points=1.5, hidden=True)
def test_low_pass(ideal_low_pass, reference):
    rng = case_rng()
    calls = [
        (rng.normal(size=n), cutoff)
        for n, cutoff in ((8, 2), (9, 3), (12, 0), (7, 1), (8, 3), (11, 4))
    ]
    with unchanged(*(x for x, _ in calls)):
        got = [ideal_low_pass(*call) for call in calls]
    for answer, call in zip(got, calls, strict=True):
        close(answer, reference.ideal_low_pass(*call))


@test_case(name="a jump overshoots", points=1, hidden=True)
def test_jump(ideal_low_pass, reference):
    rng = case_rng()
    height = float(rng.uniform(1, 5))
    for size in (32, 33):
        jump = [0.0] * (size // 2) + [height] * (size - size // 2)
        close(ideal_low_pass(jump, 5), reference.ideal_low_pass(jump, 5))
        close(ideal_low_pass(jump, size // 2), jump)
