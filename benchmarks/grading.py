"""What grading costs: ours, otter's, nbgrader's and the floor, side by side in one run.

    python benchmarks/grading.py [--turns N] [--page docs/performance.md] [NAME …]

For each assignment an honest answer, one that is wrong in every other question (so that
naming is at work) and the stub. The floor is the same cases in one warm process, with
nothing between them and the submission. Turn by turn, so that what else the machine
does meets all of them alike: seconds are this machine's, ratios travel. What starts
once for a class is told apart: a submission's cost is the difference of many and one.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FunctionType

from matplotlib.figure import Figure
from rich.console import Console

from autograder.course.assignment import Assignment, load
from autograder.course.folders import names
from autograder.course.stub import make_stub

COURSE = Path(__file__).resolve().parent.parent
FLOOR, OURS, PAGES = "floor", "autograder", "autograder, with its page"
OTTER, NBGRADER = "otter run, public cases", "nbgrader autograde, public cases"
WORDS = {
    FLOOR: "the same cases in one warm process, no isolation",
    OURS: "graded in the sandbox, diagnosis included",
    PAGES: "the command, from the file to the student's page, in a class",
    OTTER: "otter's own runner, for one file",
    NBGRADER: "nbgrader's own runner, for one notebook",
}
COLOURS = {
    FLOOR: "#bbbbbb",
    OURS: "#0072b2",
    PAGES: "#56b4e9",
    OTTER: "#d55e00",
    NBGRADER: "#e69f00",
}
MANY = {"numpy": 12, "torch": 3}
"""Submissions between which what starts once is not paid again."""

INTO_THE_GROUP = 'echo $$ > "$0/cgroup.procs" && exec "$@"'
FLOOR_PROGRAM = """
import sys, time
from pathlib import Path
from autograder.course.assignment import load, module_from
from autograder.grading.grading_run import run_case
from checks import collected_notes

course, file, count = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
assignment = load(course, file.stem)
assignment.reference
for _ in range(count):
    module = module_from(file.read_text(encoding="utf-8"), file)
    for question in assignment.manifest.question:
        names = {
            name: getattr(module, name)
            for name in (*question.functions, *question.builds_on)
        }
        for case in assignment.cases[question.name]:
            try:
                with collected_notes():
                    run_case(assignment, case, names, assignment.reference, 7)
            except Exception:
                pass
"""
OURS_PROGRAM = """
import sys
from pathlib import Path
from autograder.grading.grader import Grader, Job
from autograder.records.submission import Submission

course, file, count = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
with Grader() as grader:
    for number in range(count):
        submission = Submission(
            key=f"s{number}", lms_id="", student_name="", roster_id=None, attempt=1,
            submitted_at=None, files={file.name: file.read_bytes()},
        )
        job = Job(
            course=course, assignment=file.stem, submission=submission, secret=b"s"
        )
        result = grader.grade(job)
        assert not result.fault, result.fault
"""


@dataclass
class Cost:
    """What a submission costs one way, a value a turn.

    wall, cpu : seconds, of the processes that it starts too
    """

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @property
    def milliseconds(self) -> float:
        """The median of processor time."""
        return 1000 * statistics.median(self.cpu)


def main() -> None:
    """Measure, print and write the page with its plot."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--page", type=Path)
    parser.add_argument("name", nargs="*", default=names(COURSE))
    asked = parser.parse_args()
    console = Console(stderr=True)
    costs: dict[tuple[str, str], dict[str, Cost]] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as made:
        Path(made).chmod(0o755)
        ways = {
            (name, kind): list(
                _ways(Path(made) / name / kind, load(COURSE, name), text)
            )
            for name in asked.name
            for kind, text in _answers(load(COURSE, name)).items()
        }
        for turn in range(asked.turns):
            for key, found in ways.items():
                for way, once, many, count in found:
                    console.print(f"turn {turn + 1}: {', '.join(key)}: {way}")
                    cost = costs.setdefault(key, {}).setdefault(way, Cost())
                    _add(cost, once, many, count)
        desk = _desk(Path(made) / "desk", asked.turns) if asked.page else []
    lines = [*_page(costs, asked.turns, desk)]
    if asked.page is None:
        print("\n".join(lines))
        return
    asked.page.write_text("\n".join(lines) + "\n", encoding="utf-8")
    _plot(costs, asked.page.with_suffix(".png"))


