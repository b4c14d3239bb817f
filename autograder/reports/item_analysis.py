"""Item analysis: how hard a question is, and whether it tells the strong from the weak.

Classical test theory, on plain numbers. An item is a question or a case; its `scores`
are one a student, and `rests` what the same students have for everything else, in the
same order. Where a number is undefined it is None, never 0.
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

BINS = 10
FEWEST_FOR_R = 3
"""Two points always lie on a line."""
TOP_SHARE = 0.27
"""The upper group of Kelley (1939), "The selection of upper and lower groups for the
validation of test items", Journal of Educational Psychology 30."""
SMALLEST_TOP = 3
DECIMALS = 6
"""Points have fewer: what a subtraction leaves beyond is noise, and no variance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What the class did with one item.

    n : students whose score counts
    reached : mean share of the points, 0 (nobody anything) to 1, or None without any
    discrimination : corrected item-total correlation, or None where it is undefined
    top : places of the upper group, () where there is none
    top_lost : places of those of the upper group who lost points here
    """

    n: int
    reached: float | None
    discrimination: float | None
    top: tuple[int, ...]
    top_lost: tuple[int, ...]

    @property
    def is_inverted(self) -> bool:
        """Those who do well elsewhere do badly here."""
        return self.discrimination is not None and self.discrimination < 0

    @property
    def is_lost_at_the_top(self) -> bool:
        """More than half of the best lost points here."""
        return 2 * len(self.top_lost) > len(self.top)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How marks are spread.

    deviation : of a sample (n - 1); deviation and quartiles are None for one student
    quartiles : the first and the third, both ends included
    """

    n: int
    mean: float
    median: float
    lowest: float
    highest: float
    deviation: float | None
    quartiles: tuple[float, float] | None


def item_of(scores: Sequence[float], rests: Sequence[float], possible: float) -> Item:
    """Return the analysis of one item.

    possible : the most that a score can be
    """
    rests = [round(rest, DECIMALS) for rest in rests]
    top = upper_group(rests)
    return Item(
        n=len(scores),
        reached=statistics.fmean(scores) / possible if scores and possible else None,
        discrimination=correlation(scores, rests),
        top=top,
        top_lost=tuple(i for i in top if scores[i] < possible),
    )


def correlation(x: Sequence[float], y: Sequence[float]) -> float | None:
    """Return Pearson's r, or None for under 3 pairs or where one side has no variance.

    Of an item's scores with the totals of all *other* items it is the corrected
    item-total correlation: with the item in its own total, r would flatter it
    >>> correlation([0, 0, 1, 1], [0, 1, 2, 3])
    0.8944271909999159
    """
    if len(x) < FEWEST_FOR_R or min(x) == max(x) or min(y) == max(y):
        return None
    return statistics.correlation(x, y)


def upper_group(rests: Sequence[float]) -> tuple[int, ...]:
    """Return the places of the best 27 %, with all that equal the last of them.

    Empty where that is fewer than 3, or the whole class
    """
    size = math.ceil(TOP_SHARE * len(rests))
    if size < SMALLEST_TOP:
        return ()
    least = sorted(rests, reverse=True)[size - 1]
    group = tuple(i for i, rest in enumerate(rests) if rest >= least)
    return group if len(group) < len(rests) else ()


def spread_of(marks: Sequence[float]) -> Spread | None:
    """Return how marks are spread, None without any."""
    if not marks:
        return None
    several = len(marks) > 1
    quartiles = statistics.quantiles(marks, n=4, method="inclusive") if several else []
    return Spread(
        n=len(marks),
        mean=statistics.fmean(marks),
        median=statistics.median(marks),
        lowest=min(marks),
        highest=max(marks),
        deviation=statistics.stdev(marks) if several else None,
        quartiles=(quartiles[0], quartiles[2]) if several else None,
    )


def histogram(shares: Sequence[float]) -> tuple[int, ...]:
    """Count shares in ten bins of 10 %, the lower end included; full marks in the last.

    >>> histogram([0, 0.1, 0.95, 1])
    (1, 1, 0, 0, 0, 0, 0, 0, 0, 2)
    """
    counts = [0] * BINS
    for share in shares:
        # Rounded: 0.3 is 0.29999999999999998 and belongs to the fourth bin.
        place = int(round(share * BINS, DECIMALS))
        counts[min(max(place, 0), BINS - 1)] += 1
    return tuple(counts)
