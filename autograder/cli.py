"""The command line: ``autograder COMMAND``; every command has ``--help``.

Exit status: 0 all is well, 1 a command could not do its work (the message names the
place and the remedy), 2 something is ungraded or does not hold, 130 interrupted.
"""

import os
import secrets
import sys
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from autograder import assignment as assignments
from autograder import desk, release, show
from autograder import prove as proving
from autograder.errors import AutograderError, StaffError
from autograder.intake import SOURCES

SOMETHING_OPEN = 2
INTERRUPTED = 130
COURSE = Path(__file__).resolve().parent.parent

course_option = click.option(
    "--course",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=COURSE,
    show_default="the folder this package was installed from",
    help="The folder with assignments/ and solutions/.",
)
workers_option = click.option(
    "--workers",
    type=click.IntRange(1, 256),
    default=os.cpu_count() or 1,
    show_default="one a core",
    help="Submissions graded at a time.",
)
out_option = click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="The folder of the ledger, the reports and the gradebooks.",
)


def _named_errors(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn our errors into one line and exit status 1, Ctrl-C into 130."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except AutograderError as error:
            _stderr().print(f"[bold red]error:[/] {escape(str(error))}", soft_wrap=True)
            sys.exit(1)
        except KeyboardInterrupt:
            _stderr().print(
                "interrupted: what was graded is kept, run it again to go on"
            )
            sys.exit(INTERRUPTED)

    return wrapped


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="convolution-course")
def main() -> None:
    """Grade the convolution course's assignments, and prove that they grade rightly."""


@main.command()
@click.argument("assignment")
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option(
    "--roster",
    "roster_path",
    type=click.Path(path_type=Path),
    required=True,
    help="The class list: the LMS's own export, or a CSV with id, username, name.",
)
@out_option
@click.option(
    "--from",
    "source",
    type=click.Choice([source.name for source in SOURCES]),
    help="The LMS the download is from, else recognised.",
)
@click.option(
    "--due", type=click.DateTime(), help="Later submissions are marked as late."
)
@click.option("--force", is_flag=True, help="Grade again what is graded already.")
@click.option(
    "--no-sandbox",
    is_flag=True,
    help="Run without isolation: for your own solutions only, and the results say so.",
)
@workers_option
@course_option
@_named_errors
def grade(**options: Any) -> None:
    """Grade the SUBMISSIONS (an LMS's zip, or a folder) of an ASSIGNMENT.

    What is graded already with the same files, tests and environment is not graded
    again. A run that was interrupted or killed goes on where it stopped.
    """
    console = Console()
    order = desk.GradingOrder(**options)
    with _progress(console) as progress:
        bar = progress.add_task(f"grading {order.assignment}", total=None)
        summary = desk.grade_class(
            order,
            planned=lambda total: progress.update(bar, total=total),
            done=lambda: progress.advance(bar),
        )
    console.print(_summary_table(summary))
    for line in summary.remarks:
        console.print(f"[yellow]•[/] {escape(line)}", soft_wrap=True)
    for label, path in summary.outputs:
        console.print(f"{label}: {path}", soft_wrap=True)
    sys.exit(SOMETHING_OPEN if summary.ungraded else 0)


@main.command("show")
@click.argument("student")
@click.option("--assignment", help="Only this one.")
@out_option
@_named_errors
def show_student(student: str, assignment: str | None, out: Path) -> None:
    """Print the newest results of STUDENT (roster id, or part of the name)."""
    console = Console()
    found = show.find(desk.ledger_path(out), student, assignment)
    for part in found:
        console.print(part)


@main.command()
@click.argument("assignment")
@click.option(
    "--lms",
    type=click.Choice(["brightspace", "canvas"]),
    required=True,
    help="For whom.",
)
@click.option(
    "--roster",
    "roster_path",
    type=click.Path(path_type=Path),
    required=True,
    help="The LMS's own export of the class; the gradebook echoes its ids.",
)
@click.option(
    "--item", help="Title of the grade item.  [default: the assignment's title]"
)
@click.option(
    "--due", type=click.DateTime(), help="Later submissions are listed as late."
)
@click.option("--dry-run", is_flag=True, help="Only list what would be written.")
@out_option
@course_option
@_named_errors
def export(**options: Any) -> None:
    """Write the gradebook file that the LMS imports, after listing what is open.

    Ungraded students stay blank or are left out; nobody gets a 0 that was not earned.
    """
    console = Console()
    report = desk.export_gradebook(desk.ExportOrder(**options))
    for part in report.parts:
        console.print(part, soft_wrap=True)
    sys.exit(SOMETHING_OPEN if report.ungraded else 0)


