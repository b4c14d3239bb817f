"""The comparisons: what passes, what fails, and what is said of it."""

import itertools
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from checks import (
    CheckFailedError,
    case_rng,
    close,
    collected_notes,
    equal,
    fields,
    holds,
    in_any_order,
    in_order,
    note,
    one_close,
    probe,
    raises,
    seed_of_case,
    unchanged,
    use_seed,
)
from hypothesis import given
from hypothesis import strategies as st


def failure(function: Any, *args: Any) -> CheckFailedError:
    with pytest.raises(CheckFailedError) as caught:
        function(*args)
    return caught.value


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        ([1, 2], np.array([1.0, 2.0])),
        (np.array([1, 2], dtype=np.float32), [1, 2]),
        (np.array(3), 3),
        (np.float64(3), 3.0),
        ((1.00001, 2), [1, 2]),
        (np.array([1e-9, 1.0]), [0, 1]),
        (1e-16, 0),
        ([0, 0], [3e-32, -3e-32]),
        (0, 1e-15),
        ([1.00001e-6], [1e-6]),
        (np.zeros((0, 3)), np.zeros((0, 3))),
        ([1 + 0j], np.array([1 + 0j])),
        ([1.0], np.array([1 + 0j])),
        ([np.nan], [np.nan]),
        ([np.inf], [np.inf]),
    ],
)
def test_close_takes_an_answer_however_written(actual: Any, expected: Any) -> None:
    close(actual, expected)


@pytest.mark.parametrize(
    ("actual", "expected", "kind", "text"),
    [
        (None, 1, "none", "is its `return` missing?"),
        ("1", 1, "type", "your answer is a str"),
        ([[1, 2], [3]], [1], "type", "rows have different lengths"),
        ([None], [1], "type", "holds objects"),
        ([True], [1], "type", "holds True/False values"),
        (len, 1, "type", "it should be numbers"),
        ([1j], [1.0], "complex", "take the real part"),
        ([np.nan, 1], [1, 1], "nan", "at index (0,)"),
        ([1, 2, 3], [1, 2], "shape", "expected shape (2,), got (3,)"),
        ([1, 3], [1, 2], "value", "at index [1]: expected 2, got 3"),
        (5, 4, "value", "your answer differs: expected 4, got 5"),
        (np.nan, 4, "nan", "your answer is nan (not a number)"),
        (np.inf, 1, "value", "got inf"),
        ([10**5000], [1], "type", "holds objects"),
    ],
)
def test_close_says_what_is_wrong(
    actual: Any, expected: Any, kind: str, text: str
) -> None:
    caught = failure(close, actual, expected)
    assert caught.kind == kind
    assert text in str(caught)
    assert "expected" not in caught.coarse or kind != "value"


@pytest.mark.parametrize(
    ("offset", "words"),
    [
        (-4.0, "every value is 4 too small"),
        (0.5, "every value is 0.5 too large"),
        (2j, "every value is off by 0+2j"),
    ],
)
def test_close_says_by_how_much_all_values_are_off(offset: complex, words: str) -> None:
    expected = np.array([1.0, 2.0, 4.0, 8.0, 16.0]).astype(type(offset))
    assert words in str(failure(close, expected + offset, expected))


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (98.0, 98),
        (np.int64(98), 98),
        (np.array(98), 98),
        ([98, 99], (98, 99)),
        (np.array([98, 99]), (98, 99)),
        (True, True),
        (np.bool_(True), True),
        ("space", "space"),
        ([("conv", [6, 28, 28], 156)], [("conv", (6, 28, 28), 156)]),
    ],
)
def test_equal_takes_a_whole_number_however_written(actual: Any, expected: Any) -> None:
    equal(actual, expected)


@pytest.mark.parametrize(
    ("actual", "expected"),
    [(1, True), (True, 1), (98.5, 98), ((98,), 98), ("98", 98), (98, (98, 98))],
)
def test_equal_refuses_what_is_something_else(actual: Any, expected: Any) -> None:
    assert failure(equal, actual, expected).kind == "value"


def test_a_comparison_says_which_of_several_answers_it_is_about() -> None:
    with pytest.raises(CheckFailedError, match=r"^parameters: expected 304, got 312$"):
        equal(312, 304, what="parameters")
    with pytest.raises(CheckFailedError) as caught:
        close([1, 2], [1, 3], what="the cosines")
    assert str(caught.value).startswith("the cosines: 1 of 2 values differ")
    assert caught.value.coarse == "the cosines: the shape is right, values differ"
    assert caught.value.kind == "value"


