"""What ``--json`` prints: one document a command, with these fields.

``command`` names the document. Scores are points; null means "not graded", which is not
0. Times of grading are UTC, times of submission the LMS's local time. Fields may be
added later; none changes its meaning.
"""

from datetime import datetime

import msgspec

from autograder.records.entries import Entry, Run
from autograder.records.profile import RunProfile
from autograder.records.results import Result, Verdict
from autograder.records.submission import Submission
from autograder.reports.similarity import Compared, Pair
from autograder.runs.changes import Move
from autograder.runs.regrade import Regrade


class _Document(msgspec.Struct, frozen=True, kw_only=True, tag_field="command"):
    """What all documents have: the name of the command that printed them."""


class StudentLine(msgspec.Struct, frozen=True, kw_only=True):
    """One submission and its newest result, in short.

    roster_id : null where nobody on the roster matched
    questions : points of each question
    misconceptions : names of those that were recognised
    flags : what a person should look at; fault : why it could not be graded, or ""
    run : the run that gave the result
    """

    submission_key: str
    student_name: str
    roster_id: str | None
    attempt: int
    submitted_at: datetime | None
    score: float | None
    possible: float
    verdict: Verdict
    questions: dict[str, float]
    misconceptions: tuple[str, ...]
    flags: tuple[str, ...]
    fault: str
    run: int


class GradeDocument(_Document, frozen=True, kw_only=True, tag="grade"):
    """``autograder grade --json``.

    run : this run's number
    graded_now, graded_before : submissions judged in this run, and those that stood
    ungraded : how many have no mark through no fault of their own
    remarks : what a person should know or decide, a line each
    outputs : what was written, path by label
    profile : where the time went, in seconds, with ``--profile``, else null
    """

    assignment: str
    run: int
    graded_now: int
    graded_before: int
    ungraded: int
    students: tuple[StudentLine, ...]
    remarks: tuple[str, ...]
    outputs: dict[str, str]
    profile: RunProfile | None = None


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A submission (without its files) and its newest result, with every case."""

    submission: Submission
    result: Result
    run: int


class ShowDocument(_Document, frozen=True, kw_only=True, tag="show"):
    """``autograder show --json``."""

    results: tuple[Shown, ...]


class ExportDocument(_Document, frozen=True, kw_only=True, tag="export"):
    """``autograder export --json``.

    path : the gradebook file; written : false in a dry run
    counts : how many students are what (``marks``, ``nothing handed in``, …)
    ungraded : results without a place in the file
    remarks : what a person should know, a line each
    """

    assignment: str
    lms: str
    path: str
    written: bool
    counts: dict[str, int]
    ungraded: int
    remarks: tuple[str, ...]


class ClaimLine(msgspec.Struct, frozen=True, kw_only=True):
    """One claim of a proof: its kind, whether it holds, and what was seen.

    share : of a misconception, what part of its question's points it costs
    public : of a misconception, the public cases that notice it
    promises : of a question, the cases that show each promise of its docstrings
    """

    kind: str
    name: str
    holds: bool
    seen: str
    share: float | None = None
    public: tuple[str, ...] = ()
    promises: dict[str, tuple[str, ...]] = {}


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """What was proved of one assignment.

    seed : what ``--seed`` repeats the run with
    stale_equivalents : listed equivalents that are no mutants any more
    """

    assignment: str
    seed: str
    holds: bool
    claims: tuple[ClaimLine, ...]
    stale_equivalents: tuple[str, ...]


class ProveDocument(_Document, frozen=True, kw_only=True, tag="prove"):
    """``autograder prove --json``."""

    proofs: tuple[Proof, ...]


class RegradeDocument(Regrade, _Document, frozen=True, kw_only=True, tag="regrade"):
    """``autograder regrade --json``: the fields of a `Regrade`."""


class DiffDocument(_Document, frozen=True, kw_only=True, tag="diff"):
    """``autograder diff --json``: what stood after `first` against after `second`."""

    assignment: str
    first: int
    second: int
    moves: tuple[Move, ...]


class RunsDocument(_Document, frozen=True, kw_only=True, tag="runs"):
    """``autograder runs --json``, the oldest first."""

    runs: tuple[Run, ...]


class UnreadableRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the ledger that can't be read.

    stands : whether it is its submission's newest: it is then graded again
    """

    id: int
    assignment: str
    submission_key: str
    problem: str
    stands: bool


class LedgerDocument(_Document, frozen=True, kw_only=True, tag="ledger check"):
    """``autograder ledger check --json``.

    problems : what does not hold, each with what to do; empty where all is well
    remarks : what to know beside them
    results, runs, version : null where the file cannot be read
    copy : the ledger's copy, null where there is none that could be restored
    """

    path: str
    problems: tuple[str, ...]
    remarks: tuple[str, ...]
    results: int | None
    runs: int | None
    version: int | None
    unreadable: tuple[UnreadableRow, ...]
    copy: str | None


