"""A second file that says when each student handed in, where the download does not.

    Moodle's grading worksheet   "Last modified (submission)", by participant and name
    Canvas's API                 …/assignments/77/submissions as JSON, by user id
    GitHub Classroom's grades    submission_timestamp, by account or identifier
    any other CSV                id (or username, e-mail), and submitted_at

A time that names no zone is local, as those of a download are.
"""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder.errors import IntakeError
from autograder.intake.csv_rows import Row, read_rows
from autograder.intake.layout import HandedIn
from autograder.intake.roster import Student, folded_name
from autograder.records.submission import IN_TIME, LATE

KEYS = {
    "participant": ("identifier",),
    "name": ("fullname", "name"),
    "email": ("emailaddress", "email"),
    "id": ("id", "rosterid", "studentid", "idnumber", "rosteridentifier"),
    "username": ("username", "login"),
    "github": ("githubusername",),
}
TIMES = (
    "lastmodifiedsubmission", "submittedat", "submissiontimestamp", "submissiontime",
    "submitted",
)  # fmt: skip
PARTICIPANT = re.compile(r"\D*?(\d+)")
CLOCK = re.compile(r"(\d{1,2})[:.h](\d{2})(?:[:.](\d{2}))?(?:\s*([ap])\.?\s?m\.?)?\s*$")
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january januar jänner janvier enero janeiro januari gennaio",
            "february februar février febrero fevereiro februari febbraio",
            "march märz mars marzo março maart",
            "april avril abril aprile",
            "may mai mayo maio mei maggio",
            "june juni juin junio junho giugno",
            "july juli juillet julio julho luglio",
            "august août agosto augustus",
            "september septembre septiembre setiembre setembro settembre",
            "october oktober octobre octubre outubro ottobre",
            "november novembre noviembre novembro",
            "december dezember décembre diciembre dezembro dicembre",
        ),
        start=1,
    )
    for name in names.split()
}
"""In the languages whose Moodle's worksheets are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the file says of one hand-in.

    doubt : why there is no time, "" where the file says nothing of it
    lms_says : ``late`` or ``in time``, where the LMS judges it; else ""
    """

    submitted_at: datetime | None = None
    doubt: str = ""
    lms_says: str = ""


@dataclass(frozen=True, slots=True)
class TimeList:
    """Times by what the file knows a student by, a kind of key and its value."""

    place: Path
    by_key: Mapping[tuple[str, str], tuple[Said, ...]]

    def of(self, item: HandedIn, student: Student | None) -> Said:
        """Return what is said of a hand-in: nothing where two rows could be meant."""
        for kind, value in _keys_of(item, student):
            found = self.by_key.get((kind, value), ())
            if len(set(found)) > 1:
                return Said(doubt=f"{self.place.name} has several rows of {value!r}")
            if found:
                return found[0]
        return Said(doubt=f"{self.place.name} has no time of it")


def read_time_list(path: Path) -> TimeList:
    """Read a file of times; raises IntakeError with file and line."""
    try:
        begins = path.read_bytes()[:200].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    except OSError as error:
        raise IntakeError(
            path, f"cannot be read: {error.strerror}", "is the path right?"
        ) from error
    return _from_canvas(path) if begins in {b"[", b"{"} else _from_csv(path)


