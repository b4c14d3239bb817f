"""6,000 images of Fashion-MNIST with their labels, for training on a laptop.

Xiao, Rasul and Vollgraf (2017), Zalando SE, MIT licence: see ``data/LICENSE``.
"""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

PLACE = Path(__file__).with_name("data") / "fashion_mnist.npz"
SHA256 = "9c60ea689617ecf61d302c10d05e58b17be2ab1527d53ca971e398cff7d6f3fa"
"""Of the images' bytes, then the labels'."""
REMEDY = "Take this file from the course's template again."


class DamagedDataError(OSError):
    """The file with the images is missing or not what it was."""


def fashion_mnist(place: Path = PLACE) -> tuple[Array, Array]:
    """Return (6000, 28, 28) uint8 images and (6000,) uint8 labels, 600 of each class.

    Raises DamagedDataError where the file is missing or damaged
    >>> images, labels = fashion_mnist()
    >>> images.shape, int(labels.max())
    ((6000, 28, 28), 9)
    """
    try:
        with np.load(place, allow_pickle=False) as arrays:
            images, labels = arrays["images"], arrays["labels"]
    except (OSError, ValueError, KeyError) as error:
        raise DamagedDataError(f"{place} cannot be read: {error}. {REMEDY}") from error
    if hashlib.sha256(images.tobytes() + labels.tobytes()).hexdigest() != SHA256:
        raise DamagedDataError(f"{place} is damaged. {REMEDY}")
    return images, labels
