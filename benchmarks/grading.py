"""What grading costs: ours, otter's, nbgrader's and the floor, side by side in one run.

    python benchmarks/grading.py [--minutes N] [--page docs/performance.md] [NAME …]

For each assignment an honest answer, one that is wrong in every other question (so that
naming is at work) and the stub. The floor is the same cases in one warm process, with
nothing between them and the submission. Turn by turn, so that what else the machine
does meets all of them alike: seconds are this machine's, ratios travel. What starts
once for a class is told apart: a submission's cost is the difference of many and one.

It ends in time: nothing begins that would, by what it took before, end later than
``--minutes`` after the start, and the page says what was never begun. nbgrader is
measured where ``--nbgrader`` names its program, of an environment of its own with the
same Python. ``otter grade`` needs a container engine, and is timed on the wall: what
works for it is the engine's.
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
ENGINES = ("docker", "podman")
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
MANY = {"numpy": 4, "torch": 1}
"""Submissions between which what starts once is not paid again."""
LEAST = 10
"""Milliseconds where the plot begins."""
TRIES = 100
"""Times, a twentieth of a second apart, that a group of processes may take to end."""

OTTER_IMPORT = "from otter.test_files import test_case\n"
NO_OTTER = "def test_case(**_):\n    return lambda function: function\n"
"""In its place for nbgrader, which needs no otter: importing it takes a second."""
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


Way = tuple[str, list[str], list[str], int]
"""A way to grade: its name, a command for one, one for more, how many more."""


@dataclass
class Cost:
    """What a submission costs one way, a value a turn.

    wall, cpu : seconds, of the processes that it starts too
    """

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @property
    def milliseconds(self) -> float:
        """The median of processor time; 0 where it is lost in how that scatters."""
        return max(1000 * statistics.median(self.cpu), 0.0)


def main() -> None:
    """Measure, print and write the page with its plot."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=9.5)
    parser.add_argument("--turns", type=int, default=3, help="At most so many.")
    parser.add_argument("--many", type=int, help="Submissions a class, one aside.")
    parser.add_argument("--nbgrader", type=Path, help="nbgrader's program.")
    parser.add_argument("--page", type=Path)
    parser.add_argument("name", nargs="*", default=names(COURSE))
    asked = parser.parse_args()
    started = time.monotonic()
    ends = started + 60 * asked.minutes
    console = Console(stderr=True)
    missing = list(_not_here(asked.nbgrader))
    console.print(*missing, sep="\n")
    costs: dict[tuple[str, str], dict[str, Cost]] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as made:
        Path(made).chmod(0o755)
        ways = {
            (name, kind): found
            for name in asked.name
            for kind, found in _all_ways(Path(made) / name, name, asked).items()
        }
        desk = _desk(Path(made) / "desk") if asked.page else []
        took: dict[tuple[str, str, str], float] = {}
        for turn in range(asked.turns):
            for (name, kind), way in _in_order(ways):
                began = time.monotonic()
                this = (name, kind, way[0])
                if began + took.get(this, 0) > ends:
                    continue
                minutes = (began - started) / 60
                console.print(f"{minutes:4.1f} min, turn {turn + 1}: {', '.join(this)}")
                cost = costs.setdefault((name, kind), {}).setdefault(way[0], Cost())
                _add(cost, *way[1:])
                took[this] = max(took.get(this, 0), time.monotonic() - began)
        missing += _not_begun(ways, costs)
        graded = [*_otter_grade(Path(made) / "engine", asked.name)]
    costs = {key: costs[key] for key in ways if key in costs}
    lines = [*_page(costs, desk, graded, missing)]
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


def _in_order(
    ways: dict[tuple[str, str], list[Way]],
) -> list[tuple[tuple[str, str], Way]]:
    """Return all there is to measure, honest answers of all assignments first."""
    kinds = dict.fromkeys(kind for _, kind in ways)
    return [
        (key, way)
        for kind in kinds
        for key, found in ways.items()
        if key[1] == kind
        for way in found
    ]


def _not_begun(
    ways: dict[tuple[str, str], list[Way]],
    costs: dict[tuple[str, str], dict[str, Cost]],
) -> list[str]:
    """Return a sentence that names what there was no time for."""
    left = [
        f"{name}, {kind}: {way[0]}"
        for (name, kind), way in _in_order(ways)
        if way[0] not in costs.get((name, kind), {})
    ]
    return [f"There was no time for {'; '.join(left)}."] if left else []


def _not_here(nbgrader: Path | None) -> Iterator[str]:
    """Yield what is not measured, and why, as sentences."""
    if nbgrader is None or not nbgrader.exists():
        yield "`nbgrader autograde` was not measured: there is none here."
    if _engine() is None:
        yield (
            "`otter grade` was not measured: it grades in containers, and no engine "
            f"({' or '.join(ENGINES)}) answers here."
        )


