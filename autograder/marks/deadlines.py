"""When an assignment is due for whom, and which of several attempts counts."""

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from fractions import Fraction

from autograder.marks.numbers import exact
from autograder.records.results import Result, Verdict
from autograder.records.submission import Submission

Graded = tuple[Submission, Result]


class Counts(enum.Enum):
    """Which of several attempts counts."""

    LAST = "last"
    BEST = "best"
    LAST_ON_TIME = "last on time"


def _as_it_is(
    points: Fraction, _possible: Fraction, _late: timedelta | None
) -> Fraction:
    return points


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """When an assignment is due, and which attempt counts.

    due : None where nothing is late
    zone : of times that name none; None: they are compared as they are, and with one
        that names its zone as this machine's local time
    extended : other deadlines, by roster id
    grace : a delay that still counts as on time
    worth : the points that an attempt is worth, of its points, the possible ones and
        its delay; the best attempt is best in this
    """

    due: datetime | None = None
    zone: tzinfo | None = None
    extended: Mapping[str, datetime] = field(default_factory=dict)
    counts: Counts = Counts.LAST
    grace: timedelta = timedelta(0)
    worth: Callable[[Fraction, Fraction, timedelta | None], Fraction] = _as_it_is

    def deadline(self, student_id: str) -> datetime | None:
        """Return the student's own deadline."""
        return self.extended.get(student_id, self.due)

    def late_by(self, submission: Submission, student_id: str) -> timedelta | None:
        """Return how long after the student's deadline it came in; None: it did not."""
        submitted, due = submission.submitted_at, self.deadline(student_id)
        if submitted is None or due is None:
            return None
        if self.zone is not None:
            submitted, due = _in_zone(submitted, self.zone), _in_zone(due, self.zone)
        if submitted.tzinfo is None and due.tzinfo is None:
            by = submitted - due
        else:
            # Not a difference: within a zone that is of what the clocks show, an hour
            # off where they were put back. A time without a zone is this machine's.
            by = timedelta(seconds=submitted.timestamp() - due.timestamp())
        return by if by > timedelta(0) else None

    def choose(self, attempts: Sequence[Graded], student_id: str) -> Graded:
        """Return the attempt that counts, of one or more.

        Of equal numbers the one handed in last is the later one, then the one that
        stands last. Where the best one is asked for and one could not be graded, that
        one is returned: nobody knows yet which is best.
        """
        in_order = sorted(attempts, key=lambda pair: _order(pair[0]))
        if self.counts is Counts.LAST_ON_TIME:
            in_time = [p for p in in_order if self.is_in_time(p[0], student_id)]
            return (in_time or in_order)[-1]
        if self.counts is Counts.BEST:
            open_ones = [p for p in in_order if is_open(p[1])]
            if open_ones:
                return open_ones[-1]
            # Of equal ones max takes the first, and the later one counts.
            return max(
                reversed(in_order), key=lambda p: self._worth(p[0], p[1], student_id)
            )
        return in_order[-1]

    def is_in_time(self, submission: Submission, student_id: str) -> bool:
        """Tell whether it came in before the deadline, or within the grace."""
        late = self.late_by(submission, student_id)
        return late is None or late <= self.grace

    def _worth(
        self, submission: Submission, result: Result, student_id: str
    ) -> Fraction:
        late = self.late_by(submission, student_id)
        points, possible = exact(result.score or 0.0), exact(result.possible)
        return self.worth(points, possible, late)


def is_open(result: Result) -> bool:
    """Tell whether a submission could not be graded, through no fault of its own."""
    return result.verdict is Verdict.FAULT or result.score is None


def _in_zone(moment: datetime, zone: tzinfo) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _order(submission: Submission) -> tuple[int, float]:
    when = submission.submitted_at
    return submission.attempt, when.timestamp() if when else float("-inf")
