"""Draw what a public case expected beside what it got: ink on paper, no scripts.

The drawing is an SVG document of its own, to stand in an ``<img>`` as a data URI: its
ids cannot clash with another's, and its colours follow the reader's light or dark
screen. Series differ in marker and line style as well, so that it reads without colour.
The same values give the same bytes.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from checks import ATOL_OF_MAX, RTOL
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from autograder.records.results import Comparison, Kept

Array = npt.NDArray[np.float64]

INK, RULE, EXPECTED, GOT, BAND = "#1d1f21", "#c9c5bb", "#2b4f81", "#a4341c", "#efe6d8"
DARK = {
    INK: "#e8e6e1",
    RULE: "#45494d",
    EXPECTED: "#9dbdf0",
    GOT: "#ff9d84",
    BAND: "#3a332a",
}
"""What each colour becomes on a dark screen."""
WIDTH = 4.2
"""Inches: 302 points, so that on a phone a point is about a pixel."""
FEW = 48
"""Up to so many values each gets a stem and a marker, above it a line."""
LARGEST = 1e30
"""Beyond it a value is drawn here: no axis reaches further."""
STYLE: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 10,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.7,
    "axes.unicode_minus": True,
    "hatch.color": INK,
    "hatch.linewidth": 0.5,
    "image.interpolation": "none",
    "legend.frameon": False,
    "legend.labelcolor": INK,
    "path.simplify": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "autograder",
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}


@lru_cache(maxsize=1024)  # 15 kB each; all who made a mistake get the same ones
def comparison_svg(comparison: Comparison) -> str:
    """Draw both sides: stems or lines for one axis, images for two, else flattened.

    Two images share their scale and have their difference as the third; where the
    shapes differ, each side is drawn by itself.
    """
    expected = _drawn(comparison.expected, comparison.expected_shape)
    actual = _drawn(comparison.actual, comparison.actual_shape)
    with rc_context(STYLE):
        if comparison.expected_shape != comparison.actual_shape:
            figure = _apart(comparison, expected, actual)
        elif expected.ndim == actual.ndim == 2:  # noqa: PLR2004 images
            figure = _images(expected, actual)
        else:
            figure = _together(expected, actual)
        return document(figure)


def describe(comparison: Comparison) -> str:
    """Say in words what the drawing shows, for whoever does not see it."""
    wanted, got = comparison.expected_shape, comparison.actual_shape
    if wanted != got:
        return f"Two plots beside each other: expected shape {wanted}, got shape {got}."
    expected = np.array(comparison.expected, np.float64)
    actual = np.array(comparison.actual, np.float64)
    differ = _differ(expected, actual)
    count = int(differ.sum())
    if not count:
        return f"Plot of expected and got: all {expected.size} values agree."
    distance = np.abs(_finite(actual) - _finite(expected))
    distance[differ & np.isnan(distance)] = np.inf
    worst = int(np.argmax(np.where(differ, distance, -1.0)))
    place = ", ".join(str(int(i)) for i in np.unravel_index(worst, wanted))
    return (
        f"Plot of expected and got: {count} of {expected.size} values differ, "
        f"most at [{place}]: expected {expected[worst]:.4g}, got {actual[worst]:.4g}."
    )


def _together(expected: Array, actual: Array) -> Figure:
    figure = Figure(figsize=(WIDTH, 2.95))
    axes = figure.add_axes((0.17, 0.165, 0.81, 0.6))
    a, b = expected.ravel(), actual.ravel()
    differ = _differ(a, b)
    _shade(axes, differ)
    _series(axes, a, expected_side=True)
    _series(axes, b, expected_side=False)
    _plain_axes(axes, max(a.size, b.size))
    axes.set(xlabel=_index_of(expected), ylabel="value")
    _note_unseen(axes, a, b)
    figure.text(0.005, 0.985, _how_many(differ), va="top", fontsize=10)
    keys: list[Line2D | Patch] = [
        _key(a.size, expected_side=True),
        _key(b.size, expected_side=False),
    ]
    if differ.any():
        keys.append(Patch(color=BAND, label="they differ here"))
    figure.legend(
        handles=keys,
        loc="upper left",
        bbox_to_anchor=(-0.02, 0.945),
        ncols=3,
        columnspacing=1.2,
        handlelength=2.0,
        handletextpad=0.5,
        fontsize=9.5,
    )
    return figure


def _how_many(differ: npt.NDArray[np.bool_]) -> str:
    count = int(differ.sum())
    if not count:
        return f"all {differ.size} values agree"
    verb = "differs" if count == 1 else "differ"
    return f"{count} of {differ.size} values {verb}"


def _index_of(values: Array) -> str:
    """Name the axis along which values stand, flattened where they had several."""
    return "index" if values.ndim <= 1 else "index, all axes in a row"


def _apart(comparison: Comparison, expected: Array, actual: Array) -> Figure:
    sides = [
        (f"expected {comparison.expected_shape}", expected, True),
        (f"got {comparison.actual_shape}", actual, False),
    ]
    flat = not expected.ndim == actual.ndim == 2  # noqa: PLR2004 images
    figure = Figure(figsize=(WIDTH, 3.9 if flat else 2.75))
    figure.text(0.005, 0.985, "the shapes differ", va="top", fontsize=10)
    low, high = _range(expected, actual)
    for place, (title, values, is_expected) in enumerate(sides):
        if flat:
            axes = figure.add_axes((0.17, 0.6 - 0.465 * place, 0.81, 0.24))
            _series(axes, values.ravel(), expected_side=is_expected)
            _plain_axes(axes, max(expected.size, actual.size))
            margin = 0.08 * (high - low)
            axes.set_ylim(min(low, 0.0) - margin, max(high, 0.0) + margin)
            axes.set(xlabel=_index_of(values), ylabel="value")
            _note_unseen(axes, values.ravel())
        else:
            axes = figure.add_axes((0.12 + 0.48 * place, 0.17, 0.38, 0.6))
            _image(axes, values, low, high, "cividis", anchor="C")
            _name_pixels(axes, rows=True)
        axes.set_title(title, fontsize=10, loc="left")
    return figure


def _images(expected: Array, actual: Array) -> Figure:
    rows, columns = expected.shape
    panel = 0.28
    tall = float(np.clip(rows / columns, 0.35, 1.6)) * panel * WIDTH
    low, high = _range(expected, actual)
    difference = np.abs(actual - expected)
    unseen = bool(np.isnan(difference).any())
    height = tall + (1.42 if unseen else 1.25)
    figure = Figure(figsize=(WIDTH, height))
    told = _how_many(_differ(expected, actual))
    figure.text(0.005, 0.985, told, va="top", fontsize=10)
    panels = [
        ("expected", expected, low, high, "cividis"),
        ("got", actual, low, high, "cividis"),
        ("|difference|", difference, 0.0, _range(difference)[1], "Greys"),
    ]
    for place, (title, values, least, most, colours) in enumerate(panels):
        left = 0.09 + place * (panel + 0.025)
        axes = figure.add_axes((left, 0.7 / height, panel, tall / height))
        _image(axes, values, least, most, colours, anchor="SW", numbered=place == 0)
        _name_pixels(axes, rows=place == 0)
        axes.set_title(title, fontsize=10, loc="left")
        scale = figure.add_axes((left, 0.26 / height, panel, 0.08 / height))
        scale.imshow(np.linspace(0, 1, 64)[None], cmap=colours, aspect="auto")
        scale.set_axis_off()
        for x, value, side in ((0.0, least, "left"), (1.0, most, "right")):
            scale.text(
                x,
                -0.5,
                f"{value:.3g}".replace("-", "\N{MINUS SIGN}"),
                transform=scale.transAxes,
                ha=side,
                va="top",
                fontsize=8.5,
            )
    if unseen:
        note = "hatched: nan or inf"
        figure.text(0.99, 1 - 0.2 / height, note, ha="right", va="top", fontsize=8)
    return figure


def _name_pixels(axes: Axes, *, rows: bool) -> None:
    """Name an image's axes.

    rows : the vertical one too, which neighbours share
    """
    axes.set_xlabel("column", fontsize=8.5, labelpad=1)
    if rows:
        axes.set_ylabel("row", fontsize=8.5, labelpad=1)


def _image(
    axes: Axes,
    values: Array,
    low: float,
    high: float,
    colours: str,
    *,
    anchor: Literal["C", "SW"],
    numbered: bool = True,
) -> None:
    """Draw the cells; what is no number lets the hatched ground show through."""
    axes.patch.set_facecolor("none")
    axes.patch.set_hatch("/////")
    rows, columns = values.shape
    square = 1 / 3 <= rows / columns <= 3  # noqa: PLR2004 neither a ribbon nor a pole
    axes.imshow(
        np.ma.masked_invalid(values),
        cmap=colours,
        vmin=low,
        vmax=high if high > low else low + 1.0,
        aspect="equal" if square else "auto",
    )
    axes.set_anchor(anchor)
    axes.tick_params(length=2, labelsize=8.5, width=0.6, pad=2)
    axes.tick_params(axis="y", labelleft=numbered)
    _whole_numbers(axes.xaxis, columns, 4)
    _whole_numbers(axes.yaxis, rows, 4)


def _series(axes: Axes, values: Array, *, expected_side: bool) -> None:
    places = np.arange(values.size)
    line = _key(values.size, expected_side=expected_side)
    axes.plot(
        places,
        values,
        color=line.get_color(),
        linestyle=line.get_linestyle() if values.size > FEW else "none",
        linewidth=line.get_linewidth(),
        marker=line.get_marker(),
        markersize=line.get_markersize(),
        markerfacecolor="none",
        markeredgewidth=1.4,
        clip_on=False,
        zorder=3,
    )
    if values.size <= FEW:
        axes.vlines(
            places,
            0,
            np.nan_to_num(values),
            colors=str(line.get_color()),
            linestyles=line.get_linestyle(),
            linewidth=line.get_linewidth(),
            alpha=0.35 if expected_side else 1.0,
            zorder=2,
        )


def _key(size: int, *, expected_side: bool) -> Line2D:
    """Return how a side is drawn: a ring or solid line, a cross or dashed line."""
    few = size <= FEW
    small = size > FEW // 2
    if expected_side:
        return Line2D(
            [],
            [],
            color=EXPECTED,
            linestyle="solid",
            linewidth=3.0 if few else 2.6,
            marker="o" if few else "None",
            markersize=6 if small else 8,
            markerfacecolor="none",
            markeredgewidth=1.4,
            label="expected",
        )
    return Line2D(
        [],
        [],
        color=GOT,
        linestyle=(0, (2, 2)),
        linewidth=1.1 if few else 1.4,
        marker="x" if few else "None",
        markersize=4.5 if small else 6,
        markeredgewidth=1.4,
        label="got",
    )


def _shade(axes: Axes, differ: npt.NDArray[np.bool_]) -> None:
    """Lay a band under every run of places that differ."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], differ.astype(int), [0]))))
    for start, stop in edges.reshape(-1, 2):
        axes.axvspan(start - 0.5, stop - 0.5, color=BAND, linewidth=0, zorder=0)


