"""One semester through the real commands: 41 students, five assignments, one state.

Downloads of three LMSs, a late add, a drop, two pairs of namesakes, lateness over the
night on which clocks go back, a person's decisions; and totals against a reckoning that
is written here, from the table of who handed in what, without the package.
"""

import csv
import json
import shutil
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import Result

import semester
from autograder.grading import share_out
from semester import DUE, JOINS, LEAVES, UNGRADED, HandedIn, Work, identity
from small_class import invoke

POLICY = """\
timezone = "America/Edmonton"
[late]
grace = "15 min"
percent = 10
cut_off = "3 d"
[[group]]
name = "homework"
weight = 60
drop_lowest = 1
[[group]]
name = "project"
weight = 40
"""
PLANNED = """\
[[assignment]]
name = "{name}"
due = {due:%Y-%m-%dT%H:%M:%S}
{more}
"""
IN_GROUP = {
    "s1": 'group = "homework"',
    "s2": 'group = "homework"\nattempts = "best"',
    "s3": 'group = "homework"',
    "s4": 'group = "project"',
    "s5": 'group = "project"\nweight = 2',
}
PROLONGED, DAYS = 20, 2
"""One student has two days more for s4."""
ILL, SET = 5, 25
"""One is excused from s4; one's s3 a person has set to 50."""
RULED = f"""
[[extension]]
student = "{9000 + PROLONGED}"
assignment = "s4"
due = 2024-11-24T23:59:00
why = "a conference"
"""


def decided(number: int, name: str, what: str) -> str:
    return (
        f'[[override]]\nstudent = "{9000 + number}"\nassignment = "{name}"\n{what}\n'
        'by = "S. Instructor"\nwhy = "seen by hand"\n'
    )


DECIDED = (
    decided(JOINS, "s1", "excused = true")
    + decided(JOINS, "s2", "excused = true")
    + decided(ILL, "s4", "excused = true")
    + decided(SET, "s3", "points = 50.0")
)


# ---- the reckoning by hand --------------------------------------------------


