"""What a module for one LMS must offer, and what it hands on."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from pathlib import PurePosixPath

from autograder.intake.archive import Archive, Member, Refused
from autograder.intake.issue import Issue
from autograder.intake.notebooks import OF_THE_COURSE, as_notebook
from autograder.intake.roster import Roster, Spellings
from autograder.intake.witnesses import Person
from autograder.notebook import SUFFIX


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """What a download says about who handed something in, the surest first.

    identifier : an id or username
    of_the_list : the identifier is one of the class list's own, so that it needs no
        second witness
    participant : the number of Moodle's ``Participant 123``
    github : an account
    name : as the LMS wrote it
    group : stands for all of its members, who share what is drawn at random
    shared_by : what several who handed in together have in common, else ""
    """

    identifier: str = ""
    of_the_list: bool = False
    participant: str = ""
    github: str = ""
    email: str = ""
    name: str = ""
    group: str = ""
    shared_by: str = ""

    @property
    def person(self) -> Person:
        """What the download says of who it was, besides numbers."""
        return Person(name=self.name, email=self.email)

    @property
    def has_key(self) -> bool:
        """Whether anything but a name tells whose it is."""
        keys = (self.identifier, self.participant, self.github, self.email, self.group)
        return any(keys)

    @property
    def label(self) -> str:
        """What to call them where the roster does not have them, or ""."""
        labels = (self.name, self.group, self.identifier, self.github, self.email)
        return next((label for label in labels if label), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """One student's (or one group's) files of one time, as the download has them.

    lms_id : the LMS's own id of it, for the record
    user : who it is for the LMS, where that is not `lms_id`; attempts share it
    place : the folder or file in the download, for messages
    submitted_at : None where unknown; local time where it names no zone
    time_doubt : why it is unknown, "" where the layout has no times at all
    zone_name : what stands behind a local time, such as ``EDT``
    lms_says : ``late`` or ``in time``, where the LMS judges it; else ""
    members : with paths as in the download
    own_paths : paths as the student knows them, where they are not those below `place`
    remarks : what the LMS says about it, for student and staff
    taken_back : what a file's path in a zip must begin with, so that the LMS gives it
        to the student as feedback; "" where it takes none for this hand-in
    """

    lms_id: str
    user: str = ""
    place: str
    whose: Whose
    submitted_at: datetime | None = None
    time_doubt: str = ""
    zone_name: str = ""
    lms_says: str = ""
    members: tuple[Member, ...]
    refused: tuple[Refused, ...]
    own_paths: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    taken_back: str = ""

    def own_members(self) -> tuple[Member, ...]:
        """Return the members with paths as the student knows them."""
        return tuple(replace(m, path=self._own(m.path)) for m in self.members)

    def own_refused(self) -> tuple[Refused, ...]:
        """Return the refusals with paths as the student knows them."""
        return tuple(replace(r, path=self._own(r.path)) for r in self.refused)

    def _own(self, path: str) -> str:
        if path in self.own_paths:
            return self.own_paths[path]
        parts = parts_of(path)
        if self.place not in parts:
            return path
        return "/".join(parts[parts.index(self.place) + 1 :]) or path


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """An archive taken apart.

    lms_files : paths of what the LMS itself wrote; what is neither here nor in a
        hand-in is listed as nobody's
    issues : what else a person should look at
    """

    handed_in: tuple[HandedIn, ...]
    lms_files: frozenset[str] = frozenset()
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A layout of downloads.

    name : what ``--from`` calls it
    looks_like : what a person would recognise it by, for messages
    recognises : tells whether an archive has this layout
    is_entry : tells names at the top that have its form, where all of them should
    split : takes an archive apart; also told the roster and the file asked for
    lists : tells which files say who handed in what, so that they are read
    spellings : how a name may be written in this layout, where not as it is
    student_of : what in a name at the top is the same in all that one student handed
        in, or "" where the name has not this layout's form
    """

    name: str
    looks_like: str
    recognises: Callable[[Archive, Roster], bool]
    split: Callable[[Archive, Roster, str], Split]
    is_entry: Callable[[str], bool] | None = None
    lists: Callable[[str], bool] = lambda _: False
    spellings: Spellings | None = None
    student_of: Callable[[str], str] = lambda _: ""


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
    """Return the one folder that everything lies in, or "".

    A student's own is none: what is in it has the names that the student gave it
    """
    return "" if archive.is_one_students else outermost(archive)


