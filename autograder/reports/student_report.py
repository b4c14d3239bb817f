"""A page for the student: the mark, what to look at first, every case.

One HTML file a submission, made as `html` says. What only staff may read (a result's
flags, a fault's words, the isolation) never reaches a template.
"""

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

import msgspec

from autograder.atomic import write_atomically
from autograder.course.assignment import Assignment
from autograder.course.question_names import headed, named
from autograder.errors import StaffError
from autograder.marks.deadlines import Terms, is_open
from autograder.marks.numbers import duration
from autograder.own_time import OutOfOwnTimeError, own_time
from autograder.points import total
from autograder.records.entries import NEVER
from autograder.records.pictures import Drawn, LeftOut
from autograder.records.results import (
    CaseResult,
    QuestionResult,
    Result,
    Verdict,
    recognised,
)
from autograder.records.submission import Submission
from autograder.reports import html
from autograder.reports.handout import Section, sections
from autograder.reports.picture_words import caption, heading

MAX_NOTICES = 20
SECONDS_TO_DRAW = 60.0
"""What the drawings of one page may compute: most take a quarter of a second."""


@dataclass(frozen=True, kw_only=True)
class _Question:
    """One question as the page tells it.

    functions : what the student writes for it, where that is known
    state : ``passed``, ``partly``, ``failed`` or ``fault``
    shared : the message of every failed case where all have the same one, or ""
    lines : its cases, those in one that would read the same
    """

    anchor: str
    functions: tuple[str, ...]
    result: QuestionResult
    state: str
    shared: str
    lines: tuple["_Line", ...]

    @property
    def title(self) -> str:
        """Number and title, as a heading has them."""
        return headed(self.result.name, self.result.title)

    @property
    def named(self) -> str:
        """Number and title, as a sentence has them."""
        return named(self.result.name, self.result.title)


@dataclass(frozen=True, kw_only=True)
class _Line:
    """Cases of a question that are told once: one, or hidden ones that failed alike.

    score : what they brought together, of `possible`
    """

    cases: tuple[CaseResult, ...]
    score: float
    possible: float

    @property
    def case(self) -> CaseResult:
        """What all of them have in common, and the first's own."""
        return self.cases[0]

    @property
    def heading(self) -> str:
        """Name the case, or all of them."""
        if len(self.cases) == 1:
            return self.case.name
        return f"{len(self.cases)} cases: {'; '.join(c.name for c in self.cases)}"


@dataclass(frozen=True, kw_only=True)
class _Lead:
    """One thing to look at first: in which question, what, and where to read on.

    quoted : the message is a case's own
    """

    question: _Question
    heading: str
    message: str
    see: str = ""
    quoted: bool = False


@dataclass(frozen=True, kw_only=True)
class _Picture:
    """A picture of a network, or a remark why there is none.

    question : whose case it comes from
    drawn : None where it was left out
    """

    question: _Question
    heading: str
    caption: str
    drawn: Drawn | None


def write_feedback(
    folder: Path,
    submission: Submission,
    result: Result,
    *,
    assignment: Assignment,
    terms: Terms,
    words: Sequence[str] = (),
    mark: float | None = None,
    waits: bool = False,
) -> Path:
    """Write the submission's page into `folder` and return its path.

    terms : the deadline, and the grace within which a page says "in time"
    words : what the policy or a person made of the mark, a sentence each
    mark : what counts in the end, where that is known
    waits : it is not, until a person finds out when the submission came in
    Raises StaffError where the page cannot be written
    """
    title = assignment.manifest.title
    drawn = functools.partial(
        render,
        submission,
        title=title,
        terms=terms,
        words=words,
        mark=mark,
        waits=waits,
        functions={q.name: q.functions for q in assignment.manifest.question},
        handout=sections(assignment) if _places(result.questions) else {},
    )
    try:
        with own_time(SECONDS_TO_DRAW):
            written = drawn(result)
    except StaffError:
        raise
    except (Exception, OutOfOwnTimeError) as error:  # noqa: BLE001 values break drawings in any way
        # One student's picture must not keep the others' pages back.
        written = drawn(_plain(result, type(error).__name__))
    path = folder / file_name(submission)
    write_atomically(path, written.encode())
    return path


def _plain(result: Result, why: str) -> Result:
    """Return a result without anything that is drawn; why : for whoever is asked."""
    questions = tuple(
        msgspec.structs.replace(
            question,
            cases=tuple(
                msgspec.structs.replace(case, pictures=(), comparison=None)
                for case in question.cases
            ),
        )
        for question in result.questions
    )
    said = f"this page has no pictures: they could not be drawn ({why})"
    return msgspec.structs.replace(
        result, questions=questions, notices=(said, *result.notices)
    )


def feedback_folder(out: Path, assignment: str) -> Path:
    """Where a run's folder has an assignment's pages."""
    return out / "feedback" / assignment


