"""Draw the figures of assignment 3's handout: ``python docs/figures/a3_figures.py``.

Everything is a grid of numbered boxes; what belongs together has one colour. The files
come out the same, byte for byte, with the same matplotlib.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import matplotlib as mpl

mpl.use("agg")

import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Rectangle

FOLDER = Path(__file__).parents[2] / "assignments" / "a3_layers" / "figures"
# The Okabe-Ito colours, which colour-blind readers can tell apart.
BLUE, SKY, ORANGE, GREEN = "#0072B2", "#56B4E9", "#E69F00", "#009E73"
RED, PURPLE, YELLOW = "#D55E00", "#CC79A7", "#F0E442"
INK, PALE, PAPER = "#333333", "#DDDDDD", "#FFFFFF"
CYCLE = (SKY, ORANGE, GREEN, PURPLE, YELLOW, RED)

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
            box = Rectangle(
                (x + j, y + i), 1, 1, facecolor=colour, edgecolor=INK, lw=0.8
            )
            if (i, j) in self.dotted:
                box.set_linestyle(":")
            ax.add_patch(box)
            quiet = "#999999" if (i, j) in self.dotted else INK
            middle = {"ha": "center", "va": "center_baseline"}
            ax.text(
                x + j + 0.5,
                y + i + 0.55,
                f"{value}",
                size=self.size,
                color=quiet,
                **middle,
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
    style = {"arrowstyle": "-|>", "mutation_scale": 11, "color": INK, "lw": 1}
    ax.add_patch(FancyArrowPatch(start, end, **style))
    x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    ax.text(x, y - 0.3, text, ha="center", va="bottom", size=8)


def padded(values: Array, padding: int) -> tuple[Array, frozenset[Cell]]:
    """Return the matrix within zeros, and which cells those are."""
    wide = np.pad(values, padding)
    inside = np.pad(np.ones_like(values), padding)
    return wide, frozenset((int(i), int(j)) for i, j in np.argwhere(inside == 0))


def sliding() -> Figure:
    """Return the six windows of a 2x3 kernel, stride 2, padding 1, on a 3x4 image."""
    image, zeros = padded(np.arange(1, 16).reshape(3, 5), 1)
    figure, ax = canvas(31, 13.6)
    for p in range(2):
        for q in range(3):
            colour = CYCLE[3 * p + q]
            window = {
                (2 * p + i, 2 * q + j): colour for i in range(2) for j in range(3)
            }
            corner = (8 * q, 6.8 * p)
            title = f"window ({p}, {q})"
            grid = Grid(
                values=image,
                corner=corner,
                title=title,
                colours=window,
                dotted=zeros,
                size=7,
            )
            grid.draw(ax)
    answers = np.array([[f"({p}, {q})" for q in range(3)] for p in range(2)])
    colours = {(p, q): CYCLE[3 * p + q] for p in range(2) for q in range(3)}
    for (p, q), colour in colours.items():
        box = Rectangle(
            (25 + 1.7 * q, 4.2 + 1.7 * p), 1.7, 1.7, fc=colour, ec=INK, lw=0.8
        )
        ax.add_patch(box)
        ax.text(
            25.85 + 1.7 * q,
            5.05 + 1.7 * p,
            answers[p, q],
            ha="center",
            va="center",
            size=8,
        )
    ax.text(25, 3.95, "out", size=9, va="bottom")
    ax.text(
        25, 8.0, "2 x 3: the bottom row\nof zeros is in no window", size=8, va="top"
    )
    return figure


X = np.array([[1, 5, 2, 8, 0], [3, 4, 9, 6, 7], [-1, -6, 10, -2, -3]])


def pooling() -> Figure:
    """Return what max pooling keeps: side by side, with overlap, and what is lost."""
    figure, ax = canvas(22.4, 5.4)
    lost = {(i, j): PALE for i in range(3) for j in range(5) if i == 2 or j == 4}
    tiles = Grid(values=X, title="2x2, stride 2", colours=lost)
    tiles.draw(ax)
    for q, colour in enumerate((BLUE, RED)):
        tiles.frame(ax, (0, 2 * q), (2, 2), colour, 0.08)
    kept = Grid(
        values=np.array([[5, 9]]),
        corner=(6.6, 1),
        title="out",
        colours={(0, 0): SKY, (0, 1): ORANGE},
    )
    kept.draw(ax)
    arrow(ax, (5.2, 1.5), (6.5, 1.5))
    over = Grid(values=X, corner=(10.4, 0), title="2x2, stride 1: windows overlap")
    over.draw(ax)
    over.frame(ax, (0, 1), (2, 2), BLUE, 0.08)
    over.frame(ax, (0, 2), (2, 2), RED, 0.18)
    out = np.array([[5, 9, 9, 8], [4, 10, 10, 7]])
    both = {(0, 1): SKY, (0, 2): ORANGE}
    Grid(values=out, corner=(17.2, 0.5), title="out", colours=both).draw(ax)
    arrow(ax, (15.6, 1.5), (17.0, 1.5))
    ax.text(0, 3.3, "grey: in no window, no influence", size=8, va="top")
    ax.text(10.4, 3.3, "the 9 is the maximum of both windows", size=8, va="top")
    return figure


def max_routes() -> Figure:
    """Return where the gradient of two overlapping windows goes, and a tie."""
    figure, ax = canvas(25.8, 5.8)
    dout = Grid(
        values=np.array([[1, 2, -3, 4], [5, -6, 7, 8]]),
        title="dout of 2x2 windows, stride 1",
        corner=(0, 0.5),
        colours={(0, 1): SKY, (0, 2): ORANGE},
    )
    dout.draw(ax)
    dx = np.array([[0, 1, 0, 4, 0], [0, 5, -1, 0, 8], [0, 0, 1, 0, 0]])
    routed = Grid(values=dx, corner=(6.6, 0), title="dx", colours={(1, 2): GREEN})
    routed.draw(ax)
    arrow(ax, (4.2, 1.5), (6.4, 1.5))
    ax.text(
        0,
        3.3,
        "both windows have their maximum\nat the 9: it gets 2 + (-3) = -1",
        size=8,
        va="top",
    )
    tie = Grid(values=np.array([[7, 7], [1, 7]]), corner=(13.4, 0.5), title="x")
    tie.draw(ax)
    one = Grid(
        values=np.array([[6]]), corner=(16.2, 1), title="dout", colours={(0, 0): SKY}
    )
    one.draw(ax)
    first = Grid(
        values=np.array([[6, 0], [0, 0]]),
        corner=(18.9, 0.5),
        title="right",
        colours={(0, 0): GREEN},
    )
    first.draw(ax)
    green = dict.fromkeys([(0, 0), (0, 1), (1, 1)], GREEN)
    shared = Grid(
        values=np.array([[2, 2], [0, 2]]),
        corner=(21.3, 0.5),
        title="right",
        colours=green,
    )
    shared.draw(ax)
    red = dict.fromkeys(green, RED)
    every = Grid(
        values=np.array([[6, 6], [0, 6]]),
        corner=(23.7, 0.5),
        title="wrong",
        colours=red,
    )
    every.draw(ax)
    ax.text(
        13.4,
        3.3,
        "a tie: to the first, or in equal shares;\nthe parts add up to dout",
        size=8,
        va="top",
    )
    return figure


KERNEL = np.array([[1, 2], [3, 4]])


def conv_backward() -> Figure:
    """Return dx twice: as stamped kernels, and as a full correlation, rotated kernel."""
    figure, ax = canvas(29.4, 13.4)
    dout = np.array([[5, 0, -1], [0, 2, 0]])
    dx = np.array([[5, 10, -1, -2], [15, 22, 1, -4], [0, 6, 8, 0]])
    spots = {(0, 0): SKY, (0, 2): ORANGE, (1, 1): GREEN}
    Grid(values=KERNEL, corner=(0, 0.5), title="w").draw(ax)
    Grid(values=dout, corner=(4, 0.5), title="dout", colours=spots).draw(ax)
    for k, ((p, q), colour) in enumerate(spots.items()):
        stamp = np.zeros((3, 4), int)
        stamp[p : p + 2, q : q + 2] = dout[p, q] * KERNEL
        cells = {(p + i, q + j): colour for i in range(2) for j in range(2)}
        grid = Grid(
            values=stamp,
            corner=(8.6 + 5.2 * k, 0),
            title=f"{dout[p, q]} times w",
            colours=cells,
        )
        grid.draw(ax)
        ax.text(
            13.2 + 5.2 * k,
            1.5,
            "+" if k < 2 else "=",
            size=12,
            ha="center",
            va="center",
        )
    Grid(values=dx, corner=(24.2, 0), title="dx").draw(ax)
    wide, zeros = padded(dout, 1)
    turned = KERNEL[::-1, ::-1]
    shifted = {
        (i, j + 1): colour
        for (i, j), colour in {(1, 0): SKY, (1, 2): ORANGE, (2, 1): GREEN}.items()
    }
    y = 6.6
    Grid(values=KERNEL, corner=(0, y + 1), title="w").draw(ax)
    arrow(ax, (2.3, y + 2), (5.2, y + 2), "180°")
    rotated = Grid(values=turned, corner=(5.4, y + 1), title="rotated")
    rotated.draw(ax)
    wrong = Grid(
        values=KERNEL.T, corner=(0, y + 4.3), title="transposed, another thing:"
    )
    wrong.draw(ax)
    ax.plot([-0.1, 2.1], [y + 4.2, y + 6.4], color=RED, lw=1.8)
    full = Grid(
        values=wide,
        corner=(10.4, y),
        title="dout within KH - 1 and KW - 1 zeros",
        colours=shifted,
        dotted=zeros,
    )
    full.draw(ax)
    full.frame(ax, (1, 1), (2, 2), BLUE, 0.08)
    ax.text(8.9, y + 2, "over", size=9, ha="center", va="center")
    ax.text(16.7, y + 2, "=", size=12, ha="center", va="center")
    Grid(
        values=dx, corner=(18, y + 0.5), title="dx, the same", colours={(1, 1): SKY}
    ).draw(ax)
    text = "5*4 + 0*3\n+ 0*2 + 2*1 = 22"
    ax.text(22.6, y + 2, text, size=8, va="center")
    return figure


def conv_backward_stride() -> Figure:
    """Return what stride 2 does to dout before the full correlation."""
    figure, ax = canvas(24.6, 8.2)
    dout = np.array([[5, 7, -1], [3, 2, 4]])
    colours = dict(zip(np.ndindex(2, 3), CYCLE, strict=True))
    Grid(values=dout, corner=(0, 2), title="dout", colours=colours).draw(ax)
    spread = np.zeros((3, 5), int)
    spread[::2, ::2] = dout
    apart = {(2 * p, 2 * q): colour for (p, q), colour in colours.items()}
    between = frozenset((i, j) for i in range(3) for j in range(5) if i % 2 or j % 2)
    arrow(ax, (3.2, 3), (6.2, 3), "stride 2")
    grid = Grid(
        values=spread,
        corner=(6.4, 1.5),
        title="stride - 1 zeros between",
        colours=apart,
    )
    Grid(
        values=grid.values,
        corner=grid.corner,
        title=grid.title,
        colours=apart,
        dotted=between,
    ).draw(ax)
    wide, _ = padded(spread, 2)
    moved = {(i + 2, j + 2): colour for (i, j), colour in apart.items()}
    zeros = frozenset(cell for cell in np.ndindex(*wide.shape) if cell not in moved)
    arrow(ax, (11.6, 3), (14.4, 3), "kernel 3x3")
    around = Grid(
        values=wide,
        corner=(14.6, -0.2),
        title="and KH - 1, KW - 1 around",
        colours=moved,
        dotted=zeros,
    )
    around.draw(ax)
    return figure


def im2col() -> Figure:
    """Return an image, its columns, and the product with a kernel as a row."""
    figure, ax = canvas(27.4, 8.6)
    image = np.arange(1, 13).reshape(3, 4)
    x = Grid(values=image, corner=(0, 1), title="x (numbered), 2x2, stride 1")
    x.draw(ax)
    x.frame(ax, (0, 0), (2, 2), BLUE, 0.08)
    x.frame(ax, (1, 2), (2, 2), RED, 0.08)
    columns = np.array(
        [image[p : p + 2, q : q + 2].ravel() for p in range(2) for q in range(3)]
    ).T
    shade = {(i, 0): SKY for i in range(4)} | {(i, 5): ORANGE for i in range(4)}
    cols = Grid(
        values=columns,
        corner=(15.6, 0.5),
        title="im2col(x): a window a column",
        colours=shade,
    )
    cols.draw(ax)
    places = [f"({p}, {q})" for p in range(2) for q in range(3)]
    for k, place in enumerate(places):
        ax.text(16.1 + k, 4.75, place, ha="center", va="top", size=6)
    ax.text(21.8, 4.95, "places, row by row", size=8, va="center")
    pixels = [f"({i}, {j})" for i in range(2) for j in range(2)]
    for k, pixel in enumerate(pixels):
        ax.text(21.8, 1.05 + k, pixel, va="center", size=7)
    ax.text(
        23.2,
        2.5,
        "pixels of a window,\nrow by row; then the\nnext channel's",
        size=8,
        va="center",
    )
    row = Grid(values=KERNEL.reshape(1, 4), corner=(9.6, 2), title="w as a row")
    row.draw(ax)
    ax.text(14.6, 2.5, "@", size=12, ha="center", va="center")
    arrow(ax, (4.3, 2.5), (9.3, 2.5))
    out = KERNEL.reshape(1, 4) @ columns
    ax.text(14.6, 6.1, "=", size=12, ha="center", va="center")
    Grid(values=out, corner=(15.6, 5.6), colours={(0, 0): SKY, (0, 5): ORANGE}).draw(ax)
    ax.text(21.8, 6.1, "out, to be reshaped", size=8, va="center")
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