def _plain_axes(axes: Axes, size: int) -> None:
    axes.patch.set_visible(False)
    axes.set_xlim(-0.6, size - 0.4)
    axes.axhline(0, color=RULE, linewidth=0.8, zorder=1)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=3, width=0.7, labelsize=9.5)
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.ticklabel_format(axis="y", scilimits=(-3, 4), useOffset=False)
    axes.yaxis.get_offset_text().set_fontsize(8.5)
    _whole_numbers(axes.xaxis, size, 8)


def _whole_numbers(axis: Axis, size: int, at_most: int) -> None:
    step = next(
        factor * 10**power
        for power in range(9)
        for factor in (1, 2, 5)
        if (size - 1) // (factor * 10**power) < at_most
    )
    axis.set_ticks(list(range(0, size, step)))


def _note_unseen(axes: Axes, *sides: Array) -> None:
    count = sum(int(np.isnan(side).sum()) for side in sides)
    if count:
        axes.text(
            1,
            1.02,
            f"not drawn: {count} nan or inf",
            transform=axes.transAxes,
            ha="right",
            va="bottom",
            fontsize=8.5,
        )


def _drawn(values: tuple[Kept, ...], shape: tuple[int, ...]) -> Array:
    """Return the values in their shape but for axes of length 1."""
    return _finite(np.array(values, dtype=np.float64).reshape(shape).squeeze())


