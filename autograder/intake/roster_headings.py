"""Whose export a class list is, and which column holds what, by the headings."""

import enum
from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.errors import IntakeError
from autograder.intake.csv_rows import Row


class RosterKind(enum.Enum):
    """Whose export the class list is."""

    BLACKBOARD = "Blackboard"
    BRIGHTSPACE = "Brightspace"
    CANVAS = "Canvas"
    CLASSROOM = "GitHub Classroom"
    MOODLE = "Moodle"
    MOODLE_WORKSHEET = "Moodle grading worksheet"
    PLAIN = "plain CSV"


CANVAS_TITLES = {
    "id": "ID",
    "name": "Student",
    "last": "LastName",
    "first": "FirstName",
    "sis_id": "SIS User ID",
    "username": "SIS Login ID",
}
CANVAS_SPLIT = {"LastName", "FirstName", "ID", "Section"}
"""Canvas's export with "show first and last name in separate columns"."""
BRIGHTSPACE_TITLES = {
    "id": "OrgDefinedId",
    "username": "Username",
    "last": "Last Name",
    "first": "First Name",
    "email": "Email",
}
BLACKBOARD_TITLES = {
    "username": "Username",
    "last": "Last Name",
    "first": "First Name",
    "sis_id": "Student ID",
}
BLACKBOARD = set(BLACKBOARD_TITLES.values())
CLASSROOM_TITLES = {
    "id": "identifier",
    "github": "github_username",
    "name": "name",
    "group": "group_name",
}
MOODLE_SPELLINGS = {
    "id": "idnumber",
    "username": "username",
    "name": "fullname",
    "first": "firstname",
    "last": "lastname surname",
    "email": "emailaddress",
    "group": "group groups",
    "participant": "identifier",
}
MOODLE_IDS = ("id", "username", "email", "participant")
"""What may be the id, best first; a Moodle site decides which of them it shows."""
MOODLE_WORKSHEET_ONLY = {"Maximum grade", "Scale", "Grade can be changed"}
MOODLE_LAST_NAMES = {"Last name", "Surname"}
PLAIN_SPELLINGS = {
    "id": (
        "id studentid sid studentnumber rosterid orgdefinedid sisuserid userid "
        "identifier idnumber matriculationnumber"
    ),
    "username": "username user login loginid sisloginid netid account",
    "name": "name fullname student studentname displayname",
    "first": "firstname first givenname forename",
    "last": "lastname last surname familyname",
    "email": "email emailaddress mail",
    "github": "githubusername githublogin githubuser github",
    "group": "group groups groupname",
}


TITLES = {
    RosterKind.BLACKBOARD: BLACKBOARD_TITLES,
    RosterKind.BRIGHTSPACE: BRIGHTSPACE_TITLES,
    RosterKind.CANVAS: CANVAS_TITLES,
    RosterKind.CLASSROOM: CLASSROOM_TITLES,
}


def kind_of(headings: set[str]) -> RosterKind:
    """Tell whose export it is; Moodle's is told apart in English only."""
    other_ids = set(PLAIN_SPELLINGS["id"].split()) - {"idnumber"}
    moodle = {"First name", "Email address"} <= headings
    moodle = moodle and not other_ids & set(map(_squeezed, headings))
    signs = {
        RosterKind.CANVAS: {"Student", "ID"} <= headings or headings >= CANVAS_SPLIT,
        RosterKind.BRIGHTSPACE: headings & {"OrgDefinedId", "End-of-Line Indicator"},
        RosterKind.CLASSROOM: {"identifier", "github_username"} <= headings,
        RosterKind.BLACKBOARD: headings >= BLACKBOARD,
        RosterKind.MOODLE_WORKSHEET: "Identifier" in headings
        and headings & MOODLE_WORKSHEET_ONLY,
        RosterKind.MOODLE: moodle and headings & MOODLE_LAST_NAMES,
    }
    return next((kind for kind, sign in signs.items() if sign), RosterKind.PLAIN)


def columns_of(
    path: Path, kind: RosterKind, header: Row, rows: list[Row]
) -> dict[str, int]:
    """Return which column holds what.

    Raises IntakeError where one is there twice, or the id or the name is missing
    """
    if kind in TITLES:
        return _titled_columns(path, header, TITLES[kind])
    if kind in {RosterKind.MOODLE, RosterKind.MOODLE_WORKSHEET}:
        return _moodle_columns(path, header, rows)
    return _plain_columns(path, header)


def _titled_columns(
    path: Path, header: Row, titles: Mapping[str, str]
) -> dict[str, int]:
    """Return the columns of an LMS's export, whose headings are fixed.

    Raises IntakeError where there is neither an id nor a username
    """
    headings = [cell.strip() for cell in header.cells]
    found = {
        field: headings.index(title)
        for field, title in titles.items()
        if title in headings
    }
    if "id" not in found and "username" in found:
        found["id"] = found["username"]
    if "id" not in found:
        raise IntakeError(
            f"{path}:{header.line}",
            f"the headings are {', '.join(header.cells)}",
            "export again with OrgDefinedId, Username, Last Name and First Name",
        )
    return found


def _plain_columns(path: Path, header: Row) -> dict[str, int]:
    """Return the columns of a plain CSV, in any order and by common spellings.

    Raises IntakeError where one is there twice, or the id or the name is missing
    """
    found = _spelled_columns(path, header, PLAIN_SPELLINGS)
    if "id" not in found and "username" in found:
        found["id"] = found["username"]
    if "id" not in found or not found.keys() & {"name", "last"}:
        raise IntakeError(
            f"{path}:{header.line}",
            f"the headings are {', '.join(header.cells)}",
            "wanted are an id (or a username) and a name, such as id,username,name",
        )
    return found


def _moodle_columns(path: Path, header: Row, rows: Sequence[Row]) -> dict[str, int]:
    """Return the columns of a Moodle list; the id is the best one that everybody has.

    Raises IntakeError where one is there twice, or nothing could be the id
    """
    found = _spelled_columns(path, header, MOODLE_SPELLINGS)
    for field in MOODLE_IDS:
        if field in found and all(row.cells[found[field]].strip() for row in rows):
            return found | {"id": found[field]}
    raise IntakeError(
        f"{path}:{header.line}",
        "has no column that could be the id: ID number, Username, Email address and "
        "Identifier are not there, or empty for somebody",
        "export it again with one of them",
    )


def _spelled_columns(
    path: Path, header: Row, fields: Mapping[str, str]
) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, heading in enumerate(header.cells):
        for field, spellings in fields.items():
            if _squeezed(heading) not in spellings.split():
                continue
            if field in found:
                raise IntakeError(
                    f"{path}:{header.line}",
                    f"{header.cells[found[field]]!r} and {heading!r} both give the "
                    f"{field}",
                    "leave one of them out",
                )
            found[field] = at
    return found


def _squeezed(heading: str) -> str:
    return "".join(c for c in heading.casefold() if c.isalnum())
