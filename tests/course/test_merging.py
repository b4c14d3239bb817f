"""Changes of one line are made together, as changes of its syntax tree."""

from pathlib import Path

import pytest

from autograder.course.edits import Edit, apart, apart_as_trees
from autograder.course.program import Program

SOURCE = """import math


class Net:
    def __init__(self):
        self.layers = [Conv(3, padding=1), ReLU(), Pool(2), Conv(3), ReLU(), Pool(2)]

    def forward(self, x):
        x = self.pool(relu(self.conv(x)))
        return self.head(x.mean(dim=2))


def other(x):
    # Said on a line of its own.
    return x
"""
PROGRAM = Program(SOURCE, Path("net.py"))
LINE = "x = self.pool(relu(self.conv(x)))"
LAYERS = "ReLU(), Pool(2), Conv(3), ReLU(), Pool(2)]"
RETURN = "return self.head(x.mean(dim=2))"


def together(*changes: tuple[str, str]) -> str | None:
    return apart_as_trees(
        PROGRAM, [[Edit(find=find, replace=replace)] for find, replace in changes]
    )


@pytest.mark.parametrize(
    ("find", "first", "second", "both"),
    [
        (LINE, "x = relu(self.conv(x))", "x = self.pool(self.conv(x))", "self.conv(x)"),
        (
            LINE,
            "x = self.pool(tanh(self.conv(x)))",
            "x = norm(self.pool(relu(self.conv(x))))",
            "norm(self.pool(tanh(self.conv(x))))",
        ),
        (
            RETURN,
            "return softmax(self.head(x.mean(dim=2)), dim=1)",
            "return self.head(drop(x.sum(dim=2)))",
            "softmax(self.head(drop(x.sum(dim=2))), dim=1)",
        ),
        (
            LAYERS,
            "Pool(2), Conv(3), Pool(2)]",
            "ReLU(), Conv(3), ReLU(), Pool(2)]",
            "[Conv(3, padding=1), Conv(3), Pool(2)]",
        ),
    ],
)
def test_what_two_do_to_one_expression_is_done_together(
    find: str, first: str, second: str, both: str
) -> None:
    edits = [Edit(find=find, replace=replace) for replace in (first, second)]
    for in_order in (edits, edits[::-1]):
        assert apart(PROGRAM, in_order) is None, "as text they overlap"
        made = apart_as_trees(PROGRAM, [[edit] for edit in in_order])
        assert made is not None
        assert both in made


def test_three_are_made_together_too() -> None:
    made = together(
        (LINE, "x = relu(self.conv(x))"),
        (LINE, "x = self.pool(self.conv(x))"),
        (LINE, "x = self.pool(relu(self.conv(abs(x))))"),
    )
    assert made is not None
    assert "x = self.conv(abs(x))" in made


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((LINE, "x = relu(self.conv(x))"), (LINE, "x = relu(self.conv(x))")),
        (
            (LINE, "x = f(self.pool(relu(self.conv(x))))"),
            (LINE, "x = g(self.pool(relu(self.conv(x))))"),
        ),
        ((LINE, "x = relu(self.conv(x))"), (LINE, "x = mean(relu(self.conv(x)))")),
        ((LINE, "x = self.conv(x)"), (LINE, "x = self.pool(tanh(self.conv(x)))")),
        (("dim=2", "dim=1"), ("dim=2", "dim=3")),
    ],
)
def test_where_one_would_lose_what_the_other_does_there_is_no_program(
    first: tuple[str, str], second: tuple[str, str]
) -> None:
    assert together(first, second) is None
    assert together(second, first) is None


def test_what_nobody_changes_stays_as_it_is_written() -> None:
    made = together(
        (LINE, "x = relu(self.conv(x))"), (LINE, "x = self.pool(self.conv(x))")
    )
    assert made == SOURCE.replace(LINE, "x = self.conv(x)")


def test_statements_put_in_at_one_place_come_one_behind_the_other() -> None:
    made = together(
        ("    return x\n", "    return 2 * x\n    return x\n"),
        ("    return x\n", "    x = x + 1\n    return x\n"),
    )
    assert made is not None
    assert made.endswith("    x = x + 1\n    return 2 * x\n    return x\n")


def test_arguments_put_in_at_one_place_stand_beside_one_another() -> None:
    first, second = ("dim=2)", "dim=2, keepdim=True)"), ("dim=2)", "dim=2, dtype=int)")
    assert "x.mean(dim=2, keepdim=True, dtype=int)" in (together(first, second) or "")
    assert together(first, ("dim=2)", "dim=2, keepdim=False)")) is None


def test_an_edit_that_is_no_program_is_made_with_none() -> None:
    assert together((LINE, "x = self.pool("), (LINE, "x = self.conv(x)")) is None
