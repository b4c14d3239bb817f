"""Shared code is ranked by how unusual it is, and the stub's own counts for nothing."""

import json
import math
import re
import zipfile
from pathlib import Path

import pytest

from autograder.reports.similarity import (
    CERTAIN,
    MOST_TOKENS,
    K,
    Source,
    compare_class,
)
from autograder.reports.similarity_page import lines_of, page_of
from small_class import invoke, write_class

STUB = '''"""Scale."""

import numpy as np


def double(values):
    """Return twice the values."""
    raise NotImplementedError("double: not started yet")
'''
LOOP = """
def double(values):
    result = []
    for index in range(len(values)):
        result.append(values[index] + values[index])
    return np.array(result)
"""
RENAMED = """
# my own work
def double(data):
    '''Twice.'''
    out = []
    for i in range(len(data)):


        out.append(data[i] + data[i])  # add
    return np.array(out)
"""
WHILE = """
def double(values):
    total, at = np.zeros(len(values)), 0
    while at < len(values):
        total[at] = 2.0 * values[at]
        at += 1
    return total
"""
ONE_LINE = "\ndef double(values):\n    return np.multiply(np.asarray(values), 2)\n"
NAMES = frozenset({"double"})


def source(key: str, text: str) -> Source:
    return Source(key, key.title(), text, NAMES)


@pytest.mark.parametrize(
    "text",
    ["x = '" + "\\'" * 10**6, "x" + " " * 10**6 + "$", "x = " + "$" * 10**6],
    ids=["string", "spaces", "signs"],
)
def test_a_line_without_end_that_is_no_python_keeps_nobody_waiting(text: str) -> None:
    """Python's tokenize takes hours for each: it looks for every string's end anew."""
    long = source("s-1", f"{LOOP}{text}\n{WHILE}")
    assert long.tokens[: len(source("s-2", LOOP).tokens)] == source("s-2", LOOP).tokens
    assert len(long.tokens) < MOST_TOKENS


def test_of_a_file_without_end_so_much_is_compared_as_any_answer_has() -> None:
    assert len(source("a", "x;" * 200_000).tokens) == MOST_TOKENS
    found = names(("a", LOOP + "x;" * 200_000), ("b", LOOP), ("c", WHILE))
    assert found[0] == ("a", "b")


def names(*texts: tuple[str, str]) -> list[tuple[str, str]]:
    comparison = compare_class([source(*pair) for pair in texts], STUB)
    return [(pair.first, pair.second) for pair in comparison.pairs]


def test_new_names_comments_docstrings_and_layout_hide_nothing() -> None:
    first, second = source("a", LOOP), source("b", RENAMED)
    assert [t.text for t in first.tokens] == [t.text for t in second.tokens]
    assert names(("a", LOOP), ("b", RENAMED), ("c", WHILE)) == [("a", "b")]


def test_other_ways_of_writing_it_are_no_pair() -> None:
    assert names(("a", LOOP), ("b", WHILE), ("c", ONE_LINE)) == []


def test_the_stub_is_nobodys() -> None:
    given = [source("a", STUB), source("b", STUB)]
    comparison = compare_class(given, STUB)
    assert comparison.pairs == ()
    assert [(c.fingerprints, c.boilerplate) for c in comparison.compared] == [
        (0, 1.0),
        (0, 1.0),
    ]


def test_what_more_than_half_of_the_class_has_is_expected() -> None:
    few = [("a", LOOP), ("b", LOOP), ("c", WHILE), ("d", ONE_LINE)]
    assert names(*few) == [("a", "b")]
    most = [("a", LOOP), ("b", LOOP), ("c", LOOP), ("d", ONE_LINE)]
    assert names(*most) == []


def test_the_rarer_of_two_pairs_comes_first() -> None:
    common = [(f"c{i}", LOOP) for i in range(3)]
    others = [(f"o{i}", f"x{i} = {i}\n") for i in range(4)]
    found = names(*common, ("r1", WHILE), ("r2", WHILE), *others)
    assert found[0] == ("r1", "r2")
    assert set(found[1:]) == {("c0", "c1"), ("c0", "c2"), ("c1", "c2")}


def test_a_shared_fingerprint_weighs_the_more_the_fewer_have_it() -> None:
    others = [source(f"o{i}", f"x{i} = {i}\n") for i in range(3)]
    three = [source(f"c{i}", LOOP) for i in range(3)]
    two = [source("r1", WHILE), source("r2", WHILE)]
    found = compare_class([*others, *three, *two], STUB).pairs
    weighs = {pair.first: pair.weight / pair.unusual for pair in found}
    assert weighs["r1"] == pytest.approx(math.log2((8 + 2) / 2))
    assert weighs["c0"] == pytest.approx(math.log2((8 + 2) / 3))


def test_whoever_writes_a_thing_several_times_is_one_who_has_it() -> None:
    found = names(("a", LOOP * 4), ("b", LOOP), ("c", WHILE), ("d", ONE_LINE))
    assert found == [("a", "b")]


def test_what_is_shared_is_told_of_the_shorter_one() -> None:
    (pair,) = compare_class([source("a", LOOP + WHILE), source("b", LOOP)], STUB).pairs
    assert pair.shared > 0.9
    (turned,) = compare_class(
        [source("b", LOOP), source("a", LOOP + WHILE)], STUB
    ).pairs
    assert turned.shared == pair.shared


def test_a_passage_of_the_promised_length_is_always_found() -> None:
    shared = [f"{n}" for n in range(100, 100 + CERTAIN)]
    for before in range(6):
        first = ", ".join([*("7" * before), *shared, *(["1.5"] * 30)])
        second = ", ".join([*(["2.5"] * 30), *shared])
        # Every number is followed by a comma: the passage has more tokens than that.
        assert names(("a", first), ("b", second)) == [("a", "b")]


