"""One command at a time works in a run's folder, on whatever machine it runs.

``OUT/.lock`` is held with `flock`, which the kernel lets go when its holder dies, and
tells who that is. A kernel knows its own processes only: where the file names a process
of another machine, nothing here can tell whether that one still works, and a person is
asked.
"""

import fcntl
import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from autograder.atomic import UNFINISHED
from autograder.errors import StaffError

NAME = ".lock"
PATIENCE_SECONDS = 10.0
"""So long a command waits for another: most are done within it, but for grading."""
POLL_SECONDS = 0.1
LEFT_BEHIND = tuple(f"{depth}{UNFINISHED}*" for depth in ("", "*/", "*/*/"))
BOOT_ID, MACHINE_ID = "/proc/sys/kernel/random/boot_id", "/etc/machine-id"


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """Who works in a folder.

    boot : of the kernel that it runs under; machine : of the installation, over boots
    """

    command: str
    pid: int
    host: str
    machine: str
    boot: str
    since: datetime

    def __str__(self) -> str:
        """Say who it is, for another."""
        return (
            f"autograder {self.command} (process {self.pid} on {self.host}, since "
            f"{self.since:%d %b %H:%M} UTC)"
        )


@contextmanager
def working_in(
    out: Path, command: str, *, patience_seconds: float = PATIENCE_SECONDS
) -> Iterator[None]:
    """Let nobody else work in a folder for as long as the block runs.

    What a process that was killed has left half written is removed.
    Raises StaffError where another works there, or the folder cannot be written
    """
    path = out / NAME
    with _named_errors(path):
        out.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        with _named_errors(path):
            _take(handle, path, patience_seconds)
            os.ftruncate(handle, 0)
            os.pwrite(handle, msgspec.json.encode(_own(command)), 0)
            for pattern in LEFT_BEHIND:
                for left in out.glob(pattern):
                    left.unlink(missing_ok=True)
        try:
            yield
        finally:
            with suppress(OSError):
                os.ftruncate(handle, 0)
    finally:
        os.close(handle)


def holder_of(out: Path) -> Holder | None:
    """Return who works in a folder now, or None."""
    try:
        handle = os.open(out / NAME, os.O_RDONLY)
    except OSError:
        return None
    try:
        holder = _named(handle)
        gone = _is_free(handle, fcntl.LOCK_SH) and not _is_elsewhere(holder)
    except OSError:
        return None  # a folder of that name: who wants to work there is told
    else:
        return None if gone else holder
    finally:
        os.close(handle)


def _take(handle: int, path: Path, patience_seconds: float) -> None:
    deadline = time.monotonic() + patience_seconds
    while not _is_free(handle, fcntl.LOCK_EX):
        if time.monotonic() > deadline:
            who = _named(handle) or "another command"
            raise StaffError(
                path.parent,
                f"{who} works in this folder",
                "wait until it has ended, then try again: nothing was done",
            )
        time.sleep(POLL_SECONDS)
    holder = _named(handle)
    if _is_elsewhere(holder):
        raise StaffError(
            path.parent,
            f"{holder} works in this folder, or was killed there",
            f"nothing was done; if it works no more, delete {path}",
        )


def _is_free(handle: int, how: int) -> bool:
    """Tell whether the lock could be had, and now is."""
    try:
        fcntl.flock(handle, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _named(handle: int) -> Holder | None:
    """Return who is named in the file: nobody where it is empty, or half written."""
    data = os.pread(handle, os.fstat(handle).st_size, 0)
    with suppress(msgspec.DecodeError):
        return msgspec.json.decode(data, type=Holder)
    return None


def _is_elsewhere(holder: Holder | None) -> bool:
    """Tell whether a holder may live under another kernel, which `flock` may not see.

    One of this machine from before it was started anew is dead.
    """
    own = _own("")
    if holder is None or holder.boot == own.boot:
        return False
    return (holder.host, holder.machine) != (own.host, own.machine)


def _own(command: str) -> Holder:
    return Holder(
        command=command,
        pid=os.getpid(),
        host=platform.node(),
        machine=_read(MACHINE_ID),
        boot=_read(BOOT_ID) or platform.node(),
        since=datetime.now(UTC),
    )


def _read(name: str) -> str:
    """Return a file of the system's, "" where there is none, as on a Mac."""
    try:
        return Path(name).read_text(encoding="ascii").strip()
    except OSError:
        return ""


@contextmanager
def _named_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StaffError(
            path,
            f"cannot be used: {error.strerror or error}",
            "is the disk full, or the folder read-only?",
        ) from error