def file_name(submission: Submission) -> str:
    """Name a page by the roster's id, or by a hash where that is no plain name.

    >>> from autograder.records.submission import Submission
    >>> one = dict(key="s1", lms_id="", student_name="", submitted_at=None, files={})
    >>> file_name(Submission(**one, roster_id="0012", attempt=2))
    '0012-attempt2.html'
    >>> file_name(Submission(**one, roster_id="../x", attempt=1))
    'e8bc163c82eee187.html'
    """
    name = html.safe_name(submission.roster_id or "", submission.key)
    again = f"-attempt{submission.attempt}" if submission.attempt > 1 else ""
    return f"{name}{again}.html"


def render(
    submission: Submission,
    result: Result,
    *,
    title: str,
    terms: Terms,
    words: Sequence[str] = (),
    mark: float | None = None,
    waits: bool = False,
    functions: Mapping[str, tuple[str, ...]] | None = None,
    handout: Mapping[str, Section] | None = None,
) -> str:
    """Return the page; the same arguments give the same bytes.

    title : the assignment's
    functions : what students write for each question, by its name
    handout : its sections by anchor; those where to read on are quoted in the page
    """
    fault = is_open(result)
    student = submission.roster_id or ""
    delay, due = terms.delay(submission, student), terms.deadline(student)
    late_by = None if delay.doubt else delay.at_least
    in_time = terms.is_in_time(submission, student)
    written = functions or {}
    questions = [] if fault else [_question(q, written) for q in result.questions]
    shared = {q.shared if q.state == "failed" else "" for q in questions}
    return html.render(
        "report.html",
        title=title,
        student=submission.student_name,
        attempt=submission.attempt,
        submitted=html.when(terms.shown(submission)),
        late=duration(late_by) if late_by and not in_time else "",
        in_time=in_time and due is not None and submission.submitted_at is not None,
        fault=fault,
        tried=result.graded_at != NEVER,
        score=result.score,
        possible=result.possible,
        words=words,
        mark=mark,
        waits=waits,
        questions=questions,
        alike=len(questions) > 1 and len(shared) == 1 and shared != {""},
        leads=list(_leads(questions)),
        pictures=list(_pictures(questions)),
        handout={
            f"README.md#{anchor}": section
            for anchor in _places(q.result for q in questions)
            if (section := (handout or {}).get(anchor))
        },
        notices=result.notices[:MAX_NOTICES],
        more_notices=max(0, len(result.notices) - MAX_NOTICES),
        graded_at=html.when(result.graded_at.astimezone(UTC)),
    )


def _question(
    result: QuestionResult, functions: Mapping[str, tuple[str, ...]]
) -> _Question:
    states = {
        Verdict.PASSED: "passed",
        Verdict.FAILED: "partly" if result.score > 0 else "failed",
        Verdict.FAULT: "fault",
    }
    messages = [c.message for c in result.cases if c.verdict is Verdict.FAILED]
    same = len(messages) > 1 and len(set(messages)) == 1
    return _Question(
        anchor=html.anchor(result.name),
        functions=functions.get(result.name, ()),
        result=result,
        state=states[result.verdict],
        shared=messages[0] if same else "",
        lines=tuple(_lines(result.cases)),
    )


def _lines(cases: Sequence[CaseResult]) -> Iterator[_Line]:
    """Yield the cases in their order, hidden ones that failed alike with the first.

    What a hidden case says is coarse: ten of them would say the same ten times.
    """
    alike: dict[object, list[CaseResult]] = {}
    for place, case in enumerate(cases):
        told = (case.kind, case.message, case.misconceptions)
        failed = case.hidden and case.verdict is Verdict.FAILED and not case.pictures
        alike.setdefault(told if failed else place, []).append(case)
    for together in alike.values():
        passed = [c.points for c in together if c.verdict is Verdict.PASSED]
        yield _Line(
            cases=tuple(together),
            score=total(passed),
            possible=total(c.points for c in together),
        )


def _leads(questions: list[_Question]) -> Iterator[_Lead]:
    """Name what was recognised, the costliest first, else what went wrong first."""
    open_ones = {q.result.name: q for q in questions if q.state in {"partly", "failed"}}
    found = recognised(q.result for q in open_ones.values())
    for question, diagnosis in found:
        yield _Lead(
            question=open_ones[question.name],
            heading=html.headline(diagnosis.name),
            message=diagnosis.message,
            see=diagnosis.see,
        )
    if open_ones and not found:
        first = next(iter(open_ones.values()))
        failed = [c for c in first.result.cases if c.verdict is Verdict.FAILED]
        yield _Lead(
            question=first,
            heading=html.words(
                failed[0].kind if failed else "not right yet"
            ).capitalize(),
            message=failed[0].message if failed else "",
            quoted=True,
        )


def _places(questions: Iterable[QuestionResult]) -> list[str]:
    """Return where in the handout there is more to read, in order, each once."""
    seen = [d.see for question in questions for d in question.diagnoses]
    return list(dict.fromkeys(see.partition("#")[2] for see in seen if "#" in see))


def _pictures(questions: list[_Question]) -> Iterator[_Picture]:
    for question in questions:
        for picture in (p for c in question.result.cases for p in c.pictures):
            yield _Picture(
                question=question,
                heading=heading(picture),
                caption=caption(picture),
                drawn=None if isinstance(picture, LeftOut) else picture,
            )
