"""Draw the figures of assignment 2's handout: ``python docs/figures/a2_figures.py``.

All but the last are drawn along one axis: pixels as boxes, the places of a kernel as
bars below them. The last has what ``autograder train lecture`` and ``autograder train
lenet5`` wrote. The files come out the same, byte for byte, with the same matplotlib.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl

mpl.use("agg")

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle

from autograder.authoring.training.experiment import kept
from autograder.authoring.training.figures import by_size
from autograder.authoring.training.figures import trained as numbers_of
from autograder.authoring.training.lecture import TABLE, LectureRun
from autograder.course.reference_models import LENET5

COURSE = Path(__file__).parents[2]
FOLDER = COURSE / "assignments" / "a2_shapes" / "figures"
# The Okabe-Ito colours, which colour-blind readers can tell apart.
PIXEL, ZERO, UNSEEN = "#56B4E9", "#FFFFFF", "#E69F00"
KERNEL, REFUSED, INK = "#0072B2", "#D55E00", "#333333"


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One axis of `n` pixels with `left` and `right` zeros, and the kernel's places.

    starts : where each place begins, pixel 0 being the image's first
    refused : starts that are drawn struck out
    """

    title: str
    n: int
    kernel: int
    starts: Sequence[int]
    left: int = 0
    right: int = 0
    dilation: int = 1
    refused: Sequence[int] = ()


def draw_panel(ax: Axes, panel: Panel) -> None:
    """Draw the pixels in a row and every place of the kernel below it."""
    reach = panel.dilation * (panel.kernel - 1) + 1
    offsets = range(0, reach, panel.dilation)
    seen = {start + offset for start in panel.starts for offset in offsets}
    for x in range(-panel.left, panel.n + panel.right):
        inside = 0 <= x < panel.n
        colour = (PIXEL if x in seen else UNSEEN) if inside else ZERO
        box = Rectangle((x, 0), 1, 1, facecolor=colour, edgecolor=INK)
        box.set_linestyle("-" if inside else ":")
        ax.add_patch(box)
        text = str(x) if inside else ""
        ax.text(x + 0.5, 0.46, text, ha="center", va="center", size=8)
    places = sorted([*panel.starts, *panel.refused])
    for row, start in enumerate(places):
        colour = REFUSED if start in panel.refused else KERNEL
        y = -0.55 - 0.42 * row
        ax.plot([start + 0.2, start + reach - 0.2], [y, y], color=colour, lw=1)
        for offset in offsets:
            weight = (start + offset + 0.12, y - 0.12)
            ax.add_patch(Rectangle(weight, 0.76, 0.24, color=colour, lw=0))
    ax.set_title(panel.title, size=9, loc="left", color=INK)
    ax.set_xlim(-panel.left - 0.2, panel.n + panel.right + 2.2)
    ax.set_ylim(-0.55 - 0.42 * len(places), 1.2)
    ax.set_aspect("equal")
    ax.axis("off")


