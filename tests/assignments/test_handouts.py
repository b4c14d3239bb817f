"""What a report points to is there: every `see` is a heading of the handout."""

import re
from pathlib import Path

import pytest

import autograder
from autograder.course import assignment as assignments
from autograder.course import folders

COURSE = Path(autograder.__file__).parents[1]


def anchors(text: str) -> set[str]:
    """Return the anchors that GitHub makes of a page's headings."""
    found = set()
    for heading in re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE):
        kept = re.sub(r"[^\w\- ]", "", heading.casefold())
        found.add(kept.strip().replace(" ", "-"))
    return found


@pytest.mark.parametrize("name", folders.names(COURSE))
def test_every_place_to_read_on_is_a_heading_of_the_handout(name: str) -> None:
    loaded = assignments.load(COURSE, name)
    known = anchors((loaded.public / "README.md").read_text(encoding="utf-8"))
    wanted = {m.see.removeprefix("README.md#") for m in loaded.misconceptions}
    assert wanted - known == set()


@pytest.mark.parametrize("name", folders.names(COURSE))
def test_every_picture_of_a_handout_is_there(name: str) -> None:
    folder = COURSE / "assignments" / name
    text = (folder / "README.md").read_text(encoding="utf-8")
    pictures = re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", text)
    assert [path for _, path in pictures if not (folder / path).is_file()] == []
    assert all(len(words) > 20 for words, _ in pictures), "a picture needs a text"
