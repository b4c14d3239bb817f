"""Your answers as Python: a file as it stands, a notebook as grading reads it."""

from functools import lru_cache
from pathlib import Path

from desk.about import About, about
from desk.notebook import as_python, is_notebook, place


def source_of(path: Path) -> bytes:
    """Return the Python that is graded of a file; raises NotebookError."""
    data = path.read_bytes()
    if not is_notebook(path.name):
        return data
    return _converted(data, about(path.name))


def line_of(path: Path, line: int | None) -> str:
    """Name a line as you know it, ``line 3`` or ``cell 7, line 3``; "" for none."""
    if line is None:
        return ""
    found = None
    if is_notebook(path.name):
        found = place(source_of(path).decode("utf-8"), line)
    return f"line {line}" if found is None else str(found)


@lru_cache(maxsize=4)
def _converted(data: bytes, of: About) -> bytes:
    source = as_python(data, functions=of.functions, packages=of.packages)
    return source.encode("utf-8")