def _answers(assignment: Assignment) -> dict[str, str]:
    """Return the kinds of answers, as source."""
    chosen = []
    for question in assignment.manifest.question[::2]:
        for one in assignment.misconceptions:
            apart = all(assignment.apart(one, other) for other in chosen)
            if one.question == question.name and apart:
                chosen.append(one)
                break
    reference = assignment.reference_source
    return {
        "honest": reference,
        "half right": assignment.edited_together(*chosen),
        "stub": make_stub(reference, assignment.secret / "reference.py"),
    }


def _ways(
    folder: Path, assignment: Assignment, text: str
) -> Iterator[tuple[str, list[str], list[str], int]]:
    """Yield each way: its name, a command for one, one for more, how many more."""
    folder.mkdir(parents=True)
    file = folder / assignment.manifest.file
    file.write_text(text, encoding="utf-8")
    kind = "torch" if "torch" in assignment.manifest.packages else "numpy"
    count = MANY[kind]
    for way, program in ((FLOOR, FLOOR_PROGRAM), (OURS, OURS_PROGRAM)):
        command = [sys.executable, "-c", program, str(COURSE), str(file)]
        yield way, [*command, "1"], [*command, str(1 + count)], count
    small, large = (
        _class_command(folder / f"class{n}", assignment, text, n)
        for n in (1, 1 + count)
    )
    yield PAGES, small, large, count
    package = folder / "otter.zip"
    # A copy: otter writes beside what it reads.
    shutil.copytree(assignment.public / "tests", folder / "tests")
    _run(
        [
            sys.executable,
            "-m",
            "otter",
            "generate",
            "-t",
            "tests",
            "-o",
            package.name,
            "--no-environment",
        ],
        folder,
    )
    otter = [sys.executable, "-m", "otter", "run", "-a", str(package), str(file)]
    yield OTTER, [], [*otter, "-o", str(folder)], 1
    if shutil.which("nbgrader", path=Path(sys.executable).parent):
        _nbgrader_course(folder / "nbgrader", assignment, text)
        script = str(Path(sys.executable).with_name("nbgrader"))
        yield (
            NBGRADER,
            [],
            [
                script,
                "autograde",
                assignment.name,
                "--force",
                f"--CourseDirectory.root={folder / 'nbgrader'}",
            ],
            1,
        )


def _class_command(
    folder: Path, assignment: Assignment, text: str, count: int
) -> list[str]:
    """Write a class that handed in the same, and return the command that grades it."""
    for number in range(count):
        own = folder / "submissions" / f"s{number}"
        own.mkdir(parents=True)
        (own / assignment.manifest.file).write_text(text, encoding="utf-8")
    roster = folder / "roster.csv"
    rows = (f"{n},s{n},Student {n}\n" for n in range(count))
    roster.write_text("id,username,name\n" + "".join(rows), encoding="utf-8")
    return [
        sys.executable,
        "-m",
        "autograder",
        "grade",
        assignment.name,
        str(folder / "submissions"),
        "--roster",
        str(roster),
        "--workers",
        "1",
        "--out",
        str(folder / "out"),
        "--force",
        "--course",
        str(COURSE),
    ]


