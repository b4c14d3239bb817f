"""Every attack of ``attacks/grading`` through the whole grader, and who came after it.

What these submissions try is not to leave the sandbox (`test_attacks` has those) but to
harm whoever reads their answers. A folder holds ``submission.py`` and
``expected.toml``:

    about = what it tries       threats = numbers of the threat list
    defence = what stops it     score = what the work in it is worth
    kinds = the outcomes of its cases, without those that passed
    assignment = "a0_scale", the small one of these tests, or another one
    seconds = for a case        flagged = a person is told; "warm": where workers are
        forked, so that a question may be asked once more
    fill, times = a text that the word FILL stands for, so many times over
    cold_score = where one worker serves all questions (``AUTOGRADER_COLD_START=1``):
        what it does to its worker then costs the questions behind as well

Whatever it does, it is no fault, nothing is printed, its result can be kept, its page
can be drawn, and the honest submission that the same grader gets next has full marks.
"""

import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

import autograder
from attack_folders import source_of
from autograder.grading.grader import Grader, Job
from autograder.marks.deadlines import Terms
from autograder.records.results import Result, Verdict
from autograder.records.submission import Submission
from autograder.reports import student_report
from autograder.sandbox.backends import COLD_START
from conftest import written_course

COURSE = Path(autograder.__file__).parents[1]
ATTACKS = sorted((Path(__file__).parents[1] / "attacks/grading").iterdir())
AT_LEAST = 60
SECONDS = 2.0
HONEST = b"""
def double(values):
    return [2 * v for v in values]


def quadruple(values):
    return [4 * v for v in values]
"""

pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written_course(tmp_path_factory.mktemp("graded") / "course")


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with Grader() as grader:
        yield grader


def submitted(assignment: str, source: bytes) -> Submission:
    return Submission(
        key="s-1",
        lms_id="",
        student_name="Zoë Doe",
        roster_id="0012",
        attempt=1,
        submitted_at=None,
        files={f"{assignment}.py": source},
    )


def graded(
    grader: Grader, small: Path, source: bytes, expected: dict[str, Any]
) -> Result:
    assignment = expected.get("assignment", "a0_scale")
    job = Job(
        course=small if assignment == "a0_scale" else COURSE,
        assignment=assignment,
        submission=submitted(assignment, source),
        secret=b"s" * 32,
        seconds_per_case=expected.get("seconds", SECONDS),
    )
    return grader.grade(job)


def expected_of(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "expected.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("folder", ATTACKS, ids=lambda folder: folder.name)
def test_an_attack_on_the_grader_costs_its_own_marks_only(
    folder: Path, grader: Grader, small: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    expected = expected_of(folder)
    source = source_of(folder)

    result = graded(grader, small, source, expected)

    cases = [case for question in result.questions for case in question.cases]
    assert result.verdict is Verdict.FAILED, result.fault
    is_cold = os.environ.get(COLD_START) == "1"
    score = expected["score"]
    assert result.score == (expected.get("cold_score", score) if is_cold else score)
    failed = {case.kind.value for case in cases if case.verdict is Verdict.FAILED}
    assert sorted(failed) == expected["kinds"]
    # How many known mistakes are tried is a matter of time, and of no one submission.
    flags = [flag for flag in result.flags if "known mistake" not in flag]
    told = expected.get("flagged", False)
    assert bool(flags) == (not is_cold if told == "warm" else told), flags

    kept = msgspec.json.decode(msgspec.json.encode(result), type=Result)
    page = student_report.render(
        submitted("a0_scale", b""), kept, title="Scaling", terms=Terms()
    )
    assert not re.search(r"<script|<img(?! class=\"plot\")|onerror=|\x1b|\u202e", page)
    assert max(len(case.message) for case in cases) < 5000
    assert capfd.readouterr() == ("", "")

    assert graded(grader, small, HONEST, {}).score == 100


def test_an_attack_is_worth_no_more_where_workers_are_started_cold() -> None:
    for expected in map(expected_of, ATTACKS):
        assert expected.get("cold_score", 0) <= expected["score"]


def test_attacks_are_many_and_tell_what_they_try() -> None:
    assert len(ATTACKS) >= AT_LEAST
    for folder in ATTACKS:
        expected = expected_of(folder)
        assert expected["about"], folder
        assert expected["defence"], folder
        assert int(folder.name.partition("_")[0]) in expected["threats"]


def test_attacks_cover_the_threats_that_concern_the_trusted_side() -> None:
    covered = {n for folder in ATTACKS for n in expected_of(folder)["threats"]}
    # 42 belongs to intake, 44 to the sandbox.
    assert covered >= set(range(36, 46)) - {42, 44}
