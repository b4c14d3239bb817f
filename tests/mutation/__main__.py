"""``make mutants``: change the grader a little, thousands of times: who notices?

    PYTHONPATH=tests python -m mutation [--all] [--sample N] [--seed TEXT] [ROOM ...]

Each change is made in a copy of the project (the working tree is never touched) and
judged by the tests that run the changed lines, the quickest first. What was judged is
kept in ``.mutants/``: a run that was stopped goes on, and a change is judged again only
if its module or, where it survived, a test has changed.

Ends with 1 where fewer than 90 % of a room's changes were noticed, where one of
``tests/mutation/by_hand.toml`` was not, or where that list or the one of survivors does
not fit the code.
"""

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from mutation.changes import Change, changes
from mutation.judged import (
    Judged,
    Key,
    Ledger,
    changes_by_hand,
    stale,
    survivors,
)
from mutation.related import related
from mutation.slot import Slot, judge, known_tests

ROOMS: dict[str, tuple[str, ...]] = {
    "marks": ("tests/marks", "tests/gradebook"),
    "gradebook": ("tests/gradebook",),
    "intake": ("tests/intake", "tests/gradebook/test_moodle_worksheet.py"),
    "records": ("tests/records",),
    "grading": ("tests/grading",),
    "sandbox": ("tests/sandbox", "tests/grading"),
}
"""The rooms that are changed, each with the tests that should notice."""
IN_PART = {"sandbox": ("asking", "complaint", "reply_size", "session")}
"""What of a room is changed: what a kernel does takes real workers to notice."""
LEFT_OUT = (
    "tests/grading/test_attacks_on_marks.py",
    "tests/grading/test_busy_machine.py",
    "tests/grading/test_torch_submissions.py",
    "tests/commands/test_examples.py",
)
"""Minutes of processor time each, and their subject is the sandbox."""
ENOUGH = 0.90
SURVIVORS = Path("tests/mutation/survivors.toml")
BY_HAND = Path("tests/mutation/by_hand.toml")
KEPT = Path(".mutants")


def _test_files(root: Path, rooms: Sequence[str]) -> list[str]:
    """Return the rooms' test files and those of their modules that have examples."""
    tests = dict.fromkeys(folder for room in rooms for folder in ROOMS[room])
    found = [
        path
        for name in tests
        for path in [root / name, *sorted((root / name).rglob("test_*.py"))]
        if path.is_file()
    ]
    for room in rooms:
        modules = sorted((root / "autograder" / room).rglob("*.py"))
        found += [path for path in modules if ">>> " in path.read_text("utf-8")]
    names = [str(path.relative_to(root)) for path in found]
    return [name for name in names if name not in LEFT_OUT]


def _chosen(
    root: Path, rooms: Sequence[str], options: argparse.Namespace
) -> tuple[list[Change], Counter[str]]:
    """Return the changes to judge, and how many there are, by module."""
    chosen: list[Change] = []
    there: Counter[str] = Counter()
    for room in rooms:
        for path in sorted((root / "autograder" / room).rglob("*.py")):
            name = str(path.relative_to(root))
            is_changed = path.stem in IN_PART.get(room, (path.stem,))
            if not is_changed or not _is_asked_for(name, options.only):
                continue
            found = list(changes(path.read_text(encoding="utf-8"), name))
            there[name] = len(found)
            if not options.all and len(found) > options.sample:
                draw = random.Random(f"{options.seed} {name}")  # noqa: S311 no secret
                found = draw.sample(found, options.sample)
            chosen += found
    return chosen, there


def _is_asked_for(path: str, parts: Sequence[str]) -> bool:
    return not parts or any(part in path for part in parts)


def _report(
    judged: Sequence[Judged], listed: dict[Key, str], there: Counter[str]
) -> bool:
    """Print a line a module and one a room.

    there : how many changes there are of each module, beside those made by hand
    Returns False where too few of a room's were noticed
    """
    good = True
    print(f"\n{'':<40}{'there':>7}{'judged':>7}{'noticed':>8}{'listed':>7}{'left':>6}")
    for room in ROOMS:
        ours = [j for j in judged if j.change.module.split("/")[1] == room]
        if not ours:
            continue
        modules = sorted({one.change.module for one in ours})
        for name in modules:
            own = [one for one in ours if one.change.module == name]
            _print_line(name.removeprefix("autograder/"), own, listed, there[name])
        _print_line(room, ours, listed, sum(there[name] for name in modules))
        good = good and sum(j.noticed for j in ours) >= ENOUGH * len(ours)
    return good


