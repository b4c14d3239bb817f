"""What each student of the roster gets: the newest attempt that counts, or why none.

Pure: roster and graded submissions in, values out; the files are written elsewhere.
"""

import enum
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from autograder.intake.roster import Roster, Student
from autograder.marks.deadlines import Terms, is_open
from autograder.marks.numbers import duration
from autograder.marks.owners import owners_of
from autograder.records.results import Result
from autograder.records.submission import Submission
from autograder.text import printable


class Status(enum.Enum):
    """Whether a student has a mark, and why not."""

    GRADED = "graded"
    FAULT = "fault"
    MISSING = "missing"
    EXCUSED = "excused"


@dataclass(frozen=True, slots=True, kw_only=True)
class StudentEntry:
    """One student of the roster.

    score : the mark, or None where there is none (which is not 0)
    possible : the points of full marks when it was graded, or None with the score
    attempts : how many there are
    attempt : the number of the one that counts, 0 if none; key : its submission's
    late_by : how long after the student's deadline the attempt that counts came in
    fault : why the attempt that counts could not be graded, else ""
    words : how the mark came of the score, a sentence each, where a policy or a person
        changed it or had something to say
    questions : title, score and possible points of each question
    named : title and message of each misconception that was recognised
    submitted_at, graded_at : of the attempt that counts
    """

    student: Student
    score: float | None
    possible: float | None = None
    status: Status
    attempts: int = 0
    attempt: int = 0
    key: str = ""
    late_by: timedelta | None = None
    fault: str = ""
    words: tuple[str, ...] = ()
    questions: tuple[tuple[str, float, float], ...] = ()
    named: tuple[tuple[str, str], ...] = ()
    submitted_at: datetime | None = None
    graded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmatched:
    """A graded submission that belongs to nobody on the roster.

    candidates : the students that it could be of; they have no mark until a person
        has settled it
    because : why it is none of them for certain
    """

    submission: Submission
    candidates: tuple[Student, ...] = ()
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """The class: every student in the roster's order, and who is not on it."""

    students: tuple[StudentEntry, ...]
    unmatched: tuple[Unmatched, ...] = ()

    @property
    def missing(self) -> list[StudentEntry]:
        """Students who handed in nothing."""
        return [e for e in self.students if e.status is Status.MISSING]

    @property
    def faults(self) -> list[StudentEntry]:
        """Students whose attempt that counts could not be graded."""
        return [e for e in self.students if e.status is Status.FAULT]

    @property
    def excused(self) -> list[StudentEntry]:
        """Students for whom the assignment does not count."""
        return [e for e in self.students if e.status is Status.EXCUSED]

    @property
    def late(self) -> list[StudentEntry]:
        """Students whose attempt that counts came in after the deadline."""
        return [e for e in self.students if e.late_by is not None]

    @property
    def several(self) -> list[StudentEntry]:
        """Students with more than one attempt."""
        return [e for e in self.students if e.attempts > 1]

    @property
    def remarks(self) -> list[str]:
        """What a person should know, a line each, safe for a terminal."""
        return [line for _, lines in self.listed() for line in lines]

    def listed(self) -> Iterator[tuple[str, list[str]]]:
        """Yield each kind of remark with its lines."""
        yield (
            "not on the roster",
            [f"not on the roster: {_unmatched_line(u)}" for u in self.unmatched],
        )
        yield (
            "missing",
            [f"nothing handed in: {label(e.student)}" for e in self.missing],
        )
        yield (
            "ungraded",
            [
                f"not graded: {label(e.student)}: {printable(e.fault) or 'unknown why'}"
                for e in self.faults
            ],
        )
        yield "excused", [f"excused: {label(e.student)}" for e in self.excused]
        yield (
            "changed",
            [
                f"changed: {label(e.student)}: {printable('; '.join(e.words))}"
                for e in self.students
                if e.words
            ],
        )
        yield (
            "several attempts",
            [
                f"{e.attempts} attempts: {label(e.student)}: attempt {e.attempt} counts"
                for e in self.several
            ],
        )
        yield (
            "late",
            [
                f"late by {duration(e.late_by)}: {label(e.student)}"
                for e in self.late
                if e.late_by is not None
            ],
        )


