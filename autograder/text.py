"""Text from strangers, made harmless to whoever reads it: three measures of one rule.

A submission, a roster or a download may hold what moves a cursor, turns a line around
or shows nothing. `plain` is for pages (lines stay lines), `printable` for terminals and
files (every replaced character is seen), `readable` for a line inside a sentence.
"""

import unicodedata

MAX_TEXT = 2000
"""Characters of one text that a page shows."""
MAX_LINE = 300
"""Characters of a text that stands inside a sentence."""
BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They make a name read as another; U+200E and U+200F don't, and names need them."""
MISLEADING = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Controls, halves of characters, and what breaks a line in two."""
_JOINERS = "\u200c\u200d"
"""Invisible, but Persian and Indic names and emoji are spelt with them."""
_UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
"""Unicode's categories of characters that show nothing or steer the text around."""
_SELECTORS = range(0xE0100, 0xE01F0)


def plain(text: str) -> str:
    r"""Make a text harmless to a reader: nothing unseen, nothing endless.

    Control characters become their pictures, what steers or hides text becomes ``�``
    >>> plain("a\x1b[31mb\u202ec")
    'a␛[31mb�c'
    """
    kept = text[:MAX_TEXT].replace("\r\n", "\n")
    shown = "".join(map(_visible, kept))
    left_out = len(text) - MAX_TEXT
    return f"{shown} … ({left_out:,} more characters)" if left_out > 0 else shown


def printable(text: str) -> str:
    """Return `text` with whatever could mislead its reader replaced."""
    return "".join("\N{REPLACEMENT CHARACTER}" if _misleads(c) else c for c in text)


def misleading(text: str) -> bool:
    """Tell whether `text` holds control or direction-changing characters."""
    return any(_misleads(character) for character in text)


def readable(text: str) -> str:
    """Return one line without control and direction characters, clipped."""
    plain = "".join(c if c.isprintable() else " " for c in text).strip()
    return plain if len(plain) <= MAX_LINE else plain[: MAX_LINE - 1] + "…"


def _misleads(character: str) -> bool:
    return character in BIDI_CONTROLS or unicodedata.category(character) in MISLEADING


def _visible(character: str) -> str:
    number = ord(character)
    if character in "\n\t" or character in _JOINERS:
        return character
    if number < 0x20:  # noqa: PLR2004 ASCII's control characters have pictures
        return chr(0x2400 + number)
    unseen = unicodedata.category(character) in _UNSEEN or number in _SELECTORS
    return "\ufffd" if unseen else character
