"""Read a notebook as the Python file that grading makes of it.

Grading runs what the answers need, and nothing else of a notebook: functions, classes,
imports, and the assignments that they use, in the notebook's own order. What shows,
prints, trains or tries something out is not run, nor are magics and shell lines. So a
demo that needs a picture or a minute costs nothing.

What comes out is Python with a comment above each cell's lines, ``# [cell 7]``: by it
any line is found again in the notebook (`place`). Cells are code cells, counted from 1;
cells of text are not counted. What was left out stands in comments at the top
(`notes`).

This module needs nothing but Python: grading runs it by itself, as a program with
limits (`main`), since a notebook may be anything; and students have it in their desk,
so that what is graded is known before it is handed in.
"""

import ast
import builtins
import json
import re
import symtable
import sys
import warnings
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

SUFFIX = ".ipynb"
MOST_BYTES = 16 * 2**20
"""With all that its cells have printed and drawn."""
MOST_CODE = 2**20
"""Characters of all code cells together."""
MOST_CELLS = 5_000
"""Code cells: a million empty ones take more time than there is."""
MOST_NOTES = 12
_LONGEST = 120
COMPUTING_SECONDS = 10
MEMORY_BYTES = 2**30

_TITLE = "# A notebook, as grading reads it."
_NOTE = "# Note: "
_CELL_BEGINS = "\n# [cell "
_CELL = re.compile(r"\n# \[cell ([0-9]{1,9})\]")
_OLD_FORMAT = 3
_RUNS_ITS_CELL = frozenset({"%%time", "%%capture", "%%prun", "%%memit"})
"""Magics below which the cell is run as it would be without them."""
_MAGIC = re.compile(r"[%!?]|[/,;]\w")
_ASSIGNS_MAGIC = re.compile(r"[^=\"'#]*=\s*[%!]\s*\w")
_HELP = re.compile(r"[^\"'#]*[\w\])]\s*\?{1,2}")
_SETS = re.compile(r"set|\w*seed$")
"""Names of functions that change how a package works: `seed`, `setrecursionlimit`."""
_TOP_LEVEL_AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_TOO_DEEP = "it is nested too deeply"
_Definition = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_Import = (ast.Import, ast.ImportFrom)


class NotebookError(ValueError):
    """It can't be read; the message says why and what to do, after the file's name."""


@dataclass(frozen=True)
class Place:
    """A line of a notebook: the cell, and its line in it, both from 1."""

    cell: int
    line: int

    def __str__(self) -> str:
        return f"cell {self.cell}, line {self.line}"


def as_python(
    data: bytes, *, functions: Collection[str] = (), packages: Collection[str] = ()
) -> str:
    """Return the Python file that a notebook is graded as.

    functions : those that are asked for; where none is told, all that there are
    packages : what grading can import beside Python's own; where none is told, anything
    Raises NotebookError where the notebook can't be read
    """
    cells = [_Cell(number, text) for number, text in enumerate(_code(data), start=1)]
    units = [unit for cell in cells for unit in cell.units]
    for unit in units:
        unit.leave_out_imports(packages)
    _keep(units, functions)
    lines = [_TITLE, *(f"{_NOTE}{note}" for note in _told(cells))]
    # Python takes these before anything else only.
    lines += [line for unit in units if unit.is_future for line in unit.lines]
    for cell in cells:
        kept = cell.kept_lines()
        if kept:
            lines += [f"# [cell {cell.number}]", *kept]
    return "\n".join(lines) + "\n"


def is_notebook(name: str) -> bool:
    """Tell by the name whether a file is a notebook."""
    return name.casefold().endswith(SUFFIX)


def is_from_notebook(source: str) -> bool:
    """Tell whether a file has been made by `as_python`."""
    return source.startswith(_TITLE)


def notes(source: str) -> list[str]:
    """Return what `as_python` has left out, in words, where it has made `source`."""
    found = []
    for line in source.split("\n")[1:] if is_from_notebook(source) else ():
        if not line.startswith(_NOTE):
            break
        found.append(line.removeprefix(_NOTE))
    return found


def shown_name(file_name: str, source: str) -> str:
    """Return the name of what was handed in: the notebook's, where it was one.

    file_name : that of the Python file that was asked for
    """
    if not is_from_notebook(source):
        return file_name
    return file_name.removesuffix(".py") + SUFFIX


