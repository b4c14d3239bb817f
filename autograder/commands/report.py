"""``autograder report``: a page on the whole class, and one a student on everything."""

import sys
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from autograder import desk
from autograder.class_report import ReportOrder, write_class_report
from autograder.commands.options import (
    SOMETHING_OPEN,
    course_option,
    named_errors,
    out_option,
    roster_option,
)


@click.command("report")
@click.argument("assignment")
@roster_option
@out_option
@click.option(
    "--due", type=click.DateTime(), help="Later submissions are marked as late."
)
@course_option
@named_errors
def command(
    assignment: str, roster_path: Path, out: Path, due: datetime | None, course: Path
) -> None:
    """Write the class report of an ASSIGNMENT from what has been graded."""
    console = Console()
    order = ReportOrder(
        course=course,
        assignment=assignment,
        roster_path=roster_path,
        out=out,
        ledger=desk.ledger_path(out),
        due=due,
    )
    path, view = write_class_report(order)
    for matter in view.matters:
        style = "yellow" if matter.is_open else "dim"
        console.print(f"[{style}]•[/] {escape(matter.heading)}: {len(matter.lines)}")
    console.print(f"class report: {path}", soft_wrap=True)
    sys.exit(SOMETHING_OPEN if any(m.is_open for m in view.matters) else 0)
