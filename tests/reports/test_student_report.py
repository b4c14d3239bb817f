"""The student's page: what it tells, what it must not tell, and what it cannot run."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from autograder.course import assignment as assignments
from autograder.errors import StaffError
from autograder.grading.grader import Grader, Job
from autograder.grading.pictures import confusion, first_layer, training
from autograder.marks.deadlines import Terms
from autograder.records import entries
from autograder.records.pictures import GradientNorms, LeftOut
from autograder.records.results import (
    CaseResult,
    Comparison,
    Diagnosis,
    QuestionResult,
    Result,
    Verdict,
)
from autograder.records.submission import IN_TIME, Clock, Submission
from autograder.reports.handout import Section
from autograder.reports.student_report import file_name, render, write_feedback
from autograder.text import MAX_TEXT, plain
from browser import CHROMIUM, seen_at
from parsed_page import EVIL, Parsed

HANDED_IN = datetime(2026, 3, 3, 16, 42)  # noqa: DTZ001 the LMS's local time
COMPARISON = Comparison(
    call="double([1, 2])",
    expected=(2.0, 4.0),
    actual=(1.0, 4.0),
    expected_shape=(2,),
    actual_shape=(2,),
)
NORMS = GradientNorms(depths=(1, 9), plain=(1.0, 0.1), shortcut=(1.0, 2.0))
PICTURES = (
    NORMS,
    training(losses=[1.0, 0.5], accuracy=0.8, reference=[[0.7, 1, 0.6]] * 24),
    confusion(of="yours", logits=np.eye(10), labels=np.arange(10)),
    first_layer(
        of="yours",
        image=np.eye(28),
        kernels=np.ones((9, 1, 3, 3)),
        maps=np.ones((9, 28, 28)),
    ),
)
REPLAY = 'pytest a0_scale -k "q1_double" --seed 7'


def submission(**changes: Any) -> Submission:
    fields: dict[str, Any] = {
        "key": "s1-1",
        "lms_id": "",
        "student_name": "Noor van der Meer",
        "roster_id": "0012",
        "attempt": 1,
        "submitted_at": HANDED_IN,
        "clock": Clock.LOCAL,
        "files": {},
    }
    return Submission(**(fields | changes))


def case(name: str = "one and two", **changes: Any) -> CaseResult:
    fields: dict[str, Any] = {
        "name": name,
        "hidden": False,
        "points": 5.0,
        "verdict": Verdict.FAILED,
        "kind": "value",
    }
    return CaseResult(**(fields | changes))


def passed(name: str = "one and two", **changes: Any) -> CaseResult:
    return case(name, **({"verdict": Verdict.PASSED, "kind": "passed"} | changes))


def question(*cases: CaseResult, **changes: Any) -> QuestionResult:
    score = sum(c.points for c in cases if c.verdict is Verdict.PASSED)
    possible = sum(c.points for c in cases)
    fields: dict[str, Any] = {
        "name": "q1_double",
        "title": "Twice",
        "score": score,
        "possible": possible,
        "verdict": Verdict.PASSED if score == possible else Verdict.FAILED,
        "cases": cases,
    }
    return QuestionResult(**(fields | changes))


def result(*questions: QuestionResult, **changes: Any) -> Result:
    failed = any(q.verdict is Verdict.FAILED for q in questions)
    fields: dict[str, Any] = {
        "assignment": "a0_scale",
        "submission_key": "s1-1",
        "score": sum(q.score for q in questions),
        "possible": sum(q.possible for q in questions),
        "verdict": Verdict.FAILED if failed else Verdict.PASSED,
        "questions": questions,
        "graded_at": datetime(2026, 3, 4, 9, tzinfo=UTC),
    }
    return Result(**(fields | changes))


def page(
    graded: Result, handed_in: Submission | None = None, due: datetime | None = None
) -> str:
    terms = Terms(due=due)
    return render(handed_in or submission(), graded, title="Scaling", terms=terms)


def text_of(html: str) -> str:
    return Parsed(html).text


def everything() -> Result:
    """Return a result with everything a page can tell, hostile wherever it can be."""
    return result(
        question(
            case(EVIL, message=EVIL, replay=EVIL, comparison=COMPARISON),
            case("hidden one", hidden=True, message=EVIL, misconceptions=(EVIL,)),
            case("died", kind=EVIL, message=EVIL * 3),
            case("ours", verdict=Verdict.FAULT, kind="fault"),
            passed("drawn", pictures=(LeftOut(kind=EVIL, why=EVIL),)),
            title=EVIL,
            name=EVIL,
            diagnoses=(Diagnosis(name=EVIL, message=EVIL, see=EVIL),),
        ),
        question(
            passed(message=EVIL),
            passed("carried", kind="carried", carried_from=EVIL, message=EVIL),
            name="q2",
        ),
        question(case(), passed("other"), name="q3"),
        notices=(EVIL,) * 30,
        flags=("staff only: reads /etc",),
        isolation="bubblewrap 9.9",
    )


def test_a_page_tells_who_what_when_and_how_much() -> None:
    text = text_of(page(result(question(case(), passed("three", points=7.5)))))
    assert "Scaling" in text
    assert "Noor van der Meer" in text
    assert "Attempt 1, handed in Tuesday, 3 March 2026, 16:42" in text
    assert "7.5 of 12.5 points" in text
    assert "partly right 7.5 /12.5" in text
    assert "Graded Wednesday, 4 March 2026, 09:00 UTC" in text


def test_a_page_tells_the_delay_that_the_policy_counts() -> None:
    # Clocks went from 02:00 to 01:00 that night: noon to noon is 25 hours.
    zone = ZoneInfo("America/Edmonton")
    at = datetime(2026, 11, 1, 12)  # noqa: DTZ001 the LMS's local time
    terms = Terms(due=datetime(2026, 10, 31, 12, tzinfo=zone), zone=zone)
    handed_in, graded = submission(submitted_at=at), result(question(case()))
    told = text_of(render(handed_in, graded, title="Scaling", terms=terms))
    assert "1 d 1 h late" in told
    lenient = replace(terms, grace=timedelta(hours=25))
    told = text_of(render(handed_in, graded, title="Scaling", terms=lenient))
    assert "in time" in told
    assert "h late" not in told


def test_late_work_is_told_by_how_much() -> None:
    graded = result(question(passed()))
    due = HANDED_IN - timedelta(days=1, hours=2)
    assert "1 d 2 h late" in text_of(page(graded, due=due))
    assert "in time" in text_of(page(graded, due=HANDED_IN))
    assert not {"late", "time"} & set(text_of(page(graded)).split())
    zoned = due.replace(tzinfo=UTC)
    assert "1 d 2 h late" in text_of(
        render(submission(), graded, title="T", terms=Terms(due=zoned, zone=UTC))
    )
    # In which zone was it handed in? Nobody has said.
    assert "h late" not in text_of(page(graded, due=zoned))
    timeless = submission(submitted_at=None)
    for one in (timeless, msgspec.structs.replace(timeless, lms_says=IN_TIME)):
        unknown = text_of(page(graded, one, due=due))
        assert not {"late", "time", "handed"} & set(unknown.split())


def test_misconceptions_come_first_with_where_to_read_on() -> None:
    squared = Diagnosis(
        name="squared", message="Your output is `x ** 2`.", see="README.md#2-twice-it"
    )
    graded = result(
        question(passed(), name="q0"),
        question(case(misconceptions=("squared",)), diagnoses=(squared,)),
    )
    html = page(graded)
    text = text_of(html)
    first = text.index("What to look at first")
    said = (
        "Squared Your output is x ** 2 . In question 1, Twice ; "
        "read on: README.md, “2 twice it”"
    )
    assert text.index(said) > first
    assert text.index("Explained by: squared") > text.index(said)
    assert "<code>x ** 2</code>" in html


def test_what_was_seen_in_the_answers_alone_is_said_once_and_has_no_name() -> None:
    told = "What you return is right but runs backwards."
    seen = Diagnosis(name=f"twice: {told}", message=told)
    graded = result(question(case(misconceptions=(seen.name,)), diagnoses=(seen,)))
    text = text_of(page(graded))
    assert seen.name not in text
    assert text.count(f"Seen in the answers {told}") == 1, "at first"
    assert text.count(f"Seen in the answers. {told}") == 1, "at the question"
    assert text.count("Explained by: what is seen in the answers") == 1


def test_where_to_read_on_is_quoted_from_the_handout_and_linked() -> None:
    twice = Diagnosis(name="squared", message="m", see="README.md#2-twice-it")
    more = Diagnosis(name="other", message="n", see="README.md#gone")
    graded = result(
        question(case(misconceptions=("squared",)), diagnoses=(twice, more))
    )
    section = Section(
        anchor="2-twice-it",
        heading="2. twice it",
        body=Markup("<p>Add <em>it</em></p>"),
    )
    html = render(
        submission(),
        graded,
        title="Scaling",
        terms=Terms(due=None),
        handout={"2-twice-it": section, "3-unread": section},
    )
    parsed = Parsed(html)
    assert parsed.open == []
    assert {"href": "#read-2-twice-it"} in parsed.named("a")
    assert [a["id"] for a in parsed.named("article")] == ["read-2-twice-it"]
    assert "<p>Add <em>it</em></p>" in html
    assert "read on: the handout, “2. twice it”" in parsed.text
    assert "Read on: README.md, “gone”" in parsed.text
    assert "From the handout" not in text_of(page(graded))


def test_without_a_misconception_the_first_failed_case_comes_first() -> None:
    graded = result(question(case(kind="timeout", message="no answer within 5 s")))
    assert "Out of time no answer within 5 s In question 1, Twice" in text_of(
        page(graded)
    )


def test_a_page_of_full_marks_says_so_and_has_nothing_to_look_at() -> None:
    text = text_of(page(result(question(passed()))))
    assert "Everything is right." in text
    assert "What to look at first" not in text


def test_what_can_not_be_drawn_costs_its_page_the_pictures_only(
    tmp_path: Path, course: Path
) -> None:
    broken = Comparison(
        call="double([1])",
        expected=(1.0, 2.0),
        actual=(1.0, 2.0),
        expected_shape=(7, 7),
        actual_shape=(7, 7),
    )
    path = write_feedback(
        tmp_path,
        submission(),
        result(question(case(comparison=broken))),
        assignment=assignments.load(course, "a0_scale"),
        terms=Terms(),
    )
    written = text_of(path.read_text(encoding="utf-8"))
    assert "this page has no pictures: they could not be drawn (ValueError)" in written
    assert "one and two" in written


def test_verdicts_are_words_and_shapes_and_not_colour_only() -> None:
    html = page(
        result(
            question(passed(), name="q1"),
            question(passed("a"), case("b"), name="q2"),
            question(case(), name="q3"),
        )
    )
    text = text_of(html)
    assert all(w in text for w in ("all right", "partly right", "not right yet"))
    assert "not right: wrong values" in text
    marks = r'<svg class="mark (\w+)"[^>]*>(.*?)</svg>'
    shapes = dict(re.findall(marks, html, re.DOTALL))
    assert {"passed", "partly", "failed"} == shapes.keys()
    assert len(set(shapes.values())) == 3


def test_passed_questions_are_folded_and_failed_ones_stand_open() -> None:
    folded = Parsed(page(result(question(passed(), name="q1"))))
    assert len(folded.named("details")) == 1
    assert "open" not in folded.named("details")[0]
    assert not Parsed(page(result(question(case(), name="q1")))).named("details")


def test_a_public_failed_case_has_its_replay_and_its_plot() -> None:
    html = page(
        result(question(case(message="m", replay=REPLAY, comparison=COMPARISON)))
    )
    assert REPLAY in text_of(html)
    assert f"<code>{REPLAY.replace(chr(34), '&#34;')}</code>" in html
    image = Parsed(html).named("img")[0]
    assert str(image["src"]).startswith("data:image/svg+xml;base64,")
    assert "1 of 2 values differ, most at [0]: expected 2, got 1." in str(image["alt"])


def test_a_hidden_case_shows_no_replay_and_no_plot() -> None:
    hidden = case(hidden=True, message="m", replay=REPLAY, comparison=COMPARISON)
    html = page(result(question(hidden)))
    assert "CHECK_SEED" not in html
    assert "<img" not in html
    assert "hidden: run with inputs of its own" in text_of(html)


def test_hidden_cases_that_fail_alike_are_one_line() -> None:
    said = "the shape is right, values differ"
    alike = [case(f"random {i}", hidden=True, message=said) for i in range(3)]
    other = case("long", hidden=True, message="no answer within 5 s", kind="timeout")
    graded = result(
        question(passed("first"), alike[0], other, *alike[1:], passed("p", hidden=True))
    )
    html = page(graded)
    text = text_of(html)
    assert text.count(said) == 2  # first of all, and in its question
    assert "3 cases: random 0; random 1; random 2 0 /15 not right" in text
    assert "hidden: run with inputs of their own" in text
    assert text.index("random 2") < text.index("long 0 /5")
    assert html.count('class="case ') == 4


def test_public_cases_and_those_with_pictures_keep_a_line_each() -> None:
    public = [case(f"public {i}", message="m") for i in range(2)]
    drawn = [
        case(f"drawn {i}", hidden=True, message="m", pictures=PICTURES[:1])
        for i in range(2)
    ]
    assert page(result(question(*public, *drawn))).count('class="case ') == 4


def test_a_question_has_its_number_and_its_functions() -> None:
    graded = result(question(case()), question(passed(), name="extra"))
    html = render(
        submission(),
        graded,
        title="Scaling",
        terms=Terms(due=None),
        functions={"q1_double": ("double", "twice")},
    )
    text = text_of(html)
    assert "1. Twice double twice not right yet 0 /5" in text
    assert "Twice all right 5 /5" in text


def test_pictures_of_a_case_hidden_or_not_stand_at_the_end_with_their_text() -> None:
    drawn = passed(hidden=True, pictures=PICTURES)
    html = page(result(question(drawn, case("wrong"))))
    images = Parsed(html).named("img")
    assert len(images) == len(PICTURES)
    assert all(str(i["src"]).startswith("data:image/svg+xml;base64,") for i in images)
    assert "without a shortcut from 1 to 0.1" in str(images[0]["alt"])
    text = text_of(html)
    assert text.index("Pictures of your networks How much") > text.index("wrong")
    assert "The axis counts in powers of ten. From question 1, Twice" in text
    assert "they show no values, at most a picture" in text
    assert {"href": "#pictures"} in Parsed(html).named("a")


def test_a_picture_left_out_leaves_a_remark() -> None:
    why = "the losses have nan or inf in them"
    drawn = case(hidden=True, pictures=(LeftOut(kind="training", why=why),))
    html = page(result(question(drawn)))
    text = text_of(html)
    assert "No picture: training It was left out, and no points are lost" in text
    assert f"lost by that: {why}. From question 1, Twice" in text
    assert "<img" not in html


def test_a_failed_case_points_to_its_pictures() -> None:
    one, two = case("one", hidden=True, pictures=PICTURES[:1]), case("two")
    text = text_of(page(result(question(one, two))))
    assert text.count("See it in the pictures at the end of this page.") == 1


def test_without_pictures_there_is_no_word_of_them() -> None:
    assert "icture" not in text_of(page(result(question(passed(hidden=True)))))


def test_a_fault_page_has_no_pictures() -> None:
    drawn = question(passed(pictures=PICTURES))
    fault = result(drawn, score=None, verdict=Verdict.FAULT)
    assert "icture" not in text_of(page(fault))


def test_a_carried_case_counts_as_right_and_says_from_where() -> None:
    carried = passed(kind="carried", carried_from="double", message="inherits")
    text = text_of(page(result(question(carried))))
    assert "right: it is, with a working double in the place of yours" in text


def test_a_passed_case_keeps_its_remark() -> None:
    graded = result(question(passed(message="right; it shares memory")))
    assert "right; it shares memory" in text_of(page(graded))


def test_one_message_for_all_cases_is_told_once() -> None:
    message = "your file has no function double"
    cases = [case(f"case {i}", kind="missing", message=message) for i in range(4)]
    text = text_of(page(result(question(*cases), question(passed(), name="q2"))))
    assert text.count(message) == 2  # first of all, and in its question


def test_one_case_that_is_not_right_has_its_message_to_itself() -> None:
    cases = [case("first", message="expected 2"), passed("second")]
    text = text_of(page(result(question(*cases), question(passed(), name="q2"))))
    assert "The same in every case that is not right" not in text
    both = [case(name, message="expected 2") for name in ("first", "second")]
    text = text_of(page(result(question(*both), question(passed(), name="q2"))))
    assert "The same in every case that is not right" in text


def test_a_file_that_does_not_load_is_told_once_for_all_questions() -> None:
    message = "line 2: invalid syntax"
    cases = [case(f"case {i}", kind="load", message=message) for i in range(3)]
    questions = [question(*cases, name=f"q{i}") for i in range(5)]
    html = page(result(*questions))
    assert text_of(html).count(message) == 1
    assert "The same in every question" in html


def test_a_fault_page_is_kind_and_has_no_score() -> None:
    fault = result(
        score=None,
        possible=100.0,
        verdict=Verdict.FAULT,
        fault="solutions/a0/tests/q1.py:12: the test itself broke",
    )
    html = page(fault)
    text = text_of(html)
    assert "Grading did not work on our side" in text
    assert "there is no mark yet" in text
    assert not re.search(r"\d+ of \d+|points|\b100\b|\b0\b", text)
    assert "solutions" not in html
    assert 'class="bar"' not in html


def test_what_was_never_tried_waits_and_has_no_time_of_a_try() -> None:
    waits = page(entries.fault("a0", "ada", "which file is meant: a, b"))
    text = text_of(waits)
    assert "What you handed in still waits to be graded" in text
    assert not re.search(r"1970|Tried|Graded|our side|which file", text)


def test_what_is_for_staff_stays_out_of_the_page() -> None:
    html = page(everything())
    assert "staff only" not in html
    assert "bubblewrap" not in html


def test_notices_are_told_and_many_of_them_are_counted() -> None:
    graded = result(question(passed()), notices=tuple(f"notice {i}" for i in range(25)))
    text = text_of(page(graded))
    assert "notice 19" in text
    assert "notice 20" not in text
    assert "and 5 more" in text


def test_hostile_text_stays_text() -> None:
    html = page(everything(), submission(student_name=EVIL))
    parsed = Parsed(html)
    assert parsed.open == []
    assert "<script>alert(1)</script>" in parsed.text
    assert not parsed.named("script")
    assert len(parsed.named("img")) == 1
    attributes = {name for _, found in parsed.tags for name in found}
    assert not {name for name in attributes if name.startswith("on")}
    assert "{{ 7*7 }}" in parsed.text


def test_unseen_characters_are_shown_or_gone() -> None:
    html = page(everything(), submission(student_name=EVIL))
    assert "␛[31mred" in html
    assert not set("\x1b\u202e\u202c\U000e0041") & set(html)


def test_joiners_that_names_are_spelt_with_stay() -> None:
    names = "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627, Zoë, 李小龙"
    assert plain(names) == names


@given(st.text())
def test_plain_text_has_nothing_unseen(text: str) -> None:
    shown = plain(text)
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e]", shown
    )
    shown.encode()


@given(st.text(), st.text())
def test_any_text_makes_a_page_of_the_same_tags(name: str, message: str) -> None:
    def tags(html: str) -> list[str]:
        return [tag for tag, _ in Parsed(html).tags]

    def made(who: str, what: str) -> str:
        cases = case(who, message=what, replay=REPLAY), passed()
        graded = result(question(*cases), notices=(what,))
        return page(graded, submission(student_name=who))

    assert tags(made(name, message or "m")) == tags(made("a", "b"))


def test_lone_surrogates_and_nul_do_not_stop_the_page(
    course: Path, tmp_path: Path
) -> None:
    graded = result(question(case("\ud800", message="\x00 \udfff")))
    path = write_feedback(
        tmp_path,
        submission(student_name="\udcff"),
        graded,
        assignment=assignments.load(course, "a0_scale"),
        terms=Terms(),
    )
    assert "␀ �" in path.read_text(encoding="utf-8")


def test_five_megabytes_of_message_are_clipped() -> None:
    html = page(result(question(case(message="x" * 5_000_000))))
    assert "4,998,000 more characters" in html
    assert "x" * (MAX_TEXT + 1) not in html
    assert len(html) < 60_000


def test_a_page_allows_no_script_and_asks_nothing_of_the_network() -> None:
    html = page(everything())
    parsed = Parsed(html)
    policy = [m for m in parsed.named("meta") if "http-equiv" in m]
    assert policy == [
        {
            "http-equiv": "Content-Security-Policy",
            "content": "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
        }
    ]
    targets = [
        str(value)
        for _, attributes in parsed.tags
        for name, value in attributes.items()
        if name in {"src", "href", "srcset", "action", "data", "poster"}
    ]
    assert targets
    assert all(target.startswith(("#", "data:")) for target in targets)
    styles = html[html.index("<style>") : html.index("</style>")]
    assert "url(" not in styles
    assert "@import" not in styles
    assert not parsed.named("link")


def test_headings_descend_and_links_lead_to_sections() -> None:
    parsed = Parsed(page(everything()))
    levels = [int(tag[1]) for tag, _ in parsed.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    ids = [str(found["id"]) for _, found in parsed.tags if "id" in found]
    assert len(ids) == len(set(ids))
    links = {str(link["href"])[1:] for link in parsed.named("a")}
    assert links
    assert links <= set(ids)
    labels = {str(f["aria-labelledby"]) for f in parsed.named("section")}
    assert labels <= set(ids)
    assert {"header", "main", "footer"} <= {tag for tag, _ in parsed.tags}


def test_the_same_result_gives_the_same_page() -> None:
    assert page(everything()) == page(everything())


@pytest.mark.parametrize(
    ("roster_id", "attempt", "name"),
    [
        ("0012", 1, r"0012\.html"),
        ("0012", 3, r"0012-attempt3\.html"),
        ("A_b-9", 1, r"A_b-9\.html"),
        (None, 2, r"[0-9a-f]{16}-attempt2\.html"),
        ("../../x", 1, r"[0-9a-f]{16}\.html"),
        ("a/b", 1, r"[0-9a-f]{16}\.html"),
        ("\u0430bc", 1, r"[0-9a-f]{16}\.html"),  # a Cyrillic a
        ("12\n", 1, r"[0-9a-f]{16}\.html"),
        ("x" * 65, 1, r"[0-9a-f]{16}\.html"),
        ("0012-attempt3", 1, r"[0-9a-f]{16}\.html"),
    ],
)
def test_a_page_is_named_by_a_plain_id_only(
    roster_id: str | None, attempt: int, name: str
) -> None:
    made = file_name(submission(roster_id=roster_id, attempt=attempt))
    assert re.fullmatch(name, made)


def test_a_page_is_written_whole_and_over_the_old_one(
    course: Path, tmp_path: Path
) -> None:
    assignment = assignments.load(course, "a0_scale")
    folder = tmp_path / "feedback"
    paths = [
        write_feedback(
            folder, submission(), graded, assignment=assignment, terms=Terms()
        )
        for graded in (result(question(case())), result(question(passed())))
    ]
    assert set(paths) == {folder / "0012.html"}
    assert "Everything is right" in paths[0].read_text(encoding="utf-8")
    assert [p.name for p in folder.iterdir()] == ["0012.html"]


def test_a_folder_that_cannot_be_written_is_told(course: Path, tmp_path: Path) -> None:
    (tmp_path / "feedback").write_text("a file stands here")
    with pytest.raises(StaffError, match="cannot be written"):
        write_feedback(
            tmp_path / "feedback",
            submission(),
            result(question(passed())),
            assignment=assignments.load(course, "a0_scale"),
            terms=Terms(),
        )


@pytest.mark.sandbox
def test_a_really_graded_submission_has_its_page(course: Path, tmp_path: Path) -> None:
    source = (
        "def double(values):\n    return [v * v for v in values]\n"
        "def quadruple(values):\n    return double(double(values))\n"
    )
    handed_in = submission(files={"a0_scale.py": source.encode()})
    job = Job(
        course=course, assignment="a0_scale", submission=handed_in, secret=b"s" * 32
    )
    with Grader() as grader:
        graded = grader.grade(job)
    path = write_feedback(
        tmp_path,
        handed_in,
        graded,
        assignment=assignments.load(course, "a0_scale"),
        terms=Terms(),
    )
    text = text_of(path.read_text(encoding="utf-8"))
    assert "40 of 100 points" in text
    assert "Squared Your output is the square of the input." in text
    assert "with a working double in the place of yours" in text
    assert "expected 2, got 1" in text
    assert text.count("--seed ") == 1


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")
@pytest.mark.parametrize("made", ["everything", "fault", "full", "pictures"])
def test_a_phone_shows_a_page_without_overflow_or_complaint(
    made: str, tmp_path: Path
) -> None:
    graded = {
        "everything": everything(),
        "fault": result(score=None, possible=1.0, verdict=Verdict.FAULT),
        "full": result(question(passed(EVIL.replace(" ", "W") * 9))),
        "pictures": result(question(passed(hidden=True, pictures=PICTURES))),
    }[made]
    html = page(graded, submission(student_name="W" * 400 + EVIL))
    (tmp_path / "page.html").write_text(html, encoding="utf-8")
    seen = seen_at(tmp_path / "page.html", 360)
    assert seen.width == 360
    assert seen.height > 300
    assert not seen.console
    assert not seen.asked


def test_a_page_has_the_mark_that_counts_its_reasons_or_that_it_waits(
    course: Path, tmp_path: Path
) -> None:
    assignment = assignments.load(course, "a0_scale")

    def written(**told: Any) -> str:
        path = write_feedback(
            tmp_path,
            submission(),
            result(question(case(), passed("three", points=7.5))),
            assignment=assignment,
            terms=Terms(),
            **told,
        )
        return text_of(path.read_text(encoding="utf-8"))

    plain_page = written()
    lowered = written(mark=6.25, words=("late by 1 d: 1.25 less",))
    assert "6.25" in lowered
    assert "late by 1 d: 1.25 less" in lowered
    assert "6.25" not in plain_page
    waiting = written(waits=True)
    assert waiting not in {plain_page, lowered}