def _nbgrader_course(root: Path, assignment: Assignment, text: str) -> None:
    """Write a course with one assignment, which one student has handed in."""
    tests = sorted((assignment.public / "tests").glob("*.py"))
    cells = [_cell("answer", text, grade=False)]
    for path in tests:
        calls = "".join(
            f"\n{_call_of(case.function)}"
            for case in assignment.cases[path.stem]
            if not case.source.hidden
        )
        cells.append(
            _cell(path.stem, path.read_text(encoding="utf-8") + calls, grade=True)
        )
    notebook = {
        "cells": cells,
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    name = assignment.name
    source = root / "source" / name
    source.mkdir(parents=True)
    (source / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    script = str(Path(sys.executable).with_name("nbgrader"))
    _run([script, "generate_assignment", name, f"--CourseDirectory.root={root}"], root)
    shutil.copytree(root / "release" / name, root / "submitted" / "student" / name)


def _call_of(test: FunctionType) -> str:
    """Return the line that calls a test with what the notebook has by those names."""
    code = test.__code__
    names_of = ", ".join(f"{n}={n}" for n in code.co_varnames[: code.co_argcount])
    return f"{test.__name__}({names_of})"


def _cell(name: str, source: str, *, grade: bool) -> dict[str, object]:
    marks = {
        "grade": grade,
        "grade_id": name,
        "locked": grade,
        "points": 1,
        "schema_version": 3,
        "solution": not grade,
        "task": False,
    }
    if not grade:
        del marks["points"]
    return {
        "cell_type": "code",
        "id": name.replace("_", "-"),
        "metadata": {"nbgrader": marks},
        "execution_count": None,
        "outputs": [],
        "source": source,
    }


def _add(cost: Cost, once: Sequence[str], many: Sequence[str], count: int) -> None:
    """Measure one turn: the difference of many and one, or one where it starts anew."""
    wall, cpu = _run(many)
    if once:
        wall_of_one, cpu_of_one = _run(once)
        wall, cpu = (wall - wall_of_one) / count, (cpu - cpu_of_one) / count
    cost.wall.append(wall)
    cost.cpu.append(cpu)


def _run(command: Sequence[str], folder: Path | None = None) -> tuple[float, float]:
    """Return wall and processor seconds of a command and all that it started.

    A control group counts them: who waits for a process learns nothing of what the
    processes in its namespaces took.
    """
    group = _groups() / f"bench-{os.getpid()}"
    group.mkdir()
    try:
        started = time.perf_counter()
        ended = subprocess.run(  # noqa: S603 our own commands, no shell
            ["/bin/sh", "-c", INTO_THE_GROUP, str(group), *command],
            cwd=folder,
            check=False,
            capture_output=True,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
        wall = time.perf_counter() - started
        cpu = _seconds_of(group)
    finally:
        _remove(group)
    if ended.returncode not in {0, 2}:
        told = ended.stderr.decode(errors="replace")[-2000:]
        raise SystemExit(f"{' '.join(command[:4])} ended {ended.returncode}: {told}")
    return wall, cpu


def _groups() -> Path:
    """Return where a control group that counts processor time can be made."""
    for place in (Path("/sys/fs/cgroup/cpuacct"), Path("/sys/fs/cgroup")):
        if os.access(place, os.W_OK) and (place / "cgroup.procs").exists():
            return place
    raise SystemExit("this needs control groups that may be written: run it as root")


def _seconds_of(group: Path) -> float:
    usage = group / "cpuacct.usage"
    if usage.exists():
        return int(usage.read_text(encoding="ascii")) / 1e9
    stat = (group / "cpu.stat").read_text(encoding="ascii").split()
    return int(stat[stat.index("usage_usec") + 1]) / 1e6


def _remove(group: Path) -> None:
    """Remove a group; what was ended a moment ago is still on its way out."""
    for _ in range(100):
        try:
            group.rmdir()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit(f"{group}: processes are left in it")


def _desk(folder: Path, turns: int) -> list[tuple[str, float]]:
    """Return what a student waits for, from a cold shell, in seconds on the wall."""
    shutil.copytree(COURSE / "student_template", folder)
    for name in names(COURSE):
        assignment = load(COURSE, name)
        file = folder / name / assignment.manifest.file
        file.write_text(assignment.reference_source, encoding="utf-8")
    python = sys.executable
    commands = {
        "pytest a1_conv1d -k q3": [python, "-m", "pytest", "a1_conv1d", "-k", "q3"],
        "pytest a1_conv1d": [python, "-m", "pytest", "a1_conv1d"],
        "pytest a5_resnet -k q3": [python, "-m", "pytest", "a5_resnet", "-k", "q3"],
        "python -m desk check a1_conv1d q3": [
            *(python, "-m", "desk", "check", "a1_conv1d", "q3"),
        ],
        "otter check a1_conv1d.py -q q3_pad1d": [
            *(python, "-m", "otter", "check", "a1_conv1d/a1_conv1d.py"),
            *("-t", "a1_conv1d/tests", "-q", "q3_pad1d"),
        ],
        "autograder --help": [python, "-m", "autograder", "--help"],
    }
    walls: dict[str, list[float]] = {label: [] for label in commands}
    for _ in range(turns):
        for label, command in commands.items():
            walls[label].append(_run(command, folder)[0])
    return [(label, statistics.median(found)) for label, found in walls.items()]


def _page(
    costs: dict[tuple[str, str], dict[str, Cost]],
    turns: int,
    desk: Sequence[tuple[str, float]],
) -> Iterator[str]:
    ways = [way for way in WORDS if any(way in found for found in costs.values())]
    yield "# Performance"
    yield ""
    yield "<!-- Written by benchmarks/grading.py (make bench): not by hand. -->"
    yield ""
    yield (
        f"Milliseconds of processor time a submission, medians of {turns} turns on "
        f"{os.cpu_count()} cores ({platform.machine()}, Python "
        f"{platform.python_version()}), one thread a process. Turn by turn, side by "
        "side: milliseconds are that machine's, ratios travel. What starts once for a "
        "class (Python, the assignment, a warm worker) is not in it, but for otter and "
        "nbgrader, which start anew for every submission."
    )
    yield ""
    yield from (f"- **{way}**: {WORDS[way]}" for way in ways)
    yield ""
    yield "![Processor time a submission, by assignment and answer](performance.png)"
    yield ""
    yield f"| assignment | answer | {' | '.join(ways)} | over floor | otter / ours |"
    yield "|---|---|" + "---:|" * (len(ways) + 2)
    for (name, kind), found in costs.items():
        cells = [f"{found[w].milliseconds:,.0f}" if w in found else "" for w in ways]
        ours, floor = found[OURS].milliseconds, found[FLOOR].milliseconds
        ratio = found[OTTER].milliseconds / ours
        yield (
            f"| {name} | {kind} | {' | '.join(cells)} | {ours - floor:,.0f} | "
            f"{ratio:.1f} |"
        )
    if desk:
        yield ""
        yield "What a student waits for, from a cold shell, right answers in place:"
        yield ""
        yield "| command | seconds |"
        yield "|---|---:|"
        yield from (f"| `{label}` | {seconds:.1f} |" for label, seconds in desk)


def _plot(costs: dict[tuple[str, str], dict[str, Cost]], path: Path) -> None:
    figure = Figure(figsize=(9, 0.55 * len(costs) * 1.6 + 1.2), layout="constrained")
    axes = figure.subplots()
    labels = [", ".join(key) for key in costs]
    ways = [way for way in WORDS if any(way in found for found in costs.values())]
    height = 0.8 / len(ways)
    for number, way in enumerate(ways):
        places = [i + number * height for i, f in enumerate(costs.values()) if way in f]
        values = [max(f[way].milliseconds, 0.1) for f in costs.values() if way in f]
        axes.barh(places, values, height, color=COLOURS[way], label=way)
    middle = 0.4 - height / 2
    axes.set_yticks([i + middle for i in range(len(labels))], labels)
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlabel("processor time a submission (milliseconds, logarithmic)")
    axes.set_title("What grading one submission costs", loc="left")
    axes.grid(axis="x", alpha=0.3)
    figure.legend(loc="outside lower center", ncols=2, frameon=False)
    figure.savefig(path, dpi=110)


if __name__ == "__main__":
    main()
