"""Make the student's stub from the reference: solution regions out, the rest stays.

A region is what stands from a ``# BEGIN SOLUTION`` line to the next ``# END SOLUTION``
line. Inside a function or method the first region becomes ``raise
NotImplementedError``, others vanish; at the top level a region (helpers, imports)
vanishes.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import AuthoringError

BEGIN, END = "# BEGIN SOLUTION", "# END SOLUTION"


@dataclass(frozen=True)
class Region:
    """Lines `begin` to `end` (from 1, both markers included) of a reference."""

    begin: int
    end: int


def regions(source: str, path: Path) -> list[Region]:
    """Return the solution regions in order.

    Raises AuthoringError for a marker that is not closed, not opened, or nested
    """
    found: list[Region] = []
    begin: int | None = None
    for number, line in enumerate(source.splitlines(), 1):
        if line.strip() == BEGIN:
            if begin is not None:
                raise AuthoringError(
                    f"{path}:{number}",
                    f"{BEGIN} inside the region opened at line {begin}",
                    f"close that one with {END} first",
                )
            begin = number
        elif line.strip() == END:
            if begin is None:
                raise AuthoringError(
                    f"{path}:{number}", f"{END} without a {BEGIN} before it"
                )
            found.append(Region(begin, number))
            begin = None
    if begin is not None:
        raise AuthoringError(
            f"{path}:{begin}", f"{BEGIN} is never closed", f"add {END} below it"
        )
    return found


def make_stub(source: str, path: Path) -> str:
    """Return the stub of a reference's `source`; `path` is for errors.

    Raises AuthoringError for unbalanced markers, a public function without a region,
    and a reference or stub that is no valid Python
    """
    tree = _parse(source, path)
    found = regions(source, path)
    functions = dict(_functions(tree))
    lines = source.splitlines()
    replacement: dict[int, list[str]] = {}
    started: set[str] = set()
    for region in found:
        owner = next((n for n, f in functions.items() if _holds(f, region)), None)
        kept: list[str] = []
        if owner is not None and owner not in started:
            started.add(owner)
            marker = lines[region.begin - 1]
            indent = marker[: len(marker) - len(marker.lstrip())]
            kept = [f'{indent}raise NotImplementedError("{owner}: not started yet")']
        replacement[region.begin] = kept
    for name, function in functions.items():
        hidden = any(r.begin < function.lineno < r.end for r in found)
        if not name.startswith("_") and not hidden and name not in started:
            raise AuthoringError(
                f"{path}:{function.lineno}",
                f"the public function {name!r} has no {BEGIN} region",
                "students would get its solution",
            )
    stub = _tidy(_assemble(lines, found, replacement))
    _parse(stub, path)
    return stub


def solution_lines(source: str, path: Path) -> list[str]:
    """Return the lines inside the solution regions, stripped, markers left out."""
    lines = source.splitlines()
    return [
        line.strip()
        for region in regions(source, path)
        for line in lines[region.begin : region.end - 1]
    ]


def _assemble(
    lines: list[str], found: list[Region], replacement: dict[int, list[str]]
) -> list[str]:
    kept: list[str] = []
    position = 0
    for region in found:
        kept += lines[position : region.begin - 1] + replacement[region.begin]
        position = region.end
    return kept + lines[position:]


def _tidy(lines: list[str]) -> str:
    """Join the lines, with never more than two blank ones in a row."""
    kept: list[str] = []
    for line in lines:
        if line.strip() or kept[-2:] != ["", ""]:
            kept.append(line.rstrip())
    return "\n".join(kept).strip("\n") + "\n"


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield the functions of a module, and the methods of its classes, by name."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for method in node.body:
                if isinstance(method, ast.FunctionDef):
                    yield f"{node.name}.{method.name}", method


def _holds(function: ast.FunctionDef, region: Region) -> bool:
    return (
        function.lineno < region.begin <= region.end <= (function.end_lineno or 0) + 1
    )


def _parse(source: str, path: Path) -> ast.Module:
    try:
        return ast.parse(source)
    except SyntaxError as error:
        raise AuthoringError(
            f"{path}:{error.lineno}", f"is no valid Python: {error.msg}"
        ) from error
