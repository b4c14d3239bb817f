"""One assignment of a course as bytes, to grade with it on another machine."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from autograder.course.assignment import Assignment
from autograder.course.folders import CHECKS, DECIDES_NOTHING
from autograder.errors import AuthoringError

FIRST_MOMENT = (1980, 1, 1, 0, 0, 0)
"""Every member's time, so that the bytes depend on nothing but the course."""


def packed(assignment: Assignment) -> bytes:
    """Return a zip of what grading this assignment reads, solutions included.

    Raises AuthoringError where a file cannot be read
    """
    course = assignment.public.parents[1]
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in _files(assignment, course):
            name = path.relative_to(course).as_posix()
            try:
                data = path.read_bytes()
            except OSError as error:
                raise AuthoringError(
                    path, f"cannot be read: {error.strerror or error}"
                ) from error
            member = zipfile.ZipInfo(name, FIRST_MOMENT)
            archive.writestr(member, data, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def unpack(content: bytes, folder: Path) -> None:
    """Write a packed assignment to a new folder, which only this user may read.

    Raises FileExistsError where the folder is there
    """
    folder.mkdir(mode=0o700, parents=True)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)


def _files(assignment: Assignment, course: Path) -> Iterator[Path]:
    # A course that has no checks of its own takes the project's, there as here.
    for folder in (course / CHECKS, *assignment.folders):
        for path in sorted(folder.rglob("*")):
            beside = DECIDES_NOTHING.intersection(path.relative_to(folder).parts)
            if path.is_file() and not beside:
                yield path
