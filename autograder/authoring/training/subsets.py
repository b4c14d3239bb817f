"""The two small parts of Fashion-MNIST that the course ships, made from the whole.

6,000 of the 60,000 training images go to students with their labels, 600 a class; 1,000
of the 10,000 test images stay with the graders, 100 a class.
"""

import io
from pathlib import Path

import numpy as np

from autograder.atomic import write_atomically
from autograder.authoring.training.idx import Images, read_part
from autograder.errors import StaffError

CLASSES = 10
SHIPPED = (
    ("train", 600, Path("assignments/checks/data/fashion_mnist.npz")),
    ("t10k", 100, Path("solutions/data/held_out.npz")),
)
"""Part, images a class, and the file below the course."""


def write(course: Path, data: Path) -> None:
    """Write both files anew, each whole or not at all."""
    for part, a_class, place in SHIPPED:
        chosen = stratified(read_part(data, part), a_class)
        packed = io.BytesIO()
        np.savez_compressed(packed, images=chosen.images, labels=chosen.labels)
        write_atomically(course / place, packed.getvalue())


def check(course: Path, data: Path) -> None:
    """Raise StaffError where a shipped file is not what `write` would write."""
    for part, a_class, place in SHIPPED:
        chosen = stratified(read_part(data, part), a_class)
        with np.load(course / place, allow_pickle=False) as found:
            same = np.array_equal(found["images"], chosen.images)
            if not same or not np.array_equal(found["labels"], chosen.labels):
                raise StaffError(course / place, "has other images than it should")


def stratified(part: Images, a_class: int, seed: int = 0) -> Images:
    """Return `a_class` images of every class, in random order."""
    rng = np.random.default_rng(seed)
    chosen = [
        rng.choice(np.flatnonzero(part.labels == label), a_class, replace=False)
        for label in range(CLASSES)
    ]
    order = rng.permutation(np.concatenate(chosen))
    return Images(part.images[order], part.labels[order])
