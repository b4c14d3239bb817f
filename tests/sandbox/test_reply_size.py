"""A few bytes that ask for terabytes are the student's failure, not a fault."""

from pathlib import Path

import numpy as np
import pytest

from autograder.errors import StudentFault
from autograder.grading.grader import Grader, Job
from autograder.records.results import Verdict
from autograder.sandbox.plain_process import Unisolated
from autograder.sandbox.reply_size import MOST_NUMBERS, stacked
from autograder.sandbox.session import Session
from handed_in import handed_in

BOMBS = {
    "an array that has no element": "np.zeros((2**28, 0))",
    "an array of many axes": "np.zeros((2**20, 0, 2**20))",
    "one array named often": "[np.zeros(600_000)] * 100_000",
    "a list of lists of one array": "[[np.zeros(600_000)] * 300] * 300",
    "one list named often": "[[0.0] * 20_000] * 9",
    "a long text beside empty ones": "['x' * 10**6] + [''] * 100_000",
    "a tuple of it": "(1.0, [np.zeros(600_000)] * 100_000)",
    "a dict of it": "{'a': [np.zeros(600_000)] * 100_000}",
}
SMALL = {"one list named often"}
"""What looks like the others, and is only a large list."""


def source(value: str) -> bytes:
    return f"import numpy as np\ndef double(values):\n    return {value}\n".encode()


@pytest.mark.parametrize("name", sorted(BOMBS.keys() - SMALL))
def test_a_reply_that_asks_for_terabytes_is_told_as_too_many_numbers(name: str) -> None:
    session = Session(
        Unisolated().start,
        "a0_scale.py",
        source(BOMBS[name]),
        seconds_per_case=20,
        seconds_total=60,
    )
    with session, pytest.raises(StudentFault) as caught:
        session.call("double", ([1.0],))
    assert caught.value.kind == "shape"
    assert "`double` returned far more numbers than were asked for" in str(caught.value)
    assert caught.value.coarse == str(caught.value).partition(":")[0]


def test_what_a_function_does_to_its_argument_is_bounded_as_well() -> None:
    text = (
        b"import numpy as np\ndef double(values):\n"
        b"    values.shape = (2**28, 0)\n    return 1.0\n"
    )
    session = Session(
        Unisolated().start, "a0_scale.py", text, seconds_per_case=20, seconds_total=60
    )
    with session, pytest.raises(StudentFault, match="far more numbers"):
        session.call("double", (np.ones(0),))


@pytest.mark.parametrize(
    "value", [np.zeros(6_000_000), [[1.5] * 300] * 300, "text", {}]
)
def test_large_answers_are_looked_at(value: object) -> None:
    assert stacked(value) <= MOST_NUMBERS


@pytest.mark.sandbox
@pytest.mark.parametrize("name", sorted(BOMBS))
def test_no_value_gets_its_author_a_fault(course: Path, name: str) -> None:
    submission = handed_in("a0_scale.py", source(BOMBS[name]))
    job = Job(course=course, assignment="a0_scale", submission=submission, secret=b"s")
    with Grader() as grader:
        result = grader.grade(job)
    assert result.verdict is Verdict.FAILED, result.fault
    assert result.score == 0