def figure_of(panels: Sequence[Panel], columns: int) -> Figure:
    """Return the panels in a grid, all at one scale."""
    low = min(-panel.left for panel in panels) - 0.2
    high = max(
        [panel.n + panel.right for panel in panels]
        + [s + panel.kernel for panel in panels for s in panel.refused]
    )
    most = max(len(panel.starts) + len(panel.refused) for panel in panels)
    rows = -(-len(panels) // columns)
    size = (0.3 * columns * (high - low) + 0.4, rows * (1.0 + 0.13 * most))
    figure, axes = plt.subplots(rows, columns, figsize=size, squeeze=False)
    for ax, panel in zip(axes.flat, panels, strict=True):
        draw_panel(ax, panel)
        ax.set_xlim(low, high + 0.2)
        ax.set_ylim(-0.4 - 0.42 * most, 1.2)
        ax.set_anchor("NW")
    return figure


def stride_and_padding() -> Figure:
    """Return the places of a kernel of 3 on 8 pixels."""
    rows = [
        Panel(title="stride 1:\n6 outputs", n=8, kernel=3, starts=range(6)),
        Panel(
            title="stride 2: 3 outputs,\npixel 7 is in none",
            n=8,
            kernel=3,
            starts=(0, 2, 4),
        ),
        Panel(
            title="stride 2, padding 1:\n4 outputs",
            n=8,
            kernel=3,
            starts=(-1, 1, 3, 5),
            left=1,
            right=1,
        ),
        Panel(
            title="dilation 2:\n4 outputs",
            n=8,
            kernel=3,
            starts=range(4),
            dilation=2,
        ),
    ]
    return figure_of(rows, 2)


def same_padding() -> Figure:
    """Return what "same" adds on which side."""
    rows = [
        Panel(
            title="kernel 3: (1, 1),\n7 outputs",
            n=7,
            kernel=3,
            starts=range(-1, 6),
            left=1,
            right=1,
        ),
        Panel(
            title="kernel 4: (1, 2),\nthe extra zero is on the right",
            n=7,
            kernel=4,
            starts=range(-1, 6),
            left=1,
            right=2,
        ),
        Panel(
            title="kernel 4, stride 2: (1, 2),\n7 / 2 rounded up is 4 outputs",
            n=7,
            kernel=4,
            starts=range(-1, 6, 2),
            left=1,
            right=2,
        ),
        Panel(
            title="kernel 3, stride 3: (1, 1),\n7 / 3 rounded up is 3 outputs",
            n=7,
            kernel=3,
            starts=range(-1, 6, 3),
            left=1,
            right=1,
        ),
    ]
    return figure_of(rows, 2)


def pooling() -> Figure:
    """Return figure 14-8's dropped column, and ceil_mode."""
    rows = [
        Panel(
            title="window 2: 2 outputs,\npixel 4 is lost", n=5, kernel=2, starts=(0, 2)
        ),
        Panel(
            title="with ceil_mode: 3 outputs,\nthe last hangs over",
            n=5,
            kernel=2,
            starts=(0, 2, 4),
        ),
        Panel(
            title="padding 1, ceil_mode: 3 outputs,\na fourth would start outside",
            n=5,
            kernel=2,
            starts=(-1, 1, 3),
            left=1,
            right=1,
            refused=(5,),
        ),
    ]
    return figure_of(rows, 3)


def receptive_field() -> Figure:
    """Return what one pixel sees through three layers, without and with pooling."""
    columns = (
        ("three 3x3: 7 pixels", [("3x3", 3, 1)] * 3),
        (
            "a 2x2 pooling in between: 12 pixels",
            [("3x3", 3, 1), ("pool", 2, 2), ("3x3", 3, 1), ("3x3", 3, 1)],
        ),
    )
    figure, axes = plt.subplots(1, 2, figsize=(8.6, 2.7), width_ratios=(8.6, 13.6))
    for ax, (title, layers) in zip(axes, columns, strict=True):
        draw_field(ax, layers)
        ax.set_title(title, size=9, loc="left", color=INK)
    return figure


def draw_field(ax: Axes, layers: Sequence[tuple[str, int, int]]) -> None:
    """Draw each layer's pixels that the topmost pixel needs, the image at the bottom.

    layers : (label, kernel, stride) from the image upwards
    """
    spans = [(0, 0)]
    for _, kernel, stride in reversed(layers):
        first, last = spans[-1]
        spans.append((first * stride, last * stride + kernel - 1))
    spans.reverse()
    centres: list[list[float]] = [[float(x) for x in range(spans[0][1] + 1)]]
    for (first, last), (_, kernel, stride) in zip(spans[1:], layers, strict=True):
        below = centres[-1]
        centres.append(
            [
                middle(below[(i - first) * stride : (i - first) * stride + kernel])
                for i in range(first, last + 1)
            ]
        )
    for level, row in enumerate(centres):
        y = 1.5 * level
        if level:
            draw_cone(ax, centres[level - 1], row, layers[level - 1], y)
        for x in row:
            colour = KERNEL if level == len(layers) else PIXEL
            box = Rectangle((x - 0.42, y), 0.84, 0.6, facecolor=colour, edgecolor=INK)
            ax.add_patch(box)
        label = f"{layers[level - 1][0]}" if level else "image"
        ax.text(-0.9, y + 0.28, label, ha="right", va="center", size=8)
    ax.set_xlim(-2.4, spans[0][1] + 0.7)
    ax.set_ylim(-0.2, 1.5 * len(layers) + 0.8)
    ax.axis("off")


def draw_cone(
    ax: Axes,
    below: Sequence[float],
    row: Sequence[float],
    layer: tuple[str, int, int],
    y: float,
) -> None:
    """Draw the cone from each pixel of a row down to the window that it sees."""
    _, kernel, stride = layer
    for i, x in enumerate(row):
        window = below[i * stride : i * stride + kernel]
        corners = [(x - 0.42, y), (x + 0.42, y)]
        corners += [(window[-1] + 0.42, y - 0.9), (window[0] - 0.42, y - 0.9)]
        ax.add_patch(Polygon(corners, color=PIXEL, alpha=0.18, lw=0))
        sides = [0] * (i == 0) + [1] * (i == len(row) - 1)
        for side in sides:
            xs = [corners[side][0], corners[3 - side][0]]
            ax.plot(xs, [y, y - 0.9], color=KERNEL, lw=0.8, ls="--")


def middle(values: Iterable[float]) -> float:
    """Return the centre of a run of positions."""
    run = list(values)
    return (run[0] + run[-1]) / 2


def trained() -> Figure:
    """Return what the lecture's networks reach, against what they cost."""
    runs = kept(COURSE / "solutions" / "experiments" / "lecture" / TABLE, LectureRun)
    return by_size(runs, numbers_of(COURSE, LENET5))


def main() -> None:
    """Write every figure as a PNG file without a date in it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    figures = (stride_and_padding, same_padding, pooling, receptive_field, trained)
    with mpl.rc_context({"font.family": "DejaVu Sans", "font.size": 9}):
        for draw in figures:
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
