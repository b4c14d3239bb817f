"""What an LMS gave, a zip or a plain folder, as members in memory.

Nothing is unpacked to disk. A bad member is left out and named with the reason, so that
it costs one student at most; a container that cannot be trusted as a whole is an
`IntakeError`. Every student has a share of files and bytes (`shares`), and nobody can
use up another's. Zips within are read one level deep, since students hand in zips of
their folders, and count to the same share. A notebook's data is the Python file that is
made of it.
"""

import io
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from autograder.errors import IntakeError
from autograder.intake.folder_reader import FoundFolder
from autograder.intake.notebooks import NotebookError, NotebookReader
from autograder.intake.shares import Share, Sharing, Whose, chosen
from autograder.intake.zip_reader import (
    BAD_DATA,
    Limits,
    RawMember,
    ZipDirectory,
)
from autograder.notebook import is_notebook, too_large
from autograder.text import misleading, printable, readable

OUTER = Limits()
PACK_AGAIN = "hand in the file itself, or pack it as a zip again"
ANY_NOTEBOOK = NotebookReader()
ENOUGH_TOPS = 50
"""So many names at the top tell whether everything lies in one folder."""

Wanted = Callable[[str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A file of the container.

    path : its place, with ``/``; a zip within counts as a folder
    data : None where nobody wanted it read; of a notebook, the Python file it is
        graded as
    """

    path: str
    data: bytes | None


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
    is_one_students : the one folder or zip around everything is a student's own, so
        that nothing in it says whose it is
    """

    place: Path
    members: tuple[Member, ...]
    folders: tuple[str, ...]
    refused: tuple[Refused, ...]
    is_one_students: bool = False


class Container(Protocol):
    """What has members: their paths first, then those that were chosen."""

    def paths(self, whose: Whose) -> Iterator[tuple[int, str]]:
        """Yield every path with its position."""

    def members(self, places: Sequence[int]) -> Iterator[RawMember]:
        """Yield the members at these positions, in this order."""


class _MemberError(Exception):
    """Why one member is left out."""


@dataclass(slots=True)
class _Collected:
    limits: Limits
    wanted: Wanted
    listing: Wanted
    sharing: Sharing
    notebooks: NotebookReader
    shares: dict[str, Share] = field(default_factory=dict)
    total_bytes: int = 0
    position: int = 0
    members: dict[str, Member] = field(default_factory=dict)
    positions: dict[str, int] = field(default_factory=dict)
    ambiguous: set[str] = field(default_factory=set)
    folders: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    def share(self, path: str) -> Share:
        """Return the share that a path counts to."""
        return self.shares.setdefault(self.sharing.whose(path), Share())


def read_archive(
    path: Path,
    *,
    wanted: Wanted,
    listing: Wanted = lambda _: False,
    sharing: Callable[[Sequence[str]], Sharing] = lambda _: Sharing(),
    limits: Limits = OUTER,
    notebooks: NotebookReader = ANY_NOTEBOOK,
) -> Archive:
    """Read the members of a zip file or of a folder.

    wanted : told a member's path; the others are listed without their data
    listing : which are wanted too and may be as large as a zip: the LMS's own lists
    sharing : told some names at the top, says whose a path is; else all is one's
    notebooks : reads those that are wanted
    Raises IntakeError where the container as a whole cannot be used
    """
    try:
        if path.is_dir():
            found = FoundFolder(path, limits)
            shared = sharing(found.tops())
            collected = _Collected(limits, wanted, listing, shared, notebooks)
            _collect(collected, found, path)
        else:
            with path.open("rb") as file:
                zipped = ZipDirectory(path, file, limits)
                shared = sharing(_tops(zipped.paths(lambda _: "")))
                collected = _Collected(limits, wanted, listing, shared, notebooks)
                _collect(collected, zipped, path)
    except OSError as error:
        elsewhere = error.filename and Path(error.filename) != path
        within = f"{error.filename}: " if elsewhere else ""
        raise IntakeError(
            path,
            f"cannot be read: {within}{error.strerror or error}",
            "are the path and its permissions right?",
        ) from error
    return Archive(
        place=path,
        members=tuple(collected.members.values()),
        folders=tuple(collected.folders),
        refused=tuple(collected.refused),
    )


def _tops(paths: Iterable[tuple[int, str]]) -> list[str]:
    """Return some names at the top, a folder's with a ``/``."""
    tops: dict[str, None] = {}
    for _, path in paths:
        top, below, _ = path.partition("/")
        tops[top + below] = None
        if len(tops) > ENOUGH_TOPS:
            break
    return list(tops)


def _collect(collected: _Collected, container: Container, place: Path) -> None:
    """Take what is looked at, the likeliest first, and name what is not."""
    looked_at, cuts = chosen(
        container.paths(collected.sharing.whose),
        collected.sharing,
        collected.shares,
        collected.limits,
        place,
    )
    places = [position for position, _ in looked_at]
    for position, raw in zip(places, container.members(places), strict=True):
        collected.position = position
        _take(collected, raw)
    in_order = sorted(collected.members, key=lambda key: collected.positions[key])
    collected.members = {key: collected.members[key] for key in in_order}
    for cut in cuts:
        path, _, reason = cut.partition("\0")
        _refuse(collected, path, reason)


def _take(collected: _Collected, raw: RawMember) -> None:
    try:
        member = _member(collected, raw)
        if raw.is_folder:
            collected.folders.append(raw.path)
        elif member.data is not None and _is_zip(member.path):
            _merge(collected, _nested(collected, member, member.data), member.path)
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
        return Member(path=raw.path, data=None)
    if raw.bomb:
        raise _MemberError(raw.bomb)
    limits = collected.limits
    if is_notebook(raw.path):
        return _notebook(collected, raw)
    large = is_listing or _is_zip(raw.path)
    most = limits.zip_bytes if large else limits.file_bytes
    if raw.size > most:
        raise _MemberError(f"has {raw.size} bytes, at most {most} are read")
    if _is_zip(raw.path):
        share = collected.share(raw.path)
        if share.zip_bytes + raw.size > limits.zip_bytes:
            raise _MemberError(
                f"comes after {share.zip_bytes} bytes of the same student's other "
                f"zips; {limits.zip_bytes} are read"
            )
        share.zip_bytes += raw.size
    else:
        _check_total(collected, raw.path, raw.size)
    return Member(path=raw.path, data=_data(raw))


def _notebook(collected: _Collected, raw: RawMember) -> Member:
    """Read a notebook; what it has printed and drawn counts to nobody's share."""
    limits, share = collected.limits, collected.share(raw.path)
    if raw.size > limits.notebook_bytes:
        raise _MemberError(too_large(raw.size, limits.notebook_bytes))
    if share.notebooks >= limits.notebooks:
        raise _MemberError(
            f"comes after {share.notebooks} of the same student's other notebooks; "
            f"{limits.notebooks} are read"
        )
    share.notebooks += 1
    try:
        data = collected.notebooks.read(_data(raw))
    except NotebookError as error:
        raise _MemberError(str(error)) from error
    return Member(path=raw.path, data=data)


def _data(raw: RawMember) -> bytes:
    try:
        return raw.read()
    except BAD_DATA as error:
        raise _MemberError(_why_unread(error)) from error


def _why_unread(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno is not None:
        return f"cannot be read ({error.strerror}); hand it in again"
    # The error may quote a name in the zip's own list, of 65,535 bytes.
    return f"is damaged ({readable(str(error))}); hand it in again"


def _nested(outer: _Collected, member: Member, data: bytes) -> _Collected:
    """Read a student's zip, whose faults cost that student only."""
    place = Path(member.path)
    share = outer.share(member.path)
    sharing = replace(outer.sharing, whose=lambda _: "")
    inner = _Collected(
        outer.limits,
        outer.wanted,
        lambda _: False,
        sharing,
        outer.notebooks,
        {"": share},
    )
    try:
        zipped = ZipDirectory(place, io.BytesIO(data), outer.limits)
        _collect(inner, _Inside(zipped, member.path), place)
    except IntakeError as error:
        # The remedy of a download is none of a student's.
        raise _MemberError(f"{error.problem}; {PACK_AGAIN}") from error
    return inner


@dataclass(frozen=True, slots=True)
class _Inside:
    """A zip within, its paths placed below its own."""

    zipped: ZipDirectory
    outer: str

    def paths(self, whose: Whose) -> Iterator[tuple[int, str]]:
        for position, path in self.zipped.paths(whose):
            yield position, f"{self.outer}/{path}"

    def members(self, places: Sequence[int]) -> Iterator[RawMember]:
        for raw in self.zipped.members(places):
            yield _inside(self.outer, raw)


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
    _check_total(collected, member.path, size)
    collected.total_bytes += size
    collected.share(member.path).read_bytes += size
    key = unicodedata.normalize("NFKC", member.path).casefold()
    reason = "stands twice, with different contents (case of letters aside)"
    if key in collected.ambiguous:
        raise _MemberError(reason)
    other = collected.members.setdefault(key, member)
    collected.positions.setdefault(key, collected.position)
    if other.data != member.data:
        del collected.members[key]
        collected.ambiguous.add(key)
        _refuse(collected, other.path, reason)
        raise _MemberError(reason)


def _check_total(collected: _Collected, path: str, size: int) -> None:
    limits, share = collected.limits, collected.share(path)
    if share.read_bytes + size > limits.share_bytes:
        raise _MemberError(
            f"comes after {share.read_bytes} bytes of the same student's other files; "
            f"{limits.share_bytes} are read"
        )
    if collected.total_bytes + size > limits.total_bytes:
        raise _MemberError(
            f"comes after {collected.total_bytes} bytes of other files; "
            f"{limits.total_bytes} are read in all"
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
