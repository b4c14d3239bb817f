"""Draw a class: how its marks are spread, what its submissions and a run took.

The same ink, paper and dark screen as `plots`; each drawing has its description in
words, for whoever does not see it.
"""

import statistics
from collections.abc import Sequence
from typing import Literal

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator, StrMethodFormatter

from autograder.records.profile import RunProfile
from autograder.reports.item_analysis import BINS
from autograder.reports.plots import EXPECTED, GOT, INK, RULE, STYLE, WIDTH, document

SPREAD_OF_LOG = 20
"""Where the largest is so many times the smallest, an axis counts in powers."""
SMALLEST = 1e-3
Cost = tuple[float, float]
"""Seconds and MiB of one submission."""


def distribution_svg(bins: Sequence[int], median: float) -> str:
    """Draw how many students are in each tenth of the points.

    median : of the shares, 0 to 1
    """
    with rc_context(STYLE):
        figure = Figure(figsize=(WIDTH, 2.5))
        axes = figure.add_axes((0.09, 0.18, 0.88, 0.66))
        tallest = max(1, *bins)
        axes.bar(range(BINS), bins, width=0.92, align="edge", color=EXPECTED)
        for place, count in enumerate(bins):
            if count:
                axes.text(
                    place + 0.46,
                    count + 0.03 * tallest,
                    str(count),
                    ha="center",
                    va="bottom",
                )
        axes.plot(
            [median * BINS], [0], marker="^", color=GOT, markersize=8, clip_on=False
        )
        axes.set_xlim(-0.1, BINS + 0.1)
        axes.set_ylim(0, tallest * 1.18)
        axes.set_xticks(
            range(0, BINS + 1, 2), [f"{10 * x}" for x in range(0, BINS + 1, 2)]
        )
        axes.set_xlabel("points reached (% of all)")
        axes.set_ylabel("students")
        axes.set_yticks([])
        axes.set_title(
            f"Students by tenth of the points; triangle: median, {100 * median:.3g} %",
            fontsize=10,
            loc="left",
            x=-0.09,
        )
        _bare(axes, "left")
        return document(figure)


def describe_distribution(bins: Sequence[int], median: float) -> str:
    """Say in words what the distribution shows."""
    edges = [(10 * place, 10 * place + 10) for place in range(BINS)]
    parts = [
        f"{low} to {high} %: {count}"
        for (low, high), count in zip(edges, bins, strict=True)
        if count
    ]
    return (
        "Bar chart of the students in each tenth of the points. "
        f"{'; '.join(parts)}. Nobody elsewhere. The median is {100 * median:.3g} %."
    )


def costs_svg(costs: Sequence[Cost]) -> str:
    """Draw each submission's time against its memory, as rings."""
    with rc_context(STYLE):
        figure = Figure(figsize=(WIDTH, 2.9))
        axes = figure.add_axes((0.17, 0.17, 0.8, 0.72))
        axes.plot(
            [seconds for seconds, _ in costs],
            [mebibytes for _, mebibytes in costs],
            linestyle="none",
            marker="o",
            markersize=6,
            markerfacecolor="none",
            markeredgecolor=EXPECTED,
            markeredgewidth=1.3,
            clip_on=False,
        )
        _scale(axes, "x", [seconds for seconds, _ in costs])
        _scale(axes, "y", [mebibytes for _, mebibytes in costs])
        axes.set_xlabel("processor time (s)")
        axes.set_ylabel("most memory in use (MiB)")
        axes.set_title(
            "What grading took: a ring is a submission", fontsize=10, loc="left"
        )
        axes.grid(color=RULE, linewidth=0.5)
        axes.set_axisbelow(True)
        _bare(axes, "left", "bottom")
        return document(figure)


def describe_costs(costs: Sequence[Cost]) -> str:
    """Say in words what the drawing of time and memory shows."""
    seconds = sorted(s for s, _ in costs)
    memory = sorted(m for _, m in costs)
    return (
        f"Scatter plot of {len(costs)} submissions: computing from {seconds[0]:.3g} to "
        f"{seconds[-1]:.3g} s, median {statistics.median(seconds):.3g} s; memory from "
        f"{memory[0]:.0f} to {memory[-1]:.0f} MiB, median "
        f"{statistics.median(memory):.0f} MiB. The table has each of them."
    )


def profile_svg(profile: RunProfile) -> str:
    """Draw what each part of a run took: a bar of processors, a line of the clock."""
    lines = profile.lines
    with rc_context(STYLE):
        figure = Figure(figsize=(WIDTH, 0.95 + 0.24 * len(lines)))
        low, high = 0.48 / figure.get_figheight(), 0.33 / figure.get_figheight()
        axes = figure.add_axes((0.2, low, 0.77, 1.0 - low - high))
        places = range(len(lines))
        axes.barh(places, [s.cpu for _, s in lines], height=0.6, color=EXPECTED)
        axes.hlines(places, 0, [s.wall for _, s in lines], colors=GOT, linewidth=1.2)
        axes.plot(
            [s.wall for _, s in lines],
            places,
            linestyle="none",
            marker="|",
            markersize=9,
            markeredgecolor=GOT,
            markeredgewidth=1.8,
            clip_on=False,
        )
        axes.set_yticks(places, [part.value for part, _ in lines])
        axes.set_ylim(len(lines) - 0.5, -0.6)
        axes.set_xlim(left=0)
        axes.set_xlabel("seconds")
        axes.set_title(
            "Bar: processor time; line: clock on the wall",
            fontsize=10,
            loc="left",
            x=-0.24,
        )
        axes.grid(color=RULE, linewidth=0.5, axis="x")
        axes.set_axisbelow(True)
        _bare(axes, "left")
        axes.tick_params(axis="y", length=0)
        return document(figure)


def describe_profile(profile: RunProfile) -> str:
    """Say in words what the drawing of a run's time shows."""
    lines = profile.lines
    if not lines:
        return "Bar chart without a bar: nothing took any time."
    most, _ = max(lines, key=lambda line: line[1].cpu)
    return (
        f"Bar chart of the {len(lines)} parts of {profile.title}: most processor time "
        f"went to {most.value}. The table has each of them."
    )


def _scale(axes: Axes, letter: Literal["x", "y"], values: Sequence[float]) -> None:
    """Give an axis from 0, or one of powers where the values are far apart."""
    low, high = max(min(values), SMALLEST), max(*values, SMALLEST)
    if high / low < SPREAD_OF_LOG:
        axes.set(**{f"{letter}lim": (0, 1.08 * high)})
        return
    low, high = low / 1.2, 1.2 * high
    axes.set(**{f"{letter}scale": "log", f"{letter}lim": (low, high)})
    axis = axes.xaxis if letter == "x" else axes.yaxis
    ticks = [digit * 10.0**power for power in range(-3, 7) for digit in (1, 3)]
    axis.set_major_locator(FixedLocator([t for t in ticks if low <= t <= high]))
    axis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axis.set_minor_locator(NullLocator())


def _bare(axes: Axes, *sides: str) -> None:
    """Leave of the frame nothing that says nothing."""
    for side in ("top", "right", *sides):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(INK)
    axes.patch.set_visible(False)
    axes.tick_params(length=3, width=0.6, labelsize=9.5)
