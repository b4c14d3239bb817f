"""Grade one submission with this package and with otter, side by side.

    python benchmarks/grading_against_otter.py [--runs N]

Both run the public tests of a1_conv1d on the reference solution, in turn, in one
process's children: `autograder` with its sandbox started anew, `otter check` as a
student or a grading container runs it. Ours runs the hidden tests as well, so it does
more. Printed are medians and the ratio of medians; machines differ, ratios travel.
"""

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from autograder.course.assignment import load

COURSE = Path(__file__).resolve().parent.parent
NAME = "a1_conv1d"
OURS = """
import sys
from pathlib import Path
from autograder.grading.grader import Grader, Job
from autograder.records.submission import Submission

course, file = Path(sys.argv[1]), Path(sys.argv[2])
submission = Submission(
    key="s", lms_id="", student_name="", roster_id=None, attempt=1, submitted_at=None,
    files={file.name: file.read_bytes()},
)
job = Job(course=course, assignment=file.stem, submission=submission, secret=b"s")
with Grader() as grader:
    for _ in range(int(sys.argv[3])):
        assert grader.grade(job).score == 100
"""
MANY = 20


def measure(command: list[str], folder: Path) -> tuple[float, float]:
    """Return wall and processor seconds of a command and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)  # noqa: S603
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    loaded = load(COURSE, NAME)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / loaded.manifest.file
        file.write_text(loaded.reference_source, encoding="utf-8")
        tests = str(loaded.public / "tests")
        ours = [sys.executable, "-c", OURS, str(COURSE), str(file)]
        otter = [sys.executable, "-m", "otter", "check", str(file), "-t", tests]
        commands = {
            "autograder, one submission": ([*ours, "1"], 1),
            f"autograder, each of {MANY}": ([*ours, str(MANY)], MANY),
            "otter check": (otter, 1),
        }
        measured: dict[str, list[tuple[float, float]]] = {c: [] for c in commands}
        for _ in range(runs):
            for label, (command, _count) in commands.items():
                measured[label].append(measure(command, folder))
    figures = {
        label: _medians(measured[label], count)
        for label, (_command, count) in commands.items()
    }
    table = Table(title=f"{NAME}, medians of {runs} runs", title_justify="left")
    for heading in ("", "wall s", "cpu s", "wall / otter", "cpu / otter"):
        table.add_column(heading)
    wall_of_otter, cpu_of_otter = figures["otter check"]
    for label, (wall, cpu) in figures.items():
        ratios = f"{wall / wall_of_otter:.2f}", f"{cpu / cpu_of_otter:.2f}"
        table.add_row(label, f"{wall:.2f}", f"{cpu:.2f}", *ratios)
    Console().print(table)


def _medians(measured: list[tuple[float, float]], count: int) -> tuple[float, float]:
    """Return the median wall and processor seconds of one submission."""
    walls, cpus = zip(*measured, strict=True)
    return statistics.median(walls) / count, statistics.median(cpus) / count


if __name__ == "__main__":
    main()
