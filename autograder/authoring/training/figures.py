"""The figures of the experiments: errors and gradients by depth, accuracy against size.

``autograder train depth`` and ``train lecture`` write them beside their tables; the
handouts of a5 and a2 have the same of the kept runs.
"""

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import msgspec
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from autograder.authoring.lecture_networks import ARCHITECTURES, steps
from autograder.authoring.training.card import Metrics
from autograder.authoring.training.depth import KINDS, DepthRun
from autograder.authoring.training.lecture import YEARS, LectureRun, in_words

# The Okabe-Ito colours, which colour-blind readers can tell apart.
PIXEL, KERNEL, INK = "#56B4E9", "#0072B2", "#333333"
KIND_COLOURS = {"plain": "#D55E00", "residual": "#0072B2"}
KIND_MARKERS = {"plain": "D", "residual": "o"}
LABEL_SHIFTS = {("plain", 20): 4, ("residual", 20): -4}
"""In points: where labels of one place would cover each other."""
AREA_A_GIGA = 130
"""Of a point, in square points, for 10^9 multiplications."""
LEFT = ("AlexNet, paper", "ResNet-18")
"""Networks whose name stands left of the point: below it, another's is in the way."""
RING = 30
"""Area, in square points, of what stands for LeNet-5, whose own would not be seen."""
LEAST_WRONG, LEAST_RIGHT, MOST_RIGHT = 5, 80, 92
"""Per cent: where axes begin and end, unless runs are farther out."""


def write(drawn: Figure, path: Path) -> None:
    """Write a figure as a PNG file without a date in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context({"font.family": "DejaVu Sans", "font.size": 9}):
        drawn.savefig(
            path,
            dpi=150,
            bbox_inches="tight",
            facecolor="white",
            metadata={"Software": None},
        )


def trained(course: Path, name: str) -> Metrics | None:
    """Return the numbers of a reference model; None where it is not trained."""
    path = course / "solutions" / "models" / name / "metrics.json"
    return (
        msgspec.json.decode(path.read_bytes(), type=Metrics) if path.exists() else None
    )


def by_depth(runs: Sequence[DepthRun]) -> Figure:
    """Return what depth does to plain and residual networks: errors and gradients."""
    with mpl.rc_context({"font.family": "DejaVu Sans", "font.size": 9}):
        return _by_depth(runs)


def by_size(runs: Sequence[LectureRun], lenet5: Metrics | None) -> Figure:
    """Return what the lecture's networks reach, against what they cost.

    lenet5 : the reference model, which stands beside them where there is one
    """
    with mpl.rc_context({"font.family": "DejaVu Sans", "font.size": 9}):
        return _by_size(runs, lenet5)


def _by_depth(runs: Sequence[DepthRun]) -> Figure:
    figure = Figure(figsize=(9.6, 3.5))
    training, test, gradients = figure.subplots(1, 3, width_ratios=(1, 1, 1.35))
    for kind in KINDS:
        look: dict[str, Any] = {
            "color": KIND_COLOURS[kind],
            "marker": KIND_MARKERS[kind],
        }
        _draw_errors(training, runs, kind, look, _of_training_images)
        _draw_errors(test, runs, kind, look, _of_test_images)
    errors = (_of_training_images, _of_test_images)
    seen = [100 * error(run) for run in runs for error in errors]
    limits = (max(min(*seen, LEAST_WRONG), 0.5), max(*seen, 90) * 1.2)
    for ax, what in ((training, "training"), (test, "test")):
        ax.set(xlabel="layers", ylim=limits, yscale="log")
        ax.set_ylabel(f"wrong {what} images (%)")
        ax.set_title(f"Error on the {what} images", size=9, loc="left", color=INK)
        ax.set_xticks(sorted({run.depth for run in runs}))
        ax.yaxis.set_major_locator(FixedLocator([1, 2, 5, 10, 20, 50, 100]))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:.0f}"))
        ax.yaxis.set_minor_locator(NullLocator())
    _draw_gradients(gradients, runs)
    keys = [
        Line2D([], [], color=KIND_COLOURS[kind], marker=KIND_MARKERS[kind], label=words)
        for kind, words in (("plain", "plain"), ("residual", "residual (a5's blocks)"))
    ]
    training.legend(handles=keys, frameon=False, loc="upper left")
    for ax in (training, test, gradients):
        ax.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    return figure


def _of_training_images(run: DepthRun) -> float:
    """Return the share of training images that were wrong in the last epoch."""
    return 1 - run.history[-1].training_accuracy


def _of_test_images(run: DepthRun) -> float:
    """Return the share of test images that were wrong at the end."""
    return 1 - run.test_accuracy


def _draw_errors(
    ax: Axes,
    runs: Sequence[DepthRun],
    kind: str,
    look: dict[str, Any],
    error: Callable[[DepthRun], float],
) -> None:
    """Draw a point a seed, and a line through the means of each depth."""
    mine = [run for run in runs if run.kind == kind]
    depths = sorted({run.depth for run in mine})
    ax.plot(
        [run.depth for run in mine],
        [100 * error(run) for run in mine],
        ls="none",
        ms=4,
        alpha=0.8,
        **look,
    )
    means = [
        100 * np.mean([error(run) for run in mine if run.depth == depth])
        for depth in depths
    ]
    ax.plot(depths, means, color=look["color"], lw=1)


def _draw_gradients(ax: Axes, runs: Sequence[DepthRun]) -> None:
    """Draw the norm of every convolution's first gradient, from input to output."""
    for run in runs:
        if run.seed == 0:
            place = np.linspace(0, 1, len(run.gradient_norms))
            colour = KIND_COLOURS[run.kind]
            ax.plot(place, run.gradient_norms, color=colour, lw=1)
            ax.annotate(
                str(run.depth),
                (0, run.gradient_norms[0]),
                xytext=(-4, LABEL_SHIFTS.get((run.kind, run.depth), 0)),
                textcoords="offset points",
                ha="right",
                va="center",
                size=8,
                color=colour,
            )
    ax.set(yscale="log", xlim=(-0.12, 1), xticks=(0, 0.5, 1))
    ax.set_xticklabels(["first", "middle", "last"])
    ax.set_xlabel("convolution, from the input to the output")
    ax.set_ylabel("norm of the gradient of its weights")
    ax.set_title(
        "Gradients before the first step, by depth", size=9, loc="left", color=INK
    )


