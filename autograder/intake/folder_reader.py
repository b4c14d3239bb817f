"""List a folder without following a link out of it."""

import os
import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NoReturn

from autograder.intake.zip_reader import RawMember


def walk(root: Path) -> Iterator[RawMember]:
    """Yield the files below a folder in sorted order, following no link."""
    for folder, folders, files in os.walk(root, onerror=_reraise):
        folders.sort()
        for name in sorted({*folders, *files}):
            path = Path(folder, name)
            status = path.lstat()
            problem = ""
            if stat.S_ISLNK(status.st_mode):
                problem = "is a symbolic link; put the file itself there"
            elif not stat.S_ISREG(status.st_mode) and not stat.S_ISDIR(status.st_mode):
                problem = "is no regular file"
            yield RawMember(
                path=path.relative_to(root).as_posix(),
                size=status.st_size,
                modified=datetime.fromtimestamp(status.st_mtime),  # noqa: DTZ006 local, as in a zip
                read=path.read_bytes,
                problem=problem,
                is_folder=stat.S_ISDIR(status.st_mode),
            )


def _reraise(error: OSError) -> NoReturn:
    raise error
