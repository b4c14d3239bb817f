"""A ledger that cannot be used is named, left as it is, and never begun afresh."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.errors import StaffError
from autograder.records.ledger import Ledger
from autograder.records.ledger_file import (
    COPY,
    HEADER,
    begin,
    complaint,
    complaint_about,
    copy,
    snapshot,
)
from autograder.records.ledger_schema import MIGRATIONS
from graded_class import entry
from ill_ledgers import ILLS, Harm, emptied, held_by_another_program, of_version


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a ledger of forty results, and a copy of it after its one run."""
    folder = tmp_path_factory.mktemp("whole")
    with Ledger(folder / "ledger.sqlite") as ledger:
        assert ledger.secret
        run = ledger.begin_run("grade", "a0_scale", "")
        for number in range(40):
            one = entry(f"s{number}", "1010")
            ledger.add(one.submission, one.result, "h", run=run)
        ledger.end_run(run)
    return folder


@pytest.fixture
def path(whole: Path, tmp_path: Path) -> Path:
    """A ledger like that, to be harmed."""
    shutil.copytree(whole, tmp_path / "out")
    return tmp_path / "out/ledger.sqlite"


@pytest.mark.parametrize(
    ("harm", "told"), ILLS, ids=lambda v: getattr(v, "__name__", "")
)
def test_an_ill_ledger_is_named_and_left_as_it_is(
    path: Path, harm: Harm, told: str
) -> None:
    harm(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(StaffError, match=told) as raised:
        Ledger(path)
    assert "safe" not in str(raised.value)
    assert (path.read_bytes() if path.is_file() else None) == before
    assert {p.name for p in path.parent.iterdir()} <= {path.name, COPY}


def test_damage_tells_the_way_out_with_and_without_a_copy(path: Path) -> None:
    emptied(path)
    with pytest.raises(StaffError, match=r"autograder ledger restore --out .*/out"):
        Ledger(path)
    path.with_name(COPY).unlink()
    with pytest.raises(StaffError, match="put a copy of yours in its place, or move"):
        Ledger(path)


def test_a_journal_without_its_ledger_tells_that_there_was_one(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite-journal").write_bytes(b"x")
    with pytest.raises(StaffError, match=r"is missing, and ledger\.sqlite-journal is"):
        Ledger(tmp_path / "ledger.sqlite")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StaffError, match="the ledger cannot be used"):
        Ledger(tmp_path / "file" / "ledger.sqlite")


def test_a_ledger_that_another_program_holds_is_named(path: Path) -> None:
    with (
        held_by_another_program(path),
        pytest.raises(StaffError, match=r"database is locked .*another program has it"),
    ):
        Ledger(path)


INTERRUPTED = """
import os, sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("PRAGMA cache_size = 1")
db.execute("BEGIN")
for _ in range(200):
    db.execute("UPDATE result SET score = -1, result = zeroblob(4000)")
os.kill(os.getpid(), 9)
"""


def test_what_a_killed_process_wrote_by_half_is_taken_back(path: Path) -> None:
    with Ledger(path) as ledger:
        before = ledger.entries("a0_scale")
    subprocess.run([sys.executable, "-c", INTERRUPTED, str(path)], check=False)
    assert path.with_name("ledger.sqlite-journal").stat().st_size > 0
    assert complaint(path, len(MIGRATIONS)) is None
    with Ledger(path) as ledger:
        assert ledger.entries("a0_scale") == before


@pytest.mark.parametrize(("page", "size"), [(1, 2**16), (4096, 4096)])
def test_a_file_that_is_shorter_than_its_header_says_is_cut_off(
    tmp_path: Path, page: int, size: int
) -> None:
    path = tmp_path / "ledger.sqlite"
    head = HEADER + page.to_bytes(2, "big") + bytes(10) + (4).to_bytes(4, "big")
    path.write_bytes(head.ljust(3 * size, b"\0"))
    found = complaint(path, len(MIGRATIONS))
    assert found is not None
    told = f"it tells of {4 * size:,} bytes, {3 * size:,} are there"
    assert found.problem == f"the ledger is cut off: {told}"
    # What a killed run has left half written is mended with its journal, if that
    # holds anything.
    journal = path.with_name("ledger.sqlite-journal")
    journal.touch()
    assert complaint(path, len(MIGRATIONS)) == found
    journal.write_bytes(b"left")
    assert "cut off" not in str(complaint(path, len(MIGRATIONS)))


def test_a_ledger_of_the_next_version_is_left_to_that(path: Path) -> None:
    of_version(len(MIGRATIONS) + 1)(path)
    found = complaint(path, len(MIGRATIONS))
    assert found is not None
    assert found.problem.startswith("a newer autograder wrote it")
    assert complaint(path, len(MIGRATIONS) + 1) != found


def test_of_a_snapshot_the_way_out_is_that_of_the_ledger_it_is_of(
    path: Path, tmp_path: Path
) -> None:
    emptied(path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    found = complaint(snapshot(path, elsewhere), len(MIGRATIONS), stands_for=path)
    assert found is not None
    assert f"autograder ledger restore --out {path.parent}," in found.remedy


def test_a_text_that_is_none_is_no_end_of_reading(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("INSERT INTO meta VALUES (CAST(x'ff' AS TEXT), x'00')")
    assert complaint(path, len(MIGRATIONS)) is None


def test_a_snapshot_has_what_sqlite_keeps_beside_a_ledger(
    path: Path, tmp_path: Path
) -> None:
    journal = path.with_name("ledger.sqlite-journal")
    journal.write_bytes(b"left")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert snapshot(path, elsewhere) == elsewhere / path.name
    names = {found.name: found.read_bytes() for found in elsewhere.iterdir()}
    assert names == {path.name: path.read_bytes(), journal.name: b"left"}


def test_a_copy_is_on_the_disk_before_it_takes_its_place(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = path.with_name("copied.sqlite")
    there: list[bool] = []
    monkeypatch.setattr(os, "fsync", lambda _: there.append(target.exists()))
    copy(path, target)
    assert there == [False]
    assert target.exists()


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("SQLITE_BUSY_SNAPSHOT", "another program has it open .*: close that"),
        ("SQLITE_LOCKED", "another program has it open"),
        ("SQLITE_FULL", "the disk is full: make room; every result that was stored"),
        ("SQLITE_READONLY_DBMOVED", "may this user write there, and into its folder"),
        ("SQLITE_CANTOPEN", "may this user write into its folder"),
        ("SQLITE_IOERR_FSYNC", "is the disk full, or failing"),
        ("SQLITE_CORRUPT", "nothing was changed; put a copy of yours in its place"),
        ("SQLITE_NOTADB", "nothing was changed; put a copy of yours in its place"),
        ("SQLITE_ERROR", "see: autograder ledger check"),
    ],
)
def test_an_error_of_sqlites_says_what_to_do(
    tmp_path: Path, name: str, remedy: str
) -> None:
    error = sqlite3.OperationalError("so it is")
    error.sqlite_errorname = name
    found = complaint_about(error, tmp_path / "ledger.sqlite")
    assert re.match(remedy, found.remedy)
    assert found.problem.endswith(": so it is")


def test_a_ledger_that_cannot_be_begun_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError):
        begin(tmp_path / "new/ledger.sqlite", "CREATE NOTHING")
    assert list((tmp_path / "new").iterdir()) == []
