"""Every cell of the files, read as the LMSs read them (GRADEBOOKS.md)."""

import errno
import io
import math
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console, RenderableType

from autograder.errors import StaffError
from autograder.gradebook import ExportReport, export
from autograder.gradebook.csv_cells import csv_bytes, mark
from autograder.intake.roster import Roster, RosterKind, read_roster
from autograder.marks.class_marks import Entries, entries_of
from autograder.marks.deadlines import Terms
from autograder.records.results import Result
from autograder.records.submission import Submission
from gradebook_class import BRIGHTSPACE, CANVAS, DUE, PLAIN, graded, write

Graded = list[tuple[Submission, Result]]
EXPORTS = {"brightspace": BRIGHTSPACE, "canvas": CANVAS}


def cells(path: Path) -> list[list[str]]:
    """Read by hand: RFC 4180, UTF-8, no BOM, rows of one width."""
    data = path.read_bytes()
    assert not data.startswith(b"\xef\xbb\xbf")
    text = data.decode("utf-8")
    assert text.endswith("\r\n")
    rows = [_fields(line) for line in text.removesuffix("\r\n").split("\r\n")]
    assert len({len(row) for row in rows}) == 1
    return rows


def _fields(line: str) -> list[str]:
    fields, at = [], 0
    while at <= len(line):
        if line[at : at + 1] == '"':
            at, text = at + 1, ""
            while line[at] != '"' or line[at : at + 2] == '""':
                text += line[at]
                at += 2 if line[at] == '"' else 1
            at += 1
        else:
            end = line.find(",", at)
            end = len(line) if end < 0 else end
            text, at = line[at:end], end
            assert '"' not in text
        fields.append(text)
        assert line[at : at + 1] in {",", ""}
        at += 1
    return fields


def printed(parts: tuple[RenderableType, ...]) -> str:
    console = Console(file=io.StringIO(), width=200)
    for part in parts:
        console.print(part, soft_wrap=True)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


Export = Callable[..., ExportReport]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "new" / "folder" / "marks.csv"


@pytest.fixture
def do_export(tmp_path: Path, out: Path) -> Export:
    """Write the class list, match the graded submissions and export them."""

    def run(
        lms: str,
        marks: Graded,
        *,
        text: str | None = None,
        title: str = "HW1",
        possible: float = 100.0,
        dry_run: bool = False,
    ) -> ExportReport:
        roster = read_roster(write(tmp_path, EXPORTS[lms] if text is None else text))
        return export(
            lms,
            roster,
            entries_of(roster, marks, terms=Terms(due=DUE)),
            item_title=title,
            possible=possible,
            out_path=out,
            dry_run=dry_run,
        )

    return run


MARKS = [graded("0012345", 66.666), graded("0000007", 0.0), graded("=1+1", None)]


def test_brightspace_gets_ids_with_their_guard_and_blank_is_not_zero(
    do_export: Export, out: Path
) -> None:
    report = do_export("brightspace", MARKS)
    assert cells(out) == [
        ["OrgDefinedId", "Username", "HW1 Points Grade", "End-of-Line Indicator"],
        ["#0012345", "#zdoe", "66.67", "#"],
        ["#0000007", "#oq", "0", "#"],
        ["#0300", "#omar", "", "#"],
        ["#=1+1", "#evil", "", "#"],
    ]
    assert report.ungraded == 1


def test_brightspace_ids_without_the_guard_get_it_back(
    do_export: Export, out: Path
) -> None:
    text = BRIGHTSPACE.replace(",#zdoe", ",zdoe").replace("#0012345", "0012345")
    do_export("brightspace", [], text=text)
    assert cells(out)[1] == ["#0012345", "zdoe", "", "#"]


@pytest.mark.parametrize(
    ("text", "columns", "first"),
    [
        (PLAIN, ["OrgDefinedId", "Username"], ["#0012345", "#zdoe"]),
        ("username,name\nzdoe,Zoë Doe\n", ["Username"], ["#zdoe"]),
        ("id,name\n007,Zoë Doe\n", ["OrgDefinedId"], ["#007"]),
        (
            "Username,Last Name,First Name,End-of-Line Indicator\n#zdoe,Doe,Zoë,#\n",
            ["Username"],
            ["#zdoe"],
        ),
    ],
)
def test_brightspace_gets_the_id_columns_that_the_roster_has(
    do_export: Export, out: Path, text: str, columns: list[str], first: list[str]
) -> None:
    do_export("brightspace", [], text=text)
    header, row, *_ = cells(out)
    assert header == [*columns, "HW1 Points Grade", "End-of-Line Indicator"]
    assert row == [*first, "", "#"]


