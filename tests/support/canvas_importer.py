"""Canvas's gradebook import in our words, to see whose mark a file of ours becomes.

After Canvas's ``lib/gradebook_importer.rb``: which separator it takes, what its number
converter touches, how many columns are about the student, how a column and a student
are found, which rows are none, and what counts as a change.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

DROPPED = re.compile(
    "Current Score|Current Points|Current Grade|Final Score|Final Points|Final Grade"
    "|Override Score|Override Grade|Override Status"
)
PURE_NUMBER = re.compile(r"-?[0-9.,]+%?")
HIDDEN = re.compile(r"\s*(Muted|Manual Posting.*)?\s*", re.IGNORECASE)


class InvalidHeaderRow(Exception):
    """What Canvas calls a file that it does not take."""


@dataclass(frozen=True)
class CanvasUser:
    id: int
    name: str
    sortable_name: str
    sis_id: str = ""
    login_id: str = ""


@dataclass
class CanvasCourse:
    """A course before an import.

    assignments : titles by id; points : of full marks
    scores : by user and assignment; ``EX`` is an excuse
    assigned : who is not assigned what, as pairs
    split_names : whether names may be in two columns
    """

    users: tuple[CanvasUser, ...]
    assignments: dict[int, str]
    points: dict[int, float]
    scores: dict[tuple[int, int], str] = field(default_factory=dict)
    not_assigned: frozenset[tuple[int, int]] = frozenset()
    split_names: bool = False
    new_users: list[str] = field(default_factory=list)
    new_assignments: list[str] = field(default_factory=list)

    def import_(self, data: bytes) -> Mapping[tuple[int, int], str]:
        """Take a file; return what changed, by user and assignment."""
        text = data.decode("utf-8")
        lines = text.splitlines()
        separator = ";" if _fields(lines, ";") > _fields(lines, ",") else ","
        kept = [line for line in lines if not re.fullmatch(r"[;, ]+", line)]
        rows = [
            [_number(cell) for cell in row]
            for row in csv.reader(kept, delimiter=separator, strict=True)
        ]
        header, *rest = rows
        columns, shared = self._columns(header)
        changed: dict[tuple[int, int], str] = {}
        for row in rest:
            if "Points Possible" in row[0]:
                for assignment, at in columns.items():
                    if row[at]:
                        self.points[assignment] = float(row[at])
            elif not all(HIDDEN.fullmatch(cell) for cell in row):
                changed |= self._changes(row, header, columns, shared)
        self.scores |= changed
        return changed

    def _changes(
        self, row: list[str], header: list[str], columns: dict[int, int], shared: int
    ) -> dict[tuple[int, int], str]:
        user = self._student(row, header[:shared])
        changed = {}
        for assignment, at in columns.items():
            told, was = row[at].strip(), self.scores.get((user, assignment), "")
            if (user, assignment) in self.not_assigned:
                told = ""
            none = {"", "-"}
            same = told == was or (told in none and was in none)
            if not same and "EX" not in {told.upper(), was} and told and was:
                same = f"{float(told):.2f}" == f"{float(was):.2f}"
            if not same:
                changed[user, assignment] = told
        return changed

    def _columns(self, header: list[str]) -> tuple[dict[int, int], int]:
        split = header[:2] == ["LastName", "FirstName"]
        if split and not self.split_names:
            raise InvalidHeaderRow("LastName and FirstName")
        if not split and not ("Student" in header[0] and "ID" in header[1]):
            raise InvalidHeaderRow(header)
        names = 4 if split else 3
        shared = names
        if re.search(r"SIS\s+Login\s+ID", header[names - 1]):
            shared += 1
        elif re.search(r"SIS\s+User\s+ID", header[names - 1]) and re.search(
            r"SIS\s+Login\s+ID", header[names]
        ):
            also = 1 if re.search(r"Integration\s+ID", header[names + 1]) else 0
            shared += 2 + also
            shared += bool(re.search(r"Root\s+Account", header[names + 1 + also]))
        if "Section" not in header[shared - 1]:
            raise InvalidHeaderRow(f"column {shared} is {header[shared - 1]!r}")
        found = {}
        for heading in header[shared:]:
            if DROPPED.search(heading):
                continue
            told = re.fullmatch(r"(.*?)\s*\((\d+)\)", heading, re.DOTALL)
            known = int(told[2]) if told and int(told[2]) in self.assignments else None
            by_title = [i for i, t in self.assignments.items() if t == heading]
            number = known or next(iter(by_title), None)
            if number is None:
                self.new_assignments.append(heading)
            else:
                found[number] = header.index(heading)
        return found, shared

    def _student(self, row: list[str], header: list[str]) -> int:
        at = 2 if header[0] == "LastName" else 1
        digits = re.match(r"\d+", row[at])
        known = {u.id for u in self.users}
        if digits and int(digits[0]) in known:
            return int(digits[0])
        cell = dict(zip(header, row, strict=False))
        for user in self.users:
            if user.sis_id and cell.get("SIS User ID") == user.sis_id:
                return user.id
            if user.login_id and cell.get("SIS Login ID") == user.login_id:
                return user.id
        name = f"{row[1]} {row[0]}".strip() if at > 1 else row[0]
        for user in self.users:
            if name in {user.name, user.sortable_name}:
                return user.id
        self.new_users.append(name)
        return -len(self.new_users)


def _number(cell: str) -> str:
    """Return what the converter makes of a field, whatever column it stands in."""
    if not PURE_NUMBER.fullmatch(cell):
        return cell
    *parts, last = re.split("[,.]", cell)
    return ".".join(["".join(parts), last]) if parts else last


def _fields(lines: list[str], separator: str) -> int:
    """Return how many fields the first three lines have, 0 where that differs."""
    counts = set()
    for line in lines[:3]:
        try:
            (row,) = csv.reader([line], delimiter=separator, strict=True)
        except (csv.Error, ValueError):
            return 0
        # Ruby refuses a quote in the middle of an unquoted field.
        if (
            any('"' in cell for cell in row)
            and f'{separator}"' not in f"{separator}{line}"
        ):
            return 0
        counts.add(len(row))
    return counts.pop() if len(counts) == 1 else 0
