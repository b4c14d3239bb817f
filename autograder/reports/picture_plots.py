"""Draw the pictures of a student's networks.

The same ink, paper and dark screen as `plots`; `picture_words` says what they show. The
handouts' figures are these drawings of the references.
"""

import math
from functools import lru_cache

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter, LogLocator, NullLocator

from autograder.records.pictures import (
    AmongLecture,
    Confusion,
    Drawn,
    FirstLayer,
    GradientNorms,
    Peer,
    Raster,
    Training,
)
from autograder.reports.plots import EXPECTED, GOT, RULE, STYLE, WIDTH, Array, document

COLUMNS = 4
"""Channels of a first layer in a row."""
SIGNED = "PuOr_r"
"""Colours of negative and positive values that colour-blind readers tell apart."""
FADED = 0.55
"""The strongest colour of a cell in which a number stands."""
SMALLEST = 1e-30
"""Where an axis of powers ends: it has no 0."""


@lru_cache(maxsize=256)
def picture_svg(picture: Drawn) -> str:
    """Return the picture as an SVG document."""
    with rc_context(STYLE):
        return document(figure(picture))


def figure(picture: Drawn) -> Figure:
    """Draw a picture, under whatever style is set."""
    match picture:
        case FirstLayer():
            return _first_layer(picture)
        case Training():
            return _training(picture)
        case Confusion():
            return _confusion(picture)
        case GradientNorms():
            return _gradient_norms(picture)
        case AmongLecture():
            return _among(picture)


