"""Gradebook files: one module a format (`formats`) writes down who gets what.

A new format is a module with a `sheet.Format`, and a line in `FORMATS`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from autograder.atomic import write_atomically
from autograder.errors import StaffError
from autograder.gradebook.csv_cells import check_marks
from autograder.gradebook.formats import (
    blackboard,
    brightspace,
    canvas,
    gradescope,
    moodle,
    oneroster,
    plain,
    sakai,
)
from autograder.gradebook.sheet import Expressed, Format, differing, sheet_of
from autograder.intake.roster import Roster
from autograder.marks.class_marks import Entries

FORMATS: Mapping[str, Format] = {
    one.name: one
    for one in (
        brightspace.FORMAT,
        canvas.FORMAT,
        moodle.IMPORT,
        moodle.WORKSHEET,
        blackboard.FORMAT,
        sakai.FORMAT,
        gradescope.FORMAT,
        plain.FORMAT,
        oneroster.FORMAT,
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportReport:
    """What an export did.

    path : the file; written : whether it was, or only would be
    counts : how many students are what; remarks : what a person should know
    parts : all that for the terminal
    ungraded : what a person must look at: faults, times that are not known, and
        whoever is not on the roster
    """

    path: Path
    written: bool
    counts: dict[str, int]
    remarks: tuple[str, ...]
    parts: tuple[RenderableType, ...]
    ungraded: int


def export(
    lms: str,
    roster: Roster,
    entries: Entries,
    *,
    item_title: str,
    possible: float,
    out_path: Path,
    dry_run: bool,
    expressed: Expressed = Expressed.POINTS,
    with_comments: bool = False,
    decimal_comma: bool = False,
    scale: bool = False,
    item_points: float | None = None,
) -> ExportReport:
    """Write the file that the LMS imports, whole or not at all.

    lms : a key of `FORMATS`
    item_title : the grade item's title in the LMS
    possible : the points of full marks
    dry_run : check everything and only say what would be written
    expressed, with_comments, decimal_comma, scale, item_points : how marks are
        written, see `sheet`
    Raises StaffError where the roster is not that LMS's, the item is not in it, a mark
    cannot be, the format has no room for what is asked, or the file cannot be written
    """
    check_marks(entries, possible, out_path)
    chosen = FORMATS.get(lms)
    if chosen is None:
        raise StaffError(
            "--lms", f"there is no format {lms!r}", f"give {', '.join(FORMATS)}"
        )
    _check_room(
        chosen,
        {
            "--as questions": (
                expressed is Expressed.QUESTIONS and not chosen.takes_questions
            ),
            "--comments": with_comments and not chosen.takes_comments,
            "--decimal-comma": decimal_comma and not chosen.takes_decimal_comma,
            "--scale": scale and not chosen.has_points,
            "--item-points": item_points is not None and not chosen.has_points,
        },
    )
    sheet = sheet_of(
        roster,
        entries,
        item=item_title,
        possible=possible,
        expressed=expressed,
        with_comments=with_comments,
        decimal_comma=decimal_comma,
        scale=scale,
        item_points=item_points,
    )
    written = chosen.write(sheet, out_path)
    if not dry_run:
        write_atomically(out_path, written.data)
    notes = list(written.notes)
    if expressed is Expressed.QUESTIONS:
        notes += differing(entries)
    return _report(entries, notes, written.left_alone, out_path, dry_run=dry_run)


def _check_room(chosen: Format, asked: Mapping[str, bool]) -> None:
    for option, has_no_room in asked.items():
        if has_no_room:
            raise StaffError(
                option, f"the format {chosen.name} has none", "leave it out"
            )


def _report(
    entries: Entries,
    notes: Sequence[str],
    left_alone: Sequence[str],
    path: Path,
    *,
    dry_run: bool,
) -> ExportReport:
    marks = sum(entry.score is not None for entry in entries.students)
    marks -= len(left_alone)
    counts = {
        "students on the roster": len(entries.students),
        "marks": marks,
        "nothing handed in": len(entries.missing),
        "not graded": len(entries.faults),
        "time not known": len(entries.doubtful),
        "excused": len(entries.excused),
        "late": len(entries.late),
        "more than one attempt": len(entries.several),
        "not on the roster": len(entries.unmatched),
        "left alone in the LMS": len(left_alone),
    }
    table = Table(title="the gradebook", title_justify="left")
    table.add_column("what")
    table.add_column("how many", justify="right")
    for what, count in counts.items():
        table.add_row(what, str(count))
    written = "would be written, nothing was" if dry_run else "written"
    plural = "" if marks == 1 else "s"
    left = [f"left alone: {line}" for line in left_alone]
    remarks = (*entries.remarks, *left, *notes)
    # Text and not str: names are no markup.
    lines = [Text(f"• {line}") for line in remarks]
    return ExportReport(
        path=path,
        written=not dry_run,
        counts=counts,
        remarks=remarks,
        parts=(table, *lines, Text(f"{path}: {marks} mark{plural} {written}")),
        ungraded=entries.wanting,
    )
