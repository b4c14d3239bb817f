"""A student at work in the template: what they write, and what they run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import autograder
from autograder.authoring import student_template
from warm_python import run_module

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
    """Run ``python -m`` in the template, in a Python that begins warm."""
    return run_module(folder, command, _environment(seed))


def run_cold(folder: Path, *command: str, seed: str = "") -> tuple[int, str]:
    """Run ``python -m`` in the template just as a student does."""
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env=_environment(seed),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def _environment(seed: str) -> dict[str, str]:
    given = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    return given | {"CHECK_SEED": seed} if seed else given


def answer(template: Path, source: str) -> None:
    (template / "a0_scale/a0_scale.py").write_text(source, encoding="utf-8")
