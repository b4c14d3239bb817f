"""Marks over the network: what servers that know their specifications let pass."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jwcrypto.jwk import JWK

from autograder.commands import push as push_command
from autograder.errors import StaffError
from autograder.gradebook.push import Patience, PushDocument, State, canvas, lti
from autograder.gradebook.push.connection import checked_url, secret
from autograder.intake.roster import Roster, read_roster
from autograder.marks.class_marks import entries_of
from autograder.records.ledger import Ledger
from autograder.records.results import Result, Verdict
from autograder.records.submission import Submission
from lms_servers import Answer, Canvas, Platform, running
from small_class import invoke

QUICK = Patience(seconds_per_answer=10, tries=2, seconds_of_pause=0, seconds_of_work=10)
CANVAS_ROSTER = """\
Student,ID,SIS User ID,SIS Login ID,Section,HW1 (77)
    Points Possible,,,,,100
"Example, Ada",9001,0012,ada,S1,
"Müller, Zoë",9002,0013,zoe,S1,
"Nothing, Nia",9003,0014,nia,S1,
"Fault, Fay",9004,0015,fay,S1,
"""
PLAIN_ROSTER = """\
id,username,name,email
0012,ada,Ada Example,ada@example.edu
0013,zoe,Zoë Müller,zoe@example.edu
0014,nia,Nia Nothing,nia@example.edu
"""
SCORES = {"Ada Example": 100.0, "Zoë Müller": 40.5, "Fay Fault": None}
IDS = {"Ada Example": "0012", "Zoë Müller": "0013", "Fay Fault": "0015"}


def graded(name: str, score: float | None) -> tuple[Submission, Result]:
    submission = Submission(
        key=f"k-{IDS[name]}",
        lms_id="",
        student_name=name,
        roster_id=IDS[name],
        attempt=1,
        submitted_at=None,
        files={},
    )
    result = Result(
        assignment="a0_scale",
        submission_key=submission.key,
        score=score,
        possible=100.0,
        verdict=Verdict.FAULT if score is None else Verdict.FAILED,
        questions=(),
        fault="the disk was full" if score is None else "",
        graded_at=datetime(2026, 11, 23, tzinfo=UTC),
    )
    return submission, result


def roster(folder: Path, text: str) -> Roster:
    (folder / "roster.csv").write_text(text, encoding="utf-8")
    return read_roster(folder / "roster.csv")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Canvas]:
    monkeypatch.setenv("CANVAS_API_TOKEN", "canvas-token-1")
    scores: dict[str, float | None] = {"9001": None, "9002": 30.0, "9003": None}
    canvas_server = Canvas(scores={**scores, "9004": None})
    with running(canvas_server):
        yield canvas_server


def to_canvas(
    server: Canvas,
    folder: Path,
    *,
    really: bool = True,
    text: str = CANVAS_ROSTER,
    with_comments: bool = False,
    scale: bool = False,
) -> PushDocument:
    class_list = roster(folder, text)
    return canvas.push(
        canvas.CanvasOrder(
            url=server.url,
            course_id=7,
            assignment_id=77,
            possible=100.0,
            really=really,
            with_comments=with_comments,
            scale=scale,
        ),
        class_list,
        entries_of(class_list, [graded(*pair) for pair in SCORES.items()]),
        patience=QUICK,
        told=lambda _: None,
    )


def states(document: PushDocument) -> dict[str, State]:
    return {d.student_name: d.state for d in document.deliveries}


def reasons(document: PushDocument) -> dict[str, str]:
    return {d.student_name: d.why for d in document.deliveries if d.why}


def test_a_dry_run_reads_canvas_and_changes_nothing(
    server: Canvas, tmp_path: Path
) -> None:
    document = to_canvas(server, tmp_path, really=False)
    assert server.paths("POST") == []
    ada, zoe = document.deliveries
    assert (ada.was, ada.points, ada.state) == (None, 100.0, State.PLANNED)
    assert (zoe.was, zoe.points, zoe.state) == (30.0, 40.5, State.PLANNED)
    assert document.without_mark == (
        "not graded: Fay Fault (9004): the disk was full",
        "nothing handed in: Nia Nothing (9003)",
    )
    assert document.to.endswith("/courses/7/assignments/77 (HW1)")


def test_marks_arrive_and_nobody_without_one_is_touched(
    server: Canvas, tmp_path: Path
) -> None:
    document = to_canvas(server, tmp_path)
    assert server.complaints == []
    assert set(states(document).values()) == {State.ARRIVED}
    assert server.scores == {
        "9001": 100.0,
        "9002": 40.5,
        "9003": None,
        "9004": None,
    }
    # The Progress was followed until it said "completed".
    assert sum("/progress/" in path for path in server.paths("GET")) == 2


def test_what_is_there_already_is_not_sent_again(
    server: Canvas, tmp_path: Path
) -> None:
    to_canvas(server, tmp_path)
    again = to_canvas(server, tmp_path)
    assert set(states(again).values()) == {State.UNCHANGED}
    assert len(server.paths("POST")) == 1


def test_a_late_policy_of_canvas_is_no_other_mark(
    server: Canvas, tmp_path: Path
) -> None:
    server.late_points = {"9001": 10.0}
    assert states(to_canvas(server, tmp_path))["Ada Example"] is State.ARRIVED


def test_a_student_who_left_the_course_costs_only_their_own_mark(
    server: Canvas, tmp_path: Path
) -> None:
    del server.scores["9002"]
    document = to_canvas(server, tmp_path)
    assert states(document) == {
        "Ada Example": State.ARRIVED,
        "Zoë Müller": State.NOT_SENT,
    }
    assert (
        "Couldn't find User(s) with API ids '9002'" in reasons(document)["Zoë Müller"]
    )
    assert document.not_sent == 1


def test_a_mark_that_canvas_takes_and_does_not_keep_is_told(
    server: Canvas, tmp_path: Path
) -> None:
    server.locked = frozenset({"9002"})
    document = to_canvas(server, tmp_path)
    assert "did not keep it" in reasons(document)["Zoë Müller"]


def test_many_marks_go_in_several_requests(server: Canvas, tmp_path: Path) -> None:
    ids = range(5000, 5000 + canvas.MARKS_A_REQUEST + 5)
    head = "Student,ID,SIS User ID,SIS Login ID,Section,HW1 (77)\n"
    head += "    Points Possible,,,,,100\n"
    rows = "".join(f'"S{i}, A",{i},u{i},l{i},S1,\n' for i in ids)
    class_list = roster(tmp_path, head + rows)
    server.scores = {str(i): None for i in ids}
    server.page_size = 50
    results = []
    for i in ids:
        IDS[f"A S{i}"] = f"u{i}"
        results.append(graded(f"A S{i}", 50.0))
    order = canvas.CanvasOrder(
        url=server.url, course_id=7, assignment_id=77, possible=100.0, really=True
    )
    said: list[str] = []
    document = canvas.push(
        order,
        class_list,
        entries_of(class_list, results),
        patience=QUICK,
        told=said.append,
    )
    assert set(states(document).values()) == {State.ARRIVED}
    assert len(server.paths("POST")) == 2
    assert "sending 101 to 105 of 105 marks" in said


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (
            Answer(
                401,
                {"errors": [{"message": "Invalid access token."}]},
                {"WWW-Authenticate": "Bearer"},
            ),
            r"401: Canvas does not take the token.*set CANVAS_API_TOKEN",
        ),
        (
            Answer(401, {"status": "unauthorized", "errors": [{"message": "no"}]}),
            "401: Canvas does not take the token",
        ),
        (
            Answer(403, {"errors": "forbidden"}),
            "403: the token's owner may not manage grades there",
        ),
        (
            Answer(403, "403 Forbidden (Rate Limit Exceeded)"),
            "403: Rate Limit Exceeded.*run the same line again",
        ),
        (Answer(404), "404: there is no such course or assignment"),
        (Answer(500), "Canvas says: .*500"),
        (Answer(200, ["something else"]), "the answer is not Canvas's"),
    ],
)
def test_an_answer_that_stops_us_says_what_to_do(
    server: Canvas, tmp_path: Path, answer: Answer, text: str
) -> None:
    server.instead = [("GET", "assignments/77", answer)]
    with pytest.raises(StaffError, match=text) as caught:
        to_canvas(server, tmp_path)
    assert "canvas-token-1" not in str(caught.value)
    assert server.paths("POST") == []


def test_too_many_requests_are_tried_again_a_few_times(
    server: Canvas, tmp_path: Path
) -> None:
    busy = ("POST", "update_grades", Answer(429))
    server.instead = [busy, busy]
    assert set(states(to_canvas(server, tmp_path)).values()) == {State.ARRIVED}
    assert len(server.paths("POST")) == 3


def test_too_many_requests_for_too_long_lose_nothing(
    server: Canvas, tmp_path: Path
) -> None:
    busy = ("POST", "update_grades", Answer(429))
    server.instead = [busy, busy, busy]
    document = to_canvas(server, tmp_path)
    assert document.not_sent == 2
    assert "429: too many requests" in reasons(document)["Ada Example"]
    assert "run the same line again" in reasons(document)["Ada Example"]
    again = to_canvas(server, tmp_path)
    assert set(states(again).values()) == {State.ARRIVED}


def test_a_job_that_never_ends_is_not_waited_for_for_ever(
    server: Canvas, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.states = ("queued", "running")
    server.locked = frozenset(server.scores)
    hasty = Patience(tries=0, seconds_of_pause=0, seconds_of_work=0.2)
    monkeypatch.setitem(globals(), "QUICK", hasty)
    document = to_canvas(server, tmp_path)
    assert "Canvas was still at it after 0.2 s" in reasons(document)["Ada Example"]


def test_marks_that_cannot_be_read_back_are_not_called_arrived(
    server: Canvas, tmp_path: Path
) -> None:
    unread = ("GET", "/progress/", Answer(500))
    server.instead = [unread]
    server.page_size = 100
    document = to_canvas(server, tmp_path)
    # They are read back although the Progress could not be followed.
    assert set(states(document).values()) == {State.ARRIVED}
    server.scores = {"9001": 1.0, "9002": 2.0}
    submissions = "assignments/77/submissions"
    first = Answer(200, [{"user_id": 9001, "score": 1}, {"user_id": 9002, "score": 2}])
    server.instead = [("GET", submissions, first), ("GET", submissions, Answer(500))]
    unsure = to_canvas(server, tmp_path)
    assert unsure.not_sent == 2
    assert "it cannot be read back" in reasons(unsure)["Ada Example"]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"points_possible": 50.0}, "has 50 points in Canvas, the assignment has 100"),
        ({"points_possible": None}, "has no points in Canvas"),
        *(
            ({"grading_type": kind}, f"is graded as {kind}, which takes no points")
            for kind in ("pass_fail", "letter_grade", "gpa_scale", "not_graded")
        ),
    ],
)
def test_another_kind_of_assignment_is_refused(
    server: Canvas, tmp_path: Path, change: dict[str, Any], text: str
) -> None:
    server.assignment |= change
    with pytest.raises(StaffError, match=text):
        to_canvas(server, tmp_path)


def test_whom_a_person_has_excused_stays_so(server: Canvas, tmp_path: Path) -> None:
    server.excused = {"9002"}
    document = to_canvas(server, tmp_path)
    assert states(document) == {
        "Ada Example": State.ARRIVED,
        "Zoë Müller": State.LEFT_ALONE,
    }
    assert reasons(document)["Zoë Müller"] == (
        "is excused in Canvas, which a mark would end"
    )
    assert (server.excused, server.scores["9002"]) == ({"9002"}, 30.0)
    assert document.not_sent == 0


def test_a_number_of_another_canvas_is_somebody_else(
    server: Canvas, tmp_path: Path
) -> None:
    server.users = {
        "9001": {"id": 9001, "sortable_name": "Example, Ada", "login_id": "ada"},
        "9002": {"id": 9002, "sortable_name": "Doe, Zoë", "name": "Zoë Doe"},
    }
    document = to_canvas(server, tmp_path)
    assert states(document) == {
        "Ada Example": State.ARRIVED,
        "Zoë Müller": State.NOT_SENT,
    }
    assert reasons(document)["Zoë Müller"] == (
        "9002 is somebody else in Canvas: the name is 'Doe, Zoë' there and "
        "'Zoë Müller' here"
    )
    assert server.scores["9002"] == 30.0


def test_marks_are_scaled_to_canvas_points_when_asked(
    server: Canvas, tmp_path: Path
) -> None:
    server.assignment["points_possible"] = 10.0
    document = to_canvas(server, tmp_path, scale=True, with_comments=True)
    assert server.scores["9001"] == 10.0
    assert server.scores["9002"] == 4.05
    assert server.comments["9002"] == "40.5 of 100 points."
    assert document.notes[0].startswith("scaled: full marks are 100 here and 10 in")


def test_a_roster_without_canvas_ids_is_refused(server: Canvas, tmp_path: Path) -> None:
    with pytest.raises(StaffError, match="without Canvas's user ids"):
        to_canvas(server, tmp_path, text=PLAIN_ROSTER)
    letters = CANVAS_ROSTER.replace("9001", "ada-1")
    with pytest.raises(StaffError, match="'ada-1' is no Canvas user id"):
        to_canvas(server, tmp_path, text=letters)
    assert server.requests == []


def test_no_server_at_all_is_told(server: Canvas, tmp_path: Path) -> None:
    with running(Canvas()) as gone:
        server.url = gone.url
    with pytest.raises(StaffError, match=r"no answer: ConnectionError.*is --url right"):
        to_canvas(server, tmp_path)


def test_a_secret_comes_from_the_environment_and_over_https_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CANVAS_API_TOKEN", raising=False)
    with pytest.raises(
        StaffError, match="CANVAS_API_TOKEN: is not set: it holds a token"
    ):
        secret("CANVAS_API_TOKEN", "a token")
    monkeypatch.setenv("CANVAS_API_TOKEN", "  spaced  ")
    assert secret("CANVAS_API_TOKEN", "a token") == "spaced"
    assert checked_url("https://canvas.example.edu", "--url")
    assert checked_url("http://localhost:3000", "--url")
    for url in ("http://canvas.example.edu", "canvas.example.edu", "ftp://x", ""):
        with pytest.raises(StaffError, match="is no https:// address"):
            checked_url(url, "--url")
    with pytest.raises(StaffError, match="has a user or password in it"):
        checked_url("https://me:pw@canvas.example.edu", "--url")


def test_secrets_are_never_logged(
    server: Canvas, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        to_canvas(server, tmp_path)
    assert caplog.text
    assert "canvas-token-1" not in caplog.text


# ---- LTI ------------------------------------------------------------------


@pytest.fixture(scope="module")
def key() -> JWK:
    return JWK.generate(kty="RSA", size=2048)


@pytest.fixture
def platform(key: JWK, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    private = key.export_to_pem(private_key=True, password=None).decode()
    monkeypatch.setenv("LTI_PRIVATE_KEY", private)
    members: list[dict[str, Any]] = [
        {"user_id": "u-ada", "email": "ADA@example.edu", "roles": ["Learner"]},
        {
            "user_id": "u-zoe",
            "lis_person_sourcedid": "0013",
            "given_name": "Zoë",
            "family_name": "Müller",
            "roles": ["Learner"],
        },
        {"user_id": "u-old", "email": "ada@example.edu", "status": "Inactive"},
    ]
    lms = Platform(
        public_key=key.export_to_pem().decode(),
        users=frozenset({"u-ada", "u-zoe", "9001", "9002"}),
        members=members,
    )
    with running(lms):
        yield lms


def to_platform(
    platform: Platform, folder: Path, *, text: str = PLAIN_ROSTER, **changes: Any
) -> PushDocument:
    class_list = roster(folder, text)
    scores = [(n, s) for n, s in SCORES.items() if n != "Fay Fault"]
    order: dict[str, Any] = {
        "line_item": platform.line_item,
        "token_url": platform.token_url,
        "client_id": "tool-1",
        "audience": None,
        "memberships": platform.memberships,
        "possible": 100.0,
        "really": True,
    }
    return lti.push(
        lti.LtiOrder(**{**order, **changes}),
        class_list,
        entries_of(class_list, [graded(*pair) for pair in scores]),
        patience=QUICK,
        told=lambda _: None,
    )


def test_a_line_to_the_student_goes_with_the_mark(
    server: Canvas, platform: Platform, tmp_path: Path
) -> None:
    to_canvas(server, tmp_path)
    assert server.comments == {}
    server.scores = dict.fromkeys(server.scores)
    to_canvas(server, tmp_path, with_comments=True)
    assert "40.5 of 100 points." in server.comments.values()
    to_platform(platform, tmp_path, with_comments=True)
    assert platform.results["u-zoe"]["comment"] == "40.5 of 100 points."
    assert platform.complaints == []


def test_scores_arrive_as_the_specification_has_them(
    platform: Platform, tmp_path: Path
) -> None:
    document = to_platform(platform, tmp_path)
    assert platform.complaints == []
    assert set(states(document).values()) == {State.ARRIVED}
    assert {user: r["scoreGiven"] for user, r in platform.results.items()} == {
        "u-ada": 100.0,
        "u-zoe": 40.5,
    }
    ada = platform.results["u-ada"]
    assert (ada["scoreMaximum"], ada["gradingProgress"]) == (100.0, "FullyGraded")
    extension = "https://canvas.instructure.com/lti/submission"
    assert ada[extension] == {"new_submission": False}
    # One token for the members, one for all scores.
    assert platform.paths("POST").count("/token") == 2


def test_a_dry_run_sends_no_score(platform: Platform, tmp_path: Path) -> None:
    document = to_platform(platform, tmp_path, really=False)
    assert set(states(document).values()) == {State.PLANNED}
    assert platform.results == {}
    assert not any("scores" in path for path in platform.paths("POST"))
    assert document.without_mark == ("nothing handed in: Nia Nothing (0014)",)


def test_an_lms_can_have_a_name_of_its_own_for_tokens(
    platform: Platform, tmp_path: Path
) -> None:
    platform.audience = "https://lms.example.edu"
    with pytest.raises(StaffError, match=r"401 from .*/token"):
        to_platform(platform, tmp_path)
    named = to_platform(platform, tmp_path, audience="https://lms.example.edu")
    assert named.not_sent == 0


def test_who_is_no_member_is_sent_nothing(platform: Platform, tmp_path: Path) -> None:
    del platform.members[1]
    document = to_platform(platform, tmp_path)
    assert states(document) == {
        "Ada Example": State.ARRIVED,
        "Zoë Müller": State.NOT_SENT,
    }


def test_an_lms_that_is_gone_loses_nothing(platform: Platform, tmp_path: Path) -> None:
    with running(Platform()) as gone:
        away = f"{gone.url}/lineitem"
    document = to_platform(platform, tmp_path, line_item=away)
    assert document.not_sent == 2
    assert "no answer: ConnectionError" in reasons(document)["Ada Example"]
    assert "not tried, because of" in reasons(document)["Zoë Müller"]
    assert to_platform(platform, tmp_path).not_sent == 0


def test_scores_can_be_sent_twice(platform: Platform, tmp_path: Path) -> None:
    to_platform(platform, tmp_path)
    again = to_platform(platform, tmp_path)
    assert set(states(again).values()) == {State.ARRIVED}


def test_a_canvas_roster_needs_no_list_of_members(
    platform: Platform, tmp_path: Path
) -> None:
    with pytest.raises(StaffError, match=r"no user ids of LTI at that line item"):
        to_platform(platform, tmp_path, text=CANVAS_ROSTER, memberships=None)
    platform.item = "/api/lti/courses/3/line_items/9"
    document = to_platform(platform, tmp_path, text=CANVAS_ROSTER, memberships=None)
    assert {d.user_id for d in document.deliveries} == {"9001", "9002"}
    assert set(states(document).values()) == {State.ARRIVED}
    with pytest.raises(
        StaffError, match=r"its ids are no user ids of LTI.*--memberships"
    ):
        to_platform(platform, tmp_path, memberships=None)


def test_who_cannot_be_told_for_sure_is_sent_nothing(
    platform: Platform, tmp_path: Path
) -> None:
    platform.members.append({"user_id": "u-twin", "lis_person_sourcedid": "0013"})
    document = to_platform(platform, tmp_path)
    assert states(document)["Zoë Müller"] is State.NOT_SENT
    assert "none or two" in reasons(document)["Zoë Müller"]
    platform.members = [{"user_id": "u-ada", "email": "ada@example.edu"}]
    text = PLAIN_ROSTER.replace("zoe@", "ada@")
    both = to_platform(platform, tmp_path, text=text)
    assert set(states(both).values()) == {State.NOT_SENT}
    assert "two of the roster are this member" in reasons(both)["Ada Example"]


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"name": "Ada Example"}, "the name is 'Ada Example' there and 'Zoë Müller'"),
        ({"email": "other@x.edu"}, "the e-mail address is 'other@x.edu' there and"),
        ({}, "nothing but the number '0013' says so: the LMS tells neither name nor"),
    ],
)
def test_a_members_number_counts_beside_a_witness(
    platform: Platform, tmp_path: Path, told: dict[str, str], why: str
) -> None:
    platform.members[1] = {"user_id": "u-zoe", "lis_person_sourcedid": "0013", **told}
    document = to_platform(platform, tmp_path)
    assert states(document)["Zoë Müller"] is State.NOT_SENT
    assert why in reasons(document)["Zoë Müller"]
    assert set(platform.results) == {"u-ada"}


def test_an_id_and_an_address_of_two_members_are_nobody(
    platform: Platform, tmp_path: Path
) -> None:
    platform.members.append({"user_id": "u-2", "email": "zoe@example.edu"})
    document = to_platform(platform, tmp_path)
    assert "none or two" in reasons(document)["Zoë Müller"]


def test_one_student_whom_the_lms_does_not_know_costs_only_their_own_score(
    platform: Platform, tmp_path: Path
) -> None:
    platform.users = frozenset({"u-zoe"})
    document = to_platform(platform, tmp_path)
    assert states(document) == {
        "Ada Example": State.NOT_SENT,
        "Zoë Müller": State.ARRIVED,
    }
    why = reasons(document)["Ada Example"]
    assert "422 from" in why
    assert "the LMS knows no such student in the course" in why


@pytest.mark.parametrize(
    ("status", "text", "sent"),
    [
        (400, "does not understand the score, or has a newer one", 2),
        (401, "is LTI_PRIVATE_KEY the key of that --client-id?", 1),
        (403, "the tool may not send scores", 1),
        (404, "there is no such line item, or no such user", 2),
        (409, "the LMS has a newer score", 2),
        (429, "too many requests; run the same line again", 3),
        (500, "the LMS could not do it", 1),
    ],
)
def test_what_an_lms_answers_is_told_in_words(
    platform: Platform, tmp_path: Path, status: int, text: str, sent: int
) -> None:
    platform.instead = [("POST", "/scores", Answer(status))] * 3
    document = to_platform(platform, tmp_path)
    assert text in reasons(document)["Ada Example"]
    assert f"{status} from {platform.url}" in reasons(document)["Ada Example"]
    # Where it is about all of them, nobody else's score is tried.
    scores = [path for path in platform.paths("POST") if path.endswith("/scores")]
    assert len(scores) == sent
    if sent in {1, 3}:
        assert "not tried, because of" in reasons(document)["Zoë Müller"]
    platform.instead = []
    assert to_platform(platform, tmp_path).not_sent == 0


def test_a_wrong_line_item_is_given_up_after_three(
    platform: Platform, tmp_path: Path
) -> None:
    rows = "".join(f"00{n},s{n},Student {n}\n" for n in range(20, 26))
    class_list = roster(tmp_path, "id,username,name\n" + rows)
    platform.members = [
        {"user_id": f"u-{n}", "lis_person_sourcedid": f"00{n}", "name": f"Student {n}"}
        for n in range(20, 26)
    ]
    results = []
    for n in range(20, 26):
        IDS[f"Student {n}"] = f"00{n}"
        results.append(graded(f"Student {n}", 10.0))
    order = lti.LtiOrder(
        line_item=f"{platform.url}/no/such/item",
        token_url=platform.token_url,
        client_id="tool-1",
        audience=None,
        memberships=platform.memberships,
        possible=100.0,
        really=True,
    )
    document = lti.push(
        order,
        class_list,
        entries_of(class_list, results),
        patience=QUICK,
        told=lambda _: None,
    )
    assert document.not_sent == 6
    assert len([p for p in platform.paths("POST") if p.endswith("/scores")]) == 3
    assert "not tried" in reasons(document)["Student 25"]


def test_another_key_than_the_lms_knows_is_told_at_once(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = JWK.generate(kty="RSA", size=2048)
    pem = other.export_to_pem(private_key=True, password=None).decode()
    monkeypatch.setenv("LTI_PRIVATE_KEY", pem)
    with pytest.raises(
        StaffError, match=r"401 from .*/token.*LTI_PRIVATE_KEY"
    ) as caught:
        to_platform(platform, tmp_path)
    assert "BEGIN" not in str(caught.value)


@pytest.mark.parametrize("pem", ["no key", "-----BEGIN PRIVATE KEY-----\nAAAA\n"])
def test_what_is_no_private_key_is_refused_and_not_shown(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pem: str
) -> None:
    monkeypatch.setenv("LTI_PRIVATE_KEY", pem)
    with pytest.raises(StaffError, match="holds no private RSA key in PEM") as caught:
        to_platform(platform, tmp_path)
    assert pem not in str(caught.value)


def test_a_public_key_is_no_private_one(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LTI_PRIVATE_KEY", platform.public_key)
    with pytest.raises(StaffError, match="holds no private RSA key in PEM"):
        to_platform(platform, tmp_path)


def test_an_answer_that_is_not_lti_is_told(platform: Platform, tmp_path: Path) -> None:
    platform.instead = [("POST", "/token", Answer(200, {"no": "token"}))]
    with pytest.raises(StaffError, match="the answer is not as LTI has it"):
        to_platform(platform, tmp_path)


# ---- the command ----------------------------------------------------------


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    out = tmp_path / "out"
    with Ledger(out / "ledger.sqlite") as opened:
        for pair in SCORES.items():
            opened.add(*graded(*pair), "h")
    roster(tmp_path, CANVAS_ROSTER)
    return out


def arguments(server: Canvas, course: Path, out: Path) -> tuple[object, ...]:
    return (
        *("push", "canvas", "a0_scale", "--url", server.url, "--out", out),
        *("--course-id", 7, "--assignment-id", 77, "--course", course),
        *("--roster", out.parent / "roster.csv"),
    )


def test_the_command_is_a_dry_run_until_it_is_told_otherwise(
    server: Canvas, course: Path, ledger: Path
) -> None:
    server.states = ("completed",)
    dry = invoke(*arguments(server, course, ledger))
    assert "nothing was sent: this was a dry run, --really sends" in dry.output
    assert "would be sent: 2" in dry.output
    assert server.paths("POST") == []
    assert dry.exit_code == 2  # Fay Fault has no mark

    sent = invoke(*arguments(server, course, ledger), "--really", "--json")
    document = json.loads(sent.stdout)
    assert (document["command"], document["lms"], document["really"]) == (
        "push",
        "canvas",
        True,
    )
    assert [d["state"] for d in document["deliveries"]] == ["arrived", "arrived"]
    assert "sending 1 to 2 of 2 marks" in sent.stderr
    assert server.scores["9002"] == 40.5
    for run in (dry, sent):
        assert "canvas-token-1" not in run.output


def test_the_command_speaks_lti_too(
    platform: Platform, course: Path, ledger: Path
) -> None:
    platform.item = "/api/lti/courses/3/line_items/9"
    run = invoke(
        *("push", "lti", "a0_scale", "--line-item", platform.line_item),
        *("--token-url", platform.token_url, "--client-id", "tool-1"),
        *("--roster", ledger.parent / "roster.csv", "--course", course),
        *("--out", ledger, "--really"),
    )
    assert "arrived: 2" in run.output
    assert set(platform.results) == {"9001", "9002"}
    assert "not graded: Fay Fault (9004): the disk was full" in run.output
    assert "BEGIN" not in run.output


def test_a_missing_token_is_named_with_how_to_set_it(
    server: Canvas, course: Path, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CANVAS_API_TOKEN")
    run = invoke(*arguments(server, course, ledger))
    assert run.exit_code == 1
    assert "CANVAS_API_TOKEN: is not set" in run.stderr
    assert "read -rs CANVAS_API_TOKEN" in run.stderr


def test_a_library_that_is_not_installed_is_named_with_the_line_that_gets_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(push_command, "PACKAGE", "no_such_package_of_ours")
    run = invoke(
        *("push", "canvas", "a0", "--url", "https://x", "--course-id", 1),
        *("--assignment-id", 1, "--roster", "r.csv", "--out", "."),
    )
    assert run.exit_code == 1
    assert "no_such_package_of_ours is not installed" in run.stderr
    assert "pip install 'convolution-course[push]'" in run.stderr
