"""Brightspace's bulk download: a folder for every time a student handed in.

    [Folder/]10001-500001 - Ada Example - Oct 10, 2025 1022 AM/a1_conv1d.py

The times are local. The number belongs to Brightspace and is no id of the roster, so
names are matched. Only the outermost folder of that form counts: a student's own zip
may hold others.
"""

import re
import unicodedata
from datetime import datetime

from autograder.intake.archive import Archive, Member, Refused
from autograder.intake.layout import (
    HandedIn,
    Source,
    Split,
    Whose,
    below_wrapper,
    grouped,
    parts_of,
    wrapper_of,
)
from autograder.intake.roster import Roster

FOLDER = re.compile(r"(?P<id>\d+(?:-\d+)?) - (?P<name>.+) - (?P<time>[^/]*\d[^/]*)")
INDEX = "index.html"
CLOCK = re.compile(r"\b(\d{1,2})[:.]?(\d{2})(?: ?([AaPp])\.?[Mm]\.?)?$")
HALF_A_DAY = 12
DATES = ("%b %d, %Y", "%B %d, %Y", "%d %b, %Y", "%d %B, %Y", "%d %b %Y", "%Y-%m-%d")


def recognises(archive: Archive, roster: Roster) -> bool:
    """Tell whether a folder is named as Brightspace names them."""
    del roster
    wrapper = wrapper_of(archive)
    paths = [m.path for m in archive.members] + [r.path for r in archive.refused]
    return any(_folder(path, wrapper) for path in paths)


def split(archive: Archive, roster: Roster, file_name: str) -> Split:
    """Return one hand-in a folder."""
    del roster, file_name
    wrapper = wrapper_of(archive)
    below = below_wrapper(archive, lambda name: bool(FOLDER.fullmatch(name)))
    members, refused = grouped(archive, lambda path: _folder(path, wrapper))
    lists = {m.path for m in archive.members if _is_index(below(m.path))}
    return Split(
        handed_in=tuple(
            _handed_in(
                folder,
                tuple(m for m in members[folder] if m.path not in lists),
                tuple(refused[folder]),
            )
            for folder in sorted(members.keys() | refused.keys())
        ),
        lms_files=frozenset(lists),
    )


def _is_index(parts: tuple[str, ...]) -> bool:
    """Tell Brightspace's own index, at the top or in a folder, from a student's."""
    *folders, name = parts
    at_top = not folders or (len(folders) == 1 and FOLDER.fullmatch(folders[0]))
    return bool(at_top) and name == INDEX


def _handed_in(
    folder: str, members: tuple[Member, ...], refused: tuple[Refused, ...]
) -> HandedIn:
    match = FOLDER.fullmatch(folder)
    if match is None:
        raise ValueError(folder)
    time = submitted_at(match["time"])
    return HandedIn(
        lms_id=match["id"],
        # The second number is the dropbox's.
        user=match["id"].partition("-")[0],
        place=folder,
        whose=Whose(name=match["name"].strip()),
        submitted_at=time,
        time_doubt="" if time else f"its time cannot be read: {match['time']!r}",
        members=members,
        refused=refused,
        taken_back=f"{folder}/",
    )


def submitted_at(text: str) -> datetime | None:
    """Return the time of a folder's name, or None where it is in no known form.

    >>> submitted_at("Oct 10, 2025 1022 AM")
    datetime.datetime(2025, 10, 10, 10, 22)
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    clock = CLOCK.search(plain)
    if clock is None:
        return None
    hour, minute, half = int(clock[1]), int(clock[2]), (clock[3] or "").lower()
    if half and not 1 <= hour <= HALF_A_DAY:
        return None
    if half:
        hour = hour % HALF_A_DAY + (HALF_A_DAY if half == "p" else 0)
    date = plain[: clock.start()].strip(" ,")
    for form in DATES:
        try:
            day = datetime.strptime(date, form)  # noqa: DTZ007 the LMS's local time
            return day.replace(hour=hour, minute=minute)
        except ValueError:
            continue
    return None


def _folder(path: str, wrapper: str) -> str:
    """Return the folder of a hand-in that a member lies in, or ""."""
    parts = parts_of(path)
    if wrapper and not FOLDER.fullmatch(wrapper) and parts[0] == wrapper:
        parts = parts[1:]
    inside = len(parts) > 1 and FOLDER.fullmatch(parts[0])
    return parts[0] if inside else ""


def student_of(name: str) -> str:
    """Return Brightspace's number of a student: each time has a folder of its own."""
    match = FOLDER.fullmatch(name)
    return match["id"].partition("-")[0] if match else ""


SOURCE = Source(
    name="brightspace",
    looks_like="10001-500001 - Ada Example - Oct 10, 2025 1022 AM/a1_conv1d.py",
    recognises=recognises,
    split=split,
    student_of=student_of,
)
