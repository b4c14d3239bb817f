"""Grade a class of thousands by the command itself, and look at what grows.

    python benchmarks/large_class.py --out large-out [--minutes 60] [--plot FILE]

The class is the sample class's files over and over, each with a line of its own, so
that no two are equal; an endless loop comes once in 500. While ``autograder grade``
works, what it has stored and what it takes is written into ``samples.csv`` beside its
results, a line every few seconds. ``--minutes`` or Ctrl-C end it as a person would; the
same line again goes on, for the ledger is what it resumes from. When all are graded,
the command is run once more: that is intake and pages alone. It ends with 1 where the
last fifth is slower than the first, or takes more memory or room a submission.
"""

import argparse
import csv
import os
import signal
import sqlite3
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, fields
from itertools import cycle, pairwise
from pathlib import Path

import matplotlib as mpl
import msgspec
from matplotlib.figure import Figure

from autograder.course.assignment import load

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.append(str(REPOSITORY / "examples"))
NAME = "a1_conv1d"
FILE = f"{NAME}.py"
EVERY_LOOP = 500
EVERY = 5.0
"""Seconds between two samples."""
ENDING = 120.0
"""Seconds that the command may take to end when it is interrupted."""
SLOWER = 1.3
MORE = 1.2
"""Times that a measure of the last fifth may be that of the first."""
FEWEST = 50
"""With fewer samples, or submissions, fifths say nothing."""
KIB, MIB = 2**10, 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What there was at a time.

    part : how often the run had been begun again; minutes : in this part
    graded : rows of the ledger; ledger_mib : with its journal
    command_mib : resident, of the command; grader_mib : of its largest grader
    """

    part: int
    minutes: float
    graded: int
    ledger_mib: float
    command_mib: float
    grader_mib: float


def main() -> int:
    """Make the class, grade it, and tell what grows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--minutes", type=float, default=float("inf"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--plot", type=Path)
    asked = parser.parse_args()
    command = _command(asked.out, asked.submissions, asked.workers)
    table = asked.out / "samples.csv"
    samples = _read(table)
    ledger = asked.out / "results" / "ledger.sqlite"
    before = _graded(ledger)
    if before < asked.submissions:
        part = samples[-1].part + 1 if samples else 0
        samples += _grade(command, part, ledger, table, asked.minutes)
    done = _graded(ledger)
    print(f"{done:,} of {asked.submissions:,} graded, {done - before:,} of them now")
    problems = [*_grown(samples)]
    if asked.plot and samples:
        _plot(samples, asked.plot, asked.workers)
    if done >= asked.submissions:
        began = time.monotonic()
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL)  # noqa: S603 our own command
        again = (time.monotonic() - began) / done
        print(f"intake and pages alone: {1000 * again:.1f} ms a submission")
    print("\n".join(problems) or "nothing grows")
    return 1 if problems else 0


def _command(out: Path, count: int, workers: int) -> list[str]:
    """Make the class where it is not there, and return what grades it."""
    handed_in, roster = out / "class" / "submissions", out / "class" / "roster.csv"
    if not roster.exists():
        texts = _texts()
        for number, text in zip(range(count), texts, strict=False):
            own = handed_in / f"s{number}"
            own.mkdir(parents=True, exist_ok=True)
            own_line = f"\n# handed in by student {number}\n"
            (own / FILE).write_text(text + own_line, encoding="utf-8")
        rows = "".join(f"{n},s{n},Student {n}\n" for n in range(count))
        roster.write_text("id,username,name\n" + rows, encoding="utf-8")
    return [
        *(sys.executable, "-m", "autograder", "grade", NAME, str(handed_in)),
        *("--roster", str(roster), "--out", str(out / "results")),
        *("--workers", str(workers), "--course", str(REPOSITORY)),
    ]


def _texts() -> Iterator[str]:
    from make_class import LOOP, students  # noqa: PLC0415 found beside the demo

    assignment = load(REPOSITORY, NAME)
    all_files = [student.files or {} for student in students(assignment)]
    texts = [files[FILE] for files in all_files if FILE in files]
    ordinary = cycle(text for text in texts if not text.endswith(LOOP))
    endless = assignment.reference_source + LOOP
    number = 0
    while True:
        number += 1
        yield endless if number % EVERY_LOOP == 0 else next(ordinary)


def _grade(
    command: Sequence[str], part: int, ledger: Path, table: Path, minutes: float
) -> list[Sample]:
    """Run the command, and write and return what was seen meanwhile."""
    samples: list[Sample] = []
    new = not table.exists()
    with (
        table.open("a", encoding="utf-8", newline="", buffering=1) as file,
        (table.parent / "grade.log").open("ab") as log,
    ):
        writer = csv.DictWriter(file, [field.name for field in fields(Sample)])
        if new:
            writer.writeheader()
        began = time.monotonic()
        running = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: S603 our own command
        try:
            while running.poll() is None:
                gone = (time.monotonic() - began) / 60
                if gone > minutes:
                    break
                samples.append(_sample(part, gone, ledger, running.pid))
                writer.writerow(asdict(samples[-1]))
                with suppress(subprocess.TimeoutExpired):
                    running.wait(EVERY)
        except KeyboardInterrupt:
            print("ended by hand", flush=True)
        finally:
            running.send_signal(signal.SIGINT)
            running.wait(ENDING)
    return samples


