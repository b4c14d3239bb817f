"""Read what an author wrote: text, and TOML against a schema, errors with the line."""

import itertools
from pathlib import Path
from typing import TypeVar

import msgspec

from autograder.errors import AuthoringError

Shape = TypeVar("Shape")


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
        raise AuthoringError(path, str(error)) from error


def line_of(text: str, found: str) -> int:
    """Line number, from 1, of the first occurrence of `found` in `text`."""
    return text[: max(text.find(found), 0)].count("\n") + 1


def _line_of(text: str, error: str) -> int:
    """Line of the array table, such as ``$.question[2]``, that an error speaks of."""
    table, _, rest = error.partition("$.")[2].partition("[")
    if not rest:
        return 1
    return line_of_table(text, table, int(rest.partition("]")[0]))


def line_of_table(text: str, table: str, index: int) -> int:
    """Line number, from 1, of the header of an array's table: ``[[table]]``."""
    headers = (
        number
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() == f"[[{table}]]"
    )
    return next(itertools.islice(headers, index, None), 1)
