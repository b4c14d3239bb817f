"""When an assignment is due for whom, and which of several attempts counts."""

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from fractions import Fraction

from autograder.marks.numbers import exact
from autograder.records.moments import in_zone, moment_of
from autograder.records.results import Result, Verdict
from autograder.records.submission import IN_TIME, Clock, Submission

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


FOREVER = timedelta(days=36600)
"""A delay that nothing is known of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """How long after the deadline something came in, as far as is known.

    at_least, at_most : None where it was in time, or there is no deadline
    doubt : why the two differ, "" where they are one
    """

    at_least: timedelta | None = None
    at_most: timedelta | None = None
    doubt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """When an assignment is due, and which attempt counts.

    due : None where nothing is late
    zone : of times that name none; None: nobody named one, and only local times are
        compared with a deadline that names none
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

    def delay(self, submission: Submission, student_id: str) -> Delay:
        """Return how long after the student's deadline it came in.

        What has no time and what the LMS says came in time did so; where the LMS says
        that it was late, nobody knows by how much.
        """
        told, due = submission.submitted_at, self.deadline(student_id)
        if due is None or (told is None and submission.lms_says == IN_TIME):
            return Delay()
        if due.tzinfo is None:
            if self.zone is not None:
                due = in_zone(due, self.zone).latest or due.replace(tzinfo=self.zone)
            elif told is not None and told.tzinfo is None:
                by = _positive(told - due)
                old = submission.clock is Clock.UNSAID
                doubt = moment_of(submission, None).doubt if old else ""
                return Delay(at_least=by, at_most=by, doubt=doubt)
            else:
                doubt = "the deadline names no zone: give --timezone"
                return Delay(at_most=FOREVER, doubt=doubt)
        when = moment_of(submission, self.zone)
        if when.earliest is None or when.latest is None:
            return Delay(at_most=FOREVER, doubt=when.doubt)
        return Delay(
            at_least=_positive(when.earliest - due.astimezone(UTC)),
            at_most=_positive(when.latest - due.astimezone(UTC)),
            doubt=when.doubt,
        )

    def late_by(self, submission: Submission, student_id: str) -> timedelta | None:
        """Return how late it came in at least; None: in time, as far as is known."""
        return self.delay(submission, student_id).at_least

    def shown(self, submission: Submission) -> datetime | None:
        """Return when it came in, as a clock of the course shows it."""
        told = submission.submitted_at
        if told is None or told.tzinfo is None or self.zone is None:
            return told
        if submission.clock is Clock.LOCAL:
            return told.replace(tzinfo=self.zone)
        return told.astimezone(self.zone)

    def choose(self, attempts: Sequence[Graded], student_id: str) -> Graded:
        """Return the attempt that counts, of one or more.

        Of equal numbers the one handed in last is the later one, then the one that
        stands last. Where the best one is asked for and one could not be graded, that
        one is returned: nobody knows yet which is best.
        """
        return self._choose(attempts, student_id, lambda delay: delay.at_least)

    def undecided(self, attempts: Sequence[Graded], student_id: str) -> str:
        """Say why nobody knows which attempt counts, "" where it is certain."""
        delays = [self.delay(submission, student_id) for submission, _ in attempts]
        doubt = next((delay.doubt for delay in delays if delay.doubt), "")
        if len(attempts) == 1:
            return ""
        early = self.choose(attempts, student_id)
        if self.counts is Counts.BEST and not is_open(early[1]):
            least = self._worth(early, self.delay(early[0], student_id).at_most)
            others = (pair for pair in attempts if pair is not early)
            most = max(self._worth(p, self.late_by(p[0], student_id)) for p in others)
            return doubt if most > least else ""
        late = self._choose(attempts, student_id, lambda delay: delay.at_most)
        return "" if early is late else doubt

    def is_in_time(self, submission: Submission, student_id: str) -> bool:
        """Tell whether it surely came in before the deadline, or within the grace."""
        return self._is_in_time(self.delay(submission, student_id).at_most)

    def _is_in_time(self, late: timedelta | None) -> bool:
        return late is None or late <= self.grace

    def _choose(
        self,
        attempts: Sequence[Graded],
        student_id: str,
        delay_of: Callable[[Delay], timedelta | None],
    ) -> Graded:
        def late_by(pair: Graded) -> timedelta | None:
            return delay_of(self.delay(pair[0], student_id))

        in_order = sorted(attempts, key=lambda pair: _order(pair[0]))
        if self.counts is Counts.LAST_ON_TIME:
            in_time = [p for p in in_order if self._is_in_time(late_by(p))]
            return (in_time or in_order)[-1]
        if self.counts is Counts.BEST:
            open_ones = [p for p in in_order if is_open(p[1])]
            if open_ones:
                return open_ones[-1]
            # Of equal ones max takes the first, and the later one counts.
            return max(reversed(in_order), key=lambda p: self._worth(p, late_by(p)))
        return in_order[-1]

    def _worth(self, pair: Graded, late: timedelta | None) -> Fraction:
        result = pair[1]
        points, possible = exact(result.score or 0.0), exact(result.possible)
        return self.worth(points, possible, late)


def is_open(result: Result) -> bool:
    """Tell whether a submission could not be graded, through no fault of its own."""
    return result.verdict is Verdict.FAULT or result.score is None


def _positive(span: timedelta) -> timedelta | None:
    return span if span > timedelta(0) else None


def _order(submission: Submission) -> tuple[int, float]:
    when = moment_of(submission, UTC).earliest
    return submission.attempt, when.timestamp() if when else float("-inf")