def place(source: str, line: int | None) -> Place | None:
    """Return where a line of what `as_python` has made stands in the notebook.

    None where it stands in no cell, or `source` is no notebook's
    """
    if line is None or not is_from_notebook(source):
        return None
    above = "\n".join(source.split("\n", line)[:line][:-1])
    at = len(above)
    # A marker that is none, of which a file may be full, is passed over.
    while (at := above.rfind(_CELL_BEGINS, 0, at)) >= 0:
        found = _CELL.match(above, at)
        if found and above[found.end() : found.end() + 1] in {"", "\n"}:
            return Place(int(found[1]), line - above.count("\n", 0, at) - 2)
    return None


def _code(data: bytes) -> list[str]:
    """Return the code cells' text."""
    if len(data) > MOST_BYTES:
        raise NotebookError(too_large(len(data), MOST_BYTES))
    try:
        book = json.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except RecursionError:
        raise NotebookError(f"{_damaged(_TOO_DEEP)}") from None
    except ValueError as error:  # of JSON, of text, of numbers with too many digits
        raise NotebookError(_damaged(str(error))) from None
    if not isinstance(book, dict):
        raise NotebookError("is no notebook: there are no cells in it")
    language = _language(book.get("metadata"))
    if language and not language.casefold().startswith(("python", "ipython")):
        raise NotebookError(
            f"is a notebook in {_short(language)}: it has to be in Python"
        )
    version = book.get("nbformat")
    if "worksheets" in book or (isinstance(version, int) and version <= _OLD_FORMAT):
        raise NotebookError(
            "is a notebook of Jupyter's old format 3: open it in Jupyter, save it and "
            "hand it in again"
        )
    cells = book.get("cells")
    if not isinstance(cells, list):
        raise NotebookError("is no notebook: there are no cells in it")
    codes = [cell for cell in cells if _is_code(cell)]
    if len(codes) > MOST_CELLS:
        raise NotebookError(
            f"has {len(codes):,} code cells, at most {MOST_CELLS:,} are read"
        )
    texts = [_text(cell) for cell in codes]
    size = sum(map(len, texts))
    if size > MOST_CODE:
        raise NotebookError(
            f"has {size:,} characters of code, at most {MOST_CODE:,} are read"
        )
    return texts


def too_large(size: int, most: int) -> str:
    """Say what to do with a notebook that is too large; sizes in bytes."""
    return (
        f"has {size:,} bytes, at most {most:,} are read: clear its outputs, save "
        "it and hand it in again"
    )


def _damaged(why: str) -> str:
    return f"is damaged ({_short(why)}): open it in Jupyter, save it, hand it in again"


def _language(metadata: object) -> str:
    """Return the language that a notebook names, or ""."""
    for outer, inner in (("language_info", "name"), ("kernelspec", "language")):
        about = metadata.get(outer) if isinstance(metadata, dict) else None
        named = about.get(inner) if isinstance(about, dict) else None
        if isinstance(named, str) and named:
            return named
    return ""


def _is_code(cell: object) -> bool:
    return isinstance(cell, dict) and cell.get("cell_type") == "code"


def _text(cell: dict[str, object]) -> str:
    """Return a cell's text, which stands in one string or in a list of them."""
    source = cell.get("source", "")
    parts = source if isinstance(source, list) else [source]
    if not all(isinstance(part, str) for part in parts):
        raise NotebookError(_damaged("a cell's source is no text"))
    text = "".join(map(str, parts))
    return text.replace("\r\n", "\n").replace("\r", "\n")


