"""Ways in which a ledger's file goes bad, and what is said of each."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.records.ledger import Ledger
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


def after(script: str, name: str) -> Harm:
    """Return what a script of SQL does to a ledger."""

    def harm(path: Path) -> None:
        with sqlite3.connect(path) as db:
            db.executescript(script)

    harm.__name__ = name
    return harm


without_its_runs = after("DROP TABLE run", "without_its_runs")
without_its_secret = after(
    "DELETE FROM meta WHERE key = 'secret'", "without_its_secret"
)
with_half_a_secret = after(
    "UPDATE meta SET value = x'00' WHERE key = 'secret'", "with_half_a_secret"
)
with_another_secret = after(
    "UPDATE meta SET value = zeroblob(32) WHERE key = 'secret'", "with_another_secret"
)
with_nothing_of_its_own = after("DELETE FROM meta", "with_nothing_of_its_own")
"""Neither a secret nor what tells that there was one."""
with_a_secret_of_text = after(
    "CREATE TABLE other (key TEXT PRIMARY KEY, value);"
    "INSERT INTO other SELECT key, CAST(hex(value) AS TEXT) FROM meta;"
    "DROP TABLE meta; ALTER TABLE other RENAME TO meta",
    "with_a_secret_of_text",
)
without_the_hash_of_its_secret = after(
    "DELETE FROM meta WHERE key <> 'secret'", "without_the_hash_of_its_secret"
)
with_tables_of_another_program = after(
    "DROP TABLE held_back; CREATE TABLE held_back (id, amount)",
    "with_tables_of_another_program",
)
with_a_trigger = after(
    "CREATE TRIGGER t AFTER INSERT ON result BEGIN"
    " UPDATE result SET score = 100 WHERE id = new.id; END",
    "with_a_trigger",
)
without_its_first_results = after(
    "DELETE FROM result WHERE id < 2", "without_its_first_results"
)
without_its_results = after("DELETE FROM result", "without_its_results")
without_the_rows_of_its_runs = after("DELETE FROM run", "without_the_rows_of_its_runs")


def of_another_class(path: Path) -> None:
    theirs = path.parent / "theirs.d" / "ledger.sqlite"
    with Ledger(theirs) as ledger:
        assert ledger.size == 0
    theirs.replace(path)
    theirs.parent.rmdir()


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
    (without_its_runs, "the ledger is damaged: as version 4 it has the tables"),
    (without_its_secret, "the ledger is damaged: its secret is gone"),
    (with_half_a_secret, "the ledger is damaged: its secret is not as it was stored"),
    (with_another_secret, "the ledger is damaged: its secret is not as it was stored"),
    (with_nothing_of_its_own, "the ledger is damaged: its secret is gone"),
    (with_a_secret_of_text, "the ledger is damaged: its secret is not as it was"),
    (without_the_hash_of_its_secret, "is damaged: the hash of its secret is gone"),
    (
        with_tables_of_another_program,
        "its table held_back has the columns id, amount, as version 4 it has assignm",
    ),
    (with_a_trigger, "not as the autograder makes it: it has triggers"),
    (without_its_first_results, "has lost rows: its table result has .*, from 2 to"),
    (without_its_results, f"has lost rows: 0 in its table result, and {COPY}, which"),
    (without_the_rows_of_its_runs, "has lost rows: 0 in its table run, and"),
    (of_another_class, f"is another ledger than {COPY} was made of: their secrets d"),
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
