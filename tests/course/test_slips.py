"""Slips are small changes of a right answer that is written out, each told in words."""

from pathlib import Path

import pytest

from autograder.course import slips as slips_module
from autograder.course.slips import Slip, Slips
from autograder.errors import AuthoringError

ASSIGNED = "what is added is assigned with `=`, so that the last one is left of several"
SOURCE = """
# alike: KH KW
# axes: p/q KH/KW top/left

import math


def ceil(number):
    return math.ceil(number)


def corner(p, q, KH, KW, stride=1):
    # alike: stride -> 7
    # fact: stride > 1: the stride is larger than 1
    # fact: p.shape: p is an array
    #: the first row
    top = p * stride
    #: the first column
    left = q * stride
    total = 0
    #: a place i
    for i in range(KH * KW):
        #: what is added
        total += i
    #: whether it is far
    far = total > 3
    return top, left, total, far


def apart(dout):
    # alike: dout -> 1
    #: a part
    part = dout[0]
    total = part + 1
    #: whether it is far
    far = total > dout
    return far


def halves(n):
    #: the half
    half = n // 2
    return half
"""


@pytest.fixture
def slips(tmp_path: Path) -> Slips:
    (tmp_path / "slips.py").write_text(SOURCE)
    found = Slips.beside(tmp_path / "reference.py")
    assert found is not None
    return found


def said(slips: Slips, says: str) -> Slip:
    return next(s for s in slips.of(["corner", "halves"]) if s.says == says)


def test_without_the_file_there_are_no_slips(tmp_path: Path) -> None:
    assert Slips.beside(tmp_path / "reference.py") is None


@pytest.mark.parametrize(
    ("says", "answer"),
    [
        ("the first row is `p`", (1, 4, 15, True)),
        ("the first row is `p * stride + 1`", (3, 4, 15, True)),
        ("the first row is `p * 7`", (7, 4, 15, True)),
        ("the first row is `p` and the first column is `q`", (1, 2, 15, True)),
        ("a place i is never the last", (2, 4, 10, True)),
        ("a place i is never the first", (2, 4, 15, True)),
        ("a place i is one of the first `KH * KH`", (2, 4, 6, True)),
        ("whether it is far is `total >= 3`", (2, 4, 15, True)),
        (ASSIGNED, (2, 4, 5, True)),
    ],
)
def test_a_slip_gives_what_it_says(
    slips: Slips, says: str, answer: tuple[object, ...]
) -> None:
    module = slips.module(said(slips, says))
    assert module.corner(1, 2, 2, 3, 2) == answer


def test_slips_in_two_places_are_made_together(slips: Slips) -> None:
    row, column = (
        said(slips, f"the first {t}") for t in ("row is `p`", "column is `q`")
    )
    assert not row.overlaps(column)
    assert slips.module(row, column).corner(1, 2, 2, 3, 2)[:2] == (1, 2)
    assert row.overlaps(said(slips, "the first row is `p * 7`"))


def test_a_number_is_not_taken_apart(slips: Slips) -> None:
    assert any("total > 1" in s.says for s in slips.of(["apart"]))
    assert not any("1[" in s.says for s in slips.of(["apart"]))


def test_two_steps_of_the_same_words_are_an_error(tmp_path: Path) -> None:
    twice = SOURCE.replace("the first column", "the first row").replace("q *", "p *")
    (tmp_path / "slips.py").write_text(twice)
    found = Slips.beside(tmp_path / "reference.py")
    assert found is not None
    with pytest.raises(AuthoringError, match="corner: two slips say 'the first row"):
        found.of(["corner"])


def test_a_division_of_whole_numbers_is_rounded_up(slips: Slips) -> None:
    up = said(slips, "the half is `ceil(n / 2)`")
    assert [slips.module(up).halves(n) for n in (2, 3)] == [1, 2]


def test_without_a_slip_the_answer_is_right_and_no_two_slips_are_one(
    slips: Slips,
) -> None:
    assert slips.module().corner(1, 2, 2, 3, 2) == (2, 4, 15, True)
    places = [slip.places for slip in slips.of(["corner", "halves"])]
    assert len(places) == len(set(places))


def test_what_is_alike_in_one_function_is_not_in_another(slips: Slips) -> None:
    assert not any("7" in slip.says for slip in slips.of(["halves"]))


def test_a_fact_is_so_in_some_calls_and_untold_in_others(slips: Slips) -> None:
    larger, array = slips.facts("corner")
    assert larger.says == "the stride is larger than 1"
    assert larger.of((1, 2, 2, 3, 2), {})
    assert larger.of((1, 2, 2, 3), {"stride": 2})
    assert not larger.of((1, 2, 2, 3), {})
    assert not array.of((1, 2, 2, 3), {})
    assert slips.facts("nothing") == ()


def test_no_more_modules_are_kept_than_are_needed_again(
    slips: Slips, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slips_module, "MOST_KEPT", 2)
    first, second, third = slips.of(["halves"])[:3]
    kept = slips.module(first)
    slips.module(second)
    assert slips.module(first) is kept
    slips.module(third)
    assert slips.module(first) is kept
    slips.module(second)
    slips.module(third)
    assert slips.module(first) is not kept


def test_words_in_quotes_are_alike_however_they_are_quoted(tmp_path: Path) -> None:
    (tmp_path / "slips.py").write_text(
        "import math\n\n\ndef edge(mode):\n"
        '    # alike: "zero" "reflect"\n'
        "    #: the boundary\n"
        '    boundary = "zero"\n'
        "    return boundary\n"
    )
    found = Slips.beside(tmp_path / "reference.py")
    assert found is not None
    (slip,) = found.of(["edge"])
    assert slip.says == "the boundary is `'reflect'`"
    assert found.module(slip).edge("") == "reflect"


def test_a_comparison_is_told_before_a_summand_that_comes_to_the_same(
    tmp_path: Path,
) -> None:
    (tmp_path / "slips.py").write_text(
        "import math\n\n\ndef keeps(last, limit):\n"
        "    #: the end\n"
        "    end = last + 0\n"
        "    #: whether it is in\n"
        "    is_in = end < limit\n"
        "    return is_in\n"
    )
    found = Slips.beside(tmp_path / "reference.py")
    assert found is not None
    assert found.of(["keeps"])[0].says == "whether it is in is `end <= limit`"