def entries_of(
    roster: Roster,
    graded: Sequence[tuple[Submission, Result]],
    *,
    terms: Terms | None = None,
    held_back: Mapping[str, str] | None = None,
) -> Entries:
    """Return what each student of the roster gets.

    The attempt that counts does so even where it is a fault: an earlier mark is not
    taken in its place. Whoever may have handed in what is nobody's for certain has no
    mark: it is no 0.

    graded : each submission once, with its newest result
    terms : the deadline, and which attempt counts; by default none, and the last one
    held_back : whose newest attempt wants a person first, and why, by roster id: they
        have no mark, whatever an earlier attempt got
    """
    attempts: dict[int, list[tuple[Submission, Result]]] = defaultdict(list)
    unmatched = []
    for submission, result in graded:
        found = owners_of(submission, roster)
        if found.owner is not None:
            attempts[found.owner.row].append((submission, result))
        else:
            unmatched.append(
                Unmatched(
                    submission=submission,
                    candidates=found.candidates,
                    because=found.because,
                )
            )
    reasons = _in_doubt(unmatched, attempts) | _reasons(roster, held_back or {}, graded)
    agreed = terms or Terms()
    return Entries(
        students=tuple(
            _held_back(s, reasons[s.row])
            if s.row in reasons
            else _entry(s, attempts.get(s.row, []), agreed)
            for s in roster.students
        ),
        unmatched=tuple(unmatched),
    )


def _reasons(
    roster: Roster,
    held_back: Mapping[str, str],
    graded: Sequence[tuple[Submission, Result]],
) -> dict[int, str]:
    """Return who is held back by what intake left to a person, by row.

    An id of the list that was graded with may be somebody else's here: then whoever
    it could be of is held back.
    """
    whose = {s.roster_id: owners_of(s, roster) for s, _ in graded if s.roster_id}
    reasons: dict[int, str] = {}
    for identifier, reason in held_back.items():
        found = whose.get(identifier)
        owners = roster.by_identifier.get(identifier, ())
        if found is not None:
            owners = (found.owner,) if found.owner else found.candidates
        reasons |= {owner.row: reason for owner in owners}
    return reasons


def _in_doubt(
    unmatched: Sequence[Unmatched],
    attempts: Mapping[int, Sequence[tuple[Submission, Result]]],
) -> dict[int, str]:
    """Return who may have handed in what is nobody's, and nothing else, by row."""
    reasons: dict[int, str] = {}
    for one in unmatched:
        for student in one.candidates:
            if student.row not in attempts:
                whose = printable(one.submission.student_name) or "somebody"
                told = printable(one.submission.roster_id or one.submission.lms_id)
                reasons[student.row] = (
                    f"may be theirs, or not: what {whose} ({told}) handed in"
                    f"{': ' if one.because else ''}{one.because}"
                )
    return reasons


def label(student: Student) -> str:
    """Return name and id, safe for a terminal."""
    return f"{printable(student.name)} ({printable(student.id)})"


def _held_back(student: Student, reason: str) -> StudentEntry:
    return StudentEntry(student=student, score=None, status=Status.FAULT, fault=reason)


def _entry(
    student: Student,
    attempts: Sequence[tuple[Submission, Result]],
    terms: Terms,
) -> StudentEntry:
    if not attempts:
        return StudentEntry(student=student, score=None, status=Status.MISSING)
    submission, result = terms.choose(attempts, student.id)
    fault = is_open(result)
    return StudentEntry(
        student=student,
        score=None if fault else result.score,
        possible=None if fault else result.possible,
        status=Status.FAULT if fault else Status.GRADED,
        attempts=len(attempts),
        attempt=submission.attempt,
        key=submission.key,
        late_by=terms.late_by(submission, student.id),
        fault=result.fault if fault else "",
        questions=tuple((q.title, q.score, q.possible) for q in result.questions),
        named=tuple(
            (q.title, d.message) for q in result.questions for d in q.diagnoses
        ),
        submitted_at=submission.submitted_at,
        graded_at=result.graded_at,
    )


def _unmatched_line(unmatched: Unmatched) -> str:
    submission = unmatched.submission
    whose = printable(submission.student_name) or "no name"
    told = printable(submission.roster_id or submission.lms_id or submission.key)
    line = f"{whose} ({told}), attempt {submission.attempt}"
    if unmatched.candidates:
        line += ": could be " + " or ".join(label(s) for s in unmatched.candidates)
    return f"{line}; {unmatched.because}" if unmatched.because else line
