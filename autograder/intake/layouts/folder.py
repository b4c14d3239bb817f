"""A plain folder, or a zip of one, with a folder, a zip or a Python file a student.

    0012345/a1_conv1d.py   zdoe/a1_conv1d.py   zdoe.zip   zdoe.py   zdoe_a1_conv1d.py

All are named by roster id or username.
"""

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import PurePosixPath

from autograder.intake.archive import Archive, Member
from autograder.intake.layout import (
    HandedIn,
    Source,
    Split,
    Whose,
    grouped,
    is_junk,
    is_python,
    parts_of,
    wrapper_of,
)
from autograder.intake.notebooks import as_notebook
from autograder.intake.roster import Roster
from autograder.notebook import is_notebook

ANY_FILE = "*"


def recognises(archive: Archive, roster: Roster) -> bool:
    """Tell whether somebody of the roster has a folder or a file."""
    wrapper = _wrapper(archive, roster)
    owners = {_owner(member.path, wrapper) for member in archive.members}
    return any(_identified(owner, roster, ANY_FILE) for owner in owners)


def share(archive: Archive, roster: Roster) -> Fraction:
    """Return the share of the names at the top that begin with somebody's id."""
    wrapper = _wrapper(archive, roster)
    paths = [m.path for m in archive.members] + [r.path for r in archive.refused]
    owners = {_owner(path, wrapper) for path in paths} - {""}
    known = sum(bool(_identified(owner, roster, ANY_FILE)) for owner in owners)
    return Fraction(known, max(1, len(owners)))


def owner_of(archive: Archive, roster: Roster) -> Callable[[str], str]:
    """Return what gives the id or username that a path begins with, or ""."""
    wrapper = _wrapper(archive, roster)
    return lambda path: _identified(_owner(path, wrapper), roster, ANY_FILE)


def split(archive: Archive, roster: Roster, file_name: str) -> Split:
    """Return one hand-in a folder, zip or file.

    Files at the top that are neither Python nor named by a student are nobody's.
    """
    wrapper = _wrapper(archive, roster)
    members, refused = grouped(archive, lambda path: _owner(path, wrapper))
    asked = PurePosixPath(file_name).stem
    found = []
    for owner in sorted(members.keys() | refused.keys()):
        identified = _identified(owner, roster, asked)
        files = members[owner] + refused[owner]
        alone = any(_is_lone(item.path, wrapper) for item in files)
        if not identified and alone and not is_python(owner):
            continue
        identifier = identified or _stems(owner, asked)[-1]
        found.append(
            HandedIn(
                lms_id="",
                place=owner,
                whose=Whose(identifier=identifier, of_the_list=True),
                members=tuple(members[owner]),
                refused=tuple(refused[owner]),
                own_paths=_renamed(members[owner], wrapper, file_name),
            )
        )
    return Split(handed_in=tuple(found))


def _wrapper(archive: Archive, roster: Roster) -> str:
    """Return the folder around all of them, unless it is that of a single student."""
    wrapper = wrapper_of(archive)
    return "" if _identified(wrapper, roster, ANY_FILE) else wrapper


def _owner(path: str, wrapper: str) -> str:
    """Return the folder or file at the top that a member lies in, or is."""
    if is_junk(path):
        return ""
    return next(iter(_below(path, wrapper)), "")


def _below(path: str, wrapper: str) -> tuple[str, ...]:
    parts = parts_of(path)
    return parts[1:] if wrapper and parts[0] == wrapper else parts


def _is_lone(path: str, wrapper: str) -> bool:
    return len(_below(path, wrapper)) == 1


def _identified(owner: str, roster: Roster, asked: str) -> str:
    """Return the part of a name that is somebody's id or username, or ""."""
    return next((s for s in _stems(owner, asked) if roster.identified(s)), "")


def _stems(owner: str, asked: str) -> tuple[str, ...]:
    """Return what may be an id in a name: all of it, or what stands before `asked`.

    >>> _stems("zdoe_a1_conv1d.py", "a1_conv1d")
    ('zdoe_a1_conv1d.py', 'zdoe_a1_conv1d', 'zdoe')
    """
    stem = PurePosixPath(owner).stem
    ending = ".+" if asked == ANY_FILE else re.escape(asked)
    match = re.fullmatch(rf"(.+?)[_-]{ending}(?: ?\(\d+\))?", stem, re.IGNORECASE)
    stems = (owner, stem, match[1]) if match else (owner, stem)
    return tuple(dict.fromkeys(stems))


def _renamed(members: Sequence[Member], wrapper: str, file_name: str) -> dict[str, str]:
    """Give a student's single Python file at the top the name that was asked for."""
    return {
        m.path: as_notebook(file_name) if is_notebook(m.path) else file_name
        for m in members
        if _is_lone(m.path, wrapper) and is_python(m.path)
    }


SOURCE = Source(
    name="folder",
    looks_like="0012345/a1_conv1d.py, zdoe/a1_conv1d.py, zdoe.zip or "
    "zdoe_a1_conv1d.py, named by roster id or username",
    recognises=recognises,
    split=split,
)
