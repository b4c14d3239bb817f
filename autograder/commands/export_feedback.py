"""``autograder export-feedback``: the students' pages as the LMS takes them back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

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
    from autograder.marks.rules import Asked


@click.command("export-feedback", epilog=ASSIGNMENTS)
@click.argument("assignment", type=AssignmentName())
@click.argument("submissions", type=click.Path(path_type=Path))
@roster_option
@out_option
@rule_options
@course_option
@json_option
@named_errors
@alone_in_out
def command(
    *,
    assignment: str,
    submissions: Path,
    roster_path: Path,
    out: Path,
    asked: Asked,
    course: Path,
    as_json: bool,
) -> None:
    """Pack the feedback pages of an ASSIGNMENT into OUT/ASSIGNMENT-feedback.zip.

    SUBMISSIONS is the download that was graded: Moodle, Canvas and Brightspace know
    whose a file is by the names that are in it. The pages are made anew first: give
    the same --policy and --overrides as for the marks.
    """
    from rich.markup import escape

    from autograder.commands.documents import FeedbackDocument
    from autograder.runs.exports import export_feedback

    made, marks = export_feedback(
        course, assignment, submissions, roster_path, out, asked
    )
    console = console_for(as_json=as_json)
    for line in made.left_out:
        console.print(f"[yellow]•[/] {escape(line)}", soft_wrap=True)
    plural = "" if len(made.names) == 1 else "s"
    console.print(f"{made.path}: {len(made.names)} page{plural}", soft_wrap=True)
    if as_json:
        print_document(
            FeedbackDocument(
                assignment=assignment,
                path=str(made.path),
                names=made.names,
                left_out=made.left_out,
            )
        )
    sys.exit(SOMETHING_OPEN if made.left_out or marks.wanting else 0)
