"""Ctrl-C ends a command with one code, however late another one comes."""

import subprocess
import sys

import pytest

from autograder.commands.interruption import INTERRUPTED, SAID
from patience import PATIENCE_SECONDS

PROGRAM = """
import os, signal
from autograder.commands.interruption import interruptible

class Late:
    def __del__(self, kill=os.kill, own=os.getpid(), number=signal.SIGINT):
        kill(own, number)

with interruptible():
    late = Late()
    {}
"""


@pytest.mark.parametrize(
    "does", ["signal.raise_signal(signal.SIGINT)", "raise KeyboardInterrupt"]
)
def test_one_that_comes_while_python_ends_changes_nothing(does: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(does)],
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert (ended.returncode, ended.stderr.strip()) == (INTERRUPTED, SAID)
