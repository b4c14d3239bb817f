"""The handouts as files to give out: HTML pages, and PDFs where these can be made.

The PDF is the page as Chromium prints it, which is no part of the set-up for grading:
where it is missing, there are pages only, and the command says so.
"""

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from autograder.course import assignment as assignments
from autograder.course import folders
from autograder.errors import StaffError
from autograder.reports import handout

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SECONDS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was written, and what has to be said of it."""

    paths: tuple[Path, ...]
    remark: str


def write(course: Path, folder: Path) -> Written:
    """Write the pages of all assignments into the folder, and their PDFs.

    Raises StaffError where one cannot be read or written
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StaffError(folder, f"cannot be written: {error.strerror}") from error
    pages = [
        handout.write_page(folder, assignments.load(course, name))
        for name in folders.names(course)
    ]
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        wanted = ", without PDFs: install chromium for these"
        return Written(paths=tuple(pages), remark=wanted)
    printed = [_printed(browser, page) for page in pages]
    return Written(paths=(*pages, *printed), remark="")


def _printed(browser: str, page: Path) -> Path:
    """Print a page, whose scripts and network are those of the page: none."""
    path = page.with_suffix(".pdf")
    with tempfile.TemporaryDirectory(prefix="handout-") as profile:
        ran = subprocess.run(  # noqa: S603 a browser that was found, a page of ours
            [
                browser,
                *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
                *("--disable-background-networking", "--no-pdf-header-footer"),
                f"--user-data-dir={profile}",
                f"--print-to-pdf={path.absolute()}",
                page.absolute().as_uri(),
            ],
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    if ran.returncode or not path.is_file():
        said = ran.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise StaffError(page, f"{browser} did not print it: {''.join(said)}")
    return path
