"""The class list: an LMS's own export, or a plain CSV with ids and names.

Everything is text: leading zeros stay, nothing is converted. The rows are kept as they
were read, since a gradebook file is the LMS's export filled in.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from autograder.errors import IntakeError
from autograder.intake.csv_rows import Row, read_rows
from autograder.intake.roster_headings import RosterKind, columns_of, kind_of
from autograder.intake.spoiled_ids import REMEDY, spoiled, without_zeros
from autograder.intake.witnesses import Person, name_words, same_name
from autograder.text import misleading, printable

__all__ = [
    "POINTS_POSSIBLE",
    "Roster",
    "RosterKind",
    "Spellings",
    "Student",
    "folded_name",
    "read_roster",
]

POINTS_POSSIBLE = "Points Possible"
TEST_STUDENT = "Test Student"
NO_STUDENTS = re.compile(r"\s*(?:Muted|Manual Posting.*)?\s*", re.IGNORECASE)
"""The cells of Canvas's row that says which columns are hidden from students."""
LONGEST_ID = 128
IDS = frozenset({"id", "sis_id", "username", "participant"})
PARTICIPANT = re.compile(r"\D*?(\d+)")
INVISIBLE_IN_NAMES = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u061c\ufeff\u00ad"))


Spellings = Callable[[str], frozenset[str]]
"""All ways in which an LMS may write a name, folded for comparing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Student:
    """A row of the roster.

    id : the roster's id, leading zeros and all, without Brightspace's guard ``#``
    name : first name first; the username or id where the file has no names
    sis_id : Canvas's ``SIS User ID``, Blackboard's ``Student ID``, else ""
    participant : the number in a Moodle worksheet's ``Participant 123``, else ""
    groups : the cell of the group, and its parts where it lists several
    row : its index in `Roster.rows`; line : where it stands in the file
    """

    id: str
    name: str
    username: str = ""
    email: str = ""
    sis_id: str = ""
    github: str = ""
    participant: str = ""
    groups: tuple[str, ...] = ()
    row: int
    line: int

    @property
    def person(self) -> Person:
        """What the list says of the student besides ids."""
        named = self.name not in {self.id, self.username}
        return Person(
            name=self.name if named else "", username=self.username, email=self.email
        )


@dataclass(frozen=True)
class Roster:
    """A class list, with the file it came from.

    header : the headings as the file has them
    heads : Canvas's rows that are no students, wherever they stand: points possible,
        and which columns are posted by hand
    rows : every other row, as it was
    """

    place: Path
    kind: RosterKind
    header: tuple[str, ...]
    heads: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, ...], ...]
    students: tuple[Student, ...]

    @cached_property
    def has_names(self) -> bool:
        """Whether students have names here, and not only ids."""
        return any(s.name not in {s.id, s.username} for s in self.students)

    @cached_property
    def hash(self) -> str:
        """SHA-256 over the students: what one list is told from another by."""
        digest = hashlib.sha256(self.kind.value.encode())
        for s in self.students:
            for told in (s.id, s.name, s.username, s.email, s.sis_id):
                digest.update(len(told.encode()).to_bytes(8, "big") + told.encode())
        return digest.hexdigest()

    @cached_property
    def by_identifier(self) -> Mapping[str, tuple[Student, ...]]:
        """Students by id, SIS id and username, as they are written."""
        known: dict[str, tuple[Student, ...]] = {}
        for student in self.students:
            for identifier in {student.id, student.sis_id, student.username} - {""}:
                known[identifier] = (*known.get(identifier, ()), student)
        return known

    def but_for_zeros(self, identifier: str) -> tuple[Student, ...]:
        """All students whose id or SIS id is that number with other leading zeros."""
        number = without_zeros(identifier)
        return tuple(
            s
            for s in self.students
            if number and number in {without_zeros(s.id), without_zeros(s.sis_id)}
        )

    def like(self, person: Person) -> tuple[Student, ...]:
        """All students who may be somebody of another list: by any one witness."""
        words = name_words(person.name) & self._by_word.keys()
        named = {s.row: s for word in words for s in self._by_word[word]}
        near = {
            s.row: s for s in named.values() if same_name(person.name, s.person.name)
        }
        for same in (self.with_email(person.email), self.identified(person.username)):
            near |= {s.row: s for s in same}
        return tuple(near[row] for row in sorted(near))

    @cached_property
    def _by_word(self) -> Mapping[str, tuple[Student, ...]]:
        index: dict[str, tuple[Student, ...]] = {}
        for student in self.students:
            for word in name_words(student.person.name):
                index[word] = (*index.get(word, ()), student)
        return index

    @cached_property
    def _by_fields(self) -> dict[tuple[str, ...], Mapping[str, tuple[Student, ...]]]:
        return {}

    @cached_property
    def _by_spelling(self) -> dict[Spellings, Mapping[str, tuple[Student, ...]]]:
        return {}

    def named(
        self, name: str, spellings: Spellings | None = None
    ) -> tuple[Student, ...]:
        """All students of that name, ``First Last`` or ``Last, First``.

        spellings : how an LMS may write a name; by default case, spaces and
            compatibility forms do not matter
        """
        spelled = spellings or _folded_only
        if spelled not in self._by_spelling:
            index: dict[str, tuple[Student, ...]] = {}
            for student in self.students:
                for key in spelled(student.name):
                    index[key] = (*index.get(key, ()), student)
            self._by_spelling[spelled] = index
        last, _, first = name.rpartition(",")
        keys = (spelled(name) | spelled(f"{first} {last}")) - {""}
        by_name = self._by_spelling[spelled]
        found = {s.row: s for key in keys for s in by_name.get(key, ())}
        return tuple(found[row] for row in sorted(found))

    def identified(self, identifier: str) -> tuple[Student, ...]:
        """All students whose id, SIS id or username it is."""
        return self._having(identifier, ("id", "sis_id", "username"))

    def with_email(self, email: str) -> tuple[Student, ...]:
        """All students of that e-mail address."""
        return self._having(email, ("email",))

    def with_github(self, username: str) -> tuple[Student, ...]:
        """All students of that GitHub account."""
        return self._having(username, ("github",))

    def with_participant(self, number: str) -> tuple[Student, ...]:
        """All students whom Moodle's worksheet gives that number."""
        return self._having(number, ("participant",))

    def in_group(
        self, name: str, spellings: Spellings | None = None
    ) -> tuple[Student, ...]:
        """All students of a group, by its name."""
        spelled = spellings or _folded_only
        wanted = spelled(name) - {""}
        return tuple(
            student
            for student in self.students
            if any(wanted & spelled(group) for group in student.groups)
        )

    def _having(self, value: str, fields: tuple[str, ...]) -> tuple[Student, ...]:
        if fields not in self._by_fields:
            index: dict[str, tuple[Student, ...]] = {}
            for student in self.students:
                for key in {_folded(getattr(student, field)) for field in fields}:
                    index[key] = (*index.get(key, ()), student)
            self._by_fields[fields] = index
        wanted = _folded(value)
        return self._by_fields[fields].get(wanted, ()) if wanted else ()


