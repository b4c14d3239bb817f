"""The account of a worker's time, on made-up sights: no clock and no process."""

from collections.abc import Iterable

import pytest

from autograder.sandbox.stopwatch import (
    LATE,
    WALL_MULTIPLE,
    Allowance,
    Finding,
    Sight,
    Spent,
    between,
)

SLICE = 0.1


def found(
    sights: Iterable[Sight], allowed: Allowance | None = None
) -> tuple[Finding, Spent]:
    """Look at a worker that may compute for 5 s until something is found."""
    allowed = allowed or Allowance.of_cpu(5)
    spent, last = Spent(), Sight(at=0.0, cpu=1.0)
    finding = Finding.GO_ON
    for sight in sights:
        spent += between(last, sight)
        last = sight
        finding = allowed.judge(spent)
        if finding is not Finding.GO_ON:
            break
    return finding, spent


def life(
    *,
    seconds: float,
    computes: float = 0.0,
    queues: float = 0.0,
    grader: float = 0.0,
    asleep: bool = False,
) -> Iterable[Sight]:
    """Give sights of a steady life; the shares are of the clock on the wall."""
    for number in range(1, round(seconds / SLICE) + 1):
        at = number * SLICE
        yield Sight(
            at=at,
            cpu=1.0 + computes * at,
            queued=queues * at,
            ours=grader * at,
            asleep=asleep,
        )


def test_an_endless_loop_ends_by_its_processor_time() -> None:
    finding, spent = found(life(seconds=60, computes=1.0))
    assert finding is Finding.OUT_OF_CPU
    assert spent.cpu == pytest.approx(5.0, abs=2 * SLICE)


def test_an_endless_loop_on_a_busy_machine_has_the_same_processor_time() -> None:
    finding, spent = found(life(seconds=300, computes=0.1, queues=0.9))
    assert finding is Finding.OUT_OF_CPU
    assert spent.cpu == pytest.approx(5.0, abs=2 * SLICE)
    assert spent.wall == pytest.approx(50.0, abs=1.0)


def test_threads_count_together() -> None:
    finding, spent = found(life(seconds=60, computes=4.0))
    assert finding is Finding.OUT_OF_CPU
    assert spent.wall == pytest.approx(1.25, abs=2 * SLICE)


def test_a_busy_thread_beside_a_sleeping_one_is_not_idle() -> None:
    finding, spent = found(life(seconds=60, computes=1.0, asleep=True))
    assert finding is Finding.OUT_OF_CPU
    assert spent.idle == pytest.approx(0.0, abs=1e-6)


def test_sleeping_ends_at_twice_the_processor_time() -> None:
    finding, spent = found(life(seconds=60, asleep=True))
    assert finding is Finding.IDLE
    assert spent.idle == pytest.approx(10.0, abs=2 * SLICE)


def test_sleeping_between_short_work_ends_too() -> None:
    finding, _ = found(life(seconds=60, computes=0.01, asleep=True))
    assert finding is Finding.IDLE


def test_queueing_for_a_processor_is_not_idle_though_it_sleeps_when_looked_at() -> None:
    finding, _ = found(life(seconds=60, computes=0.05, queues=0.95, asleep=True))
    assert finding is Finding.GO_ON


def test_a_grader_that_queues_itself_does_not_make_its_worker_idle() -> None:
    finding, _ = found(life(seconds=60, computes=0.05, grader=0.95, asleep=True))
    assert finding is Finding.GO_ON


def test_what_is_starved_for_very_long_is_open_and_the_machines_doing() -> None:
    finding, spent = found(life(seconds=999, computes=0.01, queues=0.99))
    assert finding is Finding.OPEN
    assert spent.is_the_machines_doing
    assert spent.wall == pytest.approx(5 * WALL_MULTIPLE, abs=1.0)


def test_what_looks_awake_but_never_computes_is_not_the_machines_doing() -> None:
    # A thread that computes just when it is looked at, or one that waits for another
    # as if for a disk.
    finding, spent = found(life(seconds=999, computes=0.02))
    assert finding is Finding.OPEN
    assert not spent.is_the_machines_doing


def test_a_clock_that_nobody_can_read_is_open_and_no_failure() -> None:
    blind = (Sight(at=s.at, cpu=None, asleep=True) for s in life(seconds=999))
    finding, spent = found(blind)
    assert finding is Finding.OPEN
    assert (spent.cpu, spent.idle) == (0.0, 0.0)
    assert spent.is_the_machines_doing


def test_a_grader_that_was_stopped_for_an_hour_blames_nobody() -> None:
    before = Sight(at=0.0, cpu=1.0, asleep=True)
    spent = between(before, Sight(at=3600.0, cpu=1.0, asleep=True))
    assert spent == Spent(cpu=0.0, idle=LATE, wall=LATE, kept=0.0)


def test_a_thread_that_ended_takes_no_queueing_back() -> None:
    before = Sight(at=0.0, cpu=1.0, queued=7.0)
    spent = between(before, Sight(at=0.1, cpu=1.0, queued=0.0, asleep=True))
    assert spent.idle == pytest.approx(0.1)


def test_between_a_glance_and_a_look_nobody_knows_who_waited_for_whom() -> None:
    glance = Sight(at=0.0, cpu=1.0, is_glance=True)
    # What both have queued and computed since they were begun is not of this slice.
    look = Sight(at=0.5, cpu=1.25, queued=7.0, ours=9.0, asleep=True)
    later = Sight(at=0.75, cpu=1.25, is_glance=True)
    assert between(glance, look) == Spent(cpu=0.25, wall=0.5)
    assert between(look, later) == Spent(wall=0.25)


def test_what_is_left_is_what_was_allowed_without_what_was_spent() -> None:
    left = Allowance.of_cpu(5).without(Spent(cpu=1, idle=2, wall=3))
    assert left == Allowance(cpu=4, idle=8, wall=5 * WALL_MULTIPLE - 3)


def test_one_look_counts_half_a_second_at_most_and_keeps_from_no_more() -> None:
    assert LATE == 0.5
    before = Sight(at=0.0, cpu=1.0)
    # Ten threads that queued, or a look that came late: longer than the time itself.
    spent = between(before, Sight(at=0.25, cpu=1.0, queued=2.5))
    assert spent == Spent(wall=0.25, kept=0.25)


def test_time_beyond_an_allowance_is_left_out_and_none_is_given_back() -> None:
    spent = Spent(cpu=3.0, idle=1.0, wall=4.0)
    assert spent.within(Allowance.of_cpu(5)) == spent
    assert spent.within(Allowance.of_cpu(2)).cpu == 2.0
    overdrawn = Allowance(cpu=-1.0, idle=1.0, wall=1.0)
    assert spent.within(overdrawn) == Spent(cpu=0.0, idle=1.0, wall=4.0)