def test_equal_does_not_write_a_large_array_out() -> None:
    with pytest.raises(CheckFailedError) as caught:
        equal(np.zeros(5_000_000), (3, 3))
    assert str(caught.value) == "expected (3, 3), got an array of shape (5000000,)"


@pytest.mark.parametrize(
    ("actual", "told"),
    [
        ([np.zeros(9_998), 1, 1], "[0.0"),
        ([np.zeros(9_999), 1, 1], "a list"),
        (([1] * 5_000, [1] * 5_001), "a tuple"),
        ({"a" * 10_001: 1}, "a dict"),
        (["a" * 10_001], "a list"),
        ([[]] * 10_001, "a list"),
        (np.zeros((10_001, 0)), "an array of shape (10001, 0)"),
    ],
)
def test_equal_writes_and_keeps_no_large_answer_whatever_it_consists_of(
    actual: Any, told: str
) -> None:
    with pytest.raises(CheckFailedError) as caught:
        equal(actual, (3, 3))
    is_large = told != "[0.0"
    of_more = "" if isinstance(actual, np.ndarray) else " of more than 10,000 values"
    if is_large:
        assert str(caught.value) == f"expected (3, 3), got {told}{of_more}"
    assert (caught.value.actual is None) == is_large


def test_equal_says_something_of_a_number_that_python_cannot_write() -> None:
    assert "thousands of digits" in str(failure(equal, 10**5000, 1))
    assert failure(equal, None, 1).kind == "none"


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_whatever_comes_back_a_comparison_passes_or_fails(value: Any) -> None:
    for check in (
        lambda: close(value, [0.5, 1.5]),
        lambda: equal(value, (1, 2)),
        lambda: fields(value, "a", "b"),
        lambda: in_order(value, a=0.5, b=[1.5]),
    ):
        with suppress(CheckFailedError):
            check()


def test_fields_takes_an_answer_apart_or_says_why_not() -> None:
    assert fields([1, 2], "a", "b") == (1, 2)
    assert fields(np.array([1, 2]), "a", "b") == (1, 2)
    assert "has 1 values, it should be a tuple (a, b)" in str(
        failure(fields, (1,), "a", "b")
    )
    assert "is a int" in str(failure(fields, 3, "a"))
    assert "returned None" in str(failure(fields, None, "a"))


@pytest.mark.parametrize(
    ("came", "sorted_out"),
    [
        ((5, 2), (5, 2)),
        ((2, 5), (5, 2)),
        ([2, 5], (5, 2)),
        (np.array([2, 5]), (5, 2)),
        ((2, 7), (7, 2)),  # the one that is right tells the place of both
        ((7, 5), (5, 7)),
        ((5, 5), (5, 5)),
        ((7, 8), (7, 8)),  # nothing is told: they stay as they came
        ((2, "five"), ("five", 2)),
    ],
)
def test_two_numbers_in_another_order_are_told_by_what_is_right(
    came: Any, sorted_out: tuple[Any, ...]
) -> None:
    assert in_any_order(came, size=5, jump=2) == sorted_out


def test_arrays_in_another_order_are_told_by_their_shapes() -> None:
    dx, dw, db = np.ones((2, 3)), np.ones((3, 3)), np.ones(3)
    right = {"dx": dx, "dw": dw, "db": db}
    for came in itertools.permutations((0 * dx, 0 * dw, 0 * db)):
        told = in_any_order(came, **right)
        assert [a.shape for a in told] == [a.shape for a in right.values()]
    # What has no shape of the three takes the place that is left, None as well.
    none = in_any_order((dw, dx, None), **right)[2]
    assert repr(none) == "None"
    assert in_any_order((dw, [[1], [2, 3]], dx), **right)[2] == [[1], [2, 3]]


