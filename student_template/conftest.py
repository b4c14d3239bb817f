"""Lets pytest run the otter tests: ``pytest``, ``pytest a1_conv1d``, ``pytest -k q3``.

A function that still raises NotImplementedError shows as "not started yet". A failing
test shows what was expected and what your function gave, and, where your code raised an
error, its own lines.
"""

import importlib.metadata
import importlib.util
import linecache
import re
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from checks import seed_of_case
from otter.test_files import ExceptionTestFile


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
        loaded = ExceptionTestFile.from_file(str(self.path))
        for case in loaded.test_cases:
            yield OtterCase.from_parent(
                self, name=f"{loaded.name}: {case.name}", case=case.body
            )


class OtterCase(pytest.Item):
    """One case, run against the functions of your file."""

    def __init__(self, *, case: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.case = case
        folder = self.path.parent.parent
        self.answers = folder / f"{folder.name}.py"

    def runtest(self) -> None:
        """Import your file anew and run the case on it."""
        functions = vars(load(self.answers))
        missing = [n for n in self.case._get_func_params() if n not in functions]  # noqa: SLF001
        if missing:
            pytest.fail(f"there is no function {missing[0]!r} in {self.answers.name}")
        try:
            self.case.call_func(functions)
        except NotImplementedError as error:
            pytest.skip(str(error) or "not started yet")

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], **_: Any
    ) -> str:
        """Say what differs, with your own lines where your code raised an error."""
        error = excinfo.value
        if isinstance(error, (AssertionError, pytest.fail.Exception)):
            text = str(error)
        else:
            own = str(self.answers)
            frames = [
                f
                for f in traceback.extract_tb(error.__traceback__)
                if f.filename == own
            ]
            if isinstance(error, SyntaxError) and error.filename == own:
                text = f"{own}, line {error.lineno}: {error.msg}\n    {error.text}"
            else:
                lines = traceback.format_list(frames)
                text = "".join(lines) + f"{type(error).__name__}: {error}"
        return f"{self.name}\n{text}\n(inputs of seed {seed_of_case()})"

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Name the case in pytest's report."""
        return self.path, None, self.name


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say so where grading uses another version of a package than this laptop."""
    asked = Path(__file__).with_name("requirements.txt")
    lines = asked.read_text(encoding="utf-8") if asked.is_file() else ""
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


def load(path: Path) -> Any:
    """Import the file at `path` under its own name, anew."""
    linecache.checkcache(str(path))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        message = f"{path} cannot be imported"
        raise ImportError(message)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module
