"""Records of cases to passed or failed, without running anything."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from autograder.course.assignment import Case, Question
from autograder.course.cases import CaseSource
from autograder.grading.case_record import CaseRecord, Failure
from autograder.grading.judge import judge
from autograder.grading.proxy import Call, Outcome
from autograder.kinds import Kind
from autograder.records.pictures import LeftOut
from autograder.records.results import CaseResult, Verdict
from autograder.worker.values import Own

QUESTION = Question(name="q2_pad", title="Pad", functions=("pad", "trim"))
WRONG = Failure(
    kind=Kind.VALUE,
    message="expected 2, got 1",
    coarse="values differ",
    expected=np.array([2.0, 3.0]),
    actual=np.array([1.0, 3.0]),
)


def record(name: str, *calls: Call, **changes: Any) -> CaseRecord:
    hidden = changes.pop("hidden", False)
    source = CaseSource(
        name=name,
        function="test",
        points=2.0,
        hidden=hidden,
        path=Path("q2_pad.py"),
        line=1,
    )
    case = Case(source, function=lambda: None)  # type: ignore[arg-type] # a function
    return CaseRecord(case=case, seed=7, calls=calls, **changes)


def gave(value: Any = 1, function: str = "pad", **changes: Any) -> Call:
    return Call(function, ([1, 2],), {}, Outcome(value, **changes))


def raised(error: str = "ValueError", function: str = "pad") -> Call:
    return Call(function, ([1, 2],), {}, Outcome(error=error))


def judged(*records: CaseRecord) -> list[CaseResult]:
    return list(judge("a1_conv1d", QUESTION, records))


def kinds(*records: CaseRecord) -> list[Kind]:
    return [result.kind for result in judged(*records)]


def test_a_case_that_held_passes_with_what_its_test_noted() -> None:
    (result,) = judged(record("one", gave(), remarks=("fast", "a view")))
    assert (result.kind, result.verdict) == (Kind.PASSED, Verdict.PASSED)
    assert result.message == "fast\na view"


def test_a_public_failure_shows_the_call_both_sides_and_how_to_run_it() -> None:
    (result,) = judged(record("one", gave(), failure=WRONG))
    assert result.kind is Kind.VALUE
    assert result.message == "pad([1, 2])\nexpected 2, got 1"
    assert result.replay == 'pytest a1_conv1d -k "q2_pad" --seed 7'
    assert result.comparison is not None
    assert result.comparison.actual == (1.0, 3.0)


def test_a_hidden_failure_shows_no_value() -> None:
    (result,) = judged(record("one", gave(), failure=WRONG, hidden=True))
    assert (result.message, result.replay, result.comparison) == (
        "values differ",
        "",
        None,
    )


def test_an_error_alone_earns_nothing() -> None:
    (alone,) = judged(record("refuses", raised()))
    assert (alone.kind, alone.verdict) == (Kind.ONLY_RAISES, Verdict.FAILED)
    assert "`pad` gave no right answer in this question" in alone.message


def test_an_error_beside_a_right_answer_of_the_same_function_counts() -> None:
    refuses, right = record("refuses", raised()), record("right", gave())
    assert kinds(refuses, right) == [Kind.PASSED, Kind.PASSED]
    other = record("right", gave(function="trim"))
    assert kinds(refuses, other) == [Kind.ONLY_RAISES, Kind.PASSED]
    wrong = record("wrong", gave(), failure=WRONG)
    assert kinds(refuses, wrong) == [Kind.ONLY_RAISES, Kind.VALUE]
    both = record("both in one", gave(), raised())
    assert kinds(both) == [Kind.ONLY_RAISES]
    assert kinds(both, right) == [Kind.PASSED, Kind.PASSED]


def test_an_error_of_an_earlier_function_asks_for_nothing() -> None:
    assert kinds(record("refuses", raised(function="earlier"))) == [Kind.PASSED]


def test_what_a_probe_ran_is_the_function_that_it_was_given() -> None:
    def probed(*names: str, error: str = "") -> Call:
        own = tuple(map(Own, names))
        return Call("checks.blocks:built", own, {}, Outcome(0, error=error))

    refuses = record("refuses", probed("pad", error="ValueError"))
    assert kinds(refuses) == [Kind.ONLY_RAISES]
    assert kinds(refuses, record("right", probed("pad")))[0] is Kind.PASSED


def test_a_changed_input_is_told_first() -> None:
    (result,) = judged(record("one", gave(changed=(0,)), failure=WRONG))
    assert result.kind is Kind.INPUT_CHANGED
    assert "changed its argument number 1" in result.message
    hidden = record("one", gave(changed=(0,)), failure=WRONG, hidden=True)
    (result,) = judged(hidden)
    assert result.message == "your function changed its input: work on a copy"


SECOND = record("one", gave(), replaced=("double", "halve"), wall_seconds=2.0)


def test_a_case_that_held_with_right_earlier_functions_is_carried() -> None:
    first = record("one", gave(0), failure=WRONG, wall_seconds=1.0)
    (result,) = judged(replace(first, again=SECOND))
    assert (result.kind, result.verdict) == (Kind.CARRIED, Verdict.PASSED)
    said = "counted with a working `double` and `halve` in the place of yours"
    assert result.message == said
    assert result.carried_from == "double, halve"
    assert result.wall_seconds == 3.0


def test_a_second_run_in_which_nothing_was_replaced_does_not_count() -> None:
    first = record("one", gave(0), failure=WRONG)
    again = replace(SECOND, replaced=())
    assert kinds(replace(first, again=again)) == [Kind.VALUE]


def test_what_was_never_run_the_first_time_counts_as_it_stands() -> None:
    again = replace(SECOND, replaced=(), remarks=("fast",))
    first = record("one", failure=WRONG, was_run=False, again=again)
    (result,) = judged(first)
    assert (result.kind, result.message) == (Kind.PASSED, "fast")
    assert result.carried_from == ""


def test_what_fails_twice_says_that_the_mistake_is_its_own_too() -> None:
    again = replace(SECOND, failure=WRONG)
    (result,) = judged(record("one", gave(0), failure=WRONG, again=again))
    assert result.message.endswith(
        "(with our `double` and `halve` in the place of yours it is not right either)"
    )


def test_an_error_carried_alone_earns_nothing_either() -> None:
    again = replace(SECOND, calls=(raised(),))
    first = record("refuses", gave(0), failure=WRONG, again=again)
    assert kinds(first) == [Kind.ONLY_RAISES]
    right = record("right", gave(0), failure=WRONG, again=SECOND)
    assert kinds(first, right) == [Kind.CARRIED, Kind.CARRIED]


def test_a_result_has_all_that_its_record_says() -> None:
    failed = record(
        "one", gave(0), failure=WRONG, wall_seconds=1.0, cpu_seconds=0.5, hidden=True
    )
    again = replace(SECOND, failure=WRONG, wall_seconds=2.0, cpu_seconds=0.25)
    (once,), (twice,) = judged(failed), judged(replace(failed, again=again))
    assert (once.name, once.points, once.hidden) == ("one", 2.0, True)
    assert (once.wall_seconds, once.cpu_seconds) == (1.0, 0.5)
    assert (twice.wall_seconds, twice.cpu_seconds) == (3.0, 0.75)
    picture = LeftOut(kind="kernels", why="too large")
    (shown,) = judged(record("two", gave(), pictures=(picture,)))
    assert shown.pictures == (picture,)
    assert not shown.hidden


def test_remarks_of_the_run_that_counts_stand_below_what_was_replaced() -> None:
    again = replace(SECOND, remarks=("fast",))
    (result,) = judged(record("one", gave(0), failure=WRONG, again=again))
    assert result.message.splitlines() == [
        "counted with a working `double` and `halve` in the place of yours",
        "fast",
    ]


def test_a_call_that_was_never_made_is_neither_shown_nor_run_again() -> None:
    missing = Failure(kind=Kind.MISSING, message="there is no pad", coarse="no pad")
    (result,) = judged(record("one", gave(), failure=missing))
    assert (result.message, result.replay) == ("there is no pad", "")
    slow = Failure(kind=Kind.TIMEOUT, message="took too long", coarse="too long")
    (result,) = judged(record("one", gave(1), gave(2), failure=slow))
    assert result.message == "pad([1, 2])\ntook too long"
    assert result.replay
    (result,) = judged(record("one", failure=slow))
    assert result.message == "took too long"


def test_only_an_answer_may_be_wrong_because_of_a_changed_input() -> None:
    slow = Failure(kind=Kind.TIMEOUT, message="took too long", coarse="too long")
    assert kinds(record("one", gave(changed=(0,)), failure=slow)) == [Kind.TIMEOUT]
    (result,) = judged(
        record("one", gave(), gave(changed=(1, 0)), failure=WRONG, hidden=True)
    )
    said = "your function changed its input: work on a copy"
    assert (result.kind, result.message) == (Kind.INPUT_CHANGED, said)
    (public,) = judged(record("one", gave(), gave(changed=(1, 0)), failure=WRONG))
    assert public.message.endswith("changed its argument number 2: work on a copy")
    assert public.comparison is None


def test_what_fails_twice_with_nothing_replaced_is_not_told_twice() -> None:
    again = replace(SECOND, failure=WRONG, replaced=())
    (result,) = judged(record("one", failure=WRONG, hidden=True, again=again))
    assert result.message == "values differ"


def test_every_function_that_only_raises_is_named_in_order() -> None:
    both = record("refuses", raised(function="trim"), raised())
    (result,) = judged(both)
    assert "`pad` and `trim` gave no right answer" in result.message
    assert kinds(both, record("right", gave())) == [Kind.ONLY_RAISES, Kind.PASSED]
