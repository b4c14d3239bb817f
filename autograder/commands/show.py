"""``autograder show``: a student's newest results in the terminal."""

from pathlib import Path

import click
from rich.console import Console

from autograder import desk, show
from autograder.commands.options import named_errors, out_option


@click.command("show")
@click.argument("student")
@click.option("--assignment", help="Only this one.")
@out_option
@named_errors
def command(student: str, assignment: str | None, out: Path) -> None:
    """Print the newest results of STUDENT (roster id, or part of the name)."""
    console = Console()
    found = show.find(desk.ledger_path(out), student, assignment)
    for part in found:
        console.print(part)
