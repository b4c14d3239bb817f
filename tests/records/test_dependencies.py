"""What a result depends on is told in parts, so that a change reaches what it must."""

from pathlib import Path
from typing import Any

import grimp
import msgspec
import pytest

import autograder
from autograder.course.assignment import load
from autograder.records.dependencies import (
    Inputs,
    course_inputs,
    deciding_files,
    inputs_of,
    touched,
)
from autograder.records.submission import Submission
from conftest import Edit

SUBMISSION = Submission(
    key="s-1",
    lms_id="",
    student_name="Ada",
    roster_id="0012",
    attempt=1,
    submitted_at=None,
    files={"a0_scale.py": b"x = 1"},
)


def inputs(course: Path, *, isolated: bool = True, **changes: object) -> Inputs:
    submission = msgspec.structs.replace(SUBMISSION, **changes)
    return inputs_of(
        course_inputs(load(course, "a0_scale")), submission, isolated=isolated
    )


def reached(course: Path, before: Inputs, now: Inputs) -> dict[str, tuple[str, ...]]:
    return touched(before, now, load(course, "a0_scale"))


def test_nothing_is_reached_where_nothing_has_changed(course: Path) -> None:
    assert inputs(course).hash == inputs(course).hash
    assert reached(course, inputs(course), inputs(course)) == {}


def test_a_hidden_test_reaches_its_question_and_those_that_build_on_it(
    course: Path, edit: Edit
) -> None:
    before = inputs(course)
    edit("solutions/a0_scale/tests/q1_double.py", "size=5", "size=6")
    now = inputs(course)
    assert now.hash != before.hash
    assert reached(course, before, now) == {
        "q1_double": ("its hidden tests",),
        "q2_quadruple": ("what it builds on (q1_double)",),
    }


@pytest.mark.parametrize(
    ("name", "old", "new", "reason"),
    [
        ("assignments/{}/tests/q2_quadruple.py", "[1, 3]", "[2, 3]", "public tests"),
        ("solutions/{}/tests/q2_quadruple.py", "size=5", "size=6", "hidden tests"),
        (
            "solutions/{}/misconceptions.toml",
            "only twice",
            "twice only",
            "misconceptions",
        ),
        ("assignments/{}/manifest.toml", "Four times", "Times 4", "the manifest"),
    ],
)
def test_a_question_that_nothing_builds_on_is_reached_alone(
    course: Path, edit: Edit, name: str, old: str, new: str, reason: str
) -> None:
    before = inputs(course)
    edit(name.format("a0_scale"), old, new)
    ((question, (why,)),) = reached(course, before, inputs(course)).items()
    assert question == "q2_quadruple"
    assert why.endswith(reason)


@pytest.mark.parametrize(
    ("name", "old", "new", "reason"),
    [
        ("solutions/a0_scale/reference.py", "GAIN = 1", "GAIN = 1.0", "the reference"),
        (
            "assignments/a0_scale/manifest.toml",
            "seconds_per_case = 5",
            "seconds_per_case = 6",
            "the limits of the manifest",
        ),
        ("assignments/checks/__init__.py", "", "X = 1", "the public checks"),
    ],
)
def test_what_questions_share_reaches_all_of_them(
    course: Path, name: str, old: str, new: str, reason: str
) -> None:
    before = inputs(course)
    path = course / name
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1) + "\n")
    found = reached(course, before, inputs(course))
    assert {question: why[0] for question, why in found.items()} == {
        "q1_double": reason,
        "q2_quadruple": reason,
    }


def test_a_file_that_no_question_owns_reaches_all_of_them(course: Path) -> None:
    before = inputs(course)
    (course / "solutions/a0_scale/shared_by_tests.py").write_text("X = 1\n")
    found = reached(course, before, inputs(course))
    assert set(found.values()) == {("other files of the course",)}


def test_held_out_images_and_trained_weights_reach_all_of_a_torch_assignment(
    course: Path, edit: Edit
) -> None:
    weights = course / "solutions/models/small/weights.safetensors"
    weights.parent.mkdir(parents=True)
    without = inputs(course)
    weights.write_bytes(b"1")
    assert reached(course, without, inputs(course)) == {}
    edit("assignments/a0_scale/manifest.toml", '["numpy"]', '["numpy", "torch"]')
    before = inputs(course)
    weights.write_bytes(b"2")
    found = reached(course, before, inputs(course))
    assert set(found.values()) == {("other files of the course",)}


def test_what_only_proofs_read_reaches_nothing(course: Path) -> None:
    before = inputs(course)
    (course / "solutions/a0_scale/equivalents.toml").write_text("")
    (course / "solutions/a0_scale/variants/another.py").write_text("x = 1\n")
    assert inputs(course).hash == before.hash


def test_files_student_and_isolation_reach_everything(course: Path) -> None:
    before = inputs(course)
    for changed, reason in (
        (inputs(course, files={"a0_scale.py": b"x = 2"}), "the files"),
        (inputs(course, roster_id="0013"), "the student's id"),
        (inputs(course, isolated=False), "the isolation"),
    ):
        assert changed.hash != before.hash
        assert set(reached(course, before, changed).values()) == {(reason,)}


@pytest.mark.parametrize(
    "change",
    [
        {"roster_id": "0013"},
        {"roster_id": None},
        {"shared_by": "team-7"},
        {"files": {"a0_scale.py": b"x = 2"}},
    ],
)
def test_another_submission_or_student_or_team_has_another_hash(
    course: Path, change: dict[str, Any]
) -> None:
    assert inputs(course, **change).hash != inputs(course).hash


def test_who_leaves_a_team_meets_other_inputs_and_is_graded_anew(course: Path) -> None:
    team, other = (inputs(course, shared_by=name) for name in ("team-7", "team-8"))
    assert reached(course, team, other)["q1_double"] == ("the student's id",)


def test_every_module_that_can_change_a_mark_is_hashed() -> None:
    graph = grimp.build_graph("autograder")
    deciding = graph.find_upstream_modules("autograder.grading.grader")
    deciding |= graph.find_descendants("autograder.worker")
    package = Path(autograder.__file__).parent
    files = {m: m.removeprefix("autograder.").replace(".", "/") for m in deciding}
    hashed = {path.relative_to(package) for path in deciding_files()}
    unhashed = {
        module
        for module, file in files.items()
        if not {Path(f"{file}.py"), Path(file, "__init__.py")} & hashed
    }
    # The shape in which results are kept, and errors, which have no text of their own.
    assert unhashed == {
        "autograder.errors",
        "autograder.records.pictures",
        "autograder.records.results",
        "autograder.records.submission",
    }
