"""Authoring mistakes are errors with file and line."""

from pathlib import Path

import pytest

from autograder.course.assignment import load
from autograder.course.folders import names
from autograder.errors import AuthoringError
from conftest import Edit

PUBLIC_TEST = "assignments/a0_scale/tests/q1_double.py"
HIDDEN_TEST = "solutions/a0_scale/tests/q1_double.py"
MANIFEST = "assignments/a0_scale/manifest.toml"
MISCONCEPTIONS = "solutions/a0_scale/misconceptions.toml"


def error_of(course: Path) -> str:
    with pytest.raises(AuthoringError) as caught:
        load(course, "a0_scale")
    return str(caught.value)


def test_a_sound_assignment_loads_with_its_points_and_cases(course: Path) -> None:
    assignment = load(course, "a0_scale")
    assert assignment.possible == 100
    assert assignment.points("q1_double") == 60
    cases = [c.source.name for c in assignment.cases["q1_double"]]
    assert cases == ["one and two", "random values"]
    assert names(course) == ["a0_scale"]


def test_an_unknown_assignment_is_named_with_those_there_are(course: Path) -> None:
    with pytest.raises(AuthoringError, match=r"a9: is no assignment .*a0_scale"):
        load(course, "a9")


def test_points_that_do_not_add_up_to_100_are_told_with_the_sum(
    course: Path, edit: Edit
) -> None:
    edit(PUBLIC_TEST, "points=30", "points=31")
    assert "the points add up to 101, not 100" in error_of(course)


def test_points_are_added_as_the_decimals_that_authors_write(
    course: Path, edit: Edit
) -> None:
    # In floats ten times 5.8 and 42 are 99.99999999999999.
    case = '\n\n@test_case(name="{0}", points=5.8)\ndef test_{0}(double):\n    pass\n'
    ten = "".join(case.format(name) for name in "abcdefghi")
    path = course / PUBLIC_TEST
    text = path.read_text(encoding="utf-8").replace("points=30", "points=5.8") + ten
    path.write_text(text, encoding="utf-8")
    edit(HIDDEN_TEST, "points=30", "points=2")
    assert load(course, "a0_scale").possible == 100.0


@pytest.mark.parametrize("title", ["Twice", "TWICE", " twice "])
def test_two_questions_of_one_title_are_refused_whatever_their_case_or_spaces(
    course: Path, edit: Edit, title: str
) -> None:
    edit(MANIFEST, 'title = "Four times"', f'title = "{title}"')
    told = error_of(course)
    assert f"the title {title!r} is that of q1_double too" in told
    assert "manifest.toml:" in told


def test_a_question_without_points_is_an_error(course: Path, edit: Edit) -> None:
    edit(PUBLIC_TEST, "points=30", "points=0")
    edit(HIDDEN_TEST, "points=30", "points=0")
    assert "question 'q1_double' has no points" in error_of(course)


def test_a_case_without_points_names_file_and_line(course: Path, edit: Edit) -> None:
    edit(PUBLIC_TEST, ", points=30", "")
    assert "q1_double.py:9: the case 'test_small' has points=None" in error_of(course)


def test_two_cases_of_one_function_name_name_both_lines(
    course: Path, edit: Edit
) -> None:
    again = '\n\n@test_case(name="b", points=1)\ndef test_small(double):\n    pass\n'
    edit(PUBLIC_TEST, "[2, 4])\n", "[2, 4])\n" + again)
    message = error_of(course)
    assert "'test_small' stands at line 9 too" in message
    assert "otter would lose the first one" in message


def test_a_case_name_used_in_both_folders_names_both_places(
    course: Path, edit: Edit
) -> None:
    edit(HIDDEN_TEST, "random values", "one and two")
    message = error_of(course)
    assert "solutions/a0_scale/tests/q1_double.py:9" in message
    assert "assignments/a0_scale/tests/q1_double.py:9" in message


def test_a_public_case_in_solutions_is_an_error(course: Path, edit: Edit) -> None:
    edit(HIDDEN_TEST, ", hidden=True", "")
    assert "solutions/ must be hidden=True" in error_of(course)


def test_a_parameter_that_the_question_does_not_grade_is_an_error(
    course: Path, edit: Edit
) -> None:
    edit(PUBLIC_TEST, "test_small(double)", "test_small(triple)")
    assert "takes ['triple'], which its question does not grade" in error_of(course)


def test_a_public_case_may_not_take_the_reference(course: Path, edit: Edit) -> None:
    edit(PUBLIC_TEST, "test_small(double)", "test_small(double, reference)")
    assert "takes ['reference']" in error_of(course)


def test_a_wrong_name_in_a_test_file_names_the_line(course: Path, edit: Edit) -> None:
    edit(PUBLIC_TEST, 'name = "q1_double"', 'name = "q1"')
    assert "q1_double.py:5: needs name = 'q1_double', has 'q1'" in error_of(course)


def test_a_test_file_in_ok_format_is_refused(course: Path, edit: Edit) -> None:
    edit(PUBLIC_TEST, "OK_FORMAT = False", "OK_FORMAT = True")
    assert "q1_double.py:4: needs the line OK_FORMAT = False" in error_of(course)


def test_a_syntax_error_in_a_test_names_the_line(course: Path, edit: Edit) -> None:
    edit(PUBLIC_TEST, "def test_small(double):", "def test_small(double:")
    assert "q1_double.py:9: syntax" in error_of(course)


def test_a_find_that_matches_twice_names_the_misconception_and_line(
    course: Path, edit: Edit
) -> None:
    edit(MISCONCEPTIONS, 'find = "return 2 * _scaled(values)"', 'find = "return "')
    message = error_of(course)
    assert "misconceptions.toml:3: 'squared': its find matches 3 times" in message


