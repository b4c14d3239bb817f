"""A student's overview: every assignment on one page, and what to look at next.

For students: a fault's words, flags and who wants a person stay out of it. Pages are
made as `html` says, and lie in ``feedback/overview/``, beside the assignments' folders.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from autograder import points
from autograder.atomic import write_atomically
from autograder.course.assignment import Manifest
from autograder.course.question_names import named
from autograder.course.toml_files import read_toml
from autograder.errors import StaffError
from autograder.marks.class_marks import Entries, Status, StudentEntry
from autograder.marks.deadlines import Terms
from autograder.marks.rules import Standing
from autograder.marks.totals import Total, totals
from autograder.records.entries import Entry
from autograder.records.ledger import Ledger
from autograder.records.results import QuestionResult, Verdict, recognised
from autograder.reports import html, student_report

SEVERAL = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """One thing to look at next.

    see : where to read on, as a reader would say it, "" where nobody knows
    href : its address, "" where there is none; slide : the lecture's
    """

    heading: str
    message: str
    question: str
    see: str
    href: str
    slide: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One assignment, as it stands for the student.

    score : None where there is no mark; href : its own page, "" where there is none
    words : what the policy or a person made of the mark, a sentence each
    advice : by name what was recognised; unnamed : titles of the other questions that
        are not right yet
    """

    title: str
    status: Status
    score: float | None
    possible: float
    submitted: datetime | None
    href: str
    words: tuple[str, ...]
    advice: tuple[Advice, ...]
    unnamed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Graded:
    """One assignment of the course, with everybody's entries.

    manifest : None where the course has no such assignment any more
    """

    name: str
    manifest: Manifest | None
    entries: Entries
    terms: Terms
    by_key: Mapping[str, Entry]


def write_overviews(
    out: Path,
    ledger: Ledger,
    standing: Standing,
    *,
    now: datetime,
    handouts: str = "",
) -> Path | None:
    """Write a page for every student who handed something in; return their folder.

    Nothing is written, and None returned, before a second assignment is graded.

    handouts : the address below which the students' template lies, to link to its
        handouts; "" where they are only named
    standing : gives the marks, and the policy from which the total follows
    now : what is missing counts in the total from its deadline on
    Raises StaffError where a page cannot be written or `handouts` is no address
    """
    if handouts and not handouts.startswith(("https://", "http://")):
        raise StaffError(
            "--handouts", f"{handouts!r} is no web address", "begin it with https://"
        )
    names = _names(ledger, standing)
    if len(names) < SEVERAL:
        return None
    graded = [_graded(standing, ledger, name) for name in names]
    marks = {one.name: one.entries for one in graded}
    policy = standing.policy
    found = totals(policy, marks, now=now) if policy else ()
    folder = student_report.feedback_folder(out, "overview")
    for place, student in enumerate(standing.roster.students):
        entries = [one.entries.students[place] for one in graded]
        if all(entry.status is Status.MISSING for entry in entries):
            continue
        lines = [
            _line(out, one, entry, handouts)
            for one, entry in zip(graded, entries, strict=True)
        ]
        name = html.safe_name(student.id, student.id)
        total = found[place] if found else None
        written = render(
            student.name,
            lines,
            total,
            missing_is_zero=policy is not None and policy.missing_is_zero,
        )
        write_atomically(folder / f"{name}.html", written.encode())
    return folder


def render(
    student: str,
    standings: Sequence[Line],
    total: Total | None = None,
    *,
    missing_is_zero: bool = False,
) -> str:
    """Return the page; the same arguments give the same bytes.

    missing_is_zero : by the course's policy what is not handed in counts 0
    """
    marked = [s for s in standings if s.score is not None]
    return html.render(
        "overview.html",
        student=student,
        standings=standings,
        newest_first=list(reversed(standings)),
        score=points.total(s.score for s in marked if s.score is not None),
        possible=points.total(s.possible for s in marked),
        marked=len(marked),
        total=total,
        missing_is_zero=missing_is_zero,
    )


def _names(ledger: Ledger, standing: Standing) -> list[str]:
    """Return the graded assignments, those alone that a policy plans for."""
    planned = standing.policy.assignments if standing.policy else None
    return [n for n in ledger.assignments() if planned is None or n in planned]


def _graded(standing: Standing, ledger: Ledger, name: str) -> _Graded:
    path = standing.course / "assignments" / name / "manifest.toml"
    results = ledger.entries(name)
    return _Graded(
        name=name,
        manifest=read_toml(path, Manifest) if path.is_file() else None,
        entries=standing.marks_of(name, results),
        terms=standing.terms(name),
        by_key={e.submission.key: e for e in results},
    )


def _line(out: Path, graded: _Graded, student: StudentEntry, handouts: str) -> Line:
    entry = graded.by_key.get(student.key)
    open_ones = [
        question
        for question in (entry.result.questions if entry else ())
        if student.score is not None and question.verdict is Verdict.FAILED
    ]
    return Line(
        title=graded.manifest.title if graded.manifest else graded.name,
        status=student.status,
        score=student.score,
        possible=student.possible or 0.0,
        submitted=graded.terms.shown(entry.submission) if entry else None,
        href=_page_of(out, graded.name, entry) if entry else "",
        words=student.words,
        advice=tuple(_advice(graded, open_ones, handouts)),
        unnamed=tuple(named(q.name, q.title) for q in open_ones if not q.diagnoses),
    )


def _page_of(out: Path, name: str, entry: Entry) -> str:
    file_name = student_report.file_name(entry.submission)
    path = student_report.feedback_folder(out, name) / file_name
    return f"../{quote(name)}/{file_name}" if path.is_file() else ""


def _advice(
    graded: _Graded, questions: Sequence[QuestionResult], handouts: str
) -> Iterator[Advice]:
    slides = (
        {q.name: q.slide for q in graded.manifest.question} if graded.manifest else {}
    )
    for question, diagnosis in recognised(questions):
        see = f"{graded.name}/{diagnosis.see}" if diagnosis.see else ""
        linked = bool(handouts and see)
        yield Advice(
            heading=html.headline(diagnosis.name),
            message=diagnosis.message,
            question=named(question.name, question.title),
            see=see,
            href=f"{handouts.rstrip('/')}/{quote(see, safe='/#')}" if linked else "",
            slide=slides.get(question.name, ""),
        )
