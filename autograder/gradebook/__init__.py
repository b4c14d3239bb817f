"""Gradebook files: `entries` says who gets what, one module an LMS writes it down."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from autograder.atomic import write_atomically
from autograder.errors import StaffError
from autograder.gradebook import brightspace, canvas
from autograder.gradebook.entries import Entries
from autograder.gradebook.writing import check_marks, csv_bytes
from autograder.roster import Roster


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportReport:
    """What an export did.

    path : the file; written : whether it was, or only would be
    counts : how many students are what; remarks : what a person should know
    parts : all that for the terminal
    ungraded : results without a place in the file: faults, and whoever is not on the
        roster
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
) -> ExportReport:
    """Write the file that the LMS imports, whole or not at all.

    lms : ``brightspace`` or ``canvas``
    item_title : the grade item's title in the LMS
    possible : the points of full marks
    dry_run : check everything and only say what would be written
    Raises StaffError where the roster is not that LMS's, the item is not in it, a mark
    cannot be, or the file cannot be written
    """
    check_marks(entries, possible, out_path)
    notes: list[str] = []
    if lms == "canvas":
        rows = canvas.rows_of(roster, entries, item_title=item_title, possible=possible)
    elif lms == "brightspace":
        rows = brightspace.rows_of(
            roster, entries, item_title=item_title, possible=possible
        )
        notes = brightspace.notes_of(roster, item_title)
    else:
        raise StaffError(
            "--lms", f"there is no format {lms!r}", "give brightspace or canvas"
        )
    data = csv_bytes(rows, out_path)
    if not dry_run:
        write_atomically(out_path, data)
    return _report(entries, notes, out_path, dry_run=dry_run)


def _report(
    entries: Entries, notes: Sequence[str], path: Path, *, dry_run: bool
) -> ExportReport:
    marks = sum(entry.score is not None for entry in entries.students)
    counts = {
        "students on the roster": len(entries.students),
        "marks": marks,
        "nothing handed in": len(entries.missing),
        "not graded": len(entries.faults),
        "late": len(entries.late),
        "more than one attempt": len(entries.several),
        "not on the roster": len(entries.unmatched),
    }
    table = Table(title="the gradebook", title_justify="left")
    table.add_column("what")
    table.add_column("how many", justify="right")
    for what, count in counts.items():
        table.add_row(what, str(count))
    written = "would be written, nothing was" if dry_run else "written"
    plural = "" if marks == 1 else "s"
    remarks = (*entries.remarks, *notes)
    # Text and not str: names are no markup.
    lines = [Text(f"• {line}") for line in remarks]
    return ExportReport(
        path=path,
        written=not dry_run,
        counts=counts,
        remarks=remarks,
        parts=(table, *lines, Text(f"{path}: {marks} mark{plural} {written}")),
        ungraded=len(entries.faults) + len(entries.unmatched),
    )
