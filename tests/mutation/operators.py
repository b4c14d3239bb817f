"""What may stand in the place of an expression or a statement.

Beside the operators of `autograder.authoring.mutants` (whose tables are used here) the
changes that people make: an operand of `and` left out, an argument not passed on, an
element missing from a list of names, a tolerance a thousand times wider, a `.strip()`
or a `round` forgotten.
"""

import ast
from collections.abc import Iterator

from autograder.authoring.mutants import ARITHMETIC, COMPARISONS

SETS: dict[type[ast.operator], type[ast.operator]] = {
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
OPERATORS = ARITHMETIC | SETS
WRAPPERS = frozenset({"abs", "bool", "exact", "round", "rounded", "sorted", "float"})
"""Functions of which the first argument alone may look as good."""
TIDIED = frozenset(
    {"casefold", "lower", "strip", "lstrip", "rstrip", "resolve", "ravel", "copy"}
)
"""Methods that give nearly what they were called on."""
TWINS = {"any": "all", "all": "any", "min": "max", "max": "min"}
GUARDS = frozenset({"strict"})
"""Keywords that say what holds anyway: `zip(strict=True)` is an assertion."""
SMALL = 50
"""Larger whole numbers are limits: one more is no change, a thousand times is."""
MOST_ELEMENTS = 16


def variants(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what may stand in the place of a node, itself changed in place at times.

    Ask for one of a fresh copy: earlier ones may have changed it.
    """
    match node:
        case ast.stmt():
            yield from _of_statement(node)
        case ast.Compare() | ast.BinOp() | ast.BoolOp() | ast.UnaryOp() | ast.IfExp():
            yield from _of_operation(node)
        case ast.Constant():
            yield from _of_constant(node)
        case ast.Call():
            yield from _of_call(node)
        case ast.Tuple() | ast.List() | ast.Set() | ast.Dict():
            yield from _of_collection(node)
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            for generator in node.generators:
                for index in range(len(generator.ifs)):
                    kept = list(generator.ifs)
                    del generator.ifs[index]
                    yield node
                    generator.ifs = kept
        case _:
            return


def _of_statement(node: ast.stmt) -> Iterator[ast.AST]:
    match node:
        case ast.Expr(value=ast.Call()) | ast.Expr(value=ast.YieldFrom() | ast.Yield()):
            yield ast.Pass()
        case ast.AugAssign():
            yield ast.Pass()
            if type(node.op) in OPERATORS:
                node.op = OPERATORS[type(node.op)]()
                yield node
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield ast.Pass()
        case ast.Delete(targets=[ast.Name()]):
            return  # an argument that every function of its kind takes
        case ast.Raise() | ast.Continue() | ast.Break() | ast.Delete():
            yield ast.Pass()
        case _:
            return


def _of_operation(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare():
            for index, operator in enumerate(list(node.ops)):
                node.ops[index] = COMPARISONS[type(operator)]()
                yield node
                node.ops[index] = operator
        case ast.BinOp() if type(node.op) in OPERATORS:
            node.op = OPERATORS[type(node.op)]()
            yield node
        case ast.BoolOp():
            for index in range(len(node.values)):
                rest = node.values[:index] + node.values[index + 1 :]
                yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield node
        case ast.UnaryOp(op=ast.USub() | ast.Not() | ast.Invert()):
            yield node.operand
        case ast.IfExp():
            yield node.body
            yield node.orelse
        case _:
            return


def _of_constant(node: ast.Constant) -> Iterator[ast.AST]:
    match node.value:
        case bool():
            yield ast.Constant(not node.value)
        case int():
            yield ast.Constant(
                node.value + 1 if node.value <= SMALL else node.value * 1000
            )
        case float():
            yield ast.Constant(node.value * 1000 if node.value else 1.0)
        case str() if node.value and " " not in node.value:
            yield ast.Constant(f"{node.value}_changed")
        case _:
            return


def _of_call(node: ast.Call) -> Iterator[ast.AST]:
    for index, keyword in enumerate(node.keywords):
        if keyword.arg in GUARDS:
            continue
        kept = list(node.keywords)
        del node.keywords[index]
        yield node
        node.keywords = kept
    if len(node.args) > 1:
        last = node.args.pop()
        yield node
        node.args.append(last)
    match node.func:
        case ast.Name(id=name) if name in WRAPPERS and node.args:
            yield node.args[0]
        case ast.Name(id=name) if name in TWINS:
            node.func.id = TWINS[name]
            yield node
            node.func.id = name
        case ast.Attribute(attr=name) if name in TIDIED and not node.args:
            yield node.func.value
        case _:
            pass


def _of_collection(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Dict() if len(node.keys) <= MOST_ELEMENTS:
            for index in range(len(node.keys)):
                keys, values = list(node.keys), list(node.values)
                del node.keys[index], node.values[index]
                yield node
                node.keys, node.values = keys, values
        case ast.Tuple(ctx=ast.Load()) | ast.List(ctx=ast.Load()) | ast.Set():
            if len(node.elts) > MOST_ELEMENTS:
                return
            for index in range(len(node.elts)):
                if len(node.elts) == 1 and isinstance(node, ast.Set):
                    yield ast.Call(ast.Name("set", ast.Load()), [], [])
                    return
                kept = list(node.elts)
                del node.elts[index]
                yield node
                node.elts = kept
        case _:
            return
