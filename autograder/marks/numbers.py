"""How numbers of marks are reckoned and written: one rule for pages, files and words.

Points are added and multiplied as fractions of what their floats are printed as, and
rounded once, half up, as on paper.
"""

import math
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

PERCENT = 100.0
"""Full marks of what is told in percent."""


def exact(points: float) -> Fraction:
    """Return the number that a float is printed as: 0.1 is a tenth.

    >>> exact(0.1)
    Fraction(1, 10)
    """
    return Fraction(repr(points))


def rounded(points: Fraction, decimals: int) -> float:
    """Round half up, as on paper: the double nearest to the decimal number.

    >>> rounded(Fraction(5, 2), 0), rounded(Fraction("2.675"), 2)
    (3.0, 2.68)
    """
    whole = math.floor(points * 10**decimals + Fraction(1, 2))
    return float(Decimal(whole).scaleb(-decimals))


def shown(points: Fraction) -> str:
    """Write points with at most two decimals and no trailing zeros.

    >>> shown(Fraction(15, 2)), shown(Fraction(6)), shown(Fraction(1, 3))
    ('7.5', '6', '0.33')
    """
    return f"{rounded(points, 2):g}" if points < 10**4 else f"{rounded(points, 2):.2f}"


def in_words(points: float) -> str:
    """Write points that are a float: one rounding for pages, files and terminals.

    >>> in_words(92.345), in_words(100.0)
    ('92.35', '100')
    """
    return shown(exact(float(points)))


def duration(span: timedelta) -> str:
    """Return a span of time to the second, a begun one counted.

    >>> duration(timedelta(days=3, hours=1, minutes=2, microseconds=1))
    '3 d 1 h 2 min 1 s'
    """
    left = max(1, math.ceil(span / timedelta(seconds=1)))
    parts = []
    for unit, seconds in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        count, left = divmod(left, seconds)
        parts += [f"{count} {unit}"] if count else []
    return " ".join(parts)
