"""kill -9 of whatever grades, at any moment: the next run completes.

``make test`` does it a few times, ``make faults`` fifty times.
"""

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from autograder.records.ledger import Ledger
from autograder.records.results import Verdict
from small_class import RIGHT, SQUARE, write_class

KILLED_MEANWHILE = 20.0
"""Seconds from the start of a run in which something of it may be killed."""
SCORES = {"Ada Example": 40.0, "Zoë Müller": 100.0}
MOST_RUNS = 3

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
    return subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


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
    tmp_path: Path, course: Path, request: pytest.FixtureRequest
) -> None:
    write_class(tmp_path, {"Ada Example": SQUARE, "Zoë Müller": RIGHT})
    for number in range(request.config.getoption("--rounds")):
        folder = tmp_path / f"round-{number}"
        folder.mkdir()
        for name in ("class.zip", "roster.csv"):
            (folder / name).write_bytes((tmp_path / name).read_bytes())
        run = grade(folder, course)
        killed = kill_something(run, random.Random(number))  # noqa: S311 no secret
        _, said = run.communicate()
        assert b"Traceback" not in said, (number, killed, said)
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
        assert not list((folder / "out").rglob(".unfinished-*"))
        assert (folder / "out/.lock").read_bytes() == b""
