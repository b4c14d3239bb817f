"""The bounds that docs tell are those that hold, to the number."""

from pathlib import Path

import pytest

from autograder.course.costs import MULTIPLE
from autograder.grading import grade, grading_run, own_limits
from autograder.grading.proxy import Room
from autograder.sandbox import asking, budget, reply_size, session, stopwatch

DOCS = Path(__file__).parents[2] / "docs"
SECURITY, MAINTAINERS, STUDENTS, AUTHORS = (
    " ".join((DOCS / f"{name}.md").read_text(encoding="utf-8").split())
    for name in ("security", "maintainers", "students", "authors")
)
MIB = 2**20


@pytest.mark.parametrize(
    ("page", "told", "bounds"),
    [
        (SECURITY, "is made (2^25 numbers)", (reply_size.MOST_NUMBERS / 2**25,)),
        (
            SECURITY,
            (
                "the calls of a case return 256 MiB at most, and so much is kept of a "
                "submission"
            ),
            (session.MOST_BYTES / 256 / MIB, Room().left / 256 / MIB),
        ),
        (
            SECURITY,
            (
                "A case has 120 s of the grader's own processor time, all of them "
                "together 600 s"
            ),
            (grading_run.OWN_SECONDS / 120, grading_run.OwnSeconds().left / 600),
        ),
        (
            SECURITY,
            "Naming mistakes has 60 s of a submission",
            (grade.SECONDS_TO_EXPLAIN / 60,),
        ),
        (
            SECURITY,
            "run in a worker of their own, 10,000 times and 64 MiB a case",
            (asking.MOST_CALLS / 10_000, asking.MOST_BYTES / 64 / MIB),
        ),
        (AUTHORS, "at most 10,000 calls and 64 MiB in a case", ()),
        (
            SECURITY,
            "a grader has 4 GiB and 30 minutes of its own processor time",
            (own_limits.MOST_MIB / 4096, own_limits.MOST_SECONDS / 30 / 60),
        ),
        (
            MAINTAINERS,
            "has ended a hundred of its workers gets no more of them",
            (budget.MOST_DEATHS / 100,),
        ),
        (
            MAINTAINERS,
            "After twice its processor time it ends",
            (stopwatch.IDLE_MULTIPLE / 2,),
        ),
        (
            MAINTAINERS,
            "to forty times the processor time. If a tenth of it was spent",
            (stopwatch.WALL_MULTIPLE / 40, stopwatch.KEPT_SHARE * 10),
        ),
        (MAINTAINERS, "One look counts half a second at most", (2 * stopwatch.LATE,)),
        (
            MAINTAINERS,
            "A call goes on for half as long again as its case may take",
            (budget.OVERTIME / 1.5,),
        ),
        (
            STUDENTS,
            "You have ten times what our slowest right solution takes",
            (MULTIPLE / 10,),
        ),
        (AUTHORS, "A case may take ten times that", (MULTIPLE / 10,)),
    ],
)
def test_a_bound_that_is_told_is_the_one_that_holds(
    page: str, told: str, bounds: tuple[float, ...]
) -> None:
    assert told in page
    assert bounds == (1.0,) * len(bounds)
