"""A CSV file as rows of text, every one with its line in the file."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import IntakeError

UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
WORKBOOK_MARKS = (b"PK", b"\xd0\xcf\x11\xe0")
"""What .xlsx and .xls begin with; Blackboard's .xls is text, separated by tabs."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row's cells, unchanged, and the line it begins in, from 1."""

    line: int
    cells: tuple[str, ...]


def read_rows(path: Path) -> list[Row]:
    """Read the rows of a file: all of one width, at least one, empty lines left out.

    The delimiter is the comma, tab or semicolon that the headings have most of.
    Raises IntakeError with file and line
    """
    text = _text(path)
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=_delimiter(text), strict=True)
    rows: list[Row] = []
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append(Row(line, tuple(cells)))
            line = reader.line_num + 1
    except csv.Error as error:
        raise IntakeError(
            f"{path}:{line}", f"is no CSV: {error}", "is a quote left open?"
        ) from error
    if not rows:
        raise IntakeError(path, "is empty", "export the class list again")
    width = len(rows[0].cells)
    for row in rows:
        if len(row.cells) != width:
            raise IntakeError(
                f"{path}:{row.line}",
                f"has {len(row.cells)} cells, the headings are {width}",
                "is a comma in a name without quotes?",
            )
    return rows


def _encoding(data: bytes) -> str:
    """Return UTF-16 where it is marked, or where every other byte of a heading is 0."""
    if data.startswith(UTF16_MARKS):
        return "utf-16"
    return "utf-16-le" if data[1:4:2] == b"\0\0" else "utf-8-sig"


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
    encoding = _encoding(data)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise IntakeError(
            f"{path}:{line}",
            f"is not UTF-8: byte 0x{data[error.start]:02X}",
            "use the LMS's own export, or in Excel save as 'CSV UTF-8'; "
            "names are not guessed",
        ) from error


def _delimiter(text: str) -> str:
    heading = text.partition("\n")[0]
    return max(",\t;", key=heading.count)
