"""The public cases of a question, read from its test file.

The files are in the format of otter-grader, which runs them as they are. Here otter is
not needed: importing it takes longer than running them.
"""

import ast
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

_OTTERS = "otter", "otter.test_files"


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
        found: dict[str, Any] = {"__name__": self.path.stem}
        with _in_otters_place():
            exec(compile(self.text, str(self.path), "exec"), found)  # noqa: S102
        return found

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


@contextmanager
def _in_otters_place() -> Iterator[None]:
    """Let the block's ``from otter.test_files import test_case`` find a plain one."""
    package, module = ModuleType("otter"), ModuleType("otter.test_files")
    vars(module)["test_case"] = _test_case
    before = {name: sys.modules.get(name) for name in _OTTERS}
    sys.modules.update(zip(_OTTERS, (package, module), strict=True))
    try:
        yield
    finally:
        for name, found in before.items():
            if found is None:
                del sys.modules[name]
            else:
                sys.modules[name] = found


def _test_case(**_: object) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Leave the function as it is: what it is called with stands in the text."""
    return lambda function: function
