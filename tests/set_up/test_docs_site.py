"""The docs site: what its pages link to, and what would be found broken."""

import importlib
from pathlib import Path
from types import ModuleType

import pytest

COURSE = Path(__file__).parents[2]
PAGES = sorted(p.name for p in (COURSE / "docs").glob("*.md"))


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(COURSE / "docs" / "site"))
    return importlib.import_module("build")


@pytest.mark.parametrize("name", [*PAGES, "../SECURITY.md"])
def test_every_link_of_the_docs_leads_somewhere(build: ModuleType, name: str) -> None:
    page = (COURSE / "docs" / name).resolve()
    assert build.relinked(page.read_text("utf-8"), page.parent, name)


def test_links_lead_to_pages_handouts_or_name_a_file(build: ModuleType) -> None:
    def relinked(text: str) -> str:
        said: str = build.relinked(text, COURSE / "docs", "x.md")
        return said

    assert relinked("[a](authors.md#limits)") == "[a](authors.md#limits)"
    assert relinked("[policy](../SECURITY.md)") == "[policy](policy.md)"
    template = "[t](../student_template/README.md#work)"
    assert relinked(template) == "[t](template.md#work)"
    handout = relinked("[a1](../student_template/a1_conv1d/README.md)")
    assert handout == '<a href="handouts/a1_conv1d.html">a1</a>'
    assert relinked("[the](../Makefile)") == "the (`Makefile`)"
    assert relinked("[x](https://x.org/y)") == "[x](https://x.org/y)"
    with pytest.raises(build.Stop, match=r"x\.md: a link leads nowhere: gone\.md"):
        relinked("[a](gone.md)")


def test_broken_links_of_a_site_are_found(build: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<a id="here" href="#here">x</a><a href="b.html#there">x</a>'
        '<a href="b.html#gone">x</a><img src="no.png"><a href="https://x.org">x</a>',
        "utf-8",
    )
    (tmp_path / "b.html").write_text('<p id="there">x</p>', "utf-8")
    assert list(build.broken(tmp_path)) == [
        "a.html: no such place: b.html#gone",
        "a.html: no no.png",
    ]
    assert list(build.from_elsewhere(tmp_path)) == []
    fetching = '<script defer src="https://cdn.example/x.js"></script>'
    (tmp_path / "b.html").write_text(fetching, "utf-8")
    told = ["b.html: fetches https://cdn.example/x.js"]
    assert list(build.from_elsewhere(tmp_path)) == told


def test_the_api_has_a_page_for_every_room(build: ModuleType, tmp_path: Path) -> None:
    build.write_api(tmp_path / "api")
    index = (tmp_path / "api" / "index.md").read_text("utf-8")
    rooms = {p.stem for p in (tmp_path / "api").glob("*.md")} - {"index"}
    assert {"course", "worker", "sandbox", "grading", "reports"} <= rooms
    assert all(f"\n{room}\n" in index for room in rooms)
    course = (tmp_path / "api" / "course.md").read_text("utf-8")
    assert ".. automodule:: autograder.course.handout\n" in course
