"""What an LMS gave, a zip or a plain folder, as members in memory; nothing is unpacked.

A bad member is left out and named with the reason, so that it costs one student at most;
a container that cannot be trusted as a whole is an `IntakeError`. Zips within are read
one level deep, since students hand in zips of their folders, and under the same caps.
"""

import io
import os
import stat
import struct
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from autograder.errors import IntakeError

MIB = 2**20
REGULAR_OR_UNSET = (0, stat.S_IFREG)
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
UTF8_FLAG, ENCRYPTED_FLAGS = 0x800, 0x41
LOCAL_HEADER_BYTES = 30
END_RECORD, END_RECORD_64 = b"PK\x05\x06", b"PK\x06\x06"
END_SEARCHED = 22 + 0xFFFF + 20 + 56
OTHER_FORMATS = {
    b"\x1f\x8b": "a gzip file (perhaps a tar archive)",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"%PDF": "a PDF document",
}
BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They make a name read as another one. Plain marks, which names need, are not here."""
BAD_DATA = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    struct.error,
)
"""What `zipfile` raises for damaged input; NUL bytes in names are ValueErrors."""

Wanted = Callable[[str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Caps on a container, on what it declares and on what it turns out to hold.

    ratio : unpacked to packed size, judged above `ratio_from` bytes
    """

    members: int = 20_000
    member_bytes: int = 32 * MIB
    total_bytes: int = 512 * MIB
    ratio: int = 200
    ratio_from: int = MIB
    directory_bytes: int = 16 * MIB


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
    """A member that was left out: a printable path, and why."""

    path: str
    reason: str

    def __str__(self) -> str:
        """Return both in one line."""
        return f"{self.path}: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """The members of a container in its own order, and what was left out."""

    name: str
    members: tuple[Member, ...]
    refused: tuple[Refused, ...]


class _MemberError(Exception):
    """Why one member is left out."""


@dataclass(frozen=True, slots=True)
class _Raw:
    """A member before it is read; `problem` is why it must not be."""

    path: str
    size: int
    modified: datetime | None
    read: Callable[[], bytes]
    problem: str = ""


@dataclass(slots=True)
class _Budget:
    limits: Limits
    members: int = 0
    total_bytes: int = 0


@dataclass(slots=True)
class _Collected:
    budget: _Budget
    wanted: Wanted
    members: dict[str, Member] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)


def read_archive(path: Path, *, wanted: Wanted, limits: Limits | None = None) -> Archive:
    """Read the members of a zip file or of a folder.

    wanted : told a member's path; the others are listed without their data
    Raises IntakeError where the container as a whole cannot be used
    """
    collected = _Collected(_Budget(limits or Limits()), wanted)
    if path.is_dir():
        _collect(collected, _walk(path, collected.budget), path, nested=False)
    else:
        try:
            with path.open("rb") as file:
                zipped = _open_zip(path, file, collected.budget)
                _collect(collected, _entries(path, zipped), path, nested=False)
        except OSError as error:
            raise IntakeError(
                path, f"cannot be read: {error.strerror or error}", "is the path right?"
            ) from error
    return Archive(
        name=path.name,
        members=tuple(collected.members.values()),
        refused=tuple(collected.refused),
    )


def printable(text: str) -> str:
    """Return `text` with everything that could mislead a reader made visible."""
    return "".join("\N{REPLACEMENT CHARACTER}" if _misleads(c) else c for c in text)


def _collect(
    collected: _Collected, raws: Iterator[_Raw], place: Path, *, nested: bool
) -> None:
    budget = collected.budget
    for raw in raws:
        budget.members += 1
        if budget.members > budget.limits.members:
            raise IntakeError(
                place,
                f"has more than {budget.limits.members} members",
                "a class's download has fewer: download it again",
            )
        if nested and _is_zip(raw.path):
            _refuse(collected, raw.path, "a zip in a zip in a zip; hand in the file")
            continue
        try:
            member = _member(raw, budget, wanted=collected.wanted)
        except _MemberError as error:
            _refuse(collected, raw.path, str(error))
            continue
        if member.data is not None and _is_zip(member.path):
            _collect_nested(collected, member, member.data)
        else:
            _keep(collected, member)


def _collect_nested(collected: _Collected, outer: Member, data: bytes) -> None:
    place = Path(outer.path)
    try:
        zipped = _open_zip(place, io.BytesIO(data), collected.budget)
        raws = [_within(outer.path, raw) for raw in _entries(place, zipped)]
    except IntakeError as error:
        _refuse(collected, outer.path, f"{error.problem}; {error.remedy}")
        return
    _collect(collected, iter(raws), place, nested=True)


def _within(outer: str, raw: _Raw) -> _Raw:
    return _Raw(f"{outer}/{raw.path}", raw.size, raw.modified, raw.read, raw.problem)


def _member(raw: _Raw, budget: _Budget, *, wanted: Wanted) -> Member:
    """Judge the name, then the declared size, and read what is wanted."""
    problem = raw.problem or _name_problem(raw.path)
    if problem:
        raise _MemberError(problem)
    data = None
    if wanted(raw.path):
        limits = budget.limits
        if raw.size > limits.member_bytes:
            raise _MemberError(
                f"has {raw.size} bytes, at most {limits.member_bytes} are read"
            )
        if budget.total_bytes + raw.size > limits.total_bytes:
            raise _MemberError(
                f"all files together have more than {limits.total_bytes} bytes"
            )
        try:
            data = raw.read()
        except BAD_DATA as error:
            raise _MemberError(f"is damaged ({error}); hand it in again") from error
        budget.total_bytes += len(data)
    return Member(path=raw.path, data=data, modified=raw.modified)


def _keep(collected: _Collected, member: Member) -> None:
    """Keep a member, unless another has its name or one that differs in case only."""
    key = unicodedata.normalize("NFKC", member.path).casefold()
    other = collected.members.get(key)
    if other is None:
        collected.members[key] = member
    elif other.data != member.data:
        del collected.members[key]
        reason = "stands twice with different contents (case of letters aside)"
        _refuse(collected, other.path, reason)
        _refuse(collected, member.path, reason)


def _refuse(collected: _Collected, path: str, reason: str) -> None:
    collected.refused.append(Refused(path=printable(path), reason=printable(reason)))


def _open_zip(place: Path, file: io.BufferedReader | io.BytesIO, budget: _Budget) -> (
    zipfile.ZipFile
):
    """Open a zip after a look at the size of its directory, before it is parsed."""
    head = file.read(512)
    _refuse_other_formats(place, head)
    count, directory_bytes = _announced(file)
    limits = budget.limits
    if budget.members + count > limits.members:
        raise IntakeError(
            place, f"has {count} members, at most {limits.members} are read", "zip less"
        )
    if directory_bytes > limits.directory_bytes:
        raise IntakeError(place, "its directory is too long", "zip it again")
    file.seek(0)
    try:
        zipped = zipfile.ZipFile(file)
    except UnicodeDecodeError as error:
        raise IntakeError(
            place, "a name in it says that it is UTF-8 and is not", "zip it again"
        ) from error
    except BAD_DATA as error:
        problem = (
            "is cut off or damaged" if head.startswith(b"PK") else "is not a zip file"
        )
        raise IntakeError(
            place, f"{problem} ({error})", "download it again, as the LMS gives it"
        ) from error
    _refuse_overlaps(place, zipped)
    return zipped


def _refuse_other_formats(place: Path, head: bytes) -> None:
    what = next((w for magic, w in OTHER_FORMATS.items() if head.startswith(magic)), "")
    if not what and len(head) == tarfile.BLOCKSIZE and head[257:262] == b"ustar":
        what = "a tar archive"
    if what:
        raise IntakeError(place, f"is {what}, not a zip file", "a zip is wanted")


def _announced(file: io.BufferedReader | io.BytesIO) -> tuple[int, int]:
    """Return members and bytes of the directory, as the end of the file says."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - END_SEARCHED))
    tail = file.read()
    at, layout, offset = tail.rfind(END_RECORD), "<HL", 10
    wide = tail.rfind(END_RECORD_64)
    if wide >= 0:
        at, layout, offset = wide, "<QQ", 32
    try:
        count, directory_bytes = struct.unpack_from(layout, tail, at + offset)
    except struct.error:
        return 0, 0
    return (int(count), int(directory_bytes)) if at >= 0 else (0, 0)


