"""Folders below the system's one for temporary files, which no end leaves behind.

A process that is killed removes nothing. So whoever makes such a folder puts a file of
this name into it and holds a lock on that (`flock`, which the kernel lets go when its
holder dies), and first removes those of its own user whose file nobody holds any more.
What has no such file was made by somebody else, however it is called.
"""

import atexit
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = "autograder-"
HELD = ".held-by-autograder"


@contextmanager
def folder() -> Iterator[Path]:
    """Give an empty folder, which is removed after the block."""
    path, handle = _made()
    try:
        yield path
    finally:
        _remove(path, handle)


def lasting_folder() -> Path:
    """Return an empty folder, which is removed when this process ends."""
    path, handle = _made()
    atexit.register(_remove_own, path, handle, os.getpid())
    return path


def sweep() -> None:
    """Remove the folders of this user that a killed process has left behind.

    Of another user's none is touched, nor what a link only leads to
    """
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            if path.is_symlink() or path.stat().st_uid != os.geteuid():
                continue
            handle = _opened(path / HELD, 0)
            try:
                if _is_free(handle):
                    shutil.rmtree(path, ignore_errors=True)
            finally:
                os.close(handle)


def _made() -> tuple[Path, int]:
    sweep()
    while True:
        path = Path(tempfile.mkdtemp(prefix=PREFIX))
        # Between the two another's sweep may have taken it for one that is left behind.
        with suppress(FileNotFoundError):
            handle = _opened(path / HELD, os.O_CREAT | os.O_EXCL)
            fcntl.flock(handle, fcntl.LOCK_EX)
            if _is_same(path / HELD, handle):
                return path, handle
            os.close(handle)


def _opened(path: Path, how: int) -> int:
    return os.open(path, os.O_RDWR | os.O_NOFOLLOW | how, 0o600)


def _is_free(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_same(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False


def _remove(path: Path, handle: int) -> None:
    shutil.rmtree(path, ignore_errors=True)
    os.close(handle)


def _remove_own(path: Path, handle: int, owner: int) -> None:
    """Leave it to its owner: a forked process has the same work at its end."""
    if os.getpid() == owner:
        _remove(path, handle)