def _engine() -> str | None:
    """Return the name of a container engine that answers, or None."""
    for name in ENGINES:
        path = shutil.which(name)
        if path is None:
            continue
        asked = subprocess.run([path, "info"], check=False, capture_output=True)  # noqa: S603 a container engine's own program
        if asked.returncode == 0:
            return name
    return None


def _all_ways(
    folder: Path, name: str, asked: argparse.Namespace
) -> dict[str, list[Way]]:
    """Prepare one assignment; return the ways for each kind of answer."""
    assignment = load(COURSE, name)
    answers = _answers(assignment)
    folder.mkdir()
    package = _otter_package(folder, assignment, "--no-environment")
    commands = {}
    if asked.nbgrader is not None and asked.nbgrader.exists():
        program = asked.nbgrader.absolute()
        commands = _nbgrader_course(folder / "nbgrader", assignment, answers, program)
    kind_of_package = "torch" if "torch" in assignment.manifest.packages else "numpy"
    count = asked.many or MANY[kind_of_package]
    ways = {}
    for kind, text in answers.items():
        own = folder / kind
        found = _ways(own, assignment, text, package, count)
        # A page costs the same whatever ran; starting PyTorch twice for it takes long.
        pages = kind_of_package == "numpy" or kind == next(iter(answers))
        ways[kind] = [way for way in found if pages or way[0] != PAGES]
        if commands:
            ways[kind].append((NBGRADER, [], commands[kind], 1))
    return ways


def _ways(
    folder: Path, assignment: Assignment, text: str, package: Path, count: int
) -> Iterator[Way]:
    """Yield each way but nbgrader's, for one answer.

    package : what otter grades with
    """
    folder.mkdir()
    file = folder / assignment.manifest.file
    file.write_text(text, encoding="utf-8")
    for way, program in ((FLOOR, FLOOR_PROGRAM), (OURS, OURS_PROGRAM)):
        command = [sys.executable, "-c", program, str(COURSE), str(file)]
        yield way, [*command, "1"], [*command, str(1 + count)], count
    small, large = (
        _class_command(folder / f"class{n}", assignment, text, n)
        for n in (1, 1 + count)
    )
    yield PAGES, small, large, count
    otter = [sys.executable, "-m", "otter", "run", "-a", str(package), str(file)]
    yield OTTER, [], [*otter, "-o", str(folder)], 1


def _otter_package(folder: Path, assignment: Assignment, *options: str) -> Path:
    """Have otter make what it grades with; it writes beside what it reads."""
    shutil.copytree(assignment.public / "tests", folder / "tests")
    package = folder / "otter.zip"
    generate = [sys.executable, "-m", "otter", "generate", "-t", "tests"]
    _run([*generate, "-o", package.name, *options], folder)
    return package


def _otter_grade(folder: Path, chosen: Sequence[str]) -> Iterator[tuple[str, float]]:
    """Yield seconds on the wall for `otter grade` of one right answer each.

    Its image is made first, which is not in it. Where that cannot be had, as without a
    network, otter's own words end the benchmark
    """
    if _engine() is None:
        return
    for name in chosen:
        assignment = load(COURSE, name)
        own = folder / name
        own.mkdir(parents=True)
        file = own / assignment.manifest.file
        file.write_text(assignment.reference_source, encoding="utf-8")
        needs = own / "requirements.txt"
        needs.write_text("\n".join(assignment.manifest.packages), encoding="utf-8")
        package = _otter_package(own, assignment, "--requirements", str(needs))
        grade = [sys.executable, "-m", "otter", "grade", "-n", name.replace("_", "-")]
        grade += ["-a", str(package), "-o", str(own), "--ext", "py", str(file)]
        _run(grade)
        yield name, _run(grade)[0]


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


