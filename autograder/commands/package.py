"""``autograder package``: an assignment as a zip for Gradescope or for otter."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.commands.document import console_for, json_option, print_document
from autograder.commands.options import (
    ASSIGNMENTS,
    AssignmentName,
    course_option,
    named_errors,
)

if TYPE_CHECKING:
    from autograder.package.contents import Target
    from autograder.package.grading import Visibility


@click.command("package", epilog=ASSIGNMENTS)
@click.argument("assignment", type=AssignmentName())
@click.option(
    "--for",
    "target",
    type=click.Choice(["gradescope", "otter"]),
    required=True,
    help="Where the zip is to grade.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The zip to write.  It holds the hidden tests and the solutions.",
)
@click.option(
    "--hidden-cases",
    type=click.Choice(["after_published", "hidden"]),
    default="after_published",
    show_default=True,
    help="When students see the results of hidden cases.",
)
@course_option
@json_option
@named_errors
def command(
    *,
    assignment: str,
    target: Target,
    out: Path,
    hidden_cases: Visibility,
    course: Path,
    as_json: bool,
) -> None:
    """Write a zip with which Gradescope or otter grades an ASSIGNMENT as we do."""
    from autograder.commands.documents import PackageDocument
    from autograder.package.contents import write_package

    count = write_package(
        course, assignment, out, target=target, hidden_cases=hidden_cases
    )
    console = console_for(as_json=as_json)
    console.print(f"{out}: {count} files, for staff only", soft_wrap=True)
    if as_json:
        print_document(PackageDocument(path=str(out), files=count))
