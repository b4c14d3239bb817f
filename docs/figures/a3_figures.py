"""Draw the figures of assignment 3's handout: ``python docs/figures/a3_figures.py``.

Everything is a grid of numbered boxes; what belongs together has one colour. The files
come out the same, byte for byte, with the same matplotlib.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("agg")

import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Rectangle

FOLDER = Path(__file__).parents[2] / "assignments" / "a3_layers" / "figures"
# The Okabe-Ito colours, which colour-blind readers can tell apart.
BLUE, ORANGE, GREEN = "#0072B2", "#E69F00", "#009E73"
RED, PURPLE, YELLOW = "#D55E00", "#CC79A7", "#F0E442"
INK, QUIET, PALE, PAPER = "#333333", "#8A8A8A", "#BBBBBB", "#FFFFFF"
CYCLE = (BLUE, ORANGE, GREEN, PURPLE, YELLOW, RED)
TINT = 0.5
"""How much of a colour is left where numbers stand on it."""

Array = npt.NDArray[np.int_]
Cell = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A matrix of numbers with its top left corner at `corner` (right, down).

    colours : of single cells by (row, column), else white
    dotted : cells that are zeros put there, drawn with a dotted edge
    """

    values: Array
    corner: tuple[float, float] = (0, 0)
    title: str = ""
    colours: Mapping[Cell, str] = field(default_factory=dict)
    dotted: frozenset[Cell] = frozenset()
    size: float = 8

    def draw(self, ax: Axes) -> None:
        """Draw the cells, their numbers and the title above."""
        x, y = self.corner
        for (i, j), value in np.ndenumerate(self.values):
            colour = self.colours.get((i, j), PAPER)
            box = Rectangle((x + j, y + i), 1, 1, fc=tint(colour), ec=INK, lw=0.8)
            if (i, j) in self.dotted:
                box.set_linestyle(":")
            ax.add_patch(box)
            quiet = (i, j) in self.dotted and (i, j) not in self.colours
            ax.text(
                x + j + 0.5,
                y + i + 0.55,
                f"{value}",
                size=self.size,
                color=QUIET if quiet else INK,
                ha="center",
                va="center_baseline",
            )
        ax.text(x, y - 0.25, self.title, size=9, va="bottom", color=INK)

    def frame(
        self, ax: Axes, cell: Cell, size: Cell, colour: str, inset: float = 0
    ) -> None:
        """Draw a window of `size` (high, wide) whose top left cell is `cell`."""
        x, y = self.corner[0] + cell[1] + inset, self.corner[1] + cell[0] + inset
        wide, high = size[1] - 2 * inset, size[0] - 2 * inset
        ax.add_patch(
            Rectangle((x, y), wide, high, fill=False, edgecolor=colour, lw=2.4)
        )


def tint(colour: str) -> tuple[float, ...]:
    """Return a paler colour, for numbers to stand on."""
    return tuple(1 - TINT * (1 - part) for part in to_rgb(colour))


def say(ax: Axes, x: float, y: float, text: str) -> None:
    """Write a remark whose top left corner is at (x, y)."""
    ax.text(x, y, text, size=8, va="top", color=INK)


def sign(ax: Axes, x: float, y: float, text: str) -> None:
    """Write +, = or a word between two grids."""
    ax.text(x, y, text, size=11, ha="center", va="center", color=INK)


def canvas(wide: float, high: float, scale: float = 0.34) -> tuple[Figure, Axes]:
    """Return axes of so many cells, rows counted downwards."""
    figure, ax = plt.subplots(figsize=(wide * scale, high * scale))
    ax.set_xlim(-0.2, wide - 0.2)
    ax.set_ylim(high - 1.2, -1.2)
    ax.set_aspect("equal")
    ax.axis("off")
    return figure, ax


def arrow(
    ax: Axes, start: tuple[float, float], end: tuple[float, float], text: str = ""
) -> None:
    """Draw an arrow, with a word above its middle."""
    style: dict[str, Any] = {
        "arrowstyle": "-|>",
        "mutation_scale": 11,
        "color": INK,
        "lw": 1,
    }
    ax.add_patch(FancyArrowPatch(start, end, **style))
    x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    ax.text(x, y - 0.3, text, ha="center", va="bottom", size=8)


