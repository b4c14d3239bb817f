"""A plain folder, or a zip of one, with a folder or a Python file a student.

    0012345/a1_conv1d.py      zdoe/a1_conv1d.py      zdoe.py      zdoe_a1_conv1d.py

Folders and files are named by roster id or username.
"""

import re
from dataclasses import replace
from pathlib import PurePosixPath

from autograder.archive import Archive, Member
from autograder.intake.source import (
    HandedIn,
    Source,
    grouped,
    is_junk,
    parts_of,
    wrapper_of,
)
from autograder.roster import Roster

SUFFIX = ".py"


def recognises(archive: Archive, roster: Roster) -> bool:
    """Tell whether somebody of the roster has a folder or a file."""
    wrapper = _wrapper(archive, roster)
    names = {_owner(member.path, wrapper) for member in archive.members}
    return any(
        roster.identified(candidate)
        for name in names
        for candidate in _stems(name, "*")
    )


def split(archive: Archive, roster: Roster, file_name: str) -> tuple[HandedIn, ...]:
    """Return one hand-in a folder or Python file; other files at the top are left."""
    wrapper = _wrapper(archive, roster)
    members, refused = grouped(archive, lambda path: _owner(path, wrapper))
    found = []
    for name in sorted(members.keys() | refused.keys()):
        identifier = _identifier(name, roster, file_name)
        found.append(
            HandedIn(
                lms_id="",
                place=name,
                student_name=identifier,
                identifier=identifier,
                submitted_at=None,
                members=tuple(_named(m, wrapper, file_name) for m in members[name]),
                refused=tuple(refused[name]),
            )
        )
    return tuple(found)


def _wrapper(archive: Archive, roster: Roster) -> str:
    """Return the folder around all of them, unless it is that of a single student."""
    wrapper = wrapper_of(archive)
    return "" if roster.identified(wrapper) else wrapper


def _owner(path: str, wrapper: str) -> str:
    """Return the folder or Python file at the top that a member is, or lies in."""
    parts = parts_of(path)
    if wrapper and parts[0] == wrapper:
        parts = parts[1:]
    alone = len(parts) == 1
    if not parts or is_junk(path) or (alone and not parts[0].endswith(SUFFIX)):
        return ""
    return parts[0]


def _identifier(name: str, roster: Roster, file_name: str) -> str:
    """Return who `name` is about: all of it, or what stands before the file's name."""
    stems = _stems(name, PurePosixPath(file_name).stem)
    return next((stem for stem in stems if roster.identified(stem)), stems[-1])


def _stems(name: str, asked: str) -> tuple[str, ...]:
    """Return what may be an id in a name; `asked` is the file's stem, ``*`` is any.

    >>> _stems("zdoe_a1_conv1d.py", "a1_conv1d")
    ('zdoe_a1_conv1d', 'zdoe')
    """
    if not name.endswith(SUFFIX):
        return (name,)
    stem = name.removesuffix(SUFFIX)
    ending = ".+" if asked == "*" else re.escape(asked)
    match = re.fullmatch(rf"(.+?)[_-]{ending}(?: ?\(\d+\))?", stem, re.IGNORECASE)
    return (stem, match[1]) if match else (stem,)


def _named(member: Member, wrapper: str, file_name: str) -> Member:
    """Give a student's single file at the top the name that was asked for."""
    parts = parts_of(member.path)
    depth = 2 if wrapper and parts[0] == wrapper else 1
    return replace(member, path=file_name) if len(parts) == depth else member


SOURCE = Source(
    name="folder",
    looks_like="0012345/a1_conv1d.py, zdoe/a1_conv1d.py or zdoe_a1_conv1d.py, named by "
    "roster id or username",
    recognises=recognises,
    split=split,
)
