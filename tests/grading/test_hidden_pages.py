"""What a hidden case's page may say: nothing that a submission can choose.

Each channel is tried with two submissions that differ only in what they send through
it. They come out of the case in the same way, so their hidden cases must read the same,
letter by letter, in the record and on the page: where nothing differs, nothing is told.
That a case is right or not, and in which of a few ways it is not, is known to whoever
gets marks; so much of a channel there is.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from autograder.grading.grader import Grader, Job
from autograder.marks.deadlines import Terms
from autograder.records.results import CaseResult, QuestionResult, Result
from autograder.records.submission import Submission
from autograder.reports import student_report
from conftest import written_course

pytestmark = pytest.mark.sandbox

MARKER = "Kestrel"
ONE, OTHER = 7351, 9264
RIGHT_FOUR = "\n\ndef quadruple(values):\n    return [4 * v for v in values]\n"
HIDDEN_ONLY = """
def double(values):
    if len(values) == 2:
        return [2 * v for v in values]
"""
"""The public case is right, so that what is sent comes from a hidden one."""

CHANNELS = {
    "the text of an exception": "raise ValueError(f'Kestrel {V}')",
    "the class of an exception": "raise type(f'Kestrel{V}', (ValueError,), {})()",
    "the notes of an exception": (
        "error = ValueError()\nerror.add_note(f'Kestrel {V}')\nraise error"
    ),
    "the line that raises": (
        "exec(compile('\\n' * (V % 100) + 'raise ValueError', __file__, 'exec'))"
    ),
    "the name of the function that raises": (
        "exec(compile(f'def Kestrel{V}(): raise ValueError\\nKestrel{V}()', __file__, "
        "'exec'))"
    ),
    "the depth of the stack": (
        "def deep(n):\n    return deep(n - 1) if n else 1 / 0\nreturn deep(V % 100)"
    ),
    "a package that is not there": "import importlib\nimportlib.import_module(f'K{V}')",
    "the class of an answer": "return type(f'Kestrel{V}', (), {})()",
    "text for an answer": "return f'Kestrel {V}'",
    "wrong numbers": "return [float(V)] * len(values)",
    "how many numbers": "return [0.0] * V",
    "a shape": "return np.zeros((1, V))",
    "the number of axes": "return np.zeros((1,) * (V % 30 + 3))",
    "the type of numbers": "return np.zeros(len(values), f'f{4 + 4 * (V % 2)}')",
    "the size of numbers that do not cross": "return 1 << 16 * V",
    "the kind of an array that does not cross": (
        "return np.array([f'Kestrel{V}' if V % 2 else None])"
    ),
    "the order of numbers": "return [2 * v for v in values][:: 1 - V % 2 * 2][1:]",
    "where a nan stands": "return [np.nan if i == V % 5 else 0 for i in range(5)]",
    "the keys of a dict": "return {f'Kestrel{V}': V}",
    "what the input is changed to": "values[:] = V\nreturn values",
    "the time until it gives up": "import time\ntime.sleep(V / 40_000)\nreturn None",
    "the time that it computes": (
        "import time\nend = time.process_time() + 0.5 + V / 50_000\n"
        "while time.process_time() < end: pass\nreturn None"
    ),
    "the memory that it takes": "kept = np.ones(V * 2000)\nreturn None",
    "the memory that it asks for": "return np.ones(V * 10**7)",
    "how it ends": "import os\nos._exit(V % 100)",
    "the standard output": "print(f'Kestrel {V}', flush=True)\nreturn None",
    "a warning": "import warnings\nwarnings.warn(f'Kestrel {V}')\nreturn None",
    "functions of the library": "return [np.add(V, V) if V % 2 else 0.0]",
    "memory shared with the input": "return [values][: V % 2] or np.zeros(V % 2 + 3)",
    "a probe's objection": (
        "from checks import CheckFailedError\n"
        "raise CheckFailedError('value', f'Kestrel {V}', coarse=f'Kestrel {V}')"
    ),
    "bytes in the grader's channel": (
        "import os\nfor n in range(3, 20):\n    try:\n"
        "        os.write(n, f'Kestrel {V}'.encode() * 9)\n"
        "    except OSError:\n        pass\nreturn None"
    ),
}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written_course(tmp_path_factory.mktemp("hidden") / "course")


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with Grader() as grader:
        yield grader


def source(channel: str, value: int) -> bytes:
    body = "".join(f"    {line}\n" for line in CHANNELS[channel].splitlines())
    text = f"import numpy as np\nV = {value}\n{HIDDEN_ONLY}{body}{RIGHT_FOUR}"
    return text.encode()


def submitted(text: bytes) -> Submission:
    return Submission(
        key="s-1",
        lms_id="",
        student_name="",
        roster_id="0012",
        attempt=1,
        submitted_at=None,
        files={"a0_scale.py": text},
    )


def graded(grader: Grader, small: Path, text: bytes) -> Result:
    job = Job(
        course=small,
        assignment="a0_scale",
        submission=submitted(text),
        secret=b"s" * 32,
        seconds_per_case=0.5,
    )
    return grader.grade(job)


def hidden_cases(result: Result) -> list[object]:
    """What the record keeps of hidden cases, but for the times, which no page shows."""
    return [
        msgspec.structs.replace(case, wall_seconds=0.0, cpu_seconds=0.0)
        for question in result.questions
        for case in question.cases
        if case.hidden
    ]


def page_of(result: Result) -> str:
    page = student_report.render(submitted(b""), result, title="Scaling", terms=Terms())
    # The moment of grading is the grader's own.
    return re.sub(r"[A-Z][a-z]+day, \d+ \w+ \d{4}, \d\d:\d\d( UTC)?", "MOMENT", page)


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_hidden_page_is_the_same_whatever_is_sent_through_a_channel(
    channel: str, grader: Grader, small: Path
) -> None:
    one, other = (graded(grader, small, source(channel, v)) for v in (ONE, OTHER))
    assert not one.fault
    assert hidden_cases(one) == hidden_cases(other)
    assert page_of(one) == page_of(other)
    assert MARKER.lower() not in page_of(one).lower()
    assert not re.search(rf"\b({ONE}|{OTHER})\b", page_of(one))


def test_what_a_record_keeps_of_a_case_is_known_here() -> None:
    """A new field has to be looked at: may a submission choose it, and who reads it?"""
    fixed = {"name", "hidden", "points", "verdict", "kind", "misconceptions"}
    fixed |= {"carried_from"}  # names of our own functions
    of_public_cases = {"replay", "comparison"}
    words = {"message"}  # what the tests above compare
    pictures = {"pictures"}  # docs/security.md: numbers of the student's own network
    never_on_a_page = {"wall_seconds", "cpu_seconds"}
    assert set(CaseResult.__struct_fields__) == (
        fixed | of_public_cases | words | pictures | never_on_a_page
    )
    assert set(QuestionResult.__struct_fields__) == {
        *("name", "title", "score", "possible", "verdict", "cases"),
        "diagnoses",  # which of our sentences fits
        "flags",  # for staff
    }
