"""Rows of the ledger: results as they are stored, each with a digest of its own.

SQLite does not notice a digit that has changed on the disk; the digest does. A row that
can't be read, for this or any other reason, costs one student a fault and nobody else.
"""

import hashlib
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeAlias

import msgspec

from autograder.records.dependencies import Inputs
from autograder.records.entries import UNNUMBERED, Entry, fault, nobodys
from autograder.records.results import Result
from autograder.records.submission import Submission
from autograder.text import readable

COLUMNS = (
    "assignment, submission_key, inputs_hash, verdict, score, graded_at, submission,"
    " result, run, inputs"
)
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, TypeError)
UNSTORABLE = (ValueError, TypeError, OverflowError, RecursionError)
"""What text with half a character, or an int of thousands of digits, ends in."""
Row: TypeAlias = tuple[Any, ...]
"""The values of `COLUMNS`, as SQLite gives them."""


class Unreadable(NamedTuple):
    """A row of a ledger that can't be read.

    stands : whether it is the newest of its submission, which is then graded again
    """

    id: int
    assignment: str
    submission_key: str
    problem: str
    stands: bool


def row_of(
    submission: Submission,
    result: Result,
    inputs_hash: str,
    run: int,
    inputs: Inputs | None,
) -> Row:
    """Return a result as it is stored; a fault where it holds what can't be stored.

    Of a class those who were graded beside it may not lose theirs
    """
    try:
        encoded = msgspec.json.encode(result)
    except UNSTORABLE as error:
        why = f"its result cannot be stored ({type(error).__name__}: {error})"
        result = msgspec.structs.replace(
            fault(result.assignment, result.submission_key, readable(why)),
            possible=result.possible,
            graded_at=result.graded_at,
        )
        encoded = msgspec.json.encode(result)
    slim = msgspec.structs.replace(submission, files={})
    return (
        result.assignment,
        result.submission_key,
        inputs_hash,
        result.verdict.value,
        # As SQLite gives it back: no whole number, and no negative zero.
        None if result.score is None else result.score + 0.0,
        result.graded_at.isoformat(),
        msgspec.json.encode(slim),
        encoded,
        run,
        msgspec.json.encode(inputs) if inputs else None,
    )


def digest_of(row: Row) -> bytes:
    """Return a SHA-256 of all that a row holds."""
    digest = hashlib.sha256()
    for value in row:
        data = value if isinstance(value, bytes) else repr(value).encode()
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.digest()


def problem_of(row: Row, digest: bytes | None) -> str:
    """Say why a row can't be read, or ""; rows of older versions have no digest."""
    if digest is not None and digest != digest_of(row):
        return "it is not as it was stored"
    try:
        _decoded(row)
    except UNREADABLE as error:
        return str(error)
    return ""


def entry_of(row: Row, digest: bytes | None) -> Entry:
    """Return a row as an entry: a fault of ours where it can't be read."""
    problem = problem_of(row, digest)
    return _unreadable(row, problem) if problem else _decoded(row)


def time_of(text: str) -> datetime:
    """Return a stored time; where it can't be read, the earliest there is."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)


def _decoded(row: Row) -> Entry:
    submission, result, run, inputs = row[6:]
    return Entry(
        msgspec.json.decode(submission, type=Submission),
        msgspec.json.decode(result, type=Result),
        row[2],
        run,
        msgspec.json.decode(inputs, type=Inputs) if inputs else None,
    )


def _unreadable(row: Row, problem: str) -> Entry:
    assignment, key = row[:2]
    try:
        whose = msgspec.json.decode(row[6], type=Submission)
    except UNREADABLE:
        whose = nobodys(key)
    why = (
        f"what the ledger holds of it cannot be read ({problem}): "
        "run autograder grade, which grades it again"
    )
    result = msgspec.structs.replace(
        fault(assignment, key, why), graded_at=time_of(row[5])
    )
    run = row[8] if isinstance(row[8], int) else UNNUMBERED
    return Entry(whose, result, "", run)
