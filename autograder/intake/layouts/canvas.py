"""Canvas's "Download Submissions": a flat zip of the last hand-in of each student.

    doezoë_LATE_4242_987654_a1_conv1d.py     name, user id, attachment id, file
    doezoë_4242_text.html, …_link.html       what was typed in
    anon_x7Kq2_987654_a1_conv1d.py           anonymous grading

The name is the sortable one, in lower case and without anything but letters, digits
and ``_``; for a group it is the group's, with the user id of one member. A file whose
name the student had uploaded before gets ``-1``, ``-2`` … before its suffix.

It has no times, and marks what came after Canvas's own deadline.

Source: lib/content_zipper.rb, Attachment.make_unique_filename.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from autograder.errors import IntakeError
from autograder.intake.archive import Archive
from autograder.intake.issue import Issue, IssueKind
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
from autograder.intake.notebooks import as_notebook
from autograder.intake.roster import Roster, RosterKind, folded_name
from autograder.records.submission import IN_TIME, LATE

ENTRY = re.compile(
    r"(?P<name>[^\s.]*?)_(?P<late>LATE_)?(?P<user>\d+)_"
    r"(?:(?P<attachment>\d+)_(?P<file>.+)|(?P<typed>(?:text|link)\.html))"
)
ANONYMOUS = re.compile(r"(?:LATE_)?anon_[A-Za-z0-9]+_(?:\d+_.+|(?:text|link)\.html)")
MARKED_LATE = "Canvas marks it as late"
COUNT = r"-(\d+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})"
"""What Canvas puts behind a name that the student has used before."""


def recognises(archive: Archive, roster: Roster) -> bool:
    """Tell whether most names at the top have Canvas's form."""
    del roster
    return mostly(archive, _is_entry)


def split(archive: Archive, roster: Roster, file_name: str) -> Split:
    """Return one hand-in a user.

    Raises IntakeError for anonymous grading
    """
    below = below_wrapper(archive, _is_entry)
    entries: dict[str, re.Match[str]] = {}
    whose: dict[str, re.Match[str]] = {}

    def owner(path: str) -> str:
        match = ENTRY.fullmatch(below(path)[0])
        if match is None:
            return ""
        # A folder has an owner too, as an empty zip of a student's is one.
        entries[path] = whose[match["user"]] = match
        return match["user"]

    members, refused = grouped(archive, owner)
    tops = {below(member.path)[0] for member in archive.members}
    anonymous = [t for t in tops if ANONYMOUS.fullmatch(t) and not ENTRY.fullmatch(t)]
    if len(anonymous) > len(members):
        raise IntakeError(
            archive.place,
            "is anonymous, nothing in it says whose files they are",
            "turn Anonymous Grading off for the assignment and download again",
        )
    handed_in = []
    for user in sorted(members.keys() | refused.keys()):
        paths = paths_of(members[user], refused[user])
        uploads = [_Upload(entries[path], path, below(path)) for path in paths]
        handed_in.append(
            HandedIn(
                lms_id=user,
                place=f"{whose[user]['name']}_{user}",
                members=tuple(members[user]),
                refused=tuple(refused[user]),
                own_paths=_own_paths(uploads, file_name),
                remarks=_remarks(uploads, file_name),
                whose=_whose(whose[user], roster),
                time_doubt=MARKED_LATE if _is_late(uploads) else "",
                lms_says=LATE if _is_late(uploads) else IN_TIME,
                taken_back=_taken_back(uploads),
            )
        )
    return Split(handed_in=tuple(handed_in), issues=tuple(_doubts(handed_in, roster)))


def spellings(name: str) -> frozenset[str]:
    """Return a name as Canvas squeezes it, whatever of it is the last name.

    >>> sorted(spellings("Zoë Doe"))
    ['doezoë', 'zoëdoe']
    """
    words = name.split()
    turned = (" ".join(words[at:] + words[:at]) for at in range(max(1, len(words))))
    return frozenset(map(_squeezed, turned))


