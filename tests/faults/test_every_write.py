"""Killed or out of disk at any write: the next run completes, and no mark is another.

``make test`` stops a few commands at a few of their writes, ``make faults`` all of them
at every one.
"""

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.records import ledger_file
from autograder.records.ledger import Ledger, ledger_path
from autograder.records.ledger_schema import MIGRATIONS
from small_class import RIGHT, SQUARE, on_class, write_class
from stopped import CAN_BE_STOPPED, Stop, everywhere

A_FEW = 3
POLICY = (
    'timezone = "UTC"\n[[assignment]]\nname = "a0_scale"\ndue = 2026-10-08T23:59:00\n'
)
HOW = {"killed": None, "disk full": errno.ENOSPC, "read-only": errno.EROFS}
GRADED = {"Ada Example": 40.0, "Zoë Müller": 100.0}
JOURNAL = bytes.fromhex("d9d505f920a163d7")
"""What a journal of SQLite begins with once it holds what would be rolled back."""
COMMANDS = ("grade", "regrade", "export", "export-feedback", "report", "total")
SOME = (
    ("grade", "killed"),
    ("grade", "disk full"),
    ("export", "killed"),
    ("report", "read-only"),
)

pytestmark = pytest.mark.skipif(
    not CAN_BE_STOPPED, reason="its system calls are those of Linux on x86-64"
)


@pytest.fixture
def folder(tmp_path: Path, course: Path) -> Path:
    """A class of two, graded into ``before``."""
    write_class(tmp_path, {"Ada Example": SQUARE, "Zoë Müller": RIGHT})
    (tmp_path / "policy.toml").write_text(POLICY, encoding="utf-8")
    assert on_class("grade", course, tmp_path).exit_code == 0
    (tmp_path / "out").rename(tmp_path / "before")
    return tmp_path


def words(command: str, folder: Path, course: Path) -> Iterator[object]:
    yield command
    if command != "total":
        yield "a0_scale"
    if command in {"grade", "regrade", "export-feedback"}:
        yield folder / "class.zip"
    if command in {"grade", "regrade"}:
        yield from ("--no-sandbox", "--workers", 1)
    if command == "export":
        yield from ("--lms", "csv")
    if command == "total":
        yield from ("--policy", folder / "policy.toml")
    yield from ("--roster", folder / "roster.csv", "--course", course)
    yield from ("--out", folder / "out")


def scores(out: Path) -> dict[str, float | None]:
    with Ledger(ledger_path(out)) as ledger:
        assert ledger.unreadable() == []
        entries = ledger.entries("a0_scale")
    return {e.submission.student_name: e.result.score for e in entries}


def size(out: Path) -> int:
    with Ledger(ledger_path(out)) as ledger:
        return ledger.size


def files(out: Path) -> set[str]:
    found = (p for p in out.rglob("*") if p.is_file() and not is_blank_journal(p))
    return {p.relative_to(out).as_posix() for p in found}


def is_blank_journal(path: Path) -> bool:
    """Tell whether it is a journal that was not begun: SQLite leaves it unread.

    The next command that writes takes it; one that has nothing to write leaves it
    """
    if not path.name.endswith("-journal"):
        return False
    return path.read_bytes()[: len(JOURNAL)] != JOURNAL


def is_whole(path: Path, reference: Path) -> bool:
    """Tell whether a file is one that a run makes, to its end."""
    if path.suffix == ".html":
        return path.read_text(encoding="utf-8").rstrip().endswith("</html>")
    if path.suffix in {".csv", ".zip"}:
        return path.read_bytes() == reference.read_bytes()
    return True


def assert_nothing_is_half(stop: Stop, reference: Path) -> None:
    """What a stopped run leaves is whole, and no mark in it is another."""
    for name in files(stop.after) & files(reference):
        assert is_whole(stop.after / name, reference / name), (stop, name)
    path = ledger_path(stop.after)
    if path.exists():
        assert ledger_file.complaint(path, len(MIGRATIONS)) is None, stop
        # Who has handed in is known before the marks are: until then there is none.
        marks = {
            who: mark for who, mark in scores(stop.after).items() if mark is not None
        }
        assert marks.items() <= GRADED.items(), stop


def assert_complete(stop: Stop, reference: Path, rows: int) -> None:
    """The next run leaves what a run leaves that nothing stopped."""
    assert stop.code_again in {0, 2}, stop
    assert files(stop.done) == files(reference), stop
    for name in files(reference):
        assert is_whole(stop.done / name, reference / name), (stop, name)
    assert (stop.done / ".lock").read_bytes() == b""
    assert scores(stop.done) == GRADED
    assert size(stop.done) == rows, stop


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    every = metafunc.config.getoption("--every-write")
    pairs = [(c, h) for c in COMMANDS for h in HOW] if every else SOME
    metafunc.parametrize(("command", "how"), pairs)


def test_a_command_that_is_stopped_at_a_write_is_completed_by_the_next(
    folder: Path, course: Path, command: str, how: str, request: pytest.FixtureRequest
) -> None:
    if command == "regrade":
        test = course / "assignments/a0_scale/tests/q1_double.py"
        test.write_text(test.read_text(encoding="utf-8") + "\n# mended\n")
    every = request.config.getoption("--every-write")
    reference, stops = everywhere(
        list(words(command, folder, course)),
        folder / "out",
        before=None if command == "grade" else folder / "before",
        how=HOW[how],
        some=None if every else A_FEW,
    )
    assert len(stops) >= A_FEW
    rows = size(reference)
    assert rows == (4 if command == "regrade" else 2)
    for stop in stops:
        assert "Traceback" not in stop.said + stop.said_again, stop
        if how == "killed":
            assert stop.code == -9, stop
        elif stop.code not in {0, 2}:
            assert stop.code == 1, stop
            assert "error:" in stop.said, stop
        assert_nothing_is_half(stop, reference)
        assert_complete(stop, reference, rows)