def test_canvas_gets_its_own_columns_and_only_students_with_a_mark(
    do_export: Export, out: Path
) -> None:
    report = do_export("canvas", [*MARKS, graded("0300", 100.0)])
    assert cells(out) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "HW1 (77)"],
        ["    Points Possible", "", "", "", "", "100"],
        ["Doe, Jr., Zoë", "9001", "0012345", "zdoe", "S1", "66.67"],
        ['O"Quote, Ada', "9002", "0000007", "oq", "S1", "0"],
        ["חיים, דוד", "9003", "0300", "omar", "S1, S2", "100"],
    ]
    assert report.ungraded == 1


def test_canvas_rows_match_byte_for_byte(do_export: Export, out: Path) -> None:
    do_export("canvas", [graded("=1+1", 1.5)])
    assert out.read_bytes().splitlines()[2] == b'"Formula, Eve",9004,=1+1,evil,S1,1.5'


def test_canvas_leaves_the_test_student_out(do_export: Export, out: Path) -> None:
    do_export("canvas", [graded("9999", 50.0)])
    assert len(cells(out)) == 2
    assert "Test" not in out.read_text(encoding="utf-8")


def test_canvas_rows_of_manual_posting_are_echoed(do_export: Export, out: Path) -> None:
    head, rest = CANVAS.split("\n", 1)
    text = f"{head}\n,,,,,Manual Posting,,\n{rest}"
    do_export("canvas", MARKS, text=text)
    assert [row[-1] for row in cells(out)[:3]] == ["HW1 (77)", "Manual Posting", "100"]


def test_canvas_finds_the_second_of_two_assignments_by_its_whole_heading(
    do_export: Export, out: Path
) -> None:
    text = CANVAS.replace("HW2 (78)", "HW1 (78)").replace(",100,10,", ",100,100,")
    do_export("canvas", MARKS, text=text, title="HW1 (78)")
    assert cells(out)[0][-1] == "HW1 (78)"


@pytest.mark.parametrize(
    ("text", "title", "message"),
    [
        (CANVAS, "HW", r"no assignment 'HW'; it has: HW1 \(77\), HW2 \(78\) "),
        (CANVAS, "hw1", "no assignment 'hw1'"),
        (
            CANVAS.replace("HW2 (78)", "HW1 (78)"),
            "HW1",
            r"has 2 assignments 'HW1'; it has: HW1 \(77\), HW1 \(78\)",
        ),
        (
            CANVAS.replace("HW2 (78)", "Final Grade Project (78)"),
            "Final Grade Project",
            "drops every column whose heading has 'Final Grade' in it",
        ),
        (CANVAS, "My Current Score", "drops every .* 'Current Score'"),
        (CANVAS, "Override Status", "drops every .* 'Override Status'"),
        (CANVAS.replace(",100,10,", ",(read only),10,"), "HW1", "Canvas ignores"),
        (CANVAS, "HW2", "has 10 points in Canvas, the assignment has 100"),
        (CANVAS.replace(",100,10,", ",many,10,"), "HW1", "has many points in Canvas"),
        (CANVAS.replace("Section", "Group"), "HW1", "has no column 'Section'"),
        (
            CANVAS.replace('"Formula, Eve"', '"Formula\u2028Eve"'),
            "HW1",
            "the name has control characters|a cell has a line break",
        ),
        (
            CANVAS.replace(",evil,S1", ',evil,"S\n1"'),
            "HW1",
            "a cell has a line break",
        ),
        (
            BRIGHTSPACE,
            "HW1",
            "kind Brightspace, not a Canvas export .*Gradebook, Export",
        ),
        (PLAIN, "HW1", "kind plain CSV, not a Canvas export"),
    ],
)
def test_what_canvas_would_take_wrongly_is_refused(
    do_export: Export, out: Path, text: str, title: str, message: str
) -> None:
    with pytest.raises(StaffError, match=message):
        do_export("canvas", [graded("=1+1", 5.0)], text=text, title=title)
    assert not out.exists()


