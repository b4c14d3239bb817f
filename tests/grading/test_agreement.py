"""Three answers to one call are compared cell by cell; an exception equals no value."""

import numpy as np

from autograder.grading.agreement import INPUTS, RAISED, hold, same
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


def test_a_list_answers_for_a_tuple_of_as_many() -> None:
    assert same(Outcome((1, 2)), Outcome([1, 2]))
    assert not same(Outcome((1, 2)), Outcome([1, 2, 3]))


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
