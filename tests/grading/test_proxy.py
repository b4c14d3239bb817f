"""What stands for a student's functions keeps every call with what came of it."""

import copy
import sys
import warnings
from dataclasses import dataclass, field
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
from checks import CheckFailedError, each, measurement, probe, unchanged
from checks.probing import raw_probe

from autograder.errors import StudentFault
from autograder.grading.proxy import (
    Call,
    FunctionProxy,
    InTurn,
    InWords,
    Outcome,
    Recorder,
    Room,
    changed,
    observe,
)
from autograder.sandbox.student_failures import StudentObjection, StudentRaised
from autograder.worker.values import Own

X = np.array([1.0, 2.0])


@dataclass
class Worker(InTurn):
    """A session without a worker: `function` answers."""

    function: Any
    last_aliases: tuple[int | str, ...] = ()
    last_changed: tuple[tuple[Any, Any], ...] = ()
    asked: list[tuple[str, str]] = field(default_factory=list)

    def call(self, function: str, args: Any, kwargs: Any) -> Any:
        self.asked.append(("call", function))
        return self.function(*args, **kwargs)

    def probe(self, name: str, args: Any, kwargs: Any) -> Any:
        self.asked.append(("probe", name))
        return self.function(*args, **kwargs)


def largest(material: Any, *_: Any, **__: Any) -> float:
    return float(max(material))


