"""What a known mistake answers is asked once, and kept within bounds."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from checks import callables
from checks.layouts import LAYOUTS, Layout, laid

from autograder.course.assignment import load
from autograder.grading.known_answers import (
    Known,
    KnownAnswers,
    digest_of,
)
from autograder.grading.proxy import Outcome
from autograder.worker.values import Own

X = np.arange(6.0)
FUNCTION: Any = next(
    value for value in vars(callables).values() if type(value) is type(digest_of)
)
DIFFERENT = [
    (1,),
    (1.0,),
    (True,),
    ("1",),
    (b"1",),
    (None,),
    (-0.0,),
    (0.0,),
    (float("nan"),),
    (1 + 0j,),
    ([1],),
    ((1,),),
    (1, 1),
    ([1, [1]],),
    ([1, 1],),
    ({"a": 1},),
    ({"a": 1, "b": 1},),
    (X,),
    (X + 1,),
    (X.reshape(2, 3),),
    (X.astype("float32"),),
    (X.astype(int),),
    (np.zeros(2),),
    (np.zeros(2, int),),  # the same bytes
    (np.float64(1),),
    (np.float32(1),),
    (Own("f"),),
    (Own("1"),),
    ("f",),
    (FUNCTION,),
]


def known(value: Any) -> Callable[[], Known]:
    return lambda: Known(Outcome(value))


def never() -> Known:
    raise AssertionError("asked again")


def test_calls_that_differ_in_a_type_or_a_value_are_told_apart() -> None:
    digests = [digest_of("f", args, {}) for args in DIFFERENT]
    digests += [digest_of("g", (1,), {})]
    named: list[dict[str, Any]] = [{"a": 1}, {"a": 2}, {"b": 1}, {"a": 1, "b": 1}]
    digests += [digest_of("f", (), kwargs) for kwargs in named]
    assert None not in digests
    for (i, a), (j, b) in itertools.combinations(enumerate(digests), 2):
        assert a != b, (i, j)


def test_equal_calls_are_one_however_their_arrays_lie_in_memory() -> None:
    table = X.reshape(2, 3)
    for args in DIFFERENT:
        assert digest_of("f", args, {}) == digest_of("f", args, {})
    assert digest_of("f", (table,), {}) == digest_of("f", (table[::-1][::-1],), {})
    assert digest_of("f", (float("nan"),), {}) == digest_of("f", (-float("nan"),), {})


@pytest.mark.parametrize(
    "value",
    [object(), np.array([None]), lambda x: x, [object()], {"a": {1}}, np.ma.array([1])],
)
def test_what_cannot_be_written_down_is_asked_each_time(value: Any) -> None:
    assert digest_of("f", (value,), {}) is None
    answers = KnownAnswers()
    assert answers.answer((), None, known(1)).outcome.value == 1
    assert answers.answer((), None, known(2)).outcome.value == 2


def test_each_module_is_asked_once() -> None:
    answers = KnownAnswers()
    digest = digest_of("f", (1,), {})
    assert answers.answer((), digest, known(1)).outcome.value == 1
    assert answers.answer(("squared",), digest, known(2)).outcome.value == 2
    assert answers.answer((), digest, never).outcome.value == 1
    assert answers.answer(("squared",), digest, never).outcome.value == 2


def test_what_raises_is_not_kept() -> None:
    answers = KnownAnswers()
    digest = digest_of("f", (1,), {})
    with pytest.raises(AssertionError, match="asked again"):
        answers.answer((), digest, never)
    assert answers.answer((), digest, known(1)).outcome.value == 1


def test_that_there_was_no_memory_is_told_to_nobody_else() -> None:
    answers = KnownAnswers()
    digest = digest_of("f", (1,), {})
    ended = answers.answer((), digest, lambda: Known(Outcome(error="MemoryError")))
    assert ended.outcome.error == "MemoryError"
    assert answers.answer((), digest, known(1)).outcome.value == 1
    assert answers.answer((), digest, never).outcome.value == 1


def test_what_was_asked_longest_ago_goes_first() -> None:
    answers = KnownAnswers(most=11_500)
    digests = [digest_of("f", (n,), {}) for n in range(3)]
    for digest in digests[:2]:
        answers.answer((), digest, known([{"a": (np.zeros(500),)}]))
    answers.answer((), digests[0], never)
    answers.answer((), digests[2], known(np.zeros(500)))
    answers.answer((), digests[0], never)
    with pytest.raises(AssertionError, match="asked again"):
        answers.answer((), digests[1], never)


def test_what_is_larger_than_all_is_not_kept() -> None:
    answers = KnownAnswers(most=1_000_000)
    digest = digest_of("f", (1,), {})
    huge = answers.answer((), digest, known(np.zeros(10**6)))
    assert huge.outcome.value.size == 10**6
    with pytest.raises(AssertionError, match="asked again"):
        answers.answer((), digest, never)


def test_they_live_as_long_as_their_assignment(course: Path) -> None:
    first, second = (load(course, "a0_scale") for _ in range(2))
    assert KnownAnswers.of(first) is KnownAnswers.of(first)
    assert KnownAnswers.of(first) is not KnownAnswers.of(second)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_an_array_that_lies_otherwise_in_memory_is_another_question(
    layout: Layout,
) -> None:
    table = np.arange(6.0).reshape(2, 3)
    assert digest_of("f", (table,), {}) != digest_of("f", (laid(table, layout),), {})


def test_a_grader_keeps_no_more_of_an_assignment_than_it_has_room_for() -> None:
    assert KnownAnswers().most == 96 * 2**20


def test_numbers_of_thousands_of_digits_are_told_apart() -> None:
    """A stand-in may be asked with them, and Python writes them in no other way."""
    long = 10**4800
    assert digest_of("f", (long,), {}) == digest_of("f", (10**4800,), {})
    assert digest_of("f", (long,), {}) != digest_of("f", (long + 1,), {})
    assert digest_of("f", (1,), {}) != digest_of("f", (True,), {})


def test_a_table_is_told_from_the_pairs_in_it() -> None:
    assert digest_of("f", ({1: 2},), {}) != digest_of("f", ((1, 2),), {})


def test_as_much_is_kept_as_there_is_room_for_with_what_was_done_to_inputs() -> None:
    def changed(size: int) -> Known:
        return Known(Outcome(None, changed=(0,), left=(np.zeros(size),)))

    first, second = digest_of("f", (1,), {}), digest_of("f", (2,), {})
    room = KnownAnswers(most=10**9)
    room.answer((), first, lambda: changed(500))
    exact = KnownAnswers(most=room._bytes)  # noqa: SLF001 what one takes, nobody tells
    exact.answer((), first, lambda: changed(500))
    exact.answer((), first, never)
    exact.answer((), second, lambda: changed(501))
    with pytest.raises(AssertionError, match="asked again"):
        exact.answer((), second, never)
