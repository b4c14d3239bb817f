"""A new assignment is whole at once; the sixth was added so, by the same commands."""

import hashlib
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import autograder
from autograder.authoring import new_assignment, prove, student_template
from autograder.cli import main
from autograder.course.assignment import load
from autograder.errors import StaffError
from autograder.grading.grader import Job
from autograder.grading.process_pool import grade_all
from handed_in import handed_in

pytestmark = pytest.mark.usefixtures("warm_graders")

A6 = Path(autograder.__file__).parents[1] / "examples" / "a6_transposed"


def invoke(*arguments: object) -> Result:
    runner = CliRunner(env={"COLUMNS": "200"})
    return runner.invoke(main, [str(a) for a in arguments])


@pytest.mark.sandbox
def test_a_skeleton_proves_at_once(tmp_path: Path) -> None:
    made = invoke("new", "a7_edges", "--course", tmp_path)
    assert made.exit_code == 0, made.output
    assert f"next: autograder prove a7_edges --course {tmp_path}" in made.output
    kinds = ["reference", "variant", "stub", "misconception"]
    only = [word for kind in kinds for word in ("--only", kind)]
    proven = invoke("prove", "a7_edges", "--course", tmp_path, *only, "--workers", 1)
    assert proven.exit_code == 0, proven.output


def test_a_skeletons_title_is_in_its_handout_and_its_stub(tmp_path: Path) -> None:
    assert invoke("new", "a7_edges", "--course", tmp_path).exit_code == 0
    new_assignment.write(tmp_path, "a8_more", "Edges & more")
    assert load(tmp_path, "a7_edges").manifest.title == "Edges"
    assert load(tmp_path, "a8_more").manifest.title == "Edges & more"
    files = student_template.template_files(tmp_path)
    assert files["a8_more/README.md"].startswith(b"# Edges & more\n")
    stub = files["a8_more/a8_more.py"]
    assert b'raise NotImplementedError("differences: not started yet")' in stub
    assert not [name for name, text in files.items() if b"NEW_" in text]
    assert {"README.md", "requirements.txt", "desk/__main__.py"} <= files.keys()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    new_assignment.write(tmp_path, "a7_edges")
    kept = tmp_path / "assignments/a7_edges/README.md"
    kept.write_text("mine\n", encoding="utf-8")
    again = invoke("new", "a7_edges", "--course", tmp_path)
    assert again.exit_code == 1
    assert "assignments/a7_edges: is there already (nothing was written)" in (
        again.stderr
    )
    assert kept.read_text(encoding="utf-8") == "mine\n"
    shutil.rmtree(tmp_path / "assignments/a7_edges")
    with pytest.raises(StaffError, match=r"solutions/a7_edges: is there already"):
        new_assignment.write(tmp_path, "a7_edges")
    assert not (tmp_path / "assignments/a7_edges").exists()


@pytest.mark.parametrize(
    "name", ["numpy", "a6", "A6_big", "6_six", "a6_trans-posed", "../a6_up", "a6_", ""]
)
def test_what_is_no_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(StaffError, match=r"is no name .*as in a6_transposed"):
        new_assignment.write(tmp_path, name)
    assert list(tmp_path.iterdir()) == []


def test_two_assignments_do_not_share_a_number(tmp_path: Path) -> None:
    new_assignment.write(tmp_path, "a7_edges")
    with pytest.raises(StaffError, match=r"a7_more: has the number of a7_edges"):
        new_assignment.write(tmp_path, "a7_more")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "assignments").write_text("a file\n", encoding="utf-8")
    with pytest.raises(StaffError, match=r"assignments/a7_edges: cannot be written"):
        new_assignment.write(tmp_path, "a7_edges")


@pytest.mark.sandbox
def test_the_sixth_assignment_grades_right_wrong_and_unfinished_answers() -> None:
    """Its whole proof is ``make prove``'s."""
    assignment = load(A6, "a6_transposed")
    wanted = {"reference", "stub", "zeros_as_output_padding"}
    found = prove.claims(assignment, with_mutants=False)
    claims = {claim.name: claim for claim in found if claim.name in wanted}
    assert claims.keys() == wanted
    jobs = [
        Job(
            course=A6,
            assignment=assignment.name,
            submission=handed_in(assignment.manifest.file, claim.source, name),
            secret=hashlib.sha256(b"a6").digest(),
        )
        for name, claim in claims.items()
    ]
    for submission, result in grade_all(jobs, 1):
        finding = prove.judge(claims[submission.key], result)
        assert finding.holds, finding.seen


def test_the_sixth_assignment_is_released_beside_the_projects_own_tools(
    tmp_path: Path,
) -> None:
    course = tmp_path / "course"
    shutil.copytree(A6, course)
    released = invoke("release", "--course", course)
    assert released.exit_code == 0, released.output
    template = course / "student_template"
    assert (template / "a6_transposed/a6_transposed.py").is_file()
    assert (template / "checks/__init__.py").is_file()
    assert "numpy==" in (template / "requirements.txt").read_text(encoding="utf-8")
    assert student_template.drift(course) == []
