"""What a result depends on is told in parts, so that a change reaches what it must."""

import hashlib
import platform
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import grimp
import msgspec
import pytest

import autograder
from autograder.course.assignment import load
from autograder.records import dependencies
from autograder.records.dependencies import (
    CourseInputs,
    Inputs,
    course_inputs,
    deciding_files,
    inputs_of,
    touched,
)
from autograder.records.submission import Submission
from conftest import Edit
from third_question import add_octuple

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
    assert not any("other files of the course" in why for why in found.values())


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
    # How and where files are written, the shape in which results are kept, and what
    # took how long, errors, which have no text of their own, and what staff are told to
    # install.
    assert unhashed == {
        "autograder.atomic",
        "autograder.errors",
        "autograder.installed",
        "autograder.records.pictures",
        "autograder.records.profile",
        "autograder.records.results",
        "autograder.records.submission",
        "autograder.temporary",
    }


PARTS_OF_A_SUBMISSION = {"the files", "the student's id", "the isolation"}
PARTS_OF_A_COURSE = {
    "the reference",
    "the limits of the manifest",
    "the limits of time",
    "the public checks",
    "other files of the course",
    "the grading modules",
    "Python or a package",
}
PARTS_OF_A_QUESTION = {
    "its public tests",
    "its hidden tests",
    "its misconceptions",
    "its entry in the manifest",
}


def test_no_part_of_what_decides_is_left_out(course: Path) -> None:
    found = inputs(course)
    assert set(found.submission) == PARTS_OF_A_SUBMISSION
    assert set(found.course.shared) == PARTS_OF_A_COURSE
    assert {q: set(own) for q, own in found.course.questions.items()} == {
        "q1_double": PARTS_OF_A_QUESTION,
        "q2_quadruple": PARTS_OF_A_QUESTION,
    }


@pytest.mark.parametrize("part", sorted(PARTS_OF_A_SUBMISSION | PARTS_OF_A_COURSE))
def test_every_part_changes_the_hash_and_reaches_every_question(
    course: Path, part: str
) -> None:
    before = inputs(course)
    where = before.submission if part in before.submission else before.course.shared
    where[part] += " changed"
    assert before.hash != inputs(course).hash
    why = {"q1_double": (part,), "q2_quadruple": (part,)}
    assert reached(course, before, inputs(course)) == why


@pytest.mark.parametrize(
    ("file", "decides"),
    [
        ("solutions/a0_scale/table.py", True),
        ("solutions/a0_scale/table.toml", True),
        ("solutions/a0_scale/deep/table.csv", True),
        ("solutions/a0_scale/table.json", True),
        ("solutions/a0_scale/table.npz", True),
        ("solutions/a0_scale/table.safetensors", True),
        ("assignments/a0_scale/table.py", True),
        ("assignments/a0_scale/notes.md", False),
        ("assignments/a0_scale/__pycache__/table.py", False),
        ("solutions/a0_scale/variants/deep/table.py", False),
        ("solutions/a0_scale/equivalents.toml", False),
    ],
)
def test_a_new_file_reaches_everything_if_a_mark_could_depend_on_it(
    course: Path, file: str, *, decides: bool
) -> None:
    before = inputs(course)
    path = course / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    found = set(reached(course, before, inputs(course)).values())
    assert found == ({("other files of the course",)} if decides else set())


def test_a_file_under_another_name_is_another_file(course: Path) -> None:
    path = course / "solutions/a0_scale/table.csv"
    path.write_text("1", encoding="utf-8")
    before = inputs(course)
    path.rename(path.with_name("tablf.csv"))
    assert reached(course, before, inputs(course))


def test_a_folder_called_like_a_file_that_decides_is_no_file(course: Path) -> None:
    before = inputs(course)
    (course / "solutions/a0_scale/cases.py").mkdir()
    assert inputs(course).hash == before.hash


def test_a_new_limit_of_time_reaches_everything(course: Path) -> None:
    before = inputs(course)
    (course / "solutions/a0_scale/costs.toml").write_text(
        "yardstick_seconds = 0.1\n"
        'submission = {seconds = 1.0, by = "reference"}\n'
        "[question]\n",
        encoding="utf-8",
    )
    found = reached(course, before, inputs(course))
    assert set(found.values()) == {("the limits of time",)}


def test_held_out_images_reach_all_of_a_torch_assignment(
    course: Path, edit: Edit
) -> None:
    edit("assignments/a0_scale/manifest.toml", '["numpy"]', '["numpy", "torch"]')
    before = inputs(course)
    data = course / "solutions/data/images.npz"
    data.parent.mkdir()
    data.write_bytes(b"1")
    found = reached(course, before, inputs(course))
    assert set(found.values()) == {("other files of the course",)}


