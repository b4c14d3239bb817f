"""Edits are made together where they are apart, and a form answers as the reference."""

import itertools
from pathlib import Path

import pytest

import autograder
from autograder.authoring.naming import asked_of
from autograder.course import assignment as assignments
from autograder.course.assignment import load, module_from
from autograder.course.edits import Edit, apart
from autograder.course.program import Program
from autograder.errors import AuthoringError
from conftest import Edit as EditFile

COURSE = Path(autograder.__file__).parents[1]

SOURCE = "def f(a):\n    b = a\n    return b\n"
RETURN = "    return b\n"


def put_in(line: str) -> Edit:
    return Edit(find=RETURN, replace=f"    {line}\n{RETURN}")


def test_lines_put_in_at_one_place_come_one_behind_the_other() -> None:
    both = apart(
        Program(SOURCE, Path("f.py")), [put_in("return 2 * b"), put_in("b = b + 1")]
    )
    assert both == (
        "def f(a):\n    b = a\n    b = b + 1\n    return 2 * b\n    return b\n"
    )


def test_two_that_replace_one_thing_are_not_apart() -> None:
    edits = [Edit(find="b = a", replace=f"b = {n} * a") for n in (2, 3)]
    assert apart(Program(SOURCE, Path("f.py")), edits) is None


def test_edits_that_make_no_program_are_not_apart() -> None:
    edits = [put_in("c = 1"), Edit(find="b = a\n", replace="b = (a\n")]
    assert apart(Program(SOURCE, Path("f.py")), edits) is None


def test_whether_three_are_apart_does_not_hang_on_their_order() -> None:
    resnet = load(COURSE, "a5_resnet")
    known = {m.name: m for m in resnet.misconceptions}
    names = ("one_by_one_third", "one_by_one_second", "pooling_second")
    for order in itertools.permutations(known[name] for name in names):
        assert not resnet.apart(*order)
        with pytest.raises(ValueError, match="edits of one place"):
            resnet.edited_together(*order)


def test_references_with_several_mistakes_are_kept_to_a_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(assignments, "MOST_TOGETHER", 2)
    shapes = load(COURSE, "a2_shapes")
    first, *others = {m.question: m for m in shapes.misconceptions}.values()
    assert all(shapes.apart(first, other) for other in others[:3])
    one, two, three = ((first, other) for other in others[:3])
    made = shapes.wrong_together(*one)
    shapes.wrong_together(*two)
    assert shapes.wrong_together(*one) is made, "the last two are kept"
    shapes.wrong_together(*three)
    assert shapes.wrong_together(*one) is made, "what was asked for last goes last"
    shapes.wrong_together(*two)
    shapes.wrong_together(*three)
    assert shapes.wrong_together(*one) is not made


FORM = """
[[form]]
name = "by loop"
[[form.edit]]
find = "return 2 * _scaled(values)"
replace = '''out = []
    for value in _scaled(values):
        weight = 2
        out.append(weight * value)
    return np.array(out)'''

[[misconception]]
name = "tripled"
message = "You triple."
question = "q1_double"
fails = ["q1_double"]
[[misconception.edit]]
find = "return 2 * _scaled(values)"
replace = "return 3 * _scaled(values)"
[[misconception.also]]
form = "by loop"
find = "weight = 2"
replace = "weight = 3"

[[misconception]]
name = "one_short"
message = "You leave the last one out."
question = "q1_double"
fails = ["q1_double"]
[[misconception.edit]]
find = "return 2 * _scaled(values)"
replace = "return 2 * _scaled(values)[:-1]"
[[misconception.also]]
form = "by loop"
find = "in _scaled(values):"
replace = "in _scaled(values)[:-1]:"
"""
MISCONCEPTIONS = "solutions/a0_scale/misconceptions.toml"


def test_mistakes_in_one_line_of_the_reference_are_made_together_in_a_form(
    course: Path,
) -> None:
    (course / MISCONCEPTIONS).write_text(FORM, encoding="utf-8")
    found = load(course, "a0_scale")
    tripled, short = found.misconceptions
    assert found.apart(tripled, short)
    both = found.wrong_together(tripled, short)
    assert both.double([1.0, 2.0]).tolist() == [3.0]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('form = "by loop"\nfind = "w', 'form = "by hand"\nfind = "w', "are no forms"),
        ('find = "weight = 2"', 'find = "weight = 9"', "in the form 'by loop'"),
        (
            '[[form.edit]]\nfind = "return 2',
            '[[form.edit]]\nfind = "return 9',
            "0 times",
        ),
    ],
)
def test_a_form_that_is_not_there_or_does_not_fit_is_an_error(
    course: Path, edit: EditFile, old: str, new: str, words: str
) -> None:
    (course / MISCONCEPTIONS).write_text(FORM, encoding="utf-8")
    edit(MISCONCEPTIONS, old, new)
    with pytest.raises(AuthoringError, match=words):
        load(course, "a0_scale")


@pytest.mark.parametrize("name", ["a1_conv1d", "a3_layers"])
def test_every_form_of_a_reference_answers_as_the_reference_does(name: str) -> None:
    assignment = load(COURSE, name)
    path = assignment.secret / "reference.py"
    assert assignment.forms
    for form, source in assignment.form_sources.items():
        function = form.partition(",")[0]
        asked = asked_of(
            assignment,
            module_from(source, path),
            assignment.question_of(function),
            b"forms",
        )
        assert [case.name for case in asked if case.failed] == []