def _print_line(
    name: str, judged: Sequence[Judged], listed: dict[Key, str], there: int
) -> None:
    noticed = sum(one.noticed for one in judged)
    reasoned = sum(not one.noticed and one.change.key in listed for one in judged)
    left = len(judged) - noticed - reasoned
    print(
        f"{name:<40}{there:>7}{len(judged):>7}{noticed:>8}{reasoned:>7}{left:>6}"
        f"{noticed / len(judged):>7.1%}"
    )


def _tell(
    judged: Sequence[Judged], listed: dict[Key, str], made: Sequence[Change]
) -> bool:
    """Print what was not noticed and is not listed.

    made : by hand
    Returns False where the list is wrong, or one of those made by hand is not noticed
    """
    by_hand = {change.key for change in made}
    good = True
    for one in sorted(judged, key=lambda j: (j.change.module, j.change.lines)):
        if not one.noticed and one.change.key not in listed:
            print(f"not noticed ({one.by}): {one.change.label}")
            good = good and one.change.key not in by_hand
        if one.noticed and one.change.key in listed:
            print(f"listed as a survivor, but noticed ({one.by}): {one.change.label}")
            good = False
    print(dict(Counter(one.outcome for one in judged)))
    return good


def _judged(
    root: Path,
    chosen: Sequence[Change],
    files: Sequence[str],
    options: argparse.Namespace,
) -> list[Judged]:
    folder = Path(tempfile.mkdtemp(prefix="mutants-"))
    slots: SimpleQueue[Slot] = SimpleQueue()
    made: list[Slot] = []
    kept = root / KEPT / ("tests.json" if options.sandbox else "quick_tests.json")
    try:
        for number in range(options.jobs):
            quick = not options.sandbox
            made.append(Slot(root, folder / str(number), files, quick=quick))
            slots.put(made[-1])
        # Of the tests as they were copied: whoever runs this may go on writing them.
        ledger = Ledger(made[0].copy, root / KEPT / "judged.jsonl")
        known = known_tests(made[0].copy, kept, made, files)

        def one(change: Change) -> Judged:
            tests, cost = related(change, known, options.seconds)
            before = ledger.before(change, tests)
            if before is not None:
                return before
            slot = slots.get()
            try:
                found = judge(change, slot, tests, cost)
            finally:
                slots.put(slot)
            ledger.add(found, tests)
            return found

        pool = ThreadPoolExecutor(options.jobs)
        try:
            return list(pool.map(one, chosen))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    finally:
        for slot in made:
            slot.close()
        shutil.rmtree(folder, ignore_errors=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutants")
    parser.add_argument("rooms", nargs="*", metavar="ROOM", help=", ".join(ROOMS))
    parser.add_argument("--all", action="store_true", help="every change")
    parser.add_argument("--sample", type=int, default=12, help="changes of a module")
    parser.add_argument("--seed", default="make mutants")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seconds", type=float, default=8, help="of tests a change")
    parser.add_argument("--by-hand", action="store_true", help=f"only {BY_HAND}")
    parser.add_argument(
        "--bodies", action="store_true", help="only in functions, which is quick"
    )
    parser.add_argument(
        "--sandbox", action="store_true", help="also the tests that start a worker"
    )
    parser.add_argument(
        "--tests",
        action="append",
        default=[],
        help="part of a test file's path, or more",
    )
    parser.add_argument(
        "--only", action="append", default=[], help="part of a module's path, or more"
    )
    return parser.parse_args()


def main() -> int:
    """Judge, and say what no test noticed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the copies are removed
    options = _arguments()
    root = Path(__file__).parents[2]
    (root / KEPT).mkdir(exist_ok=True)
    entries = survivors(root / SURVIVORS)
    gone = stale(root, entries)
    for entry in gone:
        print(f"{SURVIVORS}: there is no such change any more: {entry}")
    made, misfits = changes_by_hand(root, root / BY_HAND)
    for misfit in misfits:
        print(f"{BY_HAND}: {misfit}")
    rooms = options.rooms or list(ROOMS)
    chosen = [
        change
        for change in made
        if change.module.split("/")[1] in rooms
        and _is_asked_for(change.module, options.only)
    ]
    drawn, there = _chosen(root, rooms, options)
    if not options.by_hand:
        chosen += drawn
    files = [
        name for name in _test_files(root, rooms) if _is_asked_for(name, options.tests)
    ]
    if options.bodies:
        chosen = [change for change in chosen if change.inside]
    judged = _judged(root, chosen, files, options)
    listed = {entry.key: entry.reason for entry in entries}
    fits = _tell(judged, listed, made)
    if len(drawn) < there.total():
        print(f"{len(drawn)} of {there.total()} changes, drawn with {options.seed!r}")
    enough = _report(judged, listed, there)
    return 0 if enough and fits and not (gone or misfits) else 1


if __name__ == "__main__":
    sys.exit(main())
