"""Write a new assignment that can be graded, proven and released at once.

It has one small question with everything that a question has: public and hidden cases,
a reference, known mistakes, a variant. An author replaces it piece by piece.
"""

import os
import re
import shutil
import tempfile
from pathlib import Path

from autograder.course import folders
from autograder.errors import StaffError

SKELETON = Path(__file__).with_name("skeleton")
NAME = re.compile(r"(a[0-9]+)_[a-z][a-z0-9_]*")
"""As the students' tools, ``.gitignore`` and short names (``a6``) have it."""
PUBLIC = {
    "README.md": "README.md",
    "manifest.toml": "manifest.toml",
    "tests/q1_differences.py": "public_cases.py.txt",
}
SECRET = {
    "reference.py": "reference.py.txt",
    "tests/q1_differences.py": "hidden_cases.py.txt",
    "misconceptions.toml": "misconceptions.toml",
    "equivalents.toml": "equivalents.toml",
    "variants/loops.py": "variant.py.txt",
}
"""Where each file of the skeleton goes; ``.txt`` keeps it from being taken for ours."""


def write(course: Path, name: str, title: str = "") -> tuple[Path, Path]:
    """Write ``assignments/NAME`` and ``solutions/NAME`` of a course; return both.

    title : as pages and the handout have it; by default the words of the name
    Raises StaffError where the name is none, or where something of it is there already:
    nothing is overwritten
    """
    found = NAME.fullmatch(name)
    if found is None:
        raise StaffError(
            name,
            "is no name for an assignment",
            "a number and words, as in a6_transposed",
        )
    same = [n for n in folders.names(course) if n.partition("_")[0] == found[1]]
    if same and same != [name]:
        raise StaffError(
            name, f"has the number of {same[0]}", "students write the number alone"
        )
    title = title or name.partition("_")[2].replace("_", " ").capitalize()
    public, secret = course / "assignments" / name, course / "solutions" / name
    for folder in (public, secret):
        if folder.exists():
            raise StaffError(folder, "is there already", "nothing was written")
    _write_folder(public, PUBLIC, name, title)
    _write_folder(secret, SECRET, name, title)
    return public, secret


def _write_folder(folder: Path, files: dict[str, str], name: str, title: str) -> None:
    """Write a folder beside its place, then rename it: whole or not at all."""
    staging = ""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        staging = tempfile.mkdtemp(prefix=f".{name}-", dir=folder.parent)
        Path(staging).chmod(0o755)
        for place, source in files.items():
            text = (SKELETON / source).read_text(encoding="utf-8")
            target = Path(staging) / place
            target.parent.mkdir(parents=True, exist_ok=True)
            written = text.replace("NEW_NAME", name).replace("NEW_TITLE", title)
            target.write_text(written, encoding="utf-8")
        os.replace(staging, folder)  # noqa: PTH105 a folder, in its place at once
    except OSError as error:
        raise StaffError(folder, f"cannot be written: {error.strerror}") from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