def test_canvas_has_its_own_number_beside_an_sis_id_that_looks_like_one(
    do_export: Export, out: Path
) -> None:
    # Its importer reads 12.34.56 as 1234.56: the column ID comes first and decides.
    text = CANVAS.replace("0300", "12.34.56")
    do_export("canvas", [graded("12.34.56", 5.0, name="דוד חיים")], text=text)
    row = out.read_text(encoding="utf-8").splitlines()[-1]
    assert row.endswith(',9003,12.34.56,omar,"S1, S2",5')
    with pytest.raises(StaffError, match="the id is empty"):
        do_export("canvas", [], text=text.replace(",9003,", ",,"))


@pytest.mark.parametrize("told", ["100.00", '"100,0"', '""'])
def test_canvas_points_are_read_in_any_locale(
    do_export: Export, out: Path, told: str
) -> None:
    do_export("canvas", [], text=CANVAS.replace(",100,10,", f",{told},10,"))
    assert cells(out)[1][-1] == told.strip('"')


NAMED = "OrgDefinedId,Username,Last Name,First Name,"
ITEM = "HW1 Points Grade <Numeric MaxPoints:{} Weight:5>,End-of-Line Indicator"


@pytest.mark.parametrize(
    ("text", "title", "message"),
    [
        (CANVAS, "HW1", "is a Canvas export.*Brightspace's own export"),
        (BRIGHTSPACE, "a<b", "'a<b' cannot be the title"),
        (BRIGHTSPACE, "a\nb", "cannot be the title"),
        (BRIGHTSPACE, " ", "cannot be the title"),
        (
            NAMED + ITEM.format(10) + "\n#1,#a,A,B,,#\n",
            "HW1",
            "'HW1' has 10 points in Brightspace, the assignment has 100",
        ),
    ],
)
def test_what_brightspace_would_take_wrongly_is_refused(
    do_export: Export, out: Path, text: str, title: str, message: str
) -> None:
    with pytest.raises(StaffError, match=message):
        do_export("brightspace", [], text=text, title=title)
    assert not out.exists()


def test_brightspace_items_of_the_export_are_compared_with_the_title(
    do_export: Export,
) -> None:
    text = NAMED + ITEM.format(100) + "\n#1,#a,A,B,,#\n"
    known = printed(do_export("brightspace", [], text=text).parts)
    assert "no grade item" not in known
    other = printed(do_export("brightspace", [], text=text, title="HW9").parts)
    assert "the export has no grade item 'HW9'; it has: HW1" in other


def test_a_dry_run_says_the_same_and_writes_nothing(
    do_export: Export, out: Path
) -> None:
    marks = [*MARKS, graded(None, 9.0, name="[red]Nobody[/]")]
    report = do_export("brightspace", marks, dry_run=True)
    assert not out.parent.exists()
    text = printed(report.parts)
    assert f"{out}: 2 marks would be written, nothing was" in text
    assert "not on the roster: [red]Nobody[/] (10001-1)" in text
    assert "nothing handed in: דוד חיים (0300)" in text
    assert "not graded: Eve Formula (=1+1): the sandbox would not start" in text
    assert report.ungraded == 2
    written = printed(do_export("brightspace", marks).parts)
    assert f"{out}: 2 marks written" in written


@pytest.mark.parametrize("score", [100.01, -1.0, math.nan, math.inf])
@pytest.mark.parametrize("lms", ["brightspace", "canvas"])
def test_a_mark_that_cannot_be_is_refused(
    do_export: Export, out: Path, lms: str, score: float
) -> None:
    with pytest.raises(
        StaffError, match=r"Doe.* has (100\.01|-1\.0|nan|inf) of 100 poi"
    ):
        do_export(lms, [graded("0012345", score)])
    assert not out.exists()


def test_a_sum_a_hair_above_the_maximum_is_the_maximum(
    do_export: Export, out: Path
) -> None:
    do_export("brightspace", [graded("0012345", 100.00000000000001)])
    assert cells(out)[1][2] == "100"


def test_marks_out_of_other_points_are_refused(do_export: Export) -> None:
    with pytest.raises(StaffError, match=r"was graded out of 50 points, .* has 100"):
        do_export("brightspace", [graded("0012345", 5.0, possible=50.0)])
    with pytest.raises(StaffError, match=r"the assignment gives 0\.0 points"):
        do_export("brightspace", [], possible=0.0)


def test_an_unknown_format_is_refused(do_export: Export) -> None:
    with pytest.raises(StaffError, match="no format 'ilias'"):
        do_export("ilias", [], text=BRIGHTSPACE)


