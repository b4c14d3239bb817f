"""Copies of the project in which changes are judged, and the processes that judge."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from mutation.changes import Change
from mutation.judged import Judged
from mutation.related import Known, digest


class Slot:
    """One copy of the project, and the processes that judge in it.

    quick : without the tests that start a sandboxed worker
    """

    def __init__(
        self, root: Path, folder: Path, tests: Sequence[str], *, quick: bool
    ) -> None:
        self._quick = quick
        self.copy = folder / "project"
        self._folder = folder
        self._tests = tests
        self._processes: dict[str, subprocess.Popen[str]] = {}
        _copy_project(root, self.copy)

    def ask(self, mode: str, request: dict[str, Any]) -> dict[str, str]:
        """Have one change judged."""
        process = self._processes.get(mode) or self._start(mode)
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the tests could not be loaded: {self._log(mode)}")
        found: dict[str, str] = json.loads(answer)
        return found

    def map(self, file: str) -> dict[str, Any]:
        """Run a test file once, to see what its tests run."""
        process = self._start("map", [file])
        answer = process.communicate()[0]
        if not answer:
            raise RuntimeError(f"the tests could not be run: {self._log('map')}")
        found: dict[str, Any] = json.loads(answer)
        return found

    def close(self) -> None:
        """End the processes and remove the copy."""
        for process in self._processes.values():
            process.kill()
            process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self, mode: str, files: Sequence[str] = ()) -> subprocess.Popen[str]:
        given = files or (self._tests if mode == "loaded" else ())
        self._processes[mode] = subprocess.Popen(
            [
                sys.executable,
                "tests/mutation/zygote.py",
                mode,
                str(self._folder / f"{mode}.log"),
                *(("-m", "not sandbox") if given and self._quick else ()),
                *given,
            ],
            cwd=self.copy,
            env=os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": ""},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self._processes[mode]

    def _log(self, mode: str) -> str:
        path = self._folder / f"{mode}.log"
        return path.read_text(encoding="utf-8", errors="replace")[-4000:]


def _copy_project(root: Path, to: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (root / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, to / name)


def known_tests(
    root: Path, path: Path, slots: Sequence[Slot], files: Sequence[str]
) -> list[Known]:
    """Return what each test of some files runs.

    path : where it is kept, file by file as they are run; one is run again where it,
        or what it runs, has changed
    """
    kept = json.loads(path.read_text("utf-8")) if path.exists() else {}
    stale = [file for file in files if not _is_fresh(root, kept.get(file))]
    if stale:
        print(f"running {len(stale)} files of tests, to see what they run", flush=True)
    free: SimpleQueue[Slot] = SimpleQueue()
    for slot in slots:
        free.put(slot)

    def mapped(file: str) -> tuple[str, dict[str, Any]]:
        slot = free.get()
        try:
            return file, slot.map(file)
        finally:
            free.put(slot)

    pool = ThreadPoolExecutor(len(slots))
    try:
        for file, found in pool.map(mapped, stale):
            for test in found["failed"]:
                print(f"fails without any change, left out: {test}")
            modules = {m for seen in found["tests"].values() for m in seen["lines"]}
            of = {name: digest(root, [name]) for name in (file, *sorted(modules))}
            kept[file] = {"of": of, "tests": found["tests"]}
            path.write_text(json.dumps(kept), encoding="utf-8")
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return [
        Known(
            test, seen["seconds"], {m: frozenset(n) for m, n in seen["lines"].items()}
        )
        for file in files
        for test, seen in kept[file]["tests"].items()
    ]


def _is_fresh(root: Path, kept: dict[str, Any] | None) -> bool:
    return kept is not None and all(
        (root / name).exists() and digest(root, [name]) == was
        for name, was in kept["of"].items()
    )


def judge(change: Change, slot: Slot, tests: Sequence[str], seconds: float) -> Judged:
    """Have a change judged by some tests.

    seconds : of processor time that they take without it
    """
    if not tests:
        return Judged(change, "survived", "no test runs it")
    request = {
        "file": change.module,
        "source": change.source,
        "function": change.function,
        "tests": tests,
        "seconds": 10 + 3 * seconds,
    }
    answer = {"outcome": "unsuited", "by": ""}
    if change.inside:
        answer = slot.ask("loaded", request)
    if answer["outcome"] == "unsuited":
        answer = slot.ask("bare", request)
    return Judged(change, answer["outcome"], answer["by"] or f"{len(tests)} tests")
