"""Three answers to one call are compared cell by cell; an exception equals no value."""

import numpy as np
from checks import ATOL_OF_MAX, RTOL
from checks.probing import UNKNOWN
from hypothesis import example, given
from hypothesis import strategies as st

from autograder.grading.agreement import (
    INPUTS,
    RAISED,
    Held,
    cell_of,
    cells_of,
    contents,
    differing,
    hold,
    hold_cell,
    numbers,
    same,
    same_values,
)
from autograder.grading.proxy import Outcome

X = np.array([1.0, 2.0, 3.0])
RIGHT = Outcome((X, 2 * X))
SHAPES = "operands could not be broadcast together"


def test_a_list_and_an_array_of_the_same_numbers_are_one_answer() -> None:
    assert same(Outcome([1, 2]), Outcome(np.array([1.0, 2.0])))
    assert same(Outcome({"a": X}), Outcome({"a": X.tolist()}))
    assert same(Outcome(np.float32(0.1)), Outcome(0.1))
    assert same(Outcome(np.nan), Outcome(np.nan))
    assert not same(Outcome([1, 2]), Outcome([1, 3]))
    assert not same(Outcome([1, 2]), Outcome([[1], [2]]))
    assert not same(Outcome("1"), Outcome(1))
    assert not same(Outcome([1, [2, 3]]), Outcome([1, [2, "3"]]))
    assert not same(Outcome(1, changed=(0,), left=(X,)), Outcome(1))
    raises = Outcome(error="ValueError")
    assert not same(Outcome(None), raises), "who returns nothing has not raised"
    assert not same(raises, Outcome(None))


def test_a_list_answers_for_a_tuple_of_as_many() -> None:
    assert same(Outcome((1, 2)), Outcome([1, 2]))
    assert not same(Outcome((1, 2)), Outcome([1, 2, 3]))


def test_what_a_probe_cannot_tell_speaks_neither_for_a_mistake_nor_against_it() -> None:
    right = Outcome({"steps": ["Adam", "Adam"], "loss": ["mean"]})
    unknown = {"steps": [UNKNOWN, UNKNOWN], "loss": ["sum"]}
    held = hold(right, Outcome(unknown), Outcome(unknown))
    assert held.agrees == held.off == {"[loss]"}
    assert not held.against
    other = hold(right, Outcome(unknown), Outcome({**unknown, "loss": ["last"]}))
    assert other.against
    told = Outcome({"steps": ["SGD", "SGD"], "loss": ["mean"]})
    silent = Outcome({"steps": [UNKNOWN, UNKNOWN], "loss": ["mean"]})
    assert hold(right, silent, told) == Held()


def test_of_a_list_that_is_known_in_part_the_known_part_decides() -> None:
    def steps(*words: str) -> Outcome:
        return Outcome({"steps": list(words)})

    right = steps("Adam", "Adam", "Adam")
    student = steps("half", UNKNOWN, "quarter")
    assert hold(right, student, steps("half", "third", UNKNOWN)).agrees == {"[steps]"}
    against = hold(right, student, steps("half", "third", "third"))
    assert against.against
    assert not against.against_right
    # That the mistake is known where the right answer is given stays telling.
    assert hold(right, right, steps("half", UNKNOWN, "Adam")).against_right
    arrays = Outcome({"steps": [X, X]})
    assert hold(Outcome({"steps": [-X, X]}), arrays, arrays).agrees == {"[steps]"}


def test_an_exception_is_no_answer() -> None:
    assert not same(Outcome(error="ValueError"), Outcome(error="ValueError"))
    assert not same(Outcome(error="ValueError"), Outcome(None))


def test_each_value_of_a_tuple_is_held_by_itself() -> None:
    student, wrong = Outcome((-X, X)), Outcome((-X, 2 * X))
    held = hold(RIGHT, student, wrong)
    assert held.off == {"0 of 2", "1 of 2"}
    assert held.agrees == {"0 of 2"}
    assert not held.against


def test_a_mistake_that_shows_where_the_student_is_right_has_no_excuse() -> None:
    held = hold(RIGHT, Outcome((-X, 2 * X)), Outcome((-X, X)))
    assert held.against_right
    beside_another = hold(RIGHT, Outcome((-X, X + 1)), Outcome((-X, X)))
    assert beside_another.against
    assert not beside_another.against_right


def test_a_list_that_is_too_long_is_nowhere_right_so_another_mistake_may_excuse() -> (
    None
):
    right, student = Outcome([(8,), (4, 3)]), Outcome([(8,), (8,), (4, 3)])
    longer = Outcome([(8,), (8,), (8,), (4, 3)])
    held = hold(right, student, longer)
    assert held.against
    assert not held.against_right
    assert hold(right, right, longer).against_right


