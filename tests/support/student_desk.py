"""A student at work in the template: what they write, and what they run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import autograder
from autograder.authoring import student_template

COURSE = Path(autograder.__file__).parents[1]
RIGHT = (
    "def double(values):\n    return [2 * v for v in values]\n\n\n"
    "def quadruple(values):\n    return double(double(values))\n"
)


def released(course: Path) -> Path:
    """Give a course the real helpers and tools, and write its template."""
    for name in ("template", "checks"):
        folder = course / "assignments" / name
        shutil.rmtree(folder)
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(COURSE / "assignments" / name, folder, ignore=ignored)
    student_template.write(course)
    return course / "student_template"


def run(folder: Path, *command: str, seed: str = "") -> tuple[int, str]:
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    if seed:
        environment["CHECK_SEED"] = seed
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def answer(template: Path, source: str) -> None:
    (template / "a0_scale/a0_scale.py").write_text(source, encoding="utf-8")
