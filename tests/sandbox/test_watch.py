"""How long a worker may go on, told from what is seen of it: a `Watch` in use."""

from typing import Any

import pytest

from autograder.sandbox import process
from autograder.sandbox.process import (
    FIRST,
    SLICE,
    UNEXPLAINED,
    OutOfTimeError,
    Watch,
)
from autograder.sandbox.stopwatch import Allowance, Finding, Sight, Spent


class Seen:
    """A worker of which these sights are had, one after the other."""

    def __init__(self, *sights: Sight) -> None:
        self._sights = iter(sights)

    def glance(self) -> Sight:
        return next(self._sights)


def watch_of(*sights: Sight) -> Watch:
    worker: Any = Seen(*sights)
    return Watch(worker, Allowance.of_cpu(5.0))


def test_while_the_grader_answers_only_what_is_computed_counts() -> None:
    watch = watch_of(
        Sight(at=0.0, cpu=0.0),
        Sight(at=0.2, cpu=0.1),
        Sight(at=0.6, cpu=0.3),
        Sight(at=0.7, cpu=0.3),
    )
    with watch.aside():
        pass
    spent = watch.end()
    assert round(spent.cpu, 9) == 0.3
    assert round(spent.wall, 9) == 0.3
    assert spent.idle == Spent().idle


class Sleeper:
    """A worker that sleeps by a clock of its own, beside a grader that has long run."""

    def __init__(self) -> None:
        self.clock = 100.0

    def monotonic(self) -> float:
        return self.clock

    def glance(self) -> Sight:
        return Sight(at=self.clock, cpu=0.0, is_glance=True)

    def look(self) -> Sight:
        return Sight(at=self.clock, cpu=0.0, queued=30.0, ours=60.0, asleep=True)


@pytest.fixture
def sleeper(monkeypatch: pytest.MonkeyPatch) -> Any:
    sleeper = Sleeper()
    monkeypatch.setattr(process, "time", sleeper)
    return sleeper


def waits(watch: Watch, sleeper: Sleeper, seconds: float) -> None:
    end = sleeper.clock + seconds
    while (left := watch()) < end - sleeper.clock:
        sleeper.clock += left
    sleeper.clock = end


def test_who_sleeps_for_a_moment_in_every_call_is_idle_and_not_kept_from_computing(
    sleeper: Any,
) -> None:
    allowed = Allowance.of_cpu(5.0)
    for _ in range(50):
        watch = Watch(sleeper, allowed)
        waits(watch, sleeper, FIRST + 1.5 * SLICE)
        spent = watch.end()
        assert (round(spent.idle, 6), spent.kept) == (SLICE, 0.0)
        allowed = allowed.without(spent)


def test_who_sleeps_between_questions_is_idle_as_well(sleeper: Any) -> None:
    watch = Watch(sleeper, Allowance.of_cpu(5.0))
    with pytest.raises(OutOfTimeError) as caught:  # noqa: PT012 one question is not all
        while True:
            waits(watch, sleeper, FIRST + 1.5 * SLICE)
            with watch.aside():
                pass
    assert caught.value.finding is Finding.IDLE
    assert watch.spent.kept == 0.0


def test_naps_that_end_before_it_is_time_to_look_are_idle_in_the_end(
    sleeper: Any,
) -> None:
    watch = Watch(sleeper, Allowance.of_cpu(5.0))
    with pytest.raises(OutOfTimeError) as caught:  # noqa: PT012 one question is not all
        for _ in range(10_000):
            waits(watch, sleeper, 0.8 * FIRST)
            with watch.aside():
                pass
    assert caught.value.finding is Finding.IDLE
    assert 10.0 <= watch.spent.wall < 10.0 + 2 * UNEXPLAINED


def test_waits_that_are_too_short_to_be_looked_at_are_nobodys_doing(
    sleeper: Any,
) -> None:
    watch = Watch(sleeper, Allowance.of_cpu(5.0))
    waits(watch, sleeper, FIRST + 0.9 * SLICE)
    spent = watch.end()
    assert (spent.idle, spent.kept) == (0.0, 0.0)
    assert round(spent.wall, 6) == FIRST + 0.9 * SLICE
