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
from autograder.marks.zeros import why_zero
from autograder.records.results import Result
from autograder.records.submission import IN_TIME, Submission
from autograder.text import printable

MOST_NAMED = 5
"""So many students of one remark are named."""


class Status(enum.Enum):
    """Whether a student has a mark, and why not.

    DOUBTFUL : graded, but nobody knows when it was handed in, which costs marks
    """

    GRADED = "graded"
    FAULT = "fault"
    DOUBTFUL = "doubtful"
    MISSING = "missing"
    EXCUSED = "excused"


@dataclass(frozen=True, slots=True, kw_only=True)
class StudentEntry:
    """One student of the roster.

    score : the mark, or None where there is none (which is not 0)
    possible : the points of full marks when it was graded, or None with the score
    attempts : how many there are
    attempt : the number of the one that counts, 0 if none; key : its submission's
    late_by : how long after the student's deadline the attempt that counts came in,
        at least; late_at_most : the same at most, where that is not known exactly
    time_doubt : why it is not, "" where it is
    by_lms : it has no time, and counts as in time by the LMS's word
    undecided : why nobody knows which attempt counts, "" where it is certain
    zero : why there is not one point for what was handed in, "" where there is one
    taken_from : the name that the file had, where it was another than asked for
    fault : why there is no mark, through no fault of the student's, else ""
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
    late_at_most: timedelta | None = None
    time_doubt: str = ""
    by_lms: bool = False
    undecided: str = ""
    zero: str = ""
    taken_from: str = ""
    fault: str = ""
    words: tuple[str, ...] = ()
    questions: tuple[tuple[str, float, float], ...] = ()
    named: tuple[tuple[str, str], ...] = ()
    submitted_at: datetime | None = None
    graded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmatched:
    """A submission that belongs to nobody on the roster.

    candidates : the students that it could be of; they have no mark until a person
        has settled it
    because : why it is none of them for certain
    anothers : whether its id is somebody else's on this list, so that other ids may be
        too
    fault : why it is not graded, "" where it is
    """

    submission: Submission
    candidates: tuple[Student, ...] = ()
    because: str = ""
    anothers: bool
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """The class: every student in the roster's order, and who is not on it.

    unmatched : whom nobody has found on a roster
    left : who was on the class list once, and is no more
    """

    students: tuple[StudentEntry, ...]
    unmatched: tuple[Unmatched, ...] = ()
    left: tuple[Unmatched, ...] = ()

    @property
    def wanting(self) -> int:
        """How many a person must look at before the marks are final."""
        return len(self.faults) + len(self.doubtful) + len(self.unmatched)

    @property
    def missing(self) -> list[StudentEntry]:
        """Students who handed in nothing."""
        return [e for e in self.students if e.status is Status.MISSING]

    @property
    def faults(self) -> list[StudentEntry]:
        """Students whose attempt that counts could not be graded."""
        return [e for e in self.students if e.status is Status.FAULT]

    @property
    def doubtful(self) -> list[StudentEntry]:
        """Students who have no mark until it is known when they handed in."""
        return [e for e in self.students if e.status is Status.DOUBTFUL]

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
        yield from self._without_a_mark()
        yield from self._about_marks()

    def _without_a_mark(self) -> Iterator[tuple[str, list[str]]]:
        yield (
            "not on the roster",
            [f"not on the roster: {unmatched_in_words(u)}" for u in self.unmatched],
        )
        yield (
            "left",
            [
                f"not on the class list any more: {unmatched_in_words(u)}"
                for u in self.left
            ],
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
        yield (
            "time not known",
            [
                f"no mark before it is known when it was handed in: "
                f"{label(e.student)}: {printable(e.fault)}"
                for e in self.doubtful
            ],
        )

    def _about_marks(self) -> Iterator[tuple[str, list[str]]]:
        by_lms = sum(e.by_lms for e in self.students)
        told = (
            f"{by_lms} without a time count as in time, since the LMS marks what is "
            "late, by its own deadline: is it the policy's? Times are read from a "
            "second file: grade --times"
        )
        yield "in time by the LMS's word", [told] if by_lms else []
        yield "time in doubt", list(_times_in_doubt(self.students))
        yield "zero", list(_zeros(self.students))
        yield (
            "other name",
            [
                f"taken under another name: {label(e.student)}: "
                f"{printable(e.taken_from)}"
                for e in self.students
                if e.taken_from
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
                for e in self.students
                if e.late_by is not None
            ],
        )


def entries_of(
    roster: Roster,
    graded: Sequence[tuple[Submission, Result]],
    *,
    terms: Terms | None = None,
) -> Entries:
    """Return what each student of the roster gets.

    The attempt that counts does so even where it is a fault: an earlier mark is not
    taken in its place. Whoever may have handed in what is nobody's for certain has no
    mark: it is no 0.

    graded : each submission once, with its newest result
    terms : the deadline, and which attempt counts; by default none, and the last one

    Who has an id of the roster and is not on it has left the class, as long as most
    others are still there: else it is another class's list.
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
                    anothers=found.anothers,
                    fault=result.fault,
                )
            )
    reasons = _in_doubt(unmatched, attempts)
    left = [u for u in unmatched if u.submission.roster_id and not u.candidates]
    if len(left) > len(attempts):
        left = []
    agreed = terms or Terms()
    return Entries(
        students=tuple(
            _held_back(s, reasons[s.row])
            if s.row in reasons
            else _entry(s, attempts[s.row], agreed)
            for s in roster.students
        ),
        unmatched=tuple(u for u in unmatched if u not in left),
        left=tuple(left),
    )


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
    delay = terms.delay(submission, student.id)
    return StudentEntry(
        student=student,
        score=None if fault else result.score,
        possible=None if fault else result.possible,
        status=Status.FAULT if fault else Status.GRADED,
        attempts=len(attempts),
        attempt=submission.attempt,
        key=submission.key,
        late_by=delay.at_least,
        late_at_most=delay.at_most,
        time_doubt=delay.doubt,
        by_lms=submission.submitted_at is None
        and submission.lms_says == IN_TIME
        and terms.deadline(student.id) is not None,
        undecided=terms.undecided(attempts, student.id),
        zero=why_zero(submission, result),
        taken_from=submission.taken_from,
        fault=result.fault,
        questions=tuple((q.title, q.score, q.possible) for q in result.questions),
        named=tuple(
            (q.title, d.message) for q in result.questions for d in q.diagnoses
        ),
        submitted_at=submission.submitted_at,
        graded_at=result.graded_at,
    )


