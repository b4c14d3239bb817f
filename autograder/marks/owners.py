"""Whose a graded submission is on a class list, which may be another than at grading.

A class may be graded with one list and exported with another: Brightspace's
OrgDefinedId is Canvas's SIS id. But 101 may be Ada on the one and Zoë on the other, so
an id counts beside a witness only (see `intake.witnesses`).
"""

from dataclasses import dataclass

from autograder.intake.roster import Roster, Student
from autograder.intake.spoiled_ids import zeros_lost
from autograder.intake.witnesses import (
    Person,
    Verdict,
    compared,
    is_bare_number,
    same_name,
)
from autograder.records.submission import Submission

ASK = (
    "grade again with this class list, which runs nothing twice, or give the list that "
    "was graded with"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owners:
    """Whose a submission is.

    owner : None where that is not certain
    candidates : who else may be meant
    because : what speaks against them, "" where only nothing speaks for them
    anothers : whether the number is somebody else's on this list
    """

    owner: Student | None = None
    candidates: tuple[Student, ...] = ()
    because: str = ""
    anothers: bool = False


def owners_of(submission: Submission, roster: Roster) -> Owners:
    """Return the one student whose a submission is, or who it could be of.

    The name decides between two who have the number; a number whose owner has another
    name is nobody's.
    """
    person = _person(submission)
    namesakes = roster.named(person.name)
    identifier = submission.roster_id or ""
    found = roster.by_identifier.get(identifier, ())
    if not identifier:
        return Owners(candidates=namesakes or roster.like(person))
    if len(found) > 1:
        same = tuple(s for s in found if same_name(s.name, person.name))
        if len(same) != 1:
            return Owners(candidates=found, because=_two_of(identifier))
        found = same
    if not found:
        cut = roster.but_for_zeros(identifier)
        because = zeros_lost(identifier, cut[0].id) if cut else ""
        likely = cut or namesakes or roster.like(person)
        if likely and not cut:
            because = f"{identifier!r} is no id of this class list: {ASK}"
        return Owners(candidates=likely, because=because)
    (student,) = found
    against = _against(submission, person, student, namesakes, roster)
    if against:
        everybody = tuple(dict.fromkeys((student, *namesakes)))
        return Owners(candidates=everybody, because=f"{against}; {ASK}", anothers=True)
    return Owners(owner=student)


def _against(
    submission: Submission,
    person: Person,
    student: Student,
    namesakes: tuple[Student, ...],
    roster: Roster,
) -> str:
    """Say what speaks against the student who has the number, "" where nothing."""
    listed = submission.listed_as
    if listed is not None and listed.list_hash == roster.hash:
        return ""
    identifier = submission.roster_id or ""
    verdict, words = compared(person, student.person)
    if listed is None and not namesakes and not is_bare_number(identifier):
        # An older ledger has one witness, the download's name; this is no number.
        return ""
    if words:
        return f"{identifier!r} is somebody else's there: {words}"
    if (
        namesakes
        and student not in namesakes
        and not _agrees_beside_the_name(person, student)
    ):
        return f"{identifier!r} is one student's number and another one's name"
    if verdict is Verdict.SILENT and is_bare_number(identifier):
        return (
            f"nothing but the number {identifier!r} says so: no name, username or "
            "e-mail address is on both lists"
        )
    return ""


def _agrees_beside_the_name(person: Person, student: Student) -> bool:
    told = student.person
    verdict, _ = compared(
        Person(username=person.username, email=person.email),
        Person(username=told.username, email=told.email),
    )
    return verdict is Verdict.AGREES


def _person(submission: Submission) -> Person:
    """Return what is known of a submission's student.

    An older ledger has the name alone, as the download had it.
    """
    listed = submission.listed_as
    if listed is not None:
        return Person(name=listed.name, username=listed.username, email=listed.email)
    name = submission.student_name
    return Person(name="" if name == submission.roster_id else name)


def _two_of(identifier: str) -> str:
    return f"{identifier!r} is an id of each of them"