class _Cell:
    """A code cell.

    number : from 1
    units : its statements; none where it is left out as a whole
    left_out : why it is, or ""
    magics : whether lines that only Jupyter reads were left out
    """

    def __init__(self, number: int, text: str) -> None:
        self.number = number
        self.left_out, self.magics = "", False
        self.units: list[_Unit] = []
        lines = text.split("\n")
        first = next((at for at, line in enumerate(lines) if line.strip()), 0)
        if lines[first].startswith("%%"):
            magic = lines[first].split()[0]
            if magic not in _RUNS_ITS_CELL:
                self.left_out = f"cell {number} begins with {_short(magic)}: left out"
                return
            lines[first] = ""
        self._lines, self.magics = _without_magics(lines)
        self._take_apart()

    def kept_lines(self) -> list[str]:
        """Return its lines, empty where they are left out; none if all are."""
        kept = [unit for unit in self.units if unit.is_kept and not unit.is_future]
        if not kept:
            return []
        lines = [""] * max(unit.last for unit in kept)
        for unit in kept:
            lines[unit.first - 1 : unit.last] = unit.lines
        return lines

    def _take_apart(self) -> None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                text = "\n".join(self._lines)
                tree = ast.parse(text)
                compile(text, "<cell>", "exec", _TOP_LEVEL_AWAIT, dont_inherit=True)
                self.units = list(_units(tree, self._lines, self.number))
        except SyntaxError as error:
            self._leave_out(error.msg, error.lineno)
        except ValueError as error:  # null bytes, halves of characters
            self._leave_out(str(error), None)
        except (MemoryError, RecursionError):
            self._leave_out(_TOO_DEEP, None)

    def _leave_out(self, why: str, line: int | None) -> None:
        at = f"cell {self.number}, line {line}" if line else f"cell {self.number}"
        self.left_out = (
            f"{at}: Python can't read this ({_short(why)}), so the cell is left out"
        )


@dataclass
class _Unit:
    """Statements of a cell that share lines: nearly always one.

    first, last : its lines in the cell, from 1
    lines : as they are kept
    binds : names that it gives or changes
    at_once : names of the file that it uses when it is run; later : in functions
    note : what was left out of it, or ""
    """

    cell: int
    nodes: list[ast.stmt]
    first: int
    last: int
    lines: list[str]
    binds: set[str] = field(default_factory=set)
    at_once: set[str] = field(default_factory=set)
    later: set[str] = field(default_factory=set)
    is_kept: bool = False
    note: str = ""

    @property
    def is_import(self) -> bool:
        return all(isinstance(node, _Import) for node in self.nodes)

    @property
    def is_future(self) -> bool:
        return self.is_import and any(
            isinstance(node, ast.ImportFrom) and node.module == "__future__"
            for node in self.nodes
        )

    @property
    def is_definition(self) -> bool:
        return all(isinstance(node, _Definition) for node in self.nodes)

    @property
    def is_text(self) -> bool:
        """Whether it is nothing but a docstring or a number by itself."""
        return all(
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            for node in self.nodes
        )

    @property
    def only_defines(self) -> bool:
        """Whether it computes nothing when it is run, as a decorator would."""
        return self.is_definition and not any(
            isinstance(inner, ast.Call | ast.Await)
            or getattr(inner, "decorator_list", ())
            for node in self.nodes
            for inner in _walk_outside_functions(node)
        )

    @property
    def waits(self) -> bool:
        """Tell whether it uses `await`, which works in Jupyter only."""
        inside = (n for node in self.nodes for n in _walk_outside_functions(node))
        return any(
            isinstance(n, ast.Await | ast.AsyncFor | ast.AsyncWith) for n in inside
        )

    def analyse(self) -> None:
        """Find what names it gives and what it uses."""
        table = symtable.symtable("\n".join(self.lines), "<cell>", "exec")
        for symbol in table.get_symbols():
            if symbol.is_referenced():
                self.at_once.add(symbol.get_name())
            if symbol.is_assigned() or symbol.is_imported():
                self.binds.add(symbol.get_name())
        for child in table.get_children():
            self._analyse_inside(child)
        for node in self.nodes:
            self.binds.update(_changed(node))

    def leave_out_imports(self, packages: Collection[str]) -> None:
        """Leave out what grading has not, so that the rest can be run."""
        if not self.is_import or not packages:
            return
        there = {"__future__", *sys.stdlib_module_names}
        there |= {package.partition(".")[0] for package in packages}
        kept: list[ast.stmt] = []
        missing: list[str] = []
        for node in self.nodes:
            if isinstance(node, ast.Import):
                tops = [alias.name.partition(".")[0] for alias in node.names]
                missing += [top for top in tops if top not in there]
                names = [
                    a for a, top in zip(node.names, tops, strict=True) if top in there
                ]
                kept += [ast.Import(names=names)] if names else []
            elif isinstance(node, ast.ImportFrom):
                top = (node.module or "").partition(".")[0]
                is_there = top in there and not node.level
                missing += [] if is_there else [top or "."]
                kept += [node] if is_there else []
        if not missing:
            return
        self.note = (
            f"cell {self.cell}, line {self.first}: grading has no "
            f"{_listed(dict.fromkeys(missing), 'and')}, so this import is left out; a "
            "function that needs it will fail"
        )
        self.nodes = kept
        text = "; ".join(ast.unparse(ast.fix_missing_locations(node)) for node in kept)
        self.lines = [text] + [""] * (self.last - self.first)
        self.binds.clear()
        self.analyse()

    def _analyse_inside(self, table: symtable.SymbolTable) -> None:
        is_function = table.get_type() == "function"
        is_run_at_once = not is_function or table.get_name() in {
            "listcomp",
            "setcomp",
            "dictcomp",
            "genexpr",
        }
        used = self.at_once if is_run_at_once else self.later
        used.update(s.get_name() for s in table.get_symbols() if s.is_global())
        for child in table.get_children():
            self._analyse_inside(child)


