"""The ledger's tables: how each version changed them, and whether a file has them so.

A ledger that lacks a part of itself is not mended in silence: with another secret the
class would meet other inputs, and without its hand-ins nobody would wait for a person.
"""

import hashlib
import secrets
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from functools import cache
from pathlib import Path

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
CREATE TABLE result (
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
CREATE TABLE held_back (
    assignment TEXT NOT NULL,
    roster_id TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;
CREATE INDEX result_of ON result (assignment, submission_key, id);
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
    "ALTER TABLE result ADD COLUMN digest BLOB",
    """
    CREATE TABLE hand_in (
        id INTEGER PRIMARY KEY,
        run INTEGER NOT NULL,
        assignment TEXT NOT NULL,
        submission_key TEXT NOT NULL,
        hand_in BLOB NOT NULL
    ) STRICT;
    CREATE INDEX hand_in_of ON hand_in (assignment, id);
    """,
    """
    INSERT INTO meta SELECT 'secret', new_secret()
        WHERE NOT EXISTS (SELECT 1 FROM meta WHERE key = 'secret');
    INSERT OR IGNORE INTO meta SELECT 'sha256 of the secret', sha256(value)
        FROM meta WHERE key = 'secret';
    """,
)
"""What turns a ledger of version n (its ``user_version``) into one of version n + 1."""
SECRET, SECRET_HASH = "secret", "sha256 of the secret"
SECRET_SINCE = 4
"""From this version on every ledger has its secret, with a hash of it."""
SECRET_BYTES = 32
ROWS = {"result": "id", "run": "number", "hand_in": "id"}
"""Tables that only ever grow, with what counts their rows from 1."""


def migrate(db: sqlite3.Connection) -> None:
    """Bring a ledger up to date, a version at a time, each whole or not at all."""
    db.create_function("new_secret", 0, lambda: secrets.token_bytes(SECRET_BYTES))
    db.create_function("sha256", 1, _sha256, deterministic=True)
    (version,) = db.execute("PRAGMA user_version").fetchone()
    for number, script in enumerate(MIGRATIONS[version:], version + 1):
        db.executescript(
            f"BEGIN IMMEDIATE;{script};PRAGMA user_version = {number};COMMIT"
        )


def secret_of(db: sqlite3.Connection) -> bytes:
    """Return the secret of a ledger that is up to date."""
    query = "SELECT value FROM meta WHERE key = ?"
    (secret,) = db.execute(query, (SECRET,)).fetchone()
    return bytes(secret)


def problem_of_tables(db: sqlite3.Connection, version: int) -> str:
    """Say what a ledger of that version has lost or has too much, or ""."""
    expected, found = _tables_of_version(version), _tables(db)
    lost = _tables_of_version(0).keys() - found.keys()
    if lost:
        return f"is no ledger: it has no table {', '.join(sorted(lost))}"
    newer = _tables_of_version(len(MIGRATIONS)).keys()
    if found.keys() & newer != expected.keys():
        return (
            f"the ledger is damaged: as version {version} it has the tables "
            f"{', '.join(sorted(expected))}, and there are "
            f"{', '.join(sorted(found.keys() & newer))}"
        )
    for table in sorted(expected):
        if found[table] != expected[table]:
            return (
                f"the ledger is damaged: its table {table} has the columns "
                f"{', '.join(found[table])}, as version {version} it has "
                f"{', '.join(expected[table])}"
            )
    triggers = db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    if triggers.fetchone():
        return "is not as the autograder makes it: it has triggers, which change rows"
    return _problem_of_secret(db, version) or _problem_of_rows(db, expected)


def problem_beside_a_copy(db: sqlite3.Connection, copied: Path) -> str:
    """Say that a ledger is another one than its copy's, or an older one, or "".

    A ledger only ever grows, so it has all that a copy of it has. A copy that cannot be
    read says nothing
    """
    uri = f"{copied.resolve().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as older:
            secrets_of = [_meta(each).get(SECRET) for each in (older, db)]
            rows = [_rows(each) for each in (older, db)]
    except sqlite3.Error:
        return ""
    if secrets_of[0] is not None and secrets_of[0] != secrets_of[1]:
        return f"is another ledger than {copied.name} was made of: their secrets differ"
    for table, before in rows[0].items():
        if rows[1].get(table, 0) < before:
            return (
                f"the ledger has lost rows: {rows[1].get(table, 0)} in its table "
                f"{table}, and {copied.name}, which is older, has {before}"
            )
    return ""


def _problem_of_secret(db: sqlite3.Connection, version: int) -> str:
    """Say that the secret is another one than before: so would be everybody's inputs.

    Versions before `SECRET_SINCE` made it with their first result, some without a hash
    """
    meta = _meta(db)
    secret, digest = meta.get(SECRET), meta.get(SECRET_HASH)
    used = db.execute("SELECT 1 FROM result LIMIT 1").fetchone()
    if secret is None and (digest or used or version >= SECRET_SINCE):
        return "the ledger is damaged: its secret is gone"
    if digest is None and version >= SECRET_SINCE:
        return "the ledger is damaged: the hash of its secret is gone"
    if secret is None or digest is None:
        return ""
    if _sha256(secret) != digest:
        return "the ledger is damaged: its secret is not as it was stored"
    return ""


def _problem_of_rows(db: sqlite3.Connection, tables: Mapping[str, object]) -> str:
    """Say that rows are gone: no command takes any out, and they are counted."""
    for table in sorted(ROWS.keys() & tables.keys()):
        first, last, count = db.execute(
            f"SELECT min({ROWS[table]}), max({ROWS[table]}), count(*) FROM {table}"  # noqa: S608 our own names
        ).fetchone()
        if count and (first, last) != (1, count):
            return (
                f"the ledger has lost rows: its table {table} has {count}, "
                f"from {first} to {last}"
            )
    return ""


def _rows(db: sqlite3.Connection) -> dict[str, int]:
    return {
        table: int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 our own names
        for table in ROWS.keys() & _tables(db).keys()
    }


def _meta(db: sqlite3.Connection) -> dict[object, object]:
    return dict(db.execute("SELECT key, value FROM meta"))


def _tables(db: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    """Return the columns of every table, in their order."""
    rows = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    query = "SELECT name FROM pragma_table_info(?) ORDER BY cid"
    return {
        name: tuple(column for (column,) in db.execute(query, (name,)))
        for (name,) in rows
    }


@cache
def _tables_of_version(version: int) -> dict[str, tuple[str, ...]]:
    """Return the tables that a ledger of that version, 0 at least, has."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.create_function("new_secret", 0, bytes)
        db.create_function("sha256", 1, _sha256)
        db.executescript(";".join((SCHEMA, *MIGRATIONS[: max(version, 0)])))
        found = _tables(db)
    found.pop("sqlite_sequence", None)
    return found


def _sha256(value: object) -> bytes:
    """Return the digest of a value; of a text it is that of no secret."""
    return hashlib.sha256(value if isinstance(value, bytes) else b"").digest()
