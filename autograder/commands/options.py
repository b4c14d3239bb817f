"""Options that several commands share, and how their errors are shown."""

import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from autograder.errors import AutograderError

SOMETHING_OPEN = 2
INTERRUPTED = 130
COURSE = Path(__file__).resolve().parents[2]

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
roster_option = click.option(
    "--roster",
    "roster_path",
    type=click.Path(path_type=Path),
    required=True,
    help="The class list: the LMS's own export, or a CSV with id, username, name.",
)
reason_option = click.option(
    "--reason", default="", help="Why, for the list of runs in the ledger."
)


def named_errors(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn our errors into one line and exit status 1, Ctrl-C into 130."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except AutograderError as error:
            stderr().print(f"[bold red]error:[/] {escape(str(error))}", soft_wrap=True)
            sys.exit(1)
        except KeyboardInterrupt:
            stderr().print(
                "interrupted: what was graded is kept, run it again to go on"
            )
            sys.exit(INTERRUPTED)

    return wrapped


def stderr() -> Console:
    """Return the console that errors go to."""
    return Console(stderr=True)
