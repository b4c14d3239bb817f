"""Moodle's "Download all submissions", in its three layouts.

    4.1 and later    Zoë Doe_123_assignsubmission_file/sub/a1_conv1d.py
    3.1 to 4.0       Zoë Doe_123_assignsubmission_file_/sub/a1_conv1d.py
    without folders  Zoë Doe_123_assignsubmission_file_a1_conv1d.py

123 is the participant's number, which only the grading worksheet gives with names; in
names ``_`` is a space and some characters are missing. With blind marking everybody is
called ``Participant`` (in the site's language). Since 4.1 a team's files stand once,
under its name and number; before, once a member, as ``Team-Zoë Doe_123_…``.

Source: mod/assign/classes/downloader.php (4.1 and later), mod/assign/locallib.php.
"""

import re
from collections.abc import Iterable

from autograder.errors import IntakeError
from autograder.intake.archive import Archive
from autograder.intake.layout import (
    HandedIn,
    Source,
    Split,
    Whose,
    below_wrapper,
    grouped,
    mostly,
    paths_of,
)
from autograder.intake.roster import Roster, folded_name

ENTRY = re.compile(
    r"(?P<who>(?P<name>[^_]+)(?:_(?P<number>\d+))?)"
    r"_assignsubmission_[a-z0-9]+(?:_(?P<file>.*))?"
)
LEFT_OUT_OF_NAMES = re.compile(r"[\x00-\x1f\x7f&<>\"`|':\\/]")
"""What Moodle's PARAM_FILE removes."""


def recognises(archive: Archive, roster: Roster) -> bool:
    """Tell whether most names at the top have Moodle's form."""
    del roster
    return mostly(archive, _is_entry)


def split(archive: Archive, roster: Roster, file_name: str) -> Split:
    """Return one hand-in a participant or team.

    Raises IntakeError for blind marking, unless the roster is the grading worksheet
    """
    del file_name
    below = below_wrapper(archive, _is_entry)
    whos: dict[str, re.Match[str]] = {}

    def owner(path: str) -> str:
        match = ENTRY.fullmatch(below(path)[0])
        if match is None:
            return ""
        return whos.setdefault(match["who"], match)["who"]

    members, refused = grouped(archive, owner)
    blind = _is_blind(whos.values(), roster)
    if blind and not any(s.participant for s in roster.students):
        raise IntakeError(
            archive.place,
            "is anonymous (blind marking), nothing in it says who is who",
            "give this assignment's grading worksheet as the roster, or reveal the "
            "identities in Moodle and download again",
        )
    return Split(
        handed_in=tuple(
            HandedIn(
                lms_id=whos[who]["number"] or "",
                user=who,
                place=who,
                members=tuple(members[who]),
                refused=tuple(refused[who]),
                own_paths={
                    path: _own_path(below(path))
                    for path in paths_of(members[who], refused[who])
                },
                whose=_whose(whos[who], roster, blind=blind),
                # Without folders every version takes it; see importziplib.php.
                taken_back=f"{who}_assignsubmission_file_"
                if whos[who]["number"]
                else "",
            )
            for who in sorted(members.keys() | refused.keys())
        )
    )


def spellings(name: str) -> frozenset[str]:
    """Return a name as Moodle writes it into a file name, folded.

    >>> sorted(spellings("Conan O'Brien_2"))
    ['conan obrien 2']
    """
    kept = LEFT_OUT_OF_NAMES.sub("", name.replace("_", " "))
    return frozenset({folded_name(kept)})


def _is_entry(name: str) -> bool:
    return bool(ENTRY.fullmatch(name))


def _own_path(parts: tuple[str, ...]) -> str:
    match = ENTRY.fullmatch(parts[0])
    flat = match and match["file"]
    return "/".join([flat, *parts[1:]] if flat else parts[1:])


def _is_blind(whos: Iterable[re.Match[str]], roster: Roster) -> bool:
    """Tell whether several participants have one name that nobody of the class has."""
    names = [who["name"] for who in whos if who["number"]]
    if len(set(names)) != 1 or roster.named(names[0], spellings):
        return False
    return names[0] == "Participant" or len(names) > 1


def _whose(who: re.Match[str], roster: Roster, *, blind: bool) -> Whose:
    """Return whose a hand-in is.

    A team's number may be some participant's too: it counts only beside the name.
    """
    name, number = who["name"], who["number"] or ""
    numbered = roster.with_participant(number)
    if blind:
        return Whose(participant=number)
    if any(_is_member(name, student.name) for student in numbered):
        return Whose(participant=number)
    named = roster.named(name, spellings)
    if not named and roster.in_group(name, spellings):
        return Whose(group=name, shared_by=who["who"])
    if numbered and not named:
        return Whose(name=name)
    known = any(s.participant for s in roster.students)
    return Whose(name=name, participant=number if known else "")


def _is_member(name: str, student_name: str) -> bool:
    """Tell whether a name is the student's, alone or behind ``Team-``."""
    ends = (name[at:] for at in range(len(name)) if at == 0 or name[at - 1] == "-")
    return any(spellings(end) & spellings(student_name) for end in ends)


def student_of(name: str) -> str:
    """Return the participant or team that an entry is of."""
    match = ENTRY.fullmatch(name)
    return match["who"] if match else ""


SOURCE = Source(
    name="moodle",
    looks_like="Ada Example_123_assignsubmission_file/a1_conv1d.py",
    recognises=recognises,
    is_entry=_is_entry,
    split=split,
    student_of=student_of,
    spellings=spellings,
)