class RestoreDocument(_Document, frozen=True, kw_only=True, tag="ledger restore"):
    """``autograder ledger restore --json``.

    results, runs : that the ledger has now
    kept : where what stood there before is kept
    """

    path: str
    results: int
    runs: int
    kept: tuple[str, ...]


class SimilarDocument(_Document, frozen=True, kw_only=True, tag="similar"):
    """``autograder similar --json``: shared code, which is no finding against anybody.

    many : what more submissions than that have in common counts as common
    compared : every student's newest attempt, those with one file together;
        not_compared : those without the file, or whose files a person must look at
    copies : who handed in one and the same file, beside groups that did so together
    pairs : those that share the most unusual code; more_pairs : how many share less
    page : the page with them side by side
    """

    assignment: str
    note: str
    many: int
    compared: tuple[Compared, ...]
    copies: tuple[tuple[str, ...], ...]
    not_compared: tuple[str, ...]
    pairs: tuple[Pair, ...]
    more_pairs: int
    page: str


def student_line(entry: Entry) -> StudentLine:
    """Return the short form of an entry."""
    submission, result = entry.submission, entry.result
    named = (d.name for q in result.questions for d in q.diagnoses)
    return StudentLine(
        submission_key=submission.key,
        student_name=submission.student_name,
        roster_id=submission.roster_id,
        attempt=submission.attempt,
        submitted_at=submission.submitted_at,
        score=result.score,
        possible=result.possible,
        verdict=result.verdict,
        questions={q.name: q.score for q in result.questions},
        misconceptions=tuple(dict.fromkeys(named)),
        flags=result.flags,
        fault=result.fault,
        run=entry.run,
    )


class TotalLine(msgspec.Struct, frozen=True, kw_only=True):
    """One student's total.

    marks : by assignment, after lateness and a person's decisions
    percent : null where it is open; open : why, an assignment each
    words : the arithmetic, a sentence a group
    """

    roster_id: str
    name: str
    marks: dict[str, float | None]
    percent: float | None
    open: tuple[str, ...]
    words: tuple[str, ...]


class TotalDocument(_Document, frozen=True, kw_only=True, tag="total"):
    """``autograder total --json``; path : the CSV file with the same."""

    path: str
    students: tuple[TotalLine, ...]


class FeedbackDocument(_Document, frozen=True, kw_only=True, tag="export-feedback"):
    """``autograder export-feedback --json``.

    names : paths in the zip; left_out : who has no page in it, and why
    """

    assignment: str
    path: str
    names: tuple[str, ...]
    left_out: tuple[str, ...]


class MatterLine(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of thing to look at in a class report.

    is_open : marks are not final while it stands
    students : whom it is about, by name
    """

    heading: str
    is_open: bool
    students: tuple[str, ...]


class ReportDocument(_Document, frozen=True, kw_only=True, tag="report"):
    """``autograder report --json``.

    path : the class report; overviews : the students' folder, null where there is none
    graded, students : how many have a mark, of how many
    """

    assignment: str
    path: str
    overviews: str | None
    graded: int
    students: int
    matters: tuple[MatterLine, ...]


class PackageDocument(_Document, frozen=True, kw_only=True, tag="package"):
    """``autograder package --json``; path : the zip; files : how many are in it."""

    path: str
    files: int


class NewDocument(_Document, frozen=True, kw_only=True, tag="new"):
    """``autograder new --json``.

    public, secret : the folders that were written
    """

    public: str
    secret: str


class ReleaseDocument(_Document, frozen=True, kw_only=True, tag="release"):
    """``autograder release --json``.

    path : the template; files : how many were written, 0 with ``--check``
    drift : what differs from the course
    handouts : pages and PDFs written with ``--handouts``
    """

    path: str
    files: int
    drift: tuple[str, ...]
    handouts: tuple[str, ...] = ()


class MeasuredAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The reference or a variant; cpu_seconds : processor time of all its cases."""

    name: str
    cpu_seconds: float


class MeasureDocument(_Document, frozen=True, kw_only=True, tag="measure"):
    """``autograder measure --json``, one an assignment.

    path : of the file with the costs
    yardstick_seconds : how fast the machine is that measured
    """

    assignment: str
    path: str
    yardstick_seconds: float
    answers: tuple[MeasuredAnswer, ...]


class TrainDocument(_Document, frozen=True, kw_only=True, tag="train"):
    """``autograder train --json``.

    path : the model's folder, or the table of seeds, which has no accuracy
    """

    path: str
    test_accuracy: float | None = None
    parameters: int | None = None
    device: str = ""
