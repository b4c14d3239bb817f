"""Which tests run which lines, and in what order they should judge a change."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mutation.changes import Change

ALL = (0, 1_000_000)
"""Lines of any module."""


@dataclass(frozen=True, slots=True)
class Known:
    """One test as it was seen.

    seconds : of processor time, with what it started
    lines : that it ran, by module
    """

    name: str
    seconds: float
    lines: Mapping[str, frozenset[int]]


def related(
    change: Change, tests: Sequence[Known], at_most: float
) -> tuple[list[str], float]:
    """Return the tests that may notice a change, and the seconds they take.

    Those of the room first, then the quickest; file by file, since files share
    fixtures. Where no test runs the lines themselves, those that run its function, else
    its module; for what is made at import (a table, a default) those of the module.

    at_most : seconds of all that are returned; a room's own tests come first
    """
    known = [t for t in tests if change.module in t.lines]
    if not change.inside:
        # Its lines are run by whoever imported it first. Its own tests may run none:
        # those of a constant, or of a dataclass, whose methods stand nowhere.
        known += [t for t in tests if t not in known and _is_own(t.name, change.module)]
        return _ordered(change, known, at_most)
    for first, last in (change.lines, change.span, ALL):
        run = [
            t for t in known if any(first <= n <= last for n in t.lines[change.module])
        ]
        if run:
            return _ordered(change, run, at_most)
    return [], 0.0


def _ordered(
    change: Change, tests: Sequence[Known], at_most: float
) -> tuple[list[str], float]:
    by_file: dict[str, list[Known]] = {}
    for test in sorted(tests, key=lambda t: (t.seconds, t.name)):
        by_file.setdefault(test.name.split("::")[0], []).append(test)

    def distance(file: str) -> tuple[bool, bool, float]:
        mean = sum(t.seconds for t in by_file[file]) / len(by_file[file])
        return mean > 1, not _mirrors(file, change.module), mean

    chosen: list[str] = []
    total = 0.0
    for file in sorted(by_file, key=distance):
        for test in by_file[file]:
            if total + test.seconds <= at_most or not chosen:
                chosen.append(test.name)
                total += test.seconds
    return chosen, total


def _mirrors(test_file: str, module: str) -> bool:
    """Tell whether a test file is in the module's room."""
    room = module.split("/")[1]
    return test_file == module or test_file.startswith(f"tests/{room}/")


def _is_own(test: str, module: str) -> bool:
    """Tell whether a test is of the file that is called like the module."""
    stem = module.removesuffix("/__init__.py").removesuffix(".py").rpartition("/")[2]
    return test.startswith(f"tests/{module.split('/')[1]}/test_{stem}.py::")


def digest(root: Path, names: Iterable[str]) -> str:
    """Return one SHA-256 of files, names and contents."""
    found = hashlib.sha256()
    for name in sorted(names):
        found.update(name.encode() + b"\0" + (root / name).read_bytes() + b"\0")
    return found.hexdigest()
