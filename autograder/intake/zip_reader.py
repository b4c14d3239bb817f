"""Open a zip without trusting it: its length, names, links, overlaps and density."""

import os
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

from autograder.errors import IntakeError

MIB = 2**20
REGULAR_OR_UNSET = (0, stat.S_IFREG)
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
UTF8_FLAG, ENCRYPTED_FLAGS = 0x800, 0x41
LOCAL_HEADER_BYTES = 30
END_RECORD, END_RECORD_64 = b"PK\x05\x06", b"PK\x06\x06"
END_SEARCHED = 22 + 0xFFFF + 20 + 56
UNSAID = (0xFFFF, 0xFFFFFFFF)
OTHER_FORMATS = {
    b"\x1f\x8b": "a gzip file (perhaps a tar archive)",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"%PDF": "a PDF document",
}
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
"""What `zipfile` raises for damaged input."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Caps on a container, on what it declares and on what it turns out to hold.

    file_bytes : for a wanted file; zip_bytes : for a zip within
    total_bytes : for the wanted files together
    ratio : of unpacked to packed size, judged above `ratio_from` bytes
    """

    members: int = 20_000
    file_bytes: int = 5 * MIB
    zip_bytes: int = 64 * MIB
    total_bytes: int = 512 * MIB
    ratio: int = 200
    ratio_from: int = MIB
    directory_bytes: int = 16 * MIB


@dataclass(frozen=True, slots=True, kw_only=True)
class RawMember:
    """A member before it is read.

    problem : why it must not be taken; bomb : why it must not be unpacked
    """

    path: str
    size: int
    modified: datetime | None
    read: Callable[[], bytes]
    problem: str = ""
    bomb: str = ""
    is_folder: bool = False


def open_zip(place: Path, file: BinaryIO, limits: Limits) -> zipfile.ZipFile:
    """Open a zip after a look at the size of its directory, before that is parsed.

    Raises IntakeError where it is no zip, cut off, too long, or a bomb as a whole
    """
    head = file.read(tarfile.BLOCKSIZE)
    _refuse_other_formats(place, head)
    count, directory_bytes = _announced(file)
    _refuse_too_many(place, count, limits)
    if directory_bytes > limits.directory_bytes:
        raise IntakeError(
            place,
            f"its directory has {directory_bytes} bytes, at most "
            f"{limits.directory_bytes} are read",
            "zip fewer files",
        )
    file.seek(0)
    try:
        zipped = zipfile.ZipFile(file)
    except UnicodeDecodeError as error:
        raise IntakeError(
            place, "a name in it is marked as UTF-8 and is not", "zip it again"
        ) from error
    except BAD_DATA as error:
        damaged = head.startswith(b"PK")
        problem = "is cut off or damaged" if damaged else "is not a zip file"
        raise IntakeError(
            place, f"{problem} ({error})", "download it again and leave it as it is"
        ) from error
    _refuse_too_many(place, len(zipped.infolist()), limits)
    _refuse_overlaps(place, zipped)
    return zipped


def entries(zipped: zipfile.ZipFile, limits: Limits) -> Iterator[RawMember]:
    """Yield files and folders of a zip, each with what speaks against reading it."""
    for info in zipped.infolist():
        name = _decoded_name(info)
        yield RawMember(
            path=name.rstrip("/") or name,
            size=info.file_size,
            modified=_time(info),
            read=partial(_read, zipped, info),
            problem=_problem(info),
            bomb=_bomb(info, limits),
            is_folder=name.endswith("/"),
        )


def _read(zipped: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Unpack a member no further than it declares.

    `ZipFile.read` unpacks everything before it cuts to the declared size: 1 MiB that
    declares 10 bytes would take 1 GiB of memory.
    """
    with zipped.open(info) as file:
        return file.read(info.file_size + 1)


def _refuse_too_many(place: Path, count: int, limits: Limits) -> None:
    if count > limits.members:
        raise IntakeError(
            place,
            f"has {count} members, at most {limits.members} are read",
            "zip only what was handed in",
        )


def _refuse_other_formats(place: Path, head: bytes) -> None:
    what = next((w for magic, w in OTHER_FORMATS.items() if head.startswith(magic)), "")
    if not what and head[257:262] == b"ustar":
        what = "a tar archive"
    if what:
        raise IntakeError(place, f"is {what}", "unpack it and hand it in as a zip")


def _announced(file: BinaryIO) -> tuple[int, int]:
    """Return members and bytes of the directory, as the end of the file says."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - END_SEARCHED))
    tail = file.read()
    try:
        count, size = _unpacked("<HL", tail, tail.rfind(END_RECORD), 10)
        if count in UNSAID or size in UNSAID:
            return _unpacked("<QQ", tail, tail.rfind(END_RECORD_64), 32)
    except struct.error:
        return 0, 0
    return count, size


def _unpacked(layout: str, tail: bytes, at: int, offset: int) -> tuple[int, int]:
    if at < 0:
        raise struct.error("no such record")
    count, size = struct.unpack_from(layout, tail, at + offset)
    return int(count), int(size)


def _refuse_overlaps(place: Path, zipped: zipfile.ZipFile) -> None:
    """Refuse entries that share packed bytes: few bytes then unpack to very many."""
    spans = sorted(
        (i.header_offset, i.header_offset + LOCAL_HEADER_BYTES + i.compress_size)
        for i in zipped.infolist()
    )
    end = 0
    for begin, stop in spans:
        if begin < end or stop > zipped.start_dir:
            raise IntakeError(
                place, "its members overlap, as in a zip bomb", "zip it again"
            )
        end = stop


def _problem(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & ENCRYPTED_FLAGS:
        return "is encrypted; hand it in without a password"
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "is a symbolic link; hand in the file itself"
    # No is_dir(): Python's fails on a name that is empty.
    if kind not in REGULAR_OR_UNSET and not info.filename.endswith("/"):
        return "is no regular file"
    if info.compress_type not in METHODS:
        return f"is packed by an unusual method ({info.compress_type}); zip it again"
    return ""


def _bomb(info: zipfile.ZipInfo, limits: Limits) -> str:
    too_dense = info.file_size > limits.ratio * max(info.compress_size, 1)
    if info.file_size > limits.ratio_from and too_dense:
        return (
            f"would unpack from {info.compress_size} to {info.file_size} bytes, "
            "as in a zip bomb"
        )
    return ""


def _decoded_name(info: zipfile.ZipInfo) -> str:
    r"""Return the name; without a mark for UTF-8 it may be UTF-8 or else code page 437.

    ``\`` counts as ``/``, since some packers on Windows write it.
    """
    name = info.orig_filename
    if not info.flag_bits & UTF8_FLAG:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = info.orig_filename
    return name.replace("\\", "/")


def _time(info: zipfile.ZipInfo) -> datetime | None:
    try:
        return datetime(*info.date_time)  # noqa: DTZ001 zips hold local times
    except ValueError:
        return None
