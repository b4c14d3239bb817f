"""Handouts: what is put in, the page by itself, and what a report quotes of them."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import autograder
from autograder.authoring import handouts
from autograder.course import assignment as assignments
from autograder.course import folders
from autograder.course.assignment import Assignment
from autograder.course.handout import RULES, anchors, complete, place_of
from autograder.errors import StaffError
from autograder.reports import handout
from browser import CHROMIUM, seen_at
from parsed_page import Parsed

COURSE = Path(autograder.__file__).parents[1]
NAMES = folders.names(COURSE)


@pytest.fixture(scope="module")
def loaded() -> dict[str, Assignment]:
    return {name: assignments.load(COURSE, name) for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_each_question_has_number_title_points_and_functions_at_its_heading(
    loaded: dict[str, Assignment], name: str
) -> None:
    text, one = complete(loaded[name]), loaded[name]
    for number, question in enumerate(one.manifest.question, 1):
        points = f"{one.points(question.name):g}"
        anchor = place_of(question, anchors(text))
        assert anchor, question.name
        functions = ", ".join(f"`{f}`" for f in question.functions)
        row = f"| {number} | [{question.title}](#{anchor}) | {functions} | {points} |"
        assert row in text
        told = f"**Question {number}. {question.title}** ({points} points): `"
        heading = next(
            line
            for line in text.split("\n")
            if line.startswith("## ") and anchors(line) == [anchor]
        )
        assert text.split(heading)[1].strip().startswith(told)
    assert "| | | together | 100 |" in text
    assert "<!--" not in text


@pytest.mark.parametrize("name", NAMES)
def test_each_handout_says_what_is_learned_how_long_and_has_hints_and_an_example(
    loaded: dict[str, Assignment], name: str
) -> None:
    text = complete(loaded[name])
    assert "**What you will learn**" in text
    assert re.search(r"\*\*Time\*\*: \w+ to \w+ hours", text)
    assert text.count("<details><summary>A hint</summary>\n\n") >= 5
    assert text.count("<details>") == text.count("</details>")
    assert "An example by hand" in text or "The hospital of the lecture" in text


def test_rules_of_honest_work_are_one_file_that_every_handout_has(
    loaded: dict[str, Assignment],
) -> None:
    rules = COURSE / "assignments" / "template" / RULES
    *_, last = rules.read_text("utf-8").strip().split("\n\n")
    for one in loaded.values():
        text = complete(one)
        assert "## Working honestly" in text
        assert last in text
    told = complete(loaded["a1_conv1d"])
    assert "- question 3, What lies beyond the edges: `numpy.pad`" in told
    assert "`numpy.convolve`" in told


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_complete_in_itself_and_every_link_in_it_leads_somewhere(
    loaded: dict[str, Assignment], name: str
) -> None:
    page = handout.page(loaded[name])
    parsed = Parsed(page)
    assert parsed.open == []
    assert not parsed.named("script")
    assert all(str(i["src"]).startswith("data:image/png") for i in parsed.named("img"))
    ids = [str(found["id"]) for _, found in parsed.tags if "id" in found]
    assert len(ids) == len(set(ids))
    links = [str(found["href"]) for found in parsed.named("a")]
    assert [x for x in links if x.startswith("#") and x[1:] not in ids] == []
    assert [x for x in links if not x.startswith(("#", "https://"))] == []
    # No formula was left as LaTeX, and none as an error.
    assert "$$" not in parsed.text
    assert "\\" not in re.sub(r"<code.*?</code>|<annotation.*?</annotation>", "", page)


def test_formulas_are_mathml(loaded: dict[str, Assignment]) -> None:
    page = handout.page(loaded["a1_conv1d"])
    assert page.count('<math xmlns="http://www.w3.org/1998/Math/MathML"') > 10
    assert 'display="block"' in page


@pytest.mark.skipif(CHROMIUM is None, reason="no browser")
@pytest.mark.parametrize("name", ["a1_conv1d"])
def test_a_page_fits_a_phone_asks_nothing_of_the_network_and_complains_of_nothing(
    loaded: dict[str, Assignment], name: str, tmp_path: Path
) -> None:
    seen = seen_at(handout.write_page(tmp_path, loaded[name]), 360)
    assert seen.width <= 360
    assert seen.console == []
    assert seen.asked == set()


def test_a_figure_that_is_missing_is_named(tmp_path: Path) -> None:
    shutil.copytree(COURSE / "assignments", tmp_path / "assignments")
    shutil.copytree(
        COURSE / "solutions" / "a1_conv1d", tmp_path / "solutions/a1_conv1d"
    )
    gone = tmp_path / "assignments" / "a1_conv1d" / "figures" / "ringing.png"
    gone.unlink()
    with pytest.raises(StaffError, match=r"ringing\.png: no figure"):
        handout.page(assignments.load(tmp_path, "a1_conv1d"))


@pytest.mark.parametrize("name", NAMES)
def test_every_place_to_read_on_is_a_section_that_a_report_can_quote(
    loaded: dict[str, Assignment], name: str
) -> None:
    known = handout.sections(loaded[name])
    wanted = {m.see.removeprefix("README.md#") for m in loaded[name].misconceptions}
    assert wanted - known.keys() == set()


def test_a_table_stands_before_the_first_question_where_nobody_said_where(
    tmp_path: Path, loaded: dict[str, Assignment]
) -> None:
    public = tmp_path / "a1_conv1d"
    public.mkdir()
    text = "# Title\n\nwords\n\n## q3_pad1d\n\nmore\n\n## q1_conv1d\n\nend\n"
    (public / "README.md").write_text(text, "utf-8")
    one = loaded["a1_conv1d"]
    told = complete(replace(one, public=public))
    assert told.index("words") < told.index("| question |") < told.index("## q3_pad1d")
    assert told.count("| question |") == 1
    # A question without a heading is in the table, without a link.
    assert "| 4 | Convolution of an image | `conv2d` | 14 |" in told


def test_without_a_browser_there_are_pages_and_a_word_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handouts, "BROWSERS", ())
    written = handouts.write(COURSE, tmp_path / "out")
    assert [p.name for p in written.paths] == [f"{name}.html" for name in NAMES]
    assert "without PDFs: install chromium" in written.remark


@pytest.mark.skipif(CHROMIUM is None, reason="no browser")
def test_a_browser_prints_the_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "names", lambda _: ["a1_conv1d"])
    page, pdf = handouts.write(COURSE, tmp_path).paths
    assert page.suffix == ".html"
    assert pdf.read_bytes().startswith(b"%PDF")


def test_a_browser_that_prints_nothing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "names", lambda _: ["a1_conv1d"])
    monkeypatch.setattr(handouts, "BROWSERS", ("false",))
    with pytest.raises(StaffError, match="false did not print it"):
        handouts.write(COURSE, tmp_path)
