"""How many points full marks are in the LMS: read in any language, scaled when asked.

A separator before other than three digits is a decimal mark: ``10.0``, ``1,00``. Before
three digits it may be either: ``1.000`` is one or a thousand, which a person must say,
unless another number of the same file tells which mark is the decimal one.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from autograder.errors import StaffError
from autograder.marks.numbers import exact, shown
from autograder.text import printable

SPACES = re.compile("[\\s'\u2019\u00a0\u202f]")
"""What groups thousands and is no decimal mark."""
NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[.,][0-9]+")
GROUP = 3
"""Digits between two marks of thousands."""


def readings(text: str, decimal_mark: str = "") -> tuple[Fraction, ...]:
    """Return what a number can mean: nothing, one value, or two.

    decimal_mark : the file's, where that is known

    >>> [str(n) for n in readings("10.0")], [str(n) for n in readings("1.000")]
    (['10'], ['1', '1000'])
    >>> [str(n) for n in readings("1.000", ",")], readings("many")
    (['1000'], ())
    """
    plain = SPACES.sub("", text)
    if not NUMBER.fullmatch(plain):
        return ()
    marks = [c for c in plain if c in ".,"]
    whole = Fraction(re.sub("[.,]", "", plain))
    if not marks:
        return (whole,)
    last = marks[-1]
    behind = plain.rpartition(last)[2]
    with_decimals = whole / 10 ** len(behind)
    if len(marks) > 1:
        several = plain.count(last) > 1
        groups = {len(g) for g in re.split("[.,]", plain)[1:]}
        if several:
            return (whole,) if groups == {GROUP} and len(set(marks)) == 1 else ()
        return (with_decimals,)
    if len(behind) != GROUP or plain.startswith((last, f"0{last}")):
        return (with_decimals,)
    both = {last: (with_decimals,), "": (with_decimals, whole)}
    return both.get(decimal_mark, (whole,))


def decimal_mark(cells: Iterable[str]) -> str:
    """Return the decimal mark of a file's numbers, "" where they do not say.

    >>> decimal_mark(["100", "7.50"]), decimal_mark(["1.000"]), decimal_mark(["7,5"])
    ('.', '', ',')
    """
    found = set()
    for cell in cells:
        plain = SPACES.sub("", cell)
        if NUMBER.fullmatch(plain) and len(readings(plain)) == 1:
            marks = [c for c in plain if c in ".,"]
            if not marks:
                continue
            if len(set(marks)) == 1 and len(marks) > 1:
                found.add("," if marks[0] == "." else ".")
            else:
                found.add(marks[-1])
    return found.pop() if len(found) == 1 else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FullMarks:
    """The points of full marks that a file says a column has.

    place, column, lms : for messages
    told : as the file writes them
    """

    place: Path
    column: str
    lms: str
    told: str
    decimal_mark: str = ""


def factor_to(
    there: FullMarks, possible: float, *, scale: bool, item_points: float | None = None
) -> Fraction:
    """Return what marks are multiplied by for the LMS's column: 1, or as asked.

    there, possible : the points of full marks in the LMS and here
    scale : whether other points there are wanted
    item_points : what a person says they are there, where the file can be read two ways
    Raises StaffError where they are others and no scale was asked for, or unknown
    """
    ours = exact(possible)
    found = readings(there.told, there.decimal_mark)
    name = printable(there.column)
    told = f"{name!r} has {printable(there.told)} points in {there.lms}"
    if not found:
        raise StaffError(
            there.place,
            f"{told}, which is no number; here full marks are {shown(ours)}",
            "export again; give the column's points as a number",
        )
    if item_points is not None:
        if exact(item_points) not in found:
            raise StaffError(
                "--item-points",
                f"{told}, which is not {shown(exact(item_points))}",
                "give the points that the LMS shows",
            )
        found = (exact(item_points),)
    if len(found) > 1:
        either = " or ".join(shown(n) for n in found)
        raise StaffError(
            there.place,
            f"{told}, which can be read as {either}; here full marks are {shown(ours)}",
            f"say which: --item-points {shown(found[0])} or --item-points "
            f"{shown(found[1])}",
        )
    return factor_between(found[0], ours, scale=scale, place=there.place, told=told)


def factor_between(
    theirs: Fraction, ours: Fraction, *, scale: bool, place: str | Path, told: str
) -> Fraction:
    """Return what marks out of `ours` points are multiplied by, where `theirs` differ.

    told : who has how many points, for the message
    Raises StaffError where they differ and no scale was asked for
    """
    if theirs == ours:
        return Fraction(1)
    if theirs <= 0 or not scale:
        raise StaffError(
            place,
            f"{told}, the assignment has {shown(ours)}",
            f"set its points to {shown(ours)} in the LMS and export again"
            + (f", or scale the marks to {shown(theirs)}: --scale" if theirs else ""),
        )
    return theirs / ours


def scaled_note(factor: Fraction, possible: float) -> list[str]:
    """Say that marks were scaled, nothing where they were not."""
    ours = exact(possible)
    if factor == 1:
        return []
    told = shown(factor) if 100 % factor.denominator == 0 else str(factor)
    both = f"{shown(ours)} here and {shown(ours * factor)} in the LMS"
    return [f"scaled: full marks are {both}, so every mark is multiplied by {told}"]
