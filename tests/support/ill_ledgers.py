"""Ways in which a ledger's file goes bad, and what is said of each."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.records.ledger_file import COPY

Harm = Callable[[Path], None]


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def cut_in_half(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def cut_in_the_first_page(path: Path) -> None:
    os.truncate(path, 10)


def text(path: Path) -> None:
    path.write_text("not a database, but long enough to be read as one " * 20)


def garbled_in_the_middle(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[8192:20000] = bytes(20000 - 8192)
    path.write_bytes(data)


def without_its_tables(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.executescript("DROP TABLE held_back; DROP TABLE meta")


def of_version(number: int) -> Harm:
    def harm(path: Path) -> None:
        with sqlite3.connect(path) as db:
            db.execute(f"PRAGMA user_version = {number}")

    harm.__name__ = f"of_version_{number}"
    return harm


def without_its_runs(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("DROP TABLE run")


def without_its_secret(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("DELETE FROM meta WHERE key = 'secret'")


def with_half_a_secret(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("UPDATE meta SET value = x'00' WHERE key = 'secret'")


def with_another_secret(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("UPDATE meta SET value = zeroblob(32) WHERE key = 'secret'")


def a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def newer(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def gone(path: Path) -> None:
    path.unlink()


ILLS: list[tuple[Harm, str]] = [
    (emptied, r"the ledger is empty \(0 bytes\)"),
    (cut_in_half, r"the ledger is cut off: it tells of [\d,]+ bytes, [\d,]+ are there"),
    (cut_in_the_first_page, "the ledger is cut off: it has no header"),
    (text, "the ledger is no SQLite database"),
    (garbled_in_the_middle, "the ledger is damaged: "),
    (without_its_tables, "is no ledger: it has no table held_back, meta"),
    (newer, r"a newer autograder wrote it \(version 99, this one knows \d\)"),
    (of_version(0), "the ledger is damaged: as version 0 it has the tables"),
    (of_version(1), "the ledger is damaged: as version 1 it has the tables"),
    (of_version(-5), "the ledger is damaged: as version -5 it has the tables"),
    (without_its_runs, "the ledger is damaged: as version 3 it has the tables"),
    (without_its_secret, "the ledger is damaged: its secret is gone"),
    (with_half_a_secret, "the ledger is damaged: its secret is not as it was stored"),
    (with_another_secret, "the ledger is damaged: its secret is not as it was stored"),
    (a_pipe, "is no file"),
    (a_folder, "is no file"),
    (gone, rf"is missing, and {COPY} is there: there was a ledger"),
]
HOLD = """
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def held_by_another_program(path: Path) -> Iterator[None]:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        yield
        other.communicate("")
