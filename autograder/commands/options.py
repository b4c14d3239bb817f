"""Options that several commands share, and how their errors are shown."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
from click.shell_completion import CompletionItem

from autograder.commands.interruption import interruptible
from autograder.course.folders import PROJECT, names
from autograder.errors import AutograderError

if TYPE_CHECKING:
    from rich.console import Console

SOMETHING_OPEN = 2
MAKES_OUT = ("grade", "similar")
"""The commands that begin a folder of results."""
COURSE = PROJECT

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


def _refuse_without_walls(
    ctx: click.Context, _param: click.Parameter, value: str | None
) -> str | None:
    if value is not None and ctx.params.get("no_sandbox"):
        raise click.UsageError("--no-sandbox is for this machine alone.", ctx)
    return value


scheduler_option = click.option(
    "--scheduler",
    metavar="tcp://HOST:PORT",
    callback=_refuse_without_walls,
    help="Grade on the machines of this Dask cluster instead of this one.",
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


def _start_cold(_ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001 as click calls it
    if value:
        from autograder.sandbox.backends import COLD_START

        os.environ[COLD_START] = "1"  # the processes that grade inherit it


cold_start_option = click.option(
    "--cold-start",
    is_flag=True,
    expose_value=False,
    callback=_start_cold,
    help="Start every worker on its own instead of forking it from a warm process: "
    "slower, for comparison.",
)
times_option = click.option(
    "--times",
    type=click.Path(path_type=Path),
    help="A second file that says when each was handed in, where the download does "
    "not: Moodle's worksheet, Canvas's API, a CSV with id and submitted_at.",
)
reason_option = click.option(
    "--reason", default="", help="Why, for the list of runs in the ledger."
)


class AssignmentName(click.ParamType[str]):
    """The name of one of a course's assignments."""

    name = "assignment"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Show where it stands."""
        del param, ctx
        return "ASSIGNMENT"

    def get_missing_message(
        self, param: click.Parameter, ctx: click.Context | None
    ) -> str:
        """Say which there are."""
        del param, ctx
        return f"Give one of {', '.join(names(COURSE))}."

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return the names that begin so."""
        del param
        course = ctx.params.get("course") or COURSE
        return [CompletionItem(n) for n in names(course) if n.startswith(incomplete)]


ASSIGNMENTS = f"ASSIGNMENT is one of {', '.join(names(COURSE))} in this course."
"""The last line of the help of a command that asks for one."""


class Moment(click.ParamType[datetime]):
    """A date and a time, with or without seconds and zone; a date alone is its end.

    A deadline of 10 October lets all of 10 October count.
    """

    name = "moment"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Show how it is written."""
        del param, ctx
        return "YYYY-MM-DD[THH:MM]"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Read ISO 8601, as ``2026-10-10T23:59`` or ``2026-10-10T23:59:00-06:00``."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no date like 2026-10-10T23:59", param, ctx)
        is_date = len(value) <= len("2026-10-10")
        return moment.replace(hour=23, minute=59, second=59) if is_date else moment


class Zone(click.ParamType[ZoneInfo]):
    """A time zone by its name, such as America/Edmonton."""

    name = "zone"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Show how it is written."""
        del param, ctx
        return "ZONE"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> ZoneInfo:
        """Read a name of the IANA's."""
        if isinstance(value, ZoneInfo):
            return value
        try:
            return ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self.fail(f"{value!r} is no time zone like America/Edmonton", param, ctx)


def rule_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --due, --timezone, --policy and --overrides; the command gets `asked`."""

    @wraps(command)
    def wrapped(
        *args: Any,
        due: datetime | None,
        timezone: ZoneInfo | None,
        policy: Path | None,
        overrides: Path | None,
        **kwargs: Any,
    ) -> Any:
        from autograder.marks.rules import Asked

        asked = Asked(due=due, timezone=timezone, policy=policy, overrides=overrides)
        return command(*args, asked=asked, **kwargs)

    due_option = click.option(
        "--due", type=Moment(), help="Later submissions are listed as late."
    )
    timezone_option = click.option(
        "--timezone",
        type=Zone(),
        help="Of local times: of --due, and of the download's where they are not in "
        "the policy's zone.",
    )
    path = click.Path(path_type=Path, dir_okay=False)
    policy_option = click.option(
        "--policy",
        type=path,
        help="The course's policy (TOML): deadlines, lateness, attempts, weights.",
    )
    overrides_option = click.option(
        "--overrides", type=path, help="What a person decided about marks (TOML)."
    )
    options = (due_option, timezone_option, policy_option, overrides_option)
    for option in reversed(options):
        wrapped = option(wrapped)
    return wrapped


def alone_in_out(command: Callable[..., Any]) -> Callable[..., Any]:
    """Let the command work in its ``--out`` while no other command does.

    A folder that is not there is made by `MAKES_OUT` only: the others want a ledger
    """

    @wraps(command)
    def wrapped(*args: Any, out: Path, **kwargs: Any) -> Any:
        from autograder.records.folder_lock import working_in

        name = _own_name(click.get_current_context())
        if not out.is_dir() and name not in MAKES_OUT:
            return command(*args, out=out, **kwargs)
        with working_in(out, name):
            return command(*args, out=out, **kwargs)

    return wrapped


def _own_name(context: click.Context) -> str:
    """Return a command's name without the program's, however that was called."""
    above = context.parent
    if above is None or above.parent is None:
        return context.info_name or ""
    return f"{_own_name(above)} {context.info_name}"


def named_errors(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn our errors into one line and exit status 1, Ctrl-C into 130."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            with interruptible():
                return command(*args, **kwargs)
        except AutograderError as error:
            from rich.markup import escape

            stderr().print(f"[bold red]error:[/] {escape(str(error))}", soft_wrap=True)
            sys.exit(1)

    return wrapped


def stderr() -> Console:
    """Return the console that errors go to."""
    from rich.console import Console

    return Console(stderr=True)
