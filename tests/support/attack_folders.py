"""What the folders of ``tests/attacks`` hand in."""

import tomllib
from pathlib import Path

FILL = b"FILL"


def source_of(folder: Path) -> bytes:
    """Return an attack's file: a ``.txt`` where it is no Python that a tool could read.

    Where its ``expected.toml`` has `fill`, the word FILL stands for that text, so many
    `times`: so nobody has to keep a megabyte of spaces
    """
    text = folder / "submission.txt"
    path = text if text.exists() else folder / "submission.py"
    source = path.read_bytes()
    expected = tomllib.loads((folder / "expected.toml").read_text(encoding="utf-8"))
    if "fill" not in expected:
        return source
    assert source.count(FILL) == 1, folder
    return source.replace(FILL, expected["fill"].encode() * expected["times"])
