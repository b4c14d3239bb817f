"""Two results are one where score, flags and every case came out alike."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from autograder.kinds import Kind
from autograder.records.results import (
    CaseResult,
    QuestionResult,
    Result,
    Verdict,
    cases_of,
    kept,
    lost_to,
    outcome_of,
    same_outcome,
)

CASE = CaseResult(
    name="one",
    hidden=False,
    points=2.0,
    verdict=Verdict.FAILED,
    kind=Kind.VALUE,
    misconceptions=("squared",),
)
QUESTION = QuestionResult(
    name="q1",
    title="Twice",
    score=0.0,
    possible=2.0,
    verdict=Verdict.FAILED,
    cases=(CASE,),
)
RESULT = Result(
    assignment="a0_scale",
    submission_key="s",
    score=0.0,
    possible=2.0,
    verdict=Verdict.FAILED,
    questions=(QUESTION,),
    graded_at=datetime(2026, 11, 23, tzinfo=UTC),
)


def with_case(**changes: Any) -> Result:
    case = msgspec.structs.replace(CASE, **changes)
    question = msgspec.structs.replace(QUESTION, cases=(case,))
    return msgspec.structs.replace(RESULT, questions=(question,))


@pytest.mark.parametrize(
    "other",
    [
        msgspec.structs.replace(RESULT, score=1.0),
        msgspec.structs.replace(RESULT, possible=3.0),
        msgspec.structs.replace(RESULT, flags=("q1: calls numpy.add",)),
        msgspec.structs.replace(RESULT, questions=()),
        with_case(verdict=Verdict.PASSED),
        with_case(points=1.0),
        with_case(kind=Kind.SHAPE),
        with_case(name="two"),
        None,
    ],
)
def test_another_score_flag_or_outcome_of_a_case_is_another_outcome(
    other: Result | None,
) -> None:
    assert not same_outcome(other, RESULT)


def test_words_pictures_and_times_are_no_outcome() -> None:
    worded = with_case(message="expected 2", wall_seconds=3.0, cpu_seconds=1.0)
    later = msgspec.structs.replace(
        worded, graded_at=datetime(2027, 1, 1, tzinfo=UTC), notices=("kept",)
    )
    assert same_outcome(RESULT, later)


def test_a_case_has_its_place_in_its_question() -> None:
    assert cases_of(RESULT) == {("q1", "one"): CASE}
    assert outcome_of(CASE) == (Verdict.FAILED, 2.0, Kind.VALUE)
    assert outcome_of(None) == ()


def test_a_name_costs_the_points_of_the_failed_cases_that_it_explains() -> None:
    cases = (
        CASE,
        msgspec.structs.replace(CASE, name="two", verdict=Verdict.PASSED),
        msgspec.structs.replace(CASE, name="three", misconceptions=()),
        msgspec.structs.replace(CASE, name="four", points=0.5),
    )
    question = msgspec.structs.replace(QUESTION, cases=cases)
    assert lost_to(question, "squared") == 2.5
    assert lost_to(question, "halved") == 0.0


def test_a_number_that_is_not_finite_has_a_word() -> None:
    words = [kept(float(n)) for n in ("nan", "inf", "-inf")]
    assert words == ["nan", "inf", "-inf"]
    assert kept(-1.5) == -1.5
