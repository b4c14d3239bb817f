"""Wrong answers to a double() that returns its values twice, held against mistakes.

Without a worker: a function gives the answers, and known mistakes are edits of the
small course's reference.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from autograder.course.assignment import Assignment, load
from autograder.grading.diagnosis import explain
from autograder.grading.proxy import Call, Outcome
from autograder.grading.trials import AskedCase
from conftest import Edit

_RNG = np.random.default_rng(1)
X = _RNG.normal(size=4)
Y = _RNG.normal(size=7)
SHORT = [_RNG.normal(size=size) for size in (2, 3, 4, 4, 2, 3, 4, 2)]
LEAF = """
[[misconception]]
name = "{name}"
message = "Your {name}."
question = "q1_double"
fails = ["q1_double"]
[[misconception.edit]]
find = "{find}"
replace = "{replace}"
"""
FIRST, SECOND = "first = _scaled(values)", "second = _scaled(values)"
RETURN = "return first, second"
MISTAKES = {
    "first_negative": (FIRST, "first = -_scaled(values)"),
    "first_zero": (FIRST, "first = 0 * _scaled(values)"),
    "first_none": (FIRST, "first = np.zeros(len(values))"),
    "second_squared": (SECOND, "second = _scaled(values) ** 2"),
    "added": ("return first, second", "return first + second, second"),
    "stops_when_long": (
        "return first, second",
        "return first + np.zeros(min(len(values), 4)), second",
    ),
}

Double: TypeAlias = Callable[[Any], Any]


def course_of_pairs(course: Path, edit: Edit) -> Assignment:
    """Return the small course with a double() that returns its values twice."""
    edit(
        "solutions/a0_scale/reference.py",
        "    return 2 * _scaled(values)",
        f"    {FIRST}\n    {SECOND}\n    return first, second",
    )
    path = course / "solutions/a0_scale/misconceptions.toml"
    leaves = (
        LEAF.format(name=name, find=find, replace=new)
        for name, (find, new) in MISTAKES.items()
    )
    path.write_text("".join(leaves), encoding="utf-8")
    return load(course, "a0_scale")


def asked(
    name: str, function: Double, *inputs: Any, points: float = 1, failed: bool = True
) -> AskedCase:
    """Return a case that called `function` with each input."""
    calls = []
    for given in inputs:
        try:
            outcome = Outcome(function(given))
        except ValueError as error:
            words = str(error).partition(" with ")[0]
            outcome = Outcome(error="ValueError", complaint=words)
        calls.append(Call("double", (given,), {}, outcome))
    return AskedCase(name=name, points=points, failed=failed, calls=calls)


def named(assignment: Assignment, *cases: AskedCase) -> list[str]:
    """Return the known mistakes that are told, without what is only described."""
    known = {m.name for m in assignment.misconceptions}
    told = explain(assignment, "q1_double", cases).diagnoses
    return [d.name for d in told if d.name in known]


def calls_of(function: str, case: AskedCase) -> AskedCase:
    return replace(case, calls=[replace(c, function=function) for c in case.calls])


def stops_when_long(values: Any) -> Any:
    return values + np.zeros(min(len(values), 4)), values


def with_leaf(course: Path, name: str, message: str, old: str, new: str) -> Assignment:
    """Add a misconception to those of `pairs`."""
    path = course / "solutions/a0_scale/misconceptions.toml"
    leaf = LEAF.format(name=name, find=old, replace=new)
    leaf = leaf.replace(f"Your {name}.", message)
    path.write_text(path.read_text(encoding="utf-8") + leaf, encoding="utf-8")
    return load(course, "a0_scale")


def leaves(course: Path, edits: dict[str, tuple[str, str]]) -> Assignment:
    """Load the course of `pairs` with these misconceptions alone."""
    text = "".join(
        LEAF.format(name=name, find=old, replace=new)
        for name, (old, new) in edits.items()
    )
    path = course / "solutions/a0_scale/misconceptions.toml"
    path.write_text(text, encoding="utf-8")
    return load(course, "a0_scale")
