"""A call is written as a line of code: small arrays whole, our own words never."""

from typing import Any

import numpy as np
import pytest

from autograder.grading.proxy import Call, Outcome
from autograder.worker.values import Own


def written(function: str, *args: Any, **kwargs: Any) -> str:
    return str(Call(function, args, kwargs, Outcome()))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (np.array([1.0, 2.5]), "array([1. , 2.5])"),
        (np.arange(24).reshape(2, 3, 4)[:, :1], "array([[[0, 1, 2, 3]], [[12, "),
        (np.ones(1, np.float32), "array([1.], dtype=float32)"),
        (np.zeros((0, 3)), "empty array of shape (0, 3)"),
        (np.ones((5, 5)), "float64 array of shape (5, 5)"),
        ([np.ones(30)], "a list of 1"),
        ((3,), "(3,)"),
        ("same", "'same'"),
        (np.sum, "sum"),
    ],
)
def test_a_small_argument_is_shown_whole(value: Any, words: str) -> None:
    assert written("f", value).startswith(f"f({words}")


def test_a_probe_is_told_as_a_call_of_the_students_own() -> None:
    block = Own("BasicBlock")
    told = written("checks.layers:parameter_shapes", block, [4, 7], (1, 4), seed=3)
    assert told == "parameter shapes of BasicBlock(4, 7), with (1, 4), seed=3"
    nested = written("checks.layers:rows", Own("ResNet"), [block, [1, 1]])
    assert nested == "rows of ResNet(BasicBlock, [1, 1])"
    in_a_tuple = written("checks.layers:rows", block, (3,))
    assert in_a_tuple == "rows of BasicBlock(3)"
    on_a_number = written("checks.layers:rows", block, 3)
    assert on_a_number == "rows of BasicBlock, with 3"


def test_a_probe_of_none_of_the_students_own_is_a_call_like_others() -> None:
    assert written("checks.layers:rows", [1, 2]) == "rows([1, 2])"
    assert written("checks.layers:rows") == "rows()"
    assert written("double", Own("halve"), 2) == "double(halve, 2)"


def test_a_long_text_is_cut_at_eighty_characters() -> None:
    assert written("f", "x" * 78) == f"f('{'x' * 78}')"
    assert written("f", "x" * 79) == f"f('{'x' * 78}…)"


def test_numbers_are_shown_whole_up_to_two_dozen_of_them() -> None:
    assert written("f", np.arange(24)).startswith("f(array([0, 1, ")
    assert written("f", np.arange(25)) == "f(int64 array of shape (25,))"
    assert written("f", [1] * 24) == f"f([{', '.join(['1'] * 24)}])"
    assert written("f", [1] * 25) == "f(a list of 25)"
    assert written("f", {"a": 1}) == "f({'a': 1})"
    layer = {"type": "conv", **{f"setting {n}": n for n in range(9)}}
    short = "{'type': 'conv', …}"
    assert written("f", [layer] * 3) == f"f([{short}, {short}, {short}])"
    assert written("f", [{"type": "relu"}]) == "f([{'type': 'relu'}])"
    assert written("f", (1, [2, (3,)])) == "f((1, [2, (3,)]))"
    assert written("f", np.array([True])) == "f(array([True]))"
    assert written("f", 1, by=2) == "f(1, by=2)"