def outermost(archive: Archive) -> str:
    """Return the one folder that everything lies in, whosever it is, or ""."""
    paths = [parts_of(m.path) for m in archive.members if not is_junk(m.path)]
    first = {parts[0] for parts in paths}
    nested = all(len(parts) > 1 for parts in paths)
    return first.pop() if len(first) == 1 and nested else ""


def below_wrapper(
    archive: Archive, is_entry: Callable[[str], bool]
) -> Callable[[str], tuple[str, ...]]:
    """Return what gives a path's parts, one at least, below the folder around it all.

    is_entry : told a name; a folder that is a hand-in itself is no wrapper
    """
    wrapper = wrapper_of(archive)
    if is_entry(wrapper):
        wrapper = ""

    def below(path: str) -> tuple[str, ...]:
        parts = parts_of(path) or (path,)
        wrapped = wrapper and parts[0] == wrapper and len(parts) > 1
        return parts[1:] if wrapped else parts

    return below


def mostly(archive: Archive, is_entry: Callable[[str], bool]) -> bool:
    """Tell whether more than half of the folders and files at the top are hand-ins."""
    return 2 * share(archive, is_entry) > 1


def share(archive: Archive, is_entry: Callable[[str], bool]) -> Fraction:
    """Return the share of the folders and files at the top that are hand-ins."""
    below = below_wrapper(archive, is_entry)
    paths = [m.path for m in archive.members] + [r.path for r in archive.refused]
    paths = [path for path in paths if not is_junk(path)]
    tops = {below(path)[0] for path in paths}
    return Fraction(sum(map(is_entry, tops)), max(1, len(tops)))


def is_junk(path: str) -> bool:
    """Tell what operating systems, editors and Python's tools leave behind."""
    return any(
        part in JUNK or part.startswith("._") or part.endswith(".pyc")
        for part in path.split("/")
    )


def paths_of(members: Sequence[Member], refused: Sequence[Refused]) -> tuple[str, ...]:
    """Return the paths of both."""
    return (*(m.path for m in members), *(r.path for r in refused))


def is_wanted(path: str) -> bool:
    """Tell whether a member's data may be what is graded, or hold it."""
    return (is_python(path) or path.casefold().endswith(".zip")) and not is_junk(path)


def is_python(path: str) -> bool:
    """Tell whether it is a Python file or a notebook, but for the course's own one."""
    name = path.rpartition("/")[2].casefold()
    return name.endswith((".py", SUFFIX)) and name != OF_THE_COURSE


def soonest(path: str, file_name: str) -> tuple[int, ...]:
    """Rank a path by how likely it is what is to be graded, then by its depth.

    >>> soonest("zdoe/env/lib/x.py", "a1.py") > soonest("zdoe/hw/a1.py", "a1.py")
    True
    """
    if is_junk(path):
        return (4,)
    name = path.rpartition("/")[2]
    depth = path.count("/")
    if name.endswith((file_name, as_notebook(file_name))):
        return (0, depth)
    if PurePosixPath(file_name).stem in name:
        return (1, depth)
    return (2 if is_wanted(path) else 3, depth)


def grouped(
    archive: Archive, owner: Callable[[str], str]
) -> tuple[defaultdict[str, list[Member]], defaultdict[str, list[Refused]]]:
    """Sort members and refusals by whom `owner` says that a path belongs to.

    Paths that belong to "" (to nobody), junk and the folder around them all are left
    out; an empty folder is there
    """
    around = wrapper_of(archive)
    members: defaultdict[str, list[Member]] = defaultdict(list)
    refused: defaultdict[str, list[Refused]] = defaultdict(list)
    for member in archive.members:
        if owner(member.path) and not is_junk(member.path):
            members[owner(member.path)].append(member)
    for folder in archive.folders:
        if parts_of(folder) == (around,) or is_junk(folder):
            continue
        # The owner of a folder is that of any file in it.
        if owner(f"{folder}/file"):
            members[owner(f"{folder}/file")].extend(())
    for refusal in archive.refused:
        if owner(refusal.path) and not is_junk(refusal.path):
            refused[owner(refusal.path)].append(refusal)
    return members, refused