def unmatched_in_words(unmatched: Unmatched) -> str:
    """Return whose it seems to be, safe for a terminal."""
    submission = unmatched.submission
    whose = printable(submission.student_name) or "no name"
    told = printable(submission.roster_id or submission.lms_id or submission.key)
    line = f"{whose} ({told}), attempt {submission.attempt}"
    if unmatched.fault:
        line += f": {printable(unmatched.fault)}"
    if unmatched.candidates:
        line += ": could be " + " or ".join(label(s) for s in unmatched.candidates)
    return f"{line}; {unmatched.because}" if unmatched.because else line


def _zeros(students: Sequence[StudentEntry]) -> Iterator[str]:
    """Yield a line a reason, the most frequent first."""
    by_reason: dict[str, list[Student]] = defaultdict(list)
    for entry in students:
        if entry.zero and entry.score == 0:
            by_reason[entry.zero].append(entry.student)
    for reason, whose in sorted(by_reason.items(), key=lambda pair: -len(pair[1])):
        names = ", ".join(map(label, whose[:MOST_NAMED]))
        more = f" and {len(whose) - MOST_NAMED} more" if whose[MOST_NAMED:] else ""
        yield f"0 because {reason}: {len(whose)}: {names}{more}"


def _times_in_doubt(students: Sequence[StudentEntry]) -> Iterator[str]:
    """Yield a line a reason: whose time is not known, where that costs nothing."""
    by_reason: dict[str, list[Student]] = defaultdict(list)
    for entry in students:
        if entry.time_doubt and entry.status is Status.GRADED:
            by_reason[entry.time_doubt].append(entry.student)
    for reason, whose in by_reason.items():
        many = len(whose) > MOST_NAMED
        names = str(len(whose)) if many else ", ".join(map(label, whose))
        yield f"time not known, which costs nothing: {names}: {printable(reason)}"