def test_a_folder_that_is_a_file_is_named(do_export: Export, out: Path) -> None:
    out.parent.parent.write_text("in the way", encoding="utf-8")
    with pytest.raises(StaffError, match=r"marks\.csv: cannot be written"):
        do_export("brightspace", MARKS)
    assert out.parent.parent.read_text(encoding="utf-8") == "in the way"


def test_a_full_disk_leaves_what_was_there(
    do_export: Export, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    do_export("brightspace", MARKS)
    before = out.read_bytes()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(
        StaffError, match=r"marks\.csv: cannot be written: No space left"
    ):
        do_export("brightspace", [])
    assert out.read_bytes() == before
    assert list(out.parent.iterdir()) == [out]


def test_halves_round_up_and_zeros_are_dropped() -> None:
    told = {
        0.125: "0.13",
        2.675: "2.68",
        10.0: "10",
        100.0: "100",
        33.3: "33.3",
        0: "0",
    }
    assert {score: mark(score) for score in told} == told


def test_a_line_break_in_a_cell_is_refused(tmp_path: Path) -> None:
    for newline in ("\n", "\r", "\r\n", "\u2028", "\x0b"):
        with pytest.raises(StaffError, match="a cell has a line break"):
            csv_bytes([["a", f"b{newline}c"]], tmp_path)
        with pytest.raises(StaffError, match="a cell has a line break"):
            csv_bytes([["a", f"b{newline}"]], tmp_path)
    with pytest.raises(ValueError, match=r"several widths: \[1, 2\]"):
        csv_bytes([["a"], ["b", "c"]], tmp_path)


TEXT = st.text(
    st.characters(exclude_categories=["C", "Z"], include_characters=' ,"='),
    min_size=1,
    max_size=12,
).map(lambda text: f"x{text}x")
SCORE = st.none() | st.floats(0, 100)


@given(people=st.lists(st.tuples(TEXT, TEXT, SCORE), min_size=1, max_size=8))
def test_any_class_comes_back_from_both_files(
    people: list[tuple[str, str, float | None]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("class")
    head = ["Student", "ID", "SIS User ID", "Section", "HW1 (77)"]
    points = ["    Points Possible", "", "", "", "100"]
    rows = [
        [name, f"{9000 + n}", f"{n:07d}", section, ""]
        for n, (name, section, _) in enumerate(people)
    ]
    canvas = _roster(folder, [head, points, *rows])
    marks = [
        graded(f"{n:07d}", score, name=name)
        for n, (name, _, score) in enumerate(people)
        if score is not None
    ]
    entries = entries_of(canvas, marks)
    read = _exported("canvas", canvas, entries, folder / "canvas.csv")
    assert read[:2] == [head, points]
    wanted = [
        (row[:4], score)
        for row, (_, _, score) in zip(rows, people, strict=True)
        if score is not None
    ]
    assert [row[:4] for row in read[2:]] == [row for row, _ in wanted]
    for row, (_, points_given) in zip(read[2:], wanted, strict=True):
        # Half a hundredth is lost to rounding; the rest is the float's own error.
        assert float(row[4]) == pytest.approx(points_given, abs=0.005 + 1e-9)

    plain = [["id", "username", "name"]]
    plain += [[f"{n:07d}", f"u{n}", name] for n, (name, _, _) in enumerate(people)]
    bright = _roster(folder, plain)
    entries = entries_of(bright, marks)
    read = _exported("brightspace", bright, entries, folder / "brightspace.csv")
    assert [row[:2] for row in read[1:]] == [
        [f"#{n:07d}", f"#u{n}"] for n in range(len(people))
    ]
    for row, (_, _, score) in zip(read[1:], people, strict=True):
        assert (row[2] == "") == (score is None)
        if score is not None:
            assert float(row[2]) == pytest.approx(score, abs=0.005 + 1e-9)


def _roster(folder: Path, rows: list[list[str]]) -> Roster:
    lines = (
        ",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows
    )
    roster = read_roster(write(folder, "\n".join(lines)))
    assert roster.kind is not RosterKind.BRIGHTSPACE
    return roster


def _exported(lms: str, roster: Roster, entries: Entries, out: Path) -> list[list[str]]:
    export(
        lms,
        roster,
        entries,
        item_title="HW1",
        possible=100.0,
        out_path=out,
        dry_run=False,
    )
    return cells(out)
