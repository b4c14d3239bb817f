"""Who of the roster handed in what; where two could be meant, nobody guesses."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.intake.problem import ProblemKind
from autograder.intake.source import HandedIn
from autograder.roster import Roster, Student, folded_name

SAFE_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_SLUG = 48


@dataclass(frozen=True, slots=True)
class Matched:
    """A hand-in and the student it belongs to, or why there is none.

    identity : what all attempts of one student share; safe as a file name
    """

    handed_in: HandedIn
    student: Student | None
    why_not: ProblemKind | None
    identity: str

    @property
    def roster_id(self) -> str | None:
        """The student's id, or None where nobody matched."""
        return self.student.id if self.student else None

    @property
    def name(self) -> str:
        """The name as the LMS wrote it; the roster's where it wrote none."""
        if self.student and self.handed_in.identifier:
            return self.student.name
        return self.handed_in.student_name


def match(handed_in: Sequence[HandedIn], roster: Roster) -> Iterator[Matched]:
    """Find every hand-in's student, by identifier where it has one, else by name.

    Two users of the LMS who have one name are not one student, even where the roster
    has only one of that name.
    """
    found = [(item, _students(item, roster)) for item in handed_in]
    users: defaultdict[tuple[Student, ...], set[str]] = defaultdict(set)
    for item, students in found:
        users[students].add(_user(item))
    for item, students in found:
        if not students:
            yield _unmatched(item, ProblemKind.NOT_ON_ROSTER)
        elif len(students) > 1 or (not item.identifier and len(users[students]) > 1):
            yield _unmatched(item, ProblemKind.SAME_NAME)
        else:
            yield Matched(item, students[0], None, slug(students[0].id))


def slug(identifier: str) -> str:
    """Return an id as it is where that is a safe and unique file name, else a hash."""
    if SAFE_ID.fullmatch(identifier) and len(identifier) <= LONGEST_SLUG:
        return identifier
    return f"id-{_digest(identifier)}"


def _students(item: HandedIn, roster: Roster) -> tuple[Student, ...]:
    if item.identifier:
        return roster.identified(item.identifier)
    return roster.named(item.student_name)


def _unmatched(item: HandedIn, why: ProblemKind) -> Matched:
    identity = _digest(f"{_user(item)}\0{_name(item)}")
    return Matched(item, None, why, f"unmatched-{identity}")


def _name(item: HandedIn) -> str:
    return folded_name(item.student_name)


def _user(item: HandedIn) -> str:
    """Return the LMS's number of the student, without that of the dropbox."""
    return item.lms_id.partition("-")[0]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