def padded(values: Array, padding: int) -> tuple[Array, frozenset[Cell]]:
    """Return the matrix within zeros, and which cells those are."""
    wide = np.pad(values, padding)
    inside = np.pad(np.ones_like(values), padding)
    return wide, frozenset((int(i), int(j)) for i, j in np.argwhere(inside == 0))


def sliding() -> Figure:
    """Return the six windows of a 2x3 kernel, stride 2, padding 1, on a 3x5 image."""
    image, zeros = padded(np.arange(1, 16).reshape(3, 5), 1)
    figure, ax = canvas(31, 13)
    for (p, q), colour in zip(np.ndindex(2, 3), CYCLE, strict=True):
        window = {(2 * p + i, 2 * q + j): colour for i in range(2) for j in range(3)}
        Grid(
            values=image,
            corner=(8 * q, 6.8 * p),
            title=f"window ({p}, {q})",
            colours=window,
            dotted=zeros,
            size=7,
        ).draw(ax)
        corner = (25 + 1.7 * q, 4 + 1.7 * p)
        ax.add_patch(Rectangle(corner, 1.7, 1.7, fc=tint(colour), ec=INK, lw=0.8))
        middle = (corner[0] + 0.85, corner[1] + 0.85)
        ax.text(*middle, f"({p}, {q})", ha="center", va="center", size=8, color=INK)
    ax.text(25, 3.75, "out", size=9, va="bottom", color=INK)
    say(ax, 25, 7.7, "2 x 3: the zeros at the\nbottom are in no window")
    return figure


X = np.array([[1, 5, 2, 8, 0], [3, 4, 9, 6, 7], [-1, -6, 10, -2, -3]])


def pooling() -> Figure:
    """Return what max pooling keeps: side by side, with overlap, and what is lost."""
    figure, ax = canvas(22.4, 5.2)
    last_row, last_column = len(X) - 1, len(X.T) - 1
    lost = {(i, j): PALE for i, j in np.ndindex(*X.shape) if j == last_column}
    lost |= {(last_row, j): PALE for j in range(last_column)}
    tiles = Grid(values=X, title="2x2, stride 2", colours=lost)
    tiles.draw(ax)
    for q, colour in enumerate((BLUE, RED)):
        tiles.frame(ax, (0, 2 * q), (2, 2), colour, 0.08)
    arrow(ax, (5.2, 1.5), (6.4, 1.5))
    kept = {(0, 0): BLUE, (0, 1): RED}
    out = np.array([[5, 9]])
    Grid(values=out, corner=(6.6, 1), title="out", colours=kept).draw(ax)
    say(ax, 0, 3.3, "grey: in no window, no influence")
    over = Grid(values=X, corner=(10.6, 0), title="2x2, stride 1")
    over.draw(ax)
    over.frame(ax, (0, 1), (2, 2), BLUE, 0.08)
    over.frame(ax, (0, 2), (2, 2), RED, 0.18)
    arrow(ax, (15.8, 1.5), (17.0, 1.5))
    out = np.array([[5, 9, 9, 8], [4, 10, 10, 7]])
    both = {(0, 1): BLUE, (0, 2): RED}
    Grid(values=out, corner=(17.2, 0.5), title="out", colours=both).draw(ax)
    say(ax, 10.6, 3.3, "windows overlap: the 9 is the maximum of both")
    return figure


