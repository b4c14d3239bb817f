"""``autograder doctor``: what is missing on this machine, and how to get it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.commands.document import console_for, json_option, print_document
from autograder.commands.options import SOMETHING_OPEN, course_option, named_errors

if TYPE_CHECKING:
    from rich.console import Console

    from autograder.course.assignment import Manifest
    from autograder.sandbox import machine_check
    from autograder.sandbox.machine_check import Check


@click.command("doctor")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path(),
    show_default="the current folder",
    help="The folder that results are to go to.",
)
@course_option
@json_option
@named_errors
def command(*, out: Path, course: Path, as_json: bool) -> None:
    """Say what this machine lacks for grading, what for, and how to get it.

    Starts the sandbox and tries from inside what must fail, as grade does. Exit status
    2 where something is missing without which nothing can be graded.
    """
    from autograder.course import folders
    from autograder.course.assignment import Manifest
    from autograder.course.toml_files import read_toml
    from autograder.sandbox import machine_check
    from autograder.sandbox.machine_check import DoctorDocument, State

    manifests = [
        read_toml(course / "assignments" / name / "manifest.toml", Manifest)
        for name in folders.names(course)
    ]
    machine = machine_check.this_machine(out)
    largest = max((m.memory_mib for m in manifests), default=1024)
    checks = machine_check.examine(machine, largest)
    if not any(c.state is State.MISSING for c in checks):
        checks += _sandboxes(course, manifests, machine)
    ready = not any(c.state is State.MISSING for c in checks)
    if as_json:
        print_document(DoctorDocument(ready=ready, checks=tuple(checks)))
    else:
        _print(console_for(as_json=as_json), checks, ready=ready)
    sys.exit(0 if ready else SOMETHING_OPEN)


def _sandboxes(
    course: Path, manifests: list[Manifest], machine: machine_check.Machine
) -> list[Check]:
    """Try the sandbox once for each set of packages that this machine has.

    A machine of a cluster has no course, and NumPy: there it is tried with that
    """
    from autograder.sandbox import machine_check

    memory: dict[tuple[str, ...], int] = {} if manifests else {("numpy",): 1024}
    for manifest in manifests:
        packages = manifest.packages
        if all(machine.has_package(name.partition(".")[0]) for name in packages):
            memory[packages] = max(manifest.memory_mib, memory.get(packages, 0))
    return [
        machine_check.try_sandbox(course / "solutions", packages, memory_mib)
        for packages, memory_mib in memory.items()
    ]


def _print(console: Console, checks: list[Check], *, ready: bool) -> None:
    from rich.markup import escape
    from rich.table import Table

    from autograder.sandbox.machine_check import State

    table = Table()
    for heading in ("", "what", "found", "needed for"):
        table.add_column(heading, overflow="fold")
    words = {
        State.OK: ("green", "ok"),
        State.MISSING: ("red", "missing"),
        State.OPTIONAL: ("yellow", "optional"),
    }
    for check in checks:
        colour, word = words[check.state]
        table.add_row(
            f"[{colour}]{word}[/]",
            *map(escape, (check.name, check.found, check.needed_for)),
        )
    console.print(table)
    for check in checks:
        if check.remedy:
            console.print(
                f"{escape(check.name)}: {escape(check.remedy)}", soft_wrap=True
            )
    console.print(
        "this machine can grade" if ready else "this machine cannot grade yet"
    )
