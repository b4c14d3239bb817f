"""``autograder release``: the student template, written or checked."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.commands.document import console_for, json_option, print_document
from autograder.commands.options import course_option, named_errors
from autograder.errors import StaffError

if TYPE_CHECKING:
    from autograder.authoring.handouts import Written


@click.command("release")
@click.option("--check", is_flag=True, help="Only say what has drifted.")
@click.option(
    "--handouts",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the handouts there, one HTML page each, and PDFs where Chromium is.",
)
@course_option
@json_option
@named_errors
def command(*, check: bool, handouts: Path | None, course: Path, as_json: bool) -> None:
    """Write student_template/ from assignments/ and the references' stubs."""
    from rich.markup import escape

    from autograder.authoring import student_template
    from autograder.commands.documents import ReleaseDocument

    console = console_for(as_json=as_json)
    folder = course / student_template.TEMPLATE
    count = 0 if check else student_template.write(course)
    lines = student_template.drift(course) if check else []
    written = _handouts(course, handouts) if handouts else None
    if as_json:
        print_document(
            ReleaseDocument(
                path=str(folder),
                files=count,
                drift=tuple(lines),
                handouts=tuple(map(str, written.paths)) if written else (),
            )
        )
    if written:
        console.print(f"{handouts}: {len(written.paths)} handouts{written.remark}")
    for line in student_template.gaps_of_handouts(course):
        console.print(escape(line), soft_wrap=True)
    if not check:
        console.print(f"{folder}: {count} files")
        return
    for line in lines:
        console.print(f"{student_template.TEMPLATE}: {escape(line)}", soft_wrap=True)
    if lines:
        raise StaffError(
            course / student_template.TEMPLATE, "has drifted", "run: autograder release"
        )
    console.print(f"{student_template.TEMPLATE} is up to date")


def _handouts(course: Path, folder: Path) -> "Written":
    from autograder.authoring import handouts

    return handouts.write(course, folder)