def _finite(values: Array) -> Array:
    """Put nan in the place of inf, and bound the rest to what an axis can show."""
    return np.where(np.isfinite(values), np.clip(values, -LARGEST, LARGEST), np.nan)


def _differ(expected: Array, actual: Array) -> npt.NDArray[np.bool_]:
    finite = np.abs(expected[np.isfinite(expected)])
    atol = ATOL_OF_MAX * (float(np.max(finite, initial=0.0)) or 1.0)
    with _quiet_overflow():
        same: npt.NDArray[np.bool_] = np.isclose(
            actual, expected, rtol=RTOL, atol=atol, equal_nan=True
        )
    return ~same


def _range(*sides: Array) -> tuple[float, float]:
    """Return the least and the greatest number of all sides, 0 and 1 without any."""
    numbers = np.concatenate([side[np.isfinite(side)] for side in sides])
    if not numbers.size:
        return 0.0, 1.0
    return float(numbers.min()), float(numbers.max())


def document(figure: Figure) -> str:
    """Return the SVG, its colours as variables that a dark screen sets otherwise."""
    buffer = io.StringIO()
    figure.patch.set_visible(False)
    nothing = {"Date": None, "Creator": None, "Format": None, "Type": None}
    with _quiet_overflow():
        figure.savefig(buffer, format="svg", metadata=nothing)
    text = buffer.getvalue()
    text = text[text.index("<svg") :].replace("'DejaVu Sans'", "system-ui, sans-serif")
    names = {colour: f"--c{number}" for number, colour in enumerate(DARK)}
    for colour, name in names.items():
        text = text.replace(colour, f"var({name})")
    light = ";".join(f"{name}:{colour}" for colour, name in names.items())
    dark = ";".join(f"{name}:{DARK[colour]}" for colour, name in names.items())
    style = (
        f"<style>:root{{{light}}}"
        f"@media (prefers-color-scheme:dark){{:root{{{dark}}}}}</style>"
    )
    head, _, rest = text.partition(">")
    return f"{head}>{style}{rest}"


@contextmanager
def _quiet_overflow() -> Iterator[None]:
    """Let the smallest and largest numbers be scaled without a warning."""
    with np.errstate(all="ignore"):
        yield
