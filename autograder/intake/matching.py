"""Who of the roster handed in what; where two could be meant, nobody guesses."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from autograder.intake.issue import IssueKind
from autograder.intake.layout import HandedIn
from autograder.intake.roster import Roster, Spellings, Student, folded_name
from autograder.intake.spoiled_ids import zeros_lost
from autograder.intake.witnesses import Verdict, compared, is_bare_number

SAFE_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_SLUG = 48
Find = Callable[[Roster, str], tuple[Student, ...]]
NUMBERS: tuple[tuple[str, Find], ...] = (
    ("identifier", Roster.identified),
    ("participant", Roster.with_participant),
    ("github", Roster.with_github),
)
KEYS: tuple[tuple[str, Find], ...] = (*NUMBERS, ("email", Roster.with_email))
"""The fields of a hand-in that name a student, surest first; then comes the name."""


@dataclass(frozen=True, slots=True)
class Matched:
    """A hand-in and the student it belongs to, or why there is none.

    identity : what all attempts of one student share; safe as a file name
    candidates : the students who may be meant, where it is not certain
    because : what speaks against them, in words, where that is known
    """

    handed_in: HandedIn
    student: Student | None
    why_not: IssueKind | None
    identity: str
    candidates: tuple[Student, ...] = ()
    because: str = ""

    @property
    def roster_id(self) -> str | None:
        """The student's id, or None where nobody matched."""
        return self.student.id if self.student else None

    @property
    def name(self) -> str:
        """The roster's name; as the LMS wrote it where nobody matched."""
        return self.student.name if self.student else _name(self.handed_in)

    @property
    def origin(self) -> str:
        """Who handed it in for the LMS, the same in every download of its."""
        whose = self.handed_in.whose
        known = (_user(self.handed_in), whose.identifier, whose.email, whose.github)
        user = next((key for key in known if key), "")
        return _digest(f"{user}\0{folded_name(_name(self.handed_in))}")


def match(
    handed_in: Sequence[HandedIn], roster: Roster, spellings: Spellings | None
) -> Iterator[Matched]:
    """Find every hand-in's student; one of a group is yielded for every member.

    Two users of the LMS who have one name are not one student, even where the roster
    has only one of that name. Nor does a name count against an id: where the download
    and the roster share ids, whoever has another one is somebody else. Nor does an id
    alone: see `witnesses`.

    spellings : how a name may be written in the download
    """
    shared = {
        field
        for field, find in NUMBERS
        if any(find(roster, getattr(item.whose, field)) for item in handed_in)
    }
    found = [(item, _found(item, roster, spellings, shared)) for item in handed_in]
    users: defaultdict[tuple[Student, ...], set[str]] = defaultdict(set)
    for item, (students, _, _) in found:
        users[students].add(_user(item))
    for item, (students, why_not, because) in found:
        by_name = why_not is IssueKind.SAME_NAME
        if item.whose.group and students:
            for student in students:
                yield Matched(item, student, None, slug(student.id))
        elif not students:
            yield _unmatched(item, IssueKind.NOT_ON_ROSTER)
        elif by_name and (len(students) > 1 or len(users[students]) > 1):
            yield _unmatched(item, IssueKind.SAME_NAME)
        elif why_not and not by_name:
            yield _unmatched(item, why_not, students, because)
        else:
            yield Matched(item, students[0], None, slug(students[0].id))


def slug(identifier: str) -> str:
    """Return an id as it is where that is a safe and unique file name, else a hash."""
    if SAFE_ID.fullmatch(identifier) and len(identifier) <= LONGEST_SLUG:
        return identifier
    return f"id-{_digest(identifier)}"


_Found = tuple[tuple[Student, ...], IssueKind | None, str]


def _found(
    item: HandedIn, roster: Roster, spellings: Spellings | None, shared: set[str]
) -> _Found:
    """Return who may be meant, what to call it where that is not certain, and why."""
    whose = item.whose
    if whose.group:
        return roster.in_group(whose.group, spellings), None, ""
    named = roster.named(whose.name, spellings)
    keyed = [find(roster, getattr(whose, field)) for field, find in KEYS]
    keyed = [students for students in keyed if students]
    if not keyed:
        cut = roster.but_for_zeros(whose.identifier)
        if cut:
            because = zeros_lost(whose.identifier, cut[0].id)
            return cut, IssueKind.WHICH_STUDENT, because
        unknown = any(getattr(whose, field) for field in shared)
        kind = IssueKind.WHICH_STUDENT if unknown else IssueKind.SAME_NAME
        return named, kind, ""
    students, *others = (*keyed, named)
    agreed = tuple(s for s in students if s in named) or students
    everybody = tuple(dict.fromkeys(s for group in (*keyed, named) for s in group))
    if len(agreed) > 1 or any(o and not set(agreed) & set(o) for o in others):
        return everybody, IssueKind.WHICH_STUDENT, ""
    against = _against(item, agreed[0])
    return agreed, IssueKind.WHICH_STUDENT if against else None, against


def _against(item: HandedIn, student: Student) -> str:
    """Say what speaks against a student who was found by an id, "" where nothing."""
    whose = item.whose
    if whose.of_the_list or not (whose.name or whose.email):
        return ""
    verdict, words = compared(whose.person, student.person)
    number = whose.identifier and is_bare_number(whose.identifier)
    if verdict is Verdict.SILENT and number:
        return "the class list has nothing but a number of them: give it names"
    return words


def _unmatched(
    item: HandedIn,
    why: IssueKind,
    candidates: tuple[Student, ...] = (),
    because: str = "",
) -> Matched:
    identity = _digest(f"{_user(item)}\0{folded_name(_name(item))}")
    return Matched(item, None, why, f"unmatched-{identity}", candidates, because)


def _name(item: HandedIn) -> str:
    return item.whose.label or item.place


def _user(item: HandedIn) -> str:
    return item.user or item.lms_id


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
