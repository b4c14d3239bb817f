"""A process that has all tests loaded, and judges each change in a child of its own.

Started as ``python zygote.py MODE LOG FILE...`` in a copy of the project, where MODE is

- ``loaded``: every test file is collected once. For a change within the body of a
  function a child replaces that function's code and runs the tests: 20 ms and what the
  tests take.
- ``bare``: only what others wrote is imported. For a change of what is computed at
  import (a table, a default) a child imports and collects what it needs.
- ``map``: the tests are run once, with coverage: which test runs which lines.

It reads requests from its input and writes answers to its output, JSON, one a line.
A request: ``{"file", "source", "function", "tests", "seconds"}``; an answer:
``{"outcome", "by"}`` with the outcome ``killed``, ``survived``, ``endless`` or
``unsuited`` (a function that can't be replaced: ask the other mode).

The change is in the file as well while it is judged, for processes that tests start.
Imports nothing of the project: what it imported could not be changed any more.
"""

import ctypes
import gc
import json
import os
import resource
import select
import shutil
import signal
import sys
import tempfile
import time
import types
from collections import defaultdict
from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import coverage
import hypothesis
import pytest

Request = dict[str, Any]
Answer = dict[str, Any]
QUIET = (
    *("-q", "-p", "no:cacheprovider", "-p", "no:cov"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
)
OTHERS = ("click", "jinja2", "msgspec", "numpy", "rich", "yaml")
PR_SET_PDEATHSIG = 1
_STALE = 1_000_000_000
IDLE_SECONDS = 60
"""So long a change may leave the processor alone before it is called endless."""


class Quick:
    """Makes the tests tell sooner."""

    def pytest_configure(self) -> None:
        """Let hypothesis not look for a simpler example: one is enough."""
        hypothesis.settings.register_profile(
            "mutation",
            hypothesis.settings.get_profile("steady"),
            phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
            report_multiple_bugs=False,
        )
        hypothesis.settings.load_profile("mutation")


class Watch:
    """Ends the process at the first test that fails, and says which."""

    def __init__(self, answers: int) -> None:
        self._answers = answers

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> None:
        """End with the test's name where it failed, before that is put into words."""
        other = (pytest.skip.Exception, pytest.xfail.Exception)
        if call.excinfo is not None and not isinstance(call.excinfo.value, other):
            self.end("killed", item.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """End with the file's name where it could not be collected."""
        if report.failed:
            self.end("killed", f"{report.nodeid} (when it is imported)")

    def end(self, outcome: str, by: str = "") -> None:
        """Answer, and leave without any tidying: the folder is removed anyway."""
        os.write(self._answers, json.dumps({"outcome": outcome, "by": by}).encode())
        os._exit(0)


class Serve:
    """Answers requests in place of running all tests, once they are collected."""

    def __init__(self, requests: IO[str], answers: IO[str]) -> None:
        self._requests, self._answers = requests, answers

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Judge one change after another."""
        items = {item.nodeid: item for item in session.items}

        def judge(request: Request, watch: Watch) -> None:
            module = sys.modules.get(_name(request["file"]))
            if module is None or not replace_code(module, request):
                watch.end("unsuited")
            session.config.pluginmanager.register(watch)
            chosen = [items[test] for test in request["tests"] if test in items]
            for item, following in zip(chosen, [*chosen[1:], None], strict=True):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)

        serve(self._requests, self._answers, judge)
        return True


class Chosen:
    """Runs the tests that are asked for, in the order given."""

    def __init__(self, tests: list[str]) -> None:
        self._rank = {test: rank for rank, test in enumerate(tests)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out the rest."""
        items[:] = sorted(
            (item for item in items if item.nodeid in self._rank),
            key=lambda item: self._rank[item.nodeid],
        )


class Map:
    """Notes which test runs which lines, and what processor time it takes."""

    def __init__(self, answers: IO[str]) -> None:
        self._answers = answers
        self._seconds: dict[str, float] = {}
        self._failed: list[str] = []
        self._coverage = coverage.Coverage(
            data_file=None, config_file=False, include=["autograder/*"]
        )
        self._coverage.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Note under the test's name what it runs."""
        self._coverage.switch_context(item.nodeid)
        before = _processor_time()
        try:
            return (yield)
        finally:
            self._seconds[item.nodeid] = round(_processor_time() - before, 3)
            self._coverage.switch_context("")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what fails without any change."""
        if report.failed:
            self._failed.append(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        """Answer with all of it."""
        self._coverage.stop()
        data = self._coverage.get_data()
        lines: defaultdict[str, dict[str, list[int]]] = defaultdict(dict)
        for path in data.measured_files():
            name = str(Path(path).relative_to(Path.cwd()))
            by_test = defaultdict(list)
            for line, tests in data.contexts_by_lineno(path).items():
                for test in tests:
                    by_test[test].append(line)
            for test, numbers in by_test.items():
                lines[test][name] = numbers
        seen = {
            test: {"seconds": seconds, "lines": lines[test]}
            for test, seconds in self._seconds.items()
            if test not in self._failed
        }
        print(json.dumps({"tests": seen, "failed": self._failed}), file=self._answers)


def serve(requests: IO[str], answers: IO[str], judge: Any) -> None:
    """Answer requests until there are no more."""
    gc.freeze()  # children need not look through what is loaded
    for number, line in enumerate(requests):
        request = json.loads(line)
        answer = in_a_child(request, judge, number)
        print(json.dumps(answer), file=answers, flush=True)


def in_a_child(request: Request, judge: Any, number: int) -> Answer:
    """Judge one change in a process of its own, with its own temporary folder."""
    path = Path(request["file"])
    original = path.read_text(encoding="utf-8")
    times = path.stat()
    temporary = Path(tempfile.mkdtemp())
    reading, writing = os.pipe()
    path.write_text(request["source"], encoding="utf-8")
    os.utime(path, (_STALE + number, _STALE + number))  # no .pyc is taken for it
    child = os.fork()
    if child == 0:
        _die_with_the_parent()
        os.setsid()
        cpu = int(request["seconds"])
        resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
        os.environ["TMPDIR"] = str(temporary)
        tempfile.tempdir = str(temporary)
        watch = Watch(writing)
        judge(request, watch)
        watch.end("survived")
    os.close(writing)
    answer: Answer = {"outcome": "endless", "by": ""}
    try:
        if _answers(reading, child):
            answer = json.loads(os.read(reading, 65536) or json.dumps(answer))
    finally:
        os.close(reading)
        _end(child)
        path.write_text(original, encoding="utf-8")
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
        shutil.rmtree(temporary, ignore_errors=True)
    return answer


def _answers(reading: int, child: int) -> bool:
    """Wait for an answer, or the child's end; False where it waits for ever.

    The limit of its processor time ends what computes; on a busy machine that may take
    long, and says nothing about the change.
    """
    before = -1.0
    while not select.select([reading], [], [], IDLE_SECONDS)[0]:
        now = _computed(child)
        if now == before:
            return False
        before = now
    return True


def _computed(child: int) -> float:
    """Return the processor time of a process and of what it has started and ended."""
    told = Path(f"/proc/{child}/stat").read_text(encoding="utf-8")
    return sum(map(int, told.rpartition(")")[2].split()[11:15]))


def replace_code(module: types.ModuleType, request: Request) -> bool:
    """Give a function of a loaded module the code of the change; False if it can't be.

    Who holds the function already (a table, another module) has the change as well.
    """
    code = compile(request["source"], module.__file__ or "", "exec", dont_inherit=True)
    held: Any = module
    for name in request["function"].split("."):
        held = vars(held).get(name)
        code = next((c for c in _codes(code) if c.co_name == name), code)
        if not isinstance(held, type):
            break
    function = _function(held)
    if function is None or function.__code__.co_freevars != code.co_freevars:
        return False
    if function.__code__.co_name != code.co_name:
        return False
    function.__code__ = code
    return True


def bare(request: Request, watch: Watch) -> None:
    """Import and collect what is needed, and run it."""
    files = list(dict.fromkeys(test.split("::")[0] for test in request["tests"]))
    status = pytest.main(
        [*QUIET, *files],
        plugins=[Quick(), watch, Chosen(request["tests"])],
    )
    if status not in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
        watch.end("killed", f"pytest ended with {status}")


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    return (c for c in code.co_consts if isinstance(c, types.CodeType))


def _function(held: Any) -> types.FunctionType | None:
    """Return the function that a decorator was put around."""
    while not isinstance(held, types.FunctionType) or hasattr(held, "__wrapped__"):
        for name in ("__wrapped__", "__func__", "fget", "func", "callback"):
            inner = getattr(held, name, None)
            if inner is not None:
                held = inner
                break
        else:
            return None
    return held


def _name(file: str) -> str:
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _processor_time() -> float:
    return sum(os.times()[:4])


def _end(child: int) -> None:
    """End a child and all that it started, at once."""
    for _ in range(2):
        try:
            os.killpg(child, signal.SIGKILL)
        except ProcessLookupError:
            time.sleep(0.001)  # it has not made its group yet, or nothing is left of it
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def _die_with_the_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _main(mode: str, log: str, *files: str) -> None:
    _die_with_the_parent()
    requests = os.fdopen(os.dup(0), "r", encoding="utf-8")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # Processes that tests start import the copy's modules, as this one does.
    places = [str(Path.cwd()), str(Path("assignments").resolve())]
    sys.path[:0] = places
    os.environ["PYTHONPATH"] = os.pathsep.join(places)
    sink = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(sink, 1)
    os.dup2(sink, 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    options = [*QUIET, *files]
    if mode == "map":
        pytest.main(options, plugins=[Map(answers)])
    elif mode == "loaded":
        pytest.main(options, plugins=[Quick(), Serve(requests, answers)])
    else:
        for name in OTHERS:
            __import__(name)
        serve(requests, answers, bare)


if __name__ == "__main__":
    _main(*sys.argv[1:])