def max_routes() -> Figure:
    """Return where the gradient of two overlapping windows goes, and a tie."""
    figure, ax = canvas(27.8, 5.8)
    dout = np.array([[1, 2, -3, 4], [5, -6, 7, 8]])
    both = {(0, 1): BLUE, (0, 2): RED}
    Grid(values=dout, title="dout", corner=(0, 0.5), colours=both).draw(ax)
    arrow(ax, (4.2, 1.5), (5.6, 1.5))
    dx = np.array([[0, 1, 0, 4, 0], [0, 5, -1, 0, 8], [0, 0, 1, 0, 0]])
    Grid(values=dx, corner=(5.8, 0), title="dx", colours={(1, 2): GREEN}).draw(ax)
    say(
        ax,
        0,
        3.3,
        "2x2, stride 1, x as above: the 9 is the maximum\n"
        "of both windows, it gets 2 + (-3) = -1",
    )
    x = np.array([[7, 7], [1, 7]])
    Grid(values=x, corner=(14, 0.5), title="x: a tie").draw(ax)
    dout = np.array([[6]])
    Grid(values=dout, corner=(17.4, 1), title="dout").draw(ax)
    arrow(ax, (18.6, 1.5), (19.8, 1.5))
    answers = (
        ("right", np.array([[6, 0], [0, 0]]), GREEN),
        ("right", np.array([[2, 2], [0, 2]]), GREEN),
        ("wrong", np.array([[6, 6], [0, 6]]), RED),
    )
    for k, (title, dx, colour) in enumerate(answers):
        cells = {(int(i), int(j)): colour for i, j in np.argwhere(dx)}
        corner = (20 + 2.6 * k, 0.5)
        Grid(values=dx, corner=corner, title=title, colours=cells).draw(ax)
    say(ax, 14, 3.3, "to the first, or in equal shares: the parts add up to dout")
    return figure


KERNEL = np.array([[1, 2], [3, 4]])


def conv_backward() -> Figure:
    """Return dx twice: as stamped kernels, and by the rotated kernel."""
    figure, ax = canvas(30, 12)
    dout = np.array([[5, 0, -1], [0, 2, 0]])
    dx = np.array([[5, 10, -1, -2], [15, 22, 1, -4], [0, 6, 8, 0]])
    spots = {(0, 0): BLUE, (0, 2): ORANGE, (1, 1): GREEN}
    Grid(values=KERNEL, corner=(0, 0.5), title="w").draw(ax)
    Grid(values=dout, corner=(3.4, 0.5), title="dout", colours=spots).draw(ax)
    sign(ax, 7.4, 1.5, "gives")
    for k, ((p, q), colour) in enumerate(spots.items()):
        stamp = np.zeros((3, 4), int)
        stamp[p : p + 2, q : q + 2] = dout[p, q] * KERNEL
        cells = {(p + i, q + j): colour for i, j in np.ndindex(2, 2)}
        title = f"{dout[p, q]} times w"
        corner = (8.6 + 5.2 * k, 0)
        Grid(values=stamp, corner=corner, title=title, colours=cells).draw(ax)
        sign(ax, 13.2 + 5.2 * k, 1.5, "++="[k])
    Grid(values=dx, corner=(24.2, 0), title="dx", colours={(1, 1): PURPLE}).draw(ax)
    wide, zeros = padded(dout, 1)
    moved = {(i + 1, j + 1): colour for (i, j), colour in spots.items()}
    y = 5.4
    Grid(values=KERNEL, corner=(0, y + 1), title="w").draw(ax)
    arrow(ax, (2.2, y + 2), (4.2, y + 2), "180°")
    Grid(values=KERNEL[::-1, ::-1], corner=(4.4, y + 1), title="rotated").draw(ax)
    sign(ax, 7.4, y + 2, "over")
    full = Grid(
        values=wide,
        corner=(8.6, y),
        title="dout among zeros",
        colours=moved,
        dotted=zeros,
    )
    full.draw(ax)
    full.frame(ax, (1, 1), (2, 2), PURPLE, 0.08)
    sign(ax, 14.2, y + 2, "=")
    same = {(1, 1): PURPLE}
    Grid(values=dx, corner=(14.8, y + 0.5), title="dx", colours=same).draw(ax)
    say(ax, 8.6, y + 4.3, "in the frame: 4*5 + 3*0 + 2*0 + 1*2 = 22")
    Grid(values=KERNEL.T, corner=(21.6, y + 1), title="transposed").draw(ax)
    ax.plot([21.4, 23.8], [y + 0.8, y + 3.2], color=RED, lw=1.8)
    say(ax, 24.2, y + 1.5, "is another kernel")
    return figure


