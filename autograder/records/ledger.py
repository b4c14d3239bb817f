"""The ledger: every hand-in and every result, in one SQLite file with one writer.

Who handed in what is kept before a run grades anything, so that a run that is
interrupted leaves nobody out: whoever was still to be graded is an entry without a
mark. Results are committed the moment they are here, those that come together in one
commit, so a killed run loses at most the submissions it was grading. No row is ever
updated or deleted: a regrade adds results, the newest one of a submission counts, and
of a student the hand-ins of the newest download. Every grade or regrade is a numbered
run; what stood after an earlier one can still be read.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import msgspec

from autograder.errors import StaffError
from autograder.records import ledger_file
from autograder.records.dependencies import Inputs
from autograder.records.entries import (
    UNNUMBERED,
    Entry,
    Run,
    answers,
    nobodys,
    not_graded_yet,
    open_entry,
)
from autograder.records.hand_ins import HandIn, standing
from autograder.records.ledger_file import ledger_path
from autograder.records.ledger_rows import (
    COLUMNS,
    UNREADABLE,
    Row,
    Unreadable,
    digest_of,
    entry_of,
    problem_of,
    row_of,
    time_of,
)
from autograder.records.ledger_schema import MIGRATIONS, SCHEMA, migrate, secret_of
from autograder.records.results import Result, Verdict
from autograder.records.submission import Submission

__all__ = [
    "UNNUMBERED",
    "Entry",
    "Ledger",
    "Run",
    "Unreadable",
    "ledger_path",
    "open_ledger",
]

LAST_RUN = 2**62
"""After every run."""


class Ledger:
    """An open ledger; use it as a context manager."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._refuse_an_ill_one()
        with self._named_errors():
            ledger_file.begin(path, SCHEMA)
            self._db = sqlite3.connect(path, isolation_level=None)
            # Damage in a text must not stop what reads the row.
            self._db.text_factory = lambda data: data.decode(errors="replace")
            self._db.execute("PRAGMA synchronous=FULL")
            self._migrate()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._db.close()

    @property
    def secret(self) -> bytes:
        """The secret that students' seeds are drawn from, made with the ledger."""
        with self._named_errors():
            return secret_of(self._db)

    def begin_run(
        self,
        command: str,
        assignment: str,
        reason: str,
        hand_ins: Iterable[HandIn] = (),
    ) -> int:
        """Note that a run begins and what was handed in, and return its number.

        hand_ins : all that is in the download, also what stands and what a person must
            look at first
        """
        with self._named_errors(), self._at_once():
            begun = self._db.execute(
                "INSERT INTO run (command, assignment, reason, started_at)"
                " VALUES (?, ?, ?, ?)",
                (command, assignment, reason, datetime.now(UTC).isoformat()),
            )
            number = int(begun.lastrowid or UNNUMBERED)
            self._db.executemany(
                "INSERT INTO hand_in (run, assignment, submission_key, hand_in)"
                " VALUES (?, ?, ?, ?)",
                [
                    (number, assignment, one.submission.key, msgspec.json.encode(one))
                    for one in hand_ins
                ],
            )
            return number

    def end_run(self, number: int) -> None:
        """Note that a run has done all that it was to do, and copy the ledger."""
        with self._named_errors():
            self._db.execute(
                "UPDATE run SET finished_at = ? WHERE number = ?",
                (datetime.now(UTC).isoformat(), number),
            )
            ledger_file.copy(self.path, ledger_file.copy_path(self.path))

    def runs(self) -> list[Run]:
        """Return every run, the oldest first."""
        with self._named_errors():
            rows = self._db.execute(
                "SELECT run.*, count(result.id), coalesce(sum(verdict = 'fault'), 0)"
                " FROM run LEFT JOIN result ON result.run = run.number"
                " GROUP BY run.number ORDER BY run.number"
            ).fetchall()
        names = Run.__struct_fields__
        runs = [dict(zip(names, row, strict=True)) for row in rows]
        for run in runs:
            run["started_at"] = time_of(run["started_at"])
            if run["finished_at"] is not None:
                run["finished_at"] = time_of(run["finished_at"])
        return [Run(**run) for run in runs]

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
        self._insert(row_of(submission, result, inputs_hash, run, inputs))

    def add_all(
        self, graded: Iterable[tuple[Submission, Result, Inputs]], *, run: int
    ) -> None:
        """Store results that came together for good, in one commit: all or none.

        A commit waits for the disk several times, however many rows it has
        """
        rows = [row_of(s, r, inputs.hash, run, inputs) for s, r, inputs in graded]
        with self._named_errors(), self._at_once():
            for row in rows:
                self._insert(row)

    def _insert(self, row: Row) -> None:
        with self._named_errors():
            self._db.execute(
                f"INSERT INTO result ({COLUMNS}, digest)"  # noqa: S608 our own names
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*row, digest_of(row)),
            )

    def graded(self, assignment: str, submission_key: str, inputs_hash: str) -> bool:
        """Tell whether the submission's newest result stands for these inputs.

        A fault never stands: it is graded again.
        """
        newest = self._newest(assignment, key=submission_key)
        return any(
            e.inputs_hash == inputs_hash and e.result.verdict is not Verdict.FAULT
            for e in newest
        )

    def entries(self, assignment: str, *, after_run: int | None = None) -> list[Entry]:
        """Return the entry of every submission that counts, by key.

        What was handed in and has no result yet has a fault in its place, which says
        why: a run was interrupted, or a person must look at it first.

        after_run : the results alone as they stood when that run had ended; None for
            now
        """
        newest = {e.submission.key: e for e in self._newest(assignment, after_run)}
        hand_ins = list(self._hand_ins(assignment, after_run))
        counting = standing(hand_ins)
        # Older versions kept no hand-ins: what they graded counts as it is.
        told_of = {one.submission.identity for one in hand_ins}
        known = {one.submission.roster_id for one in hand_ins} - {None}
        runs = {run.number: run for run in self.runs()}
        found = {
            key: entry
            for key, entry in newest.items()
            if entry.submission.identity not in told_of
            and entry.submission.roster_id not in known
        }
        for one in (one for several in counting.values() for one in several):
            key = one.submission.key
            entry = newest.get(key)
            if entry is not None and not one.why_not and answers(entry, one):
                found[key] = replace(entry, submission=one.submission)
            elif after_run is None:
                why = one.why_not or not_graded_yet(runs.get(one.run))
                found[key] = open_entry(assignment, one, why)
        if after_run is None:
            found |= self._held_back_before(assignment, counting)
        return [found[key] for key in sorted(found)]

    def owners(self, assignment: str) -> Mapping[str, Submission]:
        """Return whose a hand-in was found to be, by its origin in the LMS."""
        counting = standing(self._hand_ins(assignment))
        return {
            one.submission.origin: one.submission
            for several in counting.values()
            for one in several
            if one.submission.origin and one.submission.roster_id
        }

    def assignments(self) -> list[str]:
        """Names of the assignments that anything was handed in for."""
        with self._named_errors():
            rows = self._db.execute(
                "SELECT assignment FROM result UNION SELECT assignment FROM hand_in"
                " ORDER BY 1"
            )
            return [row[0] for row in rows]

    def _hand_ins(
        self, assignment: str, after_run: int | None = None
    ) -> Iterator[HandIn]:
        """Yield what was handed in, run by run, the oldest first."""
        with self._named_errors():
            rows = self._db.execute(
                "SELECT run, submission_key, hand_in FROM hand_in"
                " WHERE assignment = ? AND run <= ? ORDER BY id",
                (assignment, LAST_RUN if after_run is None else after_run),
            ).fetchall()
        for run, key, blob in rows:
            try:
                one = msgspec.json.decode(blob, type=HandIn)
            except UNREADABLE as error:
                one = HandIn(
                    submission=nobodys(key),
                    files_hash="",
                    inputs_hash="",
                    why_not=f"what the ledger holds of it cannot be read ({error}): "
                    "run autograder grade again",
                )
            yield msgspec.structs.replace(one, run=run)

    def _held_back_before(
        self, assignment: str, counting: Mapping[str, tuple[HandIn, ...]]
    ) -> dict[str, Entry]:
        """Return whom an older version left to a person, and nobody has graded since.

        It replaced what it had kept at every run
        """
        with self._named_errors():
            rows = self._db.execute(
                "SELECT roster_id, reason FROM held_back WHERE assignment = ?",
                (assignment,),
            ).fetchall()
        found = {}
        known = {
            one.submission.roster_id for several in counting.values() for one in several
        }
        for roster_id, reason in rows:
            if roster_id not in known:
                whose = msgspec.structs.replace(
                    nobodys(f"held-back-{roster_id}"),
                    roster_id=roster_id,
                    student_name=roster_id,
                )
                one = HandIn(submission=whose, files_hash="", inputs_hash="")
                found[whose.key] = open_entry(assignment, one, reason)
        return found

    def _newest(
        self, assignment: str, after_run: int | None = None, key: str | None = None
    ) -> Iterator[Entry]:
        """Yield the newest result of every submission, or of the one with that key."""
        query = (
            f"SELECT {COLUMNS}, digest FROM result"  # noqa: S608 no value is in the text
            " WHERE id IN (SELECT max(id) FROM result WHERE assignment = ?1"
            " AND run <= ?2 AND (?3 IS NULL OR submission_key = ?3)"
            " GROUP BY submission_key) ORDER BY submission_key"
        )
        newest = LAST_RUN if after_run is None else after_run
        with self._named_errors():
            rows = self._db.execute(query, (assignment, newest, key)).fetchall()
        for *row, digest in rows:
            yield entry_of(tuple(row), digest)

    @property
    def size(self) -> int:
        """How many results it holds."""
        with self._named_errors():
            (count,) = self._db.execute("SELECT count(*) FROM result").fetchone()
            return int(count)

    def unreadable(self) -> list[Unreadable]:
        """Return every row that can't be read, whether it stands or not, by its id."""
        with self._named_errors():
            rows = self._db.execute(
                f"SELECT id, {COLUMNS}, digest FROM result ORDER BY id"  # noqa: S608 our own names
            )
            newest = {
                row[0]
                for row in self._db.execute(
                    "SELECT max(id) FROM result GROUP BY assignment, submission_key"
                )
            }
            found = []
            for number, *row, digest in rows:
                problem = problem_of(tuple(row), digest)
                if problem:
                    stands = number in newest
                    found.append(Unreadable(number, row[0], row[1], problem, stands))
        return found

    def unreadable_hand_ins(self) -> list[Unreadable]:
        """Return every hand-in that can't be read, by its id.

        Of an assignment those of the newest run stand
        """
        with self._named_errors():
            rows = self._db.execute(
                "SELECT id, assignment, submission_key, hand_in, run ="
                " max(run) OVER (PARTITION BY assignment) FROM hand_in ORDER BY id"
            ).fetchall()
        found = []
        for number, assignment, key, blob, stands in rows:
            try:
                msgspec.json.decode(blob, type=HandIn)
            except UNREADABLE as error:
                one = Unreadable(number, assignment, key, str(error), bool(stands))
                found.append(one)
        return found

    def _refuse_an_ill_one(self) -> None:
        ill = ledger_file.complaint(self.path, len(MIGRATIONS))
        if ill is not None:
            raise StaffError(self.path, ill.problem, ill.remedy)

    def _migrate(self) -> None:
        """Bring an older ledger up to date, keeping every row that it has.

        What it was before is kept in a copy, for the package that wrote it.
        """
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        holds = self._db.execute("SELECT 1 FROM result LIMIT 1").fetchone()
        if version < len(MIGRATIONS) and holds:
            older = self.path.with_name(f"ledger-version-{version}.sqlite")
            ledger_file.copy(self.path, older)
        migrate(self._db)

    @contextmanager
    def _at_once(self) -> Iterator[None]:
        """Keep all of it or nothing."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    @contextmanager
    def _named_errors(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            ill = ledger_file.complaint_about(error, self.path)
            raise StaffError(self.path, ill.problem, ill.remedy) from error


def open_ledger(out: Path) -> Ledger:
    """Open the ledger of a run's folder; raises StaffError where there is none."""
    path = ledger_path(out)
    if not path.is_file():
        raise StaffError(path, "there is no ledger", "run: autograder grade")
    return Ledger(path)
