"""Blackboard's "Assignment File Download": a flat zip with a receipt an attempt.

    HW1_zdoe_attempt_2020-04-22-10-43-23.txt              the receipt
    HW1_zdoe_attempt_2020-04-22-10-43-23_a1_conv1d.py     a file

Titles, usernames and file names have ``_`` in them, so no name is split: the receipt
says whose it is and what the files were called. Its words are in the course's language
(``Nom : …`` in a file ``…_Tentative_2019-….txt``), their places are not.

    Name: Zoë Doe (zdoe)
    Assignment: HW1
    Date Submitted: Wednesday, April 22, 2020 10:43:23 AM EDT
    …
    Files:
            Original filename: a1_conv1d.py
            Filename: HW1_zdoe_attempt_2020-04-22-10-43-23_a1_conv1d.py

A student writes part of the receipt (text and comments) and chooses file names, so
only its first line and the list at its end count, a file is a student's only when its
name begins as the receipt's does, and what a student handed in is no receipt.

Source: third-party tools that read it.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from autograder.errors import IntakeError
from autograder.intake.archive import Archive, Member, Refused
from autograder.intake.layout import (
    HandedIn,
    Source,
    Split,
    Whose,
    below_wrapper,
    grouped,
    mostly,
    parts_of,
    paths_of,
)
from autograder.intake.roster import Roster, RosterKind

ATTEMPT = r"_[^\W\d_]+_"
"""``_attempt_``, in the course's language: ``_Tentative_``, ``_Versuch_``."""
ATTEMPT_AT = rf"{ATTEMPT}(?=\d{{4}}(?:-\d\d){{5}})"
STEM = rf".+{ATTEMPT}(?P<time>\d{{4}}(?:-\d\d){{5}})"
RECEIPT = re.compile(rf"(?P<stem>{STEM})\.txt")
ENTRY = re.compile(rf"{STEM}(?:\.txt|_.+)")
NAME = re.compile(r"[^:(]{1,40}:(?P<name>.*?)\((?P<username>[^()]+)\)\s*")
LABELLED = re.compile(r"[^:]{1,60}:\s*(?P<value>.+)")
TOP_DEPTH = 2
MOST_BYTES = 2**20
"""A receipt has a kilobyte or two, and what a student hands in may be named as one."""
LONGEST_LINE = 500
"""Characters of a line that are looked at: a longer one is no line of Blackboard's."""
LINES_OF_A_HEAD = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Receipt:
    """What a receipt says.

    path : its own; stem : what the names of its files begin with
    time : as it stands in the stem; zone_name : what the receipt says behind it
    files : the names that the student gave, by the names in the download
    """

    path: str
    stem: str
    name: str
    username: str
    submitted_at: datetime | None
    time: str
    zone_name: str
    files: dict[str, str]


def recognises(archive: Archive, roster: Roster) -> bool:
    """Tell whether most names at the top have Blackboard's form."""
    del roster
    return mostly(archive, _is_entry)


def split(archive: Archive, roster: Roster, file_name: str) -> Split:
    """Return one hand-in a receipt.

    Raises IntakeError where there is no receipt
    """
    del file_name
    below = below_wrapper(archive, _is_entry)
    alone = [m for m in archive.members if len(below(m.path)) == 1]
    receipts = _receipts(alone)
    if not receipts:
        raise IntakeError(
            archive.place,
            "has no receipt (…_attempt_….txt, “Name: Zoë Doe (zdoe)” in its first "
            "line), and nothing else says whose files they are",
            "download the assignment's files from Blackboard again, receipts and all; "
            "if their language is not known here, set the course's to English",
        )
    by_path = {receipt.path: receipt for receipt in receipts.values()}

    def owner(path: str) -> str:
        top = below(path)[0]
        if path in by_path:
            return by_path[path].stem
        return next((stem for stem in _stems(top) if stem in receipts), "")

    members, refused = grouped(archive, owner)
    return Split(
        handed_in=tuple(
            _handed_in(
                receipt,
                roster,
                tuple(m for m in members[stem] if m.path not in by_path),
                tuple(refused[stem]),
                {path: below(path) for path in paths_of(members[stem], refused[stem])},
            )
            for stem, receipt in sorted(receipts.items())
        ),
        lms_files=frozenset(by_path),
    )


def _receipts(members: list[Member]) -> dict[str, _Receipt]:
    """Return the receipts by stem, without what students handed in as one."""
    found = {r.stem: r for m in members for r in _read(m)}
    return {
        stem: receipt
        for stem, receipt in found.items()
        if not any(other in found for other in _stems(stem))
    }


