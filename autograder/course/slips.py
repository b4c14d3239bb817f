"""Slips: small changes of a right answer that is written out step by step.

Known mistakes are written by people, one by one, and people make others. So an
assignment may have a ``slips.py`` beside its reference: its functions once more, in
which every step has a line of its own and a comment above it that says what it is::

    # alike: KH KW stride
    # axes: p/q KH/KW top/left
    ...
        #: the first row of a window
        top = p * stride

From this the small changes are made that people make: another name of a line ``alike``
for one, a factor or a summand left out, one more or less, plus for minus, a division
that rounds up, ``=`` for ``+=``, the first or the last round of a loop left out; each
by itself, and where a line ``axes`` says which names stand for one another on the two
axes, on both. What a student is told is what these steps give, and no more than that:
"what you return is what comes out if the first row of a window is `p`". Comments
``# fact:`` say what may be so in a call, to tell at least where answers are wrong. A
comment ``# through: dft(x)`` above a line says how a student who calls an earlier
function would write its value: so a slip in ``dft`` is seen in what calls it, too.
"""

import ast
import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from autograder.course.program import Program
from autograder.errors import AuthoringError

FILE = "slips.py"
MOST_KEPT = 300
"""Modules with slips that are kept: a function has some hundred and fifty."""
_ROLE = re.compile(r"^\s*#: (.+)$")
_ALIKE = re.compile(r"^ *# alike: (.+)$", re.MULTILINE)
_FACT = re.compile(r"^ *# fact: (.+?): (.+)$", re.MULTILINE)
_THROUGH = re.compile(r"^ *# through: (.+)$")
_AXES = re.compile(r"^# axes: (.+)$", re.MULTILINE)
_KEPT_CALLS = frozenset({"zeros", "range", "len", "array", "pad", "full"})
"""Calls that stay when a call is left out for its first argument."""


_OF_COUNTS = (
    *(ast.Name, ast.BinOp, ast.Constant, ast.operator, ast.expr_context),
    *(ast.Subscript, ast.Attribute),
)
_STRICT_OR_NOT: tuple[tuple[type[ast.cmpop], type[ast.cmpop]], ...] = (
    (ast.Gt, ast.GtE),
    (ast.Lt, ast.LtE),
)
_BUILTINS = frozenset({"float", "int", "abs", "sum", "ceil", "round", "np", "len"})
_BUILTINS |= {"min", "max", "math", "log"}


@dataclass(frozen=True)
class Slip:
    """One small change, or one on each of two axes.

    function : in which it is
    places : begin and end, in the source, of what is replaced, and what comes there
    says : what comes of it, to follow "what comes out if"
    """

    function: str
    places: tuple[tuple[int, int, str], ...]
    says: str

    def overlaps(self, other: "Slip") -> bool:
        """Tell whether both change one place."""
        return any(
            begin < last and first < end
            for begin, end, _ in self.places
            for first, last, _ in other.places
        )


