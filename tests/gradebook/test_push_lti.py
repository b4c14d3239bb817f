"""Scores by LTI 1.3: what an LMS that knows its specifications lets pass."""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from jwcrypto.jwk import JWK

from autograder.errors import StaffError
from autograder.gradebook.push import PushDocument, State, lti
from autograder.intake.roster import Roster
from autograder.marks.class_marks import entries_of
from lms_servers import Answer, Platform, running
from pushed_class import (
    CANVAS_ROSTER,
    IDS,
    PLAIN_ROSTER,
    QUICK,
    SCORES,
    graded,
    lti_platform,
    reasons,
    roster,
    states,
)


@pytest.fixture(scope="module")
def key() -> JWK:
    return JWK.generate(kty="RSA", size=2048)


@pytest.fixture
def platform(key: JWK, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    with lti_platform(key, monkeypatch) as lms:
        yield lms


def to_platform(
    platform: Platform, folder: Path, *, text: str = PLAIN_ROSTER, **changes: Any
) -> PushDocument:
    scores = [(n, s) for n, s in SCORES.items() if n != "Fay Fault"]
    return pushed(platform, roster(folder, text), scores, **changes)


def six_to_platform(
    platform: Platform,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    told: Callable[[str], None] = lambda _: None,
    **changes: Any,
) -> PushDocument:
    """Push the scores of six students more, all of whom the platform has."""
    numbers = range(20, 26)
    platform.members = [
        {"user_id": f"u-{n}", "lis_person_sourcedid": f"00{n}", "name": f"Student {n}"}
        for n in numbers
    ]
    for n in numbers:
        monkeypatch.setitem(IDS, f"Student {n}", f"00{n}")
    rows = "".join(f"00{n},s{n},Student {n}\n" for n in numbers)
    class_list = roster(folder, "id,username,name\n" + rows)
    scores: list[tuple[str, float | None]]
    scores = [(f"Student {n}", 10.0) for n in numbers]
    return pushed(platform, class_list, scores, told, **changes)


def pushed(
    platform: Platform,
    class_list: Roster,
    scores: Sequence[tuple[str, float | None]],
    told: Callable[[str], None] = lambda _: None,
    **changes: Any,
) -> PushDocument:
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
        told=told,
    )


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
    assert re.fullmatch(r"[\dT:-]{19}\.\d{3}\+00:00", ada["timestamp"])
    extension = "https://canvas.instructure.com/lti/submission"
    assert ada[extension] == {"new_submission": False}
    assert "comment" not in ada
    assert document.lms == "lti"
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
    platform.results.clear()
    platform.members = [{"user_id": "u-ada", "email": "ada@example.edu"}]
    text = PLAIN_ROSTER.replace("zoe@", "ada@")
    both = to_platform(platform, tmp_path, text=text)
    assert set(states(both).values()) == {State.NOT_SENT}
    assert "two of the roster are this member" in reasons(both)["Ada Example"]
    platform.members = []
    strangers = to_platform(platform, tmp_path)
    assert [d.state for d in strangers.deliveries] == [State.NOT_SENT] * 2
    assert platform.results == {}


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (" 0013 ", PLAIN_ROSTER),
        ("zoe", PLAIN_ROSTER),
        ("ZOE", PLAIN_ROSTER),
        ("zoe", PLAIN_ROSTER.replace(",zoe,", ",Zoe,")),
        ("0013", CANVAS_ROSTER),
    ],
)
def test_a_member_is_known_by_any_name_that_the_class_list_has(
    platform: Platform, tmp_path: Path, number: str, text: str
) -> None:
    told = {"lis_person_sourcedid": number, "name": "Zoë Müller"}
    platform.members[1] = {"user_id": "u-zoe", **told}
    document = to_platform(platform, tmp_path, text=text)
    assert states(document)["Zoë Müller"] is State.ARRIVED
    assert "u-zoe" in platform.results


def test_an_id_that_is_no_bare_number_is_its_own_witness(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(IDS, "Zoë Müller", "zm-13")
    platform.members[1] = {"user_id": "u-zoe", "lis_person_sourcedid": "zm-13"}
    text = PLAIN_ROSTER.replace("0013", "zm-13")
    assert to_platform(platform, tmp_path, text=text).not_sent == 0


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


def test_a_key_may_have_its_line_breaks_written_out(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_one_line = os.environ["LTI_PRIVATE_KEY"].replace("\n", "\\n")
    monkeypatch.setenv("LTI_PRIVATE_KEY", in_one_line)
    assert to_platform(platform, tmp_path).not_sent == 0


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
        (412, "the LMS misses something in the score", 2),
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
    assert "?" not in reasons(document)["Ada Example"].partition(" (")[0]
    # Where it is about all of them, nobody else's score is tried.
    scores = [path for path in platform.paths("POST") if path.endswith("/scores")]
    assert len(scores) == sent
    if sent in {1, 3}:
        assert "not tried, because of" in reasons(document)["Zoë Müller"]
    platform.instead = []
    assert to_platform(platform, tmp_path).not_sent == 0


def test_a_wrong_line_item_is_given_up_after_three(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = f"{platform.url}/no/such/item"
    document = six_to_platform(platform, tmp_path, monkeypatch, line_item=wrong)
    assert document.not_sent == 6
    assert len([p for p in platform.paths("POST") if p.endswith("/scores")]) == 3
    assert "not tried" in reasons(document)["Student 25"]


def test_where_one_score_has_arrived_all_others_are_tried(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform.users = frozenset({"u-20"})
    said: list[str] = []
    document = six_to_platform(platform, tmp_path, monkeypatch, said.append)
    assert document.not_sent == 5
    assert all("422 from" in why for why in reasons(document).values())
    assert (said[0], len(said)) == ("1 of 6: arrived", 6)
    assert "comment" not in platform.results["u-20"]


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


def test_a_line_to_the_student_goes_with_the_score(
    platform: Platform, tmp_path: Path
) -> None:
    to_platform(platform, tmp_path, with_comments=True)
    assert platform.results["u-zoe"]["comment"] == "40.5 of 100 points."
    assert platform.complaints == []
