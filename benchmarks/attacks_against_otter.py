"""What otter's own runner makes of the attacks on the grader: which it falls to.

    python benchmarks/attacks_against_otter.py [NAME …]

Otter runs tests beside the student's code. So does this: a process for each attack
imports the file, runs the small assignment's public and hidden test files by otter's
classes and writes the points down, in a bubblewrap without a network, with 3 GiB of
memory and 40 seconds. It falls where no points come back, or more than the work is
worth. Results go into ``docs/attacks_against_otter.toml``.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ATTACKS = ROOT / "tests/attacks/grading"
RESULTS = ROOT / "docs/attacks_against_otter.toml"
SECONDS = 40
MEMORY = 3 * 2**30
QUESTIONS = ("q1_double", "q2_quadruple")


def main() -> None:
    """Run every attack, or those that are named, and write what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", nargs="*")
    parser.add_argument("--inside", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        inside(*map(Path, given.inside))
        return
    sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests/support")]
    # Only outside of the sandbox.
    from attack_folders import source_of  # noqa: PLC0415
    from conftest import written_course  # noqa: PLC0415

    found = {}
    if RESULTS.is_file():
        found = tomllib.loads(RESULTS.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as made:
        course = written_course(Path(made) / "course")
        for folder in sorted(ATTACKS.iterdir()):
            expected = tomllib.loads((folder / "expected.toml").read_text("utf-8"))
            wanted = not given.name or folder.name in given.name
            if wanted and "assignment" not in expected:
                handed_in = Path(made) / "a0_scale.py"
                handed_in.write_bytes(source_of(folder))
                found[folder.name] = told(course, handed_in, expected["score"])
                print(f"{folder.name}: {found[folder.name]}", flush=True)
                lines = [f"{n} = {json.dumps(found[n])}\n" for n in sorted(found)]
                RESULTS.write_text("".join(lines), encoding="utf-8")


def told(course: Path, submission: Path, worth: float) -> str:
    """Say in words what otter's runner made of one attack."""
    bound = ("--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc")
    command = ["bwrap", *bound, "--tmpfs", "/var/tmp", "--unshare-all"]  # noqa: S108
    command += ["--die-with-parent", "prlimit", f"--as={MEMORY}", sys.executable]
    command += [__file__, "--inside", str(course), str(submission)]
    try:
        ended = subprocess.run(  # noqa: S603 our own line, no shell
            command, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return f"falls: no points after {SECONDS} s"
    lines = ended.stdout.decode(errors="replace").splitlines()
    points = next((line for line in lines[::-1] if line.startswith("POINTS ")), "")
    if not points:
        return "falls: it ends without points"
    given = float(points.split()[1])
    if given > worth:
        return f"falls: {given:g} points for work worth {worth:g}"
    return "holds"


def inside(course: Path, submission: Path) -> None:
    """Grade as otter does, beside the submission, and print the points."""
    from otter.test_files import ExceptionTestFile  # noqa: PLC0415 outside of --help

    sys.path[:0] = [str(ROOT / "assignments")]
    names = {"__name__": "a0_scale", "__file__": "a0_scale.py"}
    source = submission.read_text(encoding="utf-8")
    reference = type(sys)("reference")
    text = (course / "solutions/a0_scale/reference.py").read_text(encoding="utf-8")
    exec(text, vars(reference))  # noqa: S102 as otter does
    exec(compile(source, "a0_scale.py", "exec"), names)  # noqa: S102 as otter does
    points = 0.0
    for question in QUESTIONS:
        for folder in ("assignments", "solutions"):
            path = course / folder / "a0_scale/tests" / f"{question}.py"
            file = ExceptionTestFile.from_file(str(path))
            file.run({**names, "reference": reference})
            results = file.test_case_results
            points += sum(r.test_case.points for r in results if r.passed)
    print(f"POINTS {points}", flush=True)


if __name__ == "__main__":
    main()
