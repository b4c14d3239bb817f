"""Read your file as grading will: what is fine here and 0 points there is told here."""

import ast
import importlib.util
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from desk.about import TEMPLATE, About
from desk.answers import line_of, source_of
from desk.as_graded import COMPUTING_SECONDS, ENDLESS
from desk.notebook import NotebookError, notes

EXPLORE = "explore.ipynb"
SECONDS = 60.0
"""Of the clock on the wall, for one that waits; NumPy's and torch's own is in it."""


@dataclass(frozen=True)
class Problem:
    """What grading will stumble over.

    line : in the Python that is graded; place : that line as you know it
    fatal : then the file can't be graded at all: 0 points
    only_here : it can't be tried on this computer, and says nothing of grading
    """

    text: str
    line: int | None = None
    fatal: bool = True
    place: str = ""
    only_here: bool = False

    @property
    def lead(self) -> str:
        """What the text is about, in words that stand in front of it."""
        if self.only_here:
            return "not tried here"
        return "grading can't take this" if self.fatal else "look at this"

    def __str__(self) -> str:
        return f"{self.place}: {self.text}" if self.place else self.text


def problems(about: About) -> list[Problem]:
    """Return what grading will stumble over, the first of all fatal ones first."""
    found = [] if about.is_untouched else _problems(about)
    return [replace(each, place=line_of(about.path, each.line)) for each in found]


def _problems(about: About) -> list[Problem]:
    path = about.path
    if len(about.files) > 1 and not about.chosen_file:
        names = " and ".join(each.name for each in about.files)
        return [
            Problem(
                f"there are {names}, and one of them counts: move the other away, or "
                f"name the one you mean, as in python -m desk check {path.name}"
            )
        ]
    if not path.is_file():
        return [_not_there(about)]
    try:
        source = source_of(path)
    except NotebookError as error:
        return [Problem(f"it {error}")]
    if not source.strip():
        return [Problem("the file is empty: has your editor saved it?")]
    if stumbled := [*_unreadable(source, about)] or [*_not_installed(about)]:
        return stumbled
    tree = ast.parse(source)
    stopped = list(_stopped(path.with_suffix(".py").name, source, about))
    told = [
        Problem(note, fatal=False) for note in notes(source.decode("utf-8", "replace"))
    ]
    return [*stopped, *told, *_later(tree, about, {p.line for p in stopped})]


def _not_there(about: About) -> Problem:
    found = (p.name for p in about.folder.glob("*.*py*") if p.is_file())
    others = ", ".join(sorted(name for name in found if name != EXPLORE))
    way_out = (
        f"; there is {others}: is that yours? Rename it to {about.file}"
        if others
        else ": take it from the template again"
    )
    return Problem(f"there is no {about.name}/{about.file}{way_out}")


def _unreadable(source: bytes, about: About) -> Iterator[Problem]:
    try:
        source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source[: error.start].count(b"\n") + 1
        yield Problem("this is not UTF-8 text: save the file as UTF-8", line)
        return
    minor = int(about.python.partition(".")[2])
    try:
        ast.parse(source)
    except (SyntaxError, ValueError) as error:
        text = getattr(error, "msg", None) or str(error)
        here = f"Python {sys.version_info[0]}.{sys.version_info[1]}"
        yield Problem(f"{here} can't read it: {text}", getattr(error, "lineno", None))
        return
    try:
        ast.parse(source, feature_version=(3, minor))
    except SyntaxError as error:
        yield Problem(
            f"grading has Python {about.python}, which can't read this: {error.msg}",
            error.lineno,
        )


def _not_installed(about: About) -> Iterator[Problem]:
    for name in about.packages:
        if "." not in name and importlib.util.find_spec(name) is None:
            files = sorted(TEMPLATE.glob("requirements*.txt"))
            asks = re.compile(rf"(?m)^{re.escape(name)}\b")
            asking = (f for f in files if asks.search(f.read_text(encoding="utf-8")))
            file = next(asking, None)
            what = f"-r {file.name}" if file is not None else name
            yield Problem(
                f"{about.name} needs {name}, which is not installed: "
                f"python -m pip install {what}",
                only_here=True,
            )


def _stopped(name: str, source: bytes, about: About) -> Iterator[Problem]:
    """Import what is graded in a process of its own, as grading does."""
    script = Path(__file__).with_name("as_graded.py")
    packages = [name for name in about.packages if "." not in name]
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder).resolve() / name
            path.write_bytes(source)
            command = [
                sys.executable,
                "-I",
                "-B",
                "-X",
                "utf8",
                str(script),
                str(path),
                *packages,
            ]
            done = subprocess.run(  # noqa: S603 - our own line
                command,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=SECONDS,
                check=False,
            )
    except subprocess.TimeoutExpired:
        yield Problem(
            f"importing the file does not end within {SECONDS:.0f} s: is there a loop "
            "outside the functions?"
        )
        return
    try:
        told = json.loads(done.stdout)
    except ValueError:
        said = done.stderr.strip().splitlines()[-1:] or ["nothing"]
        yield Problem(f"importing the file ends Python: it said {said[0]}")
        return
    if not told:
        return
    if told["type"] == ENDLESS:
        yield Problem(
            f"importing the file computes for more than {COMPUTING_SECONDS:g} s: is "
            "there a loop outside the functions?"
        )
        return
    text, line = f"{told['type']}: {told['text']}", told["line"]
    if told["type"] == "ModuleNotFoundError":
        there = ", ".join(["Python's own modules", *packages])
        text = f"{told['text']}; what is there: {there}"
    elif told["type"] == "EOFError":
        text = "grading types nothing in: no `input()` outside the functions"
    elif told["type"] == "SystemExit":
        text = "the file ends the program (exit, quit) when it is imported"
    yield Problem(f"the file can't be imported: {text}", line)


def _later(tree: ast.AST, about: About, told: set[int | None]) -> Iterator[Problem]:
    """Yield imports inside functions of what grading has not, unless they are tried."""
    there = {*sys.stdlib_module_names, *about.packages}
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    tried = {
        id(node)
        for attempt in ast.walk(tree)
        if isinstance(attempt, ast.Try)
        for node in ast.walk(attempt)
    }
    inside = {id(n): n for f in functions for n in ast.walk(f) if id(n) not in tried}
    for node in inside.values():
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        for name in names:
            if name.partition(".")[0] not in there and node.lineno not in told:
                yield Problem(
                    f"{name} is not there in grading: what needs it will fail",
                    node.lineno,
                    fatal=False,
                )
