"""Grade the sample class again and again, and look for what piles up.

Run ``python benchmarks/soak.py --rounds 20`` from the repository. Every round has the
same submissions: right ones, wrong ones, endless loops, crashes. One pool of graders
does them all, on a machine that grades nothing else. It ends with 1 where the score of
a submission is not the same every time, anything is a fault of ours, a grader's memory
grows, or a process, a temporary file or an open file is left behind.
"""

import argparse
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import msgspec
from rich.console import Console

from autograder.commands.progress import progress_bar
from autograder.grading.grader import Job
from autograder.grading.process_pool import grade_all
from autograder.intake import read_submissions
from autograder.intake.roster import read_roster
from autograder.records.results import Verdict

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.append(str(REPOSITORY / "examples"))
NAME = "a1_conv1d"
GROWTH = 1.2
"""A grader's memory may be so many times what it was when a tenth was done."""


def main() -> int:
    """Grade, compare, count what is left; 0 where nothing piles up."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        jobs = list(_jobs(Path(folder), asked.rounds))
    list(grade_all(jobs[:1], 1))  # opens what stays open: the tracker of processes
    before = _left_behind()
    scores: defaultdict[str, set[float | None]] = defaultdict(set)
    faults: list[str] = []
    memory: list[int] = []
    with progress_bar(Console()) as progress:
        bar = progress.add_task("soaking", total=len(jobs))
        for submission, result in grade_all(jobs, asked.workers):
            who, _, _ = submission.key.partition("-round-")
            scores[who].add(result.score)
            if result.verdict is Verdict.FAULT:
                faults.append(f"{submission.key}: {result.fault}")
            memory.append(max(map(_resident_kib, _children()), default=0))
            progress.advance(bar)
    early = max(memory[: len(memory) // 10 + 1])
    late = max(memory[-(len(memory) // 10 + 1) :])
    problems = [f"a fault of ours: {fault}" for fault in faults]
    problems += [
        f"{who} got {sorted(map(str, found))}"
        for who, found in scores.items()
        if len(found) > 1
    ]
    problems += [
        f"{what}: {count} before, {_left_behind()[what]} after"
        for what, count in before.items()
        if _left_behind()[what] > count
    ]
    if late > GROWTH * early:
        problems.append(f"a grader's memory grew from {early} to {late} KiB")
    print(f"{len(jobs)} gradings of {len(scores)} submissions")
    print(f"a grader's memory: {early} KiB early, {late} KiB late")
    print("\n".join(problems) or "nothing piles up")
    return 1 if problems else 0


def _jobs(folder: Path, rounds: int) -> Iterator[Job]:
    from make_class import make_class  # noqa: PLC0415 found beside the demo

    make_class(folder)
    intake = read_submissions(
        folder / "submissions.zip",
        file_name=f"{NAME}.py",
        roster=read_roster(folder / "roster.csv"),
    )
    for number in range(rounds):
        for one in intake.submissions:
            # The seed hangs on the student, so every round has the same inputs.
            again = msgspec.structs.replace(
                one,
                key=f"{one.key}-round-{number}",
                shared_by=one.shared_by or one.key,
            )
            yield Job(
                course=REPOSITORY, assignment=NAME, submission=again, secret=b"soak"
            )


def _left_behind() -> dict[str, int]:
    """Count what a grading may leave: workers, temporary files, open files."""
    commands = (_command(int(p.name)) for p in Path("/proc").iterdir() if _is_pid(p))
    return {
        "worker processes": sum("autograder/worker/serve.py" in c for c in commands),
        "temporary files": len(list(Path(tempfile.gettempdir()).glob("autograder-*"))),
        "open files": len(list(Path("/proc/self/fd").iterdir())),
    }


def _is_pid(path: Path) -> bool:
    return path.name.isdigit()


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""  # it has ended since it was listed


def _children() -> list[int]:
    listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text()
    return [int(pid) for pid in listed.split()]


def _resident_kib(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0  # it has ended since it was listed
    found = [line.split()[1] for line in lines if line.startswith("VmRSS:")]
    return int(found[0]) if found else 0


if __name__ == "__main__":
    sys.exit(main())
