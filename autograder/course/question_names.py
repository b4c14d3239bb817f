"""A question's name has its number: ``q3_pad1d`` is question 3."""

import re

_NUMBERED = re.compile(r"q(\d+)_(.+)")


def number_of(name: str) -> str:
    """Return the number in a question's name, or "".

    >>> number_of("q3_pad1d"), number_of("extra")
    ('3', '')
    """
    found = _NUMBERED.match(name)
    return found[1] if found else ""


def rest_of(name: str) -> str:
    """Return what stands behind the number, or the whole name.

    >>> rest_of("q3_pad1d"), rest_of("extra")
    ('pad1d', 'extra')
    """
    found = _NUMBERED.match(name)
    return found[2] if found else name


def headed(name: str, title: str) -> str:
    """Return number and title as a heading has them.

    >>> headed("q3_pad1d", "Padding"), headed("extra", "Padding")
    ('3. Padding', 'Padding')
    """
    number = number_of(name)
    return f"{number}. {title}" if number else title


def named(name: str, title: str) -> str:
    """Return number and title as a sentence has them.

    >>> named("q3_pad1d", "Padding"), named("extra", "Padding")
    ('question 3, Padding', 'Padding')
    """
    number = number_of(name)
    return f"question {number}, {title}" if number else title
