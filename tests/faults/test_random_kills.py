"""kill -9 of whatever grades, at any moment: the next run completes.

No mark is lost, invented or had twice, and no process or temporary folder stays behind.

``make test`` does it a few times, ``make faults`` fifty times.
"""

import contextlib
import ctypes
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.records.ledger import Ledger
from autograder.records.results import Verdict
from small_class import RIGHT, SQUARE, write_class

KILLED_MEANWHILE = 20.0
"""Seconds from the start of a run in which something of it may be killed."""
SCORES = {"Ada Example": 40.0, "Zoë Müller": 100.0}
MOST_RUNS = 3

PR_SET_CHILD_SUBREAPER = 36
PATIENCE_SECONDS = 60.0
"""So long the kernel, and a shell that waits for its grader's end, may take."""

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc"),
]


def below(pid: int) -> dict[int, str]:
    """Return what a process has started, all the way down, with its name."""
    found = {}
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(word) for word in listed.read_text().split()]
        except OSError:
            continue  # it has ended since it was listed
        for child in children:
            try:
                found[child] = Path(f"/proc/{child}/comm").read_text().strip()
            except OSError:
                continue
            found |= below(child)
    return found


def grade(folder: Path, course: Path) -> "subprocess.Popen[bytes]":
    line = [sys.executable, "-m", "autograder", "grade", "a0_scale", "--workers", "2"]
    line += [str(folder / "class.zip"), "--roster", str(folder / "roster.csv")]
    line += ["--out", str(folder / "out"), "--course", str(course)]
    return subprocess.Popen(
        line,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(folder / "temporary")},
    )


@pytest.fixture
def orphans() -> Iterator[Callable[[], dict[int, str]]]:
    """Be who gets every process that loses its parent, and say which are left.

    It waits for them to end, and does not end them
    """
    libc = ctypes.CDLL(None, use_errno=True)
    before = {*below(os.getpid())}
    assert libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0

    def left() -> dict[int, str]:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            with contextlib.suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
            found = below(os.getpid())
            strange = {p: name for p, name in found.items() if p not in before}
            if not strange or time.monotonic() > deadline:
                return strange
            time.sleep(0.05)

    yield left
    libc.prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def kill_something(run: "subprocess.Popen[bytes]", chance: random.Random) -> str:
    """Kill the coordinator, a grader, bwrap or a worker after a moment, and name it."""
    until = time.monotonic() + chance.uniform(0.5, KILLED_MEANWHILE)
    target = chance.choice(("coordinator", "grader", "bwrap", "worker"))
    while run.poll() is None:
        if time.monotonic() < until:
            time.sleep(0.02)
            continue
        bwraps = [p for p, name in below(run.pid).items() if name == "bwrap"]
        inside = {p: name for bwrap in bwraps for p, name in below(bwrap).items()}
        victims = {
            "coordinator": [run.pid],
            "grader": [p for p in below(run.pid) if "spawn_main" in line_of(p)],
            "bwrap": bwraps,
            "worker": [p for p, name in inside.items() if name != "bwrap"],
        }[target]
        if victims:
            subprocess.run(
                ["/bin/kill", "-9", str(chance.choice(victims))], check=False
            )
            return target
        time.sleep(0.02)
    return ""


def line_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""  # it has ended since it was listed


def test_whatever_is_killed_the_next_run_completes(
    tmp_path: Path,
    course: Path,
    request: pytest.FixtureRequest,
    orphans: Callable[[], dict[int, str]],
) -> None:
    write_class(tmp_path, {"Ada Example": SQUARE, "Zoë Müller": RIGHT})
    for number in range(request.config.getoption("--rounds")):
        folder = tmp_path / f"round-{number}"
        folder.mkdir()
        temporary = folder / "temporary"
        temporary.mkdir()
        # Workers are of another user and must be able to come in, as into /tmp.
        temporary.chmod(0o1777)
        for name in ("class.zip", "roster.csv"):
            (folder / name).write_bytes((tmp_path / name).read_bytes())
        run = grade(folder, course)
        killed = kill_something(run, random.Random(number))  # noqa: S311 no secret
        _, said = run.communicate()
        assert b"Traceback" not in said, (number, killed, said)
        assert orphans() == {}, (number, killed)
        for _ in range(MOST_RUNS):
            run = grade(folder, course)
            _, said = run.communicate()
            assert b"Traceback" not in said, (number, killed, said)
            if run.returncode == 0:
                break
        assert run.returncode == 0, (number, killed, said)
        with Ledger(folder / "out/ledger.sqlite") as ledger:
            entries = ledger.entries("a0_scale")
            found = {e.submission.student_name: e.result.score for e in entries}
            assert found == SCORES, (number, killed)
            verdicts = Counter(e.result.verdict for e in entries)
            assert verdicts[Verdict.FAULT] == 0
            assert len(entries) == len(SCORES), (number, killed)
        assert orphans() == {}, (number, killed)
        assert list(temporary.iterdir()) == [], (number, killed)
        assert not list((folder / "out").rglob(".unfinished-*"))
        assert (folder / "out/.lock").read_bytes() == b""
