"""A CSV file as rows of text, every one with its line in the file."""

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import IntakeError
from autograder.text import printable

DELIMITERS = ",\t;"
SEPARATOR_LINE = re.compile(r'"?sep=(,|;|\t|\\t)"?', re.IGNORECASE)
NAMES = {"utf-8-sig": "UTF-8"}
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
WEB_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|body|table|\?xml)", re.IGNORECASE
)
"""What an LMS gives to whoever is logged out, and some exports called .xls."""
WORKBOOK_MARKS = (b"PK", b"\xd0\xcf\x11\xe0")
"""What .xlsx and .xls begin with; Blackboard's .xls is text, separated by tabs."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row's cells, unchanged, and the line it begins in, from 1."""

    line: int
    cells: tuple[str, ...]


def read_rows(path: Path) -> list[Row]:
    """Read the rows of a file: all of one width, at least one, empty lines left out.

    The delimiter is the comma, tab or semicolon with which all rows have one width,
    the widest there is; else the one that gives the most headings. Those in quotes do
    not count. Excel's first line ``sep=;`` says it too.
    Raises IntakeError with file and line
    """
    first, text = _told_separator(_text(path))
    given = [first] if first else list(DELIMITERS)
    readings = [_read(path, text, delimiter) for delimiter in given]
    best = max(readings, key=lambda reading: reading.rank)
    if best.error is not None:
        raise best.error
    rows = best.rows
    if not rows:
        raise IntakeError(path, "is empty", "export the class list again")
    width = len(rows[0].cells)
    others = {len(row.cells) for row in rows[1:]}
    if width == 1 and others and 1 not in others:
        raise IntakeError(
            f"{path}:{rows[0].line}",
            f"is one cell, {printable(rows[0].cells[0])!r}, above rows of "
            f"{', '.join(map(str, sorted(others)))}: a title, and no headings",
            "delete what stands above the headings",
        )
    for row in rows:
        if len(row.cells) != width:
            raise IntakeError(
                f"{path}:{row.line}",
                f"has {len(row.cells)} cells, the headings are {width}",
                "is a comma in a name without quotes?",
            )
    return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What a file is with one delimiter."""

    rows: list[Row]
    error: IntakeError | None

    @property
    def rank(self) -> tuple[bool, int]:
        """How well it fits: a table of several columns, then many headings."""
        width = len(self.rows[0].cells) if self.rows else 0
        even = {len(row.cells) for row in self.rows} == {width}
        return even and width > 1 and self.error is None, width


def _told_separator(text: str) -> tuple[str, str]:
    """Return the delimiter that a first line ``sep=;`` tells, or "", and the rest."""
    first, newline, rest = text.partition("\n")
    told = SEPARATOR_LINE.fullmatch(first.rstrip("\r"))
    if told is None:
        return "", text
    return told[1].replace("\\t", "\t"), newline + rest


def _read(path: Path, text: str, delimiter: str) -> _Reading:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    line = 1
    try:
        for cells in reader:
            # A row of separators is empty, whichever they are.
            if any(cell.strip(f"{DELIMITERS} \r\n") for cell in cells):
                rows.append(Row(line, tuple(cells)))
            line = reader.line_num + 1
    except csv.Error as error:
        refused = IntakeError(
            f"{path}:{line}", f"is no CSV: {error}", "is a quote left open?"
        )
        refused.__cause__ = error
        return _Reading(rows=rows, error=refused)
    return _Reading(rows=rows, error=None)


def _encoding(data: bytes) -> str:
    """Return UTF-16 where it is marked, or where every other byte of a heading is 0."""
    if data.startswith(UTF16_MARKS):
        return "utf-16"
    if data[1:4:2] == b"\0\0":
        return "utf-16-le"
    return "utf-16-be" if data[0:3:2] == b"\0\0" else "utf-8-sig"


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise IntakeError(
            path, f"cannot be read: {error.strerror}", "is the path right?"
        ) from error
    if data.startswith(WORKBOOK_MARKS):
        raise IntakeError(
            path, "is an Excel workbook or a zip, not a CSV", "save it as 'CSV UTF-8'"
        )
    if WEB_PAGE.match(data):
        raise IntakeError(
            path,
            "is a web page, not a CSV",
            "log in to the LMS and export the list again",
        )
    encoding = _encoding(data)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        # What is read may begin behind a mark, which its own places don't count.
        before = error.object[: error.start].decode(error.encoding)
        line = before.count("\n") + 1
        raise IntakeError(
            f"{path}:{line}",
            f"is not {NAMES.get(encoding, 'UTF-16')}: "
            f"byte 0x{error.object[error.start]:02X}{_column_of(before)}",
            "use the LMS's own export, or in Excel save as 'CSV UTF-8'; "
            "names are not guessed",
        ) from error


def _column_of(before: str) -> str:
    """Say in which column a text breaks off, "" where nobody can tell."""
    heading, *rows = before.lstrip("\ufeff").split("\n")
    delimiter = max(DELIMITERS, key=heading.count)
    try:
        (titles,) = csv.reader([heading.rstrip("\r")], delimiter=delimiter)
        (cells,) = csv.reader(rows[-1:], delimiter=delimiter)
    except (csv.Error, ValueError):
        return ""
    # What breaks off at its first byte has no cell yet.
    column = max(len(cells) - 1, 0)
    return f" in the column {titles[column].strip()!r}" if column < len(titles) else ""
