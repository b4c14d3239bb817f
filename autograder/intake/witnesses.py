"""Whether two records of a student can be one person: a number alone proves nothing.

An id is a number in somebody's list. Canvas's 101, Moodle's participant 101 and the
student number 101 are three people, so ids of two lists are never matched without a
second witness: a name, a username or an e-mail address that both have. One that
disagrees means that somebody else is meant.
"""

import enum
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.text import printable

SPOKEN_AS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae", "œ": "oe"}
)
"""How names are written where the letters are not to be had."""
WITHOUT_A_DOT = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "\u0131": "i", "æ": "ae"})
"""Letters that Unicode does not take apart."""
DROPPED_FROM_NAMES = re.compile(
    r"[\x00-\x1f\x7f&<>\"`|':\\/\u2018\u2019\u00ad\u200b-\u200f\ufeff]"
)
"""What some LMSs remove from names; see ``layouts/moodle``."""
FEWEST_WORDS = 2
"""So many words of a name must be there on both sides where one has more of them."""


class Verdict(enum.Enum):
    """What the witnesses say."""

    AGREES = "agrees"
    SILENT = "is silent"
    DISAGREES = "disagrees"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What a list says of somebody besides a number; "" where it says nothing."""

    name: str = ""
    username: str = ""
    email: str = ""


def compared(one: Person, other: Person) -> tuple[Verdict, str]:
    """Hold what two lists say against each other.

    Returns what comes of it, and in words what disagrees, "" where nothing does
    """
    heard = list(_heard(one, other))
    against = [words for verdict, words in heard if verdict is Verdict.DISAGREES]
    if against:
        return Verdict.DISAGREES, "; ".join(against)
    agrees = any(verdict is Verdict.AGREES for verdict, _ in heard)
    return (Verdict.AGREES if agrees else Verdict.SILENT), ""


def same_name(one: str, other: str) -> bool:
    """Tell whether two spellings can be one person's name.

    The order of the words, case, accents and what LMSs take out do not matter; one may
    have more words than the other (a middle name), if two are left on both sides.

    >>> same_name("Doe, Zoë A.", "zoe doe"), same_name("doezoë", "Zoë Doe")
    (True, True)
    >>> same_name("Ada Example", "Zoë Doe"), same_name("Ada", "Ada Example")
    (False, False)
    """
    return any(_same_words(a, b) for a in _readings(one) for b in _readings(other))


def name_words(name: str) -> frozenset[str]:
    """Return the words of a name as they are compared, with and without accents."""
    return frozenset(word for reading in _readings(name) for word in reading)


def is_bare_number(identifier: str) -> bool:
    """Tell whether an id has no letter in it, so that any list may have it too."""
    return not any(character.isalpha() for character in identifier)


def _heard(one: Person, other: Person) -> Iterator[tuple[Verdict, str]]:
    by_email = bool(one.email and other.email)
    same_email = by_email and _folded(one.email) == _folded(other.email)
    if one.name and other.name:
        same = same_name(one.name, other.name)
        # Bill Smith of William Smith's address is William Smith.
        if same or not (same_email and _shares_a_word(one.name, other.name)):
            yield _told("name", one.name, other.name, same=same)
    if one.username and other.username:
        same = _same_account(one.username, other.username)
        yield _told("username", one.username, other.username, same=same)
    if by_email:
        yield _told("e-mail address", one.email, other.email, same=same_email)


def _told(what: str, one: str, other: str, *, same: bool) -> tuple[Verdict, str]:
    if same:
        return Verdict.AGREES, ""
    words = f"the {what} is {printable(one)!r} there and {printable(other)!r} here"
    return Verdict.DISAGREES, words


def _same_account(one: str, other: str) -> bool:
    """Tell whether two usernames are one; a list may have them with their domain."""
    a, b = _folded(one), _folded(other)
    if ("@" in a) != ("@" in b):
        a, b = a.partition("@")[0], b.partition("@")[0]
    return a == b


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


def _readings(name: str) -> Iterator[tuple[str, ...]]:
    """Yield the words of a name, folded, without accents and as they are spoken."""
    plain = unicodedata.normalize("NFKC", name)
    plain = DROPPED_FROM_NAMES.sub("", plain).casefold()
    for written in (plain.translate(SPOKEN_AS), plain.translate(WITHOUT_A_DOT)):
        apart = unicodedata.normalize("NFD", written)
        kept = "".join(c if _in_a_word(c) else " " for c in apart if not _is_accent(c))
        yield tuple(kept.split())


def _is_accent(character: str) -> bool:
    """Tell an accent from a vowel sign, which is as good as a letter."""
    return "COMBINING" in unicodedata.name(character, "")


def _in_a_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN"


def _same_words(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    few, many = sorted((set(one), set(other)), key=len)
    if len(few) >= FEWEST_WORDS and few <= many:
        return True
    return bool(set(_squeezed(one)) & set(_squeezed(other)))


def _shares_a_word(one: str, other: str) -> bool:
    return any(len(word) > 1 for word in name_words(one) & name_words(other))


def _squeezed(words: tuple[str, ...]) -> Iterator[str]:
    """Yield a name without spaces, whichever word comes first: Canvas's file names."""
    for at in range(len(words)):
        yield "".join(words[at:] + words[:at])