def _sample(part: int, minutes: float, ledger: Path, pid: int) -> Sample:
    files = [ledger, *(ledger.with_name(ledger.name + end) for end in ("-wal", "-shm"))]
    size = sum(file.stat().st_size for file in files if file.exists())
    graders = list(map(_resident_mib, _children(pid)))
    return Sample(
        part=part,
        minutes=round(minutes, 3),
        graded=_graded(ledger),
        ledger_mib=round(size / MIB, 3),
        command_mib=round(_resident_mib(pid), 1),
        grader_mib=round(max(graders, default=0.0), 1),
    )


def _graded(ledger: Path) -> int:
    """Return how many results are stored, whoever writes just then."""
    if not ledger.exists():
        return 0
    with (
        suppress(sqlite3.OperationalError),
        closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as database,
    ):
        query = "SELECT count(DISTINCT submission_key) FROM result"
        return int(database.execute(query).fetchone()[0])
    return 0  # its tables are being made


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):  # the thread has ended since it was listed
            found += map(int, listed.read_text().split())
    return found


def _resident_mib(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0  # it has ended since it was listed
    found = [line.split()[1] for line in lines if line.startswith("VmRSS:")]
    return int(found[0]) / KIB if found else 0.0


def _read(path: Path) -> list[Sample]:
    """Return the samples of a table; of a line that was cut off nothing is kept."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if None not in row.values()]
    return [msgspec.convert(row, Sample, strict=False) for row in rows]


def _steps(samples: Sequence[Sample]) -> list[tuple[Sample, float, float]]:
    """Return of each two samples the later, with submissions a minute and KiB each."""
    parts: defaultdict[int, list[Sample]] = defaultdict(list)
    for sample in samples:
        parts[sample.part].append(sample)
    return [
        (
            later,
            (later.graded - one.graded) / (later.minutes - one.minutes),
            KIB * later.ledger_mib / later.graded,
        )
        for part in parts.values()
        for one, later in pairwise(_while_grading(part))
        if one.graded and later.minutes > one.minutes
    ]


def _while_grading(part: Sequence[Sample]) -> list[Sample]:
    """Leave out the end of a run, when all are graded and pages are made."""
    most = part[-1].graded
    return [s for n, s in enumerate(part) if not n or part[n - 1].graded < most]


def _grown(samples: Sequence[Sample]) -> Iterator[str]:
    """Yield what the last fifth has more of than the first."""
    steps = _steps(samples)
    if len(steps) < FEWEST:
        yield f"fewer than {FEWEST} samples: nobody can tell what grows"
        return
    fifth = len(steps) // 5
    first, last = steps[:fifth], steps[-fifth:]
    early, late = (statistics.mean(rate for _, rate, _ in s) for s in (first, last))
    print(
        f"submissions a minute: {early:.0f} in the first fifth, {late:.0f} in the last"
    )
    if late * SLOWER < early:
        yield f"it slows down: {early:.0f} to {late:.0f} a minute"
    for label, of in (
        ("ledger, KiB a submission", lambda step: step[2]),
        ("a grader's memory, MiB", lambda step: step[0].grader_mib),
        ("the command's memory, MiB", lambda step: step[0].command_mib),
    ):
        early, late = (statistics.median(map(of, s)) for s in (first, last))
        print(f"{label}: {early:.0f} in the first fifth, {late:.0f} in the last")
        if late > MORE * early:
            yield f"{label} grows: {early:.0f} to {late:.0f}"


def _plot(samples: Sequence[Sample], path: Path, workers: int) -> None:
    """Draw throughput, memory and the ledger over the number graded."""
    steps = _steps(samples)
    graded = [sample.graded for sample, _, _ in steps]
    curves = {
        "graded\n(a minute)": [[rate for _, rate, _ in steps]],
        "memory: command, grader\n(MiB)": [
            [sample.command_mib for sample, _, _ in steps],
            [sample.grader_mib for sample, _, _ in steps],
        ],
        "ledger\n(MiB)": [[sample.ledger_mib for sample, _, _ in steps]],
        "ledger\n(KiB a submission)": [[kib for _, _, kib in steps]],
    }
    with mpl.rc_context({"font.family": "DejaVu Sans", "font.size": 9}):
        figure = Figure(figsize=(7.2, 7.0), layout="constrained")
        every = figure.subplots(len(curves), 1, sharex=True)
        for axes, (label, lines) in zip(every, curves.items(), strict=True):
            for line, colour in zip(lines, ("#2b4f81", "#d55e00"), strict=False):
                axes.plot(graded, line, linewidth=0.8, color=colour)
            axes.set_ylim(bottom=0)
            axes.set_ylabel(label)
            axes.grid(visible=True, linewidth=0.4)
        every[-1].set_xlabel("submissions graded (number)")
        count = f"{samples[-1].graded:,} submissions of {NAME}"
        every[0].set_title(f"{count}, {workers} graders")
        figure.savefig(path, dpi=150, facecolor="white", metadata={"Software": None})


if __name__ == "__main__":
    sys.exit(main())
