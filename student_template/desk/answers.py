"""Your answers: read, imported, and their errors shown with your own lines.

A file is taken as it stands, a notebook as grading reads it.
"""

import contextlib
import importlib.util
import io
import linecache
import sys
import traceback
from functools import lru_cache
from pathlib import Path
from types import ModuleType

from checks import CheckFailedError

from desk.about import About, about
from desk.limit import TooLongError
from desk.notebook import as_python, is_notebook, place

_SHOWN = 3
"""Lines of the beginning, and of the end, of a long way to an error."""


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


def load(path: Path) -> ModuleType:
    """Import the file at `path` under its own name, anew; what it prints is kept back.

    Raises what importing it raises
    """
    source = importlib.util.decode_source(source_of(path))
    # Python looks a line up here when it shows where an error was; a notebook's lines
    # are those of the Python that is made of it.
    lines = source.splitlines(keepends=True)
    linecache.cache[str(path)] = (len(source), None, lines, str(path))
    module = ModuleType(path.stem)
    module.__file__ = str(path)
    sys.modules[path.stem] = module
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(source, str(path), "exec", dont_inherit=True), vars(module))  # noqa: S102
    return module


def words_of(error: BaseException, answers: Path) -> str:
    """Say what went wrong, with your own lines where your code raised an error."""
    own = str(answers)
    mine = own_frames(error, answers)
    is_ours = isinstance(error, CheckFailedError | TooLongError)
    if is_ours or (isinstance(error, AssertionError) and not mine):
        return str(error)
    if isinstance(error, SyntaxError) and error.filename == own:
        place = line_of(answers, error.lineno)
        return f"{own}, {place}: {error.msg}\n    {error.text}"
    lines = [_shown(frame, answers) for frame in mine]
    if len(lines) > 2 * _SHOWN:
        left_out = f"  ... {len(lines) - 2 * _SHOWN} more lines\n"
        lines[_SHOWN:-_SHOWN] = [left_out]
    name = type(error).__name__
    told = f"{name}: {error}" if str(error) else name
    said = "; nobody types anything in grading" if isinstance(error, EOFError) else ""
    return "".join(lines) + told + said


def own_frames(error: BaseException, answers: Path) -> list[traceback.FrameSummary]:
    """Return the lines of your file that an error came through."""
    frames = traceback.extract_tb(error.__traceback__)
    return [frame for frame in frames if frame.filename == str(answers)]


def _shown(frame: traceback.FrameSummary, answers: Path) -> str:
    """Show a line of your file as Python does, and of a notebook with its cell."""
    text = traceback.format_list([frame])[0]
    place = line_of(answers, frame.lineno)
    return text.replace(f", line {frame.lineno},", f", {place},", 1)


@lru_cache(maxsize=4)
def _converted(data: bytes, of: About) -> bytes:
    source = as_python(data, functions=of.functions, packages=of.packages)
    return source.encode("utf-8")
