"""The ledger: every result ever given, in one SQLite file with one writer.

A result is committed the moment it exists, so a killed run loses at most the submission
it was grading. Nothing is ever updated or deleted: a regrade adds a row, and the newest
row of a submission counts.
"""

import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import msgspec

from autograder.errors import StaffError
from autograder.results import Result, Verdict
from autograder.submission import Submission

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS result (
    id INTEGER PRIMARY KEY,
    assignment TEXT NOT NULL,
    submission_key TEXT NOT NULL,
    inputs_hash TEXT NOT NULL,
    verdict TEXT NOT NULL,
    score REAL,
    graded_at TEXT NOT NULL,
    submission BLOB NOT NULL,
    result BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS held_back (
    assignment TEXT NOT NULL,
    roster_id TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS result_of ON result (assignment, submission_key, id);
"""
SECRET_BYTES = 32


@dataclass(frozen=True)
class Entry:
    """A stored result, with the submission it is about (without its files)."""

    submission: Submission
    result: Result
    inputs_hash: str


class Ledger:
    """An open ledger; use it as a context manager."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._named_errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, isolation_level=None)
            self._db.executescript("PRAGMA synchronous=FULL;" + SCHEMA)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._db.close()

    @property
    def secret(self) -> bytes:
        """The run's secret, made at first use: students' seeds are drawn from it."""
        with self._named_errors():
            self._db.execute(
                "INSERT OR IGNORE INTO meta VALUES ('secret', ?)",
                (secrets.token_bytes(SECRET_BYTES),),
            )
            row = self._db.execute("SELECT value FROM meta WHERE key = 'secret'")
            return bytes(row.fetchone()[0])

    def add(self, submission: Submission, result: Result, inputs_hash: str) -> None:
        """Store a result for good."""
        slim = msgspec.structs.replace(submission, files={})
        with self._named_errors():
            self._db.execute(
                "INSERT INTO result (assignment, submission_key, inputs_hash, verdict,"
                " score, graded_at, submission, result)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    result.assignment,
                    result.submission_key,
                    inputs_hash,
                    result.verdict.value,
                    result.score,
                    result.graded_at.isoformat(),
                    msgspec.json.encode(slim),
                    msgspec.json.encode(result),
                ),
            )

    def hold_back(self, assignment: str, reasons: Mapping[str, str]) -> None:
        """Keep whom the newest download leaves to a person, in place of those before.

        reasons : why, by roster id
        """
        with self._named_errors():
            self._db.execute("BEGIN")
            self._db.execute(
                "DELETE FROM held_back WHERE assignment = ?", (assignment,)
            )
            self._db.executemany(
                "INSERT INTO held_back VALUES (?, ?, ?)",
                [(assignment, *pair) for pair in reasons.items()],
            )
            self._db.execute("COMMIT")

    def held_back(self, assignment: str) -> dict[str, str]:
        """Return who is left to a person, and why, by roster id."""
        with self._named_errors():
            rows = self._db.execute(
                "SELECT roster_id, reason FROM held_back WHERE assignment = ?",
                (assignment,),
            )
            return dict(rows.fetchall())

    def graded(self, assignment: str, submission_key: str, inputs_hash: str) -> bool:
        """Tell whether the submission's newest result stands for these inputs.

        A fault never stands: it is graded again.
        """
        newest = self._newest(assignment, "AND submission_key = ?", submission_key)
        return any(
            e.inputs_hash == inputs_hash and e.result.verdict is not Verdict.FAULT
            for e in newest
        )

    def entries(self, assignment: str) -> list[Entry]:
        """Return the newest entry of every submission, by key."""
        return list(self._newest(assignment, ""))

    def assignments(self) -> list[str]:
        """Names of the assignments with any result."""
        with self._named_errors():
            rows = self._db.execute("SELECT DISTINCT assignment FROM result ORDER BY 1")
            return [row[0] for row in rows]

    def _newest(self, assignment: str, condition: str, *values: str) -> Iterator[Entry]:
        query = (
            "SELECT submission, result, inputs_hash FROM result WHERE id IN (SELECT"  # noqa: S608 no value is in the text
            f" max(id) FROM result WHERE assignment = ? {condition}"
            " GROUP BY submission_key) ORDER BY submission_key"
        )
        with self._named_errors():
            rows = self._db.execute(query, (assignment, *values)).fetchall()
        for submission, result, inputs_hash in rows:
            yield Entry(
                msgspec.json.decode(submission, type=Submission),
                msgspec.json.decode(result, type=Result),
                inputs_hash,
            )

    @contextmanager
    def _named_errors(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StaffError(
                self.path,
                f"the ledger cannot be used: {error}",
                "what it already holds is safe; is the disk full or read-only?",
            ) from error
