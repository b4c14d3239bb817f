"""The command line: ``autograder COMMAND``; every command has ``--help``.

Exit status: 0 all is well, 1 a command could not do its work (the message names the
place and the remedy), 2 something is ungraded or does not hold, 130 interrupted.
"""

import click

from autograder.commands import (
    diff,
    doctor,
    export,
    export_feedback,
    grade,
    package,
    prove,
    push,
    regrade,
    release,
    report,
    runs,
    show,
    similar,
    total,
    train,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="convolution-course")
def main() -> None:
    """Grade the convolution course's assignments, and prove that they grade rightly."""


for module in (
    grade,
    regrade,
    runs,
    diff,
    show,
    export,
    export_feedback,
    push,
    total,
    report,
    similar,
    package,
    release,
    prove,
    train,
    doctor,
):
    main.add_command(module.command)


if __name__ == "__main__":
    main()