def read_time(text: str) -> datetime | None:
    """Read a time as LMSs write it, ISO 8601 or in words; None where it is none.

    >>> read_time("Sunday, 22 November 2026, 3:05 PM")
    datetime.datetime(2026, 11, 22, 15, 5)
    >>> read_time("Sonntag, 22. November 2026, 15:05")
    datetime.datetime(2026, 11, 22, 15, 5)
    >>> read_time("2026-10-10T05:30:00Z")
    datetime.datetime(2026, 10, 10, 5, 30, tzinfo=datetime.timezone.utc)
    >>> read_time("22/11/26, 15:05")
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    try:
        iso = re.sub(r"\s*(utc|z)$", "+00:00", plain)
        return datetime.fromisoformat(re.sub(r"\s+(?=[+-]\d)", "", iso).upper())
    except ValueError:
        pass
    clock = CLOCK.search(plain)
    words = re.findall(r"[^\W\d_]+|\d+", plain[: clock.start()] if clock else "")
    months = [MONTHS[word] for word in words if word in MONTHS]
    days = [int(w) for w in words if w.isdecimal() and len(w) <= 2]  # noqa: PLR2004
    years = [int(w) for w in words if re.fullmatch(r"\d{4}", w)]
    if clock is None or not len(months) == len(days) == len(years) == 1:
        return None
    hour = int(clock[1])
    if clock[4]:
        if not 1 <= hour <= 12:  # noqa: PLR2004 a clock of twelve hours
            return None
        hour = hour % 12 + (12 if clock[4] == "p" else 0)
    try:
        return datetime(  # noqa: DTZ001 the LMS's local time
            years[0], months[0], days[0], hour, int(clock[2]), int(clock[3] or 0)
        )
    except ValueError:
        return None


def squeezed(heading: str) -> str:
    """Return a heading for comparing: its letters and digits, folded."""
    return "".join(c for c in heading.casefold() if c.isalnum())


def _keys_of(item: HandedIn, student: Student | None) -> Sequence[tuple[str, str]]:
    name = folded_name(item.whose.name)
    keys = [("participant", f"{item.lms_id}\0{name}"), ("canvas", item.lms_id)]
    if student is not None:
        keys += [
            ("participant", f"{item.lms_id}\0{folded_name(student.name)}"),
            ("id", student.id.casefold()),
            ("id", student.sis_id.casefold()),
            ("username", student.username.casefold()),
            ("email", student.email.casefold()),
            ("github", student.github.casefold()),
        ]
    return keys


def _from_csv(path: Path) -> TimeList:
    header, *rows = read_rows(path)
    titles = [squeezed(heading) for heading in header.cells]
    at = next((titles.index(title) for title in TIMES if title in titles), None)
    columns = {
        kind: titles.index(title)
        for kind, spellings in KEYS.items()
        for title in spellings
        if title in titles
    }
    if at is None or not columns.keys() - {"name"}:
        raise IntakeError(
            f"{path}:{header.line}",
            f"has no times of students; the headings are {', '.join(header.cells)}",
            "give Moodle's grading worksheet, or a CSV with id and submitted_at",
        )
    by_key: dict[tuple[str, str], tuple[Said, ...]] = {}
    for row in rows:
        said = _said(row.cells[at].strip())
        for key in _keys_in(row, columns):
            by_key[key] = (*by_key.get(key, ()), said)
    return TimeList(path, by_key)


def _keys_in(row: Row, columns: Mapping[str, int]) -> Sequence[tuple[str, str]]:
    cell = {kind: row.cells[at].strip() for kind, at in columns.items()}
    number = PARTICIPANT.fullmatch(cell.pop("participant", ""))
    name = folded_name(cell.pop("name", ""))
    keys = [(kind, value.casefold()) for kind, value in cell.items() if value]
    return [*keys, *([("participant", f"{number[1]}\0{name}")] if number else [])]


def _said(text: str) -> Said:
    if text in {"", "-"}:
        return Said(doubt="its row has no time")
    time = read_time(text)
    return Said(submitted_at=time, doubt="" if time else f"{text!r} cannot be read")


def _from_canvas(path: Path) -> TimeList:
    try:
        read = json.loads(path.read_text(encoding="utf-8-sig"))
        entries: list[Any] = read if isinstance(read, list) else [read]
        by_key: dict[tuple[str, str], tuple[Said, ...]] = {}
        for entry in entries:
            said = _said(str(entry.get("submitted_at") or ""))
            late = entry.get("late")
            judged = "" if late is None else LATE if late else IN_TIME
            said = Said(
                submitted_at=said.submitted_at, doubt=said.doubt, lms_says=judged
            )
            key = ("canvas", str(entry["user_id"]))
            by_key[key] = (*by_key.get(key, ()), said)
    except (ValueError, KeyError, AttributeError) as error:
        raise IntakeError(
            path,
            f"is no answer of Canvas's API: {type(error).__name__}",
            "give what …/courses/7/assignments/77/submissions answers, all pages",
        ) from error
    return TimeList(path, by_key)
