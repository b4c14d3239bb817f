"""Known mistakes have their names on laptops, where no other answer has them, too."""

import json
from functools import lru_cache
from pathlib import Path
from types import ModuleType

import pytest
from checks.recognising import recognised

import autograder
from autograder.authoring.laptop_names import failed_comparison, laptop_names
from autograder.authoring.student_template import drift
from autograder.course.assignment import Assignment, Question, load
from conftest import Edit
from student_desk import RIGHT, answer, released, run

COURSE = Path(autograder.__file__).parents[1]
PUBLIC = "assignments/a0_scale/tests/q1_double.py"
TELLING = "double([3.37, 12.21, 5.9]), [6.74, 24.42, 11.8]"
SQUARED = "Your output is the square of the input."
SQUARE = RIGHT.replace("2 * v", "v * v")
SECOND = """
[[misconception]]
name = "squared_differently"
message = "{message}"
question = "q1_double"
fails = ["q1_double"]
[[misconception.edit]]
find = "return 2 * _scaled(values)"
replace = "return _scaled(values) * _scaled(values)"
"""


@pytest.fixture
def telling(course: Path, edit: Edit) -> Path:
    """The small course, with a public case whose values tell more than chance."""
    edit(PUBLIC, "double([1, 2]), [2, 4]", TELLING)
    return course


def sentences(course: Path) -> dict[str, str]:
    written = laptop_names(load(course, "a0_scale"), course / "names.json")
    found: dict[str, str] = json.loads(written)["sentences"]
    return found


def add(course: Path, message: str) -> None:
    path = course / "solutions/a0_scale/misconceptions.toml"
    text = path.read_text(encoding="utf-8") + SECOND.format(message=message)
    path.write_text(text, encoding="utf-8")


def test_desk_and_pytest_say_the_reports_sentence_once_a_question_or_case(
    telling: Path,
) -> None:
    template = released(telling)
    answer(template, SQUARE)
    code, said = run(template, "desk", "check", "a0", "q1")
    assert code == 1
    assert said.count(SQUARED) == 1
    assert SQUARED in run(template, "pytest", "-k", "q1")[1]


def test_another_wrong_answer_has_no_name(telling: Path) -> None:
    template = released(telling)
    answer(template, RIGHT.replace("2 * v", "v ** 3"))
    said = run(template, "desk", "check", "a0", "q1")[1]
    assert "3 of 3 values differ" in said
    assert SQUARED not in said


def test_an_answer_that_tells_no_more_than_chance_has_no_name(course: Path) -> None:
    assert sentences(course) == {}  # [1, 4] where it should be [2, 4]


def test_what_two_mistakes_answer_has_no_name_unless_they_share_it(
    telling: Path,
) -> None:
    assert len(sentences(telling)) == 1
    add(telling, "You multiply the input by itself.")
    assert sentences(telling) == {}


def test_what_two_mistakes_answer_has_the_name_that_they_share(telling: Path) -> None:
    add(telling, SQUARED)
    assert len(sentences(telling)) == 1


def test_what_an_answer_that_computes_nothing_gives_has_no_name(
    telling: Path, edit: Edit
) -> None:
    edit(
        "solutions/a0_scale/misconceptions.toml",
        "return _scaled(values) ** 2",
        "return values",
    )
    assert sentences(telling) == {}


def test_names_are_made_anew_where_what_they_follow_from_has_changed(
    telling: Path, edit: Edit
) -> None:
    path = telling / "names.json"
    before = laptop_names(load(telling, "a0_scale"), path)
    kept = json.loads(before) | {"sentences": {"kept": "as it was"}}
    path.write_text(json.dumps(kept), encoding="utf-8")
    assert sentences(telling) == kept["sentences"]
    edit(PUBLIC, "5.9", "6.1")
    assert sentences(telling).keys() != kept["sentences"].keys()
    path.write_text("cut o", encoding="utf-8")
    assert len(sentences(telling)) == 1


def test_names_that_are_out_of_date_are_told_and_not_made_for_it(
    telling: Path, edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    released(telling)
    assert drift(telling) == []
    edit(PUBLIC, "5.9", "6.1")
    monkeypatch.setattr("autograder.authoring.laptop_names.junk", None)  # what it needs
    assert "differs: a0_scale/names.json" in drift(telling)


@lru_cache(maxsize=3)
def loaded(name: str) -> Assignment:
    return load(COURSE, name)


def question_named(assignment: Assignment, name: str) -> Question:
    return next(q for q in assignment.manifest.question if q.name == name)


def told(name: str, question: Question, module: ModuleType) -> dict[str, str]:
    """Return what a laptop says of a module's answers to a question, by case."""
    file = COURSE / "student_template" / name / "names.json"
    names = json.loads(file.read_text(encoding="utf-8"))["sentences"]
    found = {}
    for case in loaded(name).cases[question.name]:
        error = failed_comparison(loaded(name), question, case, module)
        if error is not None and not case.source.hidden:
            place = case.source.name
            found[place] = recognised(names, question.name, place, error)
    return found


@pytest.mark.parametrize(
    ("name", "mistake", "case", "words"),
    [
        (
            "a1_conv1d",
            "kernel_not_flipped",
            "the hospital of the lecture",
            "the kernel was not flipped",
        ),
        (
            "a5_resnet",
            "Your stage has one block too many.",
            "",
            "Your stage has one block too many.",
        ),
        (
            "a4_cnn",
            "You return the last batch's loss, the mean over the epoch is asked for.",
            "",
            "the mean over the epoch is asked for",
        ),
    ],
)
def test_a_mistake_is_named_where_it_can_still_be_mended(
    name: str, mistake: str, case: str, words: str
) -> None:
    """By its name, or its message; case : "" for any."""
    assignment = loaded(name)
    wrong = next(m for m in assignment.misconceptions if mistake in {m.name, m.message})
    question = question_named(assignment, wrong.question)
    said = told(name, question, assignment.wrong_reference(wrong))
    assert words in (said[case] if case else " ".join(said.values()))


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("a1_conv1d", "q1_conv1d"),
        ("a4_cnn", "q6_evaluate"),
        ("a4_cnn", "q8_overfit_batch"),
        ("a5_resnet", "q5_make_stage"),
        ("a5_resnet", "q7_inception"),
    ],
)
def test_no_known_mistake_has_anothers_name(name: str, question: str) -> None:
    assignment = loaded(name)
    messages = {m.name: m.message for m in assignment.misconceptions}
    for wrong in [m for m in assignment.misconceptions if m.question == question]:
        module = assignment.wrong_reference(wrong)
        said = told(name, question_named(assignment, question), module)
        assert {*said.values()} <= {"", messages[wrong.name]}
