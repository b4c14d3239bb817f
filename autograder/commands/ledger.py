"""``autograder ledger``: whether the ledger holds, and the way back where not."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.commands.document import console_for, json_option, print_document
from autograder.commands.options import SOMETHING_OPEN, alone_in_out, named_errors

if TYPE_CHECKING:
    from autograder.commands.documents import LedgerDocument


@click.group("ledger")
def command() -> None:
    """Check the ledger of a folder of results, or restore it from its copy."""


def _in_folder(function: Callable[..., Any]) -> Callable[..., Any]:
    """Take the folder as an argument, or as ``--out`` as other commands do."""

    @wraps(function)
    def wrapped(
        *args: Any, folder: Path | None, out: Path | None, **kwargs: Any
    ) -> Any:
        chosen = folder or out
        if chosen is None or (folder and out):
            raise click.UsageError("Give the folder of results: FOLDER, or --out.")
        if chosen.is_file():
            chosen = chosen.parent
        return function(*args, out=chosen, **kwargs)

    path = click.Path(path_type=Path)
    argument = click.argument("folder", type=path, required=False)
    option = click.option("--out", type=path, help="The same as FOLDER.")
    return argument(option(wrapped))


@command.command("check")
@_in_folder
@json_option
@named_errors
def check(*, out: Path, as_json: bool) -> None:
    """Say what holds of the ledger in FOLDER, and what to do where something doesn't.

    Nothing is changed: it looks at a copy. It ends with 0 where all is well, else 2.
    """
    from rich.markup import escape

    from autograder.commands.documents import LedgerDocument, UnreadableRow
    from autograder.records.ledger_check import check as check_ledger
    from autograder.records.ledger_schema import MIGRATIONS

    found = check_ledger(out)
    console = console_for(as_json=as_json)
    if found.results is not None:
        console.print(
            f"{found.path}: {found.results} results of {found.runs} runs, "
            f"{len(found.unreadable)} of them cannot be read",
            soft_wrap=True,
        )
    for line in found.problems:
        text = f"[red]✗[/] {escape(f'{found.path}: {line}')}"
        console.print(text, soft_wrap=True)
    for line in found.remarks:
        console.print(f"[yellow]•[/] {escape(line)}", soft_wrap=True)
    if not found.problems:
        console.print("[green]✓[/] all that counts can be read")
    if as_json:
        document: LedgerDocument = LedgerDocument(
            path=str(found.path),
            problems=found.problems,
            remarks=found.remarks,
            results=found.results,
            runs=found.runs,
            version=None if found.results is None else len(MIGRATIONS),
            unreadable=tuple(UnreadableRow(**u._asdict()) for u in found.unreadable),
            copy=str(found.copy) if found.copy else None,
        )
        print_document(document)
    sys.exit(SOMETHING_OPEN if found.problems else 0)


@command.command("restore")
@_in_folder
@json_option
@named_errors
@alone_in_out
def restore(*, out: Path, as_json: bool) -> None:
    """Put the copy of the ledger in FOLDER in its place, and keep what stood there.

    The copy is how the ledger was at the end of the last grade or regrade that ended.
    What has been graded since is graded again by autograder grade.
    """
    from autograder.commands.documents import RestoreDocument
    from autograder.records.ledger import Ledger, ledger_path
    from autograder.records.ledger_file import restore as restore_copy
    from autograder.records.ledger_schema import MIGRATIONS

    path = ledger_path(out)
    kept = restore_copy(path, len(MIGRATIONS), datetime.now(UTC))
    with Ledger(path) as ledger:
        results, runs = ledger.size, len(ledger.runs())
    console = console_for(as_json=as_json)
    console.print(f"{path}: {results} results of {runs} runs", soft_wrap=True)
    for old in kept:
        console.print(f"what stood there is kept: {old}", soft_wrap=True)
    console.print("go on with: autograder grade, which grades what is missing")
    if as_json:
        print_document(
            RestoreDocument(
                path=str(path), results=results, runs=runs, kept=tuple(map(str, kept))
            )
        )
