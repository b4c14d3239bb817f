"""Ctrl-C ends a command with one code, however late another one comes."""

import subprocess
import sys

import pytest

from autograder.commands.interruption import INTERRUPTED, SAID
from patience import PATIENCE_SECONDS

PROGRAM = """
import atexit, os, signal, threading
from autograder.commands.interruption import interruptible

class Late:
    def __del__(self, kill=os.kill, own=os.getpid(), number=signal.SIGINT):
        kill(own, number)

def trouble():
    raise OSError("a thread's, at the end")

atexit.register(print, "what is to be done at an end")
threading._register_atexit(trouble)
with interruptible():
    late = Late()
    {}
"""


@pytest.mark.parametrize(
    "does", ["signal.raise_signal(signal.SIGINT)", "raise KeyboardInterrupt"]
)
def test_whatever_happens_while_python_ends_changes_nothing(does: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(does)],
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert (ended.returncode, ended.stderr.strip()) == (INTERRUPTED, SAID)
    assert ended.stdout == "what is to be done at an end\n"
