"""Attacks on the mark, through the whole grader: what they earn in a1_conv1d.

The forging ones only; `test_attacks` has them all, one call at a time.
"""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

import autograder
from autograder.course import assignment as assignments
from autograder.course.assignment import Assignment, Case, load
from autograder.grading.grader import Grader, Job
from autograder.records.results import Result, Verdict
from autograder.sandbox.backends import COLD_START
from handed_in import handed_in

COURSE = Path(autograder.__file__).parents[1]
FORGING = sorted(
    path
    for path in Path(__file__).parents[1].glob("attacks/*_*")
    if 1 <= int(path.name[:2]) <= 10
)
POINTS = 12.0
BESIDE = frozenset({"q1_conv1d", "q2_cross_correlate1d"})
CASES = 3
"""What is asked of a worker that is started cold: so many public and as many hidden
cases of two questions. A start for each failed case is nine tenths of what such an
attack takes, and `test_cold_and_warm` asks all."""

pytestmark = pytest.mark.sandbox


def graded(grader: Grader, source: bytes, only: frozenset[str] | None = None) -> Result:
    submission = handed_in("a1_conv1d.py", source)
    job = Job(
        course=COURSE,
        assignment="a1_conv1d",
        submission=submission,
        secret=b"s",
        seconds_per_case=0.5,
        only=only,
    )
    return grader.grade(job)


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with Grader() as made:
        yield made


@pytest.fixture(scope="module")
def another_grader() -> Iterator[Grader]:
    """One that has not chosen yet how its workers are started."""
    with Grader() as made:
        yield made


@pytest.fixture(scope="module")
def brief_grader() -> Iterator[Grader]:
    """One whose assignment has only the first cases."""
    with Grader() as made:
        yield made


@pytest.fixture
def cold_and_brief(brief_grader: Grader, monkeypatch: pytest.MonkeyPatch) -> Grader:
    monkeypatch.setenv(COLD_START, "1")
    monkeypatch.setattr(assignments, "load", loaded_in_brief)
    return brief_grader


def loaded_in_brief(course: Path, name: str) -> Assignment:
    whole = load(course, name)
    return replace(
        whole, cases={name: first_of(cases) for name, cases in whole.cases.items()}
    )


def first_of(cases: Sequence[Case]) -> tuple[Case, ...]:
    public = [case for case in cases if not case.source.hidden]
    hidden = [case for case in cases if case.source.hidden]
    return (*public[:CASES], *hidden[:CASES])


@pytest.fixture
def cold(another_grader: Grader, monkeypatch: pytest.MonkeyPatch) -> Grader:
    monkeypatch.setenv(COLD_START, "1")
    return another_grader


@pytest.mark.parametrize("folder", FORGING, ids=lambda folder: folder.name)
def test_an_attack_earns_what_its_answers_are_worth(
    folder: Path, grader: Grader
) -> None:
    of_conv1d, *others = scores_of(folder, grader)
    assert of_conv1d < POINTS
    assert others == [0.0] * 10


@pytest.mark.parametrize("folder", FORGING, ids=lambda folder: folder.name)
def test_an_attack_on_a_worker_started_cold_earns_no_more(
    folder: Path, cold_and_brief: Grader
) -> None:
    of_conv1d, of_the_next = scores_of(folder, cold_and_brief, BESIDE)
    assert of_conv1d < loaded_in_brief(COURSE, "a1_conv1d").points("q1_conv1d")
    assert of_the_next == 0.0


def scores_of(
    folder: Path, grader: Grader, only: frozenset[str] | None = None
) -> list[float]:
    """The scores of an attack's questions, which it must not pass."""
    expected = tomllib.loads((folder / "expected.toml").read_text(encoding="utf-8"))
    assert expected["verdict"] == "failed"
    result = graded(grader, (folder / "submission.py").read_bytes(), only)
    assert result.verdict is Verdict.FAILED, result.fault
    return [question.score for question in result.questions]


@pytest.mark.parametrize("start", ["grader", "cold"])
def test_an_honest_answer_beside_them_earns_its_marks(
    start: str, request: pytest.FixtureRequest
) -> None:
    path = COURSE / "solutions/a1_conv1d/variants/loops_and_lists.py"
    made: Grader = request.getfixturevalue(start)
    assert graded(made, path.read_bytes()).score == 100.0
