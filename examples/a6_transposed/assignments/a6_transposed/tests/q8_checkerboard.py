"""q8_checkerboard, public: overlaps counted by hand."""

from checks import close, equal
from otter.test_files import test_case

OK_FORMAT = False

name = "q8_checkerboard"


@test_case(name="a kernel of 4, stride 2: even inside", points=1)
def test_even(overlap_count):
    close(overlap_count(4, 4, 2), [1, 1, 2, 2, 2, 2, 2, 2, 1, 1])


@test_case(name="a kernel of 3, stride 2: every other one", points=1)
def test_uneven(overlap_count):
    close(overlap_count(4, 3, 2), [1, 1, 2, 1, 2, 1, 2, 1, 1])


@test_case(name="which have a checkerboard", points=1)
def test_which(has_checkerboard):
    pairs = [(5, 2), (6, 2), (6, 3), (5, 3), (3, 1), (2, 3)]
    equal(
        [has_checkerboard(*pair) for pair in pairs],
        [True, False, False, True, False, True],
    )
