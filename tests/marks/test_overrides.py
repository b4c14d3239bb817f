"""What a person decided holds on top of every result, and a mistake has its line."""

from pathlib import Path

import pytest

from autograder.errors import StaffError
from autograder.intake.roster import read_roster
from autograder.marks.overrides import Overrides, read_overrides
from gradebook_class import BRIGHTSPACE, write

ONE = """\
[[override]]
student = "0300"
assignment = "a0"
question = "q1"
points = 7.5
by = "S. Instructor"
why = "a right answer in a list of lists"

[[override]]
student = "0300"
assignment = "a0"
comment = "Nice idea in q2."
by = "S. Instructor"
why = "a word to the student"
"""


def read(folder: Path, text: str) -> Overrides:
    roster = read_roster(write(folder, BRIGHTSPACE))
    path = write(folder, text, "overrides.toml")
    return read_overrides(path, roster, ["a0", "a1"], lambda _: {"q1": 8.0, "q2": 2.0})


def test_decisions_are_kept_in_their_order(tmp_path: Path) -> None:
    found = read(tmp_path, ONE)
    first, second = found.of("a0", "0300")
    assert (first.question, first.points) == ("q1", 7.5)
    assert (second.points, second.comment) == (None, "Nice idea in q2.")
    assert found.of("a0", "0000007") == found.of("a1", "0300") == ()
    assert found.possible == {"a0": 10.0}


@pytest.mark.parametrize(
    ("found", "replace", "wanted"),
    [
        ('"0300"', '"300"', "overrides.toml:1: '300' is nobody on"),
        ('"a0"', '"a7"', "overrides.toml:1: the course has no assignment 'a7'"),
        ('"q1"', '"q9"', "overrides.toml:1: a0 has no question 'q9'"),
        ("7.5", "8.5", "0300: 8.5 points of q1, which has 8"),
        ("7.5", "-1", "0300: -1 points of q1"),
        ("7.5", "nan", "0300: nan points of q1"),
        ('"S. Instructor"', '""', "overrides.toml:1: 0300: it must say by whom"),
        ("points = 7.5\n", "", "0300: there are neither points nor a comment"),
        ("points = 7.5", "excused = true", "0300: excused, and points or a question"),
        ('question = "q1"\npoints', "points", "overrides.toml:8: a second override of"),
        ('"q1"\npoints = 7.5', '""\nexcused = true', "overrides.toml:9: 0300: excused"),
        ("points", "pionts", "Object contains unknown field `pionts`"),
    ],
)
def test_a_mistake_is_told_with_its_line(
    tmp_path: Path, found: str, replace: str, wanted: str
) -> None:
    assert found in ONE
    with pytest.raises(StaffError) as caught:
        read(tmp_path, ONE.replace(found, replace, 1))
    assert wanted in str(caught.value)


@pytest.mark.parametrize("part", ["by", "why"])
def test_a_decision_of_nobody_or_for_no_reason_is_refused(
    tmp_path: Path, part: str
) -> None:
    old = {"by": "S. Instructor", "why": "a right answer in a list of lists"}[part]
    with pytest.raises(StaffError, match="it must say by whom and why"):
        read(tmp_path, ONE.replace(old, "  ", 1))


def test_a_comment_of_spaces_is_none_and_an_excuse_needs_none(tmp_path: Path) -> None:
    blank = ONE.replace("Nice idea in q2.", " ")
    with pytest.raises(StaffError, match=r"toml:9: 0300: there are neither points nor"):
        read(tmp_path, blank)
    excuse = ONE[: ONE.index("[[override]]", 1)].replace(
        'question = "q1"\npoints = 7.5', "excused = true"
    )
    assert read(tmp_path, excuse).of("a0", "0300")[0].excused


def test_all_and_none_of_the_points_can_be_given(tmp_path: Path) -> None:
    for points in ("8", "0"):
        found = read(tmp_path, ONE.replace("7.5", points))
        assert found.of("a0", "0300")[0].points == float(points)
    whole = ONE.replace('question = "q1"\npoints = 7.5', "points = {}")
    whole = whole[: whole.index("[[override]]", 1)]
    assert read(tmp_path, whole.replace("{}", "10")).of("a0", "0300")
    with pytest.raises(StaffError, match=r"10\.5 points of a0, which has 10"):
        read(tmp_path, whole.replace("{}", "10.5"))


TIME = """\
[[override]]
student = "0300"
assignment = "a0"
submitted = 2026-10-10T22:00:00
by = "S. Instructor"
why = "it was in the post"
"""


def test_a_time_alone_is_a_decision_and_no_questions(tmp_path: Path) -> None:
    assert read(tmp_path, TIME).of("a0", "0300")[0].submitted is not None
    with pytest.raises(StaffError, match="the time is of the whole assignment, not of"):
        read(tmp_path, f'{TIME}question = "q1"\n')


def test_a_name_beside_the_id_must_be_the_students(tmp_path: Path) -> None:
    assert read(tmp_path, f'{TIME}name = "חיים, דוד"\n').of("a0", "0300")
    with pytest.raises(StaffError, match=r"'0300' is 'דוד חיים' on .*, not 'Eve'"):
        read(tmp_path, f'{TIME}name = "Eve"\n')


def test_an_id_of_several_is_no_ones(tmp_path: Path) -> None:
    roster = read_roster(
        write(tmp_path, "id,username,name\n1,2,Zoë Doe\n2,ada,Ada Example\n")
    )
    path = write(tmp_path, ONE.replace("0300", "2"), "overrides.toml")
    with pytest.raises(StaffError, match=r"toml:1: '2' is several students on"):
        read_overrides(path, roster, ["a0"], lambda _: {"q1": 8.0})


@pytest.mark.parametrize(
    ("lines", "what"),
    [('question = "q1"\npoints = 1', "q1"), ("points = 1", "a0")],
)
def test_what_is_decided_twice_is_named(tmp_path: Path, lines: str, what: str) -> None:
    one = TIME.replace("submitted = 2026-10-10T22:00:00", lines)
    with pytest.raises(
        StaffError, match=rf"toml:\d: a second override of {what} for 0300"
    ):
        read(tmp_path, f"{one}\n{one}")


@pytest.mark.parametrize("more", ['question = "q1"', "points = 1"])
def test_an_excuse_is_of_all_and_stands_alone(tmp_path: Path, more: str) -> None:
    with pytest.raises(StaffError, match="excused, and points or a question, or a"):
        read(tmp_path, f"{TIME}excused = true\n")
    without = TIME.replace("submitted = 2026-10-10T22:00:00", "excused = true")
    with pytest.raises(StaffError, match="excused, and points or a question, or a"):
        read(tmp_path, f"{without}{more}\n")
    comment = TIME.replace("submitted = 2026-10-10T22:00:00", 'comment = "Well"')
    with pytest.raises(StaffError, match="excused from a0, and more beside it"):
        read(tmp_path, f"{comment}\n{without}")


def test_an_assignments_points_are_asked_for_once(tmp_path: Path) -> None:
    asked: list[str] = []

    def points(name: str) -> dict[str, float]:
        asked.append(name)
        return {"q1": 8.0}

    roster = read_roster(write(tmp_path, BRIGHTSPACE))
    read_overrides(write(tmp_path, ONE, "o.toml"), roster, ["a0"], points)
    assert asked == ["a0"]
