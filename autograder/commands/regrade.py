"""``autograder regrade``: judge anew what a change reaches, and say who moves."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.commands.document import console_for, json_option, print_document
from autograder.commands.options import (
    ASSIGNMENTS,
    SOMETHING_OPEN,
    AssignmentName,
    alone_in_out,
    cold_start_option,
    course_option,
    named_errors,
    out_option,
    reason_option,
    roster_option,
    rule_options,
    scheduler_option,
    times_option,
    workers_option,
)
from autograder.intake import SOURCES

if TYPE_CHECKING:
    from rich.console import Console

    from autograder.runs import regrade


@click.command("regrade", epilog=ASSIGNMENTS)
@click.argument("assignment", type=AssignmentName())
@click.argument("submissions", type=click.Path(path_type=Path))
@roster_option
@out_option
@click.option(
    "--from",
    "source",
    type=click.Choice([source.name for source in SOURCES]),
    help="The LMS the download is from, else recognised.",
)
@rule_options
@times_option
@click.option(
    "--dry-run", is_flag=True, help="Only say what would be judged anew, and why."
)
@click.option(
    "--no-sandbox",
    is_flag=True,
    help="Run without isolation: for your own solutions only, and the results say so.",
)
@reason_option
@cold_start_option
@workers_option
@scheduler_option
@course_option
@json_option
@named_errors
@alone_in_out
def command(*, as_json: bool, **options: Any) -> None:
    """Judge anew what a mended test or course file reaches, and say who moves.

    Only questions that the change reaches are run; a mark moves only after a run of
    the whole submission. The results are a new run in the ledger, where the old ones
    stay. Nothing is published: see who moves, then use grade (for pages) and export.
    """
    import msgspec

    from autograder.commands.documents import RegradeDocument
    from autograder.commands.progress import progress_bar
    from autograder.runs import regrade
    from autograder.runs.grading_jobs import Listener

    console = console_for(as_json=as_json)
    order = regrade.RegradeRequest(**options)
    with progress_bar(console) as progress:
        bar = progress.add_task(f"regrading {order.assignment}", total=None)
        report = regrade.regrade(
            order,
            Listener(
                planned=lambda total: progress.update(bar, total=total),
                done=lambda: progress.advance(bar),
                told=lambda line: progress.console.print(line, markup=False),
            ),
        )
    _print(console, report, order)
    if as_json:
        print_document(RegradeDocument(**msgspec.structs.asdict(report)))
    sys.exit(SOMETHING_OPEN if report.wanting else 0)


def _print(
    console: Console, report: regrade.Regrade, order: regrade.RegradeRequest
) -> None:
    from rich.markup import escape

    from autograder.commands.moves import print_moves

    dry_run = order.dry_run
    count, verb = len(report.anew), "would be judged" if dry_run else "judged"
    console.print(
        f"{report.assignment}: {count} {verb} anew, {report.stand} stand",
        soft_wrap=True,
    )
    reasons = [reason for anew in report.anew for reason in anew.why]
    for reason in dict.fromkeys(reasons):
        console.print(
            f"• {escape(reason)} ({reasons.count(reason)} submissions)", soft_wrap=True
        )
    for name in report.not_in_ledger:
        console.print(
            f"[yellow]•[/] never graded: {escape(name)}: use autograder grade",
            soft_wrap=True,
        )
    for line in report.held_back:
        console.print(f"[yellow]•[/] {escape(line)}", soft_wrap=True)
    if report.run is None:
        why = "this was a dry run" if dry_run else "nothing has changed since"
        console.print(f"nothing was judged: {why}")
        return
    print_moves(console, f"who moves in run {report.run}", report.moves)
    console.print(
        f"run {report.run} is in the ledger; nothing is published. Shown again by: "
        f"autograder diff {report.before} {report.run} "
        f"--out {escape(shlex.quote(str(order.out)))}",
        soft_wrap=True,
    )
