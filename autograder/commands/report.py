"""``autograder report``: a page on the whole class, and one a student on everything."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from autograder import desk
from autograder.class_report import ReportOrder, write_reports
from autograder.commands.options import (
    SOMETHING_OPEN,
    course_option,
    named_errors,
    out_option,
    roster_option,
    rule_options,
)


@click.command("report")
@click.argument("assignment")
@roster_option
@out_option
@rule_options
@click.option(
    "--handouts",
    default="",
    help="Web address of the students' template: overviews link to its handouts.",
)
@course_option
@named_errors
def command(out: Path, **options: Any) -> None:
    """Write the class report of an ASSIGNMENT from what has been graded.

    Once several assignments are graded, every student gets an overview of all as well.
    """
    console = Console()
    order = ReportOrder(
        out=out, ledger=desk.ledger_path(out), now=datetime.now(UTC), **options
    )
    written = write_reports(order)
    for matter in written.view.matters:
        style = "yellow" if matter.is_open else "dim"
        console.print(f"[{style}]•[/] {escape(matter.heading)}: {len(matter.lines)}")
    console.print(f"class report: {written.path}", soft_wrap=True)
    if written.overviews:
        console.print(f"overviews: {written.overviews}", soft_wrap=True)
    is_open = any(matter.is_open for matter in written.view.matters)
    sys.exit(SOMETHING_OPEN if is_open else 0)
