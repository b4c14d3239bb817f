"""What an LMS gave, a zip or a plain folder, as members in memory.

Nothing is unpacked to disk. A bad member is left out and named with the reason, so that
it costs one student at most; a container that cannot be trusted as a whole is an
`IntakeError`. Zips within are read one level deep, since students hand in zips of their
folders, each under its own caps.
"""

import io
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from autograder.errors import IntakeError
from autograder.intake.folder_reader import walk
from autograder.intake.zip_reader import (
    BAD_DATA,
    MIB,
    Limits,
    RawMember,
    entries,
    open_zip,
)
from autograder.text import misleading, printable

OUTER = Limits()
NESTED = Limits(members=2_000, total_bytes=8 * MIB)
"""Tighter, so that one student's zip can't use up what the whole class may hand in."""

Wanted = Callable[[str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A file of the container.

    path : its place, with ``/``; a zip within counts as a folder
    data : None where nobody wanted it read
    modified : its own time, which a student can set
    """

    path: str
    data: bytes | None
    modified: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A member that was left out: its path made printable, and why."""

    path: str
    reason: str

    def __str__(self) -> str:
        """Return both in one line."""
        return f"{self.path}: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """The members of a container in its own order, and what was left out.

    folders : those that the container lists, as a zip does, and the zips within; they
        may be empty
    """

    place: Path
    members: tuple[Member, ...]
    folders: tuple[str, ...]
    refused: tuple[Refused, ...]


class _MemberError(Exception):
    """Why one member is left out."""


@dataclass(slots=True)
class _Collected:
    limits: Limits
    wanted: Wanted
    listing: Wanted = field(default=lambda _: False)
    count: int = 0
    total_bytes: int = 0
    members: dict[str, Member] = field(default_factory=dict)
    ambiguous: set[str] = field(default_factory=set)
    folders: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def read_archive(
    path: Path,
    *,
    wanted: Wanted,
    listing: Wanted = lambda _: False,
    limits: Limits = OUTER,
) -> Archive:
    """Read the members of a zip file or of a folder.

    wanted : told a member's path; the others are listed without their data
    listing : which are wanted too and may be as large as a zip: the LMS's own lists
    Raises IntakeError where the container as a whole cannot be used
    """
    collected = _Collected(limits, wanted, listing)
    try:
        if path.is_dir():
            _collect(collected, walk(path), path)
        else:
            with path.open("rb") as file, open_zip(path, file, limits) as zipped:
                _collect(collected, entries(zipped, limits), path)
    except OSError as error:
        raise IntakeError(
            path,
            f"cannot be read: {error.filename or ''} {error.strerror or error}".strip(),
            "are the path and its permissions right?",
        ) from error
    return Archive(
        place=path,
        members=tuple(collected.members.values()),
        folders=tuple(collected.folders),
        refused=tuple(collected.refused),
    )


def _collect(collected: _Collected, raws: Iterator[RawMember], place: Path) -> None:
    for raw in raws:
        collected.count += 1
        if collected.count > collected.limits.members:
            raise IntakeError(
                place,
                f"has more than {collected.limits.members} files",
                "keep only what was handed in",
            )
        try:
            member = _member(collected, raw)
            if raw.is_folder:
                collected.folders.append(raw.path)
            elif member.data is not None and _is_zip(member.path):
                nested = _nested(member, member.data, collected.wanted)
                _merge(collected, nested, member.path)
            else:
                _keep(collected, member)
        except _MemberError as error:
            _refuse(collected, raw.path, str(error))


def _member(collected: _Collected, raw: RawMember) -> Member:
    """Judge the name, then the declared size, and read what is wanted."""
    problem = raw.problem or _name_problem(raw.path)
    if problem:
        raise _MemberError(problem)
    is_listing = collected.listing(raw.path)
    if raw.is_folder or not (is_listing or collected.wanted(raw.path)):
        return Member(path=raw.path, data=None, modified=raw.modified)
    if raw.bomb:
        raise _MemberError(raw.bomb)
    limits = collected.limits
    large = is_listing or _is_zip(raw.path)
    most = limits.zip_bytes if large else limits.file_bytes
    if raw.size > most:
        raise _MemberError(f"has {raw.size} bytes, at most {most} are read")
    if not _is_zip(raw.path):
        _check_total(collected, raw.size)
    try:
        data = raw.read()
    except BAD_DATA as error:
        raise _MemberError(f"is damaged ({error}); hand it in again") from error
    return Member(path=raw.path, data=data, modified=raw.modified)


def _nested(outer: Member, data: bytes, wanted: Wanted) -> _Collected:
    """Read a student's zip, whose faults cost that student only."""
    place = Path(outer.path)
    collected = _Collected(NESTED, wanted)
    try:
        with open_zip(place, io.BytesIO(data), NESTED) as zipped:
            raws = (_inside(outer.path, raw) for raw in entries(zipped, NESTED))
            _collect(collected, raws, place)
    except IntakeError as error:
        raise _MemberError(f"{error.problem}; {error.remedy}") from error
    return collected


def _inside(outer: str, raw: RawMember) -> RawMember:
    """Place a member below its zip, judging its name as it was; refuse a third zip."""
    problem = raw.problem or _name_problem(raw.path)
    if not problem and _is_zip(raw.path):
        problem = "is a zip in a zip; hand in the file itself"
    return replace(raw, path=f"{outer}/{raw.path}", problem=problem)


def _merge(collected: _Collected, nested: _Collected, outer: str) -> None:
    for member in nested.members.values():
        try:
            _keep(collected, member)
        except _MemberError as error:
            _refuse(collected, member.path, str(error))
    collected.folders += [outer, *nested.folders]
    collected.refused += nested.refused


def _keep(collected: _Collected, member: Member) -> None:
    """Keep a member, unless another has its name or one that differs in case only."""
    size = len(member.data or b"")
    _check_total(collected, size)
    collected.total_bytes += size
    key = unicodedata.normalize("NFKC", member.path).casefold()
    reason = "stands twice, with different contents (case of letters aside)"
    if key in collected.ambiguous:
        raise _MemberError(reason)
    other = collected.members.setdefault(key, member)
    if other.data != member.data:
        del collected.members[key]
        collected.ambiguous.add(key)
        _refuse(collected, other.path, reason)
        raise _MemberError(reason)


def _check_total(collected: _Collected, size: int) -> None:
    if collected.total_bytes + size > collected.limits.total_bytes:
        raise _MemberError(
            f"comes after {collected.total_bytes} bytes of other files; "
            f"{collected.limits.total_bytes} are read in all"
        )


def _refuse(collected: _Collected, path: str, reason: str) -> None:
    collected.refused.append(Refused(path=printable(path), reason=printable(reason)))


def _name_problem(path: str) -> str:
    parts = path.split("/")
    if not {*parts} - {"", "."}:
        return "has no name"
    drive = parts[0][1:2] == ":" and parts[0][0].isalpha()
    if path.startswith("/") or drive:
        return "has an absolute name; zip the folder itself"
    if ".." in parts:
        return "its name leads out of the folder (..)"
    if misleading(path):
        return "its name has control characters; give it a plain name"
    return ""


def _is_zip(path: str) -> bool:
    return path.casefold().endswith(".zip")
