"""Marks to Canvas's gradebook, by its REST API.

Sources: Canvas's API documentation (Submissions: ``update_grades``; Progress;
Throttling) and its code (``Submission.process_bulk_update``, ``Progress``). Read first,
send only what differs, follow the Progress, read again: what is not there then did not
arrive, whatever was answered.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction

import msgspec
import requests
from canvasapi import exceptions
from canvasapi.assignment import Assignment
from canvasapi.progress import Progress
from canvasapi.requester import Requester

from autograder.errors import StaffError
from autograder.gradebook.csv_cells import mark
from autograder.gradebook.points import factor_between, scaled_note
from autograder.gradebook.push import (
    Delivery,
    Patience,
    PushDocument,
    State,
    changed,
    marks_to_send,
    without_mark,
)
from autograder.gradebook.push.connection import checked_url, make_patient, secret
from autograder.intake.roster import Roster, RosterKind, Student
from autograder.intake.witnesses import Person, Verdict, compared
from autograder.marks.class_marks import Entries
from autograder.marks.numbers import exact

TOKEN = "CANVAS_API_TOKEN"  # noqa: S105 the variable's name
MARKS_A_REQUEST = 100
SAME = 0.005
"""Two marks that differ by less are one: Canvas keeps two decimals."""
TAKES_POINTS = frozenset({"points", "percent"})
WORKING = frozenset({"queued", "running", "waiting_for_external_tool"})
TOO_MANY = "Rate Limit Exceeded"
AGAIN = "run the same line again: what has arrived is not sent twice"


@dataclass(frozen=True, slots=True, kw_only=True)
class CanvasOrder:
    """What ``autograder push canvas`` was asked to do.

    possible : the points of full marks
    scale : multiply the marks where the assignment has other points in Canvas
    """

    url: str
    course_id: int
    assignment_id: int
    possible: float
    really: bool
    with_comments: bool = False
    scale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _There:
    """What Canvas has of a student's work.

    excused : a person has excused the student; person : who it is, where it is told
    """

    score: float | None
    excused: bool
    person: Person


def push(
    order: CanvasOrder,
    roster: Roster,
    entries: Entries,
    *,
    patience: Patience,
    told: Callable[[str], None],
) -> PushDocument:
    """Bring Canvas's marks to where the entries have them, or only say how they differ.

    told : hears what is going on, a line each
    Raises StaffError where nothing can be sent at all; what goes wrong later is told
    mark by mark
    """
    _refuse_other_rosters(roster)
    students = {_user_id(student): student for student in roster.students}
    requester = _PatientRequester(
        checked_url(order.url, "--url").rstrip("/"),
        secret(TOKEN, "a Canvas access token"),
        patience,
    )
    with _clear_errors(order):
        assignment = _assignment(requester, order)
        factor = _factor(assignment, order)
        planned = [
            # What is written to the student stays in the points of the page.
            msgspec.structs.replace(
                d, points=float(mark(float(exact(d.points) * factor)))
            )
            for d in marks_to_send(entries, _user_id, with_comments=order.with_comments)
        ]
        there = _there(assignment)
    planned = _compared(planned, there)
    planned = [_checked(d, there.get(d.user_id), students) for d in planned]
    if order.really:
        planned = _delivered(assignment, planned, order, patience, told)
    return PushDocument(
        lms="canvas",
        to=f"{order.url.rstrip('/')}/courses/{order.course_id}/assignments/"
        f"{order.assignment_id} ({assignment.name})",
        really=order.really,
        deliveries=tuple(planned),
        without_mark=without_mark(entries),
        notes=tuple(scaled_note(factor, order.possible)),
    )


class _PatientRequester(Requester):  # type: ignore[misc] # canvasapi has no types
    def __init__(self, url: str, token: str, patience: Patience) -> None:
        super().__init__(url, token)
        make_patient(self._session, patience)


def _refuse_other_rosters(roster: Roster) -> None:
    if roster.kind is not RosterKind.CANVAS:
        raise StaffError(
            roster.place,
            f"is a class list of kind {roster.kind.value}, without Canvas's user ids",
            "Canvas: Gradebook, Export, Export Entire Gradebook; give that file",
        )


def _user_id(student: Student) -> str:
    if not student.id.isascii() or not student.id.isdigit():
        raise StaffError(
            f"line {student.line} of the roster",
            f"{student.id!r} is no Canvas user id",
            "export the gradebook from Canvas and leave its ID column as it is",
        )
    return student.id


def _assignment(requester: Requester, order: CanvasOrder) -> Assignment:
    answer = requester.request(
        "GET", f"courses/{order.course_id}/assignments/{order.assignment_id}"
    ).json()
    return Assignment(requester, {"course_id": order.course_id, **answer})


def _factor(assignment: Assignment, order: CanvasOrder) -> Fraction:
    """Return what marks are multiplied by; refuse what takes no points, or others."""
    place = f"Canvas's assignment {assignment.name!r}"
    if assignment.grading_type not in TAKES_POINTS:
        raise StaffError(
            place,
            f"is graded as {assignment.grading_type}, which takes no points",
            "set it to points in Canvas, or give another --assignment-id",
        )
    points = assignment.points_possible
    if points is None:
        raise StaffError(
            place,
            f"has no points in Canvas, the assignment has {order.possible:g}",
            f"set its points to {order.possible:g} in Canvas",
        )
    return factor_between(
        exact(float(points)),
        exact(order.possible),
        scale=order.scale,
        place=place,
        told=f"has {points:g} points in Canvas",
    )


def _there(assignment: Assignment) -> dict[str, _There]:
    """Return what Canvas has of everybody, by user id.

    ``entered_score`` is what a grader gave, ``score`` what Canvas's own late policy
    leaves of it
    """
    found = {}
    for s in assignment.get_submissions(include=["user"]):
        user = getattr(s, "user", None) or {}
        found[str(s.user_id)] = _There(
            score=getattr(s, "entered_score", s.score),
            excused=bool(getattr(s, "excused", False)),
            person=Person(
                name=user.get("sortable_name") or user.get("name") or "",
                username=user.get("login_id") or "",
            ),
        )
    return found


def _checked(
    delivery: Delivery, there: _There | None, students: Mapping[str, Student]
) -> Delivery:
    """Leave alone whom Canvas's people have excused, and whoever is somebody else."""
    if there is None:
        return delivery
    if there.excused:
        why = "is excused in Canvas, which a mark would end"
        return msgspec.structs.replace(delivery, state=State.LEFT_ALONE, why=why)
    verdict, words = compared(there.person, students[delivery.user_id].person)
    if verdict is Verdict.DISAGREES:
        why = f"{delivery.user_id} is somebody else in Canvas: {words}"
        return msgspec.structs.replace(delivery, state=State.NOT_SENT, why=why)
    return delivery


