"""What a module for one LMS must offer, and what it hands on."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePosixPath

from autograder.archive import Archive, Member, Refused
from autograder.roster import Roster


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """One student's files of one time, as the download has them.

    lms_id : who it is for the LMS ("" where it does not say); attempts share it
    place : the folder or file in the download, for messages
    student_name : the name as the LMS wrote it, or the folder's name
    identifier : a roster id or username, where the download names students by it
    submitted_at : None where unknown
    members : with paths as in the download
    """

    lms_id: str
    place: str
    student_name: str
    identifier: str = ""
    submitted_at: datetime | None
    members: tuple[Member, ...]
    refused: tuple[Refused, ...]

    def own_members(self) -> tuple[Member, ...]:
        """Return the members with paths as the student knows them."""
        return tuple(replace(m, path=self._own(m.path)) for m in self.members)

    def own_refused(self) -> tuple[Refused, ...]:
        """Return the refusals with paths as the student knows them."""
        return tuple(replace(r, path=self._own(r.path)) for r in self.refused)

    def _own(self, path: str) -> str:
        parts = parts_of(path)
        if self.place not in parts:
            return path
        return "/".join(parts[parts.index(self.place) + 1 :]) or path


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A layout of downloads.

    name : what ``--from`` calls it
    looks_like : what a person would recognise it by, for messages
    recognises : tells whether an archive has this layout
    split : takes an archive apart; also told the roster and the file asked for
    """

    name: str
    looks_like: str
    recognises: Callable[[Archive, Roster], bool]
    split: Callable[[Archive, Roster, str], tuple[HandedIn, ...]]


def parts_of(path: str) -> tuple[str, ...]:
    """Return the parts of a member's path."""
    return PurePosixPath(path).parts


JUNK = frozenset(
    {
        ".DS_Store",
        ".git",
        ".ipynb_checkpoints",
        ".pytest_cache",
        ".venv",
        "Thumbs.db",
        "__MACOSX",
        "__pycache__",
        "desktop.ini",
        "site-packages",
        "venv",
    }
)


def wrapper_of(archive: Archive) -> str:
    """Return the one folder that everything lies in, or ""."""
    paths = [parts_of(m.path) for m in archive.members if not is_junk(m.path)]
    first = {parts[0] for parts in paths}
    nested = all(len(parts) > 1 for parts in paths)
    return first.pop() if len(first) == 1 and nested else ""


def is_junk(path: str) -> bool:
    """Tell what operating systems, editors and Python's tools leave behind."""
    return any(
        part in JUNK or part.startswith("._") or part.endswith(".pyc")
        for part in parts_of(path)
    )


def is_wanted(path: str) -> bool:
    """Tell whether a member's data may be what is graded, or hold it."""
    return path.casefold().endswith((".py", ".zip")) and not is_junk(path)


def grouped(
    archive: Archive, owner: Callable[[str], str]
) -> tuple[defaultdict[str, list[Member]], defaultdict[str, list[Refused]]]:
    """Sort members and refusals by whom `owner` says that a path belongs to.

    Paths that belong to "" (to nobody) and junk are left out; an empty folder is there
    """
    members: defaultdict[str, list[Member]] = defaultdict(list)
    refused: defaultdict[str, list[Refused]] = defaultdict(list)
    for member in archive.members:
        if owner(member.path) and not is_junk(member.path):
            members[owner(member.path)].append(member)
    for folder in archive.folders:
        # The owner of a folder is that of any file in it.
        if owner(f"{folder}/file") and not is_junk(folder):
            members[owner(f"{folder}/file")].extend(())
    for refusal in archive.refused:
        if owner(refusal.path) and not is_junk(refusal.path):
            refused[owner(refusal.path)].append(refusal)
    return members, refused
