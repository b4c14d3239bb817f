"""List a folder without following a link out of it, the nearest to its top first."""

import os
import stat
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

from autograder.intake.zip_reader import Limits, RawMember


class FoundFolder:
    """A folder whose members are found once, and then read by their place.

    Of one student's, `Limits.listed` files and folders are found at most: where a
    million lie, those nearest the top.
    """

    def __init__(self, root: Path, limits: Limits) -> None:
        self._root, self._limits = root, limits
        self._found: list[RawMember] = []

    def tops(self) -> list[str]:
        """Return the names at the top, a folder's with a ``/``."""
        with os.scandir(self._root) as entries:
            some = islice(entries, self._limits.owners)
            return sorted(
                f"{e.name}/" if e.is_dir(follow_symlinks=False) else e.name
                for e in some
            )

    def paths(self, whose: Callable[[str], str]) -> Iterator[tuple[int, str]]:
        """Yield every path with its place; raises OSError for an unreadable top."""
        listed: Counter[str] = Counter()
        folders = deque([""])
        while folders:
            folder = folders.popleft()
            for raw in self._listed(folder):
                key = whose(raw.path)
                listed[key] += 1
                if listed[key] > self._limits.listed:
                    continue
                self._found.append(raw)
                yield len(self._found) - 1, raw.path
                if raw.is_folder:
                    folders.append(raw.path)

    def members(self, places: Sequence[int]) -> Iterator[RawMember]:
        """Yield the members at these places, in this order."""
        for place in places:
            yield self._found[place]

    def _listed(self, folder: str) -> Iterator[RawMember]:
        most = max(self._limits.listed, self._limits.owners)
        path = self._root / folder
        try:
            with os.scandir(path) as entries:
                names = sorted(entry.name for entry in islice(entries, most + 1))
        except OSError as error:
            if not folder:
                raise
            reason = f"cannot be opened ({error.strerror}); its files are not graded"
            yield _unread(f"{folder}/*.py", reason)
            return
        for name in names:
            yield self._member(f"{folder}/{name}" if folder else name)

    def _member(self, path: str) -> RawMember:
        place = self._root / path
        try:
            status = place.lstat()
        except OSError as error:
            return _unread(path, f"cannot be opened ({error.strerror})")
        problem = ""
        is_folder = stat.S_ISDIR(status.st_mode)
        if stat.S_ISLNK(status.st_mode):
            problem = "is a symbolic link; put the file itself there"
        elif not is_folder and not stat.S_ISREG(status.st_mode):
            problem = "is no regular file"
        return RawMember(
            path=path,
            size=status.st_size,
            read=partial(_read, place, status.st_size),
            problem=problem,
            is_folder=is_folder,
        )


def _unread(path: str, problem: str) -> RawMember:
    return RawMember(path=path, size=0, read=bytes, problem=problem, is_folder=False)


def _read(path: Path, size: int) -> bytes:
    """Read a file no further than it was; what is no file any more is not opened."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise ValueError("it is no regular file any more")
        return file.read(size + 1)
