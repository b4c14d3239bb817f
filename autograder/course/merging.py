"""Make several changes of one expression together, as changes of its syntax tree.

Two mistakes that students make in one line, each by itself an edit of it, overlap as
text: of ``pool(relu(conv(x)))`` one leaves the pooling out and the other the ReLU. As
trees each takes one call away, and what both leave is ``conv(x)``. So what the edited
programs have of a function is merged node by node, as a version control merges lines:

- of a list (arguments, layers, statements) each may change other items;
- one may put something around an expression, or take away what is around its inside,
  and the other change what is within;
- what both change is left alone: then there is no program with both.
"""

import ast
import functools
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

from autograder.course.program import Program

MOST_TREES = 512
"""So many parsed sections are kept; each takes some 100 KiB."""
_Path = tuple[tuple[str, int | None], ...]
_Hunk = tuple[int, int, list[ast.AST]]
"""From which item to which of a list, and what comes in their place."""


_KEY = "key_of_merging"
"""The name by which a node keeps its own."""
_DEFINITIONS = (ast.ClassDef, ast.FunctionDef)


class _OverlapError(Exception):
    """Both change the same."""


def merged(program: Program, edited: Sequence[str]) -> str | None:
    """Return a program's source with all changes made; None where they overlap.

    edited : its source with each change made by itself
    """
    base = [text for _, text in program.sections(program.source)]
    versions = [[text for _, text in program.sections(source)] for source in edited]
    if any(len(texts) != len(base) for texts in versions):
        return None
    try:
        found = "".join(
            _merged_section(text, [new for new in others if new != text])
            for text, *others in zip(base, *versions, strict=True)
        )
    except _OverlapError:
        return None
    return found if program.is_program(found) else None


def _merged_section(base: str, changed: Sequence[str]) -> str:
    if len(changed) < 2:  # noqa: PLR2004 one version is as it is
        return changed[0] if changed else base
    tree = _parsed(base)
    both = functools.reduce(
        lambda first, second: _merge(tree, first, second), map(_parsed, changed)
    )
    lines = base.split("\n")
    for first, last, indent, new in reversed([*_differences(tree.body, both.body)]):
        text = "\n".join(map(ast.unparse, new))
        lines[first - 1 : last] = [" " * indent + line for line in text.split("\n")]
    return "\n".join(lines)


@functools.lru_cache(MOST_TREES)
def _parsed(section: str) -> ast.Module:
    try:
        return ast.parse(section)
    except SyntaxError as error:
        raise _OverlapError from error  # an edit that goes over the section's end


def _differences(
    base: Sequence[ast.stmt], new: Sequence[ast.stmt]
) -> Iterator[tuple[int, int, int, Sequence[ast.stmt]]]:
    """Yield first and last line, indent and new statements, deep in functions."""
    if len(base) != len(new):
        yield _first_line(base[0]), _last_line(base[-1]), base[0].col_offset, new
        return
    for old, other in zip(base, new, strict=True):
        if _key(old) == _key(other):
            continue
        if (
            isinstance(old, _DEFINITIONS)
            and isinstance(other, _DEFINITIONS)
            and _key(_without_body(old)) == _key(_without_body(other))
        ):
            yield from _differences(old.body, other.body)
        else:
            yield _first_line(old), _last_line(old), old.col_offset, [other]


def _without_body(node: ast.AST) -> ast.AST:
    return _with(node, (("body", None),), [])


