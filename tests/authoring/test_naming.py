"""What is named for two mistakes at once, and in other code, shown in one process."""

from pathlib import Path

import pytest

import autograder
from autograder.authoring import naming
from autograder.authoring.naming import alone, beside_others, in_other_code
from autograder.authoring.prove import prove_names
from autograder.course.assignment import Assignment, Question, load
from conftest import Edit

COURSE = Path(autograder.__file__).parents[1]
SECRET = b"a test"
APART = """
[[misconception]]
name = "shifted"
message = "Your values are one too large before they are doubled."
question = "q1_double"
fails = ["q1_double"]
[[misconception.edit]]
find = "return GAIN * np.asarray(values)"
replace = "return GAIN * np.asarray(values) + 1"
"""


@pytest.fixture
def two(course: Path) -> Assignment:
    """The small course, in which values may be squared, and shifted before that."""
    path = course / "solutions/a0_scale/misconceptions.toml"
    path.write_text(path.read_text() + APART, encoding="utf-8")
    return load(course, "a0_scale")


def double(assignment: Assignment) -> Question:
    return assignment.manifest.question[0]


def test_each_mistake_by_itself_has_its_name(two: Assignment) -> None:
    found = list(alone(two, double(two), SECRET))
    assert [n.named for n in found] == [("squared",), ("shifted",)]
    assert all(n.is_right for n in found)


def test_two_mistakes_in_one_answer_have_both_names(two: Assignment) -> None:
    (found,) = beside_others(two, double(two), SECRET)
    assert set(found.named) == {"squared", "shifted"}
    assert found.is_right


def test_a_mistake_that_the_other_one_hides_need_not_be_named(
    course: Path, edit: Edit
) -> None:
    edit(
        "solutions/a0_scale/misconceptions.toml",
        'name = "only_doubled"',
        'name = "never_seen"\nmessage = "It is rounded."\nquestion = "q1_double"\n'
        'fails = ["q1_double"]\n[[misconception.edit]]\n'
        'find = "GAIN = 1\\n"\nreplace = "GAIN = 1.0\\n"\n\n'
        '[[misconception]]\nname = "only_doubled"',
    )
    assignment = load(course, "a0_scale")
    (found,) = beside_others(assignment, double(assignment), SECRET)
    assert found.hidden_by_the_other == ("never_seen",)
    assert found.named == ("squared",)
    assert found.is_right


def test_an_edit_that_fits_a_variant_is_named_there_too(
    course: Path, edit: Edit
) -> None:
    edit(
        "solutions/a0_scale/variants/loops.py",
        "return [2 * v for v in values]",
        "import numpy as np\n    _scaled = np.asarray\n    return 2 * _scaled(values)",
    )
    path = course / "solutions/a0_scale/variants/loops.py"
    path.write_text(
        "from __future__ import annotations\n\nfrom dataclasses import dataclass\n\n\n"
        f"@dataclass\nclass Held:\n    one: int\n\n\n{path.read_text()}"
    )
    assignment = load(course, "a0_scale")
    (found,) = in_other_code(assignment, double(assignment), SECRET)
    assert (found.style, found.made, found.named) == (
        "loops",
        ("squared",),
        ("squared",),
    )


def test_the_findings_count_what_is_named_by_question(
    two: Assignment, course: Path
) -> None:
    found = list(prove_names(course, two.name, others=5, seed="x"))
    assert [(f.claim.kind, f.claim.name) for f in found] == [
        ("pair", "q1_double"),
        ("style", "q1_double"),
        ("pair", "q2_quadruple"),
        ("style", "q2_quadruple"),
    ]
    assert found[0].seen == "1 of 1 have their names"
    assert all(f.holds for f in found)


def test_one_mistake_that_gives_all_that_two_give_is_no_false_name(
    course: Path,
) -> None:
    path = course / "solutions/a0_scale/misconceptions.toml"
    both = """
[[misconception]]
name = "both_at_once"
message = "You add one, and square."
question = "q1_double"
fails = ["q1_double"]
[[misconception.edit]]
find = "return GAIN * np.asarray(values)"
replace = "return GAIN * np.asarray(values) + 1"
"""
    written = path.read_text()
    squared = written[written.index("[[misconception.edit]]") :]
    squared = squared.partition("\n[[misconception]]")[0]
    path.write_text(f"{written}{APART}{both}{squared}\n")
    assignment = load(course, "a0_scale")
    (found,) = beside_others(assignment, double(assignment), SECRET)
    assert set(found.made) == {"squared", "shifted"}
    assert found.named == found.comes_to == ("both_at_once",)
    assert found.is_right
    assert not found.is_false


def test_one_that_gives_it_in_its_other_form_is_no_false_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Sides that are exchanged, then both the first: in views the two edits come to
    # something else than in loops, where both sides are the width.
    assignment = load(COURSE, "a3_layers")
    names = ("max_pair_exchanged", "max_square_windows")
    made = [m for m in assignment.misconceptions if m.name in names]
    monkeypatch.setattr(naming, "_of", lambda *_: made)
    question = next(q for q in assignment.manifest.question if q.name.startswith("q3"))
    (found,) = beside_others(assignment, question, SECRET)
    assert found.named == found.comes_to == ("max_square_windows_by_width",)
    assert not found.is_false


def test_an_edit_that_leaves_no_program_is_not_made_in_other_code(
    course: Path, edit: Edit
) -> None:
    edit(
        "solutions/a0_scale/misconceptions.toml",
        'replace = "return _scaled',
        'replace = "one = 1\\n    return one * _scaled',
    )
    edit(
        "solutions/a0_scale/variants/loops.py",
        "return [2 * v for v in values]",
        "import numpy as np\n    _scaled = np.asarray\n    if values is not None:\n"
        "        return 2 * _scaled(values)\n    else:\n        return None",
    )
    assignment = load(course, "a0_scale")
    assert list(in_other_code(assignment, double(assignment), SECRET)) == []
