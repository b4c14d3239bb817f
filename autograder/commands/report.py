"""``autograder report``: a page on the whole class, and one a student on everything."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.commands.document import console_for, json_option, print_document
from autograder.commands.options import (
    ASSIGNMENTS,
    SOMETHING_OPEN,
    AssignmentName,
    alone_in_out,
    course_option,
    named_errors,
    out_option,
    roster_option,
    rule_options,
)

if TYPE_CHECKING:
    from autograder.commands.documents import ReportDocument
    from autograder.reports.class_report import ReportRequest, Reports


@click.command("report", epilog=ASSIGNMENTS)
@click.argument("assignment", type=AssignmentName())
@roster_option
@out_option
@rule_options
@click.option(
    "--handouts",
    default="",
    help="Web address of the students' template: overviews link to its handouts.",
)
@course_option
@json_option
@named_errors
@alone_in_out
def command(out: Path, *, as_json: bool, **options: Any) -> None:
    """Write the class report of an ASSIGNMENT from what has been graded.

    Once several assignments are graded, every student gets an overview of all as well.
    """
    from rich.markup import escape

    from autograder.reports.class_report import ReportRequest, write_reports

    console = console_for(as_json=as_json)
    order = ReportRequest(out=out, now=datetime.now(UTC), **options)
    written = write_reports(order)
    for matter in written.view.matters:
        style = "yellow" if matter.is_open else "dim"
        console.print(f"[{style}]•[/] {escape(matter.heading)}: {len(matter.lines)}")
    console.print(f"class report: {written.path}", soft_wrap=True)
    if written.overviews:
        console.print(f"overviews: {written.overviews}", soft_wrap=True)
    if as_json:
        print_document(_document(order, written))
    is_open = any(matter.is_open for matter in written.view.matters)
    sys.exit(SOMETHING_OPEN if is_open else 0)


def _document(order: ReportRequest, written: Reports) -> ReportDocument:
    from autograder.commands.documents import MatterLine, ReportDocument

    view = written.view
    return ReportDocument(
        assignment=order.assignment,
        path=str(written.path),
        overviews=str(written.overviews) if written.overviews else None,
        graded=view.graded,
        students=view.students,
        matters=tuple(
            MatterLine(
                heading=matter.heading,
                is_open=matter.is_open,
                students=tuple(person.name for person, _ in matter.lines),
            )
            for matter in view.matters
        ),
    )
