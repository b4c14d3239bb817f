"""What a wrong answer has to do with the right one is seen in the answers alone."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import autograder
from autograder.authoring.naming import asked_of
from autograder.course.assignment import load, module_from
from autograder.grading.agreement import same_values
from autograder.grading.diagnosis import explain
from autograder.grading.proxy import Call, Outcome
from autograder.grading.relations import part_name, relations, seen_of

COURSE = Path(autograder.__file__).parents[1]
RIGHT = np.arange(-5.0, 7).reshape(3, 4) + 0.25
ROW = RIGHT[0]


def told(right: Any, given: Any, *args: Any) -> list[str]:
    call = Call("f", args, {}, Outcome(given))
    seen = seen_of(("x",), call, right, given, is_public=True)
    assert seen is not None
    found = []
    for relation in relations(seen):
        with np.errstate(all="ignore"):
            made = relation.of(seen)
        if made is not None and same_values(made, seen.given):
            found.append(relation.says)
    return found


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (-RIGHT, "has the wrong sign, everywhere"),
        (
            np.abs(RIGHT),
            "has lost the signs: it is the absolute value of what is right",
        ),
        (np.maximum(RIGHT, 0), "is right where that is positive, and 0 where it is "),
        (np.round(RIGHT), "is rounded to whole numbers"),
        (RIGHT[::-1], "is right but runs backwards along axis 0"),
        (RIGHT[::-1, ::-1], "is right but runs backwards along axis 0 and 1"),
        (RIGHT / 3, "is 0.3333 times what is right, everywhere"),
        (RIGHT.T, "is right but for the order of its axes: yours are [1, 0]"),
        (RIGHT.reshape(2, 6), "holds the right numbers, row after row, in another "),
        (
            RIGHT[:-1],
            "is right but for the last values along axis 0, which are missing",
        ),
        (RIGHT[:, 1:], "is right but for the first values along axis 1, which are "),
        (np.pad(RIGHT, ((0, 1), (0, 0))), "is right but for a zero too many behind "),
        (np.roll(RIGHT, 1, 1), "is right but one place too far on along axis 1, round"),
        (RIGHT * [1, 1, 1, 0], "is right but for the last values along axis 1, which "),
        (RIGHT[[0, 0, 0]], "has in every place along axis 0 what is right for the "),
        (RIGHT + 2j, "is complex; its real part is right: return that"),
    ],
)
def test_a_relation_is_told(given: Any, says: str) -> None:
    assert [line for line in told(RIGHT, given) if line.startswith(says)]


def test_a_factor_is_one_of_the_sizes_of_a_call() -> None:
    x = np.zeros((5, 7))
    assert "is 1 / (the length of axis 1 of x) times what is right, everywhere" in (
        told(ROW, ROW / 7, x)
    )
    assert "is the size of x times what is right, everywhere" in told(ROW, 35 * ROW, x)


def test_a_factor_that_would_fit_anything_is_none() -> None:
    assert told(ROW, ROW * 2.017) == []
    assert told(ROW, np.array([1.0, 8, -3, 2.5])) == []


@pytest.mark.parametrize("factor", [3.14159e-9, 1e-320, 1.2345678e7, 7.3e200])
def test_a_factor_next_to_nothing_or_beyond_all_is_none(factor: float) -> None:
    assert not [line for line in told(ROW, ROW * factor) if "times" in line]


@pytest.mark.parametrize("beside", [complex(0, np.nan), 1e300j, complex(0, np.inf)])
def test_what_is_beside_a_wrong_real_part_does_not_hide_it(beside: complex) -> None:
    with np.errstate(all="ignore"):
        assert told(ROW, np.array([999.0, 1, 2, 3]) + beside) == []


@pytest.mark.parametrize("right", [ROW + 1j, ROW, ROW.astype(int), np.zeros((0, 3))])
@pytest.mark.parametrize(
    "given",
    [
        *(np.nan, np.inf, 1e308, -0.0, 1e308 + 1e308j, 2**62, np.float16(6e4)),
        *(np.zeros((0, 3)), np.ones((1,) * 32), np.ones((1,) * 30 + (2, 2)), ROW),
    ],
    ids=repr,
)
def test_whatever_came_back_is_looked_at(right: Any, given: Any) -> None:
    """Nothing in it breaks, and Python warns of nothing."""
    told(right, given)
    told(right, np.broadcast_to(given, right.shape) if np.ndim(given) == 0 else given)


def test_what_is_no_array_of_numbers_has_no_relation() -> None:
    call = Call("f", (), {}, Outcome(None))
    assert seen_of((), call, ROW, "a word") is None
    assert seen_of((), call, np.array([True]), np.array([False])) is None


def test_parts_are_called_what_the_reference_calls_them() -> None:
    source = "def f(x):\n    return dx, dw\n\ndef g(x):\n    return x, -x\n"
    assignment: Any = SimpleNamespace(reference_source=source)
    assert part_name(assignment, "f", "1 of 2") == "Your dw"
    assert part_name(assignment, "g", "1 of 2") == (
        "The second of the values that you return"
    )
    assert part_name(assignment, "f", "0 of 3") == (
        "The first of the values that you return"
    )
    assert part_name(assignment, "f", "value") == "What you return"
    assert part_name(assignment, "g", "11 of 12") == (
        "Of the values that you return, number 12"
    )
    assert part_name(assignment, "f", "[1 of 2]") == "Your answer [1 of 2]"
    assert part_name(assignment, "checks.training:epoch", "[loss]") == "Your loss"
    assert part_name(assignment, "checks.networks:f", "value") == "What you return"


SQUARED = """
def equivariance_error(layer, x, transform):
    with torch.no_grad():
        one, other = layer(transform(x)), transform(layer(x))
        return (((one - other) ** 2).max() / (other**2).max()).item()
"""
THIRD = """
def evaluate(model, loader, loss_fn, right=evaluate):
    loss, accuracy = right(model, loader, loss_fn)
    return loss / 3, accuracy
"""


@pytest.mark.torch
@pytest.mark.parametrize(
    ("question", "source", "says"),
    [
        ("q10_equivariance", SQUARED, "What you return is the square of what is right"),
        ("q6_evaluate", THIRD, "Your loss is 0.3333 times what is right, everywhere"),
    ],
)
def test_numbers_that_a_probe_brings_back_are_looked_at_too(
    question: str, source: str, says: str
) -> None:
    cnn = load(COURSE, "a4_cnn")
    wrong = module_from(cnn.reference_source + source, Path("wrong.py"))
    (asked,) = (q for q in cnn.manifest.question if q.name == question)
    cases = asked_of(cnn, wrong, asked, b"s" * 32)
    assert [d.message for d in explain(cnn, question, cases).diagnoses] == [f"{says}."]
