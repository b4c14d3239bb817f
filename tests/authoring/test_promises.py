"""Docstrings promise, cases show; on the small course."""

from pathlib import Path

import numpy as np
import pytest
from checks.layouts import laid

from autograder.authoring.promises import PROMISES, Asked
from autograder.authoring.prove import prove_promises
from conftest import Edit

SHOWS = {promise.name: promise.shows for promise in PROMISES}
KEPT = {
    "lists": [1, 2],
    "whole numbers": np.array([1, 2]),
    "uint8": np.zeros(2, np.uint8),
    "float32": np.zeros(2, np.float32),
    "complex": np.array([1j]),
    "another layout": laid(np.ones((2, 3)), "Fortran"),
    "read-only": laid(np.ones(3), "read-only"),
    "one value": [3.5],
    "an axis of one": np.ones((1, 3)),
    "1": 1,
    "0": 0,
    "not square": np.ones((2, 2, 3)),
    "all negative": -np.ones(2),
}


def asked(*args: object) -> Asked:
    return Asked(function="f", args=args, values=args)


@pytest.mark.parametrize("name", KEPT)
def test_a_promise_is_shown_by_what_is_of_its_kind_and_by_nothing_else(
    name: str,
) -> None:
    assert SHOWS[name](asked("full", KEPT[name]))
    assert not SHOWS[name](asked("full", np.array([0.5, 2]), True, 2.5))


def test_a_longer_second_argument_is_seen_in_arrays_and_numbers() -> None:
    shows = SHOWS["longer than the first"]
    assert shows(asked([1], [1, 2]))
    assert shows(asked(3, 5))
    assert not shows(asked([1, 2], [1]))
    assert not shows(asked([1]))


def test_every_promise_can_be_shown() -> None:
    others = {"arguments unchanged", "longer than the first"}
    assert set(SHOWS) == set(KEPT) | others


def promised(course: Path) -> dict[str, tuple[str, ...]]:
    found = prove_promises(course, "a0_scale", seed="a test")
    return {name: cases for finding in found for name, cases in finding.promises}


def test_what_a_docstring_promises_is_read_off_its_words(
    course: Path, edit: Edit
) -> None:
    before = promised(course)
    edit(
        "solutions/a0_scale/reference.py",
        '"""Return twice the values."""',
        '"""Return twice the values.\n\n    values : (N,) array_like, N >= 1\n'
        '    Raises KeyError never\n    """',
    )
    after = promised(course)
    new = {name.partition(": ")[2] for name in after.keys() - before.keys()}
    assert {"lists", "uint8", "one value", "KeyError"} <= new
    assert after["double: lists"]
    (broken, *_) = prove_promises(course, "a0_scale", seed="a test")
    assert not broken.holds
    assert broken.seen.startswith("no case shows double: ")
    assert "double: KeyError" in broken.seen
