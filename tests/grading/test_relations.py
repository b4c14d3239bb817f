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


def told(right: Any, given: Any, *args: Any, is_public: bool = True) -> list[str]:
    call = Call("f", args, {}, Outcome(given))
    seen = seen_of(("x",), call, right, given, is_public=is_public)
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


EXACT = [
    (RIGHT, -RIGHT, "has the wrong sign, everywhere"),
    (RIGHT, np.trunc(RIGHT), "is cut off to whole numbers, without what stands behin"),
    (RIGHT + 0.5, np.floor(RIGHT + 0.5), "is rounded down to whole numbers"),
    (ROW + 2j, ROW, "holds the real parts only"),
    (ROW + 2j, ROW - 2j, "is the complex conjugate of what is right"),
    (RIGHT, RIGHT**2, "is the square of what is right"),
    (np.abs(RIGHT), np.sqrt(np.abs(RIGHT)), "is the square root of what is right"),
    (RIGHT, 1 / RIGHT, "is 1 over what is right"),
    (RIGHT, np.pad(RIGHT, 1), "is right but for a border of zeros around it"),
    (ROW, ROW[1:], "is right but for the first values, which are missing"),
    (ROW, ROW[:-1], "is right but for the last values, which are missing"),
    (
        RIGHT,
        np.pad(RIGHT, ((0, 0), (1, 0))),
        "is right but for a zero too many before the values along axis 1",
    ),
    (ROW, np.append(ROW, 0), "is right but for a zero too many behind the values"),
    (ROW, np.roll(ROW, -1), "is right but one place too far back, round the end"),
    (ROW, ROW[[3, 0, 1, 2]], "is right but one place too far on, round the end"),
    (
        RIGHT,
        np.roll(RIGHT, -1, 0) * [[1], [1], [0]],
        "is right but one place too far back along axis 0, with a 0 at the end",
    ),
    (
        ROW,
        np.roll(ROW, 1) * [0, 1, 1, 1],
        "is right but one place too far on, with a 0 at the end",
    ),
    (ROW, ROW * [0, 1, 1, 1], "is right but for the first values, which are 0"),
    (ROW, ROW * [1, 1, 1, 0], "is right but for the last values, which are 0"),
    (ROW, ROW[[3] * 4], "has in every place what is right for the last one"),
    (ROW, ROW[[0] * 4], "has in every place what is right for the first one"),
    (ROW, ROW[::-1], "is right but runs backwards"),
    (ROW, ROW * 1.5, "is 1.5 times what is right, everywhere"),
    (ROW, ROW * -2, "is -2 times what is right, everywhere"),
    (ROW, ROW / 4, "is 0.25 times what is right, everywhere"),
]


@pytest.mark.parametrize(("right", "given", "says"), EXACT)
def test_what_is_told_is_that_and_nothing_else(
    right: Any, given: Any, says: str
) -> None:
    (line,) = told(right, given)
    assert line.startswith(says)


def test_of_a_hidden_case_neither_shapes_nor_factors_are_told() -> None:
    told_of = [told(RIGHT, RIGHT.T), told(RIGHT, RIGHT.reshape(2, 6))]
    assert all("(3, 4) is asked for" in lines[-1] for lines in told_of)
    hidden = [
        *told(RIGHT, RIGHT.T, is_public=False),
        *told(RIGHT, RIGHT.reshape(2, 6), is_public=False),
        *told(ROW, 3 * ROW, is_public=False),
    ]
    assert hidden == [
        "is right but for the order of its axes: yours are [1, 0] of those asked for",
        "holds the right numbers, row after row, in another shape",
        "is always the same multiple of what is right, everywhere",
    ]
    call = Call("f", (), {}, Outcome(None))
    seen = seen_of((), call, RIGHT, RIGHT.reshape(2, 6))
    assert seen is not None
    assert not seen.is_public, "where nobody says so"


def test_axes_are_told_in_order_where_their_lengths_are_one() -> None:
    square = RIGHT[:, :3]
    assert told(square, square.T)[0].endswith("yours are [1, 0] of those asked for")
    many = np.arange(32.0).reshape((2,) * 5)
    assert told(many, many.transpose(1, 0, 2, 3, 4)) == []


def test_a_factor_may_be_a_whole_number_that_a_call_was_given() -> None:
    assert "is x times what is right, everywhere" in told(ROW, 3 * ROW, 3)
    assert "is 1 / (x) times what is right, everywhere" in told(ROW, ROW / 3, 3)
    # An array without a value is no size that anything was divided by.
    lines = told(ROW, 2 * ROW, np.zeros((0, 3)))
    assert lines == ["is 2 times what is right, everywhere"]
    assert told(ROW, 2 * ROW, True) == lines


def test_a_relation_that_another_calls_value_cannot_have_is_none_of_it() -> None:
    call = Call("f", (), {}, Outcome(None))

    def relation(right: Any, given: Any, says: str) -> Any:
        seen = seen_of((), call, right, given)
        assert seen is not None
        return next(r for r in relations(seen) if r.says.startswith(says))

    shorter, higher, row = (
        seen_of((), call, *pair) for pair in ((ROW, ROW[:2]), (ROW, RIGHT), (ROW, -ROW))
    )
    assert relation(RIGHT, -RIGHT, "has the wrong sign").of(shorter) is None
    assert (
        relation(RIGHT, np.pad(RIGHT, 1), "is right but for a bor").of(higher) is None
    )
    backwards = relation(
        RIGHT, RIGHT[:, ::-1], "is right but runs backwards along axis 1"
    )
    assert backwards.of(row) is None


def test_complex_numbers_have_no_sign_that_could_be_lost() -> None:
    both = np.array([3 + 1j, -2 + 5j, 1 - 4j])
    assert told(both, np.maximum(both, 0)) == []


def test_what_is_nowhere_a_number_is_no_multiple() -> None:
    assert told(np.zeros(3), np.ones(3)) == []
    call = Call("f", (), {}, Outcome(None))
    assert seen_of((), call, "a word", ROW) is None


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
    assert [part_name(assignment, "g", f"{n} of 6") for n in range(2, 6)] == [
        f"The {nth} of the values that you return"
        for nth in ("third", "fourth", "fifth", "sixth")
    ]
    assert part_name(assignment, "g", "6 of 7") == (
        "Of the values that you return, number 7"
    )
    words = [
        part_name(assignment, "checks.training:epoch", f"[{part}]")
        for part in ("loss", "losses", "accuracy", "output")
    ]
    assert words == [
        "Your loss",
        "Your list of losses",
        "Your accuracy",
        "With the same weights, the output of your network",
    ]
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
