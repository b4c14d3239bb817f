"""``autograder grade``: an LMS's download in, results and reports out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.commands.document import console_for, json_option, print_document
from autograder.commands.options import (
    ASSIGNMENTS,
    SOMETHING_OPEN,
    AssignmentName,
    alone_in_out,
    cold_start_option,
    course_option,
    named_errors,
    out_option,
    reason_option,
    roster_option,
    rule_options,
    scheduler_option,
    times_option,
    workers_option,
)
from autograder.intake import SOURCES

if TYPE_CHECKING:
    from rich.table import Table

    from autograder.commands.documents import GradeDocument
    from autograder.runs.grade_class import Summary


@click.command("grade", epilog=ASSIGNMENTS)
@click.argument("assignment", type=AssignmentName())
@click.argument("submissions", type=click.Path(path_type=Path))
@roster_option
@out_option
@click.option(
    "--from",
    "source",
    type=click.Choice([source.name for source in SOURCES]),
    help="The LMS the download is from, else recognised.",
)
@rule_options
@times_option
@click.option(
    "--anyway",
    is_flag=True,
    help="Grade a download although nobody in it handed in this assignment's file.",
)
@click.option("--force", is_flag=True, help="Grade again what is graded already.")
@click.option(
    "--no-sandbox",
    is_flag=True,
    help="Run without isolation: for your own solutions only, and the results say so.",
)
@reason_option
@cold_start_option
@workers_option
@scheduler_option
@click.option(
    "--profile",
    is_flag=True,
    help="Measure where the time goes, and show it here and in the class report.",
)
@course_option
@json_option
@named_errors
@alone_in_out
def command(*, as_json: bool, profile: bool, **options: Any) -> None:
    """Grade the SUBMISSIONS (an LMS's zip, or a folder) of an ASSIGNMENT.

    What is graded already with the same files, tests and environment is not graded
    again. A run that was interrupted or killed goes on where it stopped.
    """
    from autograder.runs.run_meter import RunMeter

    # Before what takes a while to import: that is a part of the start.
    meter = RunMeter() if profile else None

    from rich.markup import escape

    from autograder.commands.profile_table import profile_table
    from autograder.commands.progress import progress_bar
    from autograder.runs.grade_class import GradingRequest, grade_class
    from autograder.runs.grading_jobs import Listener

    console = console_for(as_json=as_json)
    order = GradingRequest(profile=profile, **options)
    with progress_bar(console) as progress:
        bar = progress.add_task(f"grading {order.assignment}", total=None)
        summary = grade_class(
            order,
            Listener(
                planned=lambda total: progress.update(bar, total=total),
                done=lambda: progress.advance(bar),
                told=lambda line: progress.console.print(line, markup=False),
            ),
            meter,
        )
    console.print(_summary_table(summary))
    if summary.profile:
        console.print(profile_table(summary.profile))
    for line in summary.remarks:
        console.print(f"[yellow]•[/] {escape(line)}", soft_wrap=True)
    for label, path in summary.outputs:
        console.print(f"{label}: {path}", soft_wrap=True)
    if as_json:
        print_document(_document(order.assignment, summary))
    sys.exit(SOMETHING_OPEN if summary.ungraded else 0)


def _summary_table(summary: Summary) -> Table:
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=summary.title, title_justify="left")
    for heading in ("student", "score", "verdict", "what stands out"):
        table.add_column(heading, overflow="fold")
    for row in summary.rows:
        table.add_row(*(escape(cell) for cell in row))
    return table


def _document(assignment: str, summary: Summary) -> GradeDocument:
    from autograder.commands.documents import GradeDocument, student_line

    return GradeDocument(
        assignment=assignment,
        run=summary.run,
        graded_now=summary.graded_now,
        graded_before=summary.graded_before,
        ungraded=summary.ungraded,
        students=tuple(map(student_line, summary.entries)),
        remarks=tuple(summary.remarks),
        outputs={label: str(path) for label, path in summary.outputs},
        profile=summary.profile,
    )
