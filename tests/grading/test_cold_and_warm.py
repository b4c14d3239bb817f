"""A mark is the same to the byte, whether workers are started cold or forked."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import msgspec
import pytest

import autograder
from autograder.grading.grader import Grader, Job
from autograder.intake import read_submissions
from autograder.intake.roster import read_roster
from autograder.records.results import Result
from autograder.records.submission import Submission
from autograder.sandbox.backends import COLD_START
from handed_in import handed_in

COURSE = Path(autograder.__file__).parents[1]
EVERY = 6
"""One submission of so many of the sample class: cold starts take their time."""
OF_THE_MOMENT = frozenset(
    {"graded_at", "wall_seconds", "cpu_seconds", "peak_memory_mib", "isolation"}
)

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]


@pytest.fixture(scope="module")
def sample_class(tmp_path_factory: pytest.TempPathFactory) -> list[Submission]:
    spec = spec_from_file_location("make_class", COURSE / "examples/make_class.py")
    assert spec is not None
    assert spec.loader is not None
    made = module_from_spec(spec)
    sys.modules["make_class"] = made  # a dataclass looks its own module up
    spec.loader.exec_module(made)
    folder = tmp_path_factory.mktemp("sample")
    made.make_class(folder)
    intake = read_submissions(
        folder / "submissions.zip",
        file_name="a1_conv1d.py",
        roster=read_roster(folder / "roster.csv"),
    )
    return [*intake.submissions][::EVERY]


def test_the_sample_class_has_the_same_results_cold_and_warm(
    sample_class: list[Submission], monkeypatch: pytest.MonkeyPatch
) -> None:
    warm = [lasting(result) for result in results("a1_conv1d", sample_class)]
    monkeypatch.setenv(COLD_START, "1")
    cold = [lasting(result) for result in results("a1_conv1d", sample_class)]
    assert warm == cold
    assert len({one["score"] for one in warm}) > 2, "they are too much alike"


@pytest.mark.torch
def test_training_in_a_forked_worker_gives_the_same_results(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = (COURSE / "solutions/a4_cnn/reference.py").read_bytes()
    submission = handed_in("a4_cnn.py", source)
    [warm] = results("a4_cnn", [submission])
    monkeypatch.setenv(COLD_START, "1")
    [cold] = results("a4_cnn", [submission])
    assert lasting(warm) == lasting(cold)
    assert warm.score == 100


def results(assignment: str, submissions: list[Submission]) -> list[Result]:
    with Grader() as grader:
        return [
            grader.grade(
                Job(
                    course=COURSE,
                    assignment=assignment,
                    submission=submission,
                    secret=b"s",
                )
            )
            for submission in submissions
        ]


def lasting(result: Result) -> Any:
    """Return all of a result that is not of the moment it was made in."""

    def kept(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: kept(v) for k, v in value.items() if k not in OF_THE_MOMENT}
        return [*map(kept, value)] if isinstance(value, list) else value

    return kept(msgspec.json.decode(msgspec.json.encode(result)))
