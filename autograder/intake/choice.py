"""Which of the files that a student handed in is the one to grade."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from autograder import notebook
from autograder.intake.archive import Member, Refused
from autograder.intake.layout import is_junk, is_python
from autograder.intake.notebooks import as_notebook
from autograder.text import readable

ARCHIVES = (".rar", ".7z", ".gz", ".tgz", ".tar", ".xz", ".bz2", ".zipx")
"""What may hold the file and is not unpacked."""
MOST_NAMED = 8
THERE = " in what was handed in, which is: "
TEST_NAME = re.compile(r"(test.*|.*_test|conftest|q\d+_.*)\.py", re.IGNORECASE)
RENAMED = r"{}( ?\(\d+\)|-\d+| - copy( \(\d+\))?| copy( \d+)?)?\.(py|ipynb)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is graded of a hand-in.

    data : None where there is nothing to grade
    doubt : why a person must decide, or ""
    taken_from : the name of what is graded, where it is not the one asked for
    """

    data: bytes | None
    notices: tuple[str, ...] = ()
    doubt: str = ""
    taken_from: str = ""


def choose(
    members: Sequence[Member], refused: Sequence[Refused], file_name: str
) -> Choice:
    """Choose the file to grade; where two could be meant, nobody guesses.

    The exact name comes first (the top-most of several), then what LMSs and browsers
    make of it, then the only Python file that is no test. A file that could not be read
    and may be the one that is meant is never passed over for a lesser one. A notebook
    is as good as a Python file; where both have the name, nobody knows which counts.
    """
    members = [m for m in members if not is_junk(m.path)]
    readable = [m for m in members if m.data is not None and is_python(m.path)]
    left_out = _not_read(refused)
    hopeful = [r for r in refused if _could_be_meant(r.path)]
    for candidates in _tiers(readable, file_name):
        if _rivals(candidates, hopeful, file_name):
            doubt = (
                f"what was handed in could not be read: {_listed(map(str, hopeful))}"
            )
            return Choice(data=None, notices=left_out, doubt=doubt)
        if len({m.data for m in candidates}) > 1:
            names = _listed(sorted(m.path for m in candidates))
            doubt = f"which file is meant is not clear: {names}"
            return Choice(data=None, notices=left_out, doubt=doubt)
        if candidates:
            chosen = candidates[0]
            copies = [m for m in readable if m.data == chosen.data]
            others = [m for m in members if m not in copies]
            notices = (
                *_renamed(chosen, file_name),
                *_of_notebook(chosen),
                *left_out,
                *_ignored(others),
            )
            name = _name(chosen.path)
            taken_from = "" if name in _names(file_name) else name
            return Choice(data=chosen.data, notices=notices, taken_from=taken_from)
    packed = [m.path for m in members if m.path.casefold().endswith(ARCHIVES)]
    if packed:
        # As with a zip that is damaged: the file may be in it, and 0 would be a guess.
        doubt = (
            f"what was handed in could not be read: {_listed(packed)}: is an archive "
            "and no zip; hand in the file itself"
        )
        return Choice(data=None, notices=left_out, doubt=doubt)
    found = _listed(sorted(_name(m.path) for m in members)) or "nothing"
    missing = f"there is no {file_name}{THERE}{found}"
    return Choice(data=None, notices=(missing, *left_out))


def _not_read(refused: Sequence[Refused]) -> tuple[str, ...]:
    more = len(refused) - MOST_NAMED
    named = tuple(f"not read: {refusal}" for refusal in refused[:MOST_NAMED])
    return (*named, f"not read: {more} more") if more > 0 else named


def _tiers(members: Sequence[Member], file_name: str) -> tuple[list[Member], ...]:
    python, book = (
        _topmost([m for m in members if _name(m.path) == name])
        for name in _names(file_name)
    )
    renamed = [m for m in members if _is_renamed(m.path, file_name)]
    # Beside a file of one kind, any copy of the other kind may be what counts.
    if python and not book:
        book = [m for m in renamed if notebook.is_notebook(m.path)]
    elif book and not python:
        python = [m for m in renamed if not notebook.is_notebook(m.path)]
    exact = [*python, *book]
    return (exact, renamed, [m for m in members if not _is_test(m)])


def _names(file_name: str) -> tuple[str, str]:
    return file_name, as_notebook(file_name)


def _is_renamed(path: str, file_name: str) -> bool:
    stem = PurePosixPath(file_name).stem
    renamed = RENAMED.format(re.escape(stem))
    return bool(re.fullmatch(renamed, _name(path), re.IGNORECASE))


def _topmost(members: list[Member]) -> list[Member]:
    least = min((_depth(m.path) for m in members), default=0)
    return [m for m in members if _depth(m.path) == least]


def _rivals(
    candidates: Sequence[Member], hopeful: Sequence[Refused], file_name: str
) -> bool:
    """Tell whether an unreadable file has as good a claim as the candidates."""
    if not candidates or _name(candidates[0].path) not in _names(file_name):
        return bool(hopeful)
    depth = _depth(candidates[0].path)
    is_book = notebook.is_notebook(candidates[0].path)
    return any(
        _is_renamed(r.path, file_name)
        if notebook.is_notebook(r.path) != is_book
        else _name(r.path) in _names(file_name) and _depth(r.path) <= depth
        for r in hopeful
    )


def _is_test(member: Member) -> bool:
    is_otter = b"OK_FORMAT" in (member.data or b"")
    return is_otter or bool(TEST_NAME.fullmatch(_name(member.path)))


def _renamed(chosen: Member, file_name: str) -> tuple[str, ...]:
    name = _name(chosen.path)
    if name in _names(file_name):
        return ()
    wanted = _names(file_name)[notebook.is_notebook(name)]
    taken = f"{name} was taken as {wanted}, since there is none"
    return (f"{taken}: please keep the name next time",)


def _ignored(others: Sequence[Member]) -> tuple[str, ...]:
    return (f"ignored: {_listed(m.path for m in others)}",) if others else ()


def _listed(names: object) -> str:
    every = [str(name) for name in names]  # type: ignore[attr-defined]
    more = len(every) - MOST_NAMED
    return ", ".join(every[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _name(path: str) -> str:
    return unicodedata.normalize("NFKC", PurePosixPath(path).name)


def _of_notebook(chosen: Member) -> tuple[str, ...]:
    """Return what was left out of a notebook, in words."""
    if not notebook.is_notebook(chosen.path):
        return ()
    return tuple(map(readable, notebook.notes((chosen.data or b"").decode())))


def _could_be_meant(path: str) -> bool:
    hopeful = is_python(path) or path.casefold().endswith(".zip")
    return hopeful and not TEST_NAME.fullmatch(_name(path))


def _depth(path: str) -> int:
    return len(PurePosixPath(path).parts)