@pytest.fixture(autouse=True)
def probes(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A public module of probes called a_course.probes."""
    module = ModuleType("a_course.probes")

    def run_all(functions: Any, x: Any) -> Any:
        return [function(x) for function in functions]

    def traced(function: Any, x: Any) -> Any:
        return [function(x), 0.0]

    def seconds(function: Any) -> float:
        return len(str(function))

    def objects(_: Any) -> None:
        raise CheckFailedError("value", "expected 2\x1b, got 1")

    for made, function in (
        (probe, run_all),
        (raw_probe(largest), traced),
        (measurement, seconds),
        (probe, objects),
    ):
        function.__module__ = module.__name__
        setattr(module, function.__name__, made(function))
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return module


def test_a_call_is_kept_with_its_arguments_as_they_were() -> None:
    def doubles_in_place(values: Any, *, by: Any) -> Any:
        values *= 2
        by.append(1)
        return values

    x, by = X.copy(), [3]
    recorder = Recorder(Worker(doubles_in_place))
    assert FunctionProxy("double", recorder)(x, by=by) is x
    (call,) = recorder.calls
    assert (call.function, call.kwargs) == ("double", {"by": [3]})
    assert call.args[0].tolist() == [1.0, 2.0]
    x[:] = 0
    assert call.outcome.value.tolist() == [2.0, 4.0]
    assert call.outcome == Outcome(call.outcome.value)


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (StudentFault("timeout", "too long"), Outcome(error="timeout")),
        (
            StudentRaised(
                "raised",
                "m",
                builtin_names=("KeyError", "LookupError"),
                coarse="c",
                complaint="raise no",
            ),
            Outcome(error="KeyError", complaint="raise no"),
        ),
        (
            StudentObjection("value", "double", "expected 2, got 1\x1b"),
            Outcome(
                error="value: expected 2, got 1�", complaint="value: expected 2, got 1�"
            ),
        ),
    ],
)
def test_a_call_that_ends_in_a_fault_is_kept_and_the_fault_goes_on(
    fault: StudentFault, outcome: Outcome
) -> None:
    def ends(_: Any, *, by: int) -> None:
        assert by == 2
        raise fault

    recorder = Recorder(Worker(ends))
    with pytest.raises(StudentFault) as raised:
        recorder.call("double", (1,), {"by": 2})
    assert raised.value is fault
    (call,) = recorder.calls
    assert (call.args, call.kwargs) == ((1,), {"by": 2})
    assert call.outcome.error.startswith(outcome.error[:20])
    assert call.outcome.complaint.startswith(outcome.complaint[:20])
    assert call.outcome.raised is (type(fault) is not StudentObjection)


def test_what_was_done_to_the_workers_copies_is_kept_and_told() -> None:
    x, y = X.copy(), X.copy()
    worker = Worker(lambda *_: 1, last_changed=((y, [5.0, 6.0]),))
    recorder = Recorder(worker)
    with pytest.raises(CheckFailedError, match="argument"), unchanged(x, y):
        recorder.call("double", (x, y), {})
    assert recorder.calls[0].outcome == Outcome(1, changed=(1,), left=([5.0, 6.0],))
    with unchanged(x):
        recorder.call("double", (x, y), {})


def test_who_gives_a_view_of_an_argument_is_remembered() -> None:
    recorder = Recorder(Worker(lambda x: x))
    recorder.call("double", (X,), {})
    assert recorder.gave_views == set()
    recorder.session = Worker(lambda x: x, last_aliases=(0,))
    recorder.call("double", (X,), {})
    assert recorder.gave_views == {"double"}


def test_a_probe_is_sent_with_names_in_the_place_of_functions(
    probes: ModuleType,
) -> None:
    sent: list[Any] = []

    def answers(*args: Any) -> list[float]:
        sent.append(copy.deepcopy(args))
        return [2.0, 7.0]

    worker = Worker(answers)
    recorder = Recorder(worker)
    double, halve = (FunctionProxy(name, recorder) for name in ("double", "halve"))
    assert probes.run_all([double, (halve,)], 3) == [2.0, 7.0]
    assert worker.asked == [("probe", "a_course.probes:run_all")]
    assert sent == [([Own("double"), (Own("halve"),)], 3)]
    (call,) = recorder.calls
    assert call.is_probe
    assert call.outcome.value == [2.0, 7.0]


def test_of_raw_material_what_answers_have_in_common_is_kept(
    probes: ModuleType,
) -> None:
    recorder = Recorder(Worker(lambda *_: [2.0, 7.0]))
    assert probes.traced(FunctionProxy("double", recorder), 3) == [2.0, 7.0]
    assert recorder.calls[0].outcome.value == 7.0
    recorder.session = Worker(lambda *_: None)
    probes.traced(FunctionProxy("double", recorder), 3)
    assert recorder.calls[1].outcome.value is None  # forged, and kept as it is


def test_raw_material_is_compared_by_what_it_was_asked_with(
    monkeypatch: pytest.MonkeyPatch, probes: ModuleType
) -> None:
    def scaled(material: Any, _: Any, x: Any, *, by: float) -> Any:
        return material[0] * x * by

    def asked(function: Any, x: Any, *, by: float) -> Any:
        return [function(x) + by]

    asked.__module__ = probes.__name__
    monkeypatch.setattr(probes, "asked", raw_probe(scaled)(asked), raising=False)
    recorder = Recorder(Worker(lambda *_, **__: [2.0]))
    probes.asked(FunctionProxy("double", recorder), 3, by=0.5)
    assert recorder.calls[0].outcome.value == 3.0
    again = observe(reference(double=lambda _: 1.5), recorder.calls[0])
    assert again == Outcome(3.0)


def test_a_measurement_is_no_answer_and_is_not_kept(probes: ModuleType) -> None:
    worker = Worker(lambda *_: 0.25)
    recorder = Recorder(worker)
    assert probes.seconds(FunctionProxy("double", recorder)) == 0.25
    assert worker.asked == [("probe", "a_course.probes:seconds")]
    assert recorder.calls == []


def reference(**functions: Any) -> Any:
    return SimpleNamespace(**functions)


def test_a_recorded_call_is_made_on_another_module_with_copies() -> None:
    def fills(values: Any, *, by: float) -> Any:
        values[:] = by
        return values.sum()

    call = Call("fill", (X, 3, [X]), {"by": 5.0}, Outcome())
    module = reference(fill=lambda x, n, xs, *, by: (n, len(xs), fills(x, by=by)))
    found = observe(module, call)
    assert found.value == (3, 1, 10.0)
    assert found.changed == (0,)
    assert found.left[0].tolist() == [5.0, 5.0]
    assert X.tolist() == [1.0, 2.0]


def test_a_recorded_probe_is_run_on_another_modules_functions() -> None:
    run_all = Call(
        "a_course.probes:run_all", ([Own("double"), Own("halve")], 3), {}, Outcome()
    )
    module = reference(double=lambda x: 2 * x, halve=lambda x: x / 2)
    assert observe(module, run_all) == Outcome([6, 1.5])
    traced = Call("a_course.probes:traced", (Own("double"), 3), {}, Outcome())
    assert observe(module, traced) == Outcome(6.0)


def test_what_another_module_raises_is_an_outcome_by_its_builtin_class() -> None:
    class OwnError(KeyError):
        pass

    def raises(error: Exception) -> Any:
        def function() -> None:
            raise error

        return observe(reference(f=function), Call("f", (), {}, Outcome()))

    assert raises(OwnError("no")).error == "KeyError"
    forged = type("KeyError", (ArithmeticError,), {})
    assert raises(forged("no")).error == "ArithmeticError"
    assert raises(ValueError("3 of 5")).figures == ("3", "5")
    assert raises(ValueError("no")) == Outcome(error="ValueError", complaint="raise no")
    assert raises(StudentFault("timeout", "no")) == Outcome(error="timeout")
    assert observe(reference(f=lambda: np.ones(1) / 0), Call("f", (), {}, Outcome()))
    objection = observe(
        reference(), Call("a_course.probes:objects", (1,), {}, Outcome())
    )
    assert objection.error == objection.complaint
    assert objection.error.startswith("value: expected 2")
    assert "\x1b" not in objection.error
    assert not objection.raised


def test_an_argument_is_changed_where_its_bytes_are() -> None:
    assert changed((X, [1.0], X), (X + 1, [2.0], X.copy())) == (0,)
    nan = np.array([np.nan])
    assert changed((nan, X), (nan.copy(), -X)) == (1,)


def test_what_there_is_no_room_for_is_kept_in_words() -> None:
    room = Room(left=2000)
    recorder = Recorder(Worker(np.zeros), room)
    zeros = FunctionProxy("zeros", recorder)
    for count in (10, 50, 100, 10):
        assert zeros(count).size == count
    assert [call.is_whole for call in recorder.calls] == [True, True, False, True]
    told = recorder.calls[2].outcome.value
    assert isinstance(told, InWords)
    assert "100" in repr(told)
    assert 0 <= room.left < 300
    assert Room().left == 256 * 2**20


def test_arguments_that_there_is_no_room_for_are_kept_in_words_too() -> None:
    recorder = Recorder(Worker(lambda x: x.sum()), Room(left=500))
    FunctionProxy("total", recorder)(np.ones(100))
    (call,) = recorder.calls
    assert not call.is_whole
    assert isinstance(call.args[0], InWords)
    assert str(call) == "total(float64 array of shape (100,))"
    assert call.outcome.changed == ()


def test_where_one_argument_is_too_large_all_are_words_but_the_students_own_names(
    probes: ModuleType,
) -> None:
    recorder = Recorder(Worker(lambda *_: [1.0]), Room(left=500))
    probes.run_all([FunctionProxy("double", recorder)], np.ones(100))
    probes.traced(FunctionProxy("halve", recorder), np.ones(100))
    assert [str(call) for call in recorder.calls] == [
        "run_all([double], float64 array of shape (100,))",
        "traced of halve, with float64 array of shape (100,)",
    ]


def test_a_call_that_failed_on_what_is_too_large_to_keep_is_no_evidence() -> None:
    def refuses(_: Any) -> None:
        raise StudentFault("timeout", "too long")

    recorder = Recorder(Worker(refuses), Room(left=500))
    with pytest.raises(StudentFault):
        FunctionProxy("total", recorder)(np.ones(100))
    assert [call.is_whole for call in recorder.calls] == [False]


def test_what_was_changed_is_told_by_its_place_where_there_is_no_room_for_it() -> None:
    x = np.ones(100)
    worker = Worker(lambda *_: 1, last_changed=((x, np.zeros(100)),))
    recorder = Recorder(worker, Room(left=500))
    recorder.call("double", (3, x), {})
    outcome = recorder.calls[0].outcome
    assert (outcome.changed, outcome.left) == ((1,), ())


@pytest.mark.parametrize(
    "large",
    [
        "x" * 1000,
        "\N{BLACK HEART SUIT}" * 500,
        "\U0001f600" * 250,
        {"a": np.ones(200)},
        {"x" * 1000: None},
        [(np.ones(200),)],
        {"a": {"b": "x" * 1000}},
        1 << 8000,
    ],
)
def test_room_is_reckoned_by_all_that_a_value_holds(large: Any) -> None:
    room = Room(left=1000)
    assert not room.takes(1, large)
    assert room.left == 1000
    assert room.takes(1, [2, 3])
    assert room.left == 1000 - 4 * 64


def test_the_numbers_in_an_exceptions_words_are_kept() -> None:
    def ends() -> None:
        raise StudentRaised(
            "raised", "m", builtin_names=("ValueError",), coarse="c", text="3 of 5"
        )

    recorder = Recorder(Worker(ends))
    with pytest.raises(StudentFault):
        recorder.call("double", (), {})
    assert recorder.calls[0].outcome.figures == ("3", "5")


def test_what_another_module_warns_of_is_nobodys_matter() -> None:
    def warns() -> float:
        warnings.warn("odd", stacklevel=1)
        return float(np.ones(1)[0] / np.zeros(1)[0])

    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        found = observe(reference(f=warns), Call("f", (), {}, Outcome()))
    assert found == Outcome(float("inf"))


def test_calls_that_are_asked_at_once_are_kept_one_by_one() -> None:
    recorder = Recorder(Worker(lambda x: 2 * x))
    double = FunctionProxy("double", recorder)
    assert [value.tolist() for value in each(double, [(X,), (2 * X,)])] == [
        [2, 4],
        [4, 8],
    ]
    assert [call.args[0].tolist() for call in recorder.calls] == [[1, 2], [2, 4]]
    assert [call.outcome.value.tolist() for call in recorder.calls] == [[2, 4], [4, 8]]


def test_of_calls_that_are_asked_at_once_the_first_that_fails_is_the_last() -> None:
    def ends(x: int) -> int:
        if x == 2:
            raise StudentFault("timeout", "too long")
        return x

    recorder = Recorder(Worker(ends))
    with pytest.raises(StudentFault):
        each(FunctionProxy("double", recorder), [(n,) for n in range(1, 5)])
    assert [call.outcome.error for call in recorder.calls] == ["", "timeout"]
    assert recorder.calls[1].args == (2,)


def test_on_a_laptop_each_is_a_call_after_the_other() -> None:
    assert each(divmod, [(7, 2), [9, 3]]) == [(3, 1), (3, 0)]
    assert each(lambda x: x, ((n,) for n in "ab")) == ["a", "b"]
