"""Attacks on the mark, through the whole grader: what they earn in a1_conv1d.

The forging ones only; `test_attacks` has them all, one call at a time.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import autograder
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

pytestmark = pytest.mark.sandbox


def graded(grader: Grader, source: bytes) -> Result:
    submission = handed_in("a1_conv1d.py", source)
    job = Job(
        course=COURSE,
        assignment="a1_conv1d",
        submission=submission,
        secret=b"s",
        seconds_per_case=1.0,
    )
    return grader.grade(job)


@pytest.fixture(params=["forked", "cold"])
def grader(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Grader]:
    if request.param == "cold":
        monkeypatch.setenv(COLD_START, "1")
    with Grader() as made:
        yield made


@pytest.mark.parametrize("folder", FORGING, ids=lambda folder: folder.name)
def test_an_attack_earns_what_its_answers_are_worth(
    folder: Path, grader: Grader
) -> None:
    expected = tomllib.loads((folder / "expected.toml").read_text(encoding="utf-8"))
    result = graded(grader, (folder / "submission.py").read_bytes())
    assert expected["verdict"] == "failed"
    assert result.verdict is Verdict.FAILED, result.fault
    of_conv1d, *others = (question.score for question in result.questions)
    assert of_conv1d < POINTS
    assert others == [0.0] * 10


def test_an_honest_answer_beside_them_earns_its_marks(grader: Grader) -> None:
    path = COURSE / "solutions/a1_conv1d/variants/loops_and_lists.py"
    assert graded(grader, path.read_bytes()).score == 100.0