def test_less_than_one_run_of_tokens_is_no_passage() -> None:
    short = "x = 1 + 2 + 3\n"
    assert len(source("a", short).tokens) < K
    assert names(("a", short), ("b", short)) == []


@pytest.mark.parametrize(
    "text", ["", "def (:\n", "x = '''never closed", "\0", "a\n  b\n c"]
)
def test_a_file_that_is_no_python_is_compared_as_far_as_it_goes(text: str) -> None:
    assert names(("a", LOOP + text), ("b", LOOP + text)) == [("a", "b")]


def test_each_line_says_what_is_known_of_it() -> None:
    first = source("a", LOOP + "\nunique = 3 * 7\n")
    comparison = compare_class([first, source("b", LOOP), source("c", WHILE)], STUB)
    (pair,) = comparison.pairs
    kinds = {line.text.strip(): line.kind for line in lines_of(comparison, pair, first)}
    assert kinds["result.append(values[index] + values[index])"] == "unusual"
    assert kinds["unique = 3 * 7"] == "own"
    given = compare_class([source("a", STUB + LOOP), source("b", STUB + LOOP)], STUB)
    lines = list(lines_of(given, given.pairs[0], given.sources["a"]))
    stub_line = next(li for li in lines if "raise NotImplementedError" in li.text)
    assert stub_line.kind == "given"


def test_the_page_is_self_contained_escapes_and_accuses_nobody() -> None:
    evil = LOOP + "\nx = '</code><script>alert(1)</script>'\n"
    comparison = compare_class([source("a", evil), source("b", evil)], STUB)
    html = page_of(comparison, "Scaling <b>", 20)
    assert "<script" not in html
    assert "&lt;/code&gt;&lt;script&gt;" in html
    assert "Scaling &lt;b&gt;" in html
    assert "This page accuses nobody." in html
    assert not re.search(r"(?:src|href)\s*=|@import|url\(", html)
    assert "default-src 'none'" in html


def test_the_page_shows_so_many_pairs_and_counts_the_rest() -> None:
    texts = [source(f"s{i}", LOOP) for i in range(3)]
    texts += [source(f"o{i}", f"y{i} = {i}\n") for i in range(4)]
    html = page_of(compare_class(texts, STUB), "Scaling", 1)
    assert html.count("<details") == 1
    assert "2 more pairs share less." in html
    empty = page_of(compare_class([], STUB), "Scaling", 1)
    assert "No two submissions share a passage" in empty


def test_the_command_writes_the_page_and_a_document(
    course: Path, tmp_path: Path
) -> None:
    write_class(
        tmp_path,
        {
            "Ada Example": LOOP,
            "Zoë Müller": RENAMED,
            "Nia Nothing": f"# coding: utf-7\n{WHILE}",
        },
    )
    arguments = ("similar", "a0_scale", tmp_path / "class.zip")
    options = ("--roster", tmp_path / "roster.csv", "--out", tmp_path / "out")
    run = invoke(*arguments, *options, "--course", course)
    assert run.exit_code == 0, run.output
    assert "3 submissions compared, 1 pairs share code" in run.output
    assert "Ada Example, Zoë Müller" in run.output
    assert "accuses nobody" in run.output
    hidden = "not compared: Nia Nothing, but as it is written: the file is in utf_7"
    assert hidden in run.output
    page = tmp_path / "out/a0_scale-similar.html"
    assert "Zoë Müller" in page.read_text(encoding="utf-8")

    told = json.loads(invoke(*arguments, *options, "--course", course, "--json").stdout)
    assert told["command"] == "similar"
    assert [p["first_name"] for p in told["pairs"]] == ["Ada Example"]
    assert told["pairs"][0]["shared"] == 1.0
    assert told["page"] == str(page)


def test_nobody_is_compared_with_themselves(course: Path, tmp_path: Path) -> None:
    write_class(tmp_path, {"Ada Example": LOOP})
    with zipfile.ZipFile(tmp_path / "class.zip", "a") as archive:
        place = "10001-6001 - Ada Example - Oct 10, 2026 1022 AM"
        archive.writestr(f"{place}/a0_scale.py", LOOP)
    run = invoke(
        *("similar", "a0_scale", tmp_path / "class.zip", "--out", tmp_path / "out"),
        *("--roster", tmp_path / "roster.csv", "--course", course),
    )
    assert "1 submissions compared, 0 pairs" in run.output


def test_names_that_a_student_chose_are_one_word_and_no_others_are() -> None:
    line = "for i in range(3): mine = double(x).append(len(r'ab')) # done\n"
    assert [t.text for t in source("a", line).tokens] == [
        *("for", "name", "in", "range", "(", "3", ")", ":"),
        *("name", "=", "double", "(", "name", ")", ".", "append"),
        *("(", "len", "(", "ab", ")", ")"),
    ]


@pytest.mark.parametrize("more", ["\n" * 10**5, 'x = """' + "\n" * 10**5 + '"""\n'])
def test_a_file_of_a_million_lines_fills_no_page(more: str) -> None:
    sources = [
        source("s-1", f"{LOOP}{more}{LOOP}"),
        source("s-2", RENAMED),
        source("s-3", "x = 1"),
    ]
    comparison = compare_class(sources, STUB)
    (pair,) = comparison.pairs
    lines = list(lines_of(comparison, pair, sources[0]))
    assert len(lines) < 1000
    assert {line.number for line in lines if line.kind == "unusual"} >= {4, 5}
    assert re.fullmatch(r"\([\d,]+ lines of 100,0\d\d are not shown\)", lines[-1].text)
