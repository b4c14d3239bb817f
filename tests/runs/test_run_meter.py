"""A run's account: what its graders tell, and what the command does itself."""

import time
from collections.abc import Iterator

import pytest

from autograder.grading import meter as meters
from autograder.records.profile import (
    Part,
    Profile,
    ProfiledResult,
    RunProfile,
    Seconds,
)
from autograder.records.results import Result
from autograder.records.submission import Submission
from autograder.runs.run_meter import RunMeter, Unwatched
from graded_class import entry


class Times:
    """All clocks of this process, turned by hand; it computes whenever time passes."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds

    def read(self) -> Seconds:
        return Seconds(cpu=self.seconds, wall=self.seconds)


@pytest.fixture
def times(monkeypatch: pytest.MonkeyPatch) -> Times:
    found = Times()
    for name in ("time", "perf_counter", "process_time"):
        monkeypatch.setattr(time, name, found)
    monkeypatch.setattr(meters, "_now", found.read)
    return found


def graded(
    times: Times, *profiles: Profile | None
) -> Iterator[list[tuple[Submission, Result]]]:
    """Yield a result a profile, each after 10 s; without one where that is None."""
    for profile in profiles:
        times.seconds += 10
        one = entry("a", "1111")
        names = Result.__struct_fields__
        fields = {name: getattr(one.result, name) for name in names}
        result = ProfiledResult(**fields, profile=profile) if profile else one.result
        yield [(one.submission, result)]


def told(grader: str, wall: float, *, born: float = 100.0) -> Profile:
    return Profile(
        grader=grader,
        born=born,
        begun=Seconds(cpu=1.0, wall=2.0),
        parts={Part.STUDENT: Seconds(cpu=3.0, wall=wall)},
    )


def account(times: Times, *profiles: Profile | None) -> RunProfile:
    """Take the results, and store each for a second."""
    watch = RunMeter()
    for ((_, result),) in watch.results(graded(times, *profiles)):
        assert type(result) is Result
        with watch.of(Part.LEDGER):
            times.seconds += 1
    return watch.profile(7)


def test_the_clock_adds_up_to_each_graders_life_and_the_commands_own_work(
    times: Times,
) -> None:
    found = account(times, told("here:1", 4.0), told("here:2", 6.0))
    assert (found.run, found.submissions, found.graders) == (7, 2, 2)
    assert found.seconds == 22.0
    # Two graders were there for 22 s each, the command stored for 2.
    assert found.together.wall == 2 * 22.0 + 2.0
    assert found.parts[Part.START] == Seconds(cpu=2.0, wall=4.0)
    assert found.parts[Part.STUDENT] == Seconds(cpu=6.0, wall=10.0)
    assert found.parts[Part.LEDGER] == Seconds(cpu=2.0, wall=2.0)
    assert found.parts[Part.WAITING] == Seconds(wall=2 * 22.0 - 4.0 - 10.0)


def test_what_the_command_computes_while_it_waits_takes_results(times: Times) -> None:
    found = account(times, told("here:1", 4.0))
    assert found.parts[Part.TRANSFER] == Seconds(cpu=10.0)


def test_a_grader_that_was_there_before_has_not_begun_in_this_run(
    times: Times,
) -> None:
    found = account(times, told("there:1", 4.0, born=50.0))
    assert Part.START not in found.parts
    assert found.parts[Part.WAITING] == Seconds(wall=11.0 - 4.0)


def test_a_grader_that_came_later_has_not_waited_before(times: Times) -> None:
    found = account(times, told("here:1", 4.0), told("here:2", 5.0, born=112.0))
    assert found.parts[Part.WAITING] == Seconds(wall=(22 - 2 - 4) + (10 - 2 - 5))


def test_a_result_without_a_profile_counts_as_a_submission(times: Times) -> None:
    found = account(times, None)
    assert (found.submissions, found.graders) == (1, 0)


def test_who_wants_no_profile_gets_what_came(times: Times) -> None:
    results = graded(times, None)
    with Unwatched().of(Part.LEDGER):
        assert Unwatched().results(results) is results
