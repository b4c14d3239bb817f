"""How many results a second the machine of the command can take, and what follows.

    python benchmarks/coordinator.py [--results 2000] [--large large-out] [--page FILE]

The results are made ready beforehand, by grading the sample class, and a cluster's
worker gives them back at once: so what is measured is the way of a result from the
cluster into the ledger. Processor time of the coordinator and of Dask's scheduler is
told apart, since each is one thread and can be on a machine of its own: the slower one
is the limit. ``--large`` is the folder of ``benchmarks/large_class.py``; with it a page
reckons 100,000 submissions on 50 machines from what both have measured.
"""

import argparse
import csv
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import msgspec

from autograder.course.assignment import load
from autograder.grading import cluster
from autograder.grading.grader import Job
from autograder.grading.process_pool import grade_all
from autograder.intake import read_submissions
from autograder.intake.roster import read_roster
from autograder.records.dependencies import course_inputs, inputs_of
from autograder.records.ledger import Ledger
from autograder.records.results import Result
from autograder.records.submission import Submission

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.append(str(REPOSITORY / "examples"))
NAME = "a1_conv1d"
PLOT = "large_class.png"
"""What `large_class.py` draws, beside the page."""
READY = 20
"""Results that are made ready, and given back over and over."""
SUBMISSIONS, MACHINES, CORES = 100_000, 50, 16
GIVES_BACK = """
import os
import msgspec
from autograder.records.results import Result

with open(os.environ["READY_RESULTS"], "rb") as file:
    RESULTS = msgspec.json.decode(file.read(), type=list[Result])

def grade_there(job, folder):
    return RESULTS[int(job.submission.key.partition("-")[0]) % len(RESULTS)]
"""


@dataclass(frozen=True, kw_only=True)
class Way:
    """What one result takes on its way, in seconds.

    wall : with everything on this one machine; coordinator, scheduler : processor time
    ledger : of the coordinator's, what stands on the wall while results are stored
    ledger_kib : that it takes of the disk
    """

    wall: float
    coordinator: float
    scheduler: float
    ledger: float
    ledger_kib: float


def main() -> int:
    """Measure, and print or write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--results", type=int, default=2000)
    parser.add_argument("--threads", type=int, default=CORES)
    parser.add_argument("--large", type=Path)
    parser.add_argument("--page", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        way = _measured(Path(made), asked.results, asked.threads)
    lines = [*_told(way, asked.results)]
    if asked.large:
        lines += _reckoned(way, asked.large)
    text = "\n".join(lines) + "\n"
    if asked.page:
        asked.page.write_text(text, encoding="utf-8")
    else:
        print(text, end="")
    return 0


def _measured(folder: Path, count: int, threads: int) -> Way:
    """Grade a few, and send their results through a cluster as those of many."""
    from make_class import make_class  # noqa: PLC0415 found beside the demo

    make_class(folder)
    intake = read_submissions(
        folder / "submissions.zip",
        file_name=f"{NAME}.py",
        roster=read_roster(folder / "roster.csv"),
    )
    few = [_job(one) for one in intake.submissions[:READY]]
    graded = list(grade_all(few, os.cpu_count() or 1))
    ready = folder / "ready.json"
    ready.write_bytes(msgspec.json.encode([result for _, result in graded]))
    (folder / "gives_back.py").write_text(GIVES_BACK, encoding="utf-8")
    os.environ["READY_RESULTS"] = str(ready)
    sys.path.insert(0, str(folder))
    import gives_back  # type: ignore[import-not-found]  # noqa: PLC0415 made just now

    cluster.grade_there = gives_back.grade_there
    jobs = [
        _job(msgspec.structs.replace(s, key=f"{n}-{s.key}"))
        for n, (s, _) in zip(range(count), _again(graded), strict=False)
    ]
    with _dask(folder, threads) as (address, scheduler):
        return _sent(jobs, address, scheduler, folder / "ledger.sqlite")


def _again(
    graded: Sequence[tuple[Submission, Result]],
) -> Iterator[tuple[Submission, Result]]:
    while True:
        yield from graded


def _job(submission: Submission) -> Job:
    return Job(
        course=REPOSITORY, assignment=NAME, submission=submission, secret=b"bench"
    )


@contextmanager
def _dask(folder: Path, threads: int) -> Iterator[tuple[str, int]]:
    """Give a scheduler's address and process, with one worker."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    python = [sys.executable, "-m"]
    own = {**os.environ, "PYTHONPATH": str(folder), "OMP_NUM_THREADS": "1"}
    lines = [
        [*python, "distributed.cli.dask_scheduler", "--host", "127.0.0.1"],
        [*python, "distributed.cli.dask_worker", address, "--no-nanny"],
    ]
    lines[0] += ["--port", str(port), "--no-dashboard"]
    lines[1] += ["--nthreads", str(threads), "--local-directory", str(folder)]
    with (folder / "dask.log").open("wb") as log:
        processes = [
            subprocess.Popen(line, env=own, stdout=log, stderr=log)  # noqa: S603 our own command
            for line in lines
        ]
    try:
        yield address, processes[0].pid
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait()