def _first_layer(picture: FirstLayer) -> Figure:
    rows = -(-len(picture.kernels) // COLUMNS)
    side = (WIDTH - 0.1) / COLUMNS
    top, maps = 0.46 * rows * side, rows * side
    gap, margin = 0.34, 0.26
    key = 0.42
    height = margin + max(top, 1.15) + gap + maps + key
    drawn = Figure(figsize=(WIDTH, height))

    def panel(left: float, bottom: float, width: float, tall: float) -> Axes:
        place = (left / WIDTH, bottom / height, width / WIDTH, tall / height)
        axes = drawn.add_axes(place)
        axes.set_axis_off()
        axes.set_anchor("SW")
        return axes

    upper = height - margin - max(top, 1.15)
    axes = panel(0.05, upper, 1.15, 1.15)
    axes.imshow(picture.image.values, cmap="gray")
    axes.set_title("the image", fontsize=10, loc="left", pad=4)
    axes = panel(1.45, upper, WIDTH - 1.5, max(top, 1.15))
    axes.imshow(_mosaic(picture.kernels, 0.14), cmap=SIGNED, vmin=-1, vmax=1)
    axes.set_title("kernels", fontsize=10, loc="left", pad=4)
    axes = panel(0.05, key, WIDTH - 0.1, maps)
    axes.imshow(_mosaic(picture.maps, 0.06), cmap=SIGNED, vmin=-1, vmax=1)
    axes.set_title("their feature maps", fontsize=10, loc="left", pad=4)
    _signs(drawn, height)
    return drawn


def _signs(drawn: Figure, height: float) -> None:
    """Say below kernels and maps what their colours mean.

    height : of the figure, in inches
    """
    scale = drawn.add_axes((0.36, 0.22 / height, 0.28, 0.1 / height))
    scale.imshow(np.linspace(-1, 1, 64)[None], cmap=SIGNED, aspect="auto")
    scale.set_axis_off()
    for x, text in ((0.0, "negative"), (0.5, "0"), (1.0, "positive")):
        scale.text(
            x, -0.4, text, transform=scale.transAxes, ha="center", va="top", fontsize=9
        )


def _mosaic(rasters: tuple[Raster, ...], gap: float) -> Array:
    """Lay images out in rows, each scaled to its own largest value.

    gap : between two, as a share of one's side; nan there
    """
    scaled = [r.values / (np.abs(r.values).max() or 1.0) for r in rasters]
    side = max(scaled[0].shape)
    times = max(1, round(4 / (gap * side)))  # pixels of a pixel: gaps are whole ones
    tall, wide = (times * n for n in scaled[0].shape)
    between = round(gap * side * times)
    rows = -(-len(scaled) // COLUMNS)
    whole = np.full(
        (rows * (tall + between) - between, COLUMNS * (wide + between) - between),
        np.nan,
    )
    for number, image in enumerate(scaled):
        row, column = divmod(number, COLUMNS)
        y, x = row * (tall + between), column * (wide + between)
        whole[y : y + tall, x : x + wide] = image.repeat(times, 0).repeat(times, 1)
    return whole


def _training(picture: Training) -> Figure:
    table = np.array(picture.reference).reshape(-1, 1 + len(picture.losses))
    drawn, loss, accuracy = training_of_reference(table)
    loss.plot(
        np.arange(len(picture.losses)) + 1,
        picture.losses,
        color=GOT,
        lw=1.6,
        ls=(0, (4, 2)),
        marker="D",
        ms=5,
        label="yours",
        clip_on=False,
    )
    accuracy.plot([1.0], [picture.accuracy], "D", color=GOT, ms=6, clip_on=False)
    accuracy.set_xticks(
        [0.0, 1.0] if len(table) else [1.0],
        ["reference", "yours"] if len(table) else ["yours"],
    )
    drawn.legend(
        handles=loss.lines[::-1],
        loc="lower left",
        bbox_to_anchor=(0.02, -0.02),
        ncols=2,
        handlelength=2.6,
    )
    return drawn


def training_of_reference(table: Array) -> tuple[Figure, Axes, Axes]:
    """Draw what the reference reaches with many seeds.

    table : (seeds, 1 + epochs), a row a seed: its accuracy, then its losses; no rows
        where there is nothing to stand beside
    Returns the figure and its two parts, the losses and the accuracies
    """
    drawn = Figure(figsize=(WIDTH, 2.95))
    left = drawn.add_axes((0.14, 0.29, 0.35, 0.53))
    losses = table[:, 1:]
    epochs = np.arange(losses.shape[1]) + 1
    if len(table):
        low, high = losses.min(axis=0), losses.max(axis=0)
        left.fill_between(epochs, low, high, color=EXPECTED, alpha=0.3, lw=0)
        mean, seeds = losses.mean(axis=0), f"reference, {len(table)} seeds"
        left.plot(epochs, mean, color=EXPECTED, lw=1.2, label=seeds)
    left.set_xlim(0.9, epochs[-1] + 0.1)
    left.set_xticks(epochs)
    left.set_xlabel("epoch")
    left.set_ylabel("mean loss of an epoch", fontsize=9.5)
    left.set_title("Training: lower\nis better", fontsize=10, loc="left")
    right = drawn.add_axes((0.665, 0.29, 0.33, 0.53))
    # Neighbours stand side by side, so that each of the seeds is seen.
    places = np.array([-0.3, 0.0, 0.3])[np.arange(len(table)) % 3]
    reached = np.sort(table[:, 0])
    right.plot(places, reached, "o", color=EXPECTED, mfc="none", mew=1.1, ms=4.5)
    right.set_xlim(-0.7, 1.6)
    right.set_xticks([0.0], ["reference"])
    right.set_ylabel("share of right images", fontsize=9.5)
    right.set_title("Unseen images:\nhigher is better", fontsize=10, loc="left")
    right.margins(y=0.15)
    for axes in (left, right):
        _bare(axes)
    return drawn, left, right


def _confusion(picture: Confusion) -> Figure:
    counts = np.array(picture.counts)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    size = len(counts)
    drawn = Figure(figsize=(WIDTH, 4.5))
    axes = drawn.add_axes((0.315, 0.275, 0.67, 0.665))
    colours = np.zeros((size, size, 4))
    colours[..., :3] = to_rgb(GOT)
    colours[np.arange(size), np.arange(size), :3] = to_rgb(EXPECTED)
    colours[..., 3] = FADED * shares**0.5
    axes.imshow(colours, aspect="auto")
    for row, column in zip(*np.nonzero(counts), strict=True):
        count = counts[row, column]
        axes.text(
            column, row, str(count), ha="center", va="center_baseline", fontsize=9
        )
    axes.set_xticks(
        range(size), picture.classes, rotation=50, ha="right", rotation_mode="anchor"
    )
    axes.set_yticks(range(size), picture.classes)
    axes.tick_params(length=0, labelsize=9.5, pad=3)
    axes.set_xticks(np.arange(size - 1) + 0.5, minor=True)
    axes.set_yticks(np.arange(size - 1) + 0.5, minor=True)
    axes.grid(which="minor", color=RULE, linewidth=0.6)
    axes.tick_params(which="minor", length=0)
    axes.patch.set_visible(False)
    for spine in axes.spines.values():
        spine.set_color(RULE)
    axes.set(xlabel="what the network says", ylabel="what the image shows")
    title = f"{np.trace(counts)} of {counts.sum():,} images right: on the diagonal"
    drawn.text(0.005, 0.985, title, va="top", fontsize=10)
    return drawn


def _gradient_norms(picture: GradientNorms) -> Figure:
    drawn = Figure(figsize=(WIDTH, 3.0))
    axes = drawn.add_axes((0.21, 0.165, 0.77, 0.6))
    for values, colour, style, marker, name in (
        (picture.shortcut, EXPECTED, "-", "o", "with a shortcut"),
        (picture.plain, GOT, (0, (4, 2)), "D", "without"),
    ):
        axes.plot(
            picture.depths,
            np.maximum(values, SMALLEST),
            color=colour,
            ls=style,
            lw=1.6,
            marker=marker,
            ms=5,
            label=name,
        )
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(LogLocator(numticks=6))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set_xlim(left=0)
    axes.set_xlabel("layers of the network")
    axes.set_ylabel("norm of the gradient")
    drawn.text(
        0.005, 0.985, "Gradient that reaches the first layer", va="top", fontsize=10
    )
    axes.grid(axis="y", color=RULE, linewidth=0.5)
    axes.set_axisbelow(True)
    _bare(axes)
    drawn.legend(loc="upper left", bbox_to_anchor=(0.1, 0.95), ncols=2, handlelength=3)
    return drawn


def _among(picture: AmongLecture) -> Figure:
    peers = sorted(picture.peers, key=lambda peer: peer.parameters)
    drawn = Figure(figsize=(WIDTH, 5.4))
    axes = drawn.add_axes((0.17, 0.585, 0.81, 0.355))
    drawn.text(0.005, 0.992, "Accuracy against size", va="top", fontsize=10)
    axes.set_xscale("log")
    sizes = [picture.parameters, *(peer.parameters for peer in peers)]
    axes.set_xlim(min(sizes) / 3, max(sizes) * 3)
    dots = [(p.name, p.parameters, p.accuracy, EXPECTED, "o") for p in peers]
    dots.append(("yours", picture.parameters, picture.accuracy, GOT, "D"))
    for name, size, accuracy, colour, marker in dots:
        axes.plot([size], [100 * accuracy], marker, color=colour, ms=6, clip_on=False)
        # Above or below the network next in size, so that their names do not meet.
        apart = [abs(math.log((d[1] + 1) / (size + 1))) for d in dots]
        others = [(a, d[2]) for a, d in zip(apart, dots, strict=True) if d[0] != name]
        above = not others or accuracy >= min(others)[1]
        axes.annotate(
            name,
            (size, 100 * accuracy),
            xytext=(0, 6 if above else -6),
            textcoords="offset points",
            ha="center",
            va="bottom" if above else "top",
            fontsize=9,
        )
    axes.margins(y=0.25)
    axes.xaxis.set_major_locator(LogLocator(numticks=7))
    axes.xaxis.set_major_formatter(EngFormatter(sep=""))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set(xlabel="parameters (k: thousands, M: millions)", ylabel="accuracy (%)")
    axes.grid(axis="y", color=RULE, linewidth=0.5)
    axes.set_axisbelow(True)
    _bare(axes)
    _agreement(drawn, picture, peers)
    return drawn


def _agreement(drawn: Figure, picture: AmongLecture, peers: list[Peer]) -> None:
    """Draw a row of a network: which share of each class it says the same of."""
    axes = drawn.add_axes((0.29, 0.17, 0.695, 0.25))
    drawn.text(
        0.005, 0.475, "Wrong, or the same answer as yours (%)", va="top", fontsize=10
    )
    images = np.maximum(np.array(picture.images), 1)
    rows = np.array([picture.wrong, *(peer.alike for peer in peers)]) / images
    colours = np.zeros((*rows.shape, 4))
    colours[..., :3] = to_rgb(EXPECTED)
    colours[0, :, :3] = to_rgb(GOT)
    colours[..., 3] = FADED * rows
    axes.imshow(colours, aspect="auto")
    for (row, column), share in np.ndenumerate(rows):
        axes.text(
            column,
            row,
            f"{100 * share:.0f}",
            ha="center",
            va="center_baseline",
            fontsize=9,
        )
    axes.set_yticks(range(len(rows)), ["yours: wrong", *(p.name for p in peers)])
    axes.set_xticks(
        range(len(images)),
        picture.classes,
        rotation=50,
        ha="right",
        rotation_mode="anchor",
    )
    axes.tick_params(length=0, labelsize=9, pad=3)
    axes.set_xlabel("what the image shows", fontsize=9.5)
    axes.patch.set_visible(False)
    for spine in axes.spines.values():
        spine.set_color(RULE)


def _bare(axes: Axes) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.patch.set_visible(False)
    axes.tick_params(length=3, width=0.6, labelsize=9.5)
