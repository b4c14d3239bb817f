"""Whose export a class list is, and which column holds what, by the headings."""

import enum
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.errors import IntakeError
from autograder.intake.csv_rows import Row
from autograder.intake.moodle_words import (
    ENGLISH,
    Words,
    people_words,
    worksheet_words,
)


class RosterKind(enum.Enum):
    """Whose export the class list is."""

    BLACKBOARD = "Blackboard"
    BRIGHTSPACE = "Brightspace"
    CANVAS = "Canvas"
    CLASSROOM = "GitHub Classroom"
    MOODLE = "Moodle"
    MOODLE_WORKSHEET = "Moodle grading worksheet"
    PLAIN = "plain CSV"
    SAKAI = "Sakai"


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
BLACKBOARD = {"Last Name", "First Name", "Username", "Student ID"}
BLACKBOARD_SPELLINGS = {
    "last": "lastname nachname nomdefamille nom apellidos apellido sobrenome apelido "
    "cognome achternaam",
    "first": "firstname vorname prénom nombre nome nomepróprio voornaam",
    "username": "username benutzername nomdutilisateur nombredeusuario usuario "
    "nomedousuário nomedeusuário nomedeutilizador nomeutente gebruikersnaam",
    "sis_id": "studentid studentenid studierendenid teilnehmerid idétudiant "
    "identifiantdelétudiant iddelétudiant iddeestudiante iddelestudiante iddoaluno "
    "iddoestudante idstudente",
}
"""Squeezed; what Blackboard calls them in other languages."""
SAKAI_TITLES = {
    "id": "Student ID",
    "username": "Student ID",
    "name": "Student Name",
    "sis_id": "# Student Number",
}
SAKAI_COLUMN = re.compile(r"[^*#\[\]]+ \[[0-9.,]+\]|\* .+")
"""An item's, or the comments on it; Sakai ignores what begins with ``#``."""
CLASSROOM_TITLES = {
    "id": "identifier",
    "github": "github_username",
    "name": "name",
    "group": "group_name",
}
MOODLE_FIELDS = {
    "id": "id_number",
    "username": "username",
    "name": "full_name",
    "first": "first",
    "last": "last",
    "email": "email",
    "group": "group",
}
"""Our fields, by what `moodle_words.Words` calls their headings."""
MOODLE_IDS = ("id", "username", "email", "participant")
"""What may be the id, best first; a Moodle site decides which of them it shows."""
BLACKBOARD_COLUMN = re.compile(r".+ \[[^\]:]+:[^\]]*[0-9][^\]]*\] \|[0-9]+", re.DOTALL)
"""A grade column of Blackboard's, in any language."""
PLAIN_SPELLINGS = {
    "id": (
        "id studentid sid studentnumber rosterid orgdefinedid sisuserid userid "
        "identifier idnumber matriculationnumber matrikelnummer matrikelnr idnummer "
        "studierendenid numéroétudiant numérodétudiant numérodidentification matricule "
        "númerodeid matrícula númerodeidentificação codiceidentificativo matricola "
        "studentnummer"
    ),
    "username": (
        "username user login loginid sisloginid netid account benutzername anmeldename "
        "nomdutilisateur nombredeusuario nomedeusuário nomedeutilizador nomeutente "
        "gebruikersnaam"
    ),
    "name": (
        "name fullname student studentname displayname vollständigername nomcomplet "
        "nombrecompleto nomecompleto nomeecognome volledigenaam"
    ),
    "first": (
        "firstname first givenname forename vorname prénom nombre nome nomepróprio "
        "voornaam"
    ),
    "last": (
        "lastname last surname familyname nachname familienname nomdefamille nom "
        "apellidos apellido sobrenome apelido cognome achternaam"
    ),
    "email": (
        "email emailaddress mail emailadresse adressedecourriel courriel "
        "direccióndecorreo correo endereçodeemail indirizzoemail emailadres"
    ),
    "github": "githubusername githublogin githubuser github",
    "group": "group groups groupname gruppe groupe grupo gruppo groep",
}


TITLES = {
    RosterKind.BRIGHTSPACE: BRIGHTSPACE_TITLES,
    RosterKind.CANVAS: CANVAS_TITLES,
    RosterKind.CLASSROOM: CLASSROOM_TITLES,
    RosterKind.SAKAI: SAKAI_TITLES,
}