def _sent(jobs: Sequence[Job], address: str, scheduler: int, path: Path) -> Way:
    """Send the jobs through the cluster into a ledger, and return what one takes."""
    course = course_inputs(load(REPOSITORY, NAME))
    print("a machine is examined first", file=sys.stderr)
    results = cluster.grade_on_cluster(jobs, address, lambda _: None)
    stored, in_ledger = 0, 0.0
    with Ledger(path) as ledger:
        run = ledger.begin_run("grade", NAME, "")
        for together in results:
            if not stored:
                # From the first on: what starts once is not a result's.
                began, cpu, theirs = time.perf_counter(), _own(), _cpu(scheduler)
                empty = path.stat().st_size
            entered = time.perf_counter()
            ledger.add_all(
                ((s, r, inputs_of(course, s, isolated=True)) for s, r in together),
                run=run,
            )
            in_ledger += time.perf_counter() - entered
            stored += len(together)
        ended = time.perf_counter()
        ledger.end_run(run)
    return Way(
        wall=(ended - began) / stored,
        coordinator=(_own() - cpu) / stored,
        scheduler=(_cpu(scheduler) - theirs) / stored,
        ledger=in_ledger / stored,
        ledger_kib=(path.stat().st_size - empty) / 1024 / stored,
    )


def _own() -> float:
    return time.process_time()


def _cpu(pid: int) -> float:
    """Return the processor time of a process, in seconds."""
    after_name = (
        Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2]
    )
    user, system = islice(after_name.split(), 11, 13)
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _told(way: Way, count: int) -> Iterator[str]:
    yield "# A hundred thousand submissions"
    yield ""
    yield "<!-- Written by benchmarks/coordinator.py: not by hand. -->"
    yield ""
    yield (
        f"{count:,} results of {NAME}, made ready beforehand, went through a cluster "
        "of one worker into a ledger. A result takes, in milliseconds:"
    )
    yield ""
    yield "| what | ms |"
    yield "|---|---:|"
    yield f"| processor time of the coordinator | {1000 * way.coordinator:.2f} |"
    yield f"| of that, and of waiting, its ledger's | {1000 * way.ledger:.2f} |"
    yield f"| processor time of Dask's scheduler | {1000 * way.scheduler:.2f} |"
    yield f"| on the wall, all on {os.cpu_count()} cores | {1000 * way.wall:.2f} |"
    yield ""
    yield (
        f"So the coordinator takes at most {1 / _limit(way):,.0f} results a second, "
        f"and the ledger {way.ledger_kib:.1f} KiB for each."
    )


def _limit(way: Way) -> float:
    return max(way.coordinator, way.scheduler, way.ledger)


def _reckoned(way: Way, large: Path) -> Iterator[str]:
    """Yield what follows for many machines, with the throughput of `large`."""
    with (large / "samples.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if None not in row.values()]
    first = {row["part"]: row for row in reversed(rows) if int(row["graded"])}
    most = {row["part"]: row["graded"] for row in rows}
    # Afterwards pages are made.
    last = {r["part"]: r for r in reversed(rows) if r["graded"] == most[r["part"]]}
    graded = sum(int(last[p]["graded"]) - int(first[p]["graded"]) for p in first)
    minutes = sum(float(last[p]["minutes"]) - float(first[p]["minutes"]) for p in first)
    cores = os.cpu_count() or 1
    each = 60 * minutes * cores / graded
    grading = SUBMISSIONS * each / (MACHINES * CORES)
    taking = SUBMISSIONS * _limit(way)
    busy = 1 / _limit(way) * each
    yield ""
    yield (
        f"`benchmarks/large_class.py` graded {graded:,} on {cores} cores in "
        f"{minutes:.0f} minutes: {each:.2f} core seconds each, pages not included. For "
        f"{SUBMISSIONS:,} on {MACHINES} machines of {CORES} such cores:"
    )
    yield ""
    yield "| what | reckoned |"
    yield "|---|---:|"
    yield f"| grading, with every core at work | {grading / 60:.1f} min |"
    yield f"| taking the results, beside it | {taking / 60:.1f} min |"
    yield f"| the ledger | {SUBMISSIONS * way.ledger_kib / 2**20:.1f} GiB |"
    yield f"| cores that one coordinator keeps at work | {busy:,.0f} |"
    yield ""
    yield (
        "The longer of the first two is how long it takes. Reckoned, not seen: "
        "a network, machines that differ, and 800 connections at the scheduler."
    )
    yield ""
    yield (
        "![A minute's submissions, memory and the ledger, by how many were graded]"
        f"({PLOT})"
    )


if __name__ == "__main__":
    sys.exit(main())
