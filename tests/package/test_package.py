"""Packages, unpacked where they are to grade and run from end to end."""

import json
import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result

from autograder.cli import main
from autograder.sandbox.landlock_backend import unavailable
from conftest import Edit
from packaged_layouts import AS_IN_DOCKER, lay_out, results, run
from patience import PATIENCE_SECONDS

RIGHT = (
    "def double(values):\n    return [2 * v for v in values]\n"
    "def quadruple(values):\n    return double(double(values))\n"
)
SQUARE = RIGHT.replace("2 * v", "v * v")
SCHEMA = json.loads(
    Path(__file__).with_name("gradescope_results.schema.json").read_text()
)


def package(course: Path, out: Path, *more: str, target: str = "gradescope") -> Result:
    line = ["package", "a0_scale", "--course", str(course), "--out", str(out)]
    return CliRunner().invoke(main, [*line, "--for", target, *more])


@pytest.fixture
def zipped(course: Path, tmp_path: Path) -> Path:
    """The package of the small course, for Gradescope."""
    out = tmp_path / "package.zip"
    made = package(course, out)
    assert made.exit_code == 0, made.output
    return out


def test_zip_has_both_scripts_at_its_root_and_they_are_executable(zipped: Path) -> None:
    with zipfile.ZipFile(zipped) as archive:
        modes = {i.filename: i.external_attr >> 16 for i in archive.infolist()}
    for script in ("setup.sh", "run_autograder"):
        assert stat.S_IMODE(modes[script]) == 0o755
    assert "files/course/solutions/a0_scale/reference.py" in modes
    assert not any("variants" in name or "__pycache__" in name for name in modes)


@pytest.mark.parametrize("target", ["gradescope", "otter"])
def test_scripts_are_valid_bash(course: Path, tmp_path: Path, target: str) -> None:
    package(course, tmp_path / "p.zip", target=target)
    with zipfile.ZipFile(tmp_path / "p.zip") as archive:
        for script in ("setup.sh", "run_autograder"):
            subprocess.run(["/bin/bash", "-n"], input=archive.read(script), check=True)


def test_requirements_are_what_is_installed_here(zipped: Path) -> None:
    import numpy as np  # noqa: PLC0415 its version alone is of interest

    with zipfile.ZipFile(zipped) as archive:
        lines = archive.read("requirements.txt").decode().splitlines()
        bound = archive.read("constraints.txt").decode().splitlines()
    assert f"numpy=={np.__version__}" in lines
    assert all("==" in line for line in lines)
    assert {*lines} < {*bound}
    assert not any(line.startswith(("pytest", "ruff", "torch")) for line in lines)


def test_package_is_for_its_owner_alone_to_read(zipped: Path) -> None:
    assert stat.S_IMODE(zipped.stat().st_mode) == 0o600


def test_second_package_keeps_the_secret_of_the_first(
    course: Path, zipped: Path, tmp_path: Path, edit: Edit
) -> None:
    first = secret(zipped)
    edit("solutions/a0_scale/tests/q1_double.py", "size=5", "size=6")
    assert package(course, zipped).exit_code == 0
    assert secret(zipped) == first
    assert package(course, tmp_path / "other.zip").exit_code == 0
    assert secret(tmp_path / "other.zip") != first


