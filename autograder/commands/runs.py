"""``autograder runs``: every run of a ledger."""

from pathlib import Path

import click

from autograder.commands.document import console_for, json_option, print_document
from autograder.commands.options import named_errors, out_option


@click.command("runs")
@out_option
@json_option
@named_errors
def command(*, out: Path, as_json: bool) -> None:
    """List every grade and regrade: its number, when, why, and how many results."""
    from rich.markup import escape
    from rich.table import Table

    from autograder.commands.documents import RunsDocument
    from autograder.records.ledger import open_ledger

    with open_ledger(out) as ledger:
        runs = ledger.runs()
    if as_json:
        print_document(RunsDocument(runs=tuple(runs)))
        return
    table = Table()
    for heading in ("run", "command", "assignment", "started (UTC)", "results", "why"):
        table.add_column(heading, overflow="fold")
    for run in runs:
        results = f"{run.results}" + (f", {run.faults} faults" if run.faults else "")
        table.add_row(
            str(run.number),
            run.command,
            run.assignment,
            f"{run.started_at:%d %b %Y %H:%M}"
            + ("" if run.finished_at else ", not finished"),
            results,
            escape(run.reason),
        )
    console_for(as_json=as_json).print(table)
