"""``autograder new``: the skeleton of an assignment."""

from pathlib import Path

import click

from autograder.commands.document import console_for, json_option, print_document
from autograder.commands.options import course_option, named_errors


@click.command("new")
@click.argument("name")
@click.option(
    "--title", default="", help="As pages have it.  [default: the words of the name]"
)
@course_option
@json_option
@named_errors
def command(*, name: str, title: str, course: Path, as_json: bool) -> None:
    """Write a new assignment NAME, such as a6_transposed, that grades and proves.

    It has one small question with public and hidden cases, a reference, known mistakes
    and a variant: replace them by yours, piece by piece, and prove after each. Nothing
    is overwritten. docs/authors.md tells it step by step.
    """
    from autograder.authoring import new_assignment
    from autograder.commands.documents import NewDocument
    from autograder.commands.options import COURSE

    public, secret = new_assignment.write(course, name, title)
    if as_json:
        print_document(NewDocument(public=str(public), secret=str(secret)))
    console = console_for(as_json=as_json)
    where = "" if course == COURSE else f" --course {course}"
    console.print(f"{public}: what students may see", soft_wrap=True)
    console.print(f"{secret}: what they may not", soft_wrap=True)
    console.print(f"next: autograder prove {name}{where}", soft_wrap=True)
    console.print(f"then: autograder release{where}", soft_wrap=True)