def conv_backward_stride() -> Figure:
    """Return what stride 2 does to dout before the full correlation."""
    figure, ax = canvas(24.6, 8.6)
    dout = np.array([[5, 7, -1], [3, 2, 4]])
    colours = dict(zip(np.ndindex(2, 3), CYCLE, strict=True))
    Grid(values=dout, corner=(0, 2.5), title="dout", colours=colours).draw(ax)
    spread = np.zeros((3, 5), int)
    spread[::2, ::2] = dout
    apart = {(2 * p, 2 * q): colour for (p, q), colour in colours.items()}
    arrow(ax, (3.2, 3.5), (6.2, 3.5), "stride 2")
    Grid(
        values=spread,
        corner=(6.4, 2),
        title="stride - 1 zeros between",
        colours=apart,
        dotted=frozenset(np.ndindex(*spread.shape)) - apart.keys(),
    ).draw(ax)
    wide, _ = padded(spread, 2)
    moved = {(i + 2, j + 2): colour for (i, j), colour in apart.items()}
    arrow(ax, (11.6, 3.5), (14.4, 3.5), "kernel 3x3")
    Grid(
        values=wide,
        corner=(14.6, 0),
        title="KH - 1, KW - 1 zeros around",
        colours=moved,
        dotted=frozenset(np.ndindex(*wide.shape)) - moved.keys(),
    ).draw(ax)
    return figure


def im2col() -> Figure:
    """Return an image, its columns, and the product with a kernel as a row."""
    figure, ax = canvas(21.6, 9.4)
    image = np.arange(1, 13).reshape(3, 4)
    x = Grid(values=image, corner=(0, 1), title="x: 2x2, stride 1")
    x.draw(ax)
    x.frame(ax, (0, 0), (2, 2), BLUE, 0.08)
    x.frame(ax, (1, 2), (2, 2), RED, 0.08)
    arrow(ax, (4.2, 2.5), (6.6, 2.5))
    places = list(np.ndindex(2, 3))
    windows = [image[p : p + 2, q : q + 2].ravel() for p, q in places]
    columns = np.stack(windows, axis=1)
    shade = dict.fromkeys([(i, 0) for i in range(4)], BLUE)
    shade |= dict.fromkeys([(i, 5) for i in range(4)], RED)
    title = "im2col(x): every column is a window"
    Grid(values=columns, corner=(6.8, 0.5), title=title, colours=shade).draw(ax)
    small: dict[str, Any] = {"size": 6.5, "va": "center", "color": INK}
    for k, (p, q) in enumerate(places):
        ax.text(7.3 + k, 4.9, f"({p}, {q})", ha="center", **small)
    for k, (i, j) in enumerate(np.ndindex(2, 2)):
        ax.text(13, 1 + k, f"({i}, {j})", **small)
    say(
        ax,
        14.8,
        1.3,
        "a window's pixels, row by row;\nbelow come the rows of\nchannel 1, 2, …",
    )
    say(ax, 13, 4.65, "the windows' places, row by row")
    flat = KERNEL.reshape(1, 4)
    Grid(values=flat, corner=(0, 6.9), title="w as a row").draw(ax)
    sign(ax, 6.3, 7.4, "@ im2col(x) =")
    ends = {(0, 0): BLUE, (0, 5): RED}
    Grid(values=flat @ columns, corner=(8.8, 6.9), title="out", colours=ends).draw(ax)
    say(ax, 15.2, 7.15, "then reshaped to 2 x 3")
    return figure


FIGURES: Sequence[Callable[[], Figure]] = (
    sliding,
    pooling,
    max_routes,
    conv_backward,
    conv_backward_stride,
    im2col,
)


def main() -> None:
    """Write every figure as a PNG file without a date in it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context({"font.family": "DejaVu Sans", "font.size": 9}):
        for draw in FIGURES:
            figure = draw()
            figure.savefig(
                FOLDER / f"{draw.__name__}.png",
                dpi=150,
                bbox_inches="tight",
                facecolor="white",
                metadata={"Software": None},
            )
            plt.close(figure)


if __name__ == "__main__":
    main()
