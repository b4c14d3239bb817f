"""A source is searched as Python reads it, or its encoding is named."""

import pytest

from autograder.grading.odd_words import odd_words
from autograder.source_text import hiding_encoding, text_of


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        (b"# coding: utf-7", "utf_7"),
        (b"# -*- coding: UTF_7 -*-", "utf_7"),
        (b"#!/usr/bin/python\n# vim: set fileencoding=punycode :", "punycode"),
        (b"\n# coding: raw_unicode_escape", "raw_unicode_escape"),
        (b"# coding: unicode-escape", "unicode_escape"),
        (b"# coding: rot13", "rot_13"),
        (b"# coding: cp037", "cp037"),
        (b"# coding: iso-2022-jp", "iso2022_jp"),
        (b"# coding: hz-gb-2312", "hz"),
        (b"# coding: mac-arabic", "mac_arabic"),
        (b"# coding: klingon", "klingon"),
        (b"# coding: " + b"a" * 900_000, "a" * 40),
    ],
    ids=lambda value: str(value)[:30],
)
def test_an_encoding_in_which_any_word_can_be_hidden_is_told(
    head: bytes, encoding: str
) -> None:
    assert hiding_encoding(head + b"\nx = 1\n") == encoding
    told = f"is in the encoding {encoding}, in which any word can be hidden"
    assert next(odd_words(head + b"\n")) == told


@pytest.mark.parametrize(
    "head",
    [
        b"x = 1",
        b"\xef\xbb\xbf# coding: utf-8",
        b"# -*- coding: utf-8-unix -*-",
        b"# coding: latin-1",
        b"# coding: iso-8859-15",
        b"# coding: cp1252",
        b"# coding: ascii",
        b"# coding: shift_jis",
        b"# coding: gbk",
        b"# coding: koi8-r",
        b"# coding: mac_roman",
        b"x = 1\n# coding: utf-7",
        b"\n\n# coding: utf-7",
    ],
    ids=str,
)
def test_what_editors_write_hides_nothing(head: bytes) -> None:
    assert hiding_encoding(head) == ""
    assert [*odd_words(head)] == []


def test_a_source_is_read_in_the_encoding_that_it_names() -> None:
    assert text_of("# coding: latin-1\nö = 1\r\n".encode("latin-1")).endswith("ö = 1\n")
    assert text_of("# coding: gbk\n卷 = 1\r".encode("gbk")).endswith("卷 = 1\n")
    assert text_of(b"\xef\xbb\xbfx = 1") == "x = 1"
    assert text_of(b"x = '\xff'") == "x = '\ufffd'"


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("sys . modules['checks']", "sys.modules"),
        ("sys.\tmodules['checks']", "sys.modules"),
        ("sys.ｍodules['checks']", "sys.modules"),  # noqa: RUF001 full width
        ("import 𝒸types", "ctypes"),  # noqa: RUF001 mathematical
        ("from sys import setproﬁle", "setprofile"),
    ],
)
def test_words_are_found_however_python_lets_them_be_written(
    line: str, word: str
) -> None:
    source = f"x = 1\r{line}\r\n".encode()
    assert next(odd_words(source)) == f"names {word} (line 2)"
