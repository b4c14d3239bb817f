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
from desk.about import Question, about
from desk.cases import Case, TestFile
from desk.limit import SECONDS
from desk.reading import Problem, problems
from desk.running import Outcome, after, not_started, outcome
from desk.standing import line, total, waiting

READ = pytest.StashKey[dict[Path, list[Problem]]]()
"""What is wrong with a file, by the file."""
UNTOUCHED = pytest.StashKey[dict[Path, bool]]()
"""Whether a file is as it was given out."""
LIMITS = pytest.StashKey[dict[Path, float | None]]()
"""Seconds that the next case of a question may compute."""
SAID = pytest.StashKey[dict[tuple[Path, str], str]]()
"""The first case of a question that was told a text."""
DONE = pytest.StashKey[dict[str, list[Outcome]]]()
"""What came of the cases, by assignment."""


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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let questions come in their order: q2 before q10."""
    items.sort(key=lambda item: item.place if isinstance(item, OtterCase) else ("", 0))


class OtterFile(pytest.File):
    """One question: an otter test file."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield the question's cases in order."""
        read = TestFile(self.path)
        for case in read.cases:
            label = f"{read.question}: {case.name}"
            yield OtterCase.from_parent(self, name=label, case=case)


class OtterCase(pytest.Item):
    """One case, run against the functions of your file."""

    def __init__(self, *, case: Case, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.case = case
        folder = self.path.parent.parent
        self.assignment = folder.name
        has_about = (folder / "about.json").is_file()
        here = folder / f"{folder.name}.py"
        self.answers = about(folder.name).path if has_about else here

    @property
    def place(self) -> tuple[str, int]:
        """Its assignment and the number of its question."""
        number = re.match(r"q(\d+)", self.path.stem)
        return self.assignment, int(number[1]) if number else 0

    def runtest(self) -> None:
        """Import your file anew and run the case on it."""
        self._read()
        limits = self.config.stash.setdefault(LIMITS, {})
        usual = None if self.config.getoption("--no-limit") else SECONDS
        seconds = limits.get(self.path, usual)
        found = (
            not_started(self.case)
            if self._is_untouched()
            else outcome(self.case, self.answers, seconds)
        )
        limits[self.path] = after(found, seconds)
        done = self.config.stash.setdefault(DONE, {})
        done.setdefault(self.assignment, []).append(found)
        if found.state == "not started":
            pytest.skip(found.text or "not started yet")
        if found.state == "wrong":
            pytest.fail(self._words(found), pytrace=False)

    def _read(self) -> None:
        """Read your file as grading does; what is wrong with it is told once."""
        read = self.config.stash.setdefault(READ, {})
        is_first = self.answers not in read
        if is_first:
            has_about = self.answers.with_name("about.json").is_file()
            read[self.answers] = problems(about(self.assignment)) if has_about else []
        stopping = [each for each in read[self.answers] if each.fatal]
        if any(each.only_here for each in stopping):
            pytest.skip("\n".join(map(str, stopping)))
        if stopping and not is_first:
            pytest.skip(f"{self.answers.name} can't be graded, see above")
        if stopping:
            lines = "\n".join(map(str, stopping))
            pytest.fail(f"{self.answers.name} can't be graded:\n{lines}", pytrace=False)

    def _is_untouched(self) -> bool:
        """Tell whether your file is as it was given out; looked at once."""
        known = self.config.stash.setdefault(UNTOUCHED, {})
        if self.answers not in known:
            has_about = self.answers.with_name("about.json").is_file()
            known[self.answers] = has_about and about(self.assignment).is_untouched
        return known[self.answers]

    def _words(self, found: Outcome) -> str:
        """Return what is wrong, and for what was said before, where."""
        said = self.config.stash.setdefault(SAID, {})
        before = said.setdefault((self.path, found.text), self.case.name)
        if before == self.case.name:
            return found.words
        return "\n".join(filter(None, (found.call, f"as above, in: {before}")))

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], **_: Any
    ) -> str:
        """Say what differs, as ``python -m desk check`` says it."""
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Name the case in pytest's report."""
        return self.path, None, self.name


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how you stand, as ``python -m desk check`` does."""
    stash = terminalreporter.config.stash
    for answers, found in stash.get(READ, {}).items():
        for problem in found:
            if problem.only_here or not problem.fatal:
                words = f"{answers.name}, {problem.lead}: {problem}"
                terminalreporter.write_line(words)
    for assignment, results in stash.get(DONE, {}).items():
        for told in standing(assignment, results):
            terminalreporter.write_line(told)
    if told := other_versions():
        terminalreporter.write_line(told)


def standing(assignment: str, results: list[Outcome]) -> Iterator[str]:
    """Yield a line for each question of which every case was run, and a total."""
    if not (Path(__file__).parent / assignment / "about.json").is_file():
        return
    whole = [q for q in about(assignment).questions if is_whole(assignment, q, results)]
    mine = [each for each in results if each.question in {q.name for q in whole}]
    if whole:
        yield ""
        for question in whole:
            yield line(question, (o for o in mine if o.question == question.name))
        yield ""
        yield total(whole, mine)
        if rest := waiting(whole, mine):
            yield rest


def is_whole(assignment: str, question: Question, results: list[Outcome]) -> bool:
    """Tell whether every public case of a question was run."""
    tests = about(assignment).folder / "tests" / f"{question.name}.py"
    run = [outcome for outcome in results if outcome.question == question.name]
    return bool(run) and len(run) == len(TestFile(tests).cases)


def other_versions() -> str:
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
    if not here:
        return ""
    return (
        f"By the way: you have {' and '.join(here)}, grading uses "
        f"{' and '.join(graded)}; answers hardly ever differ, and "
        "`python -m pip install -r requirements.txt` brings the same."
    )
