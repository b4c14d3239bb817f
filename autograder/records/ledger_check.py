"""What holds of a ledger and what does not, found in a copy: nothing is changed."""

import fcntl
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from autograder import temporary
from autograder.records import ledger_file
from autograder.records.folder_lock import holder_of
from autograder.records.ledger import Ledger, Unreadable, ledger_path
from autograder.records.ledger_schema import MIGRATIONS

SQLITE_LOCKS_AT, SQLITE_LOCKS_BYTES = 0x40000000, 512
"""Where every SQLite locks a file while it reads or writes (``PENDING_BYTE``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found.

    problems : what does not hold, each with what to do
    remarks : what to know beside them
    results, runs : how many there are, None where the file cannot be read
    copy : the ledger's copy, None where there is none that can be restored
    """

    path: Path
    problems: tuple[str, ...]
    remarks: tuple[str, ...]
    results: int | None
    runs: int | None
    unreadable: tuple[Unreadable, ...]
    copy: Path | None


def check(out: Path) -> Checked:
    """Look at the ledger of a run's folder."""
    path = ledger_path(out)
    worked_in = holder_of(out)
    if worked_in is not None:
        problem = f"{worked_in} works in this folder: check it when that has ended"
        return _checked(path, problems=[problem])
    if not path.exists() and ledger_file.complaint(path, len(MIGRATIONS)) is None:
        return _checked(path, problems=["there is no ledger: run autograder grade"])
    if path.is_file() and _is_locked(path):
        problem = "another program has it open (a database browser?): close that"
        return _checked(path, problems=[problem])
    with temporary.folder() as folder:
        seen = ledger_file.snapshot(path, folder)
        looked_at = seen if path.is_file() else path
        ill = ledger_file.complaint(looked_at, len(MIGRATIONS), stands_for=path)
        if ill is not None:
            return _checked(path, problems=[f"{ill.problem}: {ill.remedy}"])
        with Ledger(seen) as ledger:
            return _of_a_readable_one(path, ledger)


def _of_a_readable_one(path: Path, ledger: Ledger) -> Checked:
    runs, unreadable = ledger.runs(), ledger.unreadable()
    standing = [row for row in unreadable if row.stands]
    problems = [
        f"{row.assignment}: {row.submission_key}: hand-in {row.id} cannot be read "
        f"({row.problem}): run autograder grade, which takes it from the download again"
        for row in ledger.unreadable_hand_ins()
        if row.stands
    ]
    problems += [
        f"{row.assignment}: {row.submission_key}: row {row.id} cannot be read "
        f"({row.problem}): run autograder grade, which grades it again"
        for row in standing
    ]
    remarks = [
        f"row {row.id} ({row.assignment}: {row.submission_key}) cannot be read; a "
        "newer one stands"
        for row in unreadable
        if not row.stands
    ]
    remarks += [
        f"run {run.number} ({run.command} {run.assignment}) was not finished: run it "
        "again to go on"
        for run in runs
        if run.finished_at is None
    ]
    remarks += _remarks_on_files(path)
    return _checked(path, problems, remarks, ledger.size, len(runs), unreadable)


def _remarks_on_files(path: Path) -> list[str]:
    beside = [path.with_name(path.name + end) for end in ledger_file.BESIDE]
    left = [p.name for p in beside if p.exists() and p.stat().st_size]
    found = [
        f"{name} is left by a run that was killed: the next command takes back what "
        "was half written; never delete it"
        for name in left
    ]
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        found.append("it is read-only for you: it can be shown, and nothing be graded")
    return found


def _checked(
    path: Path,
    problems: list[str],
    remarks: list[str] | None = None,
    results: int | None = None,
    runs: int | None = None,
    unreadable: list[Unreadable] | None = None,
) -> Checked:
    copied = ledger_file.copy_path(path)
    told = list(remarks or ())
    usable = None
    if copied.is_file():
        ill = ledger_file.complaint(copied, len(MIGRATIONS))
        made = datetime.fromtimestamp(copied.stat().st_mtime, UTC)
        if ill is None:
            usable = copied
            told.append(f"{copied.name} is how it was at {made:%d %b %Y %H:%M} UTC")
        else:
            told.append(f"{copied.name} cannot be used: {ill.problem}")
    return Checked(
        path=path,
        problems=tuple(problems),
        remarks=tuple(told),
        results=results,
        runs=runs,
        unreadable=tuple(unreadable or ()),
        copy=usable,
    )


def _is_locked(path: Path) -> bool:
    """Tell whether another process reads or writes a database just now."""
    writable = os.access(path, os.W_OK)
    handle = os.open(path, os.O_RDWR if writable else os.O_RDONLY)
    how = fcntl.LOCK_EX if writable else fcntl.LOCK_SH
    try:
        fcntl.lockf(handle, how | fcntl.LOCK_NB, SQLITE_LOCKS_BYTES, SQLITE_LOCKS_AT)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False
