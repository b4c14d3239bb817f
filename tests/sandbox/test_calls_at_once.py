"""Calls that are asked for in one frame: each answer is looked at as one alone is."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import numpy as np
import pytest

from autograder.errors import StudentFault
from autograder.own_time import OutOfOwnTimeError
from autograder.sandbox import session as module
from autograder.sandbox.asking import Asking
from autograder.sandbox.bubblewrap import Sandbox
from autograder.sandbox.session import Session
from autograder.sandbox.student_failures import StudentRaised
from autograder.sandbox.zygote import Forking
from autograder.worker.protocol import (
    Asked,
    Call,
    Calls,
    Load,
    Raised,
    Ready,
    StandIn,
    to_frame,
)
from autograder.worker.values import Unpacker
from scripted_worker import ScriptedWorker, loaded_or, returned

Said = Callable[[ScriptedWorker, Call, int], bytes]
TABLE = [(n,) for n in range(5)]


def frame(said: Any) -> bytes:
    message, part = said if isinstance(said, tuple) else (said, b"")
    return to_frame(message, part)


def doubled(_: ScriptedWorker, call: Call, number: int) -> bytes:
    return frame(returned(call.id, 2 * number))


def refused(call: Call) -> bytes:
    names = ("ValueError", "Exception")
    raised = Raised(
        id=call.id, type_name="ValueError", builtin_names=names, text="no", own=True
    )
    return frame(raised)


class Workers:
    """Workers that say to each of several calls what `said` says."""

    def __init__(self, said: Said) -> None:
        self.said = said
        self.begun: list[ScriptedWorker] = []

    def start(self) -> Any:
        self.begun.append(ScriptedWorker(self.answers))
        return self.begun[-1]

    def answers(self, worker: ScriptedWorker, request: Any, part: bytes) -> Any:
        if not isinstance(request, Calls):
            return loaded_or(request, "alone")
        pieces = list(request.pieces(part))
        numbers = [Unpacker(piece).value(call.args[0]) for call, piece in pieces]
        calls = [call for call, _ in pieces]
        pairs = zip(calls, numbers, strict=True)
        return b"".join(self.said(worker, call, int(n)) for call, n in pairs)

    @property
    def requests(self) -> list[type]:
        return [type(r) for worker in self.begun for r in worker.requests]


def opened(workers: Workers, **options: Any) -> Session:
    given = {"seconds_per_case": 5.0, "seconds_total": 20.0} | options
    session = Session(workers.start, "a0.py", b"x = 1", **given)
    session.begin_case()
    return session


def until_a_fault(
    session: Session, table: list[tuple[Any, ...]]
) -> tuple[list[Any], StudentFault]:
    values = []
    with pytest.raises(StudentFault) as raised:  # noqa: PT012
        for value in session.call_each("double", table):
            values.append(value)  # noqa: PERF402 those before the fault are wanted
    return values, raised.value


def test_all_are_asked_for_in_one_frame_and_answered_in_order() -> None:
    workers = Workers(doubled)
    session = opened(workers)
    assert list(session.call_each("double", TABLE)) == [0, 2, 4, 6, 8]
    assert workers.requests == [Load, Calls]
    assert session.case_calls == 5
    assert session.call("double", (1,)) == "alone"
    assert list(session.call_each("double", [])) == []


def test_of_very_many_some_at_a_time_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_AT_ONCE", 2)
    workers = Workers(doubled)
    assert list(opened(workers).call_each("double", TABLE)) == [0, 2, 4, 6, 8]
    assert workers.requests == [Load, Calls, Calls, Calls]


def test_what_is_raised_ends_it_and_the_worker_goes_on() -> None:
    workers = Workers(lambda w, c, n: refused(c) if n == 2 else doubled(w, c, n))
    session = opened(workers)
    values, fault = until_a_fault(session, TABLE)
    assert values == [0, 2]
    assert isinstance(fault, StudentRaised)
    assert session.case_calls == 3
    assert session.call("double", (1,)) == "alone"
    assert len(workers.begun) == 1
    assert not session.broke_protocol


def test_who_leaves_off_leaves_a_worker_that_goes_on() -> None:
    workers = Workers(doubled)
    session = opened(workers)
    with closing(session.call_each("double", TABLE)) as values:
        assert next(values) == 0
    assert session.call("double", (1,)) == "alone"
    assert len(workers.begun) == 1


def test_a_grader_without_time_leaves_no_answers_to_the_next_question(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def ends(*_: object) -> bytes:
        raise OutOfOwnTimeError

    workers = Workers(doubled)
    session = opened(workers)
    values = session.call_each("double", TABLE)
    assert next(values) == 0
    monkeypatch.setattr(workers.begun[0], "receive", ends)
    with pytest.raises(OutOfOwnTimeError):
        values.close()
    assert session.call("double", (1,)) == "alone"
    assert not session.broke_protocol


def test_answers_that_do_not_come_any_more_cost_the_worker_and_nothing_else() -> None:
    workers = Workers(
        lambda w, c, n: b"" if n > 2 else refused(c) if n == 2 else doubled(w, c, n)
    )
    session = opened(workers)
    values, fault = until_a_fault(session, TABLE)
    assert values == [0, 2]
    assert fault.kind == "raised"
    assert workers.begun[0].killed
    assert session.call("double", (1,)) == "alone"
    assert len(workers.begun) == 2


@pytest.mark.parametrize("wrong", [1, 3])
def test_an_answer_to_another_question_breaks_the_protocol(wrong: int) -> None:
    def said(worker: ScriptedWorker, call: Call, number: int) -> bytes:
        answer = doubled(worker, call, number)
        return frame(returned(call.id + 1, 7)) if number == wrong else answer

    session = opened(Workers(said))
    values, fault = until_a_fault(session, TABLE)
    assert values == [2 * n for n in range(wrong)]
    assert fault.kind == "protocol"
    assert session.broke_protocol


def test_an_answer_too_many_is_seen_at_the_next_question() -> None:
    def said(worker: ScriptedWorker, call: Call, number: int) -> bytes:
        return doubled(worker, call, number) * (2 if number == 4 else 1)

    session = opened(Workers(said))
    assert list(session.call_each("double", TABLE)) == [0, 2, 4, 6, 8]
    with pytest.raises(StudentFault, match="the grader's own channel"):
        session.call("double", (1,))


def test_answers_that_nobody_wants_any_more_may_not_be_forged_either() -> None:
    def said(_: ScriptedWorker, call: Call, number: int) -> bytes:
        if number == 1:
            return refused(call)
        return frame(returned(call.id + (number > 1), 7))

    workers = Workers(said)
    session = opened(workers)
    until_a_fault(session, TABLE)
    assert workers.begun[0].killed
    assert session.call("double", (1,)) == "alone"


def asks(call: Call) -> bytes:
    return frame(Asked(id=call.id, function="double", args=(), kwargs={}))


@pytest.mark.parametrize(
    "sent",
    [lambda _: b"\0\0\0\2\0\0\0\0??", lambda _: frame(Ready()), asks],
    ids=["no message", "a worker that begins", "a question"],
)
def test_what_stands_in_the_place_of_an_answer_that_nobody_wants_costs_the_worker(
    sent: Callable[[Call], bytes],
) -> None:
    def said(worker: ScriptedWorker, call: Call, number: int) -> bytes:
        return sent(call) if number == 3 else doubled(worker, call, number)

    workers = Workers(said)
    session = opened(workers)
    with closing(session.call_each("double", TABLE)) as values:
        assert next(values) == 0
    assert workers.begun[0].killed
    assert session.call("double", (1,)) == "alone"
    assert len(workers.begun) == 2


def test_answers_that_do_not_come_in_time_cost_the_worker_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "SECONDS_TO_LEAVE", -1.0)
    workers = Workers(lambda w, c, n: b"" if n > 2 else doubled(w, c, n))
    session = opened(workers)
    with closing(session.call_each("double", TABLE)) as values:
        assert next(values) == 0
    assert workers.begun[0].killed
    assert session.call("double", (1,)) == "alone"


def test_a_worker_that_ends_in_the_middle_is_the_submissions_failure() -> None:
    workers = Workers(lambda w, c, n: b"" if n > 2 else doubled(w, c, n))
    session = opened(workers)
    values, fault = until_a_fault(session, TABLE)
    assert values == [0, 2, 4]
    assert fault.kind == "died"


def test_all_that_the_worker_computes_counts_whenever_it_is_looked_at() -> None:
    def said(worker: ScriptedWorker, call: Call, number: int) -> bytes:
        worker.cpu += 0.25
        return doubled(worker, call, number)

    workers = Workers(said)
    session = opened(workers)
    for _ in session.call_each("double", TABLE):
        workers.begun[0].cpu += 0.125  # while the grader is at something else
    assert session.seconds_used == 5 * 0.25 + 4 * 0.125


def test_what_is_computed_for_answers_that_nobody_wants_counts_too() -> None:
    workers = Workers(doubled)
    session = opened(workers)
    with closing(session.call_each("double", TABLE)) as values:
        next(values)
        workers.begun[0].cpu += 0.5
    assert session.seconds_used == 0.5


def test_who_takes_longer_than_a_case_has_is_told() -> None:
    def said(worker: ScriptedWorker, call: Call, number: int) -> bytes:
        worker.cpu += 3.0 if number == 0 else 0.0
        return doubled(worker, call, number)

    workers = Workers(said)
    session = opened(workers, seconds_per_case=2.5)
    values, fault = until_a_fault(session, TABLE)
    assert values == []
    assert fault.kind == "timeout"
    session.begin_case()
    assert session.call("double", (1,)) == "alone"


SOURCE = """
import os, time
import numpy as np

