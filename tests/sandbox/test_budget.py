import pytest

from autograder.course.costs import Limit
from autograder.errors import GraderFault, StudentFault
from autograder.sandbox.budget import Budget, Deaths, Total
from autograder.sandbox.stopwatch import Allowance, Spent

F = "`conv1d`"


def budget(
    *spent: Spent, limit: Limit | None = None, total: float = 120, calls: int = 0
) -> Budget:
    """Return a budget of 5 s from which some calls have been paid."""
    made = Budget(limit or Limit(seconds=5), Total(Allowance.of_cpu(total)))
    made.calls = calls
    for one in spent:
        made.add(one)
    return made


def told(made: Budget, latest: Spent, *, answered: bool = False) -> str:
    with pytest.raises(StudentFault) as caught:
        made.check(F, latest, answered=answered)
    assert caught.value.kind == "timeout"
    return str(caught.value)


def test_time_that_is_not_used_up_is_nothing_to_tell() -> None:
    latest = Spent(cpu=4.9, idle=9.9, wall=190)
    budget(latest).check(F, latest, answered=False)
    budget(latest).check(F, latest, answered=True)


def test_one_call_that_does_not_end_may_be_an_endless_loop() -> None:
    latest = Spent(cpu=7.5, wall=8)
    wanted = f"{F} took longer than 5 s of computing time: an endless loop?"
    assert told(budget(latest), latest) == wanted


def test_what_a_slow_right_solution_takes_stands_beside_it() -> None:
    latest = Spent(cpu=7.5, wall=8)
    made = budget(latest, limit=Limit(seconds=5, usual=0.2, calls=3))
    assert told(made, latest) == (
        f"{F} took longer than 5 s of computing time (that is 25 times what a slow but "
        "right solution takes): an endless loop?"
    )


def test_a_usual_time_near_nothing_makes_no_absurd_number() -> None:
    latest = Spent(cpu=7.5, wall=8)
    made = budget(latest, limit=Limit(seconds=5, usual=0.0001, calls=3))
    assert "(that is more than 1,000 times what a slow but right" in told(made, latest)


def test_a_call_that_answered_too_late_is_told_by_how_much() -> None:
    latest = Spent(cpu=6.5, wall=60)
    assert told(budget(latest), latest, answered=True) == (
        f"{F} is too slow: it took 6.5 s of computing time, 1.3 times the 5 s allowed"
    )


def test_many_calls_that_end_are_no_endless_loop() -> None:
    ended, latest = Spent(cpu=6.4, wall=60), Spent(cpu=1.1, wall=2)
    made = budget(ended, latest, limit=Limit(seconds=5, usual=0.5, calls=40), calls=10)
    assert told(made, latest) == (
        f"{F} is too slow: 10 of 40 calls of this case used up its 5 s of computing "
        "time, so it takes about 6 times as long as allowed (that is 10 times what a "
        "slow but right solution takes)"
    )
    unmeasured = budget(ended, latest, calls=1)
    assert told(unmeasured, latest) == (
        f"{F} is too slow: 1 call of this case used up its 5 s of computing time"
    )


def test_a_loop_after_quick_calls_is_one_all_the_same() -> None:
    latest = Spent(cpu=7.4, wall=9)
    assert "endless loop?" in told(budget(Spent(cpu=0.1), latest, calls=9), latest)


def test_waiting_is_told_as_waiting() -> None:
    latest = Spent(cpu=0.1, idle=10.0, wall=10.1)
    assert told(budget(latest), latest) == (
        f"{F} waited for 10 s without computing (input(), sleep, a lock?)"
    )


def test_waiting_that_came_to_an_end_costs_nothing() -> None:
    latest = Spent(cpu=0.1, idle=10.0, wall=10.1)
    budget(latest).check(F, latest, answered=True)


def test_the_time_of_the_whole_submission_is_named_as_such() -> None:
    latest = Spent(cpu=3, wall=3)
    assert told(budget(latest, total=3), latest) == (
        "the 3 s of computing time that a whole submission may take were used up "
        f"before {F} ended"
    )
    waited = Spent(idle=8, wall=8)
    assert told(budget(waited, total=4), waited) == (
        f"your submission, last in {F}, waited for 8 s without computing (input(), "
        "sleep, a lock?)"
    )


def test_an_answer_within_its_case_counts_though_it_was_the_last() -> None:
    latest = Spent(cpu=3, wall=3)
    budget(latest, total=3).check(F, latest, answered=True)


def test_what_the_machine_may_have_done_is_the_graders_fault() -> None:
    latest = Spent(cpu=0.3, idle=1.0, wall=200.0, kept=150.0)
    with pytest.raises(GraderFault) as caught:
        budget(latest).check(F, latest, answered=False)
    assert str(caught.value) == (
        "this machine: a worker got 0.3 s of computing time in 200 s: nobody can tell "
        "whether `conv1d` would have ended (grade it again (the next run does) with "
        "fewer --workers, or when the machine has less to do)"
    )


def test_what_nothing_kept_from_computing_has_waited_by_itself() -> None:
    latest = Spent(cpu=5 * 0.9, idle=1.0, wall=200.0, kept=2.0)
    made = budget(latest)
    assert told(made, latest) == (
        f"{F} waited for 200 s without computing (input(), sleep, a lock?)"
    )
    # It is not waited for so long a second time.
    again = Budget(Limit(seconds=5), made.total)
    again.add(latest)
    told(again, latest)
    third = Budget(Limit(seconds=5), made.total)
    assert told(third, Spent()).startswith(f"your submission, last in {F}, waited")


def test_a_hidden_case_is_told_no_measured_time() -> None:
    for calls, answered in ((0, False), (0, True), (9, True)):
        latest = Spent(cpu=7.351, wall=8)
        with pytest.raises(StudentFault) as caught:
            budget(latest, calls=calls).check(F, latest, answered=answered)
        assert caught.value.coarse == (
            f"{F} takes longer than the 5 s of computing time of this case, or never "
            "ends"
        )


def test_a_call_is_ended_after_overtime_or_with_the_submissions_time() -> None:
    assert budget().left.cpu == 7.5
    assert budget(Spent(cpu=1)).left.cpu == 6.5
    assert budget(total=4).left.cpu == 4
    assert budget().left.idle == 10


def test_a_hundred_deaths_are_all_that_a_submission_gets() -> None:
    Deaths(count=99).check()
    with pytest.raises(StudentFault, match="ended in the middle 100 times by") as told:
        Deaths(count=100).check()
    assert told.value.kind == "died"


def test_a_call_may_spend_what_case_and_submission_both_have_left() -> None:
    left = budget(total=4).left
    assert (left.idle, left.wall) == (8, 160)
    assert budget(Spent(idle=3, wall=100)).left.idle == 7
    assert budget(Spent(idle=3, wall=100)).left.wall == 100


def test_more_calls_than_the_slow_right_solution_makes_are_counted_alone() -> None:
    ended, latest = Spent(cpu=6.4, wall=60), Spent(cpu=1.1, wall=2)
    made = budget(ended, latest, limit=Limit(seconds=5, calls=4), calls=10)
    assert told(made, latest) == (
        f"{F} is too slow: 10 calls of this case used up its 5 s of computing time"
    )
