"""Read a zip without trusting it: its length, names, links, overlaps and density."""

import io
import os
import re
import stat
import struct
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from autograder.errors import IntakeError

MIB = 2**20
REGULAR_OR_UNSET = (0, stat.S_IFREG)
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
UTF8_FLAG, ENCRYPTED_FLAGS = 0x800, 0x41
LOCAL_HEADER_BYTES = 30
LONGEST_NAME = 1024
"""Bytes of a path; the format takes 65,535, which may name 32,000 folders."""
END_RECORD, END_RECORD_64 = b"PK\x05\x06", b"PK\x06\x06"
LOCATOR_64, LOCATOR_64_BYTES = b"PK\x06\x07", 20
END_SEARCHED = 22 + 0xFFFF + 20 + 56
UNSAID = (0xFFFFFFFF,)
ZIP64 = 1
RECORD = struct.Struct("<4s2B2xHHHHLLLHHHHHLL")
"""A member in the list. The format's own names: signature, versions, flags, method,
time, date, CRC, packed and unpacked size, lengths of name, extra field and comment,
disk, attributes, offset."""
FLAGS, NAME_BYTES, EXTRA_BYTES, COMMENT_BYTES = 3, 10, 11, 12
EMPTY_LIST = struct.Struct("<4s4H2LH")
AS_GIVEN = "give what the LMS gave, a zip, as it is"
UNPACKED = "unpack it and give the folder, or download the LMS's own zip"
OTHER_FORMATS = {
    b"\x1f\x8b": ("a gzip file (perhaps a tar archive)", UNPACKED),
    b"7z\xbc\xaf": ("a 7z archive", UNPACKED),
    b"Rar!": ("a RAR archive", UNPACKED),
    b"%PDF": ("a PDF document", AS_GIVEN),
}
WEB_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|body)", re.IGNORECASE
)
"""What an LMS gives to whoever is logged out."""
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

    members : of one student, files and folders; listed : of them in a folder, before
        those are chosen; owners : students, and what else lies
        at the top
    file_bytes : for a wanted file; zip_bytes : for a student's zips within together
    notebook_bytes, notebooks : for a notebook with its outputs; how many of a student's
    share_bytes : for one student's wanted files together; total_bytes : for all
    ratio : of unpacked to packed size, judged above `ratio_from` bytes
    """

    members: int = 2_000
    listed: int = 50_000
    owners: int = 20_000
    file_bytes: int = 5 * MIB
    zip_bytes: int = 64 * MIB
    notebook_bytes: int = 16 * MIB
    notebooks: int = 8
    share_bytes: int = 8 * MIB
    total_bytes: int = 512 * MIB
    ratio: int = 200
    ratio_from: int = MIB
    directory_bytes: int = 256 * MIB


@dataclass(frozen=True, slots=True, kw_only=True)
class RawMember:
    """A member before it is read.

    problem : why it must not be taken; bomb : why it must not be unpacked
    """

    path: str
    size: int
    read: Callable[[], bytes]
    problem: str = ""
    bomb: str = ""
    is_folder: bool = False


class ZipDirectory:
    """The list at the end of a zip, read a record at a time: it may have millions.

    `zipfile` would make an object of each before anybody could say which to leave.
    """

    def __init__(self, place: Path, file: BinaryIO, limits: Limits) -> None:
        """Find the list; raises IntakeError where it is no zip, cut off, too long."""
        self._place, self._file, self._limits = place, file, limits
        head = file.read(tarfile.BLOCKSIZE)
        _refuse_other_formats(place, head)
        try:
            self._bytes, self._start, self._shift = _directory(file)
            file.seek(0)
            # Its own list is left out: members are opened by what stands in this one.
            self._zipped = zipfile.ZipFile(_WithoutList(file, self._start))
        except BAD_DATA as error:
            damaged = head.startswith(b"PK")
            problem = "is cut off or damaged" if damaged else "is not a zip file"
            raise IntakeError(
                place, f"{problem} ({error})", "download it again and leave it as it is"
            ) from error
        if self._bytes > limits.directory_bytes:
            raise IntakeError(
                place,
                f"its directory has {self._bytes} bytes, at most "
                f"{limits.directory_bytes} are read",
                "zip fewer files",
            )

    def paths(self, whose: Callable[[str], str]) -> Iterator[tuple[int, str]]:
        """Yield where each member's record lies in the list, and its path."""
        del whose  # nobody's list is longer than the zip says
        at = 0
        while at < self._bytes:
            head, name, rest = self._record(at)
            yield at, _path(head[FLAGS], name)[0]
            at += RECORD.size + len(name) + rest

    def members(self, places: Iterable[int]) -> Iterator[RawMember]:
        """Yield members by where their records lie, in the order asked for.

        Raises IntakeError where two of them share packed bytes: few bytes then unpack
        to very many
        """
        infos = [self._info(at) for at in places]
        spans = sorted(
            (i.header_offset, i.header_offset + LOCAL_HEADER_BYTES + i.compress_size)
            for i, _ in infos
        )
        end = 0
        for begin, stop in spans:
            if begin < end or stop > self._start:
                raise IntakeError(
                    self._place, "its members overlap, as in a zip bomb", "zip it again"
                )
            end = stop
        for info, problem in infos:
            path, _ = _path(info.flag_bits, info.orig_filename)
            yield RawMember(
                path=path.rstrip("/") or path,
                size=info.file_size,
                read=partial(_read, self._zipped, info),
                problem=problem or _problem(info),
                bomb=_bomb(info, self._limits),
                is_folder=path.endswith("/"),
            )

    def _record(self, at: int) -> tuple[tuple[Any, ...], bytes, int]:
        self._file.seek(self._start + at)
        head = self._file.read(RECORD.size)
        whole = len(head) == RECORD.size and head.startswith(b"PK\1\2")
        fields = RECORD.unpack(head) if whole else ()
        name = self._file.read(fields[NAME_BYTES]) if whole else b""
        if not whole or len(name) < fields[NAME_BYTES]:
            raise IntakeError(
                self._place,
                f"is cut off or damaged (its list of files, at {at})",
                "download it again and leave it as it is",
            )
        return fields, name, fields[EXTRA_BYTES] + fields[COMMENT_BYTES]

    def _info(self, at: int) -> tuple[zipfile.ZipInfo, str]:
        """Return what `zipfile` wants to know, and what speaks against the name."""
        fields, name, _ = self._record(at)
        extra = self._file.read(fields[EXTRA_BYTES])
        _, problem = _path(fields[FLAGS], name)
        mark = "utf-8" if fields[FLAGS] & UTF8_FLAG else "cp437"
        info = zipfile.ZipInfo(name.decode(mark, "replace"))
        info.flag_bits, info.compress_type = fields[FLAGS], fields[4]
        info.CRC, info.external_attr = fields[7], fields[15]
        sizes = [fields[9], fields[8], fields[16]]
        at_extra = iter(_extra_sizes(extra))
        sizes = [next(at_extra, n) if n in UNSAID else n for n in sizes]
        info.file_size, info.compress_size, offset = sizes
        info.header_offset = offset + self._shift
        return info, problem


