"""``autograder show``: a student's newest results in the terminal."""

import sys
from pathlib import Path

import click

from autograder.commands.document import console_for, json_option, print_document
from autograder.commands.options import SOMETHING_OPEN, named_errors, out_option


@click.command("show")
@click.argument("student")
@click.option("--assignment", help="Only this one.")
@out_option
@json_option
@named_errors
def command(*, student: str, assignment: str | None, out: Path, as_json: bool) -> None:
    """Print the newest results of STUDENT (roster id, or part of the name)."""
    from autograder.commands import show_page
    from autograder.commands.documents import ShowDocument, Shown
    from autograder.records.results import Verdict

    found = show_page.find(out, student, assignment)
    if as_json:
        shown = (
            Shown(submission=e.submission, result=e.result, run=e.run) for e in found
        )
        print_document(ShowDocument(results=tuple(shown)))
    else:
        console = console_for(as_json=as_json)
        for entry in found:
            console.print(show_page.page(entry))
    is_open = any(entry.result.verdict is Verdict.FAULT for entry in found)
    sys.exit(SOMETHING_OPEN if is_open else 0)
