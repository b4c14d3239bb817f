"""Zips for tests: plain ones, and ones that no packer would write."""

import io
import struct
import zipfile
from collections.abc import Iterable
from pathlib import Path

DATE = (2025, 10, 10, 10, 22, 0)
Content = str | bytes


def zipped(
    files: Iterable[tuple[str | zipfile.ZipInfo, Content]],
    *,
    method: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """Return a zip; a ZipInfo in a name's place is written as it is."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files:
            info = name if isinstance(name, zipfile.ZipInfo) else entry(name)
            info.compress_type = method
            archive.writestr(info, data)
    return buffer.getvalue()


def entry(name: str, *, mode: int = 0o100644) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, DATE)
    info.external_attr = mode << 16
    return info


def save(folder: Path, data: bytes, name: str = "download.zip") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def patched(data: bytes, old: bytes, new: bytes) -> bytes:
    """Change every occurrence, in local headers and the directory alike."""
    assert len(old) == len(new)
    assert old in data
    return data.replace(old, new)


def directory_entry(data: bytes, name: bytes) -> int:
    """Return where the central directory's record of a name begins."""
    return data.rindex(name) - 46


def with_flag(data: bytes, name: bytes, flag: int) -> bytes:
    """Set a flag of one member, in both of its headers."""
    changed = bytearray(data)
    for begin, offset in ((data.index(name) - 30, 6), (data.rindex(name) - 46, 8)):
        (flags,) = struct.unpack_from("<H", changed, begin + offset)
        struct.pack_into("<H", changed, begin + offset, flags | flag)
    return bytes(changed)


def with_declared_size(data: bytes, name: bytes, size: int) -> bytes:
    """Let the directory declare another unpacked size."""
    changed = bytearray(data)
    struct.pack_into("<L", changed, directory_entry(data, name) + 24, size)
    return bytes(changed)


def with_offset_of(data: bytes, name: bytes, other: bytes) -> bytes:
    """Let a member share the packed bytes of another one."""
    changed = bytearray(data)
    at = directory_entry(data, name)
    source = directory_entry(data, other)
    changed[at + 16 : at + 28] = data[source + 16 : source + 28]
    changed[at + 42 : at + 46] = data[source + 42 : source + 46]
    return bytes(changed)
