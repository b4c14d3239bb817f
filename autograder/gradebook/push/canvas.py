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

import msgspec
import requests
from canvasapi import exceptions
from canvasapi.assignment import Assignment
from canvasapi.progress import Progress
from canvasapi.requester import Requester

from autograder.errors import StaffError
from autograder.gradebook.csv_cells import mark
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
from autograder.marks.class_marks import Entries

TOKEN = "CANVAS_API_TOKEN"  # noqa: S105 the variable's name
MARKS_A_REQUEST = 100
SAME = 0.005
"""Two marks that differ by less are one: Canvas keeps two decimals."""
TAKES_POINTS = frozenset({"points", "percent", "letter_grade", "gpa_scale"})
WORKING = frozenset({"queued", "running", "waiting_for_external_tool"})
TOO_MANY = "Rate Limit Exceeded"
AGAIN = "run the same line again: what has arrived is not sent twice"


@dataclass(frozen=True, slots=True, kw_only=True)
class CanvasOrder:
    """What ``autograder push canvas`` was asked to do.

    possible : the points of full marks
    """

    url: str
    course_id: int
    assignment_id: int
    possible: float
    really: bool
    with_comments: bool = False


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
    planned = marks_to_send(entries, _user_id, with_comments=order.with_comments)
    requester = _PatientRequester(
        checked_url(order.url, "--url").rstrip("/"),
        secret(TOKEN, "a Canvas access token"),
        patience,
    )
    with _clear_errors(order):
        assignment = _assignment(requester, order)
        _refuse_other_assignments(assignment, order)
        planned = _compared(planned, _scores(assignment))
    if order.really:
        planned = _delivered(assignment, planned, order, patience, told)
    return PushDocument(
        lms="canvas",
        to=f"{order.url.rstrip('/')}/courses/{order.course_id}/assignments/"
        f"{order.assignment_id} ({assignment.name})",
        really=order.really,
        deliveries=tuple(planned),
        without_mark=without_mark(entries),
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


def _refuse_other_assignments(assignment: Assignment, order: CanvasOrder) -> None:
    place = f"Canvas's assignment {assignment.name!r}"
    if assignment.grading_type not in TAKES_POINTS:
        raise StaffError(
            place,
            f"is graded as {assignment.grading_type}, which takes no points",
            "set it to points in Canvas, or give another --assignment-id",
        )
    points = assignment.points_possible
    if points is None or abs(points - order.possible) > SAME:
        told = "no points" if points is None else f"{points:g} points"
        raise StaffError(
            place,
            f"has {told} in Canvas, the assignment has {order.possible:g}",
            f"set its points to {order.possible:g} in Canvas",
        )


def _scores(assignment: Assignment) -> dict[str, float | None]:
    """Return the marks that Canvas has, by user id.

    ``entered_score`` is what a grader gave, ``score`` what Canvas's own late policy
    leaves of it
    """
    return {
        str(s.user_id): getattr(s, "entered_score", s.score)
        for s in assignment.get_submissions()
    }


def _compared(
    planned: Sequence[Delivery], scores: Mapping[str, float | None]
) -> list[Delivery]:
    found = []
    for delivery in planned:
        was = scores.get(delivery.user_id)
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
            after = _scores(assignment) if waiting else {}
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