def test_a_find_that_matches_nowhere_is_an_error(course: Path, edit: Edit) -> None:
    edit(MISCONCEPTIONS, "return 2 * _scaled(values)", "return 3")
    assert "matches 0 times" in error_of(course)


def test_edits_are_apart_where_what_they_change_is_and_both_make_a_program(
    course: Path, edit: Edit
) -> None:
    def mistake(name: str, find: str, replace: str) -> str:
        return (
            f'[[misconception]]\nname = "{name}"\nmessage = "m"\n'
            f'question = "q1_double"\nfails = ["q1_double"]\n'
            f'[[misconception.edit]]\nfind = "{find}"\nreplace = "{replace}"\n'
        )

    line = "return 2 * _scaled(values)"
    edit("solutions/a0_scale/reference.py", line, "return 2 * _scaled(values), 1")
    whole = "return 2 * _scaled(values), 1"
    (course / MISCONCEPTIONS).write_text(
        mistake("tripled", whole, "return 3 * _scaled(values), 1")
        + mistake("halved", whole, "return 1 * _scaled(values), 1")
        + mistake("second", whole, "return 2 * _scaled(values), 7")
        + mistake("torn", "_scaled(values), 1", "(_scaled(values), 1)")
        + mistake("open", "return 2 * _scaled", "return 2 * (_scaled"),
        encoding="utf-8",
    )
    found = load(course, "a0_scale")
    tripled, halved, second, torn, opened = found.misconceptions
    assert found.apart(tripled, second)
    assert "return 3 * _scaled(values), 7" in found.edited_together(tripled, second)
    assert not found.apart(tripled, halved)
    assert found.apart(tripled, torn)
    assert not found.apart(second, opened)


def test_a_misconception_of_no_question_is_an_error(course: Path, edit: Edit) -> None:
    edit(MISCONCEPTIONS, 'fails = ["q1_double"]', 'fails = ["q7"]')
    assert "['q7'] are no questions" in error_of(course)


def test_a_misspelt_manifest_key_names_the_line_of_its_table(
    course: Path, edit: Edit
) -> None:
    edit(MANIFEST, 'builds_on = ["double"]', 'build_on = ["double"]')
    message = error_of(course)
    assert "manifest.toml:15" in message
    assert "build_on" in message


def test_building_on_a_later_question_is_an_error(course: Path, edit: Edit) -> None:
    edit(MANIFEST, 'review = ["numpy.add"]', 'builds_on = ["quadruple"]')
    assert "no function of an earlier question" in error_of(course)


def test_a_function_graded_twice_is_a_name_clash(course: Path, edit: Edit) -> None:
    edit(MANIFEST, 'functions = ["quadruple"]', 'functions = ["double"]')
    assert "['double'] belong to an earlier question" in error_of(course)


def test_a_function_that_the_reference_lacks_is_an_error(
    course: Path, edit: Edit
) -> None:
    edit("solutions/a0_scale/reference.py", "def quadruple", "def quintuple")
    assert "grades ['quadruple'], which reference.py does not define" in error_of(
        course
    )


def test_a_missing_reference_is_named(course: Path) -> None:
    (course / "solutions/a0_scale/reference.py").unlink()
    assert "reference.py: cannot be read" in error_of(course)


def test_what_a_question_builds_on_reaches_through_other_questions(
    course: Path, edit: Edit
) -> None:
    (course / "assignments/a0_scale/tests/q3_eight.py").write_text(
        "from otter.test_files import test_case\n\nOK_FORMAT = False\n"
        'name = "q3_eight"\n\n\n@test_case(name="x", points=0.5)\n'
        "def test_x(eight):\n    eight(1)\n",
        encoding="utf-8",
    )
    text = (course / "assignments/a0_scale/tests/q3_eight.py").read_text("utf-8")
    hidden = text.replace('name="x", points=0.5', 'name="y", points=0.5, hidden=True')
    (course / "solutions/a0_scale/tests/q3_eight.py").write_text(hidden, "utf-8")
    edit(PUBLIC_TEST, "points=30", "points=29")
    edit(
        "solutions/a0_scale/reference.py",
        "def quadruple(values):",
        "def eight(values):\n    # BEGIN SOLUTION\n    return quadruple(double(values))"
        "\n    # END SOLUTION\n\n\ndef quadruple(values):",
    )
    path = course / MANIFEST
    more = '\n[[question]]\nname = "q3_eight"\ntitle = "Eight"\n'
    more += 'functions = ["eight"]\nbuilds_on = ["quadruple"]\n'
    path.write_text(path.read_text("utf-8") + more, encoding="utf-8")
    assignment = load(course, "a0_scale")
    question = assignment.manifest.question[-1]
    assert assignment.foundations(question) == ["quadruple", "double"]


@pytest.mark.parametrize("places", [[0], [0, 1], [1, 1], [1, 2], [0, -1]])
def test_places_that_are_no_other_order_are_an_error(
    course: Path, edit: Edit, places: list[int]
) -> None:
    line = 'fails = ["q1_double"]'
    edit(MISCONCEPTIONS, line, f"{line}\nplaces = {places}")
    in_order = list(range(len(places)))
    assert f"places: {places} is no other order of {in_order}" in error_of(course)


def test_a_misconception_beyond_one_that_is_not_there_is_an_error(
    course: Path, edit: Edit
) -> None:
    edit(MISCONCEPTIONS, 'fails = ["q1_double"]', 'fails = ["q1_double"]\nbeyond = "b"')
    assert "beyond: 'b' is no other misconception of q1_double" in error_of(course)