def _stems(name: str) -> Iterator[str]:
    """Yield every beginning of a name that may be a receipt's stem, shortest first."""
    for end in re.finditer(rf"{ATTEMPT}\d{{4}}(?:-\d\d){{5}}(?=_)", name):
        yield name[: end.end()]


def _read(member: Member) -> Iterator[_Receipt]:
    match = RECEIPT.fullmatch(parts_of(member.path)[-1])
    if match is None or member.data is None or len(member.data) > MOST_BYTES:
        return
    lines = [line[:LONGEST_LINE] for line in _text(member.data).splitlines()]
    name = NAME.fullmatch(lines[0]) if lines else None
    if name is None:
        return
    yield _Receipt(
        path=member.path,
        stem=match["stem"],
        name=name["name"].strip(),
        username=name["username"].strip(),
        submitted_at=_time(match["time"]),
        time=match["time"],
        zone_name=_zone_name(lines),
        files=_files(lines),
    )


def _text(data: bytes) -> str:
    """Return a receipt's text: UTF-8, else as Windows wrote it.

    A name that is read wrongly agrees with nobody's on the class list, and is told.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _files(lines: list[str]) -> dict[str, str]:
    """Return the files that the end of a receipt lists, below a heading of their own.

    Two lines a file: what it was called, and what it is called in the download, which
    has a form of its own. So the language of the words before them is no matter.
    """
    told = [line.strip() for line in lines if line.strip()]
    files: dict[str, str] = {}
    while len(told) > 1:
        renamed, original = LABELLED.fullmatch(told[-1]), LABELLED.fullmatch(told[-2])
        if not (renamed and original and ENTRY.fullmatch(renamed["value"])):
            break
        files[renamed["value"]] = original["value"]
        del told[-2:]
    return files if told and told[-1].endswith(":") else {}


def _zone_name(lines: list[str]) -> str:
    """Return the zone of the time that the head of a receipt gives, such as EDT.

    Only the lines before the first empty one are Blackboard's own
    """
    head = itertools.takewhile(str.strip, lines[1:LINES_OF_A_HEAD])
    return next(filter(None, map(zone_name_in, head)), "")


def zone_name_in(text: str) -> str:
    """Return the name of a zone at the end of a time, "" where there is none.

    >>> zone_name_in("Wednesday, April 22, 2020 10:43:23 AM EDT")
    'EDT'
    >>> zone_name_in("Wednesday, April 22, 2020 10:43:23 AM")
    ''
    """
    match = re.search(r"\d:\d\d\b.*\s([A-Z]{2,5})\s*$", text)
    return match[1] if match and match[1] not in {"AM", "PM"} else ""


def _time(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d-%H-%M-%S")  # noqa: DTZ007 the LMS's local time
    except ValueError:
        return None


def _handed_in(
    receipt: _Receipt,
    roster: Roster,
    members: tuple[Member, ...],
    refused: tuple[Refused, ...],
    parts: dict[str, tuple[str, ...]],
) -> HandedIn:
    tops = {top for top, *_ in parts.values()}
    missing = tuple(
        Refused(path=original, reason="is in the receipt, but not in the download")
        for name, original in receipt.files.items()
        if name not in tops
    )
    return HandedIn(
        lms_id=receipt.username,
        place=receipt.stem,
        whose=Whose(
            identifier=receipt.username,
            # Other lists may have the username for somebody else.
            of_the_list=roster.kind is RosterKind.BLACKBOARD,
            name=receipt.name,
        ),
        submitted_at=receipt.submitted_at,
        time_doubt=""
        if receipt.submitted_at
        else f"its time cannot be read: {receipt.time!r}",
        zone_name=receipt.zone_name,
        members=members,
        refused=(*refused, *missing),
        own_paths={
            path: "/".join((_own_name(receipt, top), *rest))
            for path, (top, *rest) in parts.items()
        },
    )


def _own_name(receipt: _Receipt, name: str) -> str:
    return receipt.files.get(name) or name.removeprefix(f"{receipt.stem}_")


def _is_entry(name: str) -> bool:
    return bool(ENTRY.fullmatch(name))


def _lists(path: str) -> bool:
    parts = parts_of(path)
    return len(parts) <= TOP_DEPTH and bool(RECEIPT.fullmatch(parts[-1]))


def student_of(name: str) -> str:
    """Return what stands before the time of an attempt: assignment and username."""
    return re.split(ATTEMPT_AT, name)[0] if _is_entry(name) else ""


SOURCE = Source(
    name="blackboard",
    looks_like="HW1_aexample_attempt_2026-04-22-10-43-23.txt and "
    "HW1_aexample_attempt_2026-04-22-10-43-23_a1_conv1d.py",
    recognises=recognises,
    is_entry=_is_entry,
    split=split,
    student_of=student_of,
    lists=_lists,
)
