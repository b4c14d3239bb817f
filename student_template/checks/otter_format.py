"""Test files in otter-grader's format, run without otter.

Otter runs the files as they are. To import it takes a second, for pandas and IPython,
and all that a file wants of it is the decorator ``test_case``.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

_OTTERS = "otter", "otter.test_files"


def functions_of(text: str, path: Path) -> dict[str, Any]:
    """Run a test file and return all that stands in it; cases are plain functions.

    text : of the file; path : where it lies, for tracebacks
    Raises what running it raises, SyntaxError too
    """
    found: dict[str, Any] = {"__name__": path.stem, "__file__": str(path)}
    with _in_otters_place():
        exec(compile(text, str(path), "exec", dont_inherit=True), found)  # noqa: S102
    return found


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
