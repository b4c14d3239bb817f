"""Run a module as ``python -m`` does, in a process that begins warm.

Imports nothing of ours: what it runs finds its own in its folder.
"""

import os
import runpy
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from warm_start import forking

_TESTS = str(Path(__file__).parents[1])
_OURS = ("autograder", "checks", "conftest")
"""What a warm process may have from here, and a new one would import from elsewhere."""


def run_module(
    folder: Path, command: tuple[str, ...], environment: Mapping[str, str]
) -> tuple[int, str]:
    """Return the exit code, and what was printed and complained of."""
    with tempfile.NamedTemporaryFile("r", encoding="utf-8") as said:
        given = (str(folder), command, dict(environment), said.name)
        process = forking().Process(target=_become, args=given)
        process.start()
        process.join()
        code = process.exitcode
        process.close()
        assert code is not None
        return code, said.read()


def _become(
    folder: str, command: tuple[str, ...], environment: dict[str, str], said: str
) -> None:
    written = os.open(said, os.O_WRONLY | os.O_APPEND)
    for descriptor in (1, 2):
        os.dup2(written, descriptor)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.path = [folder, *(p for p in sys.path if p and not p.startswith(_TESTS))]
    for name in [*sys.modules]:
        if name.partition(".")[0] in _OURS:
            del sys.modules[name]
    sys.argv = ["-m", *command[1:]]
    runpy.run_module(command[0], run_name="__main__", alter_sys=True)