def folded_name(name: str) -> str:
    """Return a name for comparing: NFKC, case folded, one space between words."""
    plain = unicodedata.normalize("NFKC", name).translate(INVISIBLE_IN_NAMES)
    return " ".join(plain.casefold().split())


def _folded_only(name: str) -> frozenset[str]:
    return frozenset({folded_name(name)})


def read_roster(path: Path) -> Roster:
    """Read an LMS's export or a plain CSV, told apart by its headings.

    Raises IntakeError with file and line
    """
    header, *rows = read_rows(path)
    kind = kind_of([cell.strip() for cell in header.cells])
    heads = _canvas_heads(path, rows) if kind is RosterKind.CANVAS else []
    rows = [row for row in rows if row not in heads]
    students = tuple(_students(path, kind, header, rows))
    if not students:
        raise IntakeError(path, "has no students", "export the class list again")
    _refuse_duplicates(path, students)
    return Roster(
        place=path,
        kind=kind,
        header=header.cells,
        heads=tuple(row.cells for row in heads),
        rows=tuple(row.cells for row in rows),
        students=students,
    )


def _canvas_heads(path: Path, rows: list[Row]) -> list[Row]:
    """Return the rows that are no students, as Canvas's importer tells them.

    They may have been sorted in among the students.
    """
    points = [row for row in rows if POINTS_POSSIBLE in row.cells[0]]
    if len(points) == 1:
        hidden = [row for row in rows if all(map(NO_STUDENTS.fullmatch, row.cells))]
        return [*hidden, *points]
    if points:
        raise IntakeError(
            f"{path}:{points[1].line}",
            f"is a second row {POINTS_POSSIBLE!r}; the first is line {points[0].line}",
            "export the gradebook from Canvas and leave the file as it is",
        )
    if any(POINTS_POSSIBLE in cell for row in rows for cell in row.cells):
        raise IntakeError(
            path,
            f"has {POINTS_POSSIBLE!r} in another column than the first: its columns "
            "have been moved, and Canvas knows some of them by their places",
            "export the gradebook from Canvas and leave the file as it is",
        )
    raise IntakeError(
        path,
        f"has no row {POINTS_POSSIBLE!r}",
        "export the gradebook from Canvas and leave the file as it is",
    )


