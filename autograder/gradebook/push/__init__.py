"""Send marks to an LMS over the network: ``canvas`` (REST), ``lti`` (LTI 1.3 AGS).

What both share: who gets what, and what came of each mark. Nothing here reads a secret
from anywhere but the environment (``connection``).
"""

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from autograder.gradebook.csv_cells import mark
from autograder.gradebook.sheet import comment_on
from autograder.intake.roster import Student
from autograder.marks.class_marks import Entries, label, unmatched_in_words


class State(enum.Enum):
    """What came of one mark."""

    PLANNED = "would be sent"
    UNCHANGED = "is there already"
    ARRIVED = "arrived"
    NOT_SENT = "not sent"
    LEFT_ALONE = "left alone"


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One student's mark on its way.

    user_id : the LMS's id of the student
    comment : a line to the student, "" where none was asked for
    was : the mark in the LMS before, or None where there was none or it is not known
    why : why it did not arrive or was left alone, else ""
    """

    student_name: str
    roster_id: str
    user_id: str
    points: float
    state: State
    comment: str = ""
    was: float | None = None
    why: str = ""


class PushDocument(
    msgspec.Struct, frozen=True, kw_only=True, tag="push", tag_field="command"
):
    """``autograder push --json``.

    to : where the marks go, in words
    really : false in a dry run, which changes nothing in the LMS
    deliveries : one a mark; without_mark : students that nothing is sent for, and why
    notes : what else a person should know
    """

    lms: str
    to: str
    really: bool
    deliveries: tuple[Delivery, ...]
    without_mark: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def not_sent(self) -> int:
        """How many marks did not arrive."""
        return sum(d.state is State.NOT_SENT for d in self.deliveries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait for an LMS.

    seconds_per_answer : for one answer
    tries : further tries after "too many requests" or "not available", each after
        twice the pause of the one before
    seconds_of_pause : the first of these pauses, and between looks at a Progress
    seconds_of_work : for all that the LMS does after an answer
    """

    seconds_per_answer: float = 60.0
    tries: int = 4
    seconds_of_pause: float = 2.0
    seconds_of_work: float = 600.0


def marks_to_send(
    entries: Entries, user_id_of: Callable[[Student], str], *, with_comments: bool
) -> list[Delivery]:
    """Return a planned delivery for every student with a mark.

    An entry's score is in the LMS's points; see `sheet.scaled_entries`
    """
    return [
        Delivery(
            student_name=entry.student.name,
            roster_id=entry.student.id,
            user_id=user_id_of(entry.student),
            points=float(mark(entry.score)),
            state=State.PLANNED,
            comment=comment_on(entry) if with_comments else "",
        )
        for entry in entries.students
        if entry.score is not None
    ]


def without_mark(entries: Entries) -> tuple[str, ...]:
    """Return who gets nothing sent, and why: a blank is no 0."""
    return (
        *(f"not graded: {label(e.student)}: {e.fault}" for e in entries.faults),
        *(f"time not known: {label(e.student)}: {e.fault}" for e in entries.doubtful),
        *(f"excused: {label(e.student)}" for e in entries.excused),
        *(f"nothing handed in: {label(e.student)}" for e in entries.missing),
        *(f"not on the roster: {unmatched_in_words(u)}" for u in entries.unmatched),
    )


def changed(
    deliveries: Sequence[Delivery], state: State, why: str = ""
) -> list[Delivery]:
    """Return the deliveries with another state."""
    return [msgspec.structs.replace(d, state=state, why=why) for d in deliveries]
