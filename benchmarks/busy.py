"""Grade every right answer beside busy processes: the load must cost no mark.

    python benchmarks/busy.py a1_conv1d a2_shapes --busy 8 --times 3

Starts so many processes that do nothing but compute, grades the reference and every
variant so many times, each time with other random inputs, and prints what each got. It
ends with 1 where one of them did not get full marks every time, or could not be graded.
"""

import argparse
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from autograder.authoring.prove import claims
from autograder.commands.progress import progress_bar
from autograder.course import assignment as assignments
from autograder.course import folders
from autograder.grading.grader import Job
from autograder.grading.process_pool import grade_all
from autograder.records.results import Result, Verdict
from autograder.records.submission import Submission

REPOSITORY = Path(__file__).resolve().parent.parent


@dataclass
class Seen:
    """What came of one right answer, time after time.

    lost : what was lost, or why it could not be graded
    """

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


def main() -> int:
    """Grade beside the load, print the table; 0 where nothing was lost."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", default=folders.names(REPOSITORY))
    parser.add_argument("--busy", type=int, default=8, help="processes that compute")
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    seen: defaultdict[str, Seen] = defaultdict(Seen)
    jobs = [job for name in asked.names for job in _jobs(name, asked.times)]
    started = time.monotonic()
    with busy(asked.busy), progress_bar(Console()) as progress:
        bar = progress.add_task("grading beside the load", total=len(jobs))
        for submission, result in grade_all(jobs, asked.workers):
            _note(seen[submission.student_name], result)
            progress.advance(bar)
    title = f"{asked.times} times each, beside {asked.busy} busy processes"
    table = Table("right answer", "lost", "computing", "clock", title=title)
    for name, one in sorted(seen.items()):
        table.add_row(
            name,
            f"[red]{len(one.lost)}[/]" if one.lost else "0",
            f"{max(one.cpu, default=0):.1f} s",
            f"{max(one.wall, default=0):.1f} s",
        )
    console = Console()
    console.print(table)
    lost = [f"{name}: {what}" for name, one in seen.items() for what in one.lost]
    for line in lost:
        console.print(line, markup=False, soft_wrap=True)
    print(f"{len(jobs)} gradings in {time.monotonic() - started:.0f} s")
    print(f"{len(lost)} of them lost something" if lost else "nothing was lost")
    return 1 if lost else 0


@contextmanager
def busy(count: int) -> Iterator[None]:
    """Keep the processors busy for as long as the block runs."""
    # They end by themselves where this process is killed: their pipe closes.
    loop = (
        "import os, threading\n"
        "threading.Thread(target=lambda: (os.read(0, 1), os._exit(0))).start()\n"
        "while True: pass"
    )
    command = [sys.executable, "-c", loop]
    started = [
        subprocess.Popen(command, stdin=subprocess.PIPE)  # noqa: S603 our own line
        for _ in range(count)
    ]
    try:
        yield
    finally:
        for process in started:
            process.kill()
            process.wait()


def _jobs(name: str, times: int) -> Iterator[Job]:
    assignment = assignments.load(REPOSITORY, name)
    for number in range(times):
        for claim in claims(assignment, with_mutants=False):
            if claim.kind in {"reference", "variant"}:
                label = f"{name}: {claim.name}"
                submission = Submission(
                    key=f"{label}-{number}",
                    lms_id="",
                    student_name=label,
                    roster_id=None,
                    attempt=1,
                    submitted_at=None,
                    files={assignment.manifest.file: claim.source.encode()},
                )
                yield Job(
                    course=REPOSITORY,
                    assignment=name,
                    submission=submission,
                    secret=b"busy",
                )


def _note(seen: Seen, result: Result) -> None:
    seen.wall.append(result.wall_seconds)
    seen.cpu.append(result.cpu_seconds or 0.0)
    if result.verdict is Verdict.FAULT:
        seen.lost.append(f"could not be graded: {result.fault}")
    elif result.score != result.possible or result.verdict is not Verdict.PASSED:
        cases = "; ".join(
            f"{q.name}, {c.name} ({c.message.splitlines()[-1]})"
            for q in result.questions
            for c in q.cases
            if c.verdict is Verdict.FAILED
        )
        seen.lost.append(f"{result.score:g} of {result.possible:g}: {cases}")


if __name__ == "__main__":
    sys.exit(main())
