"""Small changes to a reference, each of which some test should notice.

The operators are the usual ones of mutation testing: another comparison, arithmetic or
boolean operator, a constant off by one, a sign or a `not` dropped, a statement deleted.
Only solution regions are changed; messages of errors and docstrings are not.
"""

import ast
import copy
import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from autograder.course.stub import Region, regions
from autograder.course.toml_files import read_toml

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
}


@dataclass(frozen=True)
class Mutant:
    """One changed reference.

    original, mutant : the first line that differs, before and after, as `ast.unparse`
        writes it
    """

    function: str
    original: str
    mutant: str
    source: str

    @property
    def label(self) -> str:
        """One line for tables."""
        return f"{self.function}: {self.original}  →  {self.mutant or '(deleted)'}"


class Equivalent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mutant that changes no answer, with the reason."""

    function: str
    original: str
    mutant: str
    reason: str


class _Equivalents(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    equivalent: tuple[Equivalent, ...] = ()


def equivalents(path: Path) -> dict[tuple[str, str, str], str]:
    """Read ``equivalents.toml``: the reason by (function, original, mutant)."""
    if not path.exists():
        return {}
    listed = read_toml(path, _Equivalents).equivalent
    return {(e.function, e.original, e.mutant): e.reason for e in listed}


def mutants(source: str, path: Path) -> Iterator[Mutant]:
    """Yield every mutant of a reference's solution regions, each different."""
    tree = ast.parse(source)
    found = regions(source, path)
    before = ast.unparse(tree)
    seen = {before}
    for function in tree.body:
        if not isinstance(function, (ast.FunctionDef, ast.ClassDef)):
            continue
        wording = set(_wording(function))
        for index, node in enumerate(ast.walk(function)):
            if node in wording or not _inside(node, found):
                continue
            for variant in range(_variants(node)):
                changed = copy.deepcopy(tree)
                twin = changed.body[tree.body.index(function)]
                _mutate(list(ast.walk(twin))[index], variant, twin)
                text = ast.unparse(ast.fix_missing_locations(changed))
                if text not in seen:
                    seen.add(text)
                    yield Mutant(function.name, *_first_difference(before, text), text)


def _wording(function: ast.AST) -> Iterator[ast.AST]:
    """Yield what only words depend on: docstrings and what errors say."""
    for node in ast.walk(function):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield from ast.walk(node)
        if isinstance(node, ast.Raise):
            yield from (n for n in ast.walk(node) if n is not node)


def _inside(node: ast.AST, found: list[Region]) -> bool:
    line = getattr(node, "lineno", None)
    return line is not None and any(r.begin < line < r.end for r in found)


def _variants(node: ast.AST) -> int:  # noqa: PLR0911 a table of node types
    """Count the ways to mutate a node."""
    match node:
        case ast.Compare(ops=ops):
            return len(ops)
        case ast.BinOp(op=op) | ast.AugAssign(op=op):
            return 1 + isinstance(node, ast.stmt) if type(op) in ARITHMETIC else 0
        case ast.BoolOp() | ast.UnaryOp(op=ast.USub() | ast.Not()) | ast.IfExp():
            return 1
        case ast.Constant(value=bool() | float() | str()):
            return 1
        case ast.Constant(value=int()):
            return 2
        case ast.Assign() | ast.Expr() | ast.If() | ast.For() | ast.Raise():
            return 1
        case _:
            return 0


def _mutate(node: ast.AST, variant: int, root: ast.AST) -> None:
    match node:
        case ast.Compare():
            node.ops[variant] = COMPARISONS[type(node.ops[variant])]()
        case ast.AugAssign() if variant == 1:
            _delete(node, root)
        case ast.BinOp() | ast.AugAssign():
            node.op = ARITHMETIC[type(node.op)]()
        case ast.BoolOp():
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        case ast.UnaryOp():
            _replace(node, node.operand, root)
        case ast.IfExp():
            node.body, node.orelse = node.orelse, node.body
        case ast.Constant():
            _change_constant(node, variant)
        case ast.stmt():
            _delete(node, root)
        case _:
            raise TypeError(node)


def _change_constant(node: ast.Constant, variant: int) -> None:
    match node.value:
        case bool():
            node.value = not node.value
        case int():
            node.value += 1 if variant == 0 else -1
        case float():
            node.value = node.value * 2 + 1
        case str():
            node.value += "_mutated"
        case _:
            raise TypeError(node.value)


def _delete(node: ast.AST, root: ast.AST) -> None:
    _replace(node, ast.Pass(), root)


def _replace(node: ast.AST, new: ast.AST, root: ast.AST) -> None:
    for parent in ast.walk(root):
        for name, value in ast.iter_fields(parent):
            if value is node:
                setattr(parent, name, new)
            elif isinstance(value, list) and any(item is node for item in value):
                setattr(parent, name, [new if item is node else item for item in value])


def _first_difference(before: str, after: str) -> tuple[str, str]:
    old, new = before.splitlines(), after.splitlines()
    matcher = difflib.SequenceMatcher(a=old, b=new, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal":
            first = old[i1].strip() if i2 > i1 else ""
            second = new[j1].strip() if j2 > j1 else ""
            return first, second
    return "", ""