calls = []


def double(x):
    calls.append(x)
    return 2 * x


def doubled_in_place(x):
    x *= 2
    return x


def raises_at_three(x):
    if x == 3:
        raise ValueError("three")
    if x > 3:
        time.sleep(1e9)
    return len(calls)


def leaves_at_three(x):
    if x == 3:
        os._exit(3)
    return x
"""


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with asked_with(SOURCE.encode()) as session:
        yield session


@pytest.mark.sandbox
def test_a_worker_answers_many_calls_each_with_arrays_of_its_own(
    session: Session,
) -> None:
    session.begin_question()
    session.begin_case()
    one, two = np.arange(3.0), np.ones((2, 2), order="F")
    seen = []
    for value in session.call_each("doubled_in_place", [(one,), (two,), (one,)]):
        ((array, left),) = session.last_changed
        seen.append((value.tolist(), array is one, left.tolist(), session.last_aliases))
    assert seen == [
        ([0, 2, 4], True, [0, 2, 4], (0,)),
        ([[2, 2], [2, 2]], False, [[2, 2], [2, 2]], (0,)),
        ([0, 2, 4], True, [0, 2, 4], (0,)),
    ]
    assert one.tolist() == [0, 1, 2]


def asked_with(source: bytes, asking: Asking | None = None) -> Session:
    start = Forking(cold=Sandbox()).start
    return Session(
        start, "a0.py", source, seconds_per_case=5, seconds_total=60, asking=asking
    )


@pytest.mark.sandbox
def test_stand_ins_ask_between_the_answers_and_for_the_same_once() -> None:
    asked = []

    def right(_: str, __: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        asked.append(kwargs["x"])
        return 10 * kwargs["x"]

    asking = Asking({"scale": StandIn(parameters=("x",))}, (), right, lambda: None)
    source = b"def scale(x): return None\ndef scaled(x, y): return scale(x) + scale(y)"
    table = [(1, 2), (3, 1), (2, 3)]
    with asked_with(source, asking) as session:
        for _ in range(2):
            session.begin_case()
            before = session.replaced
            assert list(session.call_each("scaled", table)) == [30, 40, 50]
            assert (before, session.replaced) == ((), ("scale",))
            assert asked == [1, 2, 3]


@pytest.mark.sandbox
def test_who_is_asked_no_more_leaves_what_its_stand_ins_ask() -> None:
    asking = Asking(
        {"scale": StandIn(parameters=("x",))}, (), lambda *_: 1, lambda: None
    )
    source = (
        b"def scale(x): return None\ndef scaled(x):\n    if x == 1: raise ValueError\n"
        b"    return scale(x)"
    )
    with asked_with(source, asking) as session:
        for _ in range(2):
            session.begin_case()
            values = session.call_each("scaled", [(0,), (1,), (2,)])
            assert next(values) == 1
            with pytest.raises(StudentRaised):
                next(values)


@pytest.mark.sandbox
def test_who_sleeps_behind_what_it_raised_has_the_next_case_all_the_same(
    session: Session,
) -> None:
    session.begin_question()
    session.begin_case()
    values = session.call_each("raises_at_three", [(n,) for n in (1, 2, 3, 4)])
    assert [next(values), next(values)] == [0, 0]
    with pytest.raises(StudentRaised, match="three"):
        next(values)
    session.begin_case()
    assert session.call("double", (4,)) == 8


@pytest.mark.sandbox
def test_who_ends_the_worker_in_the_middle_has_answered_until_then(
    session: Session,
) -> None:
    session.begin_question()
    session.begin_case()
    values = session.call_each("leaves_at_three", [(n,) for n in (1, 2, 3, 4)])
    assert [next(values), next(values)] == [1, 2]
    with pytest.raises(StudentFault) as raised:
        next(values)
    assert raised.value.kind == "died"
