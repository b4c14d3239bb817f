"""What became of the changes, and which of them no test should notice."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from autograder.course.toml_files import read_toml
from mutation.changes import Change, by_hand, changes
from mutation.related import digest

Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Judged:
    """A change and what became of it."""

    change: Change
    outcome: str
    by: str = ""

    @property
    def noticed(self) -> bool:
        """Whether a test failed, or did not end any more."""
        return self.outcome in {"killed", "endless"}


class Ledger:
    """What was judged before, by the change and the tests that judged it."""

    def __init__(self, root: Path, path: Path) -> None:
        self._root, self._path = root, path
        self._kept: dict[str, dict[str, str]] = {}
        if path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                entry = json.loads(line)
                self._kept[entry["source"]] = entry

    def before(self, change: Change, tests: Sequence[str]) -> Judged | None:
        """Return what became of a change, unless tests may tell otherwise now."""
        entry = self._kept.get(_source(change))
        if entry is None or (
            entry["outcome"] == "survived" and entry["tests"] != self._digest(tests)
        ):
            return None
        return Judged(change, entry["outcome"], entry["by"])

    def add(self, judged: Judged, tests: Sequence[str]) -> None:
        """Keep one more."""
        entry = {
            "source": _source(judged.change),
            "outcome": judged.outcome,
            "by": judged.by,
            "tests": self._digest(tests),
            "label": judged.change.label,
        }
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")

    def _digest(self, tests: Sequence[str]) -> str:
        files = digest(self._root, {test.split("::")[0] for test in tests})
        return hashlib.sha256("\n".join([files, *sorted(tests)]).encode()).hexdigest()


class Survivor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A change that no test should notice, and why."""

    module: str
    function: str
    original: str
    mutant: str
    reason: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What names the change."""
        return self.module, self.function, self.original, self.mutant


class Survivors(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file of them."""

    survivor: tuple[Survivor, ...] = ()


class ByHand(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A change that a person made: a text of a module for another."""

    module: str
    find: str
    replace: str


class _ByHand(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    change: tuple[ByHand, ...] = ()


def changes_by_hand(root: Path, path: Path) -> tuple[list[Change], list[str]]:
    """Return the changes of a list, and which of them do not fit the code any more."""
    found, misfits = [], []
    for one in read_toml(path, _ByHand).change:
        try:
            source = (root / one.module).read_text(encoding="utf-8")
            found.append(by_hand(source, one.module, one.find, one.replace))
        except (ValueError, FileNotFoundError) as error:
            misfits.append(str(error))
    return found, misfits


def survivors(path: Path) -> tuple[Survivor, ...]:
    """Read the list."""
    return read_toml(path, Survivors).survivor


def stale(root: Path, listed: Sequence[Survivor]) -> list[Survivor]:
    """Return those of which there is no such change any more."""
    keys: defaultdict[str, set[tuple[str, str, str, str]]] = defaultdict(set)
    for module in {entry.module for entry in listed}:
        path = root / module
        if path.exists():
            source = path.read_text(encoding="utf-8")
            lines = {entry.original for entry in listed if entry.module == module}
            keys[module] = {change.key for change in changes(source, module, lines)}
    return [entry for entry in listed if entry.key not in keys[entry.module]]


def _source(change: Change) -> str:
    return hashlib.sha256(change.source.encode()).hexdigest()
