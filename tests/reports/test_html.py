"""What all pages share: colours that can be read, in the light and in the dark."""

import re
from itertools import product
from pathlib import Path

import pytest

import autograder
from browser import CHROMIUM, seen_at

STYLES = Path(autograder.__file__).parent / "reports/templates/report.css"
READABLE = 4.5
"""Contrast of normal text that WCAG 2.2, 1.4.3, asks for."""
VISIBLE = 3.0
"""Contrast of what a drawing is read by (1.4.11)."""


def palettes() -> list[dict[str, str]]:
    """Return the variables of every :root: the light one, the dark one, print's."""
    text = STYLES.read_text(encoding="utf-8")
    blocks = re.findall(r":root \{(.*?)\}", text, re.DOTALL)
    light, dark, paper = (
        dict(re.findall(r"--(\w+): (#\w+)", block)) for block in blocks
    )
    return [light, light | dark, light | paper]


def luminance(colour: str) -> float:
    """Return the relative luminance as WCAG defines it, 0 (black) to 1 (white)."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * c for c in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_what_the_standard_gives_for_known_colours() -> None:
    assert contrast("#fff", "#000") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_every_text_can_be_read_in_the_light_the_dark_and_on_paper() -> None:
    for palette in palettes():
        texts = ("ink", "quiet", "passed", "partly", "failed", "link")
        for text, ground in product(texts, ("paper", "raised")):
            found = contrast(palette[text], palette[ground])
            assert found >= READABLE, (text, ground, palette[text], palette[ground])


def test_a_meter_stands_out_from_what_is_not_reached() -> None:
    for palette in palettes():
        assert contrast(palette["link"], palette["rule"]) >= VISIBLE


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")
def test_the_browser_of_these_tests_sees_what_they_look_for(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(
        '<p style="width:500px">wide</p><img src="https://example.invalid/a.png">'
        "<script>console.error('a complaint')</script>"
    )
    seen = seen_at(tmp_path / "page.html", 360)
    assert seen.width > 360
    assert "https://example.invalid/a.png" in seen.asked
    assert "a complaint" in "".join(seen.console)
