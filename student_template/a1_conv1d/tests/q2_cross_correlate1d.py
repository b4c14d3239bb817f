"""q2_cross_correlate1d, public: by hand."""

from checks import close, raises
from otter.test_files import test_case

OK_FORMAT = False

name = "q2_cross_correlate1d"

PATIENTS, DOSES = [1, 2, 3, 4, 5], [3, 2, 1]


@test_case(name="the hospital's numbers, without the flip", points=1.5)
def test_full(cross_correlate1d):
    close(cross_correlate1d(PATIENTS, DOSES, "full"), [1, 4, 10, 16, 22, 22, 15])


@test_case(name="the same, same and valid", points=1)
def test_modes(cross_correlate1d):
    close(cross_correlate1d(PATIENTS, DOSES, "same"), [4, 10, 16, 22, 22])
    close(cross_correlate1d(PATIENTS, DOSES, "valid"), [10, 16, 22])


@test_case(name="an unknown mode is refused", points=0.5)
def test_refused(cross_correlate1d):
    raises(ValueError, cross_correlate1d, [1, 2, 3], [1, 2], "wide")