def test_rounding_where_sums_cancel_speaks_neither_for_a_mistake_nor_against_it() -> (
    None
):
    noise = np.array([0.0, -1e-17])
    right = Outcome((X, noise))
    assert differing(right, Outcome((X, -noise))) == frozenset()
    held = hold(right, Outcome((2 * X, 0 * noise)), Outcome((2 * X, -noise)))
    assert held == Held(off=frozenset({"0 of 2"}), agrees=frozenset({"0 of 2"}))
    more = Outcome((X, noise + 1e-10))
    assert differing(right, more) == frozenset({"1 of 2"})
    # Where all is that small, it is what was asked for.
    tiny = Outcome(1e-17)
    assert differing(tiny, Outcome(3e-17)) == frozenset({"value"})
    # Rounding may also be all that is left of a mistake's answer.
    removed = hold(Outcome(X), Outcome(0 * X), Outcome(np.array([1e-17, 0.0, 2e-17])))
    assert removed.agrees
    assert not removed.against


def test_what_was_done_to_the_inputs_is_a_cell_with_what_they_hold() -> None:
    right = Outcome(X)
    zeroed = Outcome(X, changed=(0,), left=(np.zeros(3),))
    doubled = Outcome(X, changed=(0,), left=(2 * X,))
    assert hold(right, zeroed, zeroed).agrees == {INPUTS}
    assert hold(right, zeroed, doubled).against


def test_exceptions_agree_only_where_they_were_raised_in_the_same_way() -> None:
    student = Outcome(error="ValueError", complaint=SHAPES)
    alike = hold(RIGHT, student, Outcome(error="ValueError", complaint=SHAPES))
    assert alike.agrees == alike.off == {RAISED}
    other = hold(
        RIGHT, student, Outcome(error="ValueError", complaint="cannot reshape")
    )
    assert (other.agrees, other.raises, other.against) == (frozenset(), True, False)


def test_where_the_student_raised_a_mistakes_values_say_nothing() -> None:
    student = Outcome(error="IndexError", complaint="list index out of range")
    held = hold(RIGHT, student, Outcome((-X, X)))
    assert held.off == {RAISED}
    assert not held.agrees
    assert not held.against


def test_a_mistake_that_raises_is_refuted_where_the_student_did_not() -> None:
    stops = Outcome(error="ValueError", complaint=SHAPES)
    assert hold(RIGHT, RIGHT, stops).against_right
    assert hold(RIGHT, Outcome((-X, X)), stops).against


def test_an_error_asked_for_is_right_whatever_it_says() -> None:
    right = Outcome(error="ValueError", complaint="raise too wide")
    student = Outcome(error="ValueError", complaint="raise no")
    assert not hold(right, student, right).off
    accepted = Outcome(X)
    assert hold(right, accepted, accepted).agrees == {RAISED}
    assert hold(right, accepted, Outcome(-X)).against
    assert hold(right, student, accepted).against_right


def test_values_are_one_within_the_tolerances_that_students_are_told() -> None:
    assert same_values(X, X * (1 + 0.9e-4))
    assert not same_values(X, X * (1 + 1.4e-4))
    assert same_values(np.array([1e6, 0.0]), np.array([1e6, 9.0]))
    assert not same_values(np.array([1e6, 0.0]), np.array([1e6, 11.0]))
    assert same_values(0.0, 0.9e-5)
    assert not same_values(0.0, 1.1e-5)


def test_a_tolerance_is_not_of_the_precision_of_the_values() -> None:
    # In half precision a hundred-thousandth of these values is 0.
    halves = np.array([2.0**-10, 0.0], np.float16)
    assert same_values(halves, np.array([2.0**-10, 5e-9]))
    assert not same_values(halves, np.array([2.0**-10, 5e-8]))


def test_what_is_not_finite_is_one_only_with_its_like() -> None:
    assert same_values([np.nan, np.inf, 1.0], [np.nan, np.inf, 1.0])
    assert not same_values([np.inf, 1.0], [-np.inf, 1.0])
    assert not same_values([np.inf, 0.0], [np.inf, 1.0])  # infinity is no scale
    assert not same_values([np.nan, 1.0], [1.0, 1.0])
    assert same_values([np.nan, 1.0], [np.nan, 1 + 0.9e-4])
    assert not same_values([np.nan, 1.0], [np.nan, 1 + 1.4e-4])
    # No warning of NumPy's reaches staff where a difference is more than a float.
    assert not same_values(np.full(2, 1.7e308), np.full(2, -1.7e308))


