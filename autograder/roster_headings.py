"""Which column of a class list holds what, by its heading."""

from collections.abc import Mapping
from pathlib import Path

from autograder.errors import IntakeError
from autograder.rows import Row

CANVAS_TITLES = {
    "id": "ID",
    "name": "Student",
    "sis_id": "SIS User ID",
    "username": "SIS Login ID",
}
BRIGHTSPACE_TITLES = {
    "id": "OrgDefinedId",
    "username": "Username",
    "last": "Last Name",
    "first": "First Name",
    "email": "Email",
}
PLAIN_SPELLINGS = {
    "id": (
        "id studentid sid studentnumber rosterid orgdefinedid sisuserid userid "
        "identifier matriculationnumber"
    ),
    "username": "username user login loginid sisloginid netid account",
    "name": "name fullname student studentname displayname",
    "first": "firstname first givenname forename",
    "last": "lastname last surname familyname",
    "email": "email emailaddress mail",
}


def titled_columns(
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


def plain_columns(path: Path, header: Row) -> dict[str, int]:
    """Return the columns of a plain CSV, in any order and by common spellings.

    Raises IntakeError where one is there twice, or the id or the name is missing
    """
    found: dict[str, int] = {}
    for at, heading in enumerate(header.cells):
        squeezed = "".join(c for c in heading.casefold() if c.isalnum())
        for field, spellings in PLAIN_SPELLINGS.items():
            if squeezed not in spellings.split():
                continue
            if field in found:
                raise IntakeError(
                    f"{path}:{header.line}",
                    f"{header.cells[found[field]]!r} and {heading!r} both give the "
                    f"{field}",
                    "leave one of them out",
                )
            found[field] = at
    if "id" not in found and "username" in found:
        found["id"] = found["username"]
    if "id" not in found or not found.keys() & {"name", "last"}:
        raise IntakeError(
            f"{path}:{header.line}",
            f"the headings are {', '.join(header.cells)}",
            "wanted are an id (or a username) and a name, such as id,username,name",
        )
    return found
