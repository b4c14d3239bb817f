"""What stand-ins ask is answered within bounds, and nothing else is."""

from typing import Any

import msgspec
import numpy as np
import pytest

from autograder.errors import StudentFault
from autograder.sandbox import asking as module
from autograder.sandbox.asking import Asking
from autograder.sandbox.student_failures import StudentRaised
from autograder.worker.protocol import Asked, Given, GivenError, ProtocolError, StandIn
from autograder.worker.values import Own, Packer, Unpacker
from autograder.worker.wire_nodes import ArrayNode


def question(function: str, *args: Any) -> tuple[Asked, bytes]:
    packer = Packer()
    trees = tuple(map(packer.add, args))
    return Asked(id=3, function=function, args=trees, kwargs={}), packer.blob()


def right(function: str, args: tuple[Any, ...], _: dict[str, Any]) -> Any:
    if function == "refuse":
        raise StudentRaised(
            "raised",
            "ValueError: no at line 3 of reference.py: `secret line`",
            builtin_names=("ValueError", "Exception"),
            coarse="ValueError",
            text="no",
        )
    return 2 * args[0]


@pytest.fixture
def asking() -> Asking:
    stand_ins = {
        "double": StandIn(),
        "refuse": StandIn(),
        "block": StandIn(public="checks.callables:norm"),
    }
    return Asking(stand_ins, ("later",), right, lambda: None)


def test_a_question_gets_the_right_value_under_its_number(asking: Asking) -> None:
    answer, part = asking.answer(*question("double", np.array([1.5, 2.0])))
    assert isinstance(answer, Given)
    assert answer.id == 3
    assert Unpacker(part).value(answer.value).tolist() == [3.0, 4.0]


def test_of_an_error_the_class_and_the_text_cross_and_no_line_of_ours(
    asking: Asking,
) -> None:
    assert asking.answer(*question("refuse", 1)) == (
        GivenError(id=3, name="ValueError", text="no"),
        b"",
    )


@pytest.mark.parametrize("function", ["later", "block", "conv", ""])
def test_no_other_function_can_be_asked(asking: Asking, function: str) -> None:
    with pytest.raises(ProtocolError, match="a question for"):
        asking.answer(*question(function, 1))


def test_arguments_that_are_none_break_the_protocol(asking: Asking) -> None:
    asked = Asked(id=3, function="double", args=(ArrayNode(key=7),), kwargs={})
    with pytest.raises(ProtocolError, match="no array number 7"):
        asking.answer(asked, b"")


@pytest.mark.parametrize(
    "hidden_in",
    [
        Own("later"),
        [Own("later"), 1],
        (1, Own("later")),
        {"a": 1, "b": Own("x")},
    ],
)
def test_a_name_is_no_value_that_a_stand_in_may_be_given(
    asking: Asking, hidden_in: object
) -> None:
    with pytest.raises(ProtocolError, match="a name among the arguments"):
        asking.answer(*question("double", 1, hidden_in))
    asked, part = question("double")
    packer = Packer()
    by_name = msgspec.structs.replace(asked, kwargs={"x": packer.add(hidden_in)})
    with pytest.raises(ProtocolError, match="a name among the arguments"):
        asking.answer(by_name, part)