def _students(
    path: Path, kind: RosterKind, header: Row, rows: list[Row]
) -> Iterator[Student]:
    columns = columns_of(path, kind, header, rows)
    for index, row in enumerate(rows):
        place = f"{path}:{row.line}"
        cell = {field: row.cells[at].strip() for field, at in columns.items()}
        for field in IDS & columns.keys():
            _refuse_spoiled(place, header.cells[columns[field]], cell[field])
        if kind is RosterKind.CANVAS and _display_name(kind, cell) == TEST_STUDENT:
            continue
        if kind is RosterKind.BRIGHTSPACE:
            for field in {"id", "username"} & cell.keys():
                cell[field] = cell[field].removeprefix("#")
        elif cell["id"].startswith("#") and kind is RosterKind.PLAIN:
            raise IntakeError(
                place,
                f"the id is {printable(cell['id'])!r}: Brightspace writes ids so, but "
                "the headings are not Brightspace's English ones",
                "set your language to English in Brightspace and export again",
            )
        number = PARTICIPANT.fullmatch(cell.get("participant", ""))
        _check_row(place, cell)
        yield Student(
            id=cell["id"],
            name=_display_name(kind, cell),
            username=cell.get("username", ""),
            email=cell.get("email", ""),
            sis_id=cell.get("sis_id", ""),
            github=cell.get("github", ""),
            participant=number[1] if number else "",
            groups=_groups(cell.get("group", "")),
            row=index,
            line=row.line,
        )


def _refuse_spoiled(place: str, heading: str, cell: str) -> None:
    for told in (cell, cell.removeprefix("#")):
        ruin = spoiled(told)
        if ruin:
            raise IntakeError(
                place, f"{printable(cell)!r} in {heading.strip()!r} {ruin}", REMEDY
            )


def _groups(cell: str) -> tuple[str, ...]:
    """Return a group's name; a cell with commas may be one name or list several."""
    parts = (part.strip() for part in cell.split(","))
    return tuple(dict.fromkeys(name for name in (cell, *parts) if name))


def _check_row(place: str, cell: Mapping[str, str]) -> None:
    if not cell["id"]:
        raise IntakeError(place, "the id is empty", "give every student an id")
    if len(cell["id"]) > LONGEST_ID:
        raise IntakeError(
            place, f"the id has {len(cell['id'])} characters", "is it one?"
        )
    for field in ("id", "username", "sis_id"):
        value = cell.get(field, "")
        if misleading(value):
            raise IntakeError(
                place,
                f"the {field} has control characters: {printable(value)}",
                "remove them",
            )


def _display_name(kind: RosterKind, cell: Mapping[str, str]) -> str:
    """Return the name, first name first: ``Doe, Jr., Zoë`` turns at its last comma.

    A full name of Moodle's stays as it is: the download has the same.
    """
    if kind is RosterKind.MOODLE_WORKSHEET:
        last, first = "", cell.get("name", "")
    elif "name" in cell:
        last, _, first = cell["name"].rpartition(",")
    else:
        last, first = cell.get("last", ""), cell.get("first", "")
    plain = " ".join(printable(f"{first} {last}").split())
    return plain or cell.get("username") or cell["id"]


def _refuse_duplicates(path: Path, students: tuple[Student, ...]) -> None:
    """Refuse ids or usernames that are one but for case: files are named after them."""
    for field in ("id", "username"):
        seen: dict[str, Student] = {}
        for student in students:
            value = getattr(student, field)
            other = seen.setdefault(_folded(value), student)
            if value and other is not student:
                raise IntakeError(
                    f"{path}:{student.line}",
                    f"the {field} {value!r} is also that of line {other.line}",
                    "every student needs an own one",
                )


def _folded(identifier: str) -> str:
    return unicodedata.normalize("NFKC", identifier).casefold()
