"""The sentences of the public package ``checks``, with what varies left out.

What a probe objects to comes from the worker, which has seen a hidden case's inputs and
can say anything. On a page of a hidden case stands only which of our own sentences it
was: every number, name and shape in it becomes ``…``.
"""

import ast
import importlib.util
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from autograder.worker.serve import ONE_PROCESS

PACKAGE = "checks"
GAP = "…"
OTHERWISE = "what came back is not what was asked for"
_FEWEST_LETTERS = 12
"""A sentence with fewer letters of its own would fit everything."""
_MOST_CHARACTERS = 400


def fixed_words(text: str) -> str:
    """Return our sentence that `text` is an instance of, else a general one."""
    text = text[:_MOST_CHARACTERS]
    for pattern, words in _sentences():
        if pattern.fullmatch(text):
            return words
    return OTHERWISE


@lru_cache(maxsize=1)
def _sentences() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return every sentence with its pattern, those with the fewest gaps first."""
    found = {ONE_PROCESS: re.compile(re.escape(ONE_PROCESS))}
    for path in _files():
        for pieces in _strings(ast.parse(path.read_text(encoding="utf-8"))):
            own = "".join(piece for piece in pieces if piece is not None)
            if " " in own and len(re.sub(r"\W", "", own)) >= _FEWEST_LETTERS:
                words = "".join(GAP if piece is None else piece for piece in pieces)
                patterns = (r".*?" if p is None else re.escape(p) for p in pieces)
                found[words] = re.compile("".join(patterns))
    fewest = sorted(found, key=lambda words: (words.count(GAP), -len(words)))
    return tuple((found[words], words) for words in fewest)


def _files() -> Iterator[Path]:
    spec = importlib.util.find_spec(PACKAGE)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        yield from sorted(Path(folder).glob("*.py"))


def _strings(tree: ast.AST) -> Iterator[list[str | None]]:
    """Yield the parts of every string but docstrings, None for what varies."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.JoinedStr):
            yield [
                str(part.value) if isinstance(part, ast.Constant) else None
                for part in node.values
            ]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield [node.value]
        elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            yield from _strings(node)
