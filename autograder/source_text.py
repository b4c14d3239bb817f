"""A submission's source as text, as far as Python reads it as it stands there.

A file may name an encoding of its own in its first two lines. In most of them an ASCII
letter is one byte, and what stands there can be searched. In others any word can be
written so that nobody sees it (``+AGMAdAB5AHAAZQBz-`` is ``ctypes`` in UTF-7); such
files are not decoded here, since some of those codecs take hours, but named.
"""

import re
from encodings.aliases import aliases

_COOKIE = re.compile(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK = re.compile(rb"[ \t\f]*(?:[#\r\n]|$)")
_LONGEST_NAME = 40
_PLAIN = re.compile(
    r"utf_8(_sig)?|ascii|latin_1|iso8859_\d+|mac_(?!arabic)\w+|koi8_\w|cp125\d|tis_620"
    r"|cp(437|7\d\d|8[56]\d|874|9\d\d|1125)|ptcp154|kz1048|palmos|hp_roman8|johab"
    r"|gb2312|gbk|gb18030|big5(hkscs)?|euc_\w+|shift_jis\w*"
)
"""Encodings, by the names of Python's modules, in which ASCII's letters are ASCII."""


def text_of(source: bytes) -> str:
    """Return a source as text, whatever it is: what can't be read becomes ``�``.

    One in an encoding that hides words (`hiding_encoding`) is read as UTF-8
    """
    name = _named(source)
    encoding = name if _PLAIN.fullmatch(name) else "utf_8"
    text = source.decode(encoding, errors="replace").removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def hiding_encoding(source: bytes) -> str:
    """Return the encoding that a source names, where any word can be hidden in it.

    >>> hiding_encoding(b"# coding: utf-7")
    'utf_7'
    >>> hiding_encoding(b"# coding: latin-1")
    ''
    """
    name = _named(source)
    return "" if _PLAIN.fullmatch(name) else name


def _named(source: bytes) -> str:
    """Return the encoding that the first two lines name, as Python calls its module."""
    first, _, rest = source.partition(b"\n")
    found = _COOKIE.match(first)
    if found is None and _BLANK.match(first):
        found = _COOKIE.match(rest.partition(b"\n")[0])
    if found is None:
        return "utf_8"
    asked = found[1].decode("ascii", errors="replace")[:_LONGEST_NAME].casefold()
    name = re.sub(r"[-.]+", "_", asked)
    # As Python has it: Emacs says utf-8-unix, and iso-latin-1-dos.
    for known, beginnings in (
        ("utf_8", ("utf_8",)),
        ("latin_1", ("latin_1", "iso_8859_1", "iso_latin_1")),
    ):
        if any(name == one or name.startswith(f"{one}_") for one in beginnings):
            return known
    return aliases.get(name, name)
