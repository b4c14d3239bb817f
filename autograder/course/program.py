"""A program of ours that is compiled again and again with a few characters changed.

Every known mistake is the reference with an edit or two. To compile all of it takes
milliseconds, a hundred times what one of its functions takes in a case: so what stays
the same is compiled once, section by section, and only what an edit touches anew.
"""

import __future__

import ast
import functools
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, ModuleType

MOST_SECTIONS = 512
"""So many compiled sections are kept, of all programs; each takes about 20 KiB."""
_FUTURES = functools.reduce(
    int.__or__,
    (getattr(__future__, name).compiler_flag for name in __future__.all_feature_names),
)


class Program:
    """A source, cut into sections where its functions and classes begin.

    source : Python, ours and never a student's
    path : what it is called in tracebacks
    Raises SyntaxError where it is no program
    """

    def __init__(self, source: str, path: Path) -> None:
        self.source = source
        self._path = path
        whole = compile(source, str(path), "exec", dont_inherit=True)
        self._futures = whole.co_flags & _FUTURES
        self._heads = tuple(_heads(source))

    def is_program(self, edited: str) -> bool:
        """Tell whether the source with edits made is a program still."""
        try:
            self._codes(edited)
        except SyntaxError:
            return False
        return True

    def module(self, edited: str) -> ModuleType:
        """Execute the source with edits made, as a module of its own.

        Lines in tracebacks are those of the source, where nothing was edited. Raises
        SyntaxError, and what the program raises
        """
        module = ModuleType(self._path.stem)
        module.__file__ = str(self._path)
        for code in self._codes(edited):
            exec(code, vars(module))  # noqa: S102 our own code
        return module

    def sections(self, edited: str) -> Iterator[tuple[int, str]]:
        """Yield sections with the lines that they begin in, before any edit.

        What has lost its head to an edit is one with the section before it
        """
        begin, line = 0, 1
        for head_line, head in self._heads:
            end = edited.find(f"\n{head}\n", begin)
            if end >= 0:
                yield line, edited[begin : end + 1]
                begin, line = end + 1, head_line
        yield line, edited[begin:]

    def _codes(self, edited: str) -> list[CodeType]:
        """Compile what no one has compiled before; raises SyntaxError."""
        try:
            return [self._code(*section) for section in self.sections(edited)]
        except SyntaxError:
            # An edit that reaches over the end of a section, or makes no program.
            return [self._code(1, edited)]

    def _code(self, line: int, text: str) -> CodeType:
        return _compiled(text, line, str(self._path), self._futures)


def _heads(source: str) -> Iterator[tuple[int, str]]:
    """Yield where functions and classes begin, and the lines down to ``def``."""
    lines = source.split("\n")
    for statement in ast.parse(source).body:
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            first = min([statement, *statement.decorator_list], key=lambda n: n.lineno)
            yield first.lineno, "\n".join(lines[first.lineno - 1 : statement.lineno])


@functools.lru_cache(MOST_SECTIONS)
def _compiled(text: str, line: int, path: str, futures: int) -> CodeType:
    """Compile a section that begins in a line; raises SyntaxError."""
    code: CodeType = compile(
        "\n" * (line - 1) + text, path, "exec", flags=futures, dont_inherit=True
    )
    return code
