"""The zip to hand in, and a receipt that says what was in it."""

import datetime as dt
import hashlib
import os
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from desk.about import About

FIXED_TIME = (1980, 1, 1, 0, 0, 0)
"""Of the file in the zip: so the same file gives the same zip."""


@dataclass(frozen=True)
class Packed:
    """What was written; digest : SHA-256 of your file, as staff can compute it, too."""

    zip: Path
    receipt: Path
    digest: str


def pack(about: About, folder: Path, said: str) -> Packed:
    """Write the zip and its receipt into a folder.

    said : the line about your public points, for the receipt
    """
    source = about.path.read_bytes()
    digest = hashlib.sha256(source).hexdigest()
    target = folder / f"{about.name}.zip"
    partial = target.with_suffix(".partial")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as file:
        entry = zipfile.ZipInfo(about.path.name, FIXED_TIME)
        entry.external_attr = 0o100644 << 16
        file.writestr(entry, source, zipfile.ZIP_DEFLATED)
    os.replace(partial, target)  # noqa: PTH105 - whole or not at all
    receipt = folder / f"{about.name}-receipt.txt"
    now = dt.datetime.now().astimezone().isoformat(timespec="seconds")
    version = ".".join(map(str, sys.version_info[:3]))
    receipt.write_text(
        f"{about.name}: {about.title}\n"
        f"packed {now}\n"
        f"file {about.path.name}, {len(source)} bytes\n"
        f"SHA-256 {digest}\n"
        f"{said}\n"
        f"Python {version}\n",
        encoding="utf-8",
    )
    return Packed(target, receipt, digest)
