"""Grade thousands of submissions, a tenth of them attacks, and look for what piles up.

Run ``python benchmarks/soak.py --submissions 2000`` from the repository. Nine of ten
are the sample class's, over and over: right ones, wrong ones, endless loops, crashes.
Every tenth is one of the folders of ``tests/attacks``. One pool of graders does them
all. It ends with 1 where

- a submission of the sample class has not the same score every time,
- anything is a fault of ours,
- a grader's memory grows, or
- processes, descriptors or temporary files pile up.

``--minutes``, Ctrl-C and ``kill`` end it early, with as many as were done by then.
``--plot FILE`` draws what was measured after every submission. ``--table FILE`` writes
it as CSV, a line as soon as it is known; with ``--resume`` a soak goes on where the
table ends. It goes on with new processes: what they have grown by is judged for each
such part that is long enough, the scores over all of them.
"""

import argparse
import csv
import os
import signal
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields
from itertools import cycle
from pathlib import Path

import matplotlib as mpl
import msgspec
from matplotlib.figure import Figure
from rich.console import Console

from autograder import temporary
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
FEWEST = 50
"""Of fewer gradings in a row the medians of fifths say nothing."""
TELL_EVERY = 50
MIB_OF_KIB = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What there was when a submission had been graded.

    part : how often the soak had been resumed by then
    minutes : since the start, without what lay between parts
    who : of the sample class, or the attack; score : None where it is a fault
    grader_mib : resident, of the largest grader; coordinator_mib : of this process
    processes : below this one; descriptors : open in this one and in the graders
    temporary_files : files and folders in the folder for such
    """

    graded: int
    part: int
    minutes: float
    who: str
    score: float | None
    fault: str
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


class _EndedError(Exception):
    """Somebody has ended the soak."""


def main() -> int:
    """Grade, measure, compare; 0 where nothing piles up."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--minutes", type=float, default=float("inf"))
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--table", type=Path)
    parser.add_argument("--resume", action="store_true", help="Go on with the table.")
    asked = parser.parse_args()
    if asked.resume and not asked.table:
        parser.error("--resume goes on with a --table")
    samples = _read(asked.table) if asked.resume else []
    # Killed with -9 it leaves the folder behind, and the next one removes it.
    with temporary.folder() as folder:
        tempfile.tempdir = os.environ["TMPDIR"] = str(folder)
        # Workers are of another user and must be able to come in, as into /tmp.
        folder.chmod(0o1777)
        ended = _soak(samples, asked)
    tempfile.tempdir = None
    if not samples:
        print("nothing was graded")
        return 1
    problems = [ended] if ended else []
    if not _parts(samples):
        problems.append(f"fewer than {FEWEST} in a row: nobody can tell what piles up")
    problems += [f"a fault of ours: {s.who}: {s.fault}" for s in samples if s.fault]
    problems += _differing(samples)
    for part in _parts(samples):
        problems += _piles(part)
    if asked.plot:
        attacks = sum(s.graded % EVERY_TENTH == 0 for s in samples)
        _plot(samples, asked.plot, asked.workers, attacks)
    print(f"{len(samples)} gradings in {samples[-1].minutes:.0f} minutes")
    for part in _parts(samples):
        for name in LABELS:
            early, late = _early_and_late(part, name)
            print(f"{name}: {early:.0f} in the first fifth, {late:.0f} in the last")
    print("\n".join(problems) or "nothing piles up")
    return 1 if problems else 0


def _soak(samples: list[Sample], asked: argparse.Namespace) -> str:
    """Grade what is not among the samples, and add to them; return why it ended early.

    A line of the table is written as soon as it is known
    """
    done = len(samples)
    part = samples[-1].part + 1 if samples else 0
    before = samples[-1].minutes if samples else 0.0
    with tempfile.TemporaryDirectory() as folder:
        jobs = list(_jobs(Path(folder), asked.submissions))[done:]
    began = time.monotonic()
    console = Console()
    try:
        with (
            _table(asked.table, samples) as write,
            _endable(),
            progress_bar(console) as progress,
            closing(grade_all(jobs, asked.workers)) as results,
        ):
            bar = progress.add_task("soaking", total=asked.submissions, completed=done)
            for submission, result in results:
                progress.advance(bar)
                gone = (time.monotonic() - began) / 60
                one = _sample(len(samples) + 1, part, before + gone, submission, result)
                samples.append(one)
                write(one)
                if one.graded % TELL_EVERY == 0:
                    console.print(_told(one))
                if gone > asked.minutes:
                    break
    except (_EndedError, KeyboardInterrupt):
        return f"ended by hand after {len(samples)} of {asked.submissions}"
    return ""


@contextmanager
def _endable() -> Iterator[None]:
    """Let SIGTERM leave the block as Ctrl-C does."""

    def end(*_: object) -> None:
        raise _EndedError

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _told(sample: Sample) -> str:
    measures = ", ".join(
        f"{name.replace('_', ' ')} {getattr(sample, name):.0f}" for name in LABELS
    )
    return f"{sample.graded:,} after {sample.minutes:.1f} min: {measures}"


def _differing(samples: Sequence[Sample]) -> Iterator[str]:
    """Yield who of the sample class has not the same score every time."""
    scores: defaultdict[str, set[float | None]] = defaultdict(set)
    for sample in samples:
        if not sample.fault and not sample.who.startswith("attack-"):
            scores[sample.who].add(sample.score)
    for who, found in scores.items():
        if len(found) > 1:
            yield f"{who} got {sorted(map(str, found))}"


def _parts(samples: Sequence[Sample]) -> list[list[Sample]]:
    """Return the samples of each part that is long enough to be judged."""
    parts: defaultdict[int, list[Sample]] = defaultdict(list)
    for sample in samples:
        parts[sample.part].append(sample)
    return [part for part in parts.values() if len(part) >= FEWEST]


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


def _sample(
    graded: int, part: int, minutes: float, submission: Submission, result: Result
) -> Sample:
    graders = _children(os.getpid())
    own = (os.getpid(), *graders)
    who, _, _ = submission.key.partition("-round-")
    return Sample(
        graded=graded,
        part=part,
        minutes=minutes,
        who=who,
        score=result.score,
        fault=result.fault if result.verdict is Verdict.FAULT else "",
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


@contextmanager
def _table(
    path: Path | None, samples: Sequence[Sample]
) -> Iterator[Callable[[Sample], None]]:
    """Give what writes a line of the table, which has those that are known."""
    if path is None:
        yield lambda _: None
        return
    names = [field.name for field in fields(Sample)]
    with path.open("w", encoding="utf-8", newline="", buffering=1) as file:
        table = csv.DictWriter(file, names)
        table.writeheader()

        def write(sample: Sample) -> None:
            table.writerow({name: getattr(sample, name) for name in names})

        for sample in samples:
            write(sample)
        yield write


def _read(path: Path) -> list[Sample]:
    """Return the samples of a table; of a line that was cut off nothing is kept."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if None not in row.values()]
    told = ({**row, "score": row["score"] or None} for row in rows)
    return [msgspec.convert(row, Sample, strict=False) for row in told]


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
