"""The public cases of a question, read from its test file.

The files are in the format of otter-grader, which runs them as they are. Here otter is
not needed: importing it takes longer than running them.
"""

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from checks.otter_format import functions_of


@dataclass(frozen=True)
class Case:
    """A case: a function of a test file that calls yours.

    wanted : the names of your functions that it calls
    """

    file: "TestFile"
    function: str
    name: str
    points: float
    wanted: tuple[str, ...]

    def run(self, functions: Mapping[str, Any]) -> None:
        """Run it on your functions; one that is not there is None.

        Raises CheckFailedError where an answer is wrong, and what your code raises
        """
        run = self.file.functions[self.function]
        run(**{name: functions.get(name) for name in self.wanted})


class TestFile:
    """A question's public cases, in their order; nothing is run before a case is.

    So torch is not waited for where its cases aren't asked for.
    """

    __test__ = False  # pytest would take it for a test by its name

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = path.read_text(encoding="utf-8")
        self._tree = ast.parse(self.text, str(path))

    @property
    def question(self) -> str:
        """The question's name."""
        return self.path.stem

    @property
    def cases(self) -> list[Case]:
        """The functions below ``@test_case(name=..., points=...)``."""
        return list(self._cases())

    @cached_property
    def functions(self) -> dict[str, Callable[..., None]]:
        """All that stands in the file, run once."""
        return functions_of(self.text, self.path)

    def _cases(self) -> Iterator[Case]:
        for node in self._tree.body:
            if not isinstance(node, ast.FunctionDef):
                continue
            for called in node.decorator_list:
                if isinstance(called, ast.Call) and _name(called) == "test_case":
                    facts = {k.arg: ast.literal_eval(k.value) for k in called.keywords}
                    yield Case(
                        file=self,
                        function=node.name,
                        name=facts["name"],
                        points=float(facts["points"]),
                        wanted=tuple(argument.arg for argument in node.args.args),
                    )


def _name(called: ast.Call) -> str:
    return called.func.id if isinstance(called.func, ast.Name) else ""
