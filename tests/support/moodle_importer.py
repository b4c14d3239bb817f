"""Moodle's two imports in our words: a grading worksheet's, and the gradebook's.

After ``mod/assign/feedback/offline/locallib.php`` and ``importgradeslib.php``, and
``grade/import/csv/classes/load_data.php``, with ``lib/csvlib.class.php`` (PHP's
fgetcsv, for which a backslash is an escape).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class MoodleGrade:
    """What Moodle has of a participant: the grade, its time, the feedback."""

    grade: float | None = None
    modified: datetime | None = None
    feedback: str = ""
    locked: bool = False


@dataclass
class MoodleAssignment:
    """An assignment in a site of one language.

    identifier, grade, graded_at, feedback : the site's headings
    participant : what stands before a participant's number
    maximum : the points, or None with a scale's words
    """

    participants: dict[str, MoodleGrade]
    maximum: float | None = 100.0
    scale: Sequence[str] = ()
    identifier: str = "Identifier"
    grade: str = "Grade"
    graded_at: str = "Last modified (grade)"
    feedback: str = "Feedback comments"
    participant: str = "Participant "
    skipped: list[str] = field(default_factory=list)

    def upload(self, data: bytes, *, ignore_modified: bool = False) -> int:
        """Take a file; return how many grades changed, -1 where it is no worksheet."""
        header, *rows = php_rows(data)
        columns = {heading: at for at, heading in enumerate(header)}
        if not {self.identifier, self.grade, self.graded_at} <= columns.keys():
            return -1
        changed = 0
        for row in rows:
            number = row[columns[self.identifier]][len(self.participant) :]
            there = self.participants.get(number)
            if there is None:
                self.skipped.append(row[columns[self.identifier]])
                continue
            told = self._number(row[columns[self.grade]])
            stale = self._is_stale(there, row[columns[self.graded_at]])
            if self._is_taken(there, told, stale=stale and not ignore_modified):
                there.grade = told
                changed += 1
            at = columns.get(self.feedback, 0)
            # A column at the very left is taken for none.
            if at and (ignore_modified or not stale):
                there.feedback = row[at]
        return changed

    def _is_taken(self, there: MoodleGrade, told: float | None, *, stale: bool) -> bool:
        if told is None or told < 0 or there.grade == told or stale or there.locked:
            return False
        return self.maximum is None or told <= self.maximum

    def _number(self, cell: str) -> float | None:
        if self.scale:
            words = list(self.scale)
            return float(words.index(cell) + 1) if cell in words else None
        digits = re.match(r"\s*-?[0-9]*\.?[0-9]*", cell)
        return float(digits[0]) if digits and digits[0].strip(" .-") else None

    @staticmethod
    def _is_stale(there: MoodleGrade, told: str) -> bool:
        """Tell whether a grade is newer than the sheet, by a minute; PHP's strtotime
        reads English dates, and what it cannot read is the year 1970.
        """
        if there.modified is None:
            return False
        try:
            at = datetime.strptime(told, "%A, %d %B %Y, %I:%M %p")  # noqa: DTZ007
        except ValueError:
            return True
        return (there.modified - at).total_seconds() > 60


class MoodleAbort(Exception):
    """Why Moodle takes nothing at all of a file."""


@dataclass
class MoodleGradebook:
    """A course's gradebook before an import of a CSV file.

    users : what each field says of everybody, by user
    items : the points of each grade item; locked : users or items that are
    decimal : the decimal mark of the importing person's language
    unlimited : whether the site allows grades above 100
    """

    users: dict[str, dict[str, str]]
    items: dict[str, float] = field(default_factory=dict)
    locked: frozenset[str] = frozenset()
    decimal: str = "."
    unlimited: bool = False
    grades: dict[tuple[str, str], float] = field(default_factory=dict)
    feedback: dict[str, str] = field(default_factory=dict)
    new_items: list[str] = field(default_factory=list)

    def import_(self, data: bytes, *, map_from: str, map_to: str) -> int:
        """Take a file as the person maps it; return how many grades it has.

        map_from : the column that tells the user; map_to : the field of Moodle's
        Raises MoodleAbort: one row that is wrong stops them all
        """
        header, *rows = php_rows(data.removeprefix(b"\xef\xbb\xbf"))
        if any(len(row) != len(header) for row in rows):
            raise MoodleAbort("csvweirdcolumns")
        who = header.index(map_from)
        grades: dict[tuple[str, str], float] = {}
        feedback: dict[str, str] = {}
        others = {"Username", "ID number", "Email address", "Feedback"}
        items = [at for at, heading in enumerate(header) if heading not in others]
        for row in rows:
            cells = [cell.strip() for cell in row]
            user = self._user(map_to, cells[who])
            for at in items:
                if cells[at] not in {"", "-"}:
                    grades[user, header[at]] = self._grade(header[at], user, cells[at])
            if "Feedback" in header:
                feedback[user] = cells[header.index("Feedback")]
        self.new_items += [header[at] for at in items if header[at] not in self.items]
        self.grades |= grades
        self.feedback |= feedback
        return len(grades)

    def _user(self, map_to: str, told: str) -> str:
        found = [user for user, of in self.users.items() if of.get(map_to) == told]
        if len(found) != 1:
            raise MoodleAbort("usermappingerror", told)
        return found[0]

    def _grade(self, item: str, user: str, cell: str) -> float:
        if {item, user} & self.locked:
            raise MoodleAbort("gradelocked", item, user)
        plain = cell.replace(" ", "").replace(self.decimal, ".")
        if not re.fullmatch(r"-?\d+(\.\d+)?", plain):
            raise MoodleAbort("badgrade", cell)
        if float(plain) > 100 and not self.unlimited:
            raise MoodleAbort("gradevaluetoobig", cell)
        return float(plain)


def php_rows(data: bytes) -> list[list[str]]:
    """Read as PHP's fgetcsv does: after a backslash, a quote ends no cell."""
    rows: list[list[str]] = []
    row: list[str] = []
    cell = ""
    quoted = escaped = False
    text = data.decode().replace("\r\n", "\n").replace('""', "\0")
    for character in text:
        if character == '"' and not escaped:
            quoted = not quoted
        elif character in ",\n" and not quoted:
            row.append(cell.replace("\0", '"'))
            cell = ""
            if character == "\n":
                rows.append(row)
                row = []
        else:
            cell += character
        escaped = character == "\\" and not escaped
    return rows
