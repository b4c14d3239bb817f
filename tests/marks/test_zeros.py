"""Why somebody has no point at all: in words for whoever looks before marks go out."""

import msgspec
import pytest

from autograder.intake.choice import THERE
from autograder.intake.notebooks import OF_THE_COURSE
from autograder.kinds import Kind
from autograder.marks.zeros import COULD_NOT_BE_READ, STOPS_WHEN_LOADED, why_zero
from autograder.records.results import CaseResult, QuestionResult, Verdict
from gradebook_class import graded

NO_FILE = "no Python file was handed in"


def why(
    *kinds: Kind,
    message: str = "",
    there: str | None = None,
    score: float | None = 0.0,
) -> str:
    submission, result = graded("0300", score)
    cases = tuple(
        CaseResult(
            name=f"case {n}",
            hidden=False,
            points=1.0,
            verdict=Verdict.FAILED,
            kind=kind,
            message=message,
        )
        for n, kind in enumerate(kinds)
    )
    question = QuestionResult(
        name="q1",
        title="Q1",
        score=0.0,
        possible=1.0,
        verdict=Verdict.FAILED,
        cases=cases,
    )
    notices = () if there is None else (f"there is no a0.py{THERE}{there}",)
    return why_zero(
        msgspec.structs.replace(submission, notices=notices),
        msgspec.structs.replace(result, questions=(question,)),
    )


def test_whoever_has_a_point_or_no_mark_needs_no_reason() -> None:
    assert why(Kind.VALUE, score=0.5) == ""
    assert why(Kind.VALUE, score=None) == ""
    assert why(Kind.VALUE) == "no answer is right"


@pytest.mark.parametrize(
    ("there", "reason"),
    [
        ("notes.docx", NO_FILE),
        ("nothing", NO_FILE),
        (f"{OF_THE_COURSE}, notes.docx", "the course's own notebook was handed in, "),
        ("a0.py.txt", "the file's name does not end in .py"),
        ("A0.PY.DOCX", "the file's name does not end in .py"),
        ("a0.py.pdf", "the file's name does not end in .py"),
        ("notes.docx, a0.txt", "the file's name does not end in .py"),
        ("a0.txt , notes.docx", "the file's name does not end in .py"),
    ],
)
def test_what_was_handed_in_in_the_place_of_the_file_is_told(
    there: str, reason: str
) -> None:
    assert why(Kind.NO_FILE, Kind.NO_FILE, there=there).startswith(reason)


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("Python can't read a0.py: invalid syntax", COULD_NOT_BE_READ),
        ("a0.py is not UTF-8 text: save it as UTF-8", COULD_NOT_BE_READ),
        ("a0.py holds null bytes: save it", COULD_NOT_BE_READ),
        ("a0.py is too large: 2,000,000 bytes", COULD_NOT_BE_READ),
        ("a0.py can't be imported: NameError", STOPS_WHEN_LOADED),
    ],
)
def test_a_file_that_cannot_be_read_is_told_from_one_that_stops(
    message: str, reason: str
) -> None:
    assert why(Kind.LOAD, Kind.LOAD, message=message) == reason


def test_one_reason_is_told_only_where_every_case_has_it() -> None:
    assert why(Kind.LOAD, Kind.VALUE) == "no answer is right"
    assert why(Kind.NOT_STARTED, Kind.VALUE) == "no answer is right"
    assert why(Kind.NO_FILE, Kind.VALUE) == "no answer is right"
    assert why(Kind.MISSING) == "none of the functions is in the file"
    assert why(Kind.NOT_STARTED) == "there is nothing but the stub"
    # Whoever has the stub of one function has begun with the file.
    assert why(Kind.MISSING, Kind.NOT_STARTED) == "there is nothing but the stub"