def _units(tree: ast.Module, lines: list[str], cell: int) -> Iterator[_Unit]:
    """Yield a cell's statements, those that share a line together."""
    unit: _Unit | None = None
    for node in tree.body:
        decorators = getattr(node, "decorator_list", [])
        first = min(n.lineno for n in (node, *decorators))
        last = node.end_lineno or node.lineno
        if unit is not None and first <= unit.last:
            unit.nodes.append(node)
            unit.last = max(unit.last, last)
            continue
        if unit is not None:
            yield _analysed(unit, lines)
        unit = _Unit(cell=cell, nodes=[node], first=first, last=last, lines=[])
    if unit is not None:
        yield _analysed(unit, lines)


def _analysed(unit: _Unit, lines: list[str]) -> _Unit:
    unit.lines = lines[unit.first - 1 : unit.last]
    unit.analyse()
    return unit


def _keep(units: Sequence[_Unit], functions: Collection[str]) -> None:
    """Mark what is graded: what the functions need, and what does no harm."""
    binders: dict[str, list[_Unit]] = {}
    for unit in units:
        unit.is_kept = unit.is_import and bool(unit.nodes)
        for name in unit.binds if not unit.waits else ():
            binders.setdefault(name, []).append(unit)
    asked = [name for name in functions if name in binders]
    defined = [n for u in units if u.is_definition for n in u.binds]
    waiting = asked or defined
    needed = set(waiting)
    while waiting:
        for unit in binders.get(waiting.pop(), ()):
            if unit.is_kept or (unit.is_import and not unit.nodes):
                continue
            unit.is_kept = True
            uses = (unit.at_once | unit.later) - needed
            needed |= uses
            waiting += uses
    known = set(dir(builtins))
    for unit in units:
        if not unit.is_kept:
            stands = unit.only_defines and unit.at_once <= known
            unit.is_kept = stands or _is_setting(unit, known)
        if unit.is_kept:
            known |= unit.binds


def _is_setting(unit: _Unit, known: set[str]) -> bool:
    """Tell a call like ``np.random.seed(0)``, which changes how a package works."""
    return (
        all(
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Call)
            and isinstance(node.value.func, ast.Attribute)
            and bool(_SETS.match(node.value.func.attr))
            and _root(node.value.func) in known
            and all(
                isinstance(
                    part, ast.Constant | ast.Attribute | ast.Name | ast.expr_context
                )
                for argument in (
                    *node.value.args,
                    *(k.value for k in node.value.keywords),
                )
                for part in ast.walk(argument)
            )
            for node in unit.nodes
        )
        and unit.at_once <= known
    )


def _changed(node: ast.stmt) -> Iterator[str]:
    """Yield names of what is changed: ``t[0] = 1``, ``Net.f = g``, ``t.append(1)``."""
    for inner in _walk_outside_functions(node):
        root: str | None = None
        if isinstance(inner, ast.Attribute | ast.Subscript):
            if not isinstance(inner.ctx, ast.Load):
                root = _root(inner)
        elif isinstance(inner, ast.Expr) and isinstance(inner.value, ast.Call):
            call = inner.value
            if isinstance(call.func, ast.Attribute):
                root = _root(call.func)
        if root is not None:
            yield root


