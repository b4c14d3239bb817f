"""A class as Brightspace lists it, and its downloads as they are read."""

from pathlib import Path

from autograder.intake import Intake, IssueKind, read_submissions
from autograder.intake.roster import read_roster
from zips import Content, save, zipped

FILE = "a1_conv1d.py"
ROSTER = """OrgDefinedId,Username,Last Name,First Name,End-of-Line Indicator
#0012345,#zdoe,Doe,Zoë,#
#0000007,#aex,Example,Ada,#
#0000008,#jml,Smith - Jones,Mary,#
#0000009,#sam1,Same,Sam,#
#0000010,#sam2,SAME,sam,#
#A_b,#rtl,חיים,דוד,#
"""
ADA = "10001-500001 - Ada Example - Oct 10, 2025 1022 AM"
ADA_LATER = "10001-500001 - Ada Example - Oct 11, 2025 905 PM"
ZOE = "10002-500001 - Zoë Doe - Oct 9, 2025 1200 AM"
SAM = "10003-500001 - Sam Same - Oct 9, 2025 1159 PM"
CODE = b"def conv1d(x, k, mode): ...\n"


def take(
    folder: Path, files: list[tuple[str, Content]], source: str | None = None
) -> Intake:
    return take_path(folder, save(folder, zipped(files)), source)


def take_path(folder: Path, path: Path, source: str | None = None) -> Intake:
    """Read a download with the class list that lies beside it, else with `ROSTER`."""
    listed = folder / "roster.csv"
    if not listed.exists():
        listed.write_text(ROSTER, encoding="utf-8")
    return read_submissions(
        path, file_name=FILE, roster=read_roster(listed), source=source
    )


def the_problem(intake: Intake) -> tuple[IssueKind, str]:
    (problem,) = intake.issues
    return problem.kind, str(problem)