def secret(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return str(json.loads(archive.read("files/package.json"))["secret"])


def test_file_that_is_no_package_is_never_written_over(
    course: Path, tmp_path: Path
) -> None:
    (tmp_path / "thesis.zip").write_text("ten years of work")
    run = package(course, tmp_path / "thesis.zip")
    assert run.exit_code == 1
    assert "thesis.zip: is there and is no package" in run.stderr
    assert (tmp_path / "thesis.zip").read_text() == "ten years of work"


@pytest.mark.parametrize("secret", ["", "00", "no number", "00" * 31 + "0"])
def test_a_package_with_half_a_secret_is_never_written_over(
    course: Path, tmp_path: Path, secret: str
) -> None:
    before = {"assignment": "a0_scale", "secret": secret, "hidden_cases": "hidden"}
    with zipfile.ZipFile(tmp_path / "old.zip", "w") as archive:
        archive.writestr("files/package.json", json.dumps(before))
    run = package(course, tmp_path / "old.zip")
    assert run.exit_code == 1
    assert "matching regex" in run.stderr


@pytest.mark.sandbox
def test_gradescope_gets_a_row_a_case_with_points_and_visibility(
    zipped: Path, tmp_path: Path
) -> None:
    root = lay_out(tmp_path / "autograder", zipped, {"a0_scale.py": SQUARE})
    said = run(root)
    assert said.returncode == 0, said.stdout + said.stderr
    written = results(root)
    jsonschema.validate(written, SCHEMA)
    rows = {
        row["number"]: (row["score"], row["max_score"], row["visibility"])
        for row in written["tests"]
    }
    # (1, 2) gives (1, 4); (1, 3) gives (1, 81), which is wrong, but carried forward.
    assert rows == {
        "1.1": (0, 30, "visible"),
        "1.2": (0, 30, "after_published"),
        "2.1": (20, 20, "visible"),
        "2.2": (20, 20, "after_published"),
    }
    first = written["tests"][0]
    assert first["name"] == "Twice: one and two"
    assert first["status"] == "failed"
    assert (
        "Your output is the square of the input. (README.md#twice)" in first["output"]
    )
    assert "--seed " in first["output"]
    assert written["stdout_visibility"] == "hidden"
    assert "graded: 40 of 100" in said.stdout


@pytest.mark.sandbox
def test_hidden_rows_tell_neither_inputs_nor_how_to_replay(
    course: Path, tmp_path: Path
) -> None:
    package(course, tmp_path / "p.zip", "--hidden-cases", "hidden")
    files = {"a0_scale.py": SQUARE}
    root = lay_out(tmp_path / "autograder", tmp_path / "p.zip", files)
    assert run(root).returncode == 0
    hidden = [r for r in results(root)["tests"] if r["visibility"] == "hidden"]
    assert len(hidden) == 2
    assert not any("CHECK_SEED" in r["output"] or "[" in r["output"] for r in hidden)


@pytest.mark.sandbox
def test_nothing_handed_in_is_told_and_earns_nothing(
    zipped: Path, tmp_path: Path
) -> None:
    root = lay_out(tmp_path / "autograder", zipped, {"notes.txt": "sorry"})
    assert run(root).returncode == 0
    written = results(root)
    jsonschema.validate(written, SCHEMA)
    assert {row["score"] for row in written["tests"]} == {0}
    assert "there is no a0_scale.py in what was handed in" in written["output"]


@pytest.mark.sandbox
def test_members_of_a_group_get_the_same_inputs_in_any_order(
    zipped: Path, tmp_path: Path
) -> None:
    replays = []
    for number, reverse in enumerate((False, True)):
        root = lay_out(tmp_path / str(number), zipped, {"a0_scale.py": SQUARE})
        metadata = json.loads((root / "submission_metadata.json").read_text())
        metadata["users"].sort(key=lambda user: user["id"], reverse=reverse)
        (root / "submission_metadata.json").write_text(json.dumps(metadata))
        assert run(root).returncode == 0
        replays.append(results(root)["tests"][0]["output"].rpartition("CHECK_SEED")[2])
    assert replays[0] == replays[1] != ""


@pytest.mark.sandbox
@pytest.mark.skipif(bool(unavailable()), reason=unavailable())
def test_root_of_a_container_grades_the_same_under_landlock(
    zipped: Path, tmp_path: Path
) -> None:
    root = lay_out(tmp_path / "autograder", zipped, {"a0_scale.py": SQUARE})
    said = run(root, *AS_IN_DOCKER)
    assert said.returncode == 0, said.stdout + said.stderr
    assert [row["score"] for row in results(root)["tests"]] == [0, 0, 20, 20]
    assert "Landlock" in said.stdout


def fails_without_a_score(root: Path) -> str:
    (root / "results/results.json").write_text('{"score": 100}')
    said = run(root)
    assert said.returncode == 1
    assert not (root / "results/results.json").exists()
    assert "was not graded, and that is not the student's doing" in said.stdout
    return said.stdout


@pytest.mark.sandbox
def test_broken_test_gives_no_score_and_says_where(
    course: Path, tmp_path: Path, edit: Edit
) -> None:
    name = "assignments/a0_scale/tests/q1_double.py"
    edit(name, "    close(double([1, 2]), [2, 4])", "    len(None)")
    package(course, tmp_path / "p.zip")
    files = {"a0_scale.py": RIGHT}
    root = lay_out(tmp_path / "autograder", tmp_path / "p.zip", files)
    said = fails_without_a_score(root)
    assert "q1_double.py:" in said
    assert "the test itself broke" in said


def test_two_files_that_could_be_meant_give_no_score(
    zipped: Path, tmp_path: Path
) -> None:
    files = {"one.py": RIGHT, "two.py": SQUARE}
    said = fails_without_a_score(lay_out(tmp_path / "autograder", zipped, files))
    assert "which file is meant is not clear: one.py, two.py" in said
    assert "hand in a0_scale.py again" in said


def test_package_without_its_manifest_gives_no_score(
    zipped: Path, tmp_path: Path
) -> None:
    root = lay_out(tmp_path / "autograder", zipped, {"a0_scale.py": RIGHT})
    (root / "source/files/package.json").unlink()
    assert "make the package again" in fails_without_a_score(root)


def test_metadata_of_another_shape_gives_no_score(zipped: Path, tmp_path: Path) -> None:
    root = lay_out(tmp_path / "autograder", zipped, {"a0_scale.py": RIGHT})
    (root / "submission_metadata.json").write_text('{"users": [{"id": "x"}]}')
    assert "is not as Gradescope writes it" in fails_without_a_score(root)


@pytest.fixture
def for_otter(course: Path, tmp_path: Path) -> Path:
    """The package of the small course, for otter."""
    made = package(course, tmp_path / "otter.zip", target="otter")
    assert made.exit_code == 0, made.output
    return tmp_path / "otter.zip"


def otter_run(zipped: Path, source: str, folder: Path) -> tuple[Any, str]:
    (folder / "a0_scale.py").write_text(source, encoding="utf-8")
    line = [sys.executable, "-m", "otter", "run", "--no-logo", "-a", str(zipped)]
    said = subprocess.run(
        [*line, str(folder / "a0_scale.py")],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )
    path = folder / "results.json"
    return json.loads(path.read_text()) if path.exists() else None, (
        said.stdout + said.stderr
    )


@pytest.mark.sandbox
@pytest.mark.slow
@pytest.mark.parametrize(("source", "scores"), [(RIGHT, [60, 40]), (SQUARE, [0, 40])])
def test_otter_run_gives_the_same_scores(
    for_otter: Path, tmp_path: Path, source: str, scores: list[float]
) -> None:
    written, said = otter_run(for_otter, source, tmp_path)
    assert written is not None, said
    jsonschema.validate(written, SCHEMA)
    graded = [row for row in written["tests"] if "max_score" in row]
    assert [row["name"] for row in graded] == ["q1_double", "q2_quadruple"]
    assert [row["score"] for row in graded] == scores
    assert [row["max_score"] for row in graded] == [60, 40]
    assert {row["visibility"] for row in graded} == {"after_published"}


@pytest.mark.sandbox
@pytest.mark.slow
def test_otter_runs_nothing_of_the_submission_itself(
    for_otter: Path, tmp_path: Path
) -> None:
    mark = tmp_path / "was here"
    written, said = otter_run(for_otter, f"open({str(mark)!r}, 'w')\n{RIGHT}", tmp_path)
    assert written is not None, said
    assert not mark.exists()
    assert [r["score"] for r in written["tests"] if "max_score" in r] == [0, 0]


@pytest.mark.sandbox
@pytest.mark.slow
def test_otter_writes_no_results_where_a_test_is_broken(
    course: Path, tmp_path: Path, edit: Edit
) -> None:
    name = "assignments/a0_scale/tests/q1_double.py"
    edit(name, "    close(double([1, 2]), [2, 4])", "    len(None)")
    package(course, tmp_path / "otter.zip", target="otter")
    written, said = otter_run(tmp_path / "otter.zip", RIGHT, tmp_path)
    assert written is None
    assert "the test itself broke" in said


@pytest.mark.sandbox
@pytest.mark.slow
def test_otters_own_container_layout_grades_too(
    for_otter: Path, tmp_path: Path
) -> None:
    root = lay_out(tmp_path / "autograder", for_otter, {"a0_scale.py": RIGHT})
    (root / "submission_metadata.json").write_text("")  # as otter's image has it
    said = run(root)
    assert said.returncode == 0, said.stdout + said.stderr
    assert [r["score"] for r in results(root)["tests"] if "max_score" in r] == [60, 40]
    assert (root / "results/results.pkl").exists()