def test_numbers_are_what_numpy_can_reckon_with() -> None:
    assert numbers([1, 2]) is not None
    assert numbers(True) is not None
    assert numbers(1j) is not None
    for other in (
        "1",
        b"1",
        {"a": 1},
        None,
        len,
        ["1"],
        [[1], [1, 2]],
        10**400,
        [1.0, 10**400],
    ):
        assert numbers(other) is None


def test_what_is_no_number_is_compared_by_itself() -> None:
    assert same_values("a", "a")
    assert same_values(None, None)
    assert not same_values("a", "b")
    assert not same_values("a", ["a"])
    assert not same_values(["a"], "a")
    assert not same_values(None, 0)
    assert same_values(["a", [1, "b"]], ("a", (1, "b")))
    assert not same_values(["a", "b"], ["a"])
    assert not same_values({"a": 1}, {"b": 1})
    assert not same_values({"a": 1, "b": 2}, {"a": 1, "b": 3})
    assert same_values({"a": X, "b": "c"}, {"b": "c", "a": X})
    assert not same_values({"a": 1}, "a")
    assert not same_values("a", {"a": 1})
    assert same_values(["a", 1.0], ["a", 1.0 + 1e-6])


def test_a_list_stands_for_a_tuple_of_as_many_and_for_arrays_of_several_shapes() -> (
    None
):
    held = hold(Outcome((1, 2)), Outcome([1, 3]), Outcome((2, 2)))
    assert held == Held(
        off=frozenset({"1 of 2"}),
        agrees=frozenset(),
        against=True,
        other=frozenset({"0 of 2"}),
        against_right=True,
    )
    assert hold(Outcome((1, 2)), Outcome(5), Outcome(5)).agrees == {
        "value",
        "0 of 2",
        "1 of 2",
    }
    ragged = [X, X[:1]]
    assert hold(Outcome((X, X)), Outcome(ragged), Outcome(ragged)).off == {"1 of 2"}
    as_array = hold(Outcome((1, 2)), Outcome(np.array([1, 3])), Outcome((1, 2)))
    assert as_array.off == {"1 of 2"}
    of_three = hold(Outcome((1, 2)), Outcome([1, 2, 3]), Outcome((1, 2)))
    assert of_three.off == {"value", "0 of 2", "1 of 2"}


def test_each_entry_of_a_mapping_is_held_by_itself() -> None:
    right, student = Outcome({"a": 1, "b": 2}), Outcome({"a": 1, "b": 3})
    held = hold(right, student, Outcome({"a": 1, "b": 3}))
    assert held == Held(off=frozenset({"[b]"}), agrees=frozenset({"[b]"}))
    more = hold(Outcome({"a": 1}), Outcome({"a": 1}), Outcome({"a": 1, "b": 2}))
    assert more == Held(against=True, other=frozenset({"[b]"}), against_right=True)
    without = Outcome({"a": 1})
    assert hold(right, without, without).agrees == {"[b]"}


def test_the_value_in_a_cell_is_none_where_there_is_none() -> None:
    assert cell_of(Outcome([1, 2]), Outcome((1, 2)), "1 of 2") == 2
    assert cell_of(Outcome([1, 2]), Outcome([1, 2]), "1 of 2") is None
    assert cell_of(Outcome([1, 2], error="ValueError"), RIGHT, "0 of 2") is None


def test_inputs_hold_the_same_where_most_of_their_values_are() -> None:
    def left(values: object, place: int = 0) -> Outcome:
        return Outcome(X, changed=(place,), left=(np.asarray(values),))

    right, mistake = Outcome(X), left([5.0, 6.0, 7.0, 8.0])
    for student, agrees in [
        (left([5.0, 6.0, 0.0, 0.0]), True),  # a second mistake beside it
        (left([5.0, 0.0, 0.0, 0.0]), False),
        (left([5.0, 6.0, 7.0 * (1 + 0.9e-4), 0.0]), True),
        (left([5.0, 6.0 * (1 + 1e-3), 0.0, 0.0]), False),
        (left([5.0, 6.0, 7.0, 8.0], place=1), False),
        (left([[5.0, 6.0], [7.0, 8.0]]), False),
        (left(["5", "6", "7", "8"]), False),
        (Outcome(X), False),
    ]:
        held = hold(right, student, mistake)
        assert (INPUTS in held.agrees) is agrees
        assert held.against is not agrees
    empty = left(np.zeros(0))
    assert hold(right, empty, empty).agrees == {INPUTS}