class _WithoutList(io.RawIOBase):
    """A zip file with nothing in its list, over the bytes of another one."""

    def __init__(self, file: BinaryIO, start: int) -> None:
        super().__init__()
        self._file, self._start, self._at = file, start, 0
        self._end = EMPTY_LIST.pack(END_RECORD, 0, 0, 0, 0, 0, min(start, 2**32 - 1), 0)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        size = self._start + len(self._end)
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        wanted = len(buffer)
        if self._at >= self._start:
            data = self._end[self._at - self._start :][:wanted]
        else:
            self._file.seek(self._at)
            data = self._file.read(min(wanted, self._start - self._at))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def _read(zipped: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Unpack a member no further than it declares.

    `ZipFile.read` unpacks everything before it cuts to the declared size: 1 MiB that
    declares 10 bytes would take 1 GiB of memory.
    """
    with zipped.open(info) as file:
        return file.read(info.file_size + 1)


def _refuse_other_formats(place: Path, head: bytes) -> None:
    if not head:
        raise IntakeError(
            place, "is empty: it has 0 bytes", "download it again, to its end"
        )
    known = [told for magic, told in OTHER_FORMATS.items() if head.startswith(magic)]
    if head[257:262] == b"ustar":
        known = [("a tar archive", UNPACKED)]
    if WEB_PAGE.match(head):
        known = [("a web page", "log in to the LMS and download the zip again")]
    for what, remedy in known:
        raise IntakeError(place, f"is {what}, and no zip", remedy)


def _directory(file: BinaryIO) -> tuple[int, int, int]:
    """Return the list's length, where it begins, and by how much offsets are short.

    Something may stand before a zip, which its own offsets don't count.
    """
    size = file.seek(0, os.SEEK_END)
    behind = max(0, size - END_SEARCHED)
    file.seek(behind)
    tail = file.read()
    at = tail.rfind(END_RECORD)
    length, offset = _unpacked("<LL", tail, at, 12)
    # Python writes it from 2 GiB on, and says below 4 what it is in both.
    if tail[max(0, at - LOCATOR_64_BYTES) : at].startswith(LOCATOR_64):
        at = tail.rfind(END_RECORD_64, 0, at)
        length, offset = _unpacked("<QQ", tail, at, 40)
    start = behind + at - length
    if start < 0 or start < offset:
        raise zipfile.BadZipFile("its list of files is not where it should be")
    return length, start, start - offset


def _unpacked(layout: str, tail: bytes, at: int, offset: int) -> tuple[int, int]:
    if at < 0:
        raise zipfile.BadZipFile("it has no list of files at its end")
    if len(tail) < at + offset + struct.calcsize(layout):
        raise zipfile.BadZipFile("its list of files breaks off")
    first, second = struct.unpack_from(layout, tail, at + offset)
    return int(first), int(second)


def _extra_sizes(extra: bytes) -> tuple[int, ...]:
    """Return the sizes of more than 4 GiB that a record has in its extra field."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        if kind == ZIP64:
            data = extra[at + 4 : at + 4 + size]
            return struct.unpack(f"<{len(data) // 8}Q", data[: len(data) // 8 * 8])
        at += 4 + size
    return ()


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


def _path(flags: int, name: bytes | str) -> tuple[str, str]:
    r"""Return a member's path, and what is wrong with it or "".

    Without a mark for UTF-8 a name may be UTF-8, or else code page 437, or Windows'
    1252 where only there its letters are Latin ones. ``\` counts as
    ``/``, since some packers on Windows write it.
    """
    problem = ""
    if isinstance(name, str):
        name = name.encode("utf-8" if flags & UTF8_FLAG else "cp437", "replace")
    if len(name) > LONGEST_NAME:
        problem = f"its name has {len(name):,} bytes; give it a shorter one"
        name = _middle_left_out(name).decode("utf-8", "ignore").encode()
    try:
        text = name.decode("utf-8")
    except UnicodeDecodeError:
        if flags & UTF8_FLAG:
            problem = "its name is marked as UTF-8 and is not; give it a plain name"
        text = name.decode("utf-8", "replace") if problem else _unmarked(name)
    return text.replace("\\", "/"), problem


def _middle_left_out(name: bytes) -> bytes:
    """Shorten a path; its end tells what kind of file it is, and is kept."""
    kept_end = 40
    return name[: LONGEST_NAME - kept_end] + b"..." + name[-kept_end:]


def _unmarked(name: bytes) -> str:
    """Return a name that is no UTF-8: by the code page in which it is of letters."""
    readings = [name.decode(page, "replace") for page in ("cp437", "cp1252")]
    return next(filter(_is_latin, readings), readings[0])


def _is_latin(text: str) -> bool:
    return all(c.isascii() or unicodedata.name(c, "").startswith("LATIN") for c in text)