def _refuse_overlaps(place: Path, zipped: zipfile.ZipFile) -> None:
    """Refuse entries that share packed bytes: few bytes then unpack to very many."""
    spans = sorted(
        (info.header_offset, info.header_offset + LOCAL_HEADER_BYTES + info.compress_size)
        for info in zipped.infolist()
    )
    end = 0
    for begin, stop in spans:
        if begin < end or stop > zipped.start_dir:
            raise IntakeError(place, "its members overlap, as in a zip bomb", "zip again")
        end = stop


def _entries(place: Path, zipped: zipfile.ZipFile) -> Iterator[_Raw]:
    for info in zipped.infolist():
        if info.is_dir():
            continue
        yield _Raw(
            path=_decoded_name(info),
            size=info.file_size,
            modified=_zip_time(info),
            read=lambda info=info: zipped.read(info),  # type: ignore[misc]
            problem=_entry_problem(info),
        )


def _entry_problem(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & ENCRYPTED_FLAGS:
        return "is encrypted; hand it in without a password"
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "is a symbolic link; hand in the file itself"
    if kind not in REGULAR_OR_UNSET:
        return "is no regular file"
    if info.compress_type not in METHODS:
        return f"is packed by an unusual method ({info.compress_type}); zip it again"
    limits = Limits()
    too_dense = info.file_size > limits.ratio * max(info.compress_size, 1)
    if info.file_size > limits.ratio_from and too_dense:
        return f"unpacks {info.compress_size} bytes to {info.file_size}, as a zip bomb"
    return ""


def _decoded_name(info: zipfile.ZipInfo) -> str:
    r"""Return the name; without a mark for UTF-8 it may be UTF-8 or else code page 437.

    ``\`` counts as ``/``, since some packers of Windows write it.
    """
    name = info.orig_filename
    if not info.flag_bits & UTF8_FLAG:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = info.orig_filename
    return name.replace("\\", "/")


def _zip_time(info: zipfile.ZipInfo) -> datetime | None:
    try:
        return datetime(*info.date_time)  # noqa: DTZ001 zips have local times
    except ValueError:
        return None


def _walk(root: Path, budget: _Budget) -> Iterator[_Raw]:
    """Yield the files below a folder in sorted order, following no link."""
    for folder, folders, files in os.walk(root):
        folders.sort()
        links = [name for name in folders if Path(folder, name).is_symlink()]
        for name in sorted(files) + links:
            path = Path(folder, name)
            status = path.lstat()
            problem = ""
            if stat.S_ISLNK(status.st_mode):
                problem = "is a symbolic link; put the file itself there"
            elif not stat.S_ISREG(status.st_mode):
                problem = "is no regular file"
            yield _Raw(
                path=path.relative_to(root).as_posix(),
                size=status.st_size,
                modified=datetime.fromtimestamp(int(status.st_mtime)),  # noqa: DTZ006 local, as in zips
                read=lambda path=path: _read_file(path, budget.limits),  # type: ignore[misc]
                problem=problem,
            )


def _read_file(path: Path, limits: Limits) -> bytes:
    with path.open("rb") as file:
        data = file.read(limits.member_bytes + 1)
    if len(data) > limits.member_bytes:
        raise ValueError(f"more than {limits.member_bytes} bytes")
    return data


def _name_problem(path: str) -> str:
    parts = path.split("/")
    drive = len(parts[0]) > 1 and parts[0][1] == ":" and parts[0][0].isalpha()
    if path.startswith("/") or drive:
        return "has an absolute name; zip the folder, not the disk"
    if ".." in parts:
        return "its name leads out of the folder (..)"
    if any(_misleads(character) for character in path):
        return "its name has control characters; give it a plain one"
    return ""


def _misleads(character: str) -> bool:
    return character in BIDI_CONTROLS or unicodedata.category(character) in {"Cc", "Cs"}


def _is_zip(path: str) -> bool:
    return path.casefold().endswith(".zip")