def test_what_is_there_of_too_few_or_too_many_values_counts() -> None:
    dx, dw, db = np.ones((2, 3)), np.ones((3, 3)), np.ones(3)
    right = {"dx": dx, "dw": dw, "db": db}
    told, other, none = in_any_order((dw, dx), **right)
    assert (told is dx, other is dw) == (True, True)
    words = "`db` is not among the values that your function returned"
    for no in (failure(close, none, db), failure(equal, none, 3)):
        assert (no.kind, str(no), no.coarse) == ("shape", words, words)
    none, told, _ = in_any_order((dw,), **right)
    assert told is dw
    assert "`dx` is not among" in str(failure(close, none, dx))
    assert in_any_order(("cache", dx, dw, db), **right) == (dx, dw, db)
    assert "has 2 values" in str(failure(lambda: in_order((dx, dw), **right)))
    for none_fits in ((), (np.ones(7), 3), [dx] * 7):
        said = str(failure(lambda came=none_fits: in_any_order(came, **right)))
        assert f"has {len(none_fits)} values" in said


def test_of_more_numbers_than_asked_for_none_is_chosen() -> None:
    both = in_any_order((5,), size=5, jump=2)
    assert both[0] == 5
    assert str(failure(equal, both, (5, 2))) == "expected (5, 2), got (5, None)"
    assert "`size` is not among" in str(
        failure(
            one_close,
            *zip(in_any_order((None, 2), size=5, jump=3), (5, 3), strict=True),
        )
    )
    said = failure(lambda: in_any_order((1, 2, 3, 4, 5), size=5, jump=2))
    assert "has 5 values" in str(said)


def test_the_order_is_wrong_where_another_one_fits_better() -> None:
    right = {"type": "conv", "shape": (6, 28, 28), "number": 156}
    row = ("conv", (6, 28, 28), 0)
    assert in_order(row, **right) == row
    words = "your answer is (type, number, shape), it should be (type, shape, number)"
    said = failure(lambda: in_order(("conv", 0, (6, 28, 28)), **right))
    assert str(said) == words
    assert said.coarse == (
        "your answer has its values in another order than (type, shape, number)"
    )
    came = failure(lambda: in_order(((6, 28, 28), 156, "conv"), **right))
    assert "is (shape, number, type)" in str(came)


def test_one_of_several_answers_has_to_be_right() -> None:
    one_close((7, 5), (2, 2))
    assert "expected 5, got 7" in str(failure(one_close, (7, 5), (0, 2)))
    assert "returned None" in str(failure(one_close, (None, 5), (None, 2)))


def test_raises_wants_the_error_and_passes_on_what_is_not_started() -> None:
    raises(ValueError, int, "seven")
    raises(ArithmeticError, lambda: 1 / 0)
    assert failure(raises, ValueError, int, "7").kind == "not_raised"
    wrong = failure(raises, ValueError, lambda: 1 / 0)
    assert wrong.kind == "wrong_error"
    assert "expected ValueError, got ZeroDivisionError" in str(wrong)

    def stub() -> None:
        raise NotImplementedError

    with pytest.raises(NotImplementedError):
        raises(ValueError, stub)


def test_unchanged_names_the_argument() -> None:
    x, y = np.ones(2), np.ones(2)
    with unchanged(x, y):
        pass
    with pytest.raises(CheckFailedError, match="argument number 2"), unchanged(x, y):
        y[0] = 5


def test_equal_seeds_give_equal_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHECK_SEED", "7")
    assert seed_of_case() == 7
    with use_seed(8):
        assert seed_of_case() == 8
        one = case_rng().normal(size=3)
    with use_seed(8):
        assert (case_rng().normal(size=3) == one).all()
    assert seed_of_case() == 7


def test_a_probe_runs_here_or_is_sent_and_a_note_is_printed_or_kept(
    capsys: pytest.CaptureFixture[str],
) -> None:
    @probe
    def twice(function: Any, x: int) -> int:
        return int(function(function(x)))

    class Proxy:
        def run_probe(self, name: str, args: Any, kwargs: Any) -> str:
            return f"{name.partition(':')[2]} {args[1:]} {kwargs}"

    assert twice(abs, -3) == 3
    assert twice(Proxy(), 4) == "twice (4,) {}"  # type: ignore[comparison-overlap]
    note("printed")
    assert capsys.readouterr().out == "printed\n"
    with collected_notes() as notes:
        note("kept")
    assert notes == ["kept"]


def test_holds_tells_what_should_be_so() -> None:
    holds(np.array([True]).all(), "unseen")
    with pytest.raises(CheckFailedError, match="the loss is 3: it should fall") as told:
        holds(np.float64("nan") < 1, "the loss is 3: it should fall")
    assert told.value.kind == "value"