@main.command("release")
@click.option("--check", is_flag=True, help="Only say what has drifted.")
@course_option
@_named_errors
def release_template(*, check: bool, course: Path) -> None:
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


@main.command("prove")
@click.argument("names", nargs=-1, required=True, metavar="ASSIGNMENT...")
@click.option("--mutants", is_flag=True, help="With every mutant of the reference.")
@click.option(
    "--seed", default=None, help="Repeat the run with these inputs.  [default: random]"
)
@workers_option
@course_option
@_named_errors
def prove_assignments(
    *,
    names: Iterable[str],
    mutants: bool,
    seed: str | None,
    workers: int,
    course: Path,
) -> None:
    """Prove that the tests of an ASSIGNMENT give full marks to what is right only.

    The reference and every variant get 100, the stub 0; every misconception loses
    exactly its questions and is named; answers of the wrong kind are failed, never a
    fault; with --mutants every small change of the reference is noticed or listed as
    equivalent with a reason.
    """
    console = Console()
    seed = seed or secrets.token_hex(4)
    broken = 0
    for name in names:
        findings = _run_proof(console, course, name, mutants, seed, workers)
        loaded = assignments.load(course, name)
        stale = proving.stale_equivalents(loaded) if mutants else []
        for line in stale:
            console.print(f"[red]stale equivalent:[/] {escape(line)}", soft_wrap=True)
        console.print(_proof_table(name, seed, findings))
        broken += sum(not f.holds for f in findings) + len(stale)
    sys.exit(SOMETHING_OPEN if broken else 0)


def _run_proof(
    console: Console,
    course: Path,
    name: str,
    mutants: bool,  # noqa: FBT001
    seed: str,
    workers: int,
) -> list[proving.Finding]:
    findings = []
    with _progress(console) as progress:
        total = proving.count_claims(course, name, with_mutants=mutants)
        bar = progress.add_task(f"proving {name}", total=total)
        for finding in proving.prove(
            course, name, with_mutants=mutants, seed=seed, workers=workers
        ):
            findings.append(finding)
            progress.advance(bar)
            if not finding.holds:
                label = f"{finding.claim.kind} {finding.claim.name}"
                progress.console.print(
                    f"[red]does not hold:[/] {escape(label)}: {escape(finding.seen)}",
                    soft_wrap=True,
                )
    return findings


def _proof_table(name: str, seed: str, findings: list[proving.Finding]) -> Table:
    table = Table(title=f"{name}, seed {seed}", title_justify="left")
    for heading in ("claim", "held", "of", "holds when"):
        table.add_column(heading)
    meaning = {
        "reference": "full marks",
        "stub": "no points, every case reads “not started yet”",
        "junk": "no points, no grader fault",
        "variant": "full marks",
        "misconception": "loses exactly its questions, and is named",
        "mutant": "loses points",
        "equivalent": "full marks, listed with a reason",
    }
    for kind, text in meaning.items():
        of = [f for f in findings if f.claim.kind == kind]
        held = sum(f.holds for f in of)
        if of:
            colour = "green" if held == len(of) else "red"
            table.add_row(kind, f"[{colour}]{held}[/]", str(len(of)), text)
    return table


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left:"),
        TimeRemainingColumn(),
        console=console,
        transient=not console.is_terminal,
    )


def _summary_table(summary: desk.Summary) -> Table:
    table = Table(title=summary.title, title_justify="left")
    for heading in ("student", "score", "verdict", "what stands out"):
        table.add_column(heading, overflow="fold")
    for row in summary.rows:
        table.add_row(*(escape(cell) for cell in row))
    return table


def _stderr() -> Console:
    return Console(stderr=True)


if __name__ == "__main__":
    main()
