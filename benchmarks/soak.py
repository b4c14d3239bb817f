"""Grade thousands of submissions, a tenth of them attacks, and look for what piles up.

Run ``python benchmarks/soak.py --submissions 2000`` from the repository. Nine of ten
are the sample class's, over and over: right ones, wrong ones, endless loops, crashes.
Every tenth is one of the folders of ``tests/attacks``. One pool of graders does them
all. It ends with 1 where

- a submission of the sample class has not the same score every time,
- anything is a fault of ours,
- a grader's memory grows, or
- processes, descriptors or temporary files pile up.

``--minutes`` ends it early, with as many as were done by then. ``--plot FILE`` draws
what was measured after every submission, and ``--table FILE`` writes it as CSV.
"""

import argparse
import csv
import os
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import cycle
from pathlib import Path

import matplotlib as mpl
import msgspec
from matplotlib.figure import Figure
from rich.console import Console

from autograder.commands.progress import progress_bar
from autograder.grading.grader import Job
from autograder.grading.process_pool import grade_all
from autograder.intake import read_submissions
from autograder.intake.roster import read_roster
from autograder.records.results import Result, Verdict
from autograder.records.submission import Submission

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.append(str(REPOSITORY / "examples"))
NAME = "a1_conv1d"
EVERY_TENTH = 10
GROWTH = 1.2
"""Memory may be so many times, at the end, what it was at first (medians of fifths)."""
MORE = 4
"""So many more processes, descriptors and files may be there at the end: a worker that
ends just then, or one that waits."""
PART = 5
MIB_OF_KIB = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What there was when a submission had been graded.

    minutes : since the start
    grader_mib : resident, of the largest grader; coordinator_mib : of this process
    processes : below this one; descriptors : open in this one and in the graders
    temporary_files : files and folders in the folder for such
    """

    graded: int
    minutes: float
    grader_mib: float
    coordinator_mib: float
    processes: int
    descriptors: int
    temporary_files: int


LABELS = {
    "grader_mib": "a grader's memory\n(MiB)",
    "coordinator_mib": "coordinator's memory\n(MiB)",
    "descriptors": "open descriptors\n(number)",
    "processes": "processes\n(number)",
    "temporary_files": "temporary files\n(number)",
}


def main() -> int:
    """Grade, measure, compare; 0 where nothing piles up."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--minutes", type=float, default=float("inf"))
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--table", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        tempfile.tempdir = os.environ["TMPDIR"] = folder
        # Workers are of another user and must be able to come in, as into /tmp.
        Path(folder).chmod(0o1777)
        scores, faults, samples = _soak(asked.submissions, asked.workers, asked.minutes)
    tempfile.tempdir = None
    problems = [f"a fault of ours: {fault}" for fault in faults]
    problems += [
        f"{who} got {sorted(map(str, found))}"
        for who, found in scores.items()
        if len(found) > 1
    ]
    problems += _piles(samples)
    if asked.table:
        _write(samples, asked.table)
    if asked.plot:
        attacks = sum(s.graded % EVERY_TENTH == 0 for s in samples)
        _plot(samples, asked.plot, asked.workers, attacks)
    print(f"{len(samples)} gradings in {samples[-1].minutes:.0f} minutes")
    for name in LABELS:
        early, late = _early_and_late(samples, name)
        print(f"{name}: {early:.0f} in the first fifth, {late:.0f} in the last")
    print("\n".join(problems) or "nothing piles up")
    return 1 if problems else 0


def _soak(
    count: int, workers: int, minutes: float
) -> tuple[dict[str, set[float | None]], list[str], list[Sample]]:
    with tempfile.TemporaryDirectory() as folder:
        jobs = list(_jobs(Path(folder), count))
    scores: defaultdict[str, set[float | None]] = defaultdict(set)
    faults: list[str] = []
    samples: list[Sample] = []
    began = time.monotonic()
    with progress_bar(Console()) as progress:
        bar = progress.add_task("soaking", total=len(jobs))
        results = grade_all(jobs, workers)
        for submission, result in results:
            progress.advance(bar)
            gone = (time.monotonic() - began) / 60
            samples.append(_sample(len(samples) + 1, gone))
            _note(submission, result, scores, faults)
            if gone > minutes:
                break
        results.close()
    return scores, faults, samples


