"""Notebooks become the Python file that is graded, in a process of their own.

A notebook may be anything: gigabytes in a few bytes of JSON, or code so nested that
Python's own parser ends. So `autograder.notebook`, which students have as well, reads
it as a program with limits, and what comes of it is a text or words.
"""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import msgspec

from autograder import notebook

if TYPE_CHECKING:
    from autograder.course.assignment import Assignment

OF_THE_COURSE = "explore.ipynb"
"""What students are given to look around in, beside the file that they hand in."""
_SECONDS = 60.0
"""Of the clock on the wall; the program's own limit is of computing."""


def as_notebook(file_name: str) -> str:
    """Return the name that a notebook has which is handed in instead of a file.

    >>> as_notebook("a1_conv1d.py")
    'a1_conv1d.ipynb'
    """
    return str(PurePosixPath(file_name).with_suffix(notebook.SUFFIX))


class NotebookError(Exception):
    """Why a notebook is left out, in words that follow its name."""


class _Told(msgspec.Struct, frozen=True):
    source: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookReader:
    """Reads notebooks of one assignment.

    functions : those that are asked for; packages : what grading can import
    """

    functions: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()

    @classmethod
    def of(cls, assignment: "Assignment") -> "NotebookReader":
        """Return the one for an assignment."""
        manifest = assignment.manifest
        functions = tuple(f for q in manifest.question for f in q.functions)
        return cls(functions=functions, packages=manifest.packages)

    def read(self, data: bytes) -> bytes:
        """Return the Python file that is graded; raises NotebookError."""
        asked = {"functions": self.functions, "packages": self.packages}
        program = str(Path(notebook.__file__))
        command = [sys.executable, "-I", "-S", program]
        try:
            done = subprocess.run(  # noqa: S603 our own program
                command,
                input=msgspec.json.encode(asked) + b"\n" + data,
                capture_output=True,
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise NotebookError("takes too long to be read") from None
        try:
            told = msgspec.json.decode(done.stdout, type=_Told)
        except msgspec.MsgspecError:
            raise NotebookError(
                "can't be read within the memory and time that a notebook has: is it "
                "nested too deeply?"
            ) from None
        if told.error:
            raise NotebookError(told.error)
        return told.source.encode()
