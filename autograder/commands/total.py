"""``autograder total``: everybody's total, under the course's policy."""

from __future__ import annotations

import csv
import io
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.commands.document import console_for, json_option, print_document
from autograder.commands.options import (
    SOMETHING_OPEN,
    alone_in_out,
    course_option,
    named_errors,
    out_option,
    roster_option,
    rule_options,
)

if TYPE_CHECKING:
    from rich.table import Table

    from autograder.commands.documents import TotalLine
    from autograder.marks.rules import Asked
    from autograder.runs.class_marks import CourseTotals


@click.command("total")
@roster_option
@rule_options
@out_option
@course_option
@json_option
@named_errors
@alone_in_out
def command(
    *, roster_path: Path, asked: Asked, out: Path, course: Path, as_json: bool
) -> None:
    """Compute everybody's total, in percent, and write OUT/total.csv.

    It has a column an assignment, with the marks after lateness and a person's
    decisions. A total is blank while something in it is not graded. To write it for an
    LMS: autograder export total.
    """
    from rich.markup import escape

    from autograder.atomic import write_atomically
    from autograder.commands.documents import TotalDocument
    from autograder.marks.class_marks import unmatched_in_words
    from autograder.runs.class_marks import course_totals

    found = course_totals(course, roster_path, out, asked, datetime.now(UTC))
    console = console_for(as_json=as_json)
    lines = tuple(_lines(found))
    path = out / "total.csv"
    write_atomically(path, _csv(found, lines))
    console.print(_table(found, lines))
    for line in lines:
        if line.percent is None:
            why = escape("; ".join(line.open))
            whose = escape(f"{line.name} ({line.roster_id})")
            console.print(f"[yellow]•[/] no total: {whose}: {why}", soft_wrap=True)
    strangers = found.unmatched
    for one in strangers:
        whose = escape(unmatched_in_words(one))
        console.print(f"[yellow]•[/] not on the roster: {whose}", soft_wrap=True)
    console.print(f"totals: {path}", soft_wrap=True)
    if as_json:
        print_document(TotalDocument(path=str(path), students=lines))
    is_open = bool(strangers) or any(line.percent is None for line in lines)
    sys.exit(SOMETHING_OPEN if is_open else 0)


def _lines(found: CourseTotals) -> list[TotalLine]:
    from autograder.commands.documents import TotalLine

    return [
        TotalLine(
            roster_id=total.student.id,
            name=total.student.name,
            marks={
                name: entries.students[place].score
                for name, entries in found.marks.items()
            },
            percent=total.percent,
            open=total.open,
            words=total.words,
        )
        for place, total in enumerate(found.totals)
    ]


def _csv(found: CourseTotals, lines: tuple[TotalLine, ...]) -> bytes:
    from autograder.gradebook.csv_cells import guarded

    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(["id", "name", *found.marks, "total"])
    for line in lines:
        marks = (_cell(mark) for mark in line.marks.values())
        rows.writerow(
            [guarded(line.roster_id), guarded(line.name), *marks, _cell(line.percent)]
        )
    return text.getvalue().encode("utf-8-sig")


def _table(found: CourseTotals, lines: tuple[TotalLine, ...]) -> Table:
    from rich.markup import escape
    from rich.table import Table

    table = Table(title="totals", title_justify="left")
    table.add_column("student", overflow="fold")
    table.add_column("id", overflow="fold")
    for name in (*found.marks, "total, %"):
        table.add_column(name, justify="right")
    for line in lines:
        marks = (_cell(mark) or "-" for mark in line.marks.values())
        table.add_row(
            escape(line.name),
            escape(line.roster_id),
            *marks,
            _cell(line.percent) or "-",
        )
    return table


def _cell(mark: float | None) -> str:
    from autograder.marks.numbers import in_words

    return "" if mark is None else in_words(mark)
