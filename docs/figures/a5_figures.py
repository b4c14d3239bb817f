"""Draw the figures of assignment 5's handout: ``python docs/figures/a5_figures.py``.

Nothing in them is typed in: sizes, channels, parameters and MACs are what PyTorch says
of the networks of `authoring.lecture_networks`, gradients what the reference gives,
errors by depth what ``autograder train depth`` wrote.
The files come out the same, byte for byte, with the same matplotlib.
"""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import matplotlib as mpl

mpl.use("agg")

import matplotlib.pyplot as plt
import numpy as np
from checks.networks import norms_by_depth
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import (
    FixedLocator,
    FuncFormatter,
    LogLocator,
    MaxNLocator,
    NullLocator,
)

from autograder.authoring.lecture_networks import ARCHITECTURES, Step, steps
from autograder.authoring.training.depth import TABLE, DepthRun
from autograder.authoring.training.experiment import kept
from autograder.authoring.training.figures import by_depth
from autograder.course.assignment import load
from autograder.grading.pictures import gradient_norms
from autograder.reports.picture_plots import figure as picture
from autograder.reports.plots import STYLE

COURSE = Path(__file__).parents[2]
FOLDER = COURSE / "assignments" / "a5_resnet" / "figures"
# The Okabe-Ito colours, which colour-blind readers can tell apart.
SIDE, CHANNELS, INK, QUIET = "#56B4E9", "#D55E00", "#333333", "#767676"
FAMILIES = {
    "LeNet": ("#000000", "s"),
    "AlexNet": ("#CC79A7", "D"),
    "VGG": ("#E69F00", "^"),
    "GoogLeNet": ("#009E73", "v"),
    "ResNet": ("#0072B2", "o"),
}
"""Colour and marker of every family in the order of the years."""
TWINS = ("AlexNet, ungrouped", "AlexNet, paper")
"""Their maps are a pixel larger than those of the one drawn: no panel of their own."""


RIGHT = ("GoogLeNet",)
"""Networks whose label stands right of the point, where there is room; else left."""
LOWEST = 0.5
"""Where the axis of `networks` begins: a side of 1 is still seen."""


def walked(name: str) -> list[Step]:
    """Return the steps of a network of the lecture."""
    known = ARCHITECTURES[name]
    return list(steps(known.layers(), known.image))


def networks() -> Figure:
    """Return side and channels of the map against depth, one panel a network."""
    names = [name for name in ARCHITECTURES if name not in TWINS]
    figure, axes = plt.subplots(5, 2, figsize=(9, 10.6), sharey=True)
    figure.suptitle("From input to output the map shrinks and its channels grow", y=1)
    for ax, name in zip(axes.flat, names, strict=True):
        draw_shapes(ax, walked(name))
        image = " x ".join(str(n) for n in ARCHITECTURES[name].image)
        ax.set_title(f"{name}, image {image}", size=9, loc="left", color=INK)
    for ax in axes[-1]:
        ax.set_xlabel("convolution and linear layers, along the longest path")
    figure.supylabel("pixels a side, or channels (each tick is four times the last)")
    keys = [
        Patch(color=SIDE, label="side of the map that leaves the layer, in pixels"),
        Line2D([], [], color=CHANNELS, lw=2, label="its channels (or features)"),
    ]
    place = {"loc": "upper center", "bbox_to_anchor": (0.5, 0.985)}
    figure.legend(handles=keys, ncols=2, frameon=False, **place)
    figure.tight_layout(rect=(0, 0, 1, 0.97))
    return figure


def draw_shapes(ax: Axes, walk: Sequence[Step]) -> None:
    """Draw what leaves each layer or block that learns, as wide as it is deep."""
    edges, shapes = [0], []
    for step in walk:
        if step.depth > edges[-1]:
            edges.append(step.depth)
            shapes.append(step.shape)
    sides = [shape[1] if len(shape) > 1 else 1 for shape in shapes]
    ax.stairs(sides, edges, baseline=LOWEST, fill=True, color=SIDE)
    channels = [shape[0] for shape in shapes]
    ax.stairs(channels, edges, baseline=None, color=CHANNELS, lw=2)
    starts = [n for n, side in enumerate(sides) if [side] != sides[max(n - 1, 0) : n]]
    for first, after in pairwise([*starts, len(sides)]):
        left, right = edges[first], edges[after]
        label = str(sides[first])
        if right - left > 0.02 * len(label) * edges[-1]:  # else there is no room
            text = {"ha": "center", "va": "center", "size": 8, "color": INK}
            ax.text((left + right) / 2, LOWEST * 1.45, label, text)
    ax.set_yscale("log", base=2)
    ax.set_ylim(LOWEST, 8192)
    ax.set_xlim(0, edges[-1])
    ax.yaxis.set_major_locator(FixedLocator([1, 4, 16, 64, 256, 1024, 4096]))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:.0f}"))
    ax.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    for edge in ("top", "right"):
        ax.spines[edge].set_visible(False)