@dataclass(frozen=True, slots=True)
class _Upload:
    entry: re.Match[str]
    path: str
    parts: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.entry["file"] or self.entry["typed"]

    def named(self, file_name: str) -> str:
        """Return the name asked for, or a notebook's, that it has but for a count."""
        for name in (file_name, as_notebook(file_name)):
            asked = PurePosixPath(name)
            counted = re.escape(asked.stem) + COUNT + re.escape(asked.suffix)
            if self.name == name or re.fullmatch(counted, self.name):
                return name
        return ""


def _taken_back(uploads: Sequence[_Upload]) -> str:
    """Return what begins a file that Canvas attaches to a comment on the submission.

    It asks for the number of a file that the student handed in; a text typed into a box
    and a link have none.
    """
    for upload in uploads:
        if upload.entry["file"]:
            return upload.parts[0].removesuffix(upload.entry["file"])
    return ""


def _own_paths(uploads: Sequence[_Upload], file_name: str) -> dict[str, str]:
    """Take Canvas's count off the file asked for.

    Where it is there twice, a folder each keeps the two apart: nobody knows which
    counts.
    """
    several = sum(bool(u.named(file_name)) for u in uploads) > 1
    own = {}
    for upload in uploads:
        parts = [upload.name, *upload.parts[1:]]
        if name := upload.named(file_name):
            parts[0] = name
            if several:
                parts.insert(0, f"attachment {upload.entry['attachment']}")
        own[upload.path] = "/".join(parts)
    return own


def _remarks(uploads: Sequence[_Upload], file_name: str) -> tuple[str, ...]:
    counted = (
        f"Canvas has it as {u.name}: a file of the name had been uploaded before"
        for u in uploads
        if u.named(file_name) not in {"", u.name}
    )
    late = (MARKED_LATE,) if _is_late(uploads) else ()
    return (*late, *counted)


def _is_late(uploads: Sequence[_Upload]) -> bool:
    return any(u.entry["late"] for u in uploads)


def _whose(entry: re.Match[str], roster: Roster) -> Whose:
    """Return whose a hand-in is.

    Only Canvas's own export has Canvas's ids: in other lists a number is another one.
    """
    name, user = entry["name"], entry["user"]
    if not roster.named(name, spellings) and roster.in_group(name, spellings):
        return Whose(group=name, shared_by=f"{name}_{user}")
    known = roster.kind is RosterKind.CANVAS
    return Whose(name=name, identifier=user if known else "", of_the_list=known)


def _doubts(handed_in: Sequence[HandedIn], roster: Roster) -> Iterator[Issue]:
    """Yield whoever handed in under a name that is nobody's: a group's, perhaps."""
    for item in handed_in:
        found = roster.identified(item.whose.identifier)
        if len(found) == 1 and not roster.named(item.whose.name, spellings):
            yield Issue(
                kind=IssueKind.WHICH_STUDENT,
                who=found[0].name,
                place=item.place,
                text=f"handed in as {item.whose.name!r}: where that is a group, only "
                f"{found[0].name} has the mark; give the others' rows theirs, or use a "
                "class list with a column 'group'",
                roster_id=found[0].id,
                graded=True,
            )


def _squeezed(name: str) -> str:
    """Return what Canvas makes of a sortable name, folded."""
    plain = re.sub(r"_(\d+)_", r"\1", name)
    kept = (c for c in plain if unicodedata.category(c)[0] in "LM" or _is_word(c))
    return folded_name("".join(kept))


def _is_word(character: str) -> bool:
    return unicodedata.category(character) in {"Nd", "Pc"}


def _is_entry(name: str) -> bool:
    return bool(ENTRY.fullmatch(name) or ANONYMOUS.fullmatch(name))


def student_of(name: str) -> str:
    """Return Canvas's number of a user."""
    match = ENTRY.fullmatch(name)
    return match["user"] if match else ""


SOURCE = Source(
    name="canvas",
    looks_like="exampleada_4242_987654_a1_conv1d.py",
    recognises=recognises,
    is_entry=_is_entry,
    split=split,
    student_of=student_of,
    spellings=spellings,
)
