"""A page for the student: the mark, what to look at first, every case.

One HTML file a submission, complete in itself: no scripts, nothing asked of the
network. Whatever stands in a submission is text here: every value that the templates
write goes through `plain`, then through Jinja's escaping. What only staff may read (a
result's flags, a fault's words, the isolation) never reaches a template.
"""

import base64
import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from autograder.assignment import Assignment
from autograder.atomic import write_atomically
from autograder.gradebook.entries import duration
from autograder.results import (
    CaseResult,
    Comparison,
    Diagnosis,
    QuestionResult,
    Result,
    Verdict,
)
from autograder.submission import Submission

MAX_TEXT = 2000
"""Characters of one text that a page shows."""
MAX_NOTICES = 20
_PLAIN_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_JOINERS = "\u200c\u200d"
"""Invisible, but Persian and Indic names and emoji are spelt with them."""
_UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
"""Unicode's categories of characters that show nothing or steer the text around."""
_SELECTORS = range(0xE0100, 0xE01F0)
_KINDS = {
    "carried": "right, with an earlier mistake carried forward",
    "complex": "complex numbers",
    "died": "Python ended",
    "input_changed": "changed its input",
    "load": "the file could not be loaded",
    "memory": "out of memory",
    "missing": "function missing",
    "nan": "not a number",
    "no_file": "no file",
    "none": "returned None",
    "not_raised": "error expected",
    "not_started": "not started",
    "raised": "stopped with an error",
    "shape": "wrong shape",
    "signature": "other parameters",
    "timeout": "out of time",
    "type": "wrong type",
    "value": "wrong values",
    "wrong_error": "another error expected",
}
"""A case's kind in words."""


@dataclass(frozen=True, kw_only=True)
class _Question:
    """One question as the page tells it.

    state : ``passed``, ``partly``, ``failed`` or ``fault``
    shared : the message of every failed case where all have the same one, or ""
    """

    anchor: str
    result: QuestionResult
    state: str
    shared: str


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


def write_feedback(
    folder: Path,
    submission: Submission,
    result: Result,
    *,
    assignment: Assignment,
    due: datetime | None,
) -> Path:
    """Write the submission's page into `folder` and return its path.

    due : the deadline in the LMS's local time; None where nothing is late
    Raises StaffError where the page cannot be written
    """
    page = render(submission, result, title=assignment.manifest.title, due=due)
    path = folder / file_name(submission)
    write_atomically(path, page.encode())
    return path


def file_name(submission: Submission) -> str:
    """Name a page by the roster's id, or by a hash where that is no plain name.

    >>> from autograder.submission import Submission
    >>> one = dict(key="s1", lms_id="", student_name="", submitted_at=None, files={})
    >>> file_name(Submission(**one, roster_id="0012", attempt=2))
    '0012-attempt2.html'
    >>> file_name(Submission(**one, roster_id="../x", attempt=1))
    'e8bc163c82eee187.html'
    """
    name = submission.roster_id or ""
    if not _PLAIN_ID.fullmatch(name) or "-attempt" in name:
        name = hashlib.sha256(submission.key.encode()).hexdigest()[:16]
    again = f"-attempt{submission.attempt}" if submission.attempt > 1 else ""
    return f"{name}{again}.html"


def render(
    submission: Submission, result: Result, *, title: str, due: datetime | None
) -> str:
    """Return the page; the same arguments give the same bytes.

    title : the assignment's
    """
    fault = result.verdict is Verdict.FAULT or result.score is None
    questions = [] if fault else list(map(_question, result.questions))
    shared = {q.shared if q.state == "failed" else "" for q in questions}
    return (
        _environment()
        .get_template("report.html")
        .render(
            title=title,
            student=submission.student_name,
            attempt=submission.attempt,
            submitted=_when(submission.submitted_at),
            late=_late(submission.submitted_at, due),
            in_time=_in_time(submission.submitted_at, due),
            fault=fault,
            score=result.score,
            possible=result.possible,
            questions=questions,
            alike=len(questions) > 1 and len(shared) == 1 and shared != {""},
            leads=list(_leads(questions)),
            notices=result.notices[:MAX_NOTICES],
            more_notices=max(0, len(result.notices) - MAX_NOTICES),
            graded_at=_when(result.graded_at.astimezone(UTC)),
        )
    )


def plain(text: str) -> str:
    r"""Make a text harmless to a reader: nothing unseen, nothing endless.

    Control characters become their pictures, what steers or hides text becomes ``�``
    >>> plain("a\x1b[31mb\u202ec")
    'a␛[31mb�c'
    """
    kept = text[:MAX_TEXT].replace("\r\n", "\n")
    shown = "".join(map(_visible, kept))
    left_out = len(text) - MAX_TEXT
    return f"{shown} … ({left_out:,} more characters)" if left_out > 0 else shown


