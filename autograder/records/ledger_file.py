"""The ledger's file: begun whole, looked at before it is used, copied after every run.

A ledger is never started afresh where one was: not beside a copy of one, and never over
a file that is empty, cut off, damaged or another program's. Nothing here changes such a
file. `restore` puts the copy in its place and keeps what stood there.
"""

import os
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from autograder.atomic import UNFINISHED
from autograder.errors import StaffError
from autograder.records.ledger_schema import problem_beside_a_copy, problem_of_tables

NAME = "ledger.sqlite"
COPY = "ledger-copy.sqlite"
BESIDE = ("-journal", "-wal", "-shm")
"""What SQLite keeps beside a file while it writes, and needs when it was killed."""
HEADER = b"SQLite format 3\0"
HEADER_BYTES = 100
MOST_SHOWN = 3
RESTORE = "autograder ledger restore"


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with a ledger's file, and what a person can do about it."""

    problem: str
    remedy: str


def ledger_path(out: Path) -> Path:
    """Where a run's folder has its ledger."""
    return out / NAME


def copy_path(path: Path) -> Path:
    """Where a ledger's copy lies."""
    return path.with_name(COPY)


def complaint(
    path: Path, known_version: int, *, stands_for: Path | None = None
) -> Complaint | None:
    """Return what is wrong with a ledger's file; None where all of it can be used.

    It changes nothing, but that a write which was cut short is taken back, as SQLite
    does whenever a file is opened.
    known_version : the newest version that this package can read
    stands_for : the ledger that `path` is a snapshot of, whose way out is told
    """
    place = stands_for or path
    if not path.exists():
        return _missing(path)
    if not path.is_file():
        return Complaint("is no file", "move it away")
    try:
        problem = _problem_of_header(path) or _problem_of_contents(
            path, known_version, place
        )
        if isinstance(problem, str):
            return Complaint(problem, way_out(place))
    except OSError as error:
        return Complaint(f"cannot be read: {error.strerror or error}", "is it yours?")
    except sqlite3.Error as error:
        return complaint_about(error, place)
    return problem


def complaint_about(error: sqlite3.Error | OSError, path: Path) -> Complaint:
    """Say what an error of SQLite's, or of the disk, means for a ledger."""
    code = getattr(error, "sqlite_errorname", "")
    safe = "every result that was stored before stands"
    remedies = {
        "SQLITE_BUSY": "another program has it open (a database browser?): close that",
        "SQLITE_LOCKED": "another program has it open (a database browser?)",
        "SQLITE_FULL": f"the disk is full: make room; {safe}",
        "SQLITE_READONLY": f"may this user write there, and into its folder? {safe}",
        "SQLITE_CANTOPEN": f"may this user write into its folder? {safe}",
        "SQLITE_IOERR": f"is the disk full, or failing? {safe}",
    }
    for name, remedy in remedies.items():
        if code.startswith(name):
            return Complaint(f"the ledger cannot be used: {error}", remedy)
    if code in {"SQLITE_CORRUPT", "SQLITE_NOTADB"}:
        return Complaint(f"the ledger is damaged: {error}", way_out(path))
    asked = "see: autograder ledger check"
    return Complaint(f"the ledger cannot be used: {error}", asked)


def way_out(path: Path) -> str:
    """Say how to go on from a ledger that cannot be used."""
    if copy_path(path).is_file():
        return (
            f"nothing was changed; {COPY} is how it was after an earlier run: "
            f"{RESTORE} --out {path.parent}, then autograder grade"
        )
    return (
        "nothing was changed; put a copy of yours in its place, or move it away and "
        "grade everything again: autograder grade"
    )


def _missing(path: Path) -> Complaint | None:
    left = [path.with_name(path.name + end) for end in BESIDE]
    traces = [p.name for p in (copy_path(path), *left) if p.exists()]
    if not traces:
        return None
    return Complaint(
        f"is missing, and {', '.join(traces)} is there: there was a ledger",
        f"put it back, or: {RESTORE} --out {path.parent}; to begin a new one, move "
        f"{', '.join(traces)} away",
    )


