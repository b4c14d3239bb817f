"""Canvas's own export filled in, and what Canvas's importer makes of it."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import StaffError
from autograder.gradebook import ExportReport, export
from autograder.intake.roster import read_roster
from autograder.marks.class_marks import entries_of
from canvas_importer import CanvasCourse, CanvasUser
from gradebook_class import graded, write

ZOE, BO, ADA = (
    CanvasUser(101, "Zoë Doe", "Doe, Zoë", "0012345", "zdoe"),
    CanvasUser(102, "Bo Li", "Li, Bo", "0012346", "bli"),
    CanvasUser(103, "Ada Example", "Example, Ada", "0012347", "aexample"),
)
HEAD = "Student,ID,SIS User ID,SIS Login ID,Section,Convolution (77)\n"
POINTS = "    Points Possible,,,,,100.00\n"
ROWS = (
    '"Doe, Zoë",101,0012345,zdoe,S1,\n',
    '"Li, Bo",102,0012346,bli,S1,\n',
    '"Example, Ada",103,0012347,aexample,S1,\n',
)
CANVAS = HEAD + POINTS + "".join(ROWS)


def course(**changes: Any) -> CanvasCourse:
    return CanvasCourse((ZOE, BO, ADA), {77: "Convolution"}, {77: 100.0}, **changes)


def exported(
    folder: Path, text: str, marks: dict[str, float], **options: Any
) -> tuple[ExportReport, bytes]:
    """Export marks by student name; the ids are those of the SIS."""
    roster = read_roster(write(folder, text))
    by_name = {s.name: s for s in roster.students}
    results = [graded(by_name[n].id, m, name=n) for n, m in marks.items()]
    report = export(
        "canvas",
        roster,
        entries_of(roster, results),
        item_title=options.pop("item", "Convolution"),
        possible=options.pop("possible", 100.0),
        out_path=folder / "out.csv",
        dry_run=False,
        **options,
    )
    return report, (folder / "out.csv").read_bytes()


ALL = {"Zoë Doe": 90.0, "Bo Li": 0.0, "Ada Example": 66.666}
TAKEN = {(101, 77): "90", (102, 77): "0", (103, 77): "66.67"}


def test_canvas_changes_just_the_marks(tmp_path: Path) -> None:
    _, data = exported(tmp_path, CANVAS, ALL)
    there = course()
    assert there.import_(data) == TAKEN
    assert (there.new_users, there.new_assignments) == ([], [])
    assert there.points == {77: 100.0}


def test_whoever_is_excused_or_not_assigned_stays_so_and_is_listed(
    tmp_path: Path,
) -> None:
    text = CANVAS.replace("zdoe,S1,", "zdoe,S1,EX").replace("bli,S1,", "bli,S1,N/A")
    report, data = exported(tmp_path, text, ALL)
    there = course(scores={(101, 77): "EX"}, not_assigned=frozenset({(102, 77)}))
    assert there.import_(data) == {(103, 77): "66.67"}
    assert there.scores[101, 77] == "EX"
    assert report.counts["left alone in the LMS"] == 2
    assert report.counts["marks"] == 1
    assert [r for r in report.remarks if r.startswith("left alone")] == [
        "left alone: Zoë Doe (101) is excused in Canvas (EX)",
        "left alone: Bo Li (102) is not assigned this in Canvas (N/A)",
    ]


def test_a_decision_with_spaces_around_it_is_one(tmp_path: Path) -> None:
    report, data = exported(tmp_path, CANVAS.replace("zdoe,S1,", "zdoe,S1, EX "), ALL)
    assert report.counts["left alone in the LMS"] == 1
    assert (101, 77) not in course().import_(data)


def test_what_is_hidden_of_another_column_is_no_matter_of_this_one(
    tmp_path: Path,
) -> None:
    lines = (HEAD + POINTS + ",,,,,\n" + "".join(ROWS)).splitlines()
    more = ("Pooling (78)", "10.00", "Manual Posting", "", "", "")
    text = "\n".join(f"{line},{cell}" for line, cell in zip(lines, more, strict=True))
    report, _ = exported(tmp_path, text, ALL)
    assert not any("hidden" in remark for remark in report.remarks)
    with pytest.raises(StaffError, match=r"it has: Convolution \(77\), Pooling"):
        exported(tmp_path, text, ALL, item="Padding")


def test_a_mark_with_a_comma_says_what_the_columns_points_are(tmp_path: Path) -> None:
    text = CANVAS.replace("100.00", '"12,500"')
    with pytest.raises(StaffError, match="--item-points"):
        exported(tmp_path, text, ALL, scale=True)
    marked = text.replace("zdoe,S1,", 'zdoe,S1,"7,25"')
    report, _ = exported(tmp_path, marked, ALL, scale=True)
    assert any("12.5 in the LMS" in remark for remark in report.remarks)


def test_an_export_without_an_assignment_says_so(tmp_path: Path) -> None:
    with pytest.raises(StaffError, match="it has: none"):
        exported(tmp_path, CANVAS.replace("Convolution (77)", "Final Score"), ALL)


@pytest.mark.parametrize("place", range(4))
def test_the_row_of_points_may_stand_anywhere(tmp_path: Path, place: int) -> None:
    rows = [*ROWS]
    rows.insert(place, POINTS)
    _, data = exported(tmp_path, HEAD + "".join(rows), ALL)
    assert course().import_(data) == TAKEN


def test_a_row_of_hidden_columns_may_stand_anywhere_and_stays(tmp_path: Path) -> None:
    hidden = ",,,,,Manual Posting\n"
    report, data = exported(tmp_path, CANVAS + hidden, ALL)
    assert course().import_(data) == TAKEN
    assert (
        "is hidden from students in Canvas (Manual Posting): that stays"
        in "\n".join(report.remarks)
    )
    muted, _ = exported(tmp_path, HEAD + ",,,,,Muted\n" + CANVAS[len(HEAD) :], ALL)
    assert "(Muted): that stays" in "\n".join(muted.remarks)


def test_a_second_row_of_points_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StaffError, match=r"csv:6: is a second row 'Points Possible'"):
        exported(tmp_path, CANVAS + POINTS, ALL)


@pytest.mark.parametrize(
    ("columns", "cells"),
    [
        ("", ""),
        ("SIS Login ID,", "{login},"),
        ("SIS User ID,SIS Login ID,", "{sis},{login},"),
        ("SIS User ID,SIS Login ID,Integration ID,", "{sis},{login},i-{id},"),
        (
            "SIS User ID,SIS Login ID,Integration ID,Root Account,",
            "{sis},{login},,canvas.example.edu,",
        ),
        ("SIS User ID,SIS Login ID,Root Account,", "{sis},{login},c.example.edu,"),
    ],
)
@pytest.mark.parametrize("split", [False, True])
def test_every_form_of_canvas_own_export_goes_back(
    tmp_path: Path, columns: str, cells: str, *, split: bool
) -> None:
    rows = []
    for user in (ZOE, BO, ADA):
        last, first = user.sortable_name.split(", ")
        name = f"{last},{first}" if split else f'"{user.sortable_name}"'
        ids = cells.format(login=user.login_id, sis=user.sis_id, id=user.id)
        rows.append(f"{name},{user.id},{ids}S1,\n")
    names = "LastName,FirstName" if split else "Student"
    nobody = "Student,Test" if split else '"Student, Test"'
    text = (
        f"{names},ID,{columns}Section,Convolution (77)\n"
        f"    Points Possible,{',' * (columns.count(',') + 2 + split)}100.00\n"
        + "".join(rows)
        + f"{nobody},999,"
        + "," * columns.count(",")
        + "S1,\n"
    )
    report, data = exported(tmp_path, text, ALL)
    assert course(split_names=split).import_(data) == TAKEN
    assert any("names in two columns" in r for r in report.remarks) == split


@pytest.mark.parametrize("told", ["10.0", "1.00", '"1,00"', '"10,0"', "1.000", "10"])
def test_other_points_are_not_ours(tmp_path: Path, told: str) -> None:
    text = CANVAS.replace("100.00", told)
    with pytest.raises(StaffError, match=re.escape(told.strip('"'))) as refused:
        exported(tmp_path, text, ALL)
    assert "100" in str(refused.value)
    assert not (tmp_path / "out.csv").exists()


def test_marks_are_scaled_to_the_column_when_asked(tmp_path: Path) -> None:
    text = CANVAS.replace("100.00", "10.0")
    report, data = exported(tmp_path, text, ALL, scale=True)
    there = course()
    assert there.import_(data) == {(101, 77): "9", (102, 77): "0", (103, 77): "6.67"}
    assert there.points == {77: 10.0}
    assert "scaled: full marks are 100 here and 10 in the LMS" in "\n".join(
        report.remarks
    )


@pytest.mark.parametrize(
    "letter", ["A-", "complete", "incomplete", "F", "Pass", "3.7x"]
)
def test_a_column_of_letters_takes_no_points(tmp_path: Path, letter: str) -> None:
    text = CANVAS.replace("bli,S1,", f"bli,S1,{letter}")
    with pytest.raises(StaffError, match="takes no points") as refused:
        exported(tmp_path, text, ALL)
    assert f"csv:4: 'Convolution (77)' has '{letter}'" in str(refused.value)


@pytest.mark.parametrize(
    "title",
    [
        "Final Grade Project",
        "My Current Score",
        "Unposted Final Points",
        "Final Scores",
    ],
)
def test_a_title_that_the_importer_drops_is_refused(tmp_path: Path, title: str) -> None:
    text = CANVAS.replace("Convolution", title)
    with pytest.raises(StaffError, match="Canvas drops every column"):
        exported(tmp_path, text, ALL, item=title)
    # And that is what the importer does with it.
    dropped = text.replace("bli,S1,", "bli,S1,50")
    assert (
        CanvasCourse((ZOE, BO, ADA), {77: title}, {77: 1.0}).import_(dropped.encode())
        == {}
    )


NAMES = st.text(
    st.characters(exclude_categories=["C", "Z"], include_characters=' ,";.=-'),
    min_size=1,
    max_size=8,
).map(lambda text: f"N{text}n")
CELLS = st.sampled_from(["", "", "EX", "ex", "N/A", "-", "12", "7,5", "99.99"])


@given(
    people=st.lists(st.tuples(NAMES, CELLS, st.floats(0, 100)), min_size=1, max_size=6),
    place=st.integers(0, 6),
    title=st.sampled_from(["HW; a, b", 'HW "x"', "HW (2)", "A; b; c; d; e; f"]),
)
def test_whatever_the_export_a_mark_is_in_the_row_of_its_student(
    people: list[tuple[str, str, float]],
    place: int,
    title: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    users = tuple(
        CanvasUser(500 + n, name, name, f"{n:05d}", f"u{n}")
        for n, (name, _, _) in enumerate(people)
    )
    table = [
        [user.sortable_name, str(user.id), user.sis_id, user.login_id, "S; 1", cell]
        for user, (_, cell, _) in zip(users, people, strict=True)
    ]
    table.insert(place, ["    Points Possible", "", "", "", "", "100.00"])
    table.insert(
        0, ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", f"{title} (77)"]
    )
    lines = (
        ",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in table
    )
    folder = tmp_path_factory.mktemp("canvas")
    roster = read_roster(write(folder, "\n".join(lines)))
    results = [
        graded(str(user.id), score, name=user.name)
        for user, (_, _, score) in zip(users, people, strict=True)
    ]
    report = export(
        "canvas",
        roster,
        entries_of(roster, results),
        item_title=f"{title} (77)",
        possible=100.0,
        out_path=folder / "out.csv",
        dry_run=False,
    )
    there = CanvasCourse(users, {77: title}, {77: 100.0})
    changed = there.import_((folder / "out.csv").read_bytes())
    assert (there.new_users, there.new_assignments) == ([], [])
    taken = [
        u
        for u, (_, c, _) in zip(users, people, strict=True)
        if c.upper() in {"EX", "N/A"}
    ]
    assert report.counts["left alone in the LMS"] == len(taken)
    assert set(changed) == {(u.id, 77) for u in users if u not in taken}
    for user, (_, cell, score) in zip(users, people, strict=True):
        if cell.upper() not in {"EX", "N/A"}:
            assert abs(float(changed[user.id, 77]) - score) <= 0.0050001


@pytest.mark.parametrize("there", ["85", "85.5%", "-3", "-", "1,234.50"])
def test_a_number_however_it_is_shown_is_no_letter(tmp_path: Path, there: str) -> None:
    cell = f'"{there}"' if "," in there else there
    _, data = exported(tmp_path, CANVAS.replace("bli,S1,", f"bli,S1,{cell}"), ALL)
    assert course().import_(data) == TAKEN


def test_whoever_has_no_mark_has_no_row(tmp_path: Path) -> None:
    _, data = exported(tmp_path, CANVAS, {"Zoë Doe": 90.0})
    assert data.decode().count("\r\n") == 3
    assert course().import_(data) == {(101, 77): "90"}
