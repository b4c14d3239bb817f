"""6,000 images of Fashion-MNIST with their labels, for training on a laptop.

Xiao, Rasul and Vollgraf (2017), Zalando SE, MIT licence: see ``data/LICENSE``.
"""

import functools
import hashlib
import io
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

CLASSES = (
    "T-shirt or top",
    "trouser",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
)
"""What the labels 0 to 9 mean."""
PLACE = Path(__file__).with_name("data") / "fashion_mnist.npz"
SHA256 = "9c60ea689617ecf61d302c10d05e58b17be2ab1527d53ca971e398cff7d6f3fa"
"""Of the images' bytes, then the labels'."""
REMEDY = "Take this file from the course's template again."
DAMAGES = (
    *(OSError, EOFError, KeyError, ValueError, TypeError, NotImplementedError),
    *(zipfile.BadZipFile, zlib.error),
)
"""What NumPy raises for a file that is no .npz, was cut short or lacks a part."""


class DamagedDataError(OSError):
    """The file with the images is missing or not what it was."""


def fashion_mnist(place: Path = PLACE) -> tuple[Array, Array]:
    """Return (6000, 28, 28) uint8 images and (6000,) uint8 labels, 600 of each class.

    Pixels go from 0, the background, to 255. Classes come mixed, always in the same
    order. The arrays are the caller's own.

    Raises DamagedDataError where the file is missing or damaged
    >>> images, labels = fashion_mnist()
    >>> images.shape, [CLASSES[label] for label in labels[:2]]
    ((6000, 28, 28), ['T-shirt or top', 'trouser'])
    """
    images, labels = _unpacked(place)
    return images.copy(), labels.copy()


@functools.lru_cache(maxsize=1)
def _unpacked(place: Path) -> tuple[Array, Array]:
    """Read the images once a process: unpacking them takes as long as ten questions."""
    return read(place, SHA256, REMEDY)


def read(place: Path, sha256: str, remedy: str) -> tuple[Array, Array]:
    """Return the images and labels of an .npz file, if they are those expected.

    sha256 : of the images' bytes, then the labels': whatever packed them
    Raises DamagedDataError, its message ending in `remedy`
    """
    try:
        # np.load leaves a file open that it finds damaged, but not a buffer.
        with np.load(io.BytesIO(place.read_bytes()), allow_pickle=False) as arrays:
            images, labels = arrays["images"], arrays["labels"]
    except DAMAGES as error:
        raise DamagedDataError(f"{place} cannot be read: {error}. {remedy}") from error
    if hashlib.sha256(images.tobytes() + labels.tobytes()).hexdigest() != sha256:
        raise DamagedDataError(f"{place} is damaged. {remedy}")
    return images, labels
