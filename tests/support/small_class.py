"""A small class for the commands' tests: a download, a roster, and how to call them."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

from click.testing import CliRunner, Result

from autograder.cli import main

RIGHT = (
    "def double(values):\n    return [2 * v for v in values]\n"
    "def quadruple(values):\n    return [4 * v for v in values]\n"
)
SQUARE = RIGHT.replace("2 * v", "v * v")
ROSTER = (
    "OrgDefinedId,Username,Last Name,First Name,End-of-Line Indicator\n"
    "#0012,#ada,Example,Ada,#\n#0013,#zoe,Müller,Zoë,#\n#0014,#nia,Nothing,Nia,#\n"
)


def write_class(folder: Path, students: Mapping[str, str]) -> None:
    """Write ``roster.csv`` and ``class.zip`` with one file a student, by name."""
    (folder / "roster.csv").write_text(ROSTER, encoding="utf-8")
    with zipfile.ZipFile(folder / "class.zip", "w") as archive:
        for number, (name, source) in enumerate(students.items()):
            place = f"{10001 + number}-{5001 + number} - {name} - Oct 9, 2026 1022 AM"
            archive.writestr(f"{place}/a0_scale.py", source)


def invoke(*arguments: object) -> Result:
    """Run ``autograder`` with these arguments, in this process, on a wide terminal."""
    runner = CliRunner(env={"COLUMNS": "200"})
    return runner.invoke(main, [str(a) for a in arguments])


def on_class(command: str, course: Path, folder: Path, *more: object) -> Result:
    """Run ``grade`` or ``regrade`` on the class, without a sandbox and with one worker.

    Their sandboxed runs are tested elsewhere
    """
    given = [command, "a0_scale", folder / "class.zip", "--no-sandbox"]
    given += ["--roster", folder / "roster.csv", "--out", folder / "out"]
    return invoke(*given, "--course", course, "--workers", 1, *more)