def _problem_of_header(path: Path) -> str:
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(HEADER_BYTES)
    if not size:
        return "the ledger is empty (0 bytes)"
    if not head.startswith(HEADER[: len(head)]):
        return "the ledger is no SQLite database"
    page = int.from_bytes(head[16:18], "big")
    pages = int.from_bytes(head[28:32], "big")
    expected = (2**16 if page == 1 else page) * pages
    # What a killed run has left half written is mended with its journal.
    if size < max(expected, HEADER_BYTES) and not _has_journal(path):
        told = f"it tells of {expected:,} bytes" if expected else "it has no header"
        return f"the ledger is cut off: {told}, {size:,} are there"
    return ""


def _has_journal(path: Path) -> bool:
    beside = [path.with_name(path.name + end) for end in BESIDE]
    return any(p.exists() and p.stat().st_size for p in beside)


def _problem_of_contents(
    path: Path, known_version: int, place: Path
) -> str | Complaint | None:
    with _opened(path) as db:
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version > known_version:
            return Complaint(
                f"a newer autograder wrote it (version {version}, this one knows "
                f"{known_version})",
                "use that one",
            )
        found = [row[0] for row in db.execute("PRAGMA integrity_check")]
        if found != ["ok"]:
            told = "; ".join(" ".join(line.split()) for line in found[:MOST_SHOWN])
            return f"the ledger is damaged: {told}"
        problem = problem_of_tables(db, version)
        if problem:
            return problem
        copied = copy_path(place)
        problem = problem_beside_a_copy(db, copied) if copied.is_file() else ""
    if not problem:
        return None
    return Complaint(
        problem, f"{way_out(place)}; to go on with this one, move {COPY} away"
    )


def begin(path: Path, schema: str) -> None:
    """Make an empty ledger, whole or not at all; one that is there is left alone."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with _beside(path) as unfinished:
        with _opened(unfinished) as db:
            db.executescript(f"PRAGMA synchronous=FULL;BEGIN;{schema};COMMIT")
        unfinished.replace(path)


def copy(path: Path, target: Path) -> None:
    """Copy a ledger that may be in use, whole or not at all."""
    with _beside(target) as unfinished:
        with _opened(path) as source, _opened(unfinished) as db:
            source.backup(db)
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        unfinished.replace(target)


def restore(path: Path, known_version: int, now: datetime) -> tuple[Path, ...]:
    """Put a ledger's copy in its place, and return where what stood there is kept.

    A journal is moved along: beside another file SQLite would write it into that.
    Raises StaffError where there is no copy, the copy is ill too, or the disk is
    """
    copied = copy_path(path)
    if not copied.is_file():
        raise StaffError(copied, "there is no copy of the ledger", way_out(path))
    ill = complaint(copied, known_version)
    if ill is not None:
        raise StaffError(copied, ill.problem, "put a copy of yours in its place")
    aside = f"ledger-set-aside-{now:%Y-%m-%dT%H-%M-%S}.sqlite"
    kept = []
    try:
        with _beside(path) as unfinished:
            shutil.copyfile(copied, unfinished)
            for end in ("", *BESIDE):
                old = path.with_name(path.name + end)
                if old.exists():
                    kept.append(old.rename(path.with_name(aside + end)))
            unfinished.replace(path)
    except OSError as error:
        raise StaffError(path, f"cannot be restored: {error.strerror or error}") from (
            error
        )
    return tuple(kept)


def snapshot(path: Path, folder: Path) -> Path:
    """Copy a ledger and what lies beside it, bit by bit, to look at it elsewhere."""
    for end in ("", *BESIDE):
        old = path.with_name(path.name + end)
        if old.is_file():
            shutil.copyfile(old, folder / old.name)
    return folder / path.name


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    uri = f"{path.resolve().as_uri()}?mode=rw"
    db = sqlite3.connect(uri, uri=True, isolation_level=None)
    db.text_factory = lambda data: data.decode(errors="replace")
    try:
        yield db
    finally:
        db.close()


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """Give the name of a file beside `path`, which is gone afterwards."""
    unfinished = path.with_name(f"{UNFINISHED}{secrets.token_hex(8)}")
    unfinished.touch(exist_ok=False)
    try:
        yield unfinished
    finally:
        for end in ("", *BESIDE):
            unfinished.with_name(unfinished.name + end).unlink(missing_ok=True)
