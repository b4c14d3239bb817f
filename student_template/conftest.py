"""Lets pytest run the otter tests: ``pytest``, ``pytest a1_conv1d``, ``pytest -k q3``.

A function that still raises NotImplementedError shows as "not started yet". A failing
test shows what was expected and what your function gave, and, where your code raised an
error, its own lines.
"""

import importlib.metadata
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from desk.about import about
from desk.limit import SECONDS
from desk.reading import problems
from desk.running import after, cases_of, outcome

TOLD = pytest.StashKey[dict[Path, str]]()
LIMITS = pytest.StashKey[dict[Path, float | None]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--no-limit`` and ``--seed``."""
    words = f"let a case compute for more than {SECONDS:g} s"
    parser.addoption("--no-limit", action="store_true", help=words)
    words = "other random inputs: 1, 2, ..."
    parser.addoption("--seed", type=int, help=words)


def pytest_configure(config: pytest.Config) -> None:
    """Let the cases draw their inputs from the seed that was asked for."""
    seed = config.getoption("--seed")
    if seed is not None:
        os.environ["CHECK_SEED"] = str(seed)


def pytest_collect_file(
    file_path: Path, parent: pytest.Collector
) -> pytest.Collector | None:
    """Collect every ``tests/q*.py`` of an assignment as an otter test file."""
    if file_path.parent.name == "tests" and file_path.match("q*.py"):
        question: OtterFile = OtterFile.from_parent(parent, path=file_path)
        return question
    return None


class OtterFile(pytest.File):
    """One question: an otter test file."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield the question's cases in order."""
        name, cases = cases_of(self.path)
        for case in cases:
            label = f"{name}: {case.name}"
            yield OtterCase.from_parent(self, name=label, case=case, question=name)


class OtterCase(pytest.Item):
    """One case, run against the functions of your file."""

    def __init__(self, *, case: Any, question: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.case, self.question = case, question
        folder = self.path.parent.parent
        has_about = (folder / "about.json").is_file()
        here = folder / f"{folder.name}.py"
        self.answers = about(folder.name).path if has_about else here

    def runtest(self) -> None:
        """Import your file anew and run the case on it."""
        told = self.config.stash.setdefault(TOLD, {})
        if told.get(self.answers):
            pytest.skip(f"{self.answers.name} can't be graded, see above")
        if self.answers not in told:
            told[self.answers] = why_not_graded(self.answers)
            if told[self.answers]:
                pytest.fail(told[self.answers], pytrace=False)
        limits = self.config.stash.setdefault(LIMITS, {})
        usual = None if self.config.getoption("--no-limit") else SECONDS
        seconds = limits.get(self.path, usual)
        found = outcome(self.question, self.case, self.answers, seconds)
        limits[self.path] = after(found, seconds)
        if found.state == "not started":
            pytest.skip(found.text or "not started yet")
        if found.state == "wrong":
            pytest.fail(found.words, pytrace=False)

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], **_: Any
    ) -> str:
        """Say what differs, as ``python -m desk check`` says it."""
        return f"{self.name}\n{excinfo.value}"

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Name the case in pytest's report."""
        return self.path, None, self.name


def why_not_graded(answers: Path) -> str:
    """Return why grading could not take a file, or ""."""
    folder = answers.parent
    found = problems(about(folder.name)) if (folder / "about.json").is_file() else []
    fatal = [str(each) for each in found if each.fatal]
    return "\n".join([f"{answers.name} can't be graded:", *fatal]) if fatal else ""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say so where grading uses another version of a package than this laptop."""
    files = Path(__file__).parent.glob("requirements*.txt")
    lines = "\n".join(file.read_text(encoding="utf-8") for file in sorted(files))
    here, graded = [], []
    for name, wanted in re.findall(r"(?m)^(\w+)==(\d+\.\d+)\.\*", lines):
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        if version.split(".")[:2] != wanted.split("."):
            here.append(f"{name} {version}")
            graded.append(f"{name} {wanted}")
    if here:
        terminalreporter.write_line(
            f"By the way: you have {' and '.join(here)}, grading uses "
            f"{' and '.join(graded)}; answers hardly ever differ, and "
            "`python -m pip install -r requirements.txt` brings the same."
        )
