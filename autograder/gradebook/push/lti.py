"""Marks to any LMS that speaks LTI 1.3: Assignment and Grade Services 2.0.

Sources: 1EdTech's specifications (LTI Advantage's Security Framework for the token,
AGS 2.0 for scores, NRPS 2.0 for members) and Canvas's code (``scores_controller.rb``).
A score is sent for each student; whoever's mark is not known is sent nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

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
from autograder.marks.class_marks import Entries

KEY = "LTI_PRIVATE_KEY"
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
        are the LMS's user ids (a Canvas export)
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
        if roster.kind is not RosterKind.CANVAS:
            raise StaffError(
                roster.place,
                f"is a class list of kind {roster.kind.value}: its ids are no user ids "
                "of LTI",
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
    users = _users(checked_url(order.memberships, "--memberships"), connector)
    found = marks_to_send(
        entries,
        lambda student: _user_of(student, users),
        with_comments=order.with_comments,
    )
    count = Counter(d.user_id for d in found)
    known = [d for d in found if d.user_id and count[d.user_id] == 1]
    unsure = [d for d in found if d.user_id and count[d.user_id] > 1]
    nobody = [d for d in found if not d.user_id]
    return known, [
        *changed(
            nobody, State.NOT_SENT, "the LMS's members have none or two like that"
        ),
        *changed(
            unsure, State.NOT_SENT, "two of the roster are this member of the LMS"
        ),
    ]


def _users(url: str, connector: ServiceConnector) -> Mapping[str, set[str]]:
    """Return the LMS's user ids by what a roster may know of a student."""
    service = NamesRolesProvisioningService(connector, {"context_memberships_url": url})
    with _clear_errors(url):
        members = service.get_members()
    users: dict[str, set[str]] = {}
    for member in members:
        if member.get("status", "Active") != "Active":
            continue
        for identifier in (member.get("lis_person_sourcedid"), member.get("email")):
            if identifier:
                users.setdefault(identifier.casefold(), set()).add(member["user_id"])
    return users


def _user_of(student: Student, users: Mapping[str, set[str]]) -> str:
    """Return the one user that a student is, "" where none or several could be."""
    for told in (student.sis_id, student.id, student.username, student.email):
        found = users.get(told.casefold(), set()) if told else set()
        if len(found) == 1:
            return next(iter(found))
        if found:
            return ""
    return ""


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
