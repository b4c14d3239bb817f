"""Mistakes in one branch, slips in what calls them, exceptions that are missing."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.course.assignment import Assignment, load
from autograder.grading.diagnosis import explain
from autograder.grading.proxy import Outcome
from autograder.grading.trials import AskedCase
from doubled_slips import (
    BEGIN,
    ELSEWHERE,
    END,
    LONG,
    MORE,
    SHORT,
    SLIPS,
    called,
    told,
)

THERE = f"It is so wherever {MORE}, and in no other call."
MULTIPLE = "What you return is always the same multiple of what is right"


@pytest.fixture
def scaled(course: Path) -> Assignment:
    (course / "solutions/a0_scale/slips.py").write_text(SLIPS)
    (course / "solutions/a0_scale/misconceptions.toml").write_text("")
    return load(course, "a0_scale")


def test_a_slip_in_one_branch_is_told_with_where_it_is(scaled: Assignment) -> None:
    assert told(scaled, lambda x: 2 * x if len(x) < 7 else 2 + x) == [
        f"{BEGIN}the value is `factor + values[place]`{END} {THERE}"
    ]


@pytest.mark.usefixtures("scaled")
@pytest.mark.parametrize(
    ("gain", "message"),
    [
        (5, f"You take 5. {THERE}"),
        (
            7,
            f"{MULTIPLE}, wherever {MORE}; {ELSEWHERE}",
        ),
    ],
)
def test_a_known_mistake_in_one_branch_is_told_unless_two_give_it(
    gain: int, message: str, course: Path
) -> None:
    known = [(5, "You take 5."), (7, "You take 7."), (7, "You take seven.")]
    (course / "solutions/a0_scale/misconceptions.toml").write_text(
        "".join(
            f"""
[[misconception]]
name = "times_{n}"
message = "{says}"
question = "q1_double"
fails = ["q1_double"]
[[misconception.edit]]
find = "return 2 * _scaled(values)"
replace = "return {taken} * _scaled(values)"
"""
            for n, (taken, says) in enumerate(known)
        )
    )
    with_known = load(course, "a0_scale")
    assert told(with_known, lambda x: (2 if len(x) < 7 else gain) * x) == [message]


def test_a_slip_explains_what_calls_the_function_it_is_in(course: Path) -> None:
    (course / "solutions/a0_scale/misconceptions.toml").write_text("")
    written = course / "solutions/a0_scale/slips.py"
    own = "\n\ndef quadruple(values):\n    {}\n    it = 4 * values\n    return it\n"
    last_left_out = [called(lambda x: [*(2 * x[:-1]), 0], x) for x in SHORT]
    again = [
        replace(
            call, function="quadruple", outcome=Outcome([*(4 * call.args[0][:-1]), 0])
        )
        for call in last_left_out
    ]
    cases = [
        AskedCase(name=str(n), points=1, failed=True, calls=[call])
        for n, call in enumerate([*last_left_out, *again])
    ]
    explained = []
    for comment in ("# its own", "# through: double(double(values))"):
        written.write_text(SLIPS + own.format(comment))
        found = explain(load(course, "a0_scale"), "q1_double", cases)
        assert f"{BEGIN}a place i is never the last{END}" in {
            d.message for d in found.diagnoses
        }
        name = "double: a place i is never the last"
        explained.append(sum(name in names for names in found.by_case.values()))
    assert explained == [len(SHORT), 2 * len(SHORT)]


def test_that_an_exception_is_missing_is_told_of_a_single_call(course: Path) -> None:
    reference = course / "solutions/a0_scale/reference.py"
    source = reference.read_text()
    head = next(
        line for line in source.splitlines(keepends=True) if "def double" in line
    )
    refusing = "    if len(values) == 3:\n        raise ValueError('three')\n"
    reference.write_text(source.replace(head, head + refusing))
    written = SLIPS.replace("    factor", f"{refusing}    factor", 1)
    (course / "solutions/a0_scale/slips.py").write_text(written)
    (course / "solutions/a0_scale/misconceptions.toml").write_text("")
    assignment = load(course, "a0_scale")

    def says(function: Callable[[Any], Any], *, failed: int) -> list[str]:
        calls = [called(function, x) for x in (*LONG, SHORT[0], SHORT[1])]
        cases = [
            AskedCase(name=str(n), points=1, failed=n == failed, calls=[call])
            for n, call in enumerate(calls)
        ]
        return [d.message for d in explain(assignment, "q1_double", cases).diagnoses]

    def refuses_four(x: Any) -> Any:
        if len(x) in {3, 4}:
            raise ValueError("three") if len(x) == 3 else ValueError("four")
        return 2 * x

    three = "there are three values"
    assert says(lambda x: 2 * x, failed=len(LONG)) == [
        f"Your double should raise and does not where {three}, and in no other call."
    ]
    assert says(refuses_four, failed=len(LONG) + 1) == []
