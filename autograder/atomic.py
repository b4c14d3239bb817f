"""Write a file whole or not at all."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from autograder.errors import StaffError

UNFINISHED = ".unfinished-"
"""Begins the name of what is written; a killed process leaves it behind."""
READABLE = 0o644
PRIVATE = 0o600


def write_atomically(path: Path, data: bytes, *, mode: int = READABLE) -> None:
    """Write beside `path`, then rename over it; make the folder where it is missing.

    mode : who may read it
    Raises StaffError that names the path; what stood there before then still stands
    """
    unfinished = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(prefix=UNFINISHED, dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(unfinished).chmod(mode)
        Path(unfinished).replace(path)
    except OSError as error:
        with suppress(OSError):
            Path(unfinished).unlink()
        raise StaffError(
            path,
            f"cannot be written: {error.strerror or error}",
            "nothing was changed there; is the disk full or the folder read-only?",
        ) from error
