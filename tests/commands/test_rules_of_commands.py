"""Policy and overrides as an instructor uses them: one mark in every output."""

import csv
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result

from autograder.cli import main
from autograder.commands.options import Moment
from autograder.marks.rules import Asked
from autograder.runs.class_marks import course_totals
from small_class import SQUARE, invoke, on_class, write_class

pytestmark = pytest.mark.usefixtures("warm_graders")

POLICY = """\
timezone = "America/Edmonton"

[late]
grace = "15 min"
percent = 10

[[assignment]]
name = "a0_scale"
due = 2026-10-08T23:59:00

[[extension]]
student = "0013"
assignment = "a0_scale"
due = 2026-10-10T23:59:00
why = "ill"
"""
OVERRIDES = """\
[[override]]
student = "ada"
assignment = "a0_scale"
question = "q1_double"
points = 60
by = "S. Instructor"
why = "the square was asked for in the lab"
"""


@pytest.fixture
def folder(tmp_path: Path, course: Path) -> Path:
    """A class that is graded: handed in on 9 October at 10:22."""
    write_class(tmp_path, {"Ada Example": SQUARE, "Zoë Müller": SQUARE})
    (tmp_path / "policy.toml").write_text(POLICY, encoding="utf-8")
    (tmp_path / "overrides.toml").write_text(OVERRIDES, encoding="utf-8")
    assert on_class("grade", course, tmp_path).exit_code == 0
    return tmp_path


def rules(folder: Path) -> list[object]:
    return [
        *("--policy", folder / "policy.toml"),
        *("--overrides", folder / "overrides.toml"),
    ]


def run(folder: Path, course: Path, *arguments: object) -> Result:
    given = ["--roster", folder / "roster.csv", "--out", folder / "out"]
    return invoke(*arguments, *given, "--course", course)


def test_a_gradebook_has_marks_after_policy_and_a_persons_word(
    folder: Path, course: Path
) -> None:
    arguments = ["export", "a0_scale", "--lms", "csv", "--comments", *rules(folder)]
    assert run(folder, course, *arguments).exit_code == 0
    text = (folder / "out/a0_scale-csv.csv").read_text(encoding="utf-8-sig")
    ada, zoe, nia = csv.DictReader(text.splitlines())
    # Squares are wrong in every case of q1: 40 points for q2, whose own is right.
    assert (ada["points"], zoe["points"], nia["points"]) == ("90", "40", "")
    assert "Twice: 0 was set to 60 (S. Instructor: the square was" in ada["comment"]
    assert "late by 10 h 23 min: 1 day begun x 10 % of 100 = 10 less" in ada["comment"]
    assert zoe["late"] == ""


def test_a_students_page_tells_why_the_mark_is_another(
    folder: Path, course: Path
) -> None:
    assert on_class("grade", course, folder, *rules(folder)).exit_code == 0
    page = (folder / "out/feedback/a0_scale/0012.html").read_text(encoding="utf-8")
    assert "10 h 23 min late" in page
    assert "Twice: 0 was set to 60" in page
    assert "= 10 less, leaves 90" in page
    assert "<b>90</b> points count." in page
    other = (folder / "out/feedback/a0_scale/0013.html").read_text(encoding="utf-8")
    assert "in time" in other
    assert "points count" not in other


def test_an_override_survives_a_regrade(folder: Path, course: Path) -> None:
    assert on_class("grade", course, folder, "--force").exit_code == 0
    run(folder, course, "export", "a0_scale", "--lms", "csv", *rules(folder))
    text = (folder / "out/a0_scale-csv.csv").read_text(encoding="utf-8-sig")
    assert next(csv.DictReader(text.splitlines()))["points"] == "90"


def test_the_class_report_lists_what_a_person_changed(
    folder: Path, course: Path
) -> None:
    run(folder, course, "report", "a0_scale", *rules(folder))
    page = (folder / "out/a0_scale-class.html").read_text(encoding="utf-8")
    assert "Changed by the policy or by a person" in page
    assert "Twice: 0 was set to 60" in page


def test_a_total_is_shown_written_and_exported(folder: Path, course: Path) -> None:
    result = run(folder, course, "total", "--json", *rules(folder))
    students = json.loads(result.stdout)["students"]
    assert [one["percent"] for one in students[:2]] == [90.0, 40.0]
    assert students[0]["words"] == ["total: mean of a0_scale 90 % = 90 %"]
    text = (folder / "out/total.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines()[:3] == [
        "id,name,a0_scale,total",
        "0012,Ada Example,90,90",
        "0013,Zoë Müller,40,40",
    ]
    run(folder, course, "export", "total", "--lms", "brightspace", *rules(folder))
    exported = (folder / "out/total-brightspace.csv").read_text(encoding="utf-8")
    assert exported.splitlines()[1] == "#0012,#ada,90,#"


