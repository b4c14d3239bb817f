"""What the ledger has on a submission: a result, or why there is none yet."""

from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from autograder.records.dependencies import Inputs
from autograder.records.hand_ins import HandIn
from autograder.records.results import Result, Verdict
from autograder.records.submission import Submission

UNNUMBERED = 0
"""The run of results that an older version stored, which had no numbers."""
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""When something was graded that has not been."""


@dataclass(frozen=True)
class Entry:
    """A stored result, with the submission it is about (without its files).

    submission : as the newest download with it had it
    result : a fault where there is none yet, which says why
    run : the number of the run that gave it
    inputs : what its hash was made of, or None where an older version stored it
    """

    submission: Submission
    result: Result
    inputs_hash: str
    run: int = UNNUMBERED
    inputs: Inputs | None = None


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One ``grade`` or ``regrade``.

    number : from 1; 0 stands for results from before runs were numbered
    reason : why, in words, or ""
    finished_at : None where it was interrupted, or still works
    results : how many it stored; faults : how many of them are faults of ours
    """

    number: int
    command: str
    assignment: str
    reason: str
    started_at: datetime
    finished_at: datetime | None
    results: int
    faults: int


def answers(entry: Entry, one: HandIn) -> bool:
    """Tell whether a result is of these files, graded as they were to be, or since."""
    return entry.inputs_hash == one.inputs_hash or entry.run >= one.run > UNNUMBERED


def is_of(entry: Entry, submission: Submission) -> bool:
    """Tell whether a result is of these files, as far as the ledger kept what of."""
    if entry.inputs is None:
        return True
    return entry.inputs.submission.get("the files") == submission.content_hash


def not_graded_yet(run: Run | None) -> str:
    """Say why something that was handed in has no result."""
    if run is None or run.finished_at is not None:
        return "handed in, not graded yet (run autograder grade)"
    return (
        f"handed in, not graded yet (run {run.number} was interrupted: "
        f"run {run.command} again)"
    )


def open_entry(assignment: str, one: HandIn, why: str) -> Entry:
    """Return the entry of what was handed in and has no result: a fault with `why`."""
    result = fault(assignment, one.submission.key, why)
    notices = one.submission.notices
    return Entry(
        one.submission, msgspec.structs.replace(result, notices=notices), "", one.run
    )


def fault(assignment: str, key: str, why: str) -> Result:
    """Return a result that says why there is none."""
    return Result(
        assignment=assignment,
        submission_key=key,
        score=None,
        possible=0.0,
        verdict=Verdict.FAULT,
        questions=(),
        fault=why,
        graded_at=NEVER,
    )


def nobodys(key: str) -> Submission:
    """Return what is known of a hand-in whose row can't be read."""
    return Submission(
        key=key,
        lms_id="",
        student_name=key,
        roster_id=None,
        attempt=1,
        submitted_at=None,
        files={},
    )
