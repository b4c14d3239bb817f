"""Pictures of a student's networks: small plain values, kept with a result.

`grading.pictures` makes them of what a test offers, `reports.picture_plots` draws them.
"""

from typing import TYPE_CHECKING, TypeAlias

import msgspec

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


class Raster(msgspec.Struct, frozen=True, kw_only=True):
    """An image in 256 steps.

    low, high : the values of the steps 0 and 255
    cells : a byte a pixel, row by row
    """

    rows: int
    columns: int
    low: float
    high: float
    cells: bytes

    @property
    def values(self) -> "npt.NDArray[np.float64]":
        """(rows, columns): the image, as exact as 256 steps are."""
        # Whoever only reads marks, or asks for --help, needs no NumPy.
        import numpy as np  # noqa: PLC0415

        steps = np.frombuffer(self.cells, np.uint8).reshape(self.rows, self.columns)
        return self.low + steps / 255 * (self.high - self.low)


class FirstLayer(msgspec.Struct, frozen=True, kw_only=True, tag="first_layer"):
    """Kernels of a first convolution, and what they make of an image.

    of : whose layer it is, as in "your SmallCNN"
    kernels, maps : of the first channels, one for one; total : of all channels
    """

    of: str
    image: Raster
    kernels: tuple[Raster, ...]
    maps: tuple[Raster, ...]
    total: int


class Training(msgspec.Struct, frozen=True, kw_only=True, tag="training"):
    """A short training, perhaps beside the reference's with many seeds.

    losses : of the epochs; accuracy : of images that were not shown, afterwards
    reference : a row a seed, its accuracy and then the loss of every epoch
    """

    losses: tuple[float, ...]
    accuracy: float
    reference: tuple[tuple[float, ...], ...]


class Confusion(msgspec.Struct, frozen=True, kw_only=True, tag="confusion"):
    """How often images of a class (row) were taken for another (column)."""

    of: str
    classes: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


class GradientNorms(msgspec.Struct, frozen=True, kw_only=True, tag="gradient_norms"):
    """How much gradient reaches the first of so many layers, two ways."""

    depths: tuple[int, ...]
    plain: tuple[float, ...]
    shortcut: tuple[float, ...]


class Peer(msgspec.Struct, frozen=True, kw_only=True):
    """A network of the lecture beside which a student's stands.

    accuracy : of the images that its handout names, not of these
    alike : of how many images of each class it says the same
    same_mistakes : of how many it says the same, and both are wrong
    """

    name: str
    parameters: int
    accuracy: float
    alike: tuple[int, ...]
    same_mistakes: int


class AmongLecture(msgspec.Struct, frozen=True, kw_only=True, tag="among_lecture"):
    """A student's network among the lecture's, on images that none of them has seen.

    of : whose network it is
    images : of each class; wrong : how many of them it gets wrong
    """

    of: str
    parameters: int
    classes: tuple[str, ...]
    images: tuple[int, ...]
    wrong: tuple[int, ...]
    peers: tuple[Peer, ...]

    @property
    def accuracy(self) -> float:
        """Share of right answers, 0 to 1."""
        return 1 - sum(self.wrong) / max(sum(self.images), 1)


class LeftOut(msgspec.Struct, frozen=True, kw_only=True, tag="left_out"):
    """A picture that could not be made.

    kind : of what; why : in words that the student may read
    """

    kind: str
    why: str


Drawn: TypeAlias = FirstLayer | Training | Confusion | GradientNorms | AmongLecture
Picture: TypeAlias = Drawn | LeftOut