def _first_line(node: ast.stmt) -> int:
    decorators = node.decorator_list if isinstance(node, _DEFINITIONS) else []
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def _last_line(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def _key(node: Any) -> Any:
    """Return what two equal trees have in common, wherever they stand.

    Of a node a digest, which it keeps: it is asked for again and again, and no node is
    changed once it is made
    """
    if isinstance(node, list):
        return tuple(map(_key, node))
    if not isinstance(node, ast.AST):
        return repr(node)
    kept = vars(node).get(_KEY)
    if kept is None:
        fields = [(name, _key(value)) for name, value in ast.iter_fields(node)]
        text = repr((type(node).__name__, fields))
        kept = hashlib.blake2b(text.encode(), digest_size=16).digest()
        vars(node)[_KEY] = kept
    return kept


def _merge(base: Any, first: Any, second: Any) -> Any:
    """Return `base` with the changes of both; raises _OverlapError."""
    if _key(base) == _key(first):
        return second
    if _key(base) == _key(second):
        return first
    if isinstance(base, list) and isinstance(first, list) and isinstance(second, list):
        return _merged_lists(base, first, second)
    found = _merged_expressions(base, first, second)
    if found is None:
        found = _merged_fields(base, first, second)
    if _key(found) in {_key(first), _key(second)}:
        raise _OverlapError
    return found


def _merged_expressions(base: Any, first: Any, second: Any) -> ast.AST | None:
    """Merge where one is around the expression, or is its inside; None where not."""
    if not all(isinstance(node, ast.expr) for node in (base, first, second)):
        return None
    within_first, within_second = _places(first, base), _places(second, base)
    if within_first and within_second:
        raise _OverlapError  # which of them is the outer one?
    if within_first or within_second:
        outer, inner = (first, second) if within_first else (second, first)
        return _with(outer, within_first or within_second, inner)
    for inside, other in ((first, second), (second, first)):
        if path := _places(base, inside):
            rest = _at(other, path)
            if rest is None or _key(_with(other, path, inside)) != _key(base):
                raise _OverlapError
            return rest
    return None


def _merged_fields(base: Any, first: Any, second: Any) -> ast.AST:
    if not isinstance(base, ast.AST) or {type(first), type(second)} != {type(base)}:
        raise _OverlapError
    fields = {
        name: _merge(value, getattr(first, name), getattr(second, name))
        for name, value in ast.iter_fields(base)
    }
    made: ast.AST = type(base)(**fields)
    return ast.copy_location(made, base)


def _merged_lists(base: list[Any], first: list[Any], second: list[Any]) -> list[Any]:
    hunks = sorted(
        [*_hunks(base, first), *_hunks(base, second)], key=lambda hunk: hunk[:2]
    )
    out: list[Any] = []
    done = 0
    while hunks:
        begin, end, new = hunks.pop(0)
        if hunks and hunks[0][:2] == (begin, end):
            new = _at_one_place(base[begin:end], new, hunks.pop(0)[2])
        if begin < done:
            raise _OverlapError
        out += base[done:begin] + new
        done = end
    return out + base[done:]


def _hunks(base: list[Any], changed: list[Any]) -> Iterator[_Hunk]:
    """Yield what was changed; as many items for as many are so many hunks."""
    matcher = SequenceMatcher(
        a=[_key(node) for node in base],
        b=[_key(node) for node in changed],
        autojunk=False,
    )
    for tag, i, i_end, j, j_end in matcher.get_opcodes():
        if tag != "equal" and i_end - i == j_end - j:
            yield from ((i + n, i + n + 1, [changed[j + n]]) for n in range(i_end - i))
        elif tag != "equal":
            yield i, i_end, changed[j:j_end]


def _at_one_place(base: list[Any], first: list[Any], second: list[Any]) -> list[Any]:
    """Merge an item that both change; what both put in, where its order is known."""
    if len(base) == len(first) == len(second) == 1:
        return [_merge(base[0], first[0], second[0])]
    new = [*first, *second]
    if base:
        raise _OverlapError
    if all(isinstance(node, ast.stmt) for node in new):
        # As edits put in at one place come: last what returns.
        return sorted(new, key=lambda node: isinstance(node, ast.Return))
    names = {node.arg for node in new if isinstance(node, ast.keyword)}
    if len(names) != len(new):
        raise _OverlapError
    return new  # keywords, in whatever order


def _places(node: ast.AST, wanted: ast.AST) -> _Path:
    """Return the way to the only place below `node` where `wanted` stands, else ()."""
    key, kind = _key(wanted), type(wanted)
    found = [
        path for path, n in _below(node) if type(n) is kind and path and _key(n) == key
    ]
    return found[0] if len(found) == 1 else ()


def _below(node: ast.AST, path: _Path = ()) -> Iterator[tuple[_Path, ast.AST]]:
    yield path, node
    for name, value in ast.iter_fields(node):
        children: Iterable[tuple[int | None, Any]] = (
            enumerate(value) if isinstance(value, list) else [(None, value)]
        )
        for place, child in children:
            if isinstance(child, ast.AST):
                yield from _below(child, (*path, (name, place)))


def _at(node: Any, path: _Path) -> ast.AST | None:
    """Return what stands there, None where there is no such place."""
    for name, place in path:
        node = getattr(node, name, None)
        if place is not None:
            is_there = isinstance(node, list) and place < len(node)
            node = node[place] if is_there else None
    return node if isinstance(node, ast.AST) else None


def _with(node: ast.AST, path: _Path, new: Any) -> ast.AST:
    """Return a copy of the tree with another one at that place."""
    (name, place), rest = path[0], path[1:]
    fields = dict(ast.iter_fields(node))
    if place is None:
        fields[name] = _with(fields[name], rest, new) if rest else new
    else:
        items = [*fields[name]]
        items[place] = _with(items[place], rest, new) if rest else new
        fields[name] = items
    return ast.copy_location(type(node)(**fields), node)
