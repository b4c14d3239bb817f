"""Who moves between two states of a class, from what to what, and by which cases.

Pure: two lists of results in, values out.
"""

from collections.abc import Iterable, Iterator

import msgspec

from autograder.records.entries import Entry
from autograder.records.results import (
    CaseResult,
    Result,
    Verdict,
    cases_of,
    outcome_of,
    same_outcome,
)
from autograder.records.submission import LATE, Submission
from autograder.text import printable


class CaseChange(msgspec.Struct, frozen=True, kw_only=True):
    """One case whose outcome is another than before.

    before, after : points that it gave; None where the case was not there, or the
        submission could not be graded
    was, became : the kind of outcome, as in `results.CaseResult.kind`, or ""
    message : what the student now reads
    """

    question: str
    case: str
    before: float | None
    after: float | None
    was: str
    became: str
    message: str = ""


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """One submission whose result is another than before.

    before, after : its score; None where it had none: not graded
    possible : points of full marks now
    why : the cases that changed; empty where one of the two results is a fault
    fault : why it could not be graded now, else ""
    """

    submission_key: str
    student_name: str
    roster_id: str | None
    attempt: int
    before: float | None
    after: float | None
    possible: float
    why: tuple[CaseChange, ...]
    fault: str = ""

    @property
    def gain(self) -> float:
        """Points won; negative where points are lost, 0 where one side has none."""
        if self.before is None or self.after is None:
            return 0.0
        return self.after - self.before


def moves(before: Iterable[Entry], after: Iterable[Entry]) -> list[Move]:
    """Return every submission whose score or case outcomes differ, losses first."""
    old = {entry.submission.key: entry.result for entry in before}
    found = [
        _move(entry, old.get(entry.submission.key))
        for entry in after
        if not same_outcome(old.get(entry.submission.key), entry.result)
    ]
    return sorted(found, key=lambda m: (m.gain, m.student_name, m.submission_key))


def changed_times(before: Iterable[Entry], after: Iterable[Entry]) -> Iterator[str]:
    """Yield whose time or mark of lateness is another one in a newer download."""
    old = {entry.submission.key: entry.submission for entry in before}
    for entry in after:
        now, was = entry.submission, old.get(entry.submission.key)
        if (
            was is not None
            and was.origin
            and _time_in_words(was) != _time_in_words(now)
        ):
            yield (
                f"new in this download: {printable(now.student_name)} "
                f"({printable(now.roster_id or now.key)}): {_time_in_words(now)}, "
                f"before: {_time_in_words(was)}"
            )


def _time_in_words(one: Submission) -> str:
    if one.submitted_at is None:
        return {LATE: "late, by the LMS's word"}.get(one.lms_says, "no time")
    return f"handed in {one.submitted_at.isoformat(sep=' ', timespec='minutes')}"


def _move(entry: Entry, before: Result | None) -> Move:
    submission, result = entry.submission, entry.result
    graded = before is not None and before.verdict is not Verdict.FAULT
    both = graded and result.verdict is not Verdict.FAULT
    return Move(
        submission_key=submission.key,
        student_name=submission.student_name,
        roster_id=submission.roster_id,
        attempt=submission.attempt,
        before=before.score if before else None,
        after=result.score,
        possible=result.possible,
        why=tuple(_changes(before, result)) if before and both else (),
        fault=result.fault,
    )


def _changes(before: Result, after: Result) -> Iterator[CaseChange]:
    old, new = cases_of(before), cases_of(after)
    for place in dict.fromkeys((*new, *old)):
        was, now = old.get(place), new.get(place)
        if outcome_of(was) != outcome_of(now):
            yield CaseChange(
                question=place[0],
                case=place[1],
                before=_given(was),
                after=_given(now),
                was=was.kind if was else "",
                became=now.kind if now else "",
                message=now.message if now else "",
            )


def _given(case: CaseResult | None) -> float | None:
    """Return the points that a case gave."""
    if case is None:
        return None
    return case.points if case.verdict is Verdict.PASSED else 0.0