@dataclass(frozen=True)
class Fact:
    """What may be so in a call: ``# fact: stride > 1: the stride is larger than 1``.

    parameters, defaults : those of the function
    holds : an expression of its parameters, ours
    says : what a student reads, to follow "wherever"
    """

    parameters: tuple[str, ...]
    defaults: tuple[ast.expr, ...]
    holds: str
    says: str

    def of(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> bool:
        """Tell whether it is so; False where that can't be told."""
        names = self.parameters[len(self.parameters) - len(self.defaults) :]
        given = dict(zip(names, map(ast.literal_eval, self.defaults), strict=True))
        given |= dict(zip(self.parameters, args, strict=False)) | dict(kwargs)
        try:
            return bool(eval(self.holds, {"np": np}, given))  # noqa: S307 our own code
        except (
            TypeError,
            ValueError,
            AttributeError,
            NameError,
            LookupError,
            ArithmeticError,
        ):
            return False


@dataclass(frozen=True)
class Slips:
    """A right answer written out, and the slips that can be made in it."""

    source: str
    path: Path
    _modules: dict[tuple[tuple[Slip, ...], bool], ModuleType] = field(
        default_factory=dict
    )

    @classmethod
    def beside(cls, reference: Path) -> "Slips | None":
        """Return those of a folder with a reference, or None where there are none."""
        path = reference.parent / FILE
        return cls(path.read_text("utf-8"), path) if path.is_file() else None

    def of(self, functions: Sequence[str]) -> tuple[Slip, ...]:
        """Return the slips in these functions, in their order."""
        return tuple(s for name in functions for s in self._by_function.get(name, ()))

    def facts(self, function: str) -> tuple[Fact, ...]:
        """Return what may be so in a call of a function."""
        node = self._functions.get(function)
        if node is None:
            return ()
        own = "".join(self._lines[node.lineno - 1 : node.end_lineno])
        parameters = tuple(a.arg for a in node.args.args)
        return tuple(
            Fact(parameters, tuple(node.args.defaults), m[1], m[2])
            for m in _FACT.finditer(own)
        )

    def module(self, *slips: Slip, through: bool = False) -> ModuleType:
        """Return the answer with slips made that don't overlap, as a module.

        through : functions call one another where they may
        The last `MOST_KEPT` are kept: each has globals of its own
        """
        found = self._modules.pop((slips, through), None)
        if found is None:
            edited = self.source
            places = [place for slip in slips for place in slip.places]
            places += self._calls if through else ()
            for begin, end, new in sorted(places, reverse=True):
                edited = edited[:begin] + new + edited[end:]
            found = self._program.module(edited)
        self._modules[slips, through] = found
        if len(self._modules) > MOST_KEPT:
            del self._modules[next(iter(self._modules))]
        return found

    @cached_property
    def _program(self) -> Program:
        return Program(self.source, self.path)

    @cached_property
    def _lines(self) -> Sequence[str]:
        return self.source.splitlines(keepends=True)

    @cached_property
    def _calls(self) -> tuple[tuple[int, int, str], ...]:
        """What stands where a function may call another one, and the call."""
        functions = self._functions.values()
        return tuple(c for f in functions for c in _Function(self.source, f).calls())

    @cached_property
    def _by_function(self) -> Mapping[str, tuple[Slip, ...]]:
        return {n: tuple(self._told_apart(f)) for n, f in self._functions.items()}

    @cached_property
    def _functions(self) -> Mapping[str, ast.FunctionDef]:
        """The functions that are written out, by name."""
        nodes = ast.parse(self.source).body
        return {n.name: n for n in nodes if isinstance(n, ast.FunctionDef)}

    def _told_apart(self, function: ast.FunctionDef) -> Iterator[Slip]:
        """Yield a function's slips; raises AuthoringError where two say the same."""
        said: set[str] = set()
        for slip in _Function(self.source, function).slips():
            if slip.says in said:
                raise AuthoringError(
                    f"{self.path}: {function.name}",
                    f"two slips say {slip.says!r}",
                    "give the two steps `#:` of different words",
                )
            said.add(slip.says)
            yield slip


@dataclass(frozen=True)
class _Change:
    """What stands in a step, other than it was; shown : as a student reads it."""

    role: str
    begin: int
    end: int
    new: str
    shown: str


class _Function:
    """The steps of one function."""

    def __init__(self, source: str, function: ast.FunctionDef) -> None:
        self._source = source
        self._lines = source.split("\n")
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._function = function
        first = source.find("\nimport ")
        own = ast.get_source_segment(source, function) or ""
        found = [*_ALIKE.finditer(source[:first]), *_ALIKE.finditer(own)]
        self._alike = [_alternatives(m[1]) for m in found]
        pairs = [
            (pair.partition("/")[0], pair.partition("/")[2])
            for m in _AXES.finditer(source)
            for pair in m[1].split()
        ]
        self._other_axis = dict(pairs) | {b: a for a, b in pairs}
        self._stops = dict(_loops(function))
        self._names = {a.arg for a in function.args.args}
        self._names |= {n.id for n in ast.walk(function) if isinstance(n, ast.Name)}

    def slips(self) -> Iterator[Slip]:
        """Yield every slip once: those of one axis, then those of both."""
        steps = [
            (role, node)
            for node in ast.walk(self._function)
            if isinstance(node, ast.stmt) and (role := self._role(node))
        ]
        found: list[tuple[ast.stmt, list[_Change]]] = [
            (node, list(self._changes(role, node))) for role, node in steps
        ]
        seen: set[tuple[tuple[int, int, str], ...]] = set()
        # What several slips give alike is told of the first: `=` for `+=` is likeliest,
        # then `<` for `<=`, which a summand more or less comes to as well.
        found.sort(key=lambda step: _unlikeliness(step[0]))
        both = list(self._on_both_axes(found))
        for changes in [*([c] for _, cs in found for c in cs), *both]:
            places = tuple(sorted((c.begin, c.end, c.new) for c in changes))
            if places not in seen:
                seen.add(places)
                says = " and ".join(f"{c.role} {c.shown}" for c in changes)
                yield Slip(self._function.name, places, says)

    def calls(self) -> Iterator[tuple[int, int, str]]:
        """Yield the values that may come from an earlier function, and its call."""
        for node in ast.walk(self._function):
            if isinstance(node, ast.Assign):
                match = _THROUGH.match(self._lines[node.lineno - 2])
                if match:
                    yield *self._span(node.value), match[1]

    def _role(self, node: ast.stmt) -> str:
        match = _ROLE.match(self._lines[node.lineno - 2])
        return match[1] if match else ""

    def _on_both_axes(
        self, found: Sequence[tuple[ast.stmt, list[_Change]]]
    ) -> Iterator[list[_Change]]:
        for place, (node, changes) in enumerate(found):
            swapped = self._swapped(_head(node))
            for other, others in found[place + 1 :]:
                if _head(other) != swapped:
                    continue
                for change in changes:
                    for twin in others:
                        if twin.new == self._swapped(change.new) != change.new or (
                            twin.new == change.new
                            and twin.shown == self._swapped(change.shown)
                        ):
                            yield [change, twin]
                break

    def _swapped(self, text: str) -> str:
        """Return what stands for it on the other axis."""
        text = re.sub(r"[A-Za-z_]\w*", lambda m: self._other_axis.get(m[0], m[0]), text)
        swap = {"[2]": "[3]", "[3]": "[2]"}
        return re.sub(r"\[[23]\]", lambda m: swap[m[0]], text)

    def _changes(self, role: str, node: ast.stmt) -> Iterator[_Change]:
        if isinstance(node, ast.For):
            yield from self._of_a_loop(role, node)
        elif isinstance(node, (ast.Assign, ast.AugAssign)):
            for new in self._variants(node.value):
                text = ast.unparse(new)
                if text != ast.unparse(node.value) and not _takes_a_number_apart(new):
                    yield self._change(role, node.value, text, f"is `{text}`")
            if isinstance(node, ast.AugAssign):
                target, value = ast.unparse(node.target), ast.unparse(node.value)
                begin, end = self._span(node)
                shown = "is assigned with `=`, so that the last one is left of several"
                yield _Change(role, begin, end, f"{target} = {value}", shown)

    def _of_a_loop(self, role: str, node: ast.For) -> Iterator[_Change]:
        if not (isinstance(node.iter, ast.Call) and len(node.iter.args) == 1):
            return
        (stop,) = node.iter.args
        text = ast.unparse(stop)
        if ast.unparse(node.iter.func) == "range":
            whole = node.iter
            yield self._change(role, whole, f"range({text} - 1)", "is never the last")
            yield self._change(role, whole, f"range(1, {text})", "is never the first")
            yield self._change(role, whole, f"range({text})[:1]", "is the first only")
            yield self._change(role, whole, f"range({text})[-1:]", "is the last only")
            for new in self._inside(stop):
                count = ast.unparse(new)
                shown = f"is one of the first `{count}`"
                yield self._change(role, whole, f"range({count})", shown)

    def _change(self, role: str, node: ast.expr, new: str, shown: str) -> _Change:
        begin, end = self._span(node)
        return _Change(role, begin, end, new, shown)

    def _span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        last, end = node.end_lineno or node.lineno, node.end_col_offset or 0
        return (
            self._starts[node.lineno - 1] + node.col_offset,
            self._starts[last - 1] + end,
        )

    def _variants(self, value: ast.expr) -> Iterator[ast.expr]:
        yield from self._inside(value)
        if _is_count(value):
            yield ast.BinOp(value, ast.Add(), ast.Constant(1))
            yield ast.BinOp(value, ast.Sub(), ast.Constant(1))

    def _inside(self, node: ast.expr) -> Iterator[ast.expr]:
        """Yield an expression with one small change somewhere in it."""
        yield from self._replaced(node)
        for name, child in ast.iter_fields(node):
            if isinstance(child, ast.expr) and not (
                name == "func" and isinstance(child, ast.Name)
            ):
                for new in self._inside(child):
                    changed = copy.copy(node)
                    setattr(changed, name, new)
                    yield changed
            elif isinstance(child, list):
                for place, item in enumerate(child):
                    if isinstance(item, ast.expr):
                        for new in self._inside(item):
                            changed = copy.copy(node)
                            items = [*child[:place], new, *child[place + 1 :]]
                            setattr(changed, name, items)
                            yield changed

    def _replaced(self, node: ast.expr) -> Iterator[ast.expr]:
        """Yield what people write for the whole of an expression."""
        if isinstance(node, ast.Name) and node.id in self._stops:
            yield ast.parse(f"{self._stops[node.id]} - 1 - {node.id}", mode="eval").body
        yield from self._taken_for(ast.unparse(node))
        match node:
            case ast.BinOp():
                yield from _of_two(node)
            case ast.UnaryOp() | ast.Attribute(attr="T" | "real"):
                yield node.operand if isinstance(node, ast.UnaryOp) else node.value
            case ast.Compare(ops=[_]):
                yield from _of_a_comparison(node)
            case ast.BoolOp():
                yield from _of_several(node)
            case ast.Call():
                yield from _of_a_call(node)
            case ast.Subscript() if "::-1" in ast.unparse(node.slice):
                yield node.value
            case _:
                pass

    def _taken_for(self, text: str) -> Iterator[ast.expr]:
        """Yield what is alike."""
        for those, others in self._alike:
            if text in those and not text.isdecimal():
                for other in others:
                    if other != text and self._is_known(other):
                        yield ast.parse(other, mode="eval").body

    def _is_known(self, text: str) -> bool:
        """Tell whether a function has all the names of an expression."""
        tree = ast.parse(text, mode="eval")
        names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
        return names <= self._names | _BUILTINS


def _alternatives(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what is replaced and by what: ``a b``, ``a + b | a * b``, ``a -> b``.

    Each as `ast.unparse` writes it, which is what steps are held against
    """
    those, arrow, others = text.partition("->")
    parts = (others if arrow else those).split("|" if arrow or "|" in text else None)
    alike = tuple(_plainly(part) for part in parts)
    return ((_plainly(those),) if arrow else alike), alike


def _plainly(expression: str) -> str:
    return ast.unparse(ast.parse(expression.strip(), mode="eval"))


def _loops(function: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    """Yield the variables that count up from 0, and where they stop."""
    for node in ast.walk(function):
        match node:
            case ast.For(
                target=ast.Name(name),
                iter=ast.Call(func=ast.Name("range"), args=[ast.Name(stop)]),
            ):
                yield name, stop
            case _:
                pass


def _unlikeliness(step: ast.stmt) -> int:
    if isinstance(step, ast.AugAssign):
        return 0
    return 1 if isinstance(step, ast.Assign) and _compares(step.value) else 2


def _compares(value: ast.expr) -> bool:
    return isinstance(value, (ast.Compare, ast.BoolOp))


def _head(node: ast.stmt) -> str:
    """Return the text of a step, of a loop without what is in it."""
    if isinstance(node, ast.For):
        return f"for {ast.unparse(node.target)} in {ast.unparse(node.iter)}"
    return ast.unparse(node)


def _is_count(node: ast.expr) -> bool:
    """Tell an expression of whole numbers: sums, products and names of such."""
    return isinstance(node, (ast.Name, ast.BinOp)) and not any(
        isinstance(n, (ast.Div, ast.Call)) or not isinstance(n, _OF_COUNTS)
        for n in ast.walk(node)
    )


def _takes_a_number_apart(node: ast.expr) -> bool:
    """Tell what Python warns of: ``1[n]``, from an array that is taken for a number."""
    return any(
        isinstance(n, ast.Subscript) and isinstance(n.value, ast.Constant)
        for n in ast.walk(node)
    )


def _of_two(node: ast.BinOp) -> Iterator[ast.expr]:
    """Yield what is written for an operation: one side alone, another operation."""
    yield node.left
    match node.op:
        case ast.Mult():
            yield node.right
            yield ast.BinOp(node.left, ast.Add(), node.right)
        case ast.Add():
            yield node.right
            yield ast.BinOp(node.left, ast.Sub(), node.right)
            yield ast.BinOp(node.left, ast.Mult(), node.right)
        case ast.Sub():
            yield ast.BinOp(node.left, ast.Add(), node.right)
        case ast.FloorDiv():
            quotient = ast.BinOp(node.left, ast.Div(), node.right)
            yield ast.Call(ast.Name("ceil"), [quotient], [])
            yield ast.Call(ast.Name("round"), [quotient], [])
            yield quotient
            yield ast.BinOp(node.left, ast.Mult(), node.right)
        case ast.Div():
            yield ast.BinOp(node.left, ast.Mult(), node.right)
        case _:
            pass


def _of_several(node: ast.BoolOp) -> Iterator[ast.expr]:
    """Yield conditions of which one is left out."""
    for place in range(len(node.values)):
        rest = [v for i, v in enumerate(node.values) if i != place]
        yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)


def _of_a_comparison(node: ast.Compare) -> Iterator[ast.expr]:
    """Yield a comparison that is strict for one that isn't, and the other way."""
    for one, other in _STRICT_OR_NOT:
        for old, new in ((one, other), (other, one)):
            if isinstance(node.ops[0], old):
                yield ast.Compare(node.left, [new()], node.comparators)


def _of_a_call(node: ast.Call) -> Iterator[ast.expr]:
    """Yield another function, or what it is called with."""
    others = {
        "sum": ("mean", "max"),
        "max": ("min", "mean", "sum"),
        "argmax": ("argmin",),
        "cos": ("sin",),
        "sin": ("cos",),
        "log2": ("log", "log10"),
        "ceil": ("floor",),
    }
    if isinstance(node.func, ast.Attribute):
        for name in others.get(node.func.attr, ()):
            function = ast.Attribute(node.func.value, name)
            yield ast.Call(function, node.args, node.keywords)
    name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    name = node.func.id if isinstance(node.func, ast.Name) else name
    if len(node.args) == 1 and name not in _KEPT_CALLS:
        yield node.args[0]
