"""Gradescope's "Export Submissions": a folder a submission, and a list of whose it is.

    assignment_7_export/submission_metadata.yml
    assignment_7_export/submission_409194023/a1_conv1d.py

    submission_409194023:
      :submitters:
      - :name: Zoë Doe
        :sid: '0012345'
        :email: z@example.edu
      :created_at: 2026-04-26 17:34:00.861687000 Z

The keys are Ruby's symbols. Everything is read as text: YAML would make another number
of an id with leading zeros. Several submitters are a group, and each gets the result.
Times name their zone, which is UTC.

Source: third-party tools that read it.
"""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import cast

import msgspec
import yaml

from autograder.errors import IntakeError
from autograder.intake.archive import Archive, Member, Refused
from autograder.intake.layout import (
    HandedIn,
    Source,
    Split,
    Whose,
    below_wrapper,
    grouped,
    parts_of,
    paths_of,
)
from autograder.intake.roster import Roster

LIST = "submission_metadata.yml"
FOLDER = re.compile(r"assignment_\d+_export[^/]*")
DEEPEST = 50
"""No list of theirs is nested deeper, and libyaml dies of 100,000 open brackets, or,
from PyYAML 6.0.4 on, refuses 1,000."""
REMEDY = "is it Gradescope's own list? export the submissions again, whole"
LOADER = cast(
    "Callable[[str], yaml.BaseLoader]", getattr(yaml, "CBaseLoader", yaml.BaseLoader)
)
TOP_DEPTH = 2
NOTHING = {"~", "null"}


class _Submitter(msgspec.Struct, frozen=True):
    name: str = msgspec.field(default="", name=":name")
    sid: str = msgspec.field(default="", name=":sid")
    email: str = msgspec.field(default="", name=":email")


class _Entry(msgspec.Struct, frozen=True):
    submitters: tuple[_Submitter, ...] | str = msgspec.field(
        default=(), name=":submitters"
    )
    created_at: str = msgspec.field(default="", name=":created_at")


def recognises(archive: Archive, roster: Roster) -> bool:
    """Tell whether Gradescope's list is at the top, readable or not.

    A folder around it has to have Gradescope's name: in another layout's download of
    one student, the only folder is the student's.
    """
    del roster
    paths = paths_of(archive.members, archive.refused)
    return any(
        name == LIST and (not folders or FOLDER.fullmatch("/".join(folders)))
        for *folders, name in filter(None, map(parts_of, paths))
    )


def split(archive: Archive, roster: Roster, file_name: str) -> Split:
    """Return one hand-in a submitter.

    Raises IntakeError where the list is missing or cannot be read
    """
    del roster
    found = _list(archive)
    if found is None:
        reasons = [
            f" ({r})" for r in archive.refused if parts_of(r.path)[-1:] == (LIST,)
        ]
        raise IntakeError(
            archive.place,
            f"has no {LIST} that could be read{''.join(reasons)}",
            REMEDY,
        )
    entries = _entries(f"{archive.place}: {LIST}", found.data or b"")
    below = below_wrapper(archive, lambda name: name in entries)

    def owner(path: str) -> str:
        top, *rest = below(path)
        return top if rest else ""

    members, refused = grouped(archive, owner)
    handed_in: list[HandedIn] = []
    for key in sorted(entries.keys() | members.keys() | refused.keys()):
        entry = entries.get(key, _Entry())
        nothing = key not in members.keys() | refused.keys()
        missing = Refused(
            path=f"{key}/{file_name}",
            reason=f"{LIST} names its folder, {key}, which is not in the download: "
            "export the submissions again, whole",
        )
        handed_in += _handed_in(
            key,
            entry,
            tuple(members[key]),
            (missing,) if nothing else tuple(refused[key]),
        )
    return Split(handed_in=tuple(handed_in), lms_files=frozenset({found.path}))


def submitted_at(text: str) -> datetime | None:
    """Return a time, in the zone that it names; None where it is none.

    >>> submitted_at("2026-04-26 17:34:00 UTC")
    datetime.datetime(2026, 4, 26, 17, 34, tzinfo=datetime.timezone.utc)
    """
    plain = re.sub(r"\s*UTC$", "Z", text)
    try:
        return datetime.fromisoformat(re.sub(r"\s+(?=Z$|[+-]\d)", "", plain))
    except ValueError:
        return None


def _list(archive: Archive) -> Member | None:
    """Return Gradescope's list: a student may have a file of that name deeper down."""
    below = below_wrapper(archive, lambda _: False)
    return next(
        (
            member
            for member in archive.members
            if below(member.path) == (LIST,) and member.data is not None
        ),
        None,
    )


def _entries(place: str, data: bytes) -> dict[str, _Entry]:
    try:
        text = data.decode("utf-8-sig")
        _refuse_deep(place, text)
        read = LOADER(text).get_single_data()
        return msgspec.convert(read or {}, dict[str, _Entry])
    except UnicodeDecodeError as error:
        raise IntakeError(place, "is not UTF-8", REMEDY) from error
    except (yaml.YAMLError, msgspec.ValidationError) as error:
        raise IntakeError(
            place, f"cannot be read: {_problem(error)}", REMEDY
        ) from error


def _problem(error: Exception) -> str:
    """Say in a line what is wrong and, where the parser tells, in which line of it."""
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return " ".join(str(error).split())
    mark = error.problem_mark
    return f"line {mark.line + 1}, column {mark.column + 1}: {error.problem}"


def _refuse_deep(place: str, text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise IntakeError(place, f"is nested more than {DEEPEST} deep", REMEDY)


def _handed_in(
    key: str, entry: _Entry, members: tuple[Member, ...], refused: tuple[Refused, ...]
) -> Iterator[HandedIn]:
    time = submitted_at(entry.created_at)
    submitters = entry.submitters if isinstance(entry.submitters, tuple) else ()
    for submitter in submitters or (_Submitter(),):
        yield HandedIn(
            lms_id=key,
            place=key,
            whose=Whose(
                identifier=_value(submitter.sid),
                email=_value(submitter.email),
                name=_value(submitter.name),
                shared_by=key if len(submitters) > 1 else "",
            ),
            submitted_at=time,
            time_doubt="" if time else _no_time(entry.created_at),
            members=members,
            refused=refused,
        )


def _no_time(text: str) -> str:
    return f"its time cannot be read: {text!r}" if text else f"{LIST} has no time of it"


def _value(text: str) -> str:
    return "" if text.strip() in NOTHING else text.strip()


def _lists(path: str) -> bool:
    parts = parts_of(path)
    return len(parts) <= TOP_DEPTH and parts[-1:] == (LIST,)


SOURCE = Source(
    name="gradescope",
    looks_like="assignment_7_export/submission_metadata.yml and "
    "assignment_7_export/submission_409194023/a1_conv1d.py",
    recognises=recognises,
    split=split,
    lists=_lists,
)
