"""Clones of GitHub Classroom's repositories, as ``gh classroom clone`` makes them.

    a1-conv1d-submissions/a1-conv1d-zdoe/a1_conv1d.py

The outer folder is the assignment's name and ``-submissions``; a repository is its
name and the GitHub account, or the group. Accounts and groups stand in Classroom's
class list, or in a plain one with a column ``github_username``.

Source: github/gh-classroom, cmd/gh-classroom/clone/student-repos.
"""

import re
from pathlib import Path

from autograder.errors import IntakeError
from autograder.intake.archive import Archive
from autograder.intake.layout import (
    HandedIn,
    Source,
    Split,
    Whose,
    grouped,
    is_junk,
    parts_of,
    wrapper_of,
)
from autograder.intake.roster import Roster, folded_name

FOLDER = re.compile(r"(?P<assignment>.+)-submissions( ?\(\d+\))?")


def recognises(archive: Archive, roster: Roster) -> bool:
    """Tell whether the folder is an assignment's, and most folders in it too."""
    del roster
    assignment, depth = _assignment(archive)
    if not assignment:
        return False
    paths = (parts_of(m.path) for m in archive.members if not is_junk(m.path))
    tops = {parts[depth] for parts in paths if len(parts) > depth + 1}
    named = sum(top.startswith(f"{assignment}-") for top in tops)
    return 2 * named > len(tops)


def split(archive: Archive, roster: Roster, file_name: str) -> Split:
    """Return one hand-in a repository.

    Raises IntakeError where the folder has another name, or no account is known
    """
    del file_name
    assignment, depth = _assignment(archive)
    if not assignment:
        raise IntakeError(
            archive.place,
            "is not named after an assignment",
            "keep the name that gh classroom clone gave: <assignment>-submissions",
        )
    if not any(s.github or s.groups for s in roster.students):
        raise IntakeError(
            roster.place,
            "has no GitHub accounts, and repositories are named by nothing else",
            "give Classroom's own class list (Students, Download)",
        )

    def owner(path: str) -> str:
        parts = parts_of(path)
        return parts[depth] if len(parts) > depth + 1 else ""

    members, refused = grouped(archive, owner)
    repositories = sorted(members.keys() | refused.keys())
    return Split(
        handed_in=tuple(
            HandedIn(
                lms_id=name,
                place=name,
                members=tuple(members[name]),
                refused=tuple(refused[name]),
                whose=_whose(name, assignment, roster),
            )
            for name in repositories
        )
    )


def spellings(name: str) -> frozenset[str]:
    """Return a group's name as GitHub writes it into a repository's, folded.

    >>> sorted(spellings("The Édouards & Co."))
    ['the-douards-co']
    """
    words = re.findall(r"[a-z0-9_.]+", name.casefold())
    return frozenset({folded_name("-".join(words).strip("."))})


def _whose(name: str, assignment: str, roster: Roster) -> Whose:
    """Return whose a repository is: an account's or a group's.

    A repository that is both, or has another name, is left to a person.
    """
    who = name.removeprefix(f"{assignment}-")
    is_group = bool(roster.in_group(who, spellings))
    is_account = bool(roster.with_github(who))
    if who == name or (is_group and is_account):
        return Whose(name=name)
    return Whose(group=who, shared_by=name) if is_group else Whose(github=who)


def _assignment(archive: Archive) -> tuple[str, int]:
    """Return the assignment's name, or "", and how deep its repositories lie."""
    wrapper = wrapper_of(archive)
    inner, outer = FOLDER.fullmatch(wrapper), FOLDER.fullmatch(_title(archive.place))
    if inner:
        return inner["assignment"], 1
    return (outer["assignment"], 0) if outer else ("", 0)


def is_class(place: Path) -> bool:
    """Tell whether a download has the name that Classroom gives a class's."""
    return bool(FOLDER.fullmatch(_title(place)))


def _title(place: Path) -> str:
    return place.name.removesuffix(".zip")


SOURCE = Source(
    name="github-classroom",
    looks_like="a1-conv1d-submissions/a1-conv1d-aexample/a1_conv1d.py",
    recognises=recognises,
    split=split,
    spellings=spellings,
)