def _by_size(runs: Sequence[LectureRun], lenet5: Metrics | None) -> Figure:
    figure = Figure(figsize=(6.6, 3.8))
    ax = figure.subplots()
    for run in runs:
        at = (run.parameters, 100 * run.test_accuracy)
        area = AREA_A_GIGA * run.macs / 1e9
        ax.scatter(*at, s=area, color=PIXEL, edgecolor=KERNEL)
        words = f"{run.network}\n{run.year}, {in_words(run.macs)}"
        _name(ax, at, math.sqrt(area) / 2, words, left=run.network in LEFT)
    if lenet5 is not None:
        _ring(ax, lenet5)
    right = [100 * run.test_accuracy for run in runs]
    limits = (min([LEAST_RIGHT, *right]), max([MOST_RIGHT, *right]))
    ax.set(xscale="log", xlim=(2e4, 3.5e8), ylim=limits)
    ax.set_xlabel("parameters (10 classes)")
    ax.set_ylabel("accuracy on 10,000 test images (%)")
    ax.xaxis.set_major_locator(FixedLocator([1e5, 1e6, 1e7, 1e8]))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda n, _: f"{n / 1e6:g} M"))
    ax.set_title(
        "More parameters and MACs (the area, for one image) need not help",
        size=9,
        loc="left",
        color=INK,
    )
    ax.spines[["top", "right"]].set_visible(False)
    return figure


def _ring(ax: Axes, lenet5: Metrics) -> None:
    """Draw LeNet-5, whose training was another and whose area is too small to see."""
    at = (lenet5.parameters, 100 * lenet5.test_accuracy)
    network = ARCHITECTURES["LeNet-5"]
    macs = sum(step.macs for step in steps(network.layers(), network.image))
    ax.scatter(*at, s=RING, facecolor="none", edgecolor=KERNEL)
    words = f"LeNet-5\n{YEARS['LeNet-5']}, {in_words(macs)}\n{lenet5.epochs} epochs"
    _name(ax, at, math.sqrt(RING) / 2, words)


def _name(
    ax: Axes, at: tuple[float, float], radius: float, words: str, *, left: bool = False
) -> None:
    """Write what a point is, below it or on its left; `radius` : its own, in points."""
    gap = -radius - 4
    ax.annotate(
        words,
        at,
        xytext=(gap, 0) if left else (0, gap),
        textcoords="offset points",
        ha="right" if left else "center",
        va="center" if left else "top",
        size=8,
        color=INK,
    )
