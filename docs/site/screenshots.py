"""Take the site's screenshots of the demo: ``screenshots.py --demo DIR --out DIR``.

The pages are those that ``make demo`` wrote, as a browser shows them on a laptop.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
NAME = "a1_conv1d"
STUDENT = "Two Mistakes"
"""The sample student whose page is shown: of two mistakes both are named."""
SECONDS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A picture: of which page, from which element on, how large in pixels."""

    name: str
    page: Path
    width: int
    height: int
    start: str = ""


class Stop(Exception):
    """The message: what is in the way, and the way out."""


def shots(demo: Path, handouts: Path) -> list[Shot]:
    """Return what is shown of the demo's pages and the handouts.

    Raises Stop where they are not there
    """
    feedback = sorted((demo / "feedback" / NAME).glob("*.html"))
    pages = [p for p in feedback if STUDENT in p.read_text(encoding="utf-8")]
    whole = demo / f"{NAME}-class.html"
    handout = handouts / f"{NAME}.html"
    if not pages or not whole.is_file():
        raise Stop(f"{demo}: no pages of the sample class\nWay out: make demo")
    return [
        Shot(name="report", page=pages[0], width=800, height=1130),
        Shot(name="case", page=pages[0], width=800, height=720, start=".case.failed"),
        Shot(name="class", page=whole, width=1100, height=1000, start="#marks"),
        Shot(name="handout", page=handout, width=900, height=1100),
    ]


def take(browser: str, shot: Shot, out: Path) -> Path:
    """Write a picture into the folder and return its path."""
    path = out / f"{shot.name}.png"
    with tempfile.TemporaryDirectory(prefix="shot-") as folder:
        page = Path(folder) / "page.html"
        text = shot.page.read_text(encoding="utf-8")
        if shot.start:  # the page's policy allows no script: so a copy without it
            scroll = (
                f"onload=()=>{{const at=document.querySelector('{shot.start}');"
                "const above=at.getBoundingClientRect().top-24;"
                "document.body.style.marginTop=`${-above}px`}"
            )
            policy, _, rest = text.partition("<meta http-equiv=")
            text = policy + rest.partition(">")[2] + f"<script>{scroll}</script>"
        page.write_text(text, encoding="utf-8")
        ran = subprocess.run(  # noqa: S603 a browser that was found, a page of ours
            [
                browser,
                *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
                *("--hide-scrollbars", "--disable-background-networking"),
                "--blink-settings=preferredColorScheme=1",
                f"--user-data-dir={folder}/profile",
                f"--window-size={shot.width},{shot.height}",
                f"--screenshot={path.absolute()}",
                page.as_uri(),
            ],
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    if ran.returncode or not path.is_file():
        raise Stop(f"{browser} took no picture of {shot.page}")
    return path


def take_all(demo: Path, handouts: Path, out: Path) -> list[Path]:
    """Take every picture; Stop where a page or the browser is missing."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise Stop(f"none of {', '.join(BROWSERS)} is there\nWay out: make dev")
    out.mkdir(parents=True, exist_ok=True)
    return [take(browser, shot, out) for shot in shots(demo, handouts)]


def main() -> int:
    """Read the arguments, take the pictures, say where they are."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--demo", type=Path, default=Path("demo-out"))
    parser.add_argument("--handouts", type=Path, default=Path("handouts-out"))
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    try:
        for path in take_all(given.demo, given.handouts, given.out):
            print(path)
    except Stop as stop:
        print(stop, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