def test_another_version_of_a_package_or_of_python_reaches_everything(
    course: Path, edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(
        "assignments/a0_scale/manifest.toml",
        '["numpy"]',
        '["numpy", "numpy.linalg", "msgspec", "there_is_none"]',
    )
    monkeypatch.setattr(platform, "python_version", lambda: "3.99.0")

    def version(name: str) -> str:
        if name == "there_is_none":
            raise PackageNotFoundError(name)
        return f"1.{len(name)}"

    monkeypatch.setattr(dependencies, "version", version)
    assert inputs(course).course.shared["Python or a package"] == (
        "3.99.0 msgspec 1.7 numpy 1.5 safetensors 1.11"
    )
    edit("assignments/a0_scale/manifest.toml", '"numpy", "numpy.linalg", ', "")
    assert "numpy 1.5" in inputs(course).course.shared["Python or a package"]


def test_all_of_the_folders_that_grade_are_hashed_once() -> None:
    package = Path(autograder.__file__).parent
    folders = [package / name for name in ("course", "grading", "sandbox", "worker")]
    wanted = {path for folder in folders for path in folder.rglob("*.py")}
    files = deciding_files()
    beside = ("kinds", "notebook", "own_time", "points", "source_text", "text")
    assert set(files) == wanted | {package / f"{name}.py" for name in beside}
    assert len(files) == len(set(files))


def test_another_grading_module_reaches_everything(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = inputs(course)
    other = tmp_path / "other.py"
    other.write_text("X = 1\n", encoding="utf-8")
    monkeypatch.setattr(dependencies, "deciding_files", lambda: [other])
    dependencies._package_digest.cache_clear()  # noqa: SLF001 kept for good else
    try:
        found = reached(course, before, inputs(course))
    finally:
        dependencies._package_digest.cache_clear()  # noqa: SLF001
    assert set(found.values()) == {("the grading modules",)}


def test_a_new_question_is_reached_and_one_that_is_gone_is_not(course: Path) -> None:
    now = inputs(course)
    before = inputs(course)
    del before.course.questions["q1_double"]
    before.course.questions["q9_gone"] = {"its hidden tests": "0"}
    found = reached(course, before, now)
    assert set(found["q1_double"]) == PARTS_OF_A_QUESTION
    assert found["q2_quadruple"] == ("what it builds on (q1_double)",)
    assert set(found) == {"q1_double", "q2_quadruple"}


def test_what_changed_everywhere_is_told_before_what_is_a_questions_own(
    course: Path,
) -> None:
    before = inputs(course)
    before.submission["the files"] = "0"
    before.course.shared["the reference"] = "0"
    for question in before.course.questions.values():
        question["its hidden tests"] = "0"
    assert reached(course, before, inputs(course))["q2_quadruple"] == (
        "the files",
        "the reference",
        "its hidden tests",
        "what it builds on (q1_double)",
    )


def test_a_hash_is_the_same_in_whatever_order_its_parts_come(course: Path) -> None:
    def turned(parts: dict[str, Any]) -> dict[str, Any]:
        return dict(reversed(parts.items()))

    one = inputs(course)
    other = Inputs(
        submission=turned(one.submission),
        course=CourseInputs(
            shared=turned(one.course.shared), questions=turned(one.course.questions)
        ),
    )
    assert other.hash == one.hash


def test_a_hash_tells_where_a_name_ends_and_a_file_begins(course: Path) -> None:
    assert (
        inputs(course, files={"a": b"bc", "d": b""}).hash
        != inputs(course, files={"a": b"b", "cd": b""}).hash
    )
    ordered = inputs(course, files={"a": b"1", "b": b"2"})
    assert ordered == inputs(course, files={"b": b"2", "a": b"1"})
    assert len(ordered.hash) == 64


def test_the_hash_of_a_folder_is_that_of_names_and_contents_with_their_lengths(
    course: Path,
) -> None:
    checks = course / "assignments/checks"
    (checks / "__init__.py").write_bytes(b"one")
    (checks / "more.py").write_bytes(b"")
    parts = (b"__init__.py", b"one", b"more.py", b"")
    whole = b"".join(bytes(7) + bytes([len(part)]) + part for part in parts)
    found = inputs(course).course.shared["the public checks"]
    assert found == hashlib.sha256(whole).hexdigest()


def test_a_change_reaches_what_is_built_on_what_builds_on_it(
    course: Path, edit: Edit
) -> None:
    add_octuple(course, "quadruple")
    before = inputs(course)
    edit("solutions/a0_scale/tests/q1_double.py", "size=5", "size=6")
    assert reached(course, before, inputs(course)).keys() == {
        "q1_double",
        "q2_quadruple",
        "q3_octuple",
    }
