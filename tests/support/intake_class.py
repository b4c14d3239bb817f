"""A class of invented people with awkward names and ids, as each LMS lists it."""

from pathlib import Path

from autograder.intake import Intake, read_submissions
from autograder.intake.archive import Archive, Member
from autograder.intake.roster import Roster, read_roster
from zips import Content, save, zipped

FILE = "a1_conv1d.py"
CODE = b"def conv1d(x, k, mode): ...\n"
Files = list[tuple[str, Content]]

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,HW1 (77)
    Points Possible,,,,,100
"Doe, Jr., Zoë",9001,0012345,zdoe,S1,
"O'Brien-Smith, Ada Mary",9002,12.34.56,ada.ob,S1,
"חיים, דוד",9003,0300,rtl,S1,
"Same, Sam",9004,0401,sam1,S1,
"Same, Sam",9005,0402,sam2,S1,
"शर्मा, हिना",9006,0500,hina,S1,
"Student, Test",9999,,,S1,
"""
PLAIN = """\
id,username,email,name,github_username,group
0012345,zdoe,z@example.edu,"Doe, Jr., Zoë",zoe-gh,Los Ñandúes
12.34.56,ada.ob,ada@example.edu,"O'Brien-Smith, Ada Mary",AdaOB,Los Ñandúes
0300,rtl,rtl@example.edu,"חיים, דוד",,Team 2
0401,sam1,sam1@example.edu,"Same, Sam",,
0402,sam2,sam2@example.edu,"Same, Sam",,
0500,hina,hina@example.edu,"शर्मा, हिना",,Team 2
"""
MOODLE_EXPORT = """\
"First name","Last name","ID number","Email address",Groups
Zoë,"Doe, Jr.",0012345,z@example.edu,"Team 1, Team 9"
"Ada Mary","O'Brien-Smith",12.34.56,ada@example.edu,"Team 1"
דוד,חיים,0300,rtl@example.edu,
Sam,Same,0401,sam1@example.edu,
Sam,Same,0402,sam2@example.edu,
"""
WORKSHEET = """\
Identifier,"Full name","Email address",Group,Grade,"Maximum grade"
"Participant 101","Zoë Doe, Jr.",z@example.edu,"Team 1",,100.00
"Participant 102","Ada Mary O'Brien-Smith",ada@example.edu,"Team 1",,100.00
"Participant 103","דוד חיים",rtl@example.edu,"Default group",,100.00
"Participant 104","Sam Same",sam1@example.edu,,,100.00
"Participant 105","Sam Same",sam2@example.edu,,,100.00
"""
BLIND_WORKSHEET = """\
Identifier,Status,Grade,"Maximum grade","Grade can be changed"
"Participant 101",Submitted,,100.00,Yes
"Participant 102",Submitted,,100.00,Yes
"""
BLACKBOARD = """\
"Last Name","First Name","Username","Student ID","HW1 [Total Pts: 100 Score] |1281892"
"Doe, Jr.","Zoë","zdoe","0012345",""
"O'Brien-Smith","Ada Mary","ada_ob","12.34.56",""
"חיים","דוד","d.haim@example.edu","0300",""
"Same","Sam","sam1","0401",""
"Same","Sam","sam2","0402",""
"""
CLASSROOM = """\
"identifier","github_username","github_id","name","group_name"
"0012345","zoe-gh","40261856","","The Édouards"
"O'Brien-Smith, Ada","AdaOB","40394857","Ada O'Brien","The Édouards"
"0300","","",""," "
"0500","hina","40394858","Hina","Team 2"
"""


def take(
    folder: Path, files: Files, roster: str = PLAIN, source: str | None = None
) -> Intake:
    return take_path(folder, save(folder, zipped(files)), roster, source)


def take_path(
    folder: Path, path: Path, roster: str = PLAIN, source: str | None = None
) -> Intake:
    listed = folder / "roster.csv"
    listed.write_text(roster, encoding="utf-8")
    return read_submissions(
        path, file_name=FILE, roster=read_roster(listed), source=source
    )


def owners(intake: Intake) -> dict[str | None, bytes | None]:
    """Return what is graded of everybody, by roster id."""
    return {s.roster_id: s.files.get(FILE) for s in intake.submissions}


def told(intake: Intake) -> str:
    """Return the issues as a person reads them."""
    return "\n".join(map(str, intake.issues))


def archive_of(folder: Path, *files: tuple[str, bytes | None]) -> Archive:
    """Return a download as it was read; files : path and data, None where unread."""
    return Archive(
        place=folder / "download.zip",
        members=tuple(Member(path=path, data=data) for path, data in files),
        folders=(),
        refused=(),
    )


def roster_of(folder: Path, text: str) -> Roster:
    return read_roster(save(folder, text.encode(), "roster.csv"))
