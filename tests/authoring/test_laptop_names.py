"""Known mistakes have their names on laptops, where no other answer has them, too."""

import json
from pathlib import Path
from types import ModuleType

import pytest
from checks.recognising import recognised

import autograder
from autograder.authoring.laptop_names import failed_comparison, laptop_names
from autograder.course.assignment import Assignment, load
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


@pytest.fixture(scope="module")
def a1() -> Assignment:
    return load(COURSE, "a1_conv1d")


def told(a1: Assignment, module: ModuleType) -> dict[str, str]:
    """Return what a laptop says of a module's answers to question 1, by case."""
    file = COURSE / "student_template/a1_conv1d/names.json"
    names = json.loads(file.read_text(encoding="utf-8"))["sentences"]
    question = a1.question_of("conv1d")
    found = {}
    for case in a1.cases[question.name]:
        error = failed_comparison(a1, question, case, module)
        if error is not None and not case.source.hidden:
            place = case.source.name
            found[place] = recognised(names, question.name, place, error)
    return found


def test_the_kernel_that_was_not_flipped_is_told_at_the_hospital(
    a1: Assignment,
) -> None:
    said = told(a1, a1.wrong_references["kernel_not_flipped"])
    assert "the kernel was not flipped" in said["the hospital of the lecture"]


def test_no_known_mistake_has_anothers_name(a1: Assignment) -> None:
    messages = {m.name: m.message for m in a1.misconceptions}
    own = [m.name for m in a1.misconceptions if m.question == "q1_conv1d"]
    for name in own:
        said = set(told(a1, a1.wrong_references[name]).values())
        assert said <= {"", messages[name]}