def test_contents_are_the_ends_of_all_numbers_and_whatever_is_none() -> None:
    assert contents(np.zeros((2, 3))) == contents(0) == contents(False) == {"0j"}
    assert contents([[1, 2], [3, 4.0]]) == {"(1+0j)", "(4+0j)"}
    assert contents((np.ones(2), "one", None)) == {"(1+0j)", "'one'", "None"}
    assert contents({"mean": 1, "least": [0]}) == {"0j", "(1+0j)"}
    assert contents(np.zeros((0, 3))) == contents([]) == contents(()) == set()
    assert contents(float("nan")) == {"(nan+0j)"}
    assert contents(-np.inf) == {"(-inf+0j)"}
    assert len(contents([10**5000, 10**5000 + 1])) == 2


def test_an_exception_and_a_value_are_held_as_one_cell() -> None:
    raised = Outcome(error="ValueError", complaint=SHAPES)
    other = Outcome(error="TypeError", complaint=SHAPES)
    one = frozenset({RAISED})
    assert hold(RIGHT, raised, raised) == Held(off=one, agrees=one, raises=True)
    assert hold(RIGHT, raised, other) == Held(off=one, raises=True)
    assert hold(RIGHT, raised, RIGHT) == Held(off=one)
    assert hold(RIGHT, RIGHT, raised) == Held(
        against=True, against_right=True, raises=True
    )
    assert hold(RIGHT, Outcome(X), raised) == Held(off=one, against=True, raises=True)
    # An error was asked for.
    assert hold(raised, raised, raised) == Held()
    assert hold(raised, raised, other) == Held(against=True, against_right=True)
    assert hold(raised, other, raised) == Held(off=one)
    assert hold(raised, other, RIGHT) == Held(off=one)
    assert hold(raised, RIGHT, raised) == Held(off=one)
    assert hold(raised, RIGHT, other) == Held(off=one, against=True)
    assert hold(raised, RIGHT, RIGHT) == Held(off=one, agrees=one)
    assert hold(raised, RIGHT, Outcome(X)) == Held(off=one, against=True)


def test_whole_numbers_differ_by_one_however_large() -> None:
    right, other = Outcome((25557032, 1.0)), Outcome((25557031, 1.0))
    assert hold(right, other, right).off == frozenset({"0 of 2"})
    assert hold(right, other, other).agrees == frozenset({"0 of 2"})
    almost = Outcome((25557031.0, 1.0))
    assert hold(right, almost, right).off == frozenset()


NUMBERS = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True),
    st.integers(-(2**60), 2**60),
    st.booleans(),
)


@given(NUMBERS, NUMBERS, st.sampled_from([0.0, 1e-12, 1e-9, 1e-7, 1e-5, 1e-2]))
@example(0.0, -0.0, 0.0)
@example(2**53, 2**53 + 1, 0.0)
@example(True, 1.0, 0.0)
def test_single_numbers_and_arrays_are_compared_as_numpy_does(
    a: float, b: float, off: float
) -> None:
    for x, y in ((a, b), (a, a * (1 + off)), (a, a + off)):
        finite = [abs(x)] if np.isfinite(x) else []
        atol = ATOL_OF_MAX * (float(max(finite, default=0.0)) or 1.0)
        with np.errstate(all="ignore"):
            close = bool(np.allclose(x, y, rtol=RTOL, atol=atol, equal_nan=True))
        assert same_values(x, y) is close
        assert same_values(np.array([x]), np.array([y])) is close


def test_of_more_parts_than_any_answer_has_none_is_judged_by_itself() -> None:
    """Each known mistake is held against each cell of each call."""
    many = {f"part {i}": 1.0 for i in range(10_000)}
    for value in (many, tuple(many), [*many.values(), "x"]):
        assert len(differing(RIGHT, Outcome(value))) < 10
    as_many = Outcome(tuple(range(100)))
    assert len(cells_of(as_many, as_many)) == 101


def test_a_long_list_of_the_right_numbers_is_right() -> None:
    right = Outcome(np.arange(200.0))
    assert hold(right, Outcome(list(range(200))), Outcome(-right.value)).off == set()


def test_what_is_right_within_the_tolerance_agrees_with_no_mistake_near_it() -> None:
    held = hold_cell(Outcome(1.0), Outcome(1 + 0.9e-4), "value", 1 + 1.8e-4)
    assert (held.off, held.agrees) == (frozenset(), frozenset())


def test_no_cell_is_named_by_a_text_without_end() -> None:
    """It would be written down for each known mistake, cell and call."""
    endless = Outcome({"x" * 1_000_000: 1.0, "sum": 2.0})
    assert cells_of(endless, endless) == {INPUTS, "value"}
    assert same(endless, endless)
    assert not same(endless, Outcome({"x" * 999_999: 1.0, "sum": 2.0}))
    as_long_as_any = Outcome({"x" * 1000: 1.0, "sum": 2.0})
    assert len(cells_of(as_long_as_any, as_long_as_any)) == 3
