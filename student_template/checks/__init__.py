"""Comparisons that the tests of this course use, on a laptop as in grading.

A test compares what your function returned with what it should have returned::

    from checks import close, unchanged

    with unchanged(x, k):
        close(conv1d(x, k, "full"), [3, 8, 14, 20, 26, 14, 5])

Nothing in here knows an answer: expected values stand in the tests.
"""

from checks.calls import each
from checks.compare import ATOL_OF_MAX, RTOL, close, equal, holds, one_close
from checks.failure import CheckFailedError
from checks.probing import collected_notes, measurement, note, probe
from checks.raising import raises
from checks.seeding import case_rng, seed_of_case, use_seed
from checks.showing import collected_offers, show
from checks.tuples import fields, in_any_order, in_order
from checks.unchanging import tell_changes, unchanged

__all__ = [
    "ATOL_OF_MAX",
    "RTOL",
    "CheckFailedError",
    "case_rng",
    "close",
    "collected_notes",
    "collected_offers",
    "each",
    "equal",
    "fields",
    "holds",
    "in_any_order",
    "in_order",
    "measurement",
    "note",
    "one_close",
    "probe",
    "raises",
    "seed_of_case",
    "show",
    "tell_changes",
    "unchanged",
    "use_seed",
]
