"""Fashion-MNIST as its authors give it: four gzipped files in the IDX format.

An IDX file is a magic number (two zero bytes, the type of a number, the count of axes),
the length of each axis as four bytes, big-endian, and the numbers.
Source: http://yann.lecun.com/exdb/mnist, "the IDX file format"
"""

import gzip
import hashlib
import math
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from autograder.errors import StaffError

Array = npt.NDArray[Any]

DEBIAN_FOLDER = Path("/usr/share/datasets/fashion-mnist")
TRAINING_IMAGES = 60_000
UNSIGNED_BYTE = 0x08
CHECKSUMS = {
    "train-images-idx3-ubyte.gz": (
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"
    ),
    "train-labels-idx1-ubyte.gz": (
        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"
    ),
    "t10k-images-idx3-ubyte.gz": (
        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"
    ),
    "t10k-labels-idx1-ubyte.gz": (
        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"
    ),
}
"""SHA-256 of each file's content, unpacked: packers differ."""


@dataclass(frozen=True, slots=True)
class Images:
    """(N, 28, 28) uint8 images and their (N,) uint8 labels."""

    images: Array
    labels: Array


def read_part(folder: Path, part: str) -> Images:
    """Read the images and labels of a part of the dataset.

    part : ``train`` (60,000) or ``t10k`` (10,000)
    Raises StaffError where a file is missing, damaged or not the published one
    """
    names = (f"{part}-images-idx3-ubyte.gz", f"{part}-labels-idx1-ubyte.gz")
    images, labels = (_published(folder / name) for name in names)
    return Images(images, labels)


def read_idx(content: bytes, path: Path) -> Array:
    """Return the numbers of an IDX file of unsigned bytes.

    Raises StaffError where it is none, or ends too early
    """
    axes = content[3] if len(content) > 3 else 0  # noqa: PLR2004 the magic number
    start = 4 + 4 * axes
    if content[:3] != bytes([0, 0, UNSIGNED_BYTE]) or len(content) < start:
        raise StaffError(path, "is no IDX file of unsigned bytes", _remedy())
    shape = [int.from_bytes(content[i : i + 4], "big") for i in range(4, start, 4)]
    if len(content) != start + math.prod(shape):
        wanted, found = math.prod(shape), len(content) - start
        raise StaffError(path, f"has {found:,} numbers, not {wanted:,}", _remedy())
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape).copy()


def _published(path: Path) -> Array:
    try:
        content = gzip.decompress(path.read_bytes())
    except FileNotFoundError:
        raise StaffError(path, "is not there", _remedy()) from None
    except (OSError, EOFError, zlib.error) as error:
        raise StaffError(path, f"cannot be read: {error}", _remedy()) from error
    array = read_idx(content, path)
    if hashlib.sha256(content).hexdigest() != CHECKSUMS[path.name]:
        raise StaffError(path, "is not the published file", _remedy())
    return array


def _remedy() -> str:
    return "apt-get install dataset-fashion-mnist, or give --data the original files"
