"""Every turn that a session's talk with a worker may take, without a worker.

What real workers do to it is tested on real ones (`test_session`, `test_attacks`).
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.course.costs import Limit
from autograder.errors import GraderFault, StudentFault
from autograder.sandbox import session as module
from autograder.sandbox.asking import Asking
from autograder.sandbox.budget import Deaths
from autograder.sandbox.session import Session
from autograder.sandbox.stopwatch import Spent
from autograder.sandbox.student_failures import StudentObjection, StudentRaised
from autograder.worker.protocol import (
    Asked,
    Call,
    Calls,
    Given,
    Load,
    Loaded,
    Missing,
    Raised,
    Ready,
    StandIn,
    Unsupported,
    to_frame,
)
from autograder.worker.values import Own, Packer, Unpacker
from autograder.worker.wire_nodes import ArrayNode
from scripted_worker import Answers, ScriptedWorker, loaded_or, returned


class Workers:
    """Starts workers, all of which answer alike, and keeps them."""

    def __init__(self) -> None:
        self.answers: Answers | None = None
        self.begun: list[ScriptedWorker] = []

    def start(self) -> Any:
        self.begun.append(ScriptedWorker(self.answers))
        return self.begun[-1]

    @property
    def last(self) -> ScriptedWorker:
        return self.begun[-1]


@pytest.fixture
def workers() -> Workers:
    return Workers()


Open = Callable[..., Session]


@pytest.fixture
def opened(workers: Workers) -> Open:
    """What opens a session whose calls are answered by a function of the request."""

    def open_session(answers: Answers | None = None, **options: Any) -> Session:
        workers.answers = answers
        given = {"seconds_per_case": 5.0, "seconds_total": 20.0} | options
        return Session(workers.start, "a0.py", b"x = 1", **given)

    return open_session


def fault_of(session: Session, *args: Any) -> StudentFault:
    with pytest.raises(StudentFault) as caught:
        session.call("double", args)
    return caught.value


def calls(value: Any, **more: Any) -> Answers:
    """Answer every call with a value."""
    return lambda _, request, __: loaded_or(request, value, **more)


def once_loaded(answer: Callable[[ScriptedWorker, Call], Any]) -> Answers:
    """Answer every call by a function of the worker and the call."""

    def answers(worker: ScriptedWorker, request: Any, _: bytes) -> Any:
        if isinstance(request, Load):
            return Loaded(id=request.id)
        return answer(worker, request)

    return answers


def raised(request: Any, **more: Any) -> Raised:
    names = ("ValueError", "Exception")
    return Raised(
        id=request.id, type_name="ValueError", builtin_names=names, text="no", **more
    )


def spends(cpu: float, wall: float | None = None) -> Answers:
    """Answer every call with 1, after so much time."""

    def answer(worker: ScriptedWorker, request: Call) -> Any:
        worker.cpu += cpu
        worker.at += cpu if wall is None else wall
        return returned(request.id, 1)

    return once_loaded(answer)


def test_a_file_is_loaded_once_for_a_question_and_again_for_the_next(
    opened: Open, workers: Workers
) -> None:
    session = opened()
    session.begin_question(["numpy.add"])
    for _ in range(2):
        session.begin_case()
        session.call("double", (1,))
    session.begin_question()
    session.call("double", (1,))
    assert [type(r) for r in workers.last.requests] == [Load, Call, Call, Load, Call]
    first, _, _, second, _ = workers.last.requests
    assert isinstance(first, Load)
    assert isinstance(second, Load)
    assert (first.watch, second.watch) == (("numpy.add",), ())
    assert len({request.id for request in workers.last.requests}) == 5


def test_an_array_travels_with_how_it_lies_in_memory(
    opened: Open, workers: Workers
) -> None:
    opened().call("double", (np.asfortranarray(np.ones((2, 3))),))
    call = workers.last.requests[-1]
    assert isinstance(call, Call)
    assert call.args == (ArrayNode(key=0, layout="Fortran"),)


def test_arrays_of_calls_that_are_asked_at_once_travel_so_too(opened: Open) -> None:
    seen: list[Any] = []

    def answers(_: ScriptedWorker, request: Any, part: bytes) -> Any:
        if isinstance(request, Calls):
            pieces = request.pieces(part)
            seen.extend(
                Unpacker(piece, with_layouts=True).value(call.args[0])
                for call, piece in pieces
            )
        return loaded_or(request, 1)

    given = [np.asfortranarray(np.full((2, 3), n)) for n in range(2)]
    values = opened(answers).call_each("double", [(array,) for array in given])
    assert list(values) == [1, 1]
    assert [array.tolist() for array in seen] == [array.tolist() for array in given]
    assert [array.flags.f_contiguous for array in seen] == [True, True]


def test_a_file_of_more_than_a_mebibyte_is_never_loaded(workers: Workers) -> None:
    def opened(size: int) -> Session:
        source = b"#" * size
        return Session(
            workers.start, "a0.py", source, seconds_per_case=5.0, seconds_total=20.0
        )

    assert opened(2**20).call("double") == 1
    fault = fault_of(opened(2**20 + 1))
    told = "a0.py is too large: 1,048,577 bytes, at most 1,048,576"
    assert (fault.kind, str(fault)) == ("load", told)
    assert len(workers.begun) == 1


@pytest.mark.parametrize("cheap", [True, False])
def test_questions_share_a_worker_until_one_fails(
    opened: Open, workers: Workers, *, cheap: bool
) -> None:
    session = opened(is_cheap=cheap)
    shared = []
    for failed in (False, False, True, False, False):
        session.begin_question()
        shared.append(session.is_second_hand)
        for _ in range(2):
            session.call("double", (1,))
            session.begin_case()
        session.end_question(failed=failed)
    assert shared == ([False, True, True, False, False] if cheap else [False] * 5)
    assert [w.killed for w in workers.begun] == ([1, 1, 0] if cheap else [0])


def test_no_more_than_one_question_begins_anew(opened: Open, workers: Workers) -> None:
    session = opened(is_cheap=True)
    session.begin_question()
    session.call("double", (1,))
    session.end_question(failed=False)
    session.begin_question()
    session.call("double", (1,))
    session.begin_anew()
    session.call("double", (1,))
    session.end_question(failed=False)
    session.begin_question()
    assert not session.is_second_hand
    session.call("double", (1,))
    assert [w.killed for w in workers.begun] == [1, 1, 0]


def test_a_question_that_begins_anew_has_spent_nothing_but_waiting(
    opened: Open, workers: Workers
) -> None:
    deaths = Deaths()
    session = opened(is_cheap=True, deaths=deaths)
    session.begin_question()
    session.call("double", (1,))
    session.charge(1.0)
    session.end_question(failed=False)
    used = session.seconds_used
    session.begin_question(["numpy.add"])
    session.charge(2.0)
    total = session._total  # noqa: SLF001 - what was waited is told by nobody
    total.spent += Spent(idle=3.0)
    deaths.count += 1
    session.watched.add("numpy.add")
    session.begin_anew()
    assert not session.is_second_hand
    assert not session.watched
    assert session.seconds_used == used >= 1.0
    assert session.seconds_in_vain == 2.0
    assert (total.spent.idle, deaths.count) == (3.0, 0)
    session.call("double", (1,))
    first, second = workers.begun
    assert (first.killed, second.killed) == (1, 0)
    assert isinstance(second.requests[0], Load)


def test_a_file_that_did_not_load_in_anothers_worker_is_loaded_in_its_own(
    opened: Open, workers: Workers
) -> None:
    session = opened(is_cheap=True)
    session.begin_question()
    session.call("double", (1,))
    session.begin_question()
    workers.last.answers = lambda _, request, __: raised(request)
    assert fault_of(session, 1).kind == "load"
    session.begin_anew()
    assert session.call("double", (1,)) == 1


def test_what_the_calls_of_one_case_return_is_bounded_together(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 1500)
    session = opened(calls(np.zeros(60)))
    for _ in range(2):
        for _ in range(2):
            session.call("double", (1,))
        assert fault_of(session, 1).kind == "shape"
        session.begin_case()


@pytest.mark.parametrize(
    "value", ["\U0001f600" * 130, {"a" * 500: 1}, [1.5] * 8, np.zeros(65, np.int64)]
)
def test_whatever_calls_return_is_counted_as_it_lies_in_memory(
    opened: Open, monkeypatch: pytest.MonkeyPatch, value: Any
) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 1600)
    session = opened(calls(value))
    session.call("double", (1,))
    session.call("double", (1,))
    assert fault_of(session, 1).kind == "shape"


def test_what_arguments_became_is_counted_too(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 1600)
    session = opened(calls(1, changed={0: np.zeros(150)}))
    session.call("double", (np.ones(150),))
    assert fault_of(session, np.ones(150)).kind == "shape"
    assert session.last_changed == ()


def test_what_a_case_may_return_is_256_mebibytes(opened: Open) -> None:
    session = opened(calls(np.zeros(1)))
    session.call("double", (1,))
    size = session._bytes  # noqa: SLF001 so much would take seconds to send
    session._bytes = 2**28 - size  # noqa: SLF001 as above
    session.call("double", (1,))
    assert "more than 256 MiB" in str(fault_of(session, 1))


def test_what_an_argument_became_is_looked_at_as_what_is_returned_is(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_NUMBERS", 5)
    session = opened(calls(1, changed={0: np.zeros(5)}, aliases=(0,)))
    session.call("double", (np.ones(5),))
    assert (session.last_aliases, len(session.last_changed)) == ((0,), 1)
    session = opened(calls(1, changed={0: np.zeros(6)}, aliases=(0,)))
    assert fault_of(session, np.ones(6)).kind == "shape"
    assert (session.last_aliases, session.last_changed) == ((), ())
    assert fault_of(opened(calls(np.zeros(6)))).kind == "shape"


def test_what_a_call_did_to_its_arguments_is_forgotten_at_the_next(
    opened: Open,
) -> None:
    def answer(_: ScriptedWorker, request: Call) -> Any:
        if request.args:
            return returned(request.id, 1, {0: np.zeros(2)}, aliases=(0,))
        return Missing(id=request.id)

    session = opened(once_loaded(answer))
    session.call("double", (np.ones(2),))
    assert (session.last_aliases, len(session.last_changed)) == ((0,), 1)
    fault_of(session)
    assert (session.last_aliases, session.last_changed) == ((), ())


NO_PROTOCOL: dict[str, Callable[[ScriptedWorker, Call], Any]] = {
    "another number": lambda _, request: returned(request.id + 1, 1),
    "ready once more": lambda *_: Ready(),
    "loaded once more": lambda _, request: Loaded(id=request.id),
    "a question where none is allowed": lambda _, request: Asked(
        id=request.id, function="double", args=(), kwargs={}
    ),
    "no message": lambda *_: b"\0\0\0\2\0\0\0\0??",
    "an argument that is no array": lambda _, request: returned(
        request.id, 1, {0: [1.0]}
    ),
    "an argument that there is not": lambda _, request: returned(
        request.id, 1, {7: np.ones(2)}
    ),
}


@pytest.mark.parametrize("answer", NO_PROTOCOL.values(), ids=NO_PROTOCOL)
def test_what_the_protocol_does_not_allow_ends_the_worker_and_is_flagged(
    opened: Open, workers: Workers, answer: Callable[[ScriptedWorker, Call], Any]
) -> None:
    deaths = Deaths()
    session = opened(once_loaded(answer), deaths=deaths)
    fault = fault_of(session, np.ones(2))
    assert (fault.kind, session.broke_protocol) == ("protocol", True)
    assert "the grader's own channel (" not in fault.coarse
    assert "the grader's own channel (" in str(fault)
    assert (deaths.count, workers.last.killed, session.is_alive) == (1, 1, False)


def test_an_answer_to_a_load_that_is_none_breaks_the_protocol(opened: Open) -> None:
    for reply in (
        lambda _, request, __: Missing(id=request.id),
        lambda _, request, __: returned(request.id, 1),
    ):
        session = opened(reply)
        assert fault_of(session).kind == "protocol"


def test_bytes_sent_ahead_are_no_answer(opened: Open, workers: Workers) -> None:
    session = opened()
    session.call("double", (1,))
    workers.last.waiting = b"forged"
    assert "bytes that nobody asked for" in str(fault_of(session, 1))
    assert [w.killed for w in workers.begun] == [1]


def ends(code: int, *, cpu: float = 0.0, lost: bool = False) -> Answers:
    """End at the first call, after so much computing."""

    def answer(worker: ScriptedWorker, _: Call) -> None:
        worker.exit_code, worker.was_lost = code, lost
        worker.cpu_seconds = 10
        worker.cpu += cpu

    return once_loaded(answer)


@pytest.mark.parametrize(("code", "kind"), [(3, "died"), (128 + 9, "memory")])
def test_a_worker_that_ends_is_gone_and_counted(
    opened: Open, workers: Workers, code: int, kind: str
) -> None:
    deaths = Deaths()
    session = opened(ends(code), deaths=deaths)
    assert fault_of(session).kind == kind
    assert (deaths.count, session.is_alive, workers.last.killed) == (1, False, 1)


def test_a_worker_that_was_lost_is_a_fault_of_ours(opened: Open) -> None:
    deaths = Deaths()
    session = opened(ends(0, lost=True), deaths=deaths)
    with pytest.raises(GraderFault, match="ended by nobody's submission"):
        session.call("double")
    assert (deaths.count, session.is_alive) == (0, False)


def test_who_meets_the_kernels_limit_is_told_so(opened: Open) -> None:
    seconds = {"seconds_per_case": 60.0, "seconds_total": 600.0}
    met = fault_of(opened(ends(128 + 9, cpu=9.5), **seconds))
    assert met.kind == "timeout"
    assert "the 10 s of computing time that a program may take" in str(met)
    assert fault_of(opened(ends(128 + 9, cpu=8.5), **seconds)).kind == "memory"


def test_no_worker_is_started_for_who_has_ended_too_many(
    opened: Open, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograder.sandbox.budget.MOST_DEATHS", 2)
    session = opened(once_loaded(lambda *_: None))
    assert [fault_of(session).kind for _ in range(4)] == ["died"] * 4
    assert len(workers.begun) == 2


def test_a_file_that_ends_its_worker_cannot_be_loaded_and_is_not_tried_again(
    opened: Open, workers: Workers
) -> None:
    session = opened(lambda *_: None)
    told = {str(fault_of(session)) for _ in range(3)}
    assert len(told) == len(workers.begun) == 1
    session.begin_question()
    assert fault_of(session).kind == "load"
    assert len(workers.begun) == 1


def test_a_file_that_raises_cannot_be_loaded_and_its_worker_lives(
    opened: Open, workers: Workers
) -> None:
    session = opened(lambda _, request, __: raised(request))
    assert [fault_of(session).kind for _ in range(2)] == ["load", "load"]
    assert len(workers.last.requests) == 1
    assert session.is_alive


def test_whatever_leaves_a_talk_in_the_middle_ends_the_worker(
    opened: Open, workers: Workers
) -> None:
    for error in (KeyboardInterrupt(), MemoryError()):
        session = opened(once_loaded(lambda *_: None))
        session.begin_question()
        workers.answers = once_loaded(interrupts(error))
        with pytest.raises(type(error)):
            session.call("double")
        assert (session.is_alive, workers.last.killed) == (False, 1)
        assert session.seconds_used == 2.0


def interrupts(error: BaseException) -> Callable[[ScriptedWorker, Call], Any]:
    def answer(worker: ScriptedWorker, _: Call) -> None:
        worker.cpu += 2.0
        raise error

    return answer


def test_who_computes_too_long_loses_the_worker_and_is_told(
    opened: Open, workers: Workers
) -> None:
    def answer(worker: ScriptedWorker, _: Call) -> None:
        worker.cpu += 8.0

    session = opened(once_loaded(answer))
    assert "an endless loop?" in str(fault_of(session))
    assert (workers.last.killed, session.seconds_used) == (1, 7.5)
    assert "too slow" in str(fault_of(opened(spends(5.1))))
    assert session.case_seconds == 7.5
    session.begin_case()
    assert session.case_seconds == 0.0


@pytest.mark.parametrize("is_answered", [True, False])
def test_what_a_worker_computes_while_the_grader_was_away_costs_one_case_only(
    opened: Open, *, is_answered: bool
) -> None:
    # As where Ctrl-Z stops the grader, and not the worker, for half an hour.
    def answer(worker: ScriptedWorker, call: Call) -> Any:
        if call.args:
            return returned(call.id, 1)
        worker.cpu += 1800.0
        worker.at += 1800.0
        return returned(call.id, 1) if is_answered else None

    session = opened(once_loaded(answer))
    with pytest.raises(StudentFault) as raised:
        session.call("double")
    assert raised.value.kind == "timeout"
    assert session.seconds_used == 7.5
    session.begin_case()
    assert session.call("double", (1,)) == 1


def test_what_is_left_of_a_submissions_time_bounds_that_too(opened: Open) -> None:
    session = opened(spends(1800.0), seconds_total=6.0)
    assert fault_of(session).kind == "timeout"
    assert session.seconds_used == 6.0
    session.begin_case()
    assert "a whole submission may take" in str(fault_of(session))


def test_a_case_has_a_limit_of_its_own_or_that_of_all(opened: Open) -> None:
    limits = {("q1", "a"): Limit(seconds=9.0)}
    session = opened(spends(6.0), limits=limits, seconds_total=100.0)
    session.begin_case(("q1", "a"))
    assert session.call("double") == 1
    assert session.case_calls == 1
    session.begin_case(("q1", "b"))
    assert fault_of(session).kind == "timeout"
    session.begin_case()
    assert fault_of(session).kind == "timeout"


def test_running_the_file_has_its_own_time_and_counts_for_the_submission(
    opened: Open,
) -> None:
    def answers(worker: ScriptedWorker, request: Any, _: bytes) -> Any:
        worker.cpu += 4.0
        return loaded_or(request, 1)

    session = opened(answers)
    assert session.call("double") == 1
    assert (session.case_seconds, session.seconds_used) == (4.0, 8.0)
    session.charge(11.5)
    assert session.seconds_used == 19.5
    session.begin_case()
    session.call("double")
    for _ in range(2):
        session.begin_case()
        assert str(fault_of(session)) == (
            "the 20 s of computing time that a whole submission may take were used up "
            "before `double` ended"
        )


def test_a_case_may_begin_where_no_worker_is_held(opened: Open) -> None:
    session = opened()
    session.charge(1.0)
    session.begin_case()
    assert session.call("double") == 1


def test_many_slow_calls_are_no_endless_loop(opened: Open) -> None:
    limits = {("q1", "a"): Limit(seconds=1.0, usual=0.05, calls=12)}
    session = opened(spends(0.32), limits=limits)
    session.begin_case(("q1", "a"))
    for _ in range(3):
        session.call("spin")
    told = str(fault_of(session))
    assert told.startswith(
        "`double` is too slow: 3 of 12 calls of this case used up its 1 s of computing "
        "time, so it takes about "
    )
    assert told.endswith("(that is 20 times what a slow but right solution takes)")


def test_a_call_that_ends_late_is_told_how_much_too_slow_it_is(opened: Open) -> None:
    session = opened(spends(1.25), seconds_per_case=1.0)
    assert str(fault_of(session)) == (
        "`double` is too slow: it took 1.25 s of computing time, "
        "1.2 times the 1 s allowed"
    )
    assert session.is_alive


def test_time_aside_is_taken_from_no_case_and_no_submission(
    opened: Open, workers: Workers
) -> None:
    session = opened(spends(3.5), seconds_total=7.5)
    session.call("double")
    workers.last.answers = spends(1.25)
    with session.aside(2.0):
        session.call("double")
        assert (session.seconds_used, session.case_seconds) == (1.25, 1.25)
        assert "2 s of computing time of this case" in fault_of(session).coarse
        asked = len(workers.last.requests)
        fault_of(session)
        assert len(workers.last.requests) == asked, "nobody waits for it any more"
    assert (session.seconds_used, session.case_seconds) == (3.5, 3.5)
    session.call("double")
    assert "5 s of computing time of this case" in fault_of(session).coarse


def test_a_file_that_cannot_be_loaded_aside_may_load_for_a_case(
    opened: Open, workers: Workers
) -> None:
    session = opened(lambda *_: None)
    with session.aside(2.0):
        assert [fault_of(session).kind for _ in range(2)] == ["load", "load"]
        assert len(workers.begun) == 1
    workers.answers = None
    assert session.call("double") == 1


USED = ("numpy.add", "numpy.dot")


def raises_after_use(_: ScriptedWorker, request: Call) -> Raised:
    return raised(request, watched=USED)


def returns_a_set_after_use(_: ScriptedWorker, request: Call) -> Unsupported:
    return Unsupported(id=request.id, what="a set", watched=USED)


@pytest.mark.parametrize("answer", [raises_after_use, returns_a_set_after_use])
def test_what_is_under_review_is_noted_of_a_call_that_failed_too(
    opened: Open, answer: Callable[[ScriptedWorker, Call], Any]
) -> None:
    session = opened(once_loaded(answer))
    session.begin_question(["numpy.add", "numpy.sum"])
    fault_of(session)
    assert session.watched == {"numpy.add"}


def test_what_is_under_review_is_noted_of_each_question_by_itself(
    opened: Open,
) -> None:
    def answers(_: ScriptedWorker, request: Any, __: bytes) -> Any:
        if isinstance(request, Load):
            return Loaded(id=request.id, watched=("numpy.dot",))
        return returned(request.id, 1, watched=USED)

    session = opened(answers)
    seen = []
    for names in (["numpy.add", "numpy.sum"], ["numpy.dot"], []):
        session.begin_question(names)
        session.call("double")
        seen.append(set(session.watched))
    assert seen == [{"numpy.add"}, {"numpy.dot"}, set()]


def test_what_the_file_itself_uses_is_noted(opened: Open) -> None:
    def answers(_: ScriptedWorker, request: Any, __: bytes) -> Any:
        if isinstance(request, Load):
            return Loaded(id=request.id, watched=USED)
        return Missing(id=request.id)

    session = opened(answers)
    session.begin_question(["numpy.dot"])
    fault_of(session)
    assert session.watched == {"numpy.dot"}


def test_what_a_probe_objects_to_is_an_objection_to_the_students_own_function(
    opened: Open,
) -> None:
    session = opened(once_loaded(lambda _, r: raised(r, check="shape")))
    with pytest.raises(StudentObjection, match=r"^`block`: no$") as caught:
        session.probe("checks.layers:rows", [Own("block")], {})
    assert caught.value.kind == "shape"
    session = opened(once_loaded(lambda _, r: raised(r)))
    with pytest.raises(StudentRaised, match="ValueError: no"):
        session.call("double")
    unnamed = opened(once_loaded(lambda _, r: raised(r, check="shape")))
    with pytest.raises(StudentObjection, match=r"^`rows`: no$"):
        unnamed.probe("checks.layers:rows", [1], {})


def test_a_probe_gets_what_it_is_given_by_name(opened: Open, workers: Workers) -> None:
    assert opened().probe("checks.layers:rows", [Own("block")], {"seed": 3}) == 1
    call = workers.last.requests[-1]
    assert isinstance(call, Call)
    assert call.kwargs == {"seed": Packer().add(3)}


def test_the_most_memory_of_all_workers_is_kept_past_their_ends(
    opened: Open, workers: Workers
) -> None:
    session = opened()
    peaks = [session.peak_memory_mib]
    session.call("double")
    peaks.append(session.peak_memory_mib)
    assert peaks == [None, 8.0]
    workers.last.peak = 90.0
    session.close()
    assert session.peak_memory_mib == 90.0
    session.call("double")
    assert session.peak_memory_mib == 90.0


@pytest.mark.parametrize(("seconds", "kept"), [(0.02, 120.0), (0.005, None)])
def test_memory_is_looked_at_before_the_next_case_where_it_may_have_grown(
    opened: Open, workers: Workers, seconds: float, kept: float | None
) -> None:
    def answer(worker: ScriptedWorker, request: Call) -> Any:
        worker.cpu += seconds
        worker.peak = 120.0
        return returned(request.id, 1)

    session = opened(once_loaded(answer))
    session.call("double")
    session.begin_case()
    workers.last.peak = None
    assert session.peak_memory_mib == kept


@pytest.mark.parametrize(("seconds", "kept"), [(0.3, 70.0), (0.01, None)])
def test_memory_is_looked_at_after_a_long_call_only(
    opened: Open, workers: Workers, seconds: float, kept: float | None
) -> None:
    def answer(worker: ScriptedWorker, request: Call) -> Any:
        worker.at += seconds
        worker.peak = 70.0
        return returned(request.id, 1)

    session = opened(once_loaded(answer))
    session.call("double")
    workers.last.peak = None
    assert session.peak_memory_mib == kept


class Right:
    """What the right functions give, and how often a case began."""

    def __init__(self) -> None:
        self.begun = 0
        self.error: Exception | None = None
        self.asking = Asking({"double": StandIn()}, ("spared",), self, self.begin)

    def __call__(self, _: str, args: tuple[Any, ...], __: dict[str, Any]) -> Any:
        if self.error is not None:
            raise self.error
        return 2 * args[0]

    def begin(self) -> None:
        self.begun += 1


def asks(worker: ScriptedWorker, request: Any, part: bytes) -> Any:
    """Ask for the double of 4, and return it."""
    if isinstance(request, Given):
        return returned(request.id, 5)
    if isinstance(request, Call):
        worker.at += 0.25
        packer = Packer()
        args = (packer.add(4),)
        return Asked(id=request.id, function="double", args=args, kwargs={})
    return loaded_or(request, part)


def test_what_a_stand_in_asks_is_answered_in_the_middle_of_the_call(
    opened: Open, workers: Workers
) -> None:
    right = Right()
    session = opened(asks, asking=right.asking)
    session.begin_case()
    assert session.call("quadruple") == 5
    load, call, given = workers.last.requests
    assert isinstance(load, Load)
    assert (load.stand_ins, load.spared) == ({"double": StandIn()}, ("spared",))
    assert isinstance(given, Given)
    assert given.id == call.id
    assert session.replaced == ("double",)
    session.begin_case()
    replaced: list[tuple[str, ...]] = [session.replaced, opened().replaced]
    assert (replaced, right.begun) == ([(), ()], 2)


def test_what_breaks_while_a_stand_in_is_answered_ends_the_worker_that_waits(
    opened: Open, workers: Workers
) -> None:
    right = Right()
    for error in (GraderFault("our reference", "broke"), StudentFault("memory", "no")):
        right.error = error
        session = opened(asks, asking=right.asking)
        with pytest.raises(type(error)):
            session.call("quadruple")
        assert (session.is_alive, workers.last.killed) == (False, 1)
        assert session.broke_protocol is False


def test_a_question_for_what_is_no_stand_in_is_forged(opened: Open) -> None:
    def answer(_: ScriptedWorker, request: Call) -> Any:
        return Asked(id=request.id, function="reference", args=(), kwargs={})

    session = opened(once_loaded(answer), asking=Right().asking)
    assert fault_of(session).kind == "protocol"
    assert session.broke_protocol


def test_a_question_under_another_number_is_forged(opened: Open) -> None:
    def answer(_: ScriptedWorker, request: Call) -> Any:
        tree = Packer().add(4)
        return Asked(id=request.id + 1, function="double", args=(tree,), kwargs={})

    session = opened(once_loaded(answer), asking=Right().asking)
    assert "a question of its own" in str(fault_of(session))
    assert session.broke_protocol


def test_the_time_in_which_we_answer_is_not_the_submissions(
    opened: Open, workers: Workers
) -> None:
    right = Right()
    session = opened(asks, asking=right.asking)

    def slow(*_: Any) -> int:
        workers.last.at += 0.25
        workers.last.cpu += 1.0
        return 8

    right.asking = Asking({"double": StandIn()}, (), slow, right.begin)
    session = opened(asks, asking=right.asking)
    assert session.call("quadruple") == 5
    # What its other threads compute meanwhile counts; that time passes does not.
    assert session._case.spent.cpu == 1.0  # noqa: SLF001 no other way to see it
    assert session._case.spent.wall == 0.25  # noqa: SLF001 as above


def test_frames_are_those_of_the_protocol(opened: Open) -> None:
    """The scripted worker itself: a reply that is cut short is no reply."""
    frame = to_frame(Missing(id=2))
    session = opened(once_loaded(lambda *_: frame[:-1]))
    assert fault_of(session).kind == "died"
