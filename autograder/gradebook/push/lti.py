"""Marks to any LMS that speaks LTI 1.3: Assignment and Grade Services 2.0.

Sources: 1EdTech's specifications (LTI Advantage's Security Framework for the token,
AGS 2.0 for scores, NRPS 2.0 for members) and Canvas's code (``scores_controller.rb``).
A score is sent for each student; whoever's mark is not known is sent nothing.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec
import requests
from jwcrypto.common import JWException
from jwcrypto.jwk import JWK
from pylti1p3.assignments_grades import AssignmentsGradesService
from pylti1p3.exception import LtiException, LtiServiceException
from pylti1p3.grade import Grade
from pylti1p3.names_roles import NamesRolesProvisioningService
from pylti1p3.registration import Registration
from pylti1p3.service_connector import ServiceConnector

from autograder.errors import StaffError
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
from autograder.intake.witnesses import Person, Verdict, compared, is_bare_number
from autograder.marks.class_marks import Entries

KEY = "LTI_PRIVATE_KEY"
CANVAS_LINE_ITEM = re.compile(r"/api/lti/courses/[^/]+/line_items/[^/]+")
"""Canvas's own: there a user may be named by Canvas's number."""
SCORE_SCOPE: Literal["https://purl.imsglobal.org/spec/lti-ags/scope/score"] = (
    "https://purl.imsglobal.org/spec/lti-ags/scope/score"
)
NO_NEW_ATTEMPT = {
    "https://canvas.instructure.com/lti/submission": {"new_submission": False}
}
"""Canvas would else count every score as another attempt, handed in now."""
ABOUT_US_ALL = frozenset({401, 403, 429})
SERVER_ERROR = 500
FAILURES_IN_A_ROW = 3
"""After so many at the start nothing else is sent: the line item must be wrong."""
AGAIN = "run the same line again: a score that is sent twice counts once"
MEANINGS = {
    400: "the LMS does not understand the score, or has a newer one",
    401: f"the LMS does not take our token: is {KEY} the key of that --client-id?",
    403: "the tool may not send scores: let it, in the LMS's settings of the tool",
    404: "there is no such line item, or no such user in its course",
    409: "the LMS has a newer score",
    412: "the LMS misses something in the score",
    422: "the LMS knows no such student in the course",
    429: f"too many requests; {AGAIN}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LtiOrder:
    """What ``autograder push lti`` was asked to do.

    line_item : the line item's address, with its query if it has one
    memberships : the address of the course's members, or None where the roster's ids
        are the LMS's user ids (a Canvas export, and a line item of Canvas's)
    audience : what the LMS wants as ``aud``, else the token's address
    possible : the points of full marks
    """

    line_item: str
    token_url: str
    client_id: str
    audience: str | None
    memberships: str | None
    possible: float
    really: bool
    with_comments: bool = False


def push(
    order: LtiOrder,
    roster: Roster,
    entries: Entries,
    *,
    patience: Patience,
    told: Callable[[str], None],
) -> PushDocument:
    """Send every mark as a score, or only say which would be.

    told : hears what is going on, a line each
    Raises StaffError where nothing can be sent at all; what goes wrong later is told
    mark by mark
    """
    line_item = checked_url(order.line_item, "--line-item")
    connector = _connector(order, patience)
    planned, unknown = _planned(order, roster, entries, connector)
    if order.really:
        service = AssignmentsGradesService(
            connector,
            {"scope": [SCORE_SCOPE], "lineitem": line_item},
        )
        planned = _sent(service, planned, order.possible, told)
    return PushDocument(
        lms="lti",
        to=line_item,
        really=order.really,
        deliveries=(*planned, *unknown),
        without_mark=without_mark(entries),
    )


class _Connector(ServiceConnector):
    """Keeps its tokens in memory, for as long as the command runs."""

    def __init__(self, registration: Registration, session: requests.Session) -> None:
        super().__init__(registration, session)
        self._tokens: dict[str, str] = {}

    def _get_cached_access_token(self, scope_key: str) -> str | None:
        return self._tokens.get(scope_key)

    def _cache_access_token(
        self, scope_key: str, access_token: str, expires_in: float
    ) -> None:
        del expires_in  # an hour by the specification, and sending takes minutes
        self._tokens[scope_key] = access_token


def _connector(order: LtiOrder, patience: Patience) -> _Connector:
    private = secret(KEY, "the tool's private key, as PEM").replace("\\n", "\n")
    try:
        key = JWK.from_pem(private.encode())
        key.export_to_pem(private_key=True, password=None)
        public = key.export_to_pem().decode()
    except (JWException, ValueError, TypeError) as error:
        # What the error says is left out: it may quote the key.
        raise StaffError(
            KEY, "holds no private RSA key in PEM", "-----BEGIN PRIVATE KEY-----…"
        ) from error
    registration = Registration()
    registration.set_client_id(order.client_id)
    registration.set_auth_token_url(checked_url(order.token_url, "--token-url"))
    registration.set_tool_private_key(private).set_tool_public_key(public)
    if order.audience:
        registration.set_auth_audience(order.audience)
    session = requests.Session()
    make_patient(session, patience)
    return _Connector(registration, session)


def _planned(
    order: LtiOrder, roster: Roster, entries: Entries, connector: ServiceConnector
) -> tuple[list[Delivery], list[Delivery]]:
    """Return the marks whose students' user ids are known, and the others."""
    if order.memberships is None:
        canvas = CANVAS_LINE_ITEM.search(urlsplit(order.line_item).path)
        if roster.kind is not RosterKind.CANVAS or not canvas:
            raise StaffError(
                roster.place,
                f"is a class list of kind {roster.kind.value}: its ids are no user ids "
                "of LTI at that line item",
                "give --memberships, the address of the course's members",
            )
        return (
            marks_to_send(
                entries,
                lambda student: student.id,
                with_comments=order.with_comments,
            ),
            [],
        )
    members = _members(checked_url(order.memberships, "--memberships"), connector)
    found = {s.id: _member_of(s, members) for s in roster.students}
    planned = marks_to_send(
        entries,
        lambda student: found[student.id].user_id,
        with_comments=order.with_comments,
    )
    count = Counter(d.user_id for d in planned)
    known = [d for d in planned if d.user_id and count[d.user_id] == 1]
    unsure = [d for d in planned if d.user_id and count[d.user_id] > 1]
    nobody = [d for d in planned if not d.user_id]
    return known, [
        *(
            msgspec.structs.replace(
                d, state=State.NOT_SENT, why=found[d.roster_id].why_not
            )
            for d in nobody
        ),
        *changed(
            unsure, State.NOT_SENT, "two of the roster are this member of the LMS"
        ),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Member:
    """A member of the course: what a class list may know them by, and who they are."""

    user_id: str
    keys: frozenset[str]
    number: str
    person: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    """The member that a student is, or why there is none."""

    user_id: str = ""
    why_not: str = ""


def _members(url: str, connector: ServiceConnector) -> list[_Member]:
    """Return the course's active members."""
    service = NamesRolesProvisioningService(connector, {"context_memberships_url": url})
    with _clear_errors(url):
        return [
            _member(dict(told))
            for told in service.get_members()
            if told.get("status", "Active") == "Active"
        ]


def _member(told: Mapping[str, Any]) -> _Member:
    number, email = _text(told, "lis_person_sourcedid"), _text(told, "email")
    parts = f"{_text(told, 'given_name')} {_text(told, 'family_name')}"
    return _Member(
        user_id=str(told["user_id"]),
        keys=frozenset({number.casefold(), email.casefold()} - {""}),
        number=number,
        person=Person(name=_text(told, "name") or parts.strip(), email=email),
    )


def _text(told: Mapping[str, Any], field: str) -> str:
    return str(told.get(field) or "").strip()


def _member_of(student: Student, members: Sequence[_Member]) -> _Match:
    """Return the one member that a student is: by id or e-mail, and a witness.

    An id of the class list may be another one's `lis_person_sourcedid`.
    """
    ids = {student.sis_id, student.id, student.username, student.email} - {""}
    told = {identifier.casefold() for identifier in ids}
    found = [member for member in members if told & member.keys]
    if len({member.user_id for member in found}) != 1:
        return _Match(why_not="the LMS's members have none or two like that")
    member = found[0]
    verdict, words = compared(member.person, student.person)
    if verdict is Verdict.DISAGREES:
        return _Match(why_not=f"the LMS's member of that id is somebody else: {words}")
    if verdict is Verdict.SILENT and is_bare_number(member.number):
        return _Match(
            why_not=f"nothing but the number {member.number!r} says so: the LMS tells "
            "neither name nor e-mail address of its members; let it, in its settings "
            "of the tool"
        )
    return _Match(user_id=member.user_id)


def _sent(
    service: AssignmentsGradesService,
    planned: Sequence[Delivery],
    possible: float,
    told: Callable[[str], None],
) -> list[Delivery]:
    settled: list[Delivery] = []
    stopped = ""
    for delivery in planned:
        if stopped:
            settled += changed([delivery], State.NOT_SENT, stopped)
            continue
        try:
            with _clear_errors(delivery.user_id):
                service.put_grade(_score(delivery, possible))
            settled += changed([delivery], State.ARRIVED)
        except StaffError as error:
            settled += changed([delivery], State.NOT_SENT, str(error))
            lost = all(d.state is State.NOT_SENT for d in settled)
            if _is_about_all(error) or (lost and len(settled) >= FAILURES_IN_A_ROW):
                stopped = f"not tried, because of: {error}"
        told(f"{len(settled)} of {len(planned)}: {settled[-1].state.value}")
    return settled


def _score(delivery: Delivery, possible: float) -> Grade:
    now = datetime.now(UTC)
    score = (
        Grade()
        .set_user_id(delivery.user_id)
        .set_score_given(delivery.points)
        .set_score_maximum(possible)
        .set_activity_progress("Completed")
        .set_grading_progress("FullyGraded")
        # With milliseconds: within one second the later of two scores must win.
        .set_timestamp(now.isoformat(timespec="milliseconds"))
        .set_extra_claims(NO_NEW_ATTEMPT)
    )
    return score.set_comment(delivery.comment) if delivery.comment else score


def _is_about_all(error: StaffError) -> bool:
    """Tell whether no other score would fare better."""
    cause = error.__cause__
    if not isinstance(cause, LtiServiceException):
        return True
    status = cause.response.status_code
    return status in ABOUT_US_ALL or status >= SERVER_ERROR


@contextmanager
def _clear_errors(place: str) -> Iterator[None]:
    """Say what an answer of the LMS means, and what to do."""
    try:
        yield
    except LtiServiceException as error:
        status = error.response.status_code
        meaning = MEANINGS.get(status, f"the LMS could not do it; {AGAIN}")
        address = error.response.url.partition("?")[0]
        raise StaffError(place, f"{status} from {address}", meaning) from error
    except requests.RequestException as error:
        raise StaffError(
            place,
            f"no answer: {type(error).__name__}",
            f"are the addresses right? {AGAIN}",
        ) from error
    except (LtiException, KeyError, TypeError, ValueError) as error:
        raise StaffError(
            place,
            f"the answer is not as LTI has it: {type(error).__name__}",
            "are the addresses right?",
        ) from error