def _nbgrader_course(
    root: Path, assignment: Assignment, answers: dict[str, str], program: Path
) -> dict[str, list[str]]:
    """Write a course in which each answer is a student's; return what grades whom.

    program : nbgrader, whose kernel finds the packages of this process after its own
    """
    cells = [_cell("answer", "", grade=False)]
    for path in sorted((assignment.public / "tests").glob("*.py")):
        calls = "".join(
            f"\n{_call_of(case.function)}"
            for case in assignment.cases[path.stem]
            if not case.source.hidden
        )
        tests = path.read_text(encoding="utf-8").replace(OTTER_IMPORT, NO_OTTER)
        cells.append(_cell(path.stem, tests + calls, grade=True))
    name = assignment.name
    source = root / "source" / name
    source.mkdir(parents=True)
    kernel = {"name": "python3", "display_name": "Python 3"}
    notebook = {"metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    written = json.dumps({"cells": cells, **notebook})
    (source / f"{name}.ipynb").write_text(written, encoding="utf-8")
    # It starts programs beside itself by name.
    path_first = f"PATH={program.parent}:{os.environ['PATH']}"
    nbgrader = ["/usr/bin/env", path_first, str(program)]
    of_course = f"--CourseDirectory.root={root}"
    _run([*nbgrader, "generate_assignment", name, of_course], root)
    released = (root / "release" / name / f"{name}.ipynb").read_text(encoding="utf-8")
    packages = [path for path in sys.path if path]
    commands = {}
    for kind, text in answers.items():
        handed_in = json.loads(released)
        handed_in["cells"][0]["source"] = (
            f"import sys\nsys.path += {packages!r}\n"
            # A future import stands first in a file, and does nothing for a cell.
            + text.replace("from __future__ import annotations\n", "")
        )
        student = kind.replace(" ", "-")
        folder = root / "submitted" / student / name
        folder.mkdir(parents=True)
        path = folder / f"{name}.ipynb"
        path.write_text(json.dumps(handed_in), encoding="utf-8")
        one = f"--student={student}"
        commands[kind] = [*nbgrader, "autograde", name, "--force", one, of_course]
        # Its half minute a cell is on the wall: what else runs must not end it.
        commands[kind].append("--ExecutePreprocessor.timeout=600")
    return commands


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
    for _ in range(TRIES):
        try:
            group.rmdir()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit(f"{group}: processes are left in it")


def _desk(folder: Path) -> list[tuple[str, float]]:
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
    for _ in range(3):
        for label, command in commands.items():
            walls[label].append(_run(command, folder)[0])
    return [(label, statistics.median(found)) for label, found in walls.items()]


def _page(
    costs: dict[tuple[str, str], dict[str, Cost]],
    desk: Sequence[tuple[str, float]],
    graded: Sequence[tuple[str, float]],
    missing: Sequence[str],
) -> Iterator[str]:
    ways = [way for way in WORDS if any(way in found for found in costs.values())]
    turns = [len(cost.cpu) for found in costs.values() for cost in found.values()]
    several = " to ".join(map(str, sorted({min(turns), max(turns)})))
    yield "# Performance"
    yield ""
    yield "<!-- Written by benchmarks/grading.py (make bench): not by hand. -->"
    yield ""
    yield (
        f"Milliseconds of processor time a submission, medians of {several} turns on "
        f"{os.cpu_count()} cores ({platform.machine()}, Python "
        f"{platform.python_version()}), one thread a process. Turn by turn, side by "
        "side: milliseconds are that machine's, ratios travel. What starts once for a "
        "class (Python, the assignment, a warm worker) is not in it, but for otter and "
        "nbgrader, which start anew for every submission."
    )
    for sentence in missing:
        yield ""
        yield sentence
    yield ""
    yield from (f"- **{way}**: {WORDS[way]}" for way in ways)
    yield ""
    yield "![Processor time a submission, by assignment and answer](performance.png)"
    yield ""
    yield f"| assignment | answer | {' | '.join(ways)} | over floor | otter / ours |"
    yield "|---|---|" + "---:|" * (len(ways) + 2)
    for (name, kind), found in costs.items():
        told = {way: found[way].milliseconds for way in ways if way in found}
        cells = [f"{told[way]:,.0f}" if way in told else "" for way in ways]
        over = f"{told[OURS] - told[FLOOR]:,.0f}" if {OURS, FLOOR} <= {*told} else ""
        ratio = f"{told[OTTER] / told[OURS]:.1f}" if {OURS, OTTER} <= {*told} else ""
        yield f"| {name} | {kind} | {' | '.join(cells)} | {over} | {ratio} |"
    if graded:
        yield ""
        yield "`otter grade` of one right answer, its image being there:"
        yield ""
        yield "| assignment | seconds on the wall |"
        yield "|---|---:|"
        yield from (f"| {name} | {seconds:.1f} |" for name, seconds in graded)
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
        values = [max(f[way].milliseconds, LEAST) for f in costs.values() if way in f]
        axes.barh(places, values, height, color=COLOURS[way], label=way)
    middle = 0.4 - height / 2
    axes.set_yticks([i + middle for i in range(len(labels))], labels)
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlim(left=LEAST)
    axes.set_xlabel("processor time a submission (milliseconds, logarithmic)")
    axes.set_title("What grading one submission costs", loc="left")
    axes.grid(axis="x", alpha=0.3)
    figure.legend(loc="outside lower center", ncols=2, frameon=False)
    figure.savefig(path, dpi=110)


if __name__ == "__main__":
    main()
