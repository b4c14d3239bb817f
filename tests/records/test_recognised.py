"""What was recognised is told in the order of the points that it costs."""

from autograder.kinds import Kind
from autograder.records.results import (
    CaseResult,
    Diagnosis,
    QuestionResult,
    Verdict,
    lost_to,
    recognised,
)


def failed(points: float, *names: str) -> CaseResult:
    return CaseResult(
        name=f"case of {points}",
        hidden=False,
        points=points,
        verdict=Verdict.FAILED,
        kind=Kind.VALUE,
        misconceptions=names,
    )


def question(name: str, *cases: CaseResult) -> QuestionResult:
    names = dict.fromkeys(n for case in cases for n in case.misconceptions)
    return QuestionResult(
        name=name,
        title=name,
        score=0,
        possible=sum(case.points for case in cases),
        verdict=Verdict.FAILED,
        cases=cases,
        diagnoses=tuple(Diagnosis(name=n, message=n) for n in names),
    )


def test_the_costliest_comes_first_whatever_its_question() -> None:
    first = question("q1", failed(1, "small"), failed(2, "small", "large"))
    second = question("q2", failed(5, "largest"))
    assert lost_to(first, "small") == 3
    told = [d.name for _, d in recognised([first, second])]
    assert told == ["largest", "small", "large"]
