"""Small changes to a module of the grader, each of which some test should notice.

The text of one expression or statement is replaced, the rest stays as it is written.
What may stand in its place: `mutation.operators`. Unlike mutmut 3 it changes what
stands outside of functions, and methods with decorators: tables, defaults, properties.

Not changed: docstrings, annotations, decorators, names of types (``tuple[int, str]``),
what a module exports, the words of errors and messages.
"""

import ast
import copy
import itertools
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from mutation.operators import GUARDS, variants

TYPES = frozenset(
    {"Callable", "Iterator", "Literal", "Mapping", "Sequence", "dict", "list", "tuple"}
)
"""What is subscripted with types, where a name is given to one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One changed module.

    function : its qualified name; empty outside of functions and classes
    inside : in the body of a function: what is computed at import stays as it is
    lines : first and last line of the changed code
    span : first and last line of the function or class around it
    original, mutant : the first line that differs, before and after
    source : the whole module, changed
    """

    module: str
    function: str
    inside: bool
    lines: tuple[int, int]
    span: tuple[int, int]
    original: str
    mutant: str
    source: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What names it in the list of survivors."""
        return self.module, self.function, self.original, self.mutant

    @property
    def label(self) -> str:
        """One line for people."""
        where = f"{self.module}:{self.lines[0]} {self.function}".rstrip()
        return f"{where}: {self.original}  →  {self.mutant}"


def changes(
    source: str, module: str, lines: AbstractSet[str] | None = None
) -> Iterator[Change]:
    """Yield every change of a module, each different.

    module : its path, for the labels
    lines : those of which changes are wanted, without what they are indented by; None
        for all
    """
    seen = {source}
    for place in _places(ast.parse(source)):
        if lines is not None and lines.isdisjoint(_lines_of(source, place.host)):
            continue
        index = list(ast.walk(place.host)).index(place.node)
        for variant in itertools.count():
            twin = copy.deepcopy(place.host)
            inner = list(ast.walk(twin))[index]
            new = next(itertools.islice(variants(inner), variant, None), None)
            if new is None:
                break
            text = _written(new if inner is twin else _replaced(twin, inner, new))
            changed = _spliced(source, place.host, text)
            if changed in seen or not _parses(changed):
                continue
            seen.add(changed)
            before, after = _first_difference(source, changed)
            yield Change(
                module=module,
                function=place.function,
                inside=place.inside,
                lines=(place.node.lineno, place.node.end_lineno or place.node.lineno),
                span=place.span,
                original=before,
                mutant=after,
                source=changed,
            )


def by_hand(source: str, module: str, find: str, replace: str) -> Change:
    """Return the change that writes one text for another, which stands there once.

    Raises ValueError where it does not stand there, or more than once, or where what
    comes of it is no Python
    """
    if source.count(find) != 1:
        raise ValueError(f"{module}: {find!r} stands {source.count(find)} times in it")
    changed = source.replace(find, replace)
    if not _parses(changed):
        raise ValueError(f"{module}: {replace!r} for {find!r} is no Python")
    begin = source[: source.index(find)].count("\n") + 1
    end = begin + find.rstrip("\n").count("\n")
    function, inside, span = "", False, (1, 1_000_000)
    for place in _places(ast.parse(source)):
        node = place.node
        last = node.end_lineno or node.lineno
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and (
            node.lineno <= begin <= end <= last
        ):
            function = f"{place.function}.{node.name}".lstrip(".")
            span = (node.lineno, last)
            is_body = node.body[0].lineno <= begin
            inside = is_body and (inside or isinstance(node, ast.FunctionDef))
    before, after = _first_difference(source, changed)
    return Change(
        module=module,
        function=function,
        inside=inside,
        lines=(begin, end),
        span=span,
        original=before,
        mutant=after,
        source=changed,
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """What may be changed, and where it is.

    host : what is written anew for it: itself, or the f-string around it, whose parts
        have no places of their own before Python 3.12
    """

    node: ast.expr | ast.stmt
    host: ast.expr | ast.stmt
    function: str
    inside: bool
    span: tuple[int, int]


def _places(tree: ast.Module) -> Iterator[_Place]:
    todo: list[tuple[ast.AST, str, bool, tuple[int, int], ast.expr | None]] = [
        (tree, "", False, (1, 1_000_000), None)
    ]
    while todo:
        node, function, inside, span, host = todo.pop()
        if isinstance(node, (ast.expr, ast.stmt)):
            if host is None and isinstance(node, ast.JoinedStr):
                host = node
            yield _Place(node, host or node, function, inside, span)
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            function = f"{function}.{node.name}".lstrip(".")
            span = (node.lineno, node.end_lineno or node.lineno)
        in_function = isinstance(node, ast.FunctionDef)
        for child in reversed(list(_code(node))):
            within = inside or (in_function and not isinstance(child, ast.arguments))
            todo.append((child, function, within, span, host))


def _lines_of(source: str, node: ast.expr | ast.stmt) -> list[str]:
    assert node.end_lineno is not None
    return [s.strip() for s in source.splitlines()[node.lineno - 1 : node.end_lineno]]


def _parses(source: str) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


def _code(node: ast.AST) -> Iterator[ast.AST]:  # noqa: C901 a table of node types
    """Yield the children of a node that decide something."""
    match node:
        case ast.Raise():
            return
        case ast.Expr(value=ast.Constant()):
            return
        case ast.FunctionDef():
            yield node.args
            yield from node.body
        case ast.ClassDef():
            yield from node.body
        case ast.arguments():
            yield from (d for d in (*node.defaults, *node.kw_defaults) if d)
        case ast.AnnAssign():
            if node.value:
                yield node.value
        case (
            ast.If(test=ast.Name(id="TYPE_CHECKING"))
            | ast.Assign(targets=[ast.Name(id="__all__")])
        ):
            return
        case ast.Subscript(value=ast.Name(id=name)) if name in TYPES:
            return
        case ast.keyword(arg=name) if name in GUARDS:
            return
        case ast.JoinedStr():
            yield from (v for v in node.values if not isinstance(v, ast.Constant))
        case _:
            yield from ast.iter_child_nodes(node)


def _written(node: ast.AST) -> str:
    """Return the text of a node, in parentheses where a neighbour might bind it."""
    text = ast.unparse(ast.fix_missing_locations(node))
    atoms = (ast.stmt, ast.Constant, ast.Name, ast.Starred, ast.Call, ast.JoinedStr)
    return text if isinstance(node, atoms) or text[0] in "([{" else f"({text})"


def _replaced(root: ast.AST, old: ast.AST, new: ast.AST) -> ast.AST:
    for parent in ast.walk(root):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
            elif isinstance(value, list) and any(item is old for item in value):
                setattr(parent, name, [new if item is old else item for item in value])
    return root


def _spliced(source: str, node: ast.expr | ast.stmt, text: str) -> str:
    """Write a text in the place of a node; `ast` counts columns in bytes of UTF-8."""
    lines = source.encode().splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    begin = starts[node.lineno - 1] + node.col_offset
    end = starts[node.end_lineno - 1] + node.end_col_offset
    whole = source.encode()
    return (whole[:begin] + text.encode() + whole[end:]).decode()


def _first_difference(before: str, after: str) -> tuple[str, str]:
    for old, new in zip(before.splitlines(), after.splitlines(), strict=False):
        if old != new:
            return old.strip(), new.strip()
    return "", ""
