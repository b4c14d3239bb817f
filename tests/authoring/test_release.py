"""The template is generated, and drift is told file by file."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import autograder
from autograder.authoring import student_template
from autograder.cli import main
from autograder.errors import StaffError

COURSE = Path(autograder.__file__).parents[1]


def test_a_written_template_has_no_drift(course: Path) -> None:
    count = student_template.write(course)
    assert student_template.drift(course) == []
    template = course / "student_template"
    files = [p for p in template.rglob("*") if p.is_file()]
    assert len(files) == count
    stub = (template / "a0_scale/a0_scale.py").read_text(encoding="utf-8")
    assert "not started yet" in stub
    assert not list(template.rglob("solutions"))
    assert not [p for p in files if "random values" in p.read_text(encoding="utf-8")]


def test_drift_names_what_differs_is_missing_and_is_not_ours(course: Path) -> None:
    student_template.write(course)
    template = course / "student_template"
    (template / "a0_scale/a0_scale.py").write_text("changed\n", encoding="utf-8")
    (template / "README.md").unlink()
    (template / "notes.txt").write_text("mine\n", encoding="utf-8")
    assert student_template.drift(course) == [
        "missing: README.md",
        "not ours: notes.txt",
        "differs: a0_scale/a0_scale.py",
    ]
    run = CliRunner().invoke(main, ["release", "--check", "--course", str(course)])
    assert run.exit_code == 1
    assert "differs: a0_scale/a0_scale.py" in run.output
    assert "run: autograder release" in run.stderr


def test_students_are_asked_for_the_versions_that_grade(course: Path) -> None:
    asked = "# as in grading\nnumpy\nTorch\nseaborn\npytest>=9\n"
    path = course / "assignments/template/requirements.txt"
    path.write_text(asked, encoding="utf-8")
    student_template.write(course)
    written = course / "student_template/requirements.txt"
    assert written.read_text(encoding="utf-8") == asked
    lock = "# made\nnumpy==2.4.6\npytest==9.2.0\ntorch==2.13.0\n"
    (course / "constraints.txt").write_text(lock, encoding="utf-8")
    assert student_template.drift(course) == ["differs: requirements.txt"]
    student_template.write(course)
    wanted = "# as in grading\nnumpy==2.4.*\nTorch==2.13.*\nseaborn\npytest>=9\n"
    assert written.read_text(encoding="utf-8") == wanted


def test_this_courses_students_are_asked_for_numpy_and_torch_as_they_grade() -> None:
    lock = (COURSE / "constraints.txt").read_text(encoding="utf-8")
    files = {"numpy": "requirements.txt", "torch": "requirements-torch.txt"}
    for name, file in files.items():
        asked = (COURSE / "student_template" / file).read_text(encoding="utf-8")
        minor = re.search(rf"(?m)^{name}==(\d+\.\d+)\.", lock)
        assert minor is not None
        assert f"\n{name}=={minor[1]}.*\n" in asked


def test_a_missing_handout_is_named(course: Path) -> None:
    (course / "assignments/a0_scale/README.md").unlink()
    with pytest.raises(StaffError, match=r"README\.md: cannot be read"):
        student_template.write(course)


def test_an_unclosed_marker_stops_the_release_and_writes_nothing(course: Path) -> None:
    path = course / "solutions/a0_scale/reference.py"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.rstrip().removesuffix("# END SOLUTION"), encoding="utf-8")
    with pytest.raises(
        StaffError, match=r"reference\.py:\d+: # BEGIN SOLUTION is never"
    ):
        student_template.write(course)
    assert not (course / "student_template").exists()


def test_a_handout_without_a_heading_that_students_are_sent_to_is_named(
    course: Path,
) -> None:
    mistakes = course / "solutions/a0_scale/misconceptions.toml"
    text = mistakes.read_text(encoding="utf-8")
    mistakes.write_text(
        re.sub('see = ".*"', 'see = "README.md#nowhere"', text), "utf-8"
    )
    handout = course / "assignments/a0_scale/README.md"
    handout.write_text("# Scaling\n\n## q1_double\n", encoding="utf-8")
    said = CliRunner().invoke(main, ["release", "--course", str(course)]).output
    assert "a0_scale/README.md: q2_quadruple has no heading: write ## q2_quad" in said
    assert "says see = 'README.md#nowhere': no such heading" in said
    assert "q1_double has no heading" not in said
