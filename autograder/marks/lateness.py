"""What being late costs: a pure function from points and a delay to points and words.

Exact: points are fractions, and rounding is half up, as on paper. Within the grace a
submission is in time; after it, lateness counts from the deadline itself.
"""

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Literal

from autograder.marks.numbers import duration, shown

Base = Literal["full marks", "points earned"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LatePolicy:
    """The rules of lateness.

    grace : a delay that costs nothing
    percent : what each started period costs, of `of`; 0 where lateness is only told
    every : a period; None where lateness costs once, however long it is
    of : what the percents are of
    cut_off : a delay after which nothing counts; None where there is none
    """

    grace: timedelta = timedelta(0)
    percent: Fraction = Fraction(0)
    every: timedelta | None = timedelta(days=1)
    of: Base = "full marks"
    cut_off: timedelta | None = None


LENIENT = LatePolicy()
"""Lateness is told, and costs nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalised:
    """Points after lateness, and how they came about, "" where nothing was taken."""

    points: Fraction
    words: str = ""


def after_lateness(
    points: Fraction,
    possible: Fraction,
    late_by: timedelta | None,
    policy: LatePolicy,
) -> Penalised:
    """Return what is left of the points of a submission that came late.

    late_by : None or not positive where it was in time

    >>> policy = LatePolicy(percent=Fraction(10), cut_off=timedelta(days=3))
    >>> after_lateness(Fraction(8), Fraction(10), timedelta(hours=25), policy).words
    '8 of 10, late by 1 d 1 h: 2 days begun x 10 % of 10 = 2 less, leaves 6'
    """
    if late_by is None or late_by <= policy.grace or late_by <= timedelta(0):
        return Penalised(points=points)
    told = f"{shown(points)} of {shown(possible)}, late by {duration(late_by)}"
    if policy.cut_off is not None and late_by > policy.cut_off:
        limit = duration(policy.cut_off) if policy.cut_off else "the deadline"
        return Penalised(
            points=Fraction(0), words=f"{told}: after {limit} nothing counts, leaves 0"
        )
    if not policy.percent:
        return Penalised(points=points)
    periods = 1 if policy.every is None else -(-late_by // policy.every)
    base = possible if policy.of == "full marks" else points
    less = base * policy.percent / 100 * periods
    left = max(points - less, Fraction(0))
    all_of_it = ", more than there is" if less > points else ""
    return Penalised(
        points=left,
        words=f"{told}: {_times(periods, policy)}{float(policy.percent):g} % of "
        f"{shown(base)} = {shown(less)} less{all_of_it}, leaves {shown(left)}",
    )


def _times(periods: int, policy: LatePolicy) -> str:
    if policy.every is None:
        return ""
    if policy.every == timedelta(days=1):
        unit = "day" if periods == 1 else "days"
    else:
        unit = f"x {duration(policy.every)}"
    return f"{periods} {unit} begun x "
