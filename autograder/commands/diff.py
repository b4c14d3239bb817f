"""``autograder diff``: two runs of a ledger, compared."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.commands.document import console_for, json_option, print_document
from autograder.commands.options import named_errors, out_option
from autograder.errors import StaffError

if TYPE_CHECKING:
    from autograder.records.ledger import Ledger


@click.command("diff")
@click.argument("first", type=click.IntRange(min=0))
@click.argument("second", type=click.IntRange(min=0))
@out_option
@json_option
@named_errors
def command(*, first: int, second: int, out: Path, as_json: bool) -> None:
    """Say who moved between what stood after run FIRST and after run SECOND.

    Run 0 is what an older version stored, before runs had numbers.
    """
    from autograder.commands.documents import DiffDocument
    from autograder.commands.moves import print_moves
    from autograder.records.ledger import open_ledger
    from autograder.runs.changes import moves

    with open_ledger(out) as ledger:
        assignment = _assignment(ledger, first, second)
        before = ledger.entries(assignment, after_run=first)
        after = ledger.entries(assignment, after_run=second)
    found = moves(before, after)
    if as_json:
        print_document(
            DiffDocument(
                assignment=assignment, first=first, second=second, moves=tuple(found)
            )
        )
        return
    title = f"{assignment}: who moved from run {first} to run {second}"
    print_moves(console_for(as_json=as_json), title, found)


def _assignment(ledger: Ledger, first: int, second: int) -> str:
    from autograder.records.entries import UNNUMBERED

    names = {
        run.assignment
        for run in (ledger.run(number) for number in (first, second) if number)
    }
    if len(names) == 1:
        return names.pop()
    if not names:
        raise StaffError(
            ledger.path,
            f"run {UNNUMBERED} is compared with itself",
            "give two numbers of: autograder runs",
        )
    raise StaffError(
        ledger.path,
        f"run {first} and run {second} are of two assignments: "
        f"{', '.join(sorted(names))}",
        "compare runs of one",
    )
