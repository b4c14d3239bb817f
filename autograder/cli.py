"""The command line: ``autograder COMMAND``; every command has ``--help``.

Exit status: 0 all is well, 1 a command could not do its work (the message names the
place and the remedy), 2 something is ungraded or does not hold, 130 interrupted.
"""

import importlib
from typing import cast

import click

COMMANDS = (
    "grade",
    "regrade",
    "runs",
    "diff",
    "ledger",
    "show",
    "export",
    "export-feedback",
    "push",
    "total",
    "report",
    "similar",
    "package",
    "new",
    "release",
    "prove",
    "measure",
    "train",
    "doctor",
)
"""In the order of their work; each is a module of `autograder.commands`."""


class Commands(click.Group):
    """Imports a command when it is asked for: the others take no time."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, in the order of their work."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, or None where there is none of that name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        module = importlib.import_module(f"autograder.commands.{name}")
        return cast("click.Command", module.command)

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """Write each command's first sentence, whole."""
        rows = [
            (name, command.get_short_help_str(limit=1000))
            for name in self.list_commands(ctx)
            if (command := self.get_command(ctx, name)) is not None
        ]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="convolution-course")
def main() -> None:
    """Grade the convolution course's assignments, and prove that they grade rightly."""