def cost() -> Figure:
    """Return parameters against MACs, both on logarithmic axes."""
    figure, ax = plt.subplots(figsize=(6.6, 6.6))
    ax.set(xscale="log", yscale="log", xlim=(4e6, 2.6e8), ylim=(4e8, 2.6e10))
    ax.set_aspect("equal")
    for uses, x in ((10, 1.2e8), (100, 1.1e7), (1000, 6e6)):
        ax.axline((1e7, 1e7 * uses), (1e8, 1e8 * uses), color=QUIET, lw=0.8, ls="--")
        ax.annotate(
            f"{uses} MACs a parameter",
            (x, x * uses),
            xytext=(4, -4),
            textcoords="offset points",
            rotation=45,
            rotation_mode="anchor",
            va="top",
            size=7,
            color=QUIET,
        )
    for family, (colour, marker) in FAMILIES.items():
        names = [name for name in ARCHITECTURES if name.startswith(family)]
        walks = [walked(name) for name in names]
        parameters = [sum(step.parameters for step in walk) for walk in walks]
        macs = [sum(step.macs for step in walk) for walk in walks]
        line = "none" if family == "AlexNet" else "-"
        ax.plot(parameters, macs, color=colour, marker=marker, ls=line, lw=1, ms=7)
        for name, x, y in zip(names, parameters, macs, strict=True):
            if family == "LeNet":
                note_outside(ax, name, x, y)
                continue
            side, points = ("left", 8) if name in RIGHT else ("right", -8)
            ax.annotate(
                name,
                (x, y),
                xytext=(points, -2),
                textcoords="offset points",
                ha=side,
                size=8,
                color=INK,
            )
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda n, _: f"{n / 1e6:g} M"))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda n, _: f"{n / 1e9:g} G"))
    ax.set_xlabel("parameters (M: millions)")
    ax.set_ylabel("MACs for one image (G: thousand millions)")
    title = "What a network costs: numbers to keep, and products to compute"
    ax.set_title(title, size=9, loc="left", color=INK)
    for edge in ("top", "right"):
        ax.spines[edge].set_visible(False)
    return figure


def note_outside(ax: Axes, name: str, parameters: int, macs: int) -> None:
    """Point to a network that lies far below and to the left of what is drawn."""
    ax.annotate(
        f"{name}: {parameters:,} parameters, {macs:,} MACs",
        (0, 0),
        xytext=(0.055, 0.03),
        xycoords="axes fraction",
        textcoords="axes fraction",
        size=8,
        color=INK,
        arrowprops={"arrowstyle": "-|>", "color": INK},
    )


def gradient_norm() -> Figure:
    """Return the gradient of the first layer against depth, as the report has it."""
    reference = load(COURSE, "a5_resnet").reference
    rng = np.random.default_rng(1)
    depths = (1, *range(4, 41, 4))
    deep = list(0.8 / 8**0.5 * rng.normal(size=(max(depths), 8, 8)))
    rows = rng.normal(size=(16, 8))
    norms = norms_by_depth(reference.first_layer_grad_norm, deep, rows, depths)
    with mpl.rc_context(STYLE):
        return picture(gradient_norms(depths=depths, norms=norms))


def depth() -> Figure:
    """Return what depth does to plain and residual networks: errors and gradients."""
    table = COURSE / "solutions" / "experiments" / "depth" / TABLE
    return by_depth(kept(table, DepthRun))


def main() -> None:
    """Write every figure as a PNG file without a date in it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context({"font.family": "DejaVu Sans", "font.size": 9}):
        for draw in (networks, cost, gradient_norm, depth):
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