def after_lateness(one: HandedIn, later: int = 0) -> Fraction:
    points, late = Fraction(str(one.points)), one.late - later
    if late <= 15:
        return points
    if late > 3 * 24 * 60:
        return Fraction(0)
    days = -(-late // (24 * 60))
    return max(points - 10 * days, Fraction(0))


def mark(number: int, name: str, handed_in: Work) -> Fraction | str:
    if (number, name) in {(JOINS, "s1"), (JOINS, "s2"), (ILL, "s4")}:
        return "excused"
    if (number, name) == (SET, "s3"):
        return Fraction(50)
    several = handed_in.get((number, name))
    if several is None:
        return "missing"
    if (number, name) == UNGRADED:
        return "not graded"
    later = DAYS * 24 * 60 if (number, name) == (PROLONGED, "s4") else 0
    left = [after_lateness(one, later) for one in several]
    return max(left) if name == "s2" else left[-1]


def total(number: int, handed_in: Work) -> Fraction | None:
    marks = {name: mark(number, name, handed_in) for name in DUE}
    if "not graded" in marks.values():
        return None
    counted = {
        name: one if isinstance(one, Fraction) else Fraction(0)
        for name, one in marks.items()
        if one != "excused"
    }
    homework = sorted(counted[name] for name in ("s1", "s2", "s3") if name in counted)
    homework = homework[1:] or homework
    weights = {"s4": 1, "s5": 2}
    project = [(counted[name], w) for name, w in weights.items() if name in counted]
    weighted = sum(one * w for one, w in project) / sum(w for _, w in project)
    percent = (60 * sum(homework) / len(homework) + 40 * weighted) / 100
    return Fraction(int(percent * 100 + Fraction(1, 2)), 100)


# ---- the semester -----------------------------------------------------------


@pytest.fixture
def five(course: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course of five assignments, whose graders only read points."""
    for name in DUE:
        for side in ("assignments", "solutions"):
            shutil.copytree(course / side / "a0_scale", course / side / name)
        manifest = course / "assignments" / name / "manifest.toml"
        text = manifest.read_text().replace("a0_scale.py", f"{name}.py")
        manifest.write_text(text.replace('"Scaling"', f'"Work {name}"'))
    monkeypatch.setattr(share_out, "graded_together", semester.graders)
    return course


def write_policy(folder: Path) -> None:
    planned = [
        PLANNED.format(name=name, due=due, more=IN_GROUP[name])
        for name, due in DUE.items()
    ]
    (folder / "policy.toml").write_text(POLICY + "".join(planned) + RULED)
    (folder / "overrides.toml").write_text(DECIDED)


def ruled(course: Path, folder: Path, *command: object) -> Result:
    """Run a command with the class list as it is, under the policy."""
    given = [*command, "--roster", folder / "roster.csv", "--out", folder / "out"]
    return invoke(*given, "--policy", folder / "policy.toml", "--course", course)


def test_totals_are_those_of_a_reckoning_by_hand(five: Path, tmp_path: Path) -> None:
    handed_in = semester.work()
    write_policy(tmp_path)
    for name in DUE:
        (tmp_path / "roster.csv").write_text(semester.class_list(name))
        times = semester.write_download(tmp_path, name, handed_in)
        more = ("--times", times) if times else ()
        graded = ruled(
            *(five, tmp_path, "grade", name, tmp_path / f"{name}.zip"),
            *("--no-sandbox", *more),
        )
        # The LMS tells namesakes apart; only s5 wants a person.
        assert graded.exit_code == (2 if name == UNGRADED[1] else 0), graded.output
        assert "Kowalski (9003)" in graded.output
        assert "Kowalski (9017)" in graded.output
    overrides = ("--overrides", tmp_path / "overrides.toml")
    run = ruled(five, tmp_path, "total", *overrides, "--json")
    document = json.loads(run.stdout)
    found = {one["roster_id"]: one for one in document["students"]}
    numbers = [n for n in range(semester.COUNT + 1) if n != LEAVES]
    assert [*found] == [str(9000 + n) for n in numbers]
    assert len({identity(n)[2] for n in numbers}) == len(numbers) - 2
    by_hand = {
        str(9000 + n): None if (t := total(n, handed_in)) is None else float(t)
        for n in numbers
    }
    differ = {i: t for i, t in by_hand.items() if found[i]["percent"] != t}
    assert differ == {}
    # Only the one whose grader failed has no total, which is why it ends with 2.
    assert [i for i, t in by_hand.items() if t is None] == [str(9000 + UNGRADED[0])]
    assert (run.exit_code, "s5: not graded" in run.stderr) == (2, True)
    for name in DUE:
        assert of_export(five, tmp_path, name) == {
            str(9000 + n): told(mark(n, name, handed_in)) for n in numbers
        }
    settled = decided(*UNGRADED, "points = 71.5")
    (tmp_path / "overrides.toml").write_text(DECIDED + settled)
    run = ruled(five, tmp_path, "total", *overrides)
    assert (run.exit_code, "no total" in run.output) == (0, False)


def of_export(course: Path, folder: Path, name: str) -> dict[str, str]:
    """Return each mark of the table for people, or why there is none, by id."""
    overrides = ("--overrides", folder / "overrides.toml")
    run = ruled(course, folder, "export", name, "--lms", "csv", *overrides)
    assert run.exit_code == (2 if name == UNGRADED[1] else 0), run.output
    # Who has left is told where something of theirs is there, and nowhere else.
    left = "not on the class list any more: Given7 Family7 (9007)"
    assert (left in run.output) == (name in {"s1", "s2"})
    path = folder / f"out/{name}-csv.csv"
    rows = csv.DictReader(path.read_text("utf-8-sig").splitlines())
    return {row["id"]: row["points"] or row["status"] for row in rows}


def told(one: Fraction | str) -> str:
    """Return how the table writes a mark, or that there is none."""
    words = {"not graded": "fault"}
    return words.get(one, one) if isinstance(one, str) else f"{float(one):g}"