def _visible(character: str) -> str:
    number = ord(character)
    if character in "\n\t" or character in _JOINERS:
        return character
    if number < 0x20:  # noqa: PLR2004 ASCII's control characters have pictures
        return chr(0x2400 + number)
    unseen = unicodedata.category(character) in _UNSEEN or number in _SELECTORS
    return "\ufffd" if unseen else character


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("autograder"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    environment.filters.update(
        points=_points,
        words=_words,
        read_on=_read_on,
        plot=_plot,
        says=_says,
        share=_share,
        prose=_prose,
    )
    return environment


def _finalize(value: Any) -> Any:
    """Pass every text of a page through `plain`, but for what is markup already."""
    return (
        plain(value)
        if isinstance(value, str) and not isinstance(value, Markup)
        else value
    )


def _question(result: QuestionResult) -> _Question:
    states = {
        Verdict.PASSED: "passed",
        Verdict.FAILED: "partly" if result.score > 0 else "failed",
        Verdict.FAULT: "fault",
    }
    messages = [c.message for c in result.cases if c.verdict is Verdict.FAILED]
    same = len(messages) > 1 and len(set(messages)) == 1
    return _Question(
        anchor=hashlib.sha256(result.name.encode(errors="replace")).hexdigest()[:8],
        result=result,
        state=states[result.verdict],
        shared=messages[0] if same else "",
    )


def _leads(questions: list[_Question]) -> Iterator[_Lead]:
    """Name what was recognised, else the first thing that went wrong."""
    open_ones = [q for q in questions if q.state in {"partly", "failed"}]
    recognised = [(q, d) for q in open_ones for d in q.result.diagnoses]
    for question, diagnosis in recognised:
        yield _Lead(
            question=question,
            heading=_words(diagnosis.name).capitalize(),
            message=diagnosis.message,
            see=diagnosis.see,
        )
    if open_ones and not recognised:
        failed = [c for c in open_ones[0].result.cases if c.verdict is Verdict.FAILED]
        kind = failed[0].kind if failed else ""
        yield _Lead(
            question=open_ones[0],
            heading=_KINDS.get(kind, "Not right yet").capitalize(),
            message=failed[0].message if failed else "",
            quoted=True,
        )


def _says(case: CaseResult, question: QuestionResult) -> list[Diagnosis]:
    """Return the question's diagnoses that explain this case."""
    return [d for d in question.diagnoses if d.name in case.misconceptions]


def _words(name: str) -> str:
    """Write an identifier as words: ``not_flipped`` as ``not flipped``."""
    return _KINDS.get(name, name.replace("_", " "))


def _prose(text: str) -> Markup:
    """Set what stands between backticks as code.

    >>> _prose("use `+=` < here")
    Markup('use <code>+=</code> &lt; here')
    """
    parts = [escape(part) for part in plain(text).split("`")]
    if len(parts) % 2 == 0:  # a backtick without its partner
        parts[-2:] = [parts[-2] + "`" + parts[-1]]
    return Markup().join(
        Markup("<code>{}</code>").format(part) if place % 2 else part
        for place, part in enumerate(parts)
    )


def _read_on(see: str) -> str:
    """Write ``README.md#2-pad1d`` as a reader would say it."""
    page, _, section = see.partition("#")
    return f"{page}, “{section.replace('-', ' ')}”" if section else page


def _points(value: float) -> str:
    """Write points as people do: at most two decimals, none where whole.

    >>> _points(12.0), _points(33.3333)
    ('12', '33.33')
    """
    return f"{round(value, 2):.10g}"


def _share(question: QuestionResult) -> str:
    """Return the part of a question's points that was reached, in percent."""
    part = question.score / question.possible if question.possible else 1.0
    return _points(100 * min(max(part, 0.0), 1.0))


def _plot(comparison: Comparison) -> Markup:
    # matplotlib takes most of a second to load, and a class may need no plot.
    from autograder.plots import comparison_svg, describe  # noqa: PLC0415

    data = base64.b64encode(comparison_svg(comparison).encode()).decode()
    return Markup(
        '<img class="plot" alt="{}" src="data:image/svg+xml;base64,{}">'
    ).format(describe(comparison), data)


def _when(moment: datetime | None) -> str:
    if moment is None:
        return ""
    zone = " UTC" if moment.tzinfo is UTC else ""
    return f"{moment:%A}, {moment.day} {moment:%B %Y, %H:%M}{zone}"


def _late(submitted: datetime | None, due: datetime | None) -> str:
    by = _after(submitted, due)
    return duration(by) if by is not None and by > timedelta(0) else ""


def _in_time(submitted: datetime | None, due: datetime | None) -> bool:
    by = _after(submitted, due)
    return by is not None and by <= timedelta(0)


def _after(submitted: datetime | None, due: datetime | None) -> timedelta | None:
    if submitted is None or due is None:
        return None
    if (submitted.tzinfo is None) != (due.tzinfo is None):
        submitted, due = submitted.astimezone(), due.astimezone()
    return submitted - due
