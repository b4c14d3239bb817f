import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.sandbox

STARTS_BWRAP = """
import os, sys, time
from autograder.sandbox.launch import popen
from autograder.sandbox.mounts import Stage, program
reader, writer = os.pipe()
if {is_slow_to_tell}:
    os.set_blocking(writer, False)
    try:
        while True:
            os.write(writer, bytes(4096))
    except BlockingIOError:
        os.set_blocking(writer, True)
line = [*(Stage.of(()).command() if os.geteuid() == 0 else ()), program("bwrap")]
line += ["--unshare-all", "--unshare-user", "--die-with-parent", "--new-session"]
line += ["--hostname", "{mark}", "--ro-bind", "/", "/", "--info-fd", str(writer)]
line += ["--", program("sh"), "-c", "read -r _"]
later = [program("sh"), "-c", 'sleep {seconds}; exec "$@"', "sh", *line]
process = popen(later, {{}}, (writer,), is_bwrap=True)
print(process.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize(
    "moment", ["before it begins", "before it has told of its child"]
)
def test_bwrap_whose_grader_is_killed_while_it_starts_leaves_nothing(
    moment: str,
) -> None:
    mark = f"mark-{secrets.token_hex(8)}"
    is_slow_to_tell = moment != "before it begins"
    seconds = 0 if is_slow_to_tell else 3
    code = STARTS_BWRAP.format(
        mark=mark, is_slow_to_tell=is_slow_to_tell, seconds=seconds
    )
    grader = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert grader.stdout is not None
    assert grader.stdout.readline()
    if is_slow_to_tell:
        until(lambda: len(marked(mark)) == 3, "bwrap is two processes, one is its own")
    grader.kill()
    grader.wait()
    grader.stdout.close()
    time.sleep(seconds)
    until(lambda: not marked(mark), "something is left")


def marked(mark: str) -> list[int]:
    """Processes that have the mark on their command line, the grader's among them."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            text = path.read_bytes()
        except OSError:
            continue
        if mark.encode() in text:
            found.append(int(path.parent.name))
    return found


def until(condition: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.05)
