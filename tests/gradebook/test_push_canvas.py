"""Marks to Canvas: what a server that knows its API lets pass."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import StaffError
from autograder.gradebook.push import Patience, PushDocument, State, canvas
from autograder.marks.class_marks import entries_of
from lms_servers import Answer, Canvas, running
from pushed_class import (
    CANVAS_ROSTER,
    IDS,
    PLAIN_ROSTER,
    QUICK,
    SCORES,
    canvas_server,
    graded,
    reasons,
    roster,
    states,
)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Canvas]:
    with canvas_server(monkeypatch) as running_server:
        yield running_server


def to_canvas(
    server: Canvas,
    folder: Path,
    *,
    really: bool = True,
    text: str = CANVAS_ROSTER,
    with_comments: bool = False,
    scale: bool = False,
    patience: Patience = QUICK,
    url: str = "",
) -> PushDocument:
    class_list = roster(folder, text)
    return canvas.push(
        canvas.CanvasOrder(
            url=url or server.url,
            course_id=7,
            assignment_id=77,
            possible=100.0,
            really=really,
            with_comments=with_comments,
            scale=scale,
        ),
        class_list,
        entries_of(class_list, [graded(*pair) for pair in SCORES.items()]),
        patience=patience,
        told=lambda _: None,
    )


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
    assert document.to == f"{server.url}/courses/7/assignments/77 (HW1)"
    slash = to_canvas(server, tmp_path, really=False, url=f"{server.url}/")
    assert (slash.to, slash.lms) == (document.to, "canvas")
    assert not any("//" in path for path in server.paths("GET"))


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
    server.states = ("waiting_for_external_tool", "completed")
    document = to_canvas(server, tmp_path)
    assert "did not keep it" in reasons(document)["Zoë Müller"]
    server.states = ("failed",)
    document = to_canvas(server, tmp_path)
    assert "ended as failed: without a word" in reasons(document)["Zoë Müller"]


def test_a_mark_that_differs_by_a_hundredth_is_another(
    server: Canvas, tmp_path: Path
) -> None:
    server.scores["9002"] = 40.49
    assert states(to_canvas(server, tmp_path))["Zoë Müller"] is State.ARRIVED
    assert server.scores["9002"] == 40.5


def test_what_one_of_several_requests_met_is_told_though_the_next_one_went_well(
    server: Canvas, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(canvas, "MARKS_A_REQUEST", 1)
    del server.scores["9001"]
    document = to_canvas(server, tmp_path)
    assert states(document)["Zoë Müller"] is State.ARRIVED
    assert "API ids '9001'" in reasons(document)["Ada Example"]


def test_an_assignment_in_percent_takes_points(server: Canvas, tmp_path: Path) -> None:
    server.assignment["grading_type"] = "percent"
    assert to_canvas(server, tmp_path).not_sent == 0


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
    assert "Canvas: completed" in said
    assert server.comments == {}, "nobody asked for comments"


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
        (Answer(200, {"id": 77}), "the answer is not Canvas's"),
        (
            Answer(
                200, {"name": "HW1", "grading_type": "points", "points_possible": "ten"}
            ),
            "the answer is not Canvas's",
        ),
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
    server: Canvas, tmp_path: Path
) -> None:
    server.states = ("queued", "running")
    server.locked = frozenset(server.scores)
    hasty = Patience(tries=0, seconds_of_pause=0, seconds_of_work=0.2)
    document = to_canvas(server, tmp_path, patience=hasty)
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
    assert reasons(unsure)["Ada Example"].startswith("sent; it cannot be read back")
    server.instead = [
        ("GET", submissions, first),
        ("POST", "update_grades", Answer(500)),
        ("GET", submissions, Answer(500)),
    ]
    why = reasons(to_canvas(server, tmp_path))["Ada Example"]
    assert "Canvas says" in why.partition("; it cannot be read back")[0]


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


@pytest.mark.parametrize(
    "user",
    [
        {"name": "Zoë Doe"},
        {"sortable_name": None, "name": "Zoë Doe"},
        {"login_id": "zdoe"},
        {"name": None, "login_id": "zdoe"},
        {"sortable_name": "Müller, Zoë", "login_id": "zdoe"},
    ],
)
def test_a_name_or_a_login_tells_who_is_somebody_else(
    server: Canvas, tmp_path: Path, user: dict[str, Any]
) -> None:
    server.users = {"9002": {"id": 9002, **user}, "9001": {"id": 9001}}
    assert states(to_canvas(server, tmp_path)) == {
        "Ada Example": State.ARRIVED,
        "Zoë Müller": State.NOT_SENT,
    }


def test_other_points_are_refused_where_no_scale_was_asked_for(
    server: Canvas, tmp_path: Path
) -> None:
    class_list = roster(tmp_path, CANVAS_ROSTER)
    server.assignment["points_possible"] = 10.0
    order = canvas.CanvasOrder(
        url=server.url, course_id=7, assignment_id=77, possible=100.0, really=True
    )
    with pytest.raises(StaffError, match="has 10 points in Canvas"):
        canvas.push(
            order, class_list, entries_of(class_list, []), patience=QUICK, told=print
        )


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
    wide = CANVAS_ROSTER.replace("9001", "\uff19\uff10\uff10\uff11")
    with pytest.raises(StaffError, match="is no Canvas user id"):
        to_canvas(server, tmp_path, text=wide)
    assert server.requests == []


def test_no_server_at_all_is_told(server: Canvas, tmp_path: Path) -> None:
    with running(Canvas()) as gone:
        server.url = gone.url
    with pytest.raises(StaffError, match=r"no answer: ConnectionError.*is --url right"):
        to_canvas(server, tmp_path)


def test_a_line_to_the_student_goes_with_the_mark(
    server: Canvas, tmp_path: Path
) -> None:
    to_canvas(server, tmp_path)
    assert server.comments == {}
    server.scores = dict.fromkeys(server.scores)
    to_canvas(server, tmp_path, with_comments=True)
    assert "40.5 of 100 points." in server.comments.values()


def test_secrets_are_never_logged(
    server: Canvas, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        to_canvas(server, tmp_path)
    assert caplog.text
    assert "canvas-token-1" not in caplog.text