def kind_of(headings: Sequence[str]) -> RosterKind:
    """Tell whose export it is; see `moodle_words` for Moodle in other languages."""
    titles = frozenset(headings)
    other_ids = set(PLAIN_SPELLINGS["id"].split()) - {"idnumber"}
    moodle = people_words(titles)
    if moodle is ENGLISH and other_ids & set(map(_squeezed, titles)):
        moodle = None
    signs = {
        RosterKind.CANVAS: {"Student", "ID"} <= titles or titles >= CANVAS_SPLIT,
        RosterKind.BRIGHTSPACE: titles & {"OrgDefinedId", "End-of-Line Indicator"},
        RosterKind.CLASSROOM: {"identifier", "github_username"} <= titles,
        RosterKind.BLACKBOARD: titles >= BLACKBOARD or _is_blackboards(headings),
        RosterKind.SAKAI: {"Student ID", "Student Name"} <= titles
        and any(map(SAKAI_COLUMN.fullmatch, titles)),
        RosterKind.MOODLE_WORKSHEET: worksheet_words(titles),
        RosterKind.MOODLE: moodle,
    }
    return next((kind for kind, sign in signs.items() if sign), RosterKind.PLAIN)


def _is_blackboards(headings: Sequence[str]) -> bool:
    """Tell Blackboard's download in any language by its columns of grades."""
    known = {f for h in headings for f in blackboard_fields(h)}
    graded = any(BLACKBOARD_COLUMN.fullmatch(heading) for heading in headings)
    return graded and {"last", "first", "username"} <= known


def blackboard_fields(heading: str) -> list[str]:
    """Return which of our fields a heading of Blackboard's is, in any language."""
    squeezed = _squeezed(heading)
    return [f for f, words in BLACKBOARD_SPELLINGS.items() if squeezed in words.split()]


def columns_of(
    path: Path, kind: RosterKind, header: Row, rows: list[Row]
) -> dict[str, int]:
    """Return which column holds what.

    Raises IntakeError where one is there twice, or the id or the name is missing
    """
    if kind is RosterKind.BLACKBOARD:
        found = _spelled_columns(path, header, BLACKBOARD_SPELLINGS)
        return found | {"id": found["username"]}
    if kind in TITLES:
        return _titled_columns(path, header, TITLES[kind])
    if kind in {RosterKind.MOODLE, RosterKind.MOODLE_WORKSHEET}:
        return _moodle_columns(path, kind, header, rows)
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
            "export again with OrgDefinedId, Username, Last Name and First Name, your "
            "language set to English",
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
            "wanted are an id (or a username) and a name, such as id,username,name; "
            "in a language that is not known here, set yours in the LMS to "
            "English there and export again",
        )
    return found


def _moodle_columns(
    path: Path, kind: RosterKind, header: Row, rows: Sequence[Row]
) -> dict[str, int]:
    """Return the columns of a Moodle list; the id is the best one that everybody has.

    Raises IntakeError where one is there twice, or nothing could be the id
    """
    titles = frozenset(cell.strip() for cell in header.cells)
    of = worksheet_words if kind is RosterKind.MOODLE_WORKSHEET else people_words
    found = _worded_columns(path, header, of(titles) or ENGLISH, kind)
    for field in MOODLE_IDS:
        if field in found and all(row.cells[found[field]].strip() for row in rows):
            return found | {"id": found[field]}
    raise IntakeError(
        f"{path}:{header.line}",
        "has no column that could be the id: ID number, Username, Email address and "
        "Identifier are not there, or empty for somebody",
        "export it again with one of them",
    )


def _worded_columns(
    path: Path, header: Row, words: Words, kind: RosterKind
) -> dict[str, int]:
    fields = {ours: getattr(words, theirs) for ours, theirs in MOODLE_FIELDS.items()}
    if kind is RosterKind.MOODLE_WORKSHEET:
        # In some languages the participant's heading is another list's ID number.
        fields = {"participant": words.identifier} | fields
    found: dict[str, int] = {}
    for at, cell in enumerate(header.cells):
        heading = _squeezed(cell)
        field = next(
            (f for f, s in fields.items() if heading in map(_squeezed, s)), None
        )
        if field is not None and field in found:
            raise _twice(path, header, found[field], at, field)
        if field is not None:
            found[field] = at
    return found


def _twice(path: Path, header: Row, first: int, second: int, field: str) -> IntakeError:
    return IntakeError(
        f"{path}:{header.line}",
        f"{header.cells[first]!r} and {header.cells[second]!r} both give the {field}",
        "leave one of them out",
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
                raise _twice(path, header, found[field], at, field)
            found[field] = at
    return found


def _squeezed(heading: str) -> str:
    return "".join(c for c in heading.casefold() if c.isalnum())
