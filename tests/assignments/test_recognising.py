"""A wrong answer opens the sentence about it; nothing else does."""

from typing import Any

import numpy as np
import pytest
from checks import CheckFailedError, close, equal
from checks.recognising import key_of, label_of, recognised, sealed

WRONG, RIGHT = [4.0, 10.5, 16.25], [8.0, 14.5, 20.25]
SENTENCE = "Your output is the cross-correlation: the kernel was not flipped."


def error_of(actual: Any, expected: Any, compare: Any = close) -> CheckFailedError:
    with pytest.raises(CheckFailedError) as caught:
        compare(actual, expected)
    return caught.value


def key(actual: Any, expected: Any = RIGHT, compare: Any = close) -> bytes | None:
    return key_of("q1", "a case", error_of(actual, expected, compare))


@pytest.fixture
def names() -> dict[str, str]:
    known = key(WRONG)
    assert known is not None
    return {label_of(known): sealed(SENTENCE, known)}


@pytest.mark.parametrize(
    "answer",
    [
        WRONG,
        tuple(WRONG),
        np.array(WRONG),
        np.array(WRONG, np.float32),
        np.array(WRONG) * (1 + 1e-7),
        np.array(WRONG) + 0j,
    ],
)
def test_the_answer_however_it_is_written_opens_the_sentence(
    names: dict[str, str], answer: Any
) -> None:
    right = np.array(RIGHT) + 0j if np.iscomplexobj(answer) else RIGHT
    assert recognised(names, "q1", "a case", error_of(answer, right)) == SENTENCE


@pytest.mark.parametrize(
    ("question", "case", "answer", "expected"),
    [
        ("q2", "a case", WRONG, RIGHT),
        ("q1", "another case", WRONG, RIGHT),
        ("q1", "a case", [4.0, 10.5, 16.3], RIGHT),
        ("q1", "a case", [WRONG], [RIGHT]),
        ("q1", "a case", WRONG, [8.0, 14.5, 20.5]),
        ("q1", "a case", [], RIGHT),
        ("q1", "a case", None, RIGHT),
    ],
)
def test_another_case_input_or_answer_is_silent(
    names: dict[str, str], question: str, case: str, answer: Any, expected: Any
) -> None:
    error = error_of(answer, expected)
    assert recognised(names, question, case, error) == ""


def test_what_is_sealed_can_not_be_read(names: dict[str, str]) -> None:
    assert "kernel" not in str(names)
    (text,) = names.values()
    others = [key([4.0, 10.5, 16.0]), key([0.0, 0.0, 0.0])]
    for other in others:
        assert other is not None
        assert sealed(SENTENCE, other) != text
        assert label_of(other) not in names


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ((3, 5), [3.0, 5.0], True),
        ((3, 5), (5, 3), False),
        (1, True, False),
        ("same", "valid", False),
        (("conv", 3), ["conv", 3], True),
    ],
)
def test_what_is_compared_exactly_is_told_apart_exactly(
    left: Any, right: Any, *, same: bool
) -> None:
    one, other = key(left, (7, 7, 7), equal), key(right, (7, 7, 7), equal)
    assert (one == other) is same


def test_what_no_digest_can_hold_is_silent() -> None:
    for answer in ([np.inf, 1.0, 2.0], [np.nan, 1.0, 2.0], {"a": 1}, object(), 10**400):
        assert key(answer) is None
