"""``autograder push``: marks to an LMS over the network."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

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
from autograder.errors import StaffError
from autograder.installed import DISTRIBUTION, how_to_install

if TYPE_CHECKING:
    from rich.console import Console

    from autograder.gradebook.push import Delivery, PushDocument
    from autograder.marks.rules import Asked

PACKAGE = "autograder.gradebook.push"


@click.group("push", epilog=ASSIGNMENTS)
def command() -> None:
    """Send an assignment's marks to an LMS; a dry run, unless --really is given.

    Secrets come from the environment only. What has arrived is not lost when something
    fails in between: the same line can be run again.
    """


def _shared_options(function: Callable[..., Any]) -> Callable[..., Any]:
    options = (
        click.argument("assignment", type=AssignmentName()),
        click.option(
            "--roster",
            "roster_path",
            type=click.Path(path_type=Path),
            required=True,
            help="The LMS's own export of the class, with its ids.",
        ),
        rule_options,
        click.option(
            "--comments",
            "with_comments",
            is_flag=True,
            help="With a line to each student whose mark is sent.",
        ),
        click.option(
            "--really/--dry-run",
            default=False,
            show_default=True,
            help="Send, instead of only saying what would be sent.",
        ),
        out_option,
        course_option,
        json_option,
    )
    for option in reversed(options):
        function = option(function)
    return function


@command.command("canvas", epilog=ASSIGNMENTS)
@click.option("--url", required=True, help="Canvas's address, https://….")
@click.option("--course-id", type=click.IntRange(1), required=True)
@click.option("--assignment-id", type=click.IntRange(1), required=True)
@click.option(
    "--scale",
    is_flag=True,
    help="Scale the marks where the assignment has other points in Canvas.",
)
@_shared_options
@named_errors
@alone_in_out
def canvas(
    *,
    url: str,
    course_id: int,
    assignment_id: int,
    scale: bool,
    really: bool,
    with_comments: bool,
    **options: Any,
) -> None:
    """Send marks by Canvas's REST API; the token stands in CANVAS_API_TOKEN.

    Both numbers stand in the assignment's address in Canvas. A dry run reads what
    Canvas has and says what would change. The roster must be Canvas's own export.
    """
    module = _module("canvas")

    def order(possible: float) -> Any:
        return module.CanvasOrder(
            url=url,
            course_id=course_id,
            assignment_id=assignment_id,
            possible=possible,
            scale=scale,
            really=really,
            with_comments=with_comments,
        )

    _push(module, order, **options)


@command.command("lti", epilog=ASSIGNMENTS)
@click.option("--line-item", required=True, help="The line item's address.")
@click.option("--token-url", required=True, help="Where the LMS gives access tokens.")
@click.option("--client-id", required=True, help="The tool's id in the LMS.")
@click.option("--audience", help="The token's audience.  [default: --token-url]")
@click.option(
    "--memberships",
    help="The address of the course's members (context_memberships_url).",
)
@_shared_options
@named_errors
@alone_in_out
def lti(
    *,
    line_item: str,
    token_url: str,
    client_id: str,
    audience: str | None,
    memberships: str | None,
    really: bool,
    with_comments: bool,
    **options: Any,
) -> None:
    """Send marks by LTI 1.3 AGS; the tool's private key stands in LTI_PRIVATE_KEY.

    Students are matched to the LMS's members by id or e-mail, beside a name; without
    --memberships the roster and the line item must be Canvas's, whose ids are user ids.
    """
    module = _module("lti")

    def order(possible: float) -> Any:
        return module.LtiOrder(
            line_item=line_item,
            token_url=token_url,
            client_id=client_id,
            audience=audience,
            memberships=memberships,
            possible=possible,
            really=really,
            with_comments=with_comments,
        )

    _push(module, order, **options)


def _module(name: str) -> ModuleType:
    """Import what talks to an LMS: its libraries are not needed for grading."""
    try:
        return importlib.import_module(f"{PACKAGE}.{name}")
    except ModuleNotFoundError as error:
        raise StaffError(
            f"autograder push {name}",
            f"{error.name} is not installed",
            how_to_install(f"{DISTRIBUTION}[push]"),
        ) from error


def _push(
    module: ModuleType,
    order: Callable[[float], Any],
    *,
    assignment: str,
    roster_path: Path,
    asked: Asked,
    out: Path,
    course: Path,
    as_json: bool,
) -> None:
    from rich.markup import escape

    from autograder.gradebook.push import Patience
    from autograder.runs.class_marks import marks_of_class

    console = console_for(as_json=as_json)
    marks = marks_of_class(course, assignment, roster_path, out, asked)
    document: PushDocument = module.push(
        order(marks.possible),
        marks.roster,
        marks.entries,
        patience=Patience(),
        told=lambda line: console.print(escape(line), soft_wrap=True),
    )
    if as_json:
        print_document(document)
    else:
        _print(console, document)
    sys.exit(SOMETHING_OPEN if document.not_sent or marks.entries.wanting else 0)


def _print(console: Console, document: PushDocument) -> None:
    from rich.markup import escape
    from rich.table import Table

    from autograder.gradebook.push import State

    table = Table()
    for heading in ("student", "was", "mark", "what came of it"):
        table.add_column(heading, overflow="fold")
    for delivery in document.deliveries:
        if delivery.state is not State.UNCHANGED:
            table.add_row(*_row(delivery))
    console.print(f"{document.lms}: {escape(document.to)}", soft_wrap=True)
    if table.row_count:
        console.print(table)
    for state in State:
        count = sum(d.state is state for d in document.deliveries)
        if count:
            console.print(f"{state.value}: {count}")
    for line in (*document.notes, *document.without_mark):
        console.print(f"• {escape(line)}", soft_wrap=True)
    if not document.really:
        console.print("nothing was sent: this was a dry run, --really sends")


def _row(delivery: Delivery) -> tuple[str, str, str, str]:
    from rich.markup import escape

    from autograder.gradebook.push import State
    from autograder.marks.numbers import in_words

    colours = {
        State.PLANNED: "yellow",
        State.UNCHANGED: "dim",
        State.ARRIVED: "green",
        State.NOT_SENT: "red",
        State.LEFT_ALONE: "yellow",
    }
    state = f"[{colours[delivery.state]}]{delivery.state.value}[/]"
    return (
        escape(f"{delivery.student_name} [{delivery.roster_id}]"),
        "" if delivery.was is None else in_words(delivery.was),
        in_words(delivery.points),
        f"{state}: {escape(delivery.why)}" if delivery.why else state,
    )