def _compared(
    planned: Sequence[Delivery], there: Mapping[str, _There]
) -> list[Delivery]:
    found = []
    for delivery in planned:
        known = there.get(delivery.user_id)
        was = known.score if known else None
        same = was is not None and abs(was - delivery.points) < SAME
        state = State.UNCHANGED if same else State.PLANNED
        found.append(msgspec.structs.replace(delivery, was=was, state=state))
    return found


def _delivered(
    assignment: Assignment,
    planned: Sequence[Delivery],
    order: CanvasOrder,
    patience: Patience,
    told: Callable[[str], None],
) -> list[Delivery]:
    """Send what is planned, read it back, and say what came of each."""
    waiting = [d for d in planned if d.state is State.PLANNED]
    said = ""
    try:
        with _clear_errors(order):
            for at in range(0, len(waiting), MARKS_A_REQUEST):
                batch = waiting[at : at + MARKS_A_REQUEST]
                told(f"sending {at + 1} to {at + len(batch)} of {len(waiting)} marks")
                progress = assignment.submissions_bulk_update(
                    grade_data={d.user_id: _grade(d) for d in batch}
                )
                said = _followed(progress, patience, told) or said
    except StaffError as error:
        said = str(error)
    try:
        with _clear_errors(order):
            after = _there(assignment) if waiting else {}
    except StaffError as error:
        why = f"{said or 'sent'}; it cannot be read back: {error}"
        return _with(planned, changed(waiting, State.NOT_SENT, why))
    settled = _compared(waiting, after)
    why = said or "Canvas took it and did not keep it; is the grade hidden or locked?"
    arrived = {d.user_id for d in settled if d.state is State.UNCHANGED}
    return _with(
        planned,
        [
            *changed([d for d in waiting if d.user_id in arrived], State.ARRIVED),
            *changed(
                [d for d in waiting if d.user_id not in arrived], State.NOT_SENT, why
            ),
        ],
    )


def _grade(delivery: Delivery) -> dict[str, str]:
    grade = {"posted_grade": mark(delivery.points)}
    if delivery.comment:
        grade["text_comment"] = delivery.comment
    return grade


def _with(planned: Sequence[Delivery], settled: Sequence[Delivery]) -> list[Delivery]:
    by_user = {d.user_id: d for d in settled}
    return [by_user.get(d.user_id, d) for d in planned]


def _followed(
    progress: Progress, patience: Patience, told: Callable[[str], None]
) -> str:
    """Wait until Canvas has done its work; return what it complained of, or ""."""
    deadline = time.monotonic() + patience.seconds_of_work
    while progress.workflow_state in WORKING:
        if time.monotonic() > deadline:
            return f"Canvas was still at it after {patience.seconds_of_work:g} s"
        time.sleep(patience.seconds_of_pause)
        progress = progress.query()
        told(f"Canvas: {progress.workflow_state}")
    if progress.workflow_state == "completed":
        return ""
    message = getattr(progress, "message", None) or "without a word"
    return f"Canvas's job ended as {progress.workflow_state}: {message}"


@contextmanager
def _clear_errors(order: CanvasOrder) -> Iterator[None]:
    """Say what an answer of Canvas means, and what to do."""
    place = f"Canvas, course {order.course_id}, assignment {order.assignment_id}"
    try:
        yield
    except (exceptions.InvalidAccessToken, exceptions.Unauthorized) as error:
        raise StaffError(
            place,
            f"401: Canvas does not take the token: {error}",
            f"make a new one in Canvas (Account, Settings) and set {TOKEN}",
        ) from error
    except exceptions.RateLimitExceeded as error:
        raise StaffError(place, f"429: too many requests: {error}", AGAIN) from error
    except exceptions.Forbidden as error:
        if TOO_MANY in str(error):
            raise StaffError(place, f"403: {TOO_MANY}", AGAIN) from error
        raise StaffError(
            place,
            "403: the token's owner may not manage grades there",
            "use the token of a teacher of the course",
        ) from error
    except exceptions.ResourceDoesNotExist as error:
        raise StaffError(
            place,
            "404: there is no such course or assignment for the token's owner",
            "both numbers stand in the assignment's address in Canvas",
        ) from error
    except exceptions.CanvasException as error:
        raise StaffError(place, f"Canvas says: {error}", AGAIN) from error
    except requests.RequestException as error:
        raise StaffError(
            place, f"no answer: {type(error).__name__}", f"is --url right? Else {AGAIN}"
        ) from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise StaffError(
            place, f"the answer is not Canvas's: {error}", "is --url right?"
        ) from error
