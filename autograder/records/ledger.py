"""The ledger: every result ever given, in one SQLite file with one writer.

A result is committed the moment it exists, so a killed run loses at most the submission
it was grading. No result is ever updated or deleted: a regrade adds a row, and the
newest row of a submission counts. Every grade or regrade is a numbered run; what stood
after an earlier one can still be read.
"""

import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import msgspec

from autograder.errors import StaffError
from autograder.records.dependencies import Inputs
from autograder.records.results import Result, Verdict
from autograder.records.submission import Submission

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
MIGRATIONS = (
    """
    CREATE TABLE run (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        command TEXT NOT NULL,
        assignment TEXT NOT NULL,
        reason TEXT NOT NULL,
        started_at TEXT NOT NULL,
        finished_at TEXT
    ) STRICT;
    ALTER TABLE result ADD COLUMN run INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE result ADD COLUMN inputs BLOB;
    """,
)
"""What turns a ledger of version n (its ``user_version``) into one of version n + 1."""
UNNUMBERED = 0
"""The run of results that an older version stored, which had no numbers."""
SECRET_BYTES = 32


@dataclass(frozen=True)
class Entry:
    """A stored result, with the submission it is about (without its files).

    run : the number of the run that gave it
    inputs : what its hash was made of, or None where an older version stored it
    """

    submission: Submission
    result: Result
    inputs_hash: str
    run: int = UNNUMBERED
    inputs: Inputs | None = None


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One ``grade`` or ``regrade``.

    number : from 1; 0 stands for results from before runs were numbered
    reason : why, in words, or ""
    finished_at : None where it was interrupted, or still works
    results : how many it stored; faults : how many of them are faults of ours
    """

    number: int
    command: str
    assignment: str
    reason: str
    started_at: datetime
    finished_at: datetime | None
    results: int
    faults: int


class Ledger:
    """An open ledger; use it as a context manager."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._named_errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, isolation_level=None)
            self._db.executescript("PRAGMA synchronous=FULL;" + SCHEMA)
            self._migrate()

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

    def begin_run(self, command: str, assignment: str, reason: str) -> int:
        """Note that a run begins, and return its number."""
        with self._named_errors():
            begun = self._db.execute(
                "INSERT INTO run (command, assignment, reason, started_at)"
                " VALUES (?, ?, ?, ?)",
                (command, assignment, reason, datetime.now(UTC).isoformat()),
            )
            return int(begun.lastrowid or UNNUMBERED)

    def end_run(self, number: int) -> None:
        """Note that a run has done all that it was to do."""
        with self._named_errors():
            self._db.execute(
                "UPDATE run SET finished_at = ? WHERE number = ?",
                (datetime.now(UTC).isoformat(), number),
            )

    def runs(self) -> list[Run]:
        """Return every run, the oldest first."""
        with self._named_errors():
            rows = self._db.execute(
                "SELECT run.*, count(result.id), coalesce(sum(verdict = 'fault'), 0)"
                " FROM run LEFT JOIN result ON result.run = run.number"
                " GROUP BY run.number ORDER BY run.number"
            ).fetchall()
        names = Run.__struct_fields__
        return [
            msgspec.convert(dict(zip(names, row, strict=True)), Run) for row in rows
        ]

    def run(self, number: int) -> Run:
        """Return one run; raises StaffError where there is none of that number."""
        runs = {run.number: run for run in self.runs()}
        if number not in runs:
            known = f"1 to {max(runs)}" if runs else "none yet"
            raise StaffError(
                self.path,
                f"there is no run {number}, the runs are {known}",
                "list them with: autograder runs",
            )
        return runs[number]

    def add(
        self,
        submission: Submission,
        result: Result,
        inputs_hash: str,
        *,
        run: int = UNNUMBERED,
        inputs: Inputs | None = None,
    ) -> None:
        """Store a result for good.

        inputs : what the hash was made of, so that a regrade can tell what has changed
        """
        slim = msgspec.structs.replace(submission, files={})
        with self._named_errors():
            self._db.execute(
                "INSERT INTO result (assignment, submission_key, inputs_hash, verdict,"
                " score, graded_at, submission, result, run, inputs)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    result.assignment,
                    result.submission_key,
                    inputs_hash,
                    result.verdict.value,
                    result.score,
                    result.graded_at.isoformat(),
                    msgspec.json.encode(slim),
                    msgspec.json.encode(result),
                    run,
                    msgspec.json.encode(inputs) if inputs else None,
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

    def entries(self, assignment: str, *, after_run: int | None = None) -> list[Entry]:
        """Return the newest entry of every submission, by key.

        after_run : as they stood when that run had ended; None for now
        """
        if after_run is None:
            return list(self._newest(assignment, ""))
        return list(self._newest(assignment, "AND run <= ?", after_run))

    def assignments(self) -> list[str]:
        """Names of the assignments with any result."""
        with self._named_errors():
            rows = self._db.execute("SELECT DISTINCT assignment FROM result ORDER BY 1")
            return [row[0] for row in rows]

    def _newest(
        self, assignment: str, condition: str, *values: str | int
    ) -> Iterator[Entry]:
        query = (
            "SELECT submission_key, graded_at, submission, result, inputs_hash, run,"  # noqa: S608 no value is in the text
            " inputs FROM result"
            f" WHERE id IN (SELECT max(id) FROM result WHERE assignment = ? {condition}"
            " GROUP BY submission_key) ORDER BY submission_key"
        )
        with self._named_errors():
            rows = self._db.execute(query, (assignment, *values)).fetchall()
        for key, graded_at, submission, result, inputs_hash, run, inputs in rows:
            try:
                yield Entry(
                    msgspec.json.decode(submission, type=Submission),
                    msgspec.json.decode(result, type=Result),
                    inputs_hash,
                    run,
                    msgspec.json.decode(inputs, type=Inputs) if inputs else None,
                )
            except (msgspec.DecodeError, UnicodeDecodeError, TypeError) as error:
                yield self._unreadable(assignment, key, graded_at, submission, error)

    def _unreadable(
        self,
        assignment: str,
        key: str,
        graded_at: str,
        submission: bytes,
        error: Exception,
    ) -> Entry:
        """Return a fault for a row that can't be read: it costs nobody else."""
        try:
            whose = msgspec.json.decode(submission, type=Submission)
        except (msgspec.DecodeError, UnicodeDecodeError, TypeError):
            whose = Submission(
                key=key,
                lms_id="",
                student_name=key,
                roster_id=None,
                attempt=1,
                submitted_at=None,
                files={},
            )
        result = Result(
            assignment=assignment,
            submission_key=key,
            score=None,
            possible=0.0,
            verdict=Verdict.FAULT,
            questions=(),
            fault=f"what {self.path.name} holds of it cannot be read ({error}): "
            "run autograder grade, which grades it again",
            graded_at=datetime.fromisoformat(graded_at),
        )
        return Entry(whose, result, "")

    def _migrate(self) -> None:
        """Bring an older ledger up to date, keeping every row that it has."""
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version > len(MIGRATIONS):
            raise StaffError(
                self.path,
                f"a newer autograder wrote it (version {version}, this one knows "
                f"{len(MIGRATIONS)})",
                "use that one",
            )
        for number, script in enumerate(MIGRATIONS[version:], version + 1):
            self._db.executescript(
                f"BEGIN IMMEDIATE;{script};PRAGMA user_version = {number};COMMIT"
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


def ledger_path(out: Path) -> Path:
    """Where a run's folder has its ledger."""
    return out / "ledger.sqlite"


def open_ledger(out: Path) -> Ledger:
    """Open the ledger of a run's folder; raises StaffError where there is none."""
    path = ledger_path(out)
    if not path.is_file():
        raise StaffError(path, "there is no ledger", "run: autograder grade")
    return Ledger(path)