@pytest.mark.parametrize(
    ("asked", "times"),
    [
        ([("double", 1), ("double", 1)], 1),
        ([("double", 1), ("double", 1.0)], 2),
        ([("double", 1), ("twice", 1)], 2),
        ([("double", np.ones(2)), ("double", np.ones(2))], 1),
        ([("double", np.ones(2)), ("double", np.ones((2, 1)))], 2),
        ([("double", np.zeros(module.MOST_BYTES_KNOWN // 8))] * 2, 2),
        ([("double", n) for n in (*range(module.MOST_KNOWN + 1), 1)], 4097),
        ([("double", n) for n in (*range(module.MOST_KNOWN + 1), 0)], 4098),
    ],
)
def test_what_was_asked_before_is_answered_as_it_was(
    asked: list[tuple[str, Any]], times: int
) -> None:
    made = []

    def counted(function: str, args: tuple[Any, ...], _: dict[str, Any]) -> Any:
        made.append(function)
        return 2 * args[0]

    stand_ins = {"double": StandIn(), "twice": StandIn()}
    answers = module.Answers()
    for number, (function, argument) in enumerate(asked):
        # Each time another question of the submission, with stand-ins of its own.
        asking = Asking(stand_ins, (), counted, lambda: None, answers)
        message, part = question(function, argument)
        message = msgspec.structs.replace(message, id=number)
        answer, blob = asking.answer(message, part)
        assert isinstance(answer, Given)
        assert answer.id == number
        assert np.array_equal(Unpacker(blob).value(answer.value), 2 * argument)
        assert asking.replaced == (function,)
    assert len(made) == times


def test_arguments_by_name_tell_two_questions_apart() -> None:
    def times(_: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return args[0] * kwargs["by"]

    asking = Asking({"scale": StandIn()}, (), times, lambda: None)
    asked, part = question("scale", 5)
    given = []
    for by in (2, 3, 2):
        named = msgspec.structs.replace(asked, kwargs={"by": Packer().add(by)})
        answer, blob = asking.answer(named, part)
        assert isinstance(answer, Given)
        given.append(Unpacker(blob).value(answer.value))
    assert given == [10, 15, 10]


def test_what_is_kept_of_a_submissions_answers_is_at_most_sixteen_mebibytes() -> None:
    answers = module.Answers()
    for size in (4000, 2**16):
        answers.keep((b"q", b"x" * size), Given(id=1, value=Packer().add(1)), b"")
    kept = [answers.get((b"q", b"x" * size)) is not None for size in (4000, 2**16)]
    assert kept == [True, False]
    assert module.MOST_KNOWN * module.MOST_BYTES_KNOWN <= 2**24


def test_an_error_is_asked_for_again_it_may_have_been_the_moments() -> None:
    errors = ["MemoryError"]

    def right(_: str, args: tuple[Any, ...], __: dict[str, Any]) -> Any:
        if errors:
            names = (errors.pop(), "Exception")
            raise StudentRaised("raised", "", builtin_names=names, coarse="", text="")
        return args[0]

    asking = Asking({"double": StandIn()}, (), right, lambda: None)
    asked = [asking.answer(*question("double", 1))[0] for _ in range(2)]
    assert [type(answer) for answer in asked] == [GivenError, Given]


def test_whoever_answers_is_told_that_a_case_begins() -> None:
    begun = []
    asking = Asking({}, (), right, lambda: begun.append(1))
    asking.begin_case()
    assert begun == [1]


def test_calls_of_one_case_are_counted(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_CALLS", 2)
    for _ in range(2):
        asking.answer(*question("double", 1))
    with pytest.raises(StudentFault, match="`double` was called more often") as caught:
        asking.answer(*question("double", 1))
    assert caught.value.kind == "timeout"
    asking.begin_case()
    asking.answer(*question("double", 1))


def test_numbers_of_one_case_are_counted_both_ways(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 3000)
    asking.answer(*question("double", np.zeros(100)))
    with pytest.raises(StudentFault, match="with more numbers, than a case may"):
        asking.answer(*question("double", np.zeros(100)))


def test_numbers_in_lists_are_counted_as_well(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 7000)
    numbers = [0.5] * 100  # some 40 bytes each, as they are written
    asking.answer(*question("double", numbers))
    with pytest.raises(StudentFault, match="with more numbers, than a case may"):
        asking.answer(*question("double", numbers))


def test_what_was_asked_was_replaced_and_what_is_public(asking: Asking) -> None:
    seen = [asking.replaced]
    asking.answer(*question("double", 1))
    seen.append(asking.replaced)
    asking.begin_case()
    seen.append(asking.replaced)
    assert seen == [("block",), ("double", "block"), ("block",)]


@pytest.mark.parametrize(("counted", "of"), [("_calls", 10_000), ("_bytes", 2**26)])
def test_what_a_case_may_ask_is_ten_thousand_calls_and_sixty_four_mebibytes(
    asking: Asking, counted: str, of: int
) -> None:
    array = np.zeros(1)
    asking.answer(*question("double", array))
    spent = getattr(asking, counted)
    asking.begin_case()
    setattr(asking, counted, of - spent)
    asking.answer(*question("double", array))
    with pytest.raises(StudentFault, match="10,000 calls, 64 MiB"):
        asking.answer(*question("double", array))
