"""``autograder export``: the ledger's results as the file that an LMS imports."""

import sys
from pathlib import Path
from typing import Any

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
    rule_options,
)
from autograder.gradebook import FORMATS
from autograder.gradebook.sheet import Expressed


@click.command("export", epilog=ASSIGNMENTS)
@click.argument("assignment", type=AssignmentName())
@click.option(
    "--lms",
    type=click.Choice(list(FORMATS)),
    required=True,
    help="For whom: an LMS, or csv for people.",
)
@click.option(
    "--roster",
    "roster_path",
    type=click.Path(path_type=Path),
    required=True,
    help="The LMS's own export of the class; the gradebook echoes its ids.",
)
@click.option(
    "--item", help="Title of the grade item.  [default: the assignment's title]"
)
@rule_options
@click.option(
    "--as",
    "expressed",
    type=click.Choice([one.value for one in Expressed]),
    default=Expressed.POINTS.value,
    show_default=True,
    help="Points, percents, or points in a column a question.",
)
@click.option(
    "--comments", "with_comments", is_flag=True, help="With a line to each student."
)
@click.option("--decimal-comma", is_flag=True, help="7,5 and semicolons (sakai, csv).")
@click.option(
    "--scale",
    is_flag=True,
    help="Scale the marks where the LMS's column has other points.",
)
@click.option(
    "--item-points",
    type=float,
    help="The column's points, where 1.000 may be one or a thousand.",
)
@click.option("--dry-run", is_flag=True, help="Only list what would be written.")
@out_option
@course_option
@json_option
@named_errors
@alone_in_out
def command(*, as_json: bool, expressed: str, **options: Any) -> None:
    """Write the gradebook file that the LMS imports, after listing what is open.

    For the ASSIGNMENT "total" it has the course's total in percent, as --policy says.
    Ungraded students stay blank or are left out; nobody gets a 0 that was not earned.
    """
    from autograder.commands.documents import ExportDocument
    from autograder.runs.exports import ExportRequest, export_gradebook

    order = ExportRequest(expressed=Expressed(expressed), **options)
    report = export_gradebook(order)
    console = console_for(as_json=as_json)
    for part in report.parts:
        console.print(part, soft_wrap=True)
    if as_json:
        print_document(
            ExportDocument(
                assignment=order.assignment,
                lms=order.lms,
                path=str(report.path),
                written=report.written,
                counts=report.counts,
                ungraded=report.ungraded,
                remarks=report.remarks,
            )
        )
    sys.exit(SOMETHING_OPEN if report.ungraded else 0)
