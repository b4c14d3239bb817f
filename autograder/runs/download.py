"""A class's download, read once for whichever run needs it."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import msgspec

from autograder.course import folders
from autograder.course.assignment import Assignment
from autograder.errors import StaffError
from autograder.intake import Intake, NotebookReader, read_submissions
from autograder.intake.choice import THERE
from autograder.intake.hand_in_times import Times
from autograder.intake.layouts import folder
from autograder.intake.roster import Roster, RosterKind
from autograder.intake.time_list import TIMES, TimeList, read_time_list, squeezed
from autograder.marks.rules import Standing
from autograder.records.hand_ins import HandIn, hand_in
from autograder.records.submission import Submission
from autograder.source_text import text_of

FEWEST_OF_A_CLASS = 2
"""Fewer hand-ins than that are no class, whose download could be a wrong one."""
LISTED_NAMES = 3


def read_download(
    path: Path,
    assignment: Assignment,
    standing: Standing,
    *,
    source: str | None = None,
    times: Path | None = None,
    anyway: bool = False,
) -> Intake:
    """Read a download, its times in the zone that was told, else in the policy's.

    times : a second file with times; a Moodle worksheet that is the class list has them
    anyway : read it although nobody handed in this assignment's file
    Raises StaffError where it is another assignment's
    """
    told = standing.asked.timezone
    intake = read_submissions(
        path,
        file_name=assignment.manifest.file,
        notebooks=NotebookReader.of(assignment),
        roster=standing.roster,
        source=source,
        times=Times(
            zone=told or standing.zone,
            is_told=told is not None,
            listed=_time_list(times, standing.roster),
        ),
    )
    if not anyway:
        _refuse_another(path, assignment, standing.course, intake)
    return intake


def with_former_owners(
    intake: Intake, owners: Mapping[str, Submission], roster: Roster
) -> Intake:
    """Return a download with the ids of those who have left the class since.

    They keep their key, so that their results still are theirs, and their inputs.

    owners : as whose the ledger has them, by the origin in the LMS
    """
    keys: dict[str, str] = {}

    def named(one: Submission) -> Submission:
        known = owners.get(one.origin) if one.roster_id is None else None
        if known is None or (known.roster_id or "") in roster.by_identifier:
            return one
        keys[one.key] = f"{known.identity}-{one.attempt}"
        return msgspec.structs.replace(
            one,
            key=keys[one.key],
            roster_id=known.roster_id,
            student_name=known.student_name,
            listed_as=known.listed_as,
        )

    submissions = tuple(map(named, intake.submissions))
    held_back = tuple((named(one), why) for one, why in intake.held_back)
    return replace(
        intake,
        submissions=submissions,
        held_back=held_back,
        issues=tuple(
            replace(i, submission_key=keys.get(i.submission_key, i.submission_key))
            for i in intake.issues
        ),
        taken_back={keys.get(k, k): begin for k, begin in intake.taken_back.items()},
    )


def hand_ins_of(
    intake: Intake, inputs_hash_of: Callable[[Submission], str]
) -> Iterator[HandIn]:
    """Yield all that a download has, for the ledger.

    inputs_hash_of : what a submission is to be graded with
    """
    by_hand = intake.source == folder.SOURCE.name
    for submission in intake.submissions:
        wanted = inputs_hash_of(submission)
        yield hand_in(submission, wanted, by_hand=by_hand)
    for submission, why_not in intake.held_back:
        yield hand_in(submission, "", why_not=why_not, by_hand=by_hand)


def _time_list(path: Path | None, roster: Roster) -> TimeList | None:
    if path is not None:
        return read_time_list(path)
    if roster.kind is not RosterKind.MOODLE_WORKSHEET:
        return None
    has_times = any(squeezed(heading) in TIMES for heading in roster.header)
    return read_time_list(roster.place) if has_times else None


def _refuse_another(
    path: Path, assignment: Assignment, course: Path, intake: Intake
) -> None:
    """Raise StaffError where nobody handed in anything of this assignment."""
    count = len(intake.submissions)
    others = {
        msgspec.toml.decode(manifest.read_bytes()).get("file", "")
        for name in folders.names(course)
        if name != assignment.name
        and (manifest := course / "assignments" / name / "manifest.toml").is_file()
    }
    if not count or any(_is_of(assignment, s, others) for s in intake.submissions):
        return
    found = sorted({name for s in intake.submissions for name in _names_in(s)})
    if count < FEWEST_OF_A_CLASS and not others & set(found):
        return
    there = ", ".join(found[:LISTED_NAMES]) or "none"
    raise StaffError(
        path,
        f"no file of this assignment in {count} of {count}: wrong download? "
        f"{assignment.name} is {assignment.manifest.file}; found: {there}",
        "nothing was graded; if they are what you mean, give --anyway",
    )


def _is_of(
    assignment: Assignment, submission: Submission, others: Collection[str]
) -> bool:
    """Tell whether a file has the name, or something of what was asked for in it.

    others : the names of the other assignments' files, which may have the same in them
    """
    source = submission.files.get(assignment.manifest.file)
    if source is None:
        return False
    if not submission.taken_from:
        return True
    if submission.taken_from in others:
        return False
    asked = {f for q in assignment.manifest.question for f in q.functions}
    wanted = "|".join(map(re.escape, sorted(asked)))
    text = text_of(source)
    # Within a line: what crosses empty lines is tried again from each of a million.
    defined = rf"^[ \t]*(?:(?:def|class)[ \t]+)?(?:{wanted})\b"
    return bool(re.search(defined, text, re.MULTILINE))


def _names_in(submission: Submission) -> Iterator[str]:
    """Yield the names of the files that are there in the place of the right one."""
    if submission.taken_from:
        yield submission.taken_from
    for notice in submission.notices:
        _, told, there = notice.partition(THERE)
        if told:
            yield from there.split(", ")