def _note(
    submission: Submission,
    result: Result,
    scores: defaultdict[str, set[float | None]],
    faults: list[str],
) -> None:
    who, _, _ = submission.key.partition("-round-")
    if result.verdict is Verdict.FAULT:
        faults.append(f"{submission.key}: {result.fault}")
    elif not who.startswith("attack-"):
        scores[who].add(result.score)


def _jobs(folder: Path, count: int) -> Iterator[Job]:
    from make_class import make_class  # noqa: PLC0415 found beside the demo

    make_class(folder)
    intake = read_submissions(
        folder / "submissions.zip",
        file_name=f"{NAME}.py",
        roster=read_roster(folder / "roster.csv"),
    )
    ordinary = cycle(intake.submissions)
    attacks = cycle(sorted((REPOSITORY / "tests/attacks").glob("*/submission.py")))
    for number in range(1, count + 1):
        one = next(ordinary)
        if number % EVERY_TENTH == 0:
            attack = next(attacks)
            one = msgspec.structs.replace(
                one,
                key=f"attack-{attack.parent.name}",
                files={f"{NAME}.py": attack.read_bytes()},
            )
        # The seed hangs on the student, so that every round has the same inputs.
        again = msgspec.structs.replace(
            one,
            key=f"{one.key}-round-{number}",
            shared_by=one.shared_by or one.key,
        )
        yield Job(course=REPOSITORY, assignment=NAME, submission=again, secret=b"soak")


def _sample(graded: int, minutes: float) -> Sample:
    graders = _children(os.getpid())
    own = (os.getpid(), *graders)
    return Sample(
        graded=graded,
        minutes=minutes,
        grader_mib=max(map(_resident_mib, graders), default=0.0),
        coordinator_mib=_resident_mib(os.getpid()),
        processes=sum(1 for _ in _below(os.getpid())),
        descriptors=sum(map(_descriptors, own)),
        temporary_files=sum(1 for _ in Path(tempfile.gettempdir()).rglob("*")),
    )


def _below(pid: int) -> Iterator[int]:
    for child in _children(pid):
        yield child
        yield from _below(child)


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += map(int, listed.read_text().split())
        except OSError:
            continue  # the thread has ended since it was listed
    return found


def _descriptors(pid: int) -> int:
    try:
        return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return 0  # it has ended since it was listed


def _resident_mib(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0  # it has ended since it was listed
    found = [line.split()[1] for line in lines if line.startswith("VmRSS:")]
    return int(found[0]) / MIB_OF_KIB if found else 0.0


def _early_and_late(samples: Sequence[Sample], name: str) -> tuple[float, float]:
    """Return the medians of the first and the last fifth."""
    values = [float(getattr(sample, name)) for sample in samples]
    fifth = max(1, len(values) // PART)
    return statistics.median(values[:fifth]), statistics.median(values[-fifth:])


def _piles(samples: Sequence[Sample]) -> Iterator[str]:
    for name in LABELS:
        early, late = _early_and_late(samples, name)
        most = GROWTH * early if name.endswith("_mib") else early + MORE
        if late > most:
            yield f"{name}: {early:.0f} in the first fifth, {late:.0f} in the last"


def _write(samples: Sequence[Sample], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        names = [field.name for field in fields(Sample)]
        table.writerow(names)
        table.writerows([getattr(s, name) for name in names] for s in samples)


def _plot(samples: Sequence[Sample], path: Path, workers: int, attacks: int) -> None:
    """Draw a curve a measure, over the submissions that were graded by then."""
    graded = [sample.graded for sample in samples]
    with mpl.rc_context({"font.family": "DejaVu Sans", "font.size": 9}):
        figure = Figure(figsize=(7.2, 8.0), layout="constrained")
        every = figure.subplots(len(LABELS), 1, sharex=True)
        for axes, (name, label) in zip(every, LABELS.items(), strict=True):
            values = [getattr(sample, name) for sample in samples]
            axes.plot(graded, values, linewidth=0.8, color="#2b4f81")
            axes.set_ylim(0, 1.25 * max(1, *values))
            axes.set_ylabel(label)
            axes.grid(visible=True, linewidth=0.4)
        every[-1].set_xlabel("submissions graded (number)")
        every[0].set_title(
            f"{len(samples):,} submissions of {NAME}, {attacks} of them attacks, "
            f"{workers} graders, {samples[-1].minutes:.0f} minutes"
        )
        figure.savefig(path, dpi=150, facecolor="white", metadata={"Software": None})


if __name__ == "__main__":
    sys.exit(main())
