"""Each moment is one part's: told with clocks that the tests turn."""

from collections.abc import Callable
from typing import Any

import pytest

from autograder.grading.meter import Meter, NoMeter, age, this_process
from autograder.grading.metered_session import MeteredSession, metered_start
from autograder.records.profile import Part, Seconds
from scripted_worker import ScriptedWorker, loaded_or


class Clocks:
    """Both clocks of a thread, turned by hand."""

    def __init__(self) -> None:
        self.cpu = self.wall = 0.0

    def __call__(self) -> Seconds:
        return Seconds(cpu=self.cpu, wall=self.wall)

    def computes(self, seconds: float) -> None:
        self.cpu += seconds
        self.wall += seconds

    def waits(self, seconds: float) -> None:
        self.wall += seconds


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def meter(clocks: Clocks) -> Meter:
    return Meter(clocks)


def both(cpu: float, wall: float) -> Seconds:
    return Seconds(cpu=cpu, wall=wall)


def test_time_is_the_innermost_blocks_and_what_is_in_none_is_other(
    meter: Meter, clocks: Clocks
) -> None:
    clocks.computes(1)
    with meter.of(Part.START):
        clocks.waits(2)
        with meter.of(Part.PICTURES):
            clocks.computes(4)
        clocks.computes(8)
    clocks.waits(16)
    assert meter.spent == {
        Part.OTHER: both(1, 17),
        Part.START: both(8, 10),
        Part.PICTURES: both(4, 4),
    }


def test_tests_that_are_run_for_a_diagnosis_are_a_part_of_it(
    meter: Meter, clocks: Clocks
) -> None:
    with meter.of(Part.REFERENCE):
        clocks.computes(1)
    with meter.of(Part.DIAGNOSIS), meter.of(Part.REFERENCE):
        clocks.computes(2)
    assert meter.spent == {Part.REFERENCE: both(1, 1), Part.DIAGNOSIS: both(2, 2)}


def test_a_time_out_within_a_blocks_end_leaves_no_block_open(
    meter: Meter, clocks: Clocks
) -> None:
    with meter.of(Part.REFERENCE):
        inner = meter.of(Part.PICTURES)
        inner.__enter__()  # and its end never came
    clocks.computes(1)
    assert meter.spent == {Part.OTHER: both(1, 1)}


def test_a_call_is_the_workers_as_far_as_that_computes_and_else_waiting(
    meter: Meter, clocks: Clocks
) -> None:
    worker = iter([10.0, 13.0])
    with meter.of_a_call(lambda: next(worker)):
        clocks.computes(1)  # packs
        clocks.waits(5)  # of which the worker computes 3
    assert meter.spent == {
        Part.TRANSFER: both(1, 1),
        Part.STUDENT: both(3, 3),
        Part.WAITING: both(0, 2),
    }


def test_threads_of_a_worker_compute_more_than_the_clock_goes_on(
    meter: Meter, clocks: Clocks
) -> None:
    worker = iter([0.0, 8.0])
    with meter.of_a_call(lambda: next(worker)):
        clocks.waits(5)
    assert meter.spent == {Part.STUDENT: both(8, 5)}


def test_what_a_stand_in_asks_in_the_middle_of_a_call_is_diagnosis(
    meter: Meter, clocks: Clocks
) -> None:
    student, reference = iter([0.0, 1.0]), iter([0.0, 2.0])
    with meter.of_a_call(lambda: next(student)):
        clocks.waits(1)
        with meter.of_a_call(lambda: next(reference)):
            clocks.waits(2)
    assert meter.spent == {Part.STUDENT: both(1, 1), Part.DIAGNOSIS: both(2, 2)}


def test_what_a_picture_asks_for_is_the_pictures(meter: Meter, clocks: Clocks) -> None:
    worker = iter([0.0, 2.0])
    with meter.of(Part.PICTURES), meter.of_a_call(lambda: next(worker)):
        clocks.computes(1)
        clocks.waits(2)
    assert meter.spent == {Part.PICTURES: both(3, 3)}


def test_a_call_that_fails_is_counted_too(meter: Meter, clocks: Clocks) -> None:
    worker = iter([0.0, 2.0])

    def fails() -> None:
        with meter.of_a_call(lambda: next(worker)):
            clocks.waits(2)
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fails()
    assert meter.spent == {Part.STUDENT: both(2, 2)}


def test_who_is_not_asked_measures_nothing() -> None:
    with NoMeter().of(Part.STUDENT):
        pass
    assert not hasattr(NoMeter(), "spent")


def test_a_process_has_a_name_and_an_age() -> None:
    assert this_process() == this_process()
    assert age() > 0


Opened = Callable[..., MeteredSession]


@pytest.fixture
def opened(meter: Meter, clocks: Clocks) -> Opened:
    """Open a session whose worker takes 1 s to start and half a second a request."""

    def answers(worker: ScriptedWorker, request: Any, _: bytes) -> Any:
        worker.cpu += 0.5
        clocks.waits(0.5)
        return loaded_or(request, 1)

    def start() -> Any:
        clocks.waits(1)
        worker = ScriptedWorker(answers)
        worker.cpu = 0.75
        return worker

    def session(**options: Any) -> MeteredSession:
        return MeteredSession(
            meter,
            metered_start(meter, start),
            "a.py",
            b"",
            seconds_per_case=5.0,
            seconds_total=50.0,
            **options,
        )

    return session


def test_a_metered_session_answers_as_another_and_tells_of_start_and_calls(
    opened: Opened, meter: Meter
) -> None:
    with opened() as session:
        assert session.call("double", [2]) == 1
        assert session.seconds_used == 1.0  # running the file, and the call
    assert meter.spent == {Part.START: both(0.75, 1), Part.STUDENT: both(1, 1)}


def test_calls_that_are_asked_at_once_are_calls_too(
    opened: Opened, meter: Meter
) -> None:
    with opened() as session:
        assert list(session.call_each("double", [(2,), (3,)])) == [1, 1]
        assert session.seconds_used == 1.0  # running the file, and all of the calls
    assert meter.spent == {Part.START: both(0.75, 1), Part.STUDENT: both(1, 1)}


def test_a_probe_is_a_call(opened: Opened, meter: Meter) -> None:
    with opened() as session:
        session.probe("checks.probes:one", [], {})
    assert meter.spent[Part.STUDENT] == both(1, 1)
