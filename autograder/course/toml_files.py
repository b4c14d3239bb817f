"""Read what an author wrote: text, and TOML against a schema, errors with the line."""

import itertools
import re
from pathlib import Path
from typing import TypeVar

import msgspec

from autograder.errors import AuthoringError

Shape = TypeVar("Shape")
TIME_WITHOUT_SECONDS = re.compile(
    r"^[^#\"']*= *\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?!:)", re.MULTILINE
)


def read_text(path: Path) -> str:
    """Read an author's file as UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise AuthoringError(path, f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise AuthoringError(path, "is not UTF-8", "save it as UTF-8") from error


def read_toml(path: Path, shape: type[Shape]) -> Shape:
    """Decode a TOML file against a schema; errors name the line of the table."""
    text = read_text(path)
    try:
        return msgspec.toml.decode(text, type=shape)
    except msgspec.ValidationError as error:
        raise AuthoringError(f"{path}:{_line_of(text, str(error))}", str(error)) from (
            error
        )
    except msgspec.DecodeError as error:
        remedy = (
            "a time needs its seconds, as in 2026-10-10T23:59:00"
            if TIME_WITHOUT_SECONDS.search(text)
            else ""
        )
        raise AuthoringError(path, str(error), remedy) from error


def line_of(text: str, found: str) -> int:
    """Line number, from 1, of the first occurrence of `found` in `text`."""
    return text[: max(text.find(found), 0)].count("\n") + 1


def _line_of(text: str, error: str) -> int:
    """Line of the table or key, such as ``$.question[2]``, that an error speaks of."""
    path = error.rpartition("$.")[2].partition("`")[0]
    table, bracket, rest = path.partition("[")
    if bracket and "." not in table:
        return line_of_table(text, table, int(rest.partition("]")[0]))
    return line_of_key(text, path.partition(".")[0])


def line_of_key(text: str, key: str) -> int:
    """Line number, from 1, of a key or table at the file's top level, else 1."""
    name = re.escape(key)
    header = re.compile(rf"\s*(\[\s*{name}\s*\]|{name}\s*[.=])")
    lines = enumerate(text.splitlines(), 1)
    return next((number for number, line in lines if header.match(line)), 1)


def line_of_table(text: str, table: str, index: int) -> int:
    """Line number, from 1, of the header of an array's table: ``[[table]]``."""
    header = re.compile(rf"\s*\[\[\s*{re.escape(table)}\s*\]\]")
    lines = enumerate(text.splitlines(), 1)
    headers = (number for number, line in lines if header.match(line))
    return next(itertools.islice(headers, index, None), 1)
