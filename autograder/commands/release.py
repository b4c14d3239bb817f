"""``autograder release``: the student template, written or checked."""

from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from autograder import release
from autograder.commands.options import course_option, named_errors
from autograder.errors import StaffError


@click.command("release")
@click.option("--check", is_flag=True, help="Only say what has drifted.")
@course_option
@named_errors
def command(*, check: bool, course: Path) -> None:
    """Write student_template/ from assignments/ and the references' stubs."""
    console = Console()
    if not check:
        count = release.write(course)
        console.print(f"{course / release.TEMPLATE}: {count} files")
        return
    lines = release.drift(course)
    for line in lines:
        console.print(f"{release.TEMPLATE}: {escape(line)}", soft_wrap=True)
    if lines:
        raise StaffError(
            course / release.TEMPLATE, "has drifted", "run: autograder release"
        )
    console.print(f"{release.TEMPLATE} is up to date")