def _root(node: ast.expr) -> str | None:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _walk_outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what is run where it stands: of a function, what stands in its head."""
    yield node
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        inner: Iterable[ast.AST] = (*node.decorator_list, node.args)
    elif isinstance(node, ast.Lambda):
        inner = (node.args,)
    else:
        inner = ast.iter_child_nodes(node)
    for child in inner:
        yield from _walk_outside_functions(child)


def _without_magics(lines: Sequence[str]) -> tuple[list[str], bool]:
    """Empty the lines that only Jupyter reads; a line in a string or in brackets stays.

    Returns the lines, and whether any was emptied
    """
    found: list[str] = []
    scan = _Scan()
    goes_on = any_found = False
    for line in lines:
        code = line.strip()
        if goes_on or (scan.at_statement and _is_magic(code)):
            indent = line[: len(line) - len(line.lstrip())]
            found.append(f"{indent}pass" if indent and not goes_on else "")
            goes_on = code.endswith("\\")
            any_found = True
        else:
            found.append(line)
            scan.read(line)
    return found, any_found


def _is_magic(code: str) -> bool:
    return bool(
        _MAGIC.match(code) or _ASSIGNS_MAGIC.match(code) or _HELP.fullmatch(code)
    )


class _Scan:
    """What is still open at a line's end: a string, brackets, a line that goes on."""

    _SIGN = re.compile(r"\"\"\"|'''|\\.|[\"'#()\[\]{}]")

    def __init__(self) -> None:
        self._quote, self._depth, self._goes_on = "", 0, False

    @property
    def at_statement(self) -> bool:
        """Whether a statement may begin here."""
        return not (self._quote or self._depth or self._goes_on)

    def read(self, line: str) -> None:
        """Go on by a line."""
        self._goes_on = line.endswith("\\")
        for match in self._SIGN.finditer(line):
            sign = match[0]
            if self._quote:
                is_end = sign == self._quote or (
                    len(self._quote) == 1 and sign[0] == self._quote
                )
                self._quote = "" if is_end else self._quote
            elif sign[0] in "\"'":
                self._quote = sign
            elif sign == "#":
                self._goes_on = False
                return
            elif sign in "([{":
                self._depth += 1
            elif sign in ")]}":
                self._depth = max(0, self._depth - 1)
        if len(self._quote) == 1 and not self._goes_on:
            self._quote = ""


def _told(cells: Sequence[_Cell]) -> Iterator[str]:
    """Say what is graded, and what is left out."""
    count = f"{len(cells)} code cell{'' if len(cells) == 1 else 's'}"
    yield (
        f"the notebook was read as its {count}, from top to bottom (cells of text are "
        "not counted): functions, classes, imports and what these need"
    )
    shown = [
        cell.number
        for cell in cells
        if any(not (u.is_kept or u.note or u.is_text) for u in cell.units)
    ]
    if shown:
        yield f"not run, since no answer needs it: something of {_cells(shown)}"
    magics = [cell.number for cell in cells if cell.magics]
    if magics:
        yield f"left out: lines for Jupyter alone (%, !, ?) in {_cells(magics)}"
    others = [cell.left_out for cell in cells if cell.left_out]
    others += [unit.note for cell in cells for unit in cell.units if unit.note]
    yield from others[:MOST_NOTES]
    if len(others) > MOST_NOTES:
        yield f"and {len(others) - MOST_NOTES} more like these"


def _cells(numbers: Sequence[int]) -> str:
    word = "cell" if len(numbers) == 1 else "cells"
    some = [str(number) for number in numbers[:MOST_NOTES]]
    more = len(numbers) - len(some)
    return f"{word} {_listed([*some, *([f'{more} more'] if more else [])], 'and')}"


def _listed(words: Iterable[str], last: str) -> str:
    *first, end = words
    return f"{', '.join(first)} {last} {end}" if first else end


def _short(text: str) -> str:
    """Return some words of it in one line: what goes into comments and messages."""
    plain = " ".join(text.split())
    unseen = "\N{REPLACEMENT CHARACTER}"
    plain = "".join(c if c.isprintable() else unseen for c in plain)
    return plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST - 1]}…"


def main() -> None:
    """Read a notebook from the standard input within limits; write JSON.

    Its first line is JSON: ``functions`` and ``packages``, as for `as_python`; what
    follows is the notebook. Writes ``source``, or ``error``
    """
    with suppress(ImportError):
        import resource  # noqa: PLC0415 - Windows has none

        cpu = (COMPUTING_SECONDS, COMPUTING_SECONDS)
        resource.setrlimit(resource.RLIMIT_CPU, cpu)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    asked = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()
    try:
        told = {"source": as_python(data, **asked)}
    except NotebookError as error:
        told = {"error": str(error)}
    except MemoryError:
        told = {"error": _damaged("it asks for too much memory")}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
