"""What a package is made of, and what it says where something is wrong."""

from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pytest
from otter.test_files import GradingResults

from autograder.course.assignment import load
from autograder.errors import GraderFault, IntakeError, StaffError
from autograder.intake import read_single
from autograder.package.contents import constraints, requirements
from autograder.package.gradescope import results_of, student_of
from autograder.package.otter_plugin import IsolatedGrading
from autograder.records.results import Result, Verdict
from autograder.sandbox import backends


def test_torch_is_asked_for_without_its_gpu_parts() -> None:
    pytest.importorskip("torch")
    lines = [*requirements(("numpy", "torch"), "gradescope")]
    assert lines[0] == "--extra-index-url https://download.pytorch.org/whl/cpu"
    [torch] = [line for line in lines if line.startswith("torch==")]
    assert "+" not in torch  # "+cpu" would not be found on PyPI


def test_otter_is_asked_for_with_what_runs_a_notebook() -> None:
    lines = [*requirements(("numpy",), "otter")]
    assert any(line.startswith("otter-grader[grading]==7.") for line in lines)


def test_where_no_otter_grades_none_is_asked_for() -> None:
    lines = [*requirements(("numpy",), "gradescope")]
    assert any(line.startswith("msgspec==") for line in lines)
    assert not any("otter" in line for line in lines)


def test_all_that_comes_along_has_the_version_that_it_has_here() -> None:
    lines = constraints(["--extra-index-url somewhere", "otter-grader==7.0.0"])
    bound = dict(line.split("==") for line in lines)
    assert list(bound) == sorted(bound)
    assert bound["jupyter-core"] == version("jupyter_core")  # what ipywidgets brings
    assert "+" not in "".join(lines)
    assert "ruff" not in bound


def test_what_an_extra_brings_is_bound_where_the_extra_is_asked_for() -> None:
    assert not any(line.startswith("ipykernel==") for line in constraints(["numpy"]))
    lines = constraints(["otter-grader[grading]==7.0.0", "nosuchpackage==1"])
    assert f"ipykernel=={version('ipykernel')}" in lines
    assert not any(line.startswith("nosuchpackage") for line in lines)


def test_version_of_what_is_not_installed_is_not_made_up() -> None:
    with pytest.raises(StaffError, match="no_such_package: is not installed here"):
        list(requirements(("no_such_package",), "gradescope"))


def test_fault_has_no_rows(course: Path) -> None:
    fault = Result(
        assignment="a0_scale",
        submission_key="s",
        score=None,
        possible=100.0,
        verdict=Verdict.FAULT,
        questions=(),
        graded_at=datetime(2026, 10, 9, tzinfo=UTC),
    )
    with pytest.raises(ValueError, match="a fault has no rows"):
        results_of(fault, load(course, "a0_scale"), "after_published")


@pytest.mark.parametrize("text", [None, "", "  \n", "{}"])
def test_hand_in_of_nobody_known_has_no_student(
    tmp_path: Path, text: str | None
) -> None:
    path = tmp_path / "submission_metadata.json"
    if text is not None:
        path.write_text(text)
    assert student_of(path) is None


def test_otter_that_could_not_finish_reports_no_zero(tmp_path: Path) -> None:
    plugin = IsolatedGrading(str(tmp_path / "a0_scale.py"), {}, {})
    results = GradingResults.without_results(RuntimeError("kernel died"))
    with pytest.raises(GraderFault, match="otter: failed: kernel died"):
        plugin.after_grading(results)


def test_machine_that_does_not_isolate_grades_nothing(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    holes = ["it can write in /tmp", "it runs as root"]
    monkeypatch.setattr(backends, "check_isolation", lambda _: holes)
    with pytest.raises(GraderFault, match="could: it can write in /tmp; it runs as"):
        backends.refuse_where_not_isolated(course, load(course, "a0_scale"))


def test_single_hand_in_may_be_renamed_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "a0_scale (1).py").write_text("x = 1\n")
    read = read_single(tmp_path, file_name="a0_scale.py", student="gradescope-12")
    assert read.files == {"a0_scale.py": b"x = 1\n"}
    assert read.roster_id == "gradescope-12"
    assert "a0_scale (1).py was taken as a0_scale.py" in read.notices[0]


def test_single_hand_in_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match="cannot be read"):
        read_single(tmp_path / "nowhere", file_name="a0_scale.py", student=None)