@pytest.mark.parametrize(
    ("day", "percent"),
    [
        (datetime(2026, 10, 8, tzinfo=UTC), None),
        (datetime(2026, 10, 9, 7, tzinfo=UTC), 0),
    ],
)
def test_what_was_not_handed_in_counts_nothing_from_its_deadline_on(
    folder: Path, course: Path, day: datetime, percent: float | None
) -> None:
    asked = Asked(policy=folder / "policy.toml")
    found = course_totals(course, folder / "roster.csv", folder / "out", asked, day)
    ada, _, nia = found.totals
    assert (ada.percent, nia.percent) == (30.0, percent)


def test_a_total_wants_a_policy_and_something_graded(
    folder: Path, course: Path
) -> None:
    assert "a total needs one" in run(folder, course, "total").output
    policy = folder / "policy.toml"
    policy.write_text('timezone = "UTC"\n', encoding="utf-8")
    result = run(folder, course, "total", "--policy", policy)
    assert "none of its assignments is graded" in result.output


def test_oneroster_wants_the_line_items_id(folder: Path, course: Path) -> None:
    result = run(folder, course, "export", "a0_scale", "--lms", "oneroster")
    assert result.exit_code == 1
    assert "--item: oneroster wants the line item's sourcedId" in result.output


def test_a_deadline_stands_in_one_place(folder: Path, course: Path) -> None:
    given = ["export", "a0_scale", "--lms", "csv", "--due", "2026-10-10"]
    result = run(folder, course, *given, *rules(folder))
    assert result.exit_code == 1
    assert "--due: given beside --policy" in result.output


def test_a_wrong_policy_is_told_before_anything_is_graded(
    folder: Path, course: Path
) -> None:
    policy = folder / "policy.toml"
    policy.write_text(POLICY.replace("0013", "0099"), encoding="utf-8")
    with zipfile.ZipFile(folder / "class.zip", "a") as archive:
        place = "10009-5009 - Nia Nothing - Oct 9, 2026 1022 AM"
        archive.writestr(f"{place}/a0_scale.py", SQUARE)
    result = on_class("grade", course, folder, "--policy", policy)
    assert result.exit_code == 1
    assert "policy.toml:11: '0099' is nobody on" in result.output
    assert not (folder / "out/feedback/a0_scale/0014.html").exists()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-10-10T23:59", "2026-10-10T23:59:00"),
        ("2026-10-10 23:59:30", "2026-10-10T23:59:30"),
        ("2026-10-10T23:59-06:00", "2026-10-10T23:59:00-06:00"),
        ("2026-10-10", "2026-10-10T23:59:59"),
    ],
)
def test_a_deadline_may_be_written_short(text: str, wanted: str) -> None:
    assert Moment().convert(text, None, None) == datetime.fromisoformat(wanted)


def test_a_deadline_that_is_none_is_told(folder: Path, course: Path) -> None:
    result = run(folder, course, "report", "a0_scale", "--due", "tomorrow")
    assert result.exit_code == 2
    assert "'tomorrow' is no date like 2026-10-10T23:59" in result.output


def test_every_command_has_a_form_for_scripts() -> None:
    groups = {"push": ("push", "canvas")}
    for name in main.commands:
        result = invoke(*groups.get(name, (name,)), "--help")
        assert "--json" in result.output, name


def test_the_report_is_told_to_a_script(folder: Path, course: Path) -> None:
    told = json.loads(run(folder, course, "report", "a0_scale", "--json").stdout)
    assert (told["graded"], told["students"], told["overviews"]) == (2, 3, None)
    missing = {m["heading"]: m["students"] for m in told["matters"]}
    assert missing["Nothing handed in"] == ["Nia Nothing"]


def test_package_and_release_are_told_to_a_script(tmp_path: Path, course: Path) -> None:
    out = tmp_path / "a.zip"
    given = ["package", "a0_scale", "--for", "otter", "--out", out, "--json"]
    told = json.loads(invoke(*given, "--course", course).stdout)
    assert told["path"] == str(out)
    assert told["files"] == len(zipfile.ZipFile(out).namelist())
    told = json.loads(invoke("release", "--course", course, "--json").stdout)
    assert told["files"] > 0
    given = ["release", "--course", course, "--check", "--json"]
    (course / "student_template/a0_scale/a0_scale.py").write_text("", encoding="utf-8")
    drifted = invoke(*given)
    assert drifted.exit_code == 1
    assert any("a0_scale.py" in line for line in json.loads(drifted.stdout)["drift"])
