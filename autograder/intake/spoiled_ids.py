"""Ids that a spreadsheet has spoiled: they look like ids and are nobody's.

Excel and its kin take an id for a number: ``202312000077`` becomes ``2.02312E+11`` and
``0012345`` becomes ``12345``. Saved again, the file has lost the ids for good.
"""

import re

ERRORS = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!)|#{2,}")
SCIENTIFIC = re.compile(r"[0-9]+(?:[.,][0-9]+[eE][+-]?|[eE]\+)[0-9]+")
"""With a fraction or a sign: ``12E4`` alone may be an id."""
FRACTION = re.compile(r"[0-9]+[.,]0+")
THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
FORMULA = re.compile(r'=\s*"(.*)"')
QUOTED = re.compile(r"['\u2019][0-9]+")
DATE = re.compile(
    r"[0-9]{1,2}-(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-[0-9]{2}"
)
REMEDY = (
    "export the list from the LMS again and give that file as it is: do not open and "
    "save it in a spreadsheet in between"
)
KINDS = (
    (ERRORS, "is a spreadsheet's error and no id"),
    (SCIENTIFIC, "is what a spreadsheet makes of a long number: its digits are lost"),
    (FRACTION, "is a number with decimals, which a spreadsheet makes of an id"),
    (THOUSANDS, "is a number with thousands, which a spreadsheet makes of an id"),
    (FORMULA, "is a spreadsheet's formula around an id, which no LMS knows"),
    (QUOTED, "has a spreadsheet's apostrophe before it, which no LMS knows"),
    (DATE, "is a date, which a spreadsheet makes of an id"),
)


def spoiled(cell: str) -> str:
    """Say what a spreadsheet has done to an id, "" where it looks like one.

    >>> spoiled("2.02312E+11")
    'is what a spreadsheet makes of a long number: its digits are lost'
    >>> spoiled("0012345"), spoiled("12.34.56"), spoiled("12E4")
    ('', '', '')
    """
    text = cell.strip()
    return next((words for kind, words in KINDS if kind.fullmatch(text)), "")


def without_zeros(identifier: str) -> str:
    """Return a number as a spreadsheet leaves it, "" for what is no number.

    >>> without_zeros("0012345"), without_zeros("zdoe")
    ('12345', '')
    """
    digits = identifier.isascii() and identifier.isdigit()
    return (identifier.lstrip("0") or "0") if digits else ""


def zeros_lost(one: str, other: str) -> str:
    """Say that two ids are one but for zeros."""
    return (
        f"{one!r} and {other!r} are one id but for leading zeros, which a spreadsheet "
        f"takes away: {REMEDY}"
    )
