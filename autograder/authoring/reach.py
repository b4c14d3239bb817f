"""What an edit of the reference can reach: the questions that it might change.

A question asks what its cases take: functions by name. What such a function does stands
in its definition and in those that it mentions, through however many others. A question
from which no mention leads to an edited definition runs the same code on the same
inputs as with the reference: it can't come out differently, and need not be asked.

Mentions are read, not traced: a name, an attribute of that name or a text that is that
name counts, whether it is ever used or not. So more is reached than changes, never less
(as long as nothing in the reference acts on other modules when it is loaded).

>>> before = "f = lambda: 1; g = lambda: f() + 1; h = lambda: 2"
>>> sorted(reached(before, "f = lambda: 3; g = lambda: f() + 1; h = lambda: 2"))
['f', 'g']
"""

import ast
import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from autograder.course.assignment import Assignment

REACHES_ANY_NAME = frozenset(
    {
        *("__builtins__", "__import__", "builtins", "eval", "exec", "getattr"),
        *("globals", "importlib", "inspect", "locals", "sys", "vars"),
    }
)
"""Who mentions one of these may reach any name without writing it."""


def reached_questions(assignment: Assignment, edited: str) -> frozenset[str]:
    """Return the names of the questions that might come out otherwise than they did.

    edited : the reference's source after an edit
    """
    names = reached(assignment.reference_source, edited)
    return frozenset(
        question.name
        for question in assignment.manifest.question
        if any(
            names.intersection(case.source.parameters)
            for case in assignment.cases[question.name]
        )
    )


def reached(before: str, after: str) -> frozenset[str]:
    """Return the top-level names of a module that an edit of its source can change."""
    old, new = _read(before), _TopLevel.read(after)
    names = old.definitions.keys() | new.definitions.keys()
    if old.loose != new.loose:
        return frozenset(names)
    found = {n for n in names if old.definitions.get(n) != new.definitions.get(n)}
    while True:
        # The definitions of all others are the same, before and after.
        further = {n for n in names - found if _leads(old.mentions[n], found)}
        if not further:
            break
        found |= further
    return frozenset(names if _leads(old.mentioned_loosely, found) else found)


def _leads(mentioned: frozenset[str], found: set[str]) -> bool:
    return bool(mentioned & (found | REACHES_ANY_NAME)) and bool(found)


@dataclass(frozen=True)
class _TopLevel:
    """The statements of a module's top level, as they are written.

    definitions : those that bind each name, and do nothing beside it
    loose : all others, imports for the most part
    """

    definitions: Mapping[str, tuple[str, ...]]
    loose: tuple[str, ...]

    @classmethod
    def read(cls, source: str) -> Self:
        """Take a module's source apart."""
        lines = source.encode().splitlines(keepends=True)
        definitions: dict[str, tuple[str, ...]] = {}
        loose: list[str] = []
        for statement in ast.parse(source).body:
            text = _written(lines, statement)
            bound = [*_bound(statement)]
            for name in bound:
                definitions[name] = (*definitions.get(name, ()), text)
            if not bound:
                loose.append(text)
        return cls(definitions=definitions, loose=tuple(loose))

    @functools.cached_property
    def mentions(self) -> dict[str, frozenset[str]]:
        """The names that stand in the definition of each name."""
        return {name: _mentioned(texts) for name, texts in self.definitions.items()}

    @functools.cached_property
    def mentioned_loosely(self) -> frozenset[str]:
        """The names that stand in no definition; of an import, what it binds."""
        return _mentioned(self.loose)


@functools.lru_cache(maxsize=1)
def _read(source: str) -> _TopLevel:
    return _TopLevel.read(source)


def _written(lines: list[bytes], statement: ast.stmt) -> str:
    """Return a statement as it stands in the lines, without what stands beside it."""
    first, column = statement.lineno, statement.col_offset
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    if decorators:
        first, column = decorators[0].lineno, 0
    text = lines[first - 1 : statement.end_lineno]
    text[-1] = text[-1][: statement.end_col_offset]
    text[0] = text[0][column:]
    return b"".join(text).decode()


def _bound(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name
        case ast.Assign(targets=targets):
            names = [t.id for t in targets if isinstance(t, ast.Name)]
            if len(names) == len(targets):
                yield from names
        case _:
            return


def _mentioned(texts: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    for text in texts:
        for node in ast.walk(ast.parse(text)):
            match node:
                case ast.Name(id=name):
                    found.add(name)
                case ast.Attribute(attr=name) | ast.Constant(value=str(name)):
                    # `model.eval` is not the built-in eval.
                    found |= {name} - REACHES_ANY_NAME
                case _:
                    continue
    return frozenset(found)
