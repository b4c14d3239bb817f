"""The notebooks in which students look around, from their source in py:percent.

``assignments/NAME/explore.py`` is the source, a Python file that diffs and linters can
read; ``explore.ipynb`` is made of it by jupytext, with which the two stay paired in an
editor. A notebook has no outputs: what it shows is made by a student's own functions.
"""

import json
from pathlib import Path
from typing import Any

from autograder.course.toml_files import read_text
from autograder.errors import AuthoringError
from autograder.intake.notebooks import OF_THE_COURSE

SOURCE = "explore.py"
REPOSITORY = "repository.txt"
PLACEHOLDER = "FIRST_CELL"
FIRST_CELL = """\
# Finds the course's folder; on Colab, fetches it. Then upload your own file into it.
import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = {repository!r}
FOLDER = {folder!r}
if "google.colab" in sys.modules and not Path(FOLDER).is_dir() and REPOSITORY:
    subprocess.run(["git", "clone", "--depth=1", REPOSITORY, "course"], check=True)
    os.chdir("course")
places = [Path.cwd(), *Path.cwd().parents]
here = next((place for place in places if (place / FOLDER / "tests").is_dir()), None)
if here is None:
    raise FileNotFoundError("open this notebook in the folder that holds " + FOLDER)
sys.path.insert(0, str(here))
if "ipykernel" in sys.modules:
    get_ipython().run_line_magic("matplotlib", "inline")"""


def explore_files(public: Path) -> dict[str, bytes]:
    """Return the notebook of an assignment, by its name; none where there is no source.

    public : ``assignments/NAME``
    Raises AuthoringError where the source has not its first cell
    """
    source = public / SOURCE
    if not source.is_file():
        return {}
    text = read_text(source)
    if text.count(f"\n{PLACEHOLDER}\n") != 1:
        raise AuthoringError(
            str(source),
            f"a line {PLACEHOLDER} has to stand there once",
            "put it into the first cell of code",
        )
    first = FIRST_CELL.format(
        repository=_repository(public.parent / REPOSITORY), folder=public.name
    )
    text = text.replace(f"\n{PLACEHOLDER}\n", f"\n{first}\n")
    return {OF_THE_COURSE: _notebook(text)}


def _repository(path: Path) -> str:
    """Return the address that an instructor has written there, or ""."""
    lines = read_text(path).splitlines() if path.is_file() else []
    return next((s for line in lines if (s := line.strip()) and s[0] != "#"), "")


def _notebook(text: str) -> bytes:
    """Return the notebook of a text in py:percent: for one text always the same."""
    import jupytext  # noqa: PLC0415 - takes half a second, and only release needs it

    book: dict[str, Any] = jupytext.reads(text, fmt="py:percent")
    for number, cell in enumerate(book["cells"], start=1):
        cell["id"] = f"cell-{number}"  # else drawn at random
        cell["metadata"] = {}
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
        cell["source"] = cell["source"].splitlines(keepends=True)
    book["nbformat"], book["nbformat_minor"] = 4, 5
    book["metadata"]["jupytext"].pop("text_representation", None)
    return (
        json.dumps(book, indent=1, ensure_ascii=False, sort_keys=True).encode() + b"\n"
    )
