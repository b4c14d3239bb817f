"""q8_checkerboard, hidden: kernels and strides of every kind."""

from checks import case_rng, close, equal
from otter.test_files import test_case

OK_FORMAT = False

name = "q8_checkerboard"


@test_case(name="random kernels and strides", points=1.75, hidden=True)
def test_count(overlap_count, reference):
    rng = case_rng()
    for stride in (1, 2, 3, 4):
        n, kernel = (int(v) for v in rng.integers(3, 9, size=2))
        close(
            overlap_count(n, kernel, stride), reference.overlap_count(n, kernel, stride)
        )


@test_case(name="which have one, kernels up to 12", points=1.25, hidden=True)
def test_which(has_checkerboard, reference):
    pairs = [(k, s) for k in range(1, 13) for s in range(1, 6)]
    order = case_rng().permutation(len(pairs))
    pairs = [pairs[i] for i in order]
    wanted = [reference.has_checkerboard(*pair) for pair in pairs]
    equal([has_checkerboard(*pair) for pair in pairs], wanted)
