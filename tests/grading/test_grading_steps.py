"""Ask and judge, on answers that are given without a worker."""

import builtins as builtins_of_tests
import weakref
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import numpy as np
import pytest
from checks import CheckFailedError

from autograder.grading import ask, grading_run
from autograder.grading import follow as following
from autograder.grading import grade as grade_module
from autograder.grading.case_record import CaseRecord
from autograder.grading.meter import Meter
from autograder.grading.proxy import Room
from autograder.kinds import KINDS, Kind
from autograder.own_time import OutOfOwnTimeError
from autograder.records.profile import Part
from autograder.records.results import Verdict
from conftest import Edit
from graded_here import (
    BUILT,
    COMPARED,
    PUBLIC_TWO,
    RIGHT,
    RIGHT_FOUR,
    WRONG,
    Clock,
    Sessions,
    cases,
    graded,
    kept,
    kinds,
)
from in_process import SECONDS, InProcess


def test_a_result_says_whose_it_is_how_it_was_made_and_what_it_cost(
    course: Path,
) -> None:
    result = graded(course, RIGHT + RIGHT_FOUR)
    assert (result.assignment, result.submission_key) == ("a0_scale", "s1-1")
    assert (result.score, result.possible, result.fault) == (100, 100, "")
    assert (result.verdict, result.isolation) == (Verdict.PASSED, "none")
    assert result.notices == ("a file was ignored",)
    assert result.flags == ()
    assert result.peak_memory_mib == 64.0
    assert result.cpu_seconds == 4 * SECONDS
    assert [c.cpu_seconds for c in cases(result, 0)] == [SECONDS, SECONDS]
    assert result.wall_seconds > 0
    assert result.graded_at.tzinfo is not None


def test_what_was_not_handed_in_has_every_case_and_no_points(course: Path) -> None:
    result = graded(course, None)
    assert (result.score, result.possible) == (0, 100)
    assert [(q.name, q.title, q.score, q.possible) for q in result.questions] == [
        ("q1_double", "Twice", 0, 60),
        ("q2_quadruple", "Four times", 0, 40),
    ]
    public, hidden = cases(result, 0)
    assert (public.name, public.points, public.hidden) == ("one and two", 30, False)
    assert (hidden.name, hidden.points, hidden.hidden) == ("random values", 30, True)
    assert {c.kind for c in (public, hidden)} == {Kind.NO_FILE}
    assert (result.peak_memory_mib, result.cpu_seconds) == (None, 0)


def test_each_case_of_each_question_is_begun_in_order_and_sessions_end(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "SECONDS_HERE", 0.0)
    sessions = Sessions()
    graded(course, RIGHT + RIGHT_FOUR, sessions)
    (opened,) = sessions.opened
    assert opened.places == [
        ("q1_double", "one and two"),
        ("q1_double", "random values"),
        ("q2_quadruple", "one and three"),
        ("q2_quadruple", "random values"),
    ]
    graded(course, WRONG + BUILT, sessions)
    # One for the submission, one to follow its second question, one of the reference.
    assert [s.source.startswith(WRONG.encode()) for s in sessions.opened[1:]] == [
        True,
        True,
        False,
    ]
    assert all(s.closed for s in sessions.opened)


class SecondHand(Sessions):
    """Opens the first session as one whose first question has another's worker."""

    def __call__(self, *args: Any) -> Any:
        session = super().__call__(*args)
        cast("InProcess", session).is_second_hand = len(self.opened) == 1
        return session


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (WRONG, [Kind.VALUE, Kind.VALUE]),
        (
            "def double(values):\n    return [2, 4] if values[0] == 1 else [0]\n",
            [Kind.PASSED, Kind.SHAPE],
        ),
    ],
)
def test_a_question_that_fails_in_anothers_worker_is_asked_whole_once_more(
    course: Path, source: str, found: list[Kind]
) -> None:
    sessions = SecondHand()
    result = graded(course, source + RIGHT_FOUR, sessions)
    cases = [("q1_double", "one and two"), ("q1_double", "random values")]
    assert sessions.opened[0].places[:4] == [*cases, *cases]
    assert sessions.opened[0].begun_anew == 1
    assert sessions.opened[0].ended == [True, False]
    assert kinds(result, 0) == found
    assert result.flags == ()


def test_what_the_first_time_gave_is_not_held_beside_the_second(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[weakref.ref[Any]] = []
    held = []

    def noted(**fields: Any) -> CaseRecord:
        held.append(sum(record() is not None for record in asked))
        record = CaseRecord(**fields)
        asked.append(weakref.ref(record))
        return record

    monkeypatch.setattr(ask, "CaseRecord", noted)
    graded(course, WRONG + RIGHT_FOUR, SecondHand())
    assert held[:4] == [0, 1, 0, 1]


def test_a_right_question_in_anothers_worker_is_asked_once(course: Path) -> None:
    sessions = SecondHand()
    graded(course, RIGHT + RIGHT_FOUR, sessions)
    assert len(sessions.opened[0].places) == 4
    assert sessions.opened[0].begun_anew == 0


def test_who_answers_otherwise_by_itself_is_shown_to_staff(course: Path) -> None:
    sessions = SecondHand()
    builtins = "import builtins\n"
    tries = (
        "def double(values):\n    builtins.tried = getattr(builtins, 'tried', 0) + 1\n"
        "    return [2 * v for v in values] if builtins.tried > 2 else [0]\n"
    )
    try:
        result = graded(course, builtins + tries + RIGHT_FOUR, sessions)
    finally:
        vars(builtins_of_tests).pop("tried", None)
    assert kinds(result, 0) == [Kind.PASSED, Kind.PASSED]
    assert f"Twice: {grade_module.OTHER_ALONE}" in result.flags
    # What was asked in vain is told, and takes no room from the rest.
    assert result.cpu_seconds == 6 * SECONDS


def test_after_two_time_outs_the_other_cases_are_not_run(
    course: Path, edit: Edit
) -> None:
    more = "".join(
        f"\n\n@test_case(name='more {i}', points=0)\ndef test_{i}(double):\n"
        "    close(double([1]), [2])\n"
        for i in range(2)
    )
    edit("assignments/a0_scale/tests/q1_double.py", "[2, 4])\n", f"[2, 4])\n{more}")
    sessions = Sessions()
    source = "def double(values):\n    fault('timeout')\n" + RIGHT_FOUR
    result = graded(course, source, sessions)
    assert kinds(result, 0) == [Kind.TIMEOUT] * 4
    assert [c.cpu_seconds for c in cases(result, 0)] == [SECONDS, SECONDS, 0, 0]
    assert [c.wall_seconds > 0 for c in cases(result, 0)] == [True, True, False, False]
    said = "not run: 2 cases of this question took too long before it"
    assert [c.message == said for c in cases(result, 0)] == [False, False, True, True]
    assert sessions.opened[0].places.count(("q1_double", "more 1")) == 0
    assert kinds(result, 1) == [Kind.PASSED, Kind.PASSED]


@pytest.mark.parametrize("kind", ["memory", "died", "raised", "not_started"])
def test_every_other_failure_leaves_the_next_case_its_turn(
    course: Path, edit: Edit, kind: str
) -> None:
    third = "\n\n@test_case(name='more', points=0)\ndef test_more(double):\n"
    third += "    close(double([1]), [2])\n"
    edit("assignments/a0_scale/tests/q1_double.py", "[2, 4])\n", f"[2, 4])\n{third}")
    sessions = Sessions()
    source = f"def double(values):\n    fault('{kind}')\n" + RIGHT_FOUR
    assert kinds(graded(course, source, sessions), 0) == [KINDS[kind]] * 3
    assert len(sessions.opened[0].places) == 5


def test_who_writes_into_the_channel_is_flagged_and_not_asked_again(
    course: Path,
) -> None:
    source = RIGHT + "def quadruple(values):\n    fault('protocol')\n"
    result = graded(course, source)
    assert result.flags == ("wrote into the grader's own channel",)
    assert result.score == 60
    second = "def quadruple(values):\n    double(values)\n    fault('protocol')\n"
    later = graded(course, WRONG.replace("v * v", "fault('raised')") + second)
    assert later.flags == ("wrote into the grader's own channel",)
    assert graded(course, RIGHT).flags == ()


def test_what_a_person_should_look_at_is_flagged_with_its_question(
    course: Path,
) -> None:
    result = graded(course, "use('numpy.add')\n" + RIGHT + RIGHT_FOUR)
    assert result.flags == ("Twice: calls numpy.add",)
    assert [q.flags for q in result.questions] == [("numpy.add",), ()]


def test_what_is_under_review_is_told_in_an_order(course: Path, edit: Edit) -> None:
    names = ["add", "dot", "exp", "log", "max", "sum"]
    several = ", ".join(f'"{name}"' for name in names)
    edit("assignments/a0_scale/manifest.toml", '"numpy.add"', several)
    uses = "".join(f"use('{name}')\n" for name in reversed(names))
    assert graded(course, uses + RIGHT).questions[0].flags == tuple(names)


def test_all_cases_of_a_submission_share_the_room_for_what_is_kept(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rooms: list[Room] = []

    def takes(room: Room, *_: Any) -> bool:
        rooms.append(room)
        return True

    monkeypatch.setattr(Room, "takes", takes)
    graded(course, WRONG + BUILT)
    assert len(rooms) > 4
    assert all(room is rooms[0] for room in rooms)


def test_both_sides_of_a_comparison_need_room_too() -> None:
    error = CheckFailedError("value", "m", expected=1, actual=np.zeros(100))
    failure_of = ask._failure_of  # noqa: SLF001 a case that fails has hundreds of MiB
    kept = failure_of(error, Room(left=64 + 864))
    assert kept.expected == 1
    assert kept.actual is error.actual
    left_out = failure_of(error, Room(left=64 + 863))
    assert (left_out.expected, left_out.actual) == (None, None)
    assert left_out.kind == kept.kind


def test_a_view_into_the_input_is_told(course: Path) -> None:
    name = "solutions/a0_scale/tests/q1_double.py"
    text = (course / name).read_text(encoding="utf-8")
    zeros = text.replace("case_rng().normal(size=5)", "case_rng().normal(size=5) * 0")
    (course / name).write_text(zeros, encoding="utf-8")
    public, hidden = cases(
        graded(
            course, "import numpy as np\ndef double(v):\n    return np.asarray(v)\n"
        ),
        0,
    )
    assert public.kind is Kind.VALUE
    assert (hidden.kind, hidden.message) == (
        Kind.PASSED,
        (
            "right; what double returns shares memory with its input: whoever changes "
            "the one later changes the other"
        ),
    )


def test_what_cannot_be_compared_is_the_answers_fault(course: Path, edit: Edit) -> None:
    edit(
        "assignments/a0_scale/tests/q1_double.py",
        "close(double([1, 2]), [2, 4])",
        "assert double([1, 2])[0] < 3",
    )
    sessions = Sessions()
    a_text = "def double(values):\n    return ['a']\n" + RIGHT_FOUR
    result = graded(course, a_text, sessions)
    public = cases(result, 0)[0]
    assert public.kind is Kind.TYPE
    assert "what came back cannot be compared with anything" in public.message
    assert sessions.opened[0].charged == [], "it took no time of ours"
    plain = graded(course, "def double(values):\n    return [7]\n" + RIGHT_FOUR)
    assert cases(plain, 0)[0].kind is Kind.VALUE


def test_a_test_that_breaks_on_right_answers_too_is_a_fault_with_its_line(
    course: Path, edit: Edit
) -> None:
    edit(
        "assignments/a0_scale/tests/q1_double.py",
        "    close(double([1, 2]), [2, 4])",
        "    close(double([1, 2]), [2, 4])\n    len(None)",
    )
    result = graded(course, RIGHT + RIGHT_FOUR)
    assert (result.score, result.verdict, result.questions) == (None, Verdict.FAULT, ())
    assert result.possible == 100
    assert "q1_double.py:11: the test itself broke: TypeError" in result.fault
    assert "mend the test, then run the same command again" in result.fault


def test_a_broken_test_is_named_by_the_innermost_line_of_its_file(
    course: Path, edit: Edit
) -> None:
    edit(
        "assignments/a0_scale/tests/q1_double.py",
        "    close(double([1, 2]), [2, 4])\n",
        "    broken()\n\n\ndef broken():\n    len(None)\n",
    )
    fault = graded(course, RIGHT + RIGHT_FOUR).fault
    assert "q1_double.py:14: the test itself broke: TypeError" in fault


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("__import__('json').loads('')", "JSONDecodeError"),
        ("raise SystemExit(3)", "SystemExit"),
    ],
)
def test_a_test_that_breaks_elsewhere_or_ends_python_is_named_by_its_own_line(
    course: Path, edit: Edit, line: str, told: str
) -> None:
    test = "assignments/a0_scale/tests/q1_double.py"
    edit(test, "    close(double([1, 2]), [2, 4])\n", f"    {line}\n")
    fault = graded(course, RIGHT + RIGHT_FOUR).fault
    assert f"q1_double.py:10: the test itself broke: {told}" in fault


def test_what_ends_a_worker_through_our_doing_is_never_a_point(course: Path) -> None:
    source = "def double(values):\n    fault_of_ours()\n" + RIGHT_FOUR
    result = graded(course, source)
    assert (result.verdict, result.score) == (Verdict.FAULT, None)
    assert "a worker was lost" in result.fault


def test_an_answer_that_a_test_broke_on_is_let_go_before_the_reference_is_asked(
    course: Path, edit: Edit
) -> None:
    test = "assignments/a0_scale/tests/q1_double.py"
    edit(test, "from checks", "import weakref\nfrom numpy import zeros\nfrom checks")
    lines = (
        "    assert not any(one() is not None for one in SEEN)\n"
        "    large = zeros(3)\n"
        "    SEEN.append(weakref.ref(large))\n"
        "    double([1, 2]).shape\n\n\n"
        "SEEN = []\n"
    )
    edit(test, "    close(double([1, 2]), [2, 4])\n", lines)
    result = graded(course, RIGHT + RIGHT_FOUR)
    assert (result.fault, cases(result, 0)[0].kind) == ("", Kind.TYPE)


def test_a_test_that_broke_is_tried_with_the_references_earlier_functions_too(
    course: Path, edit: Edit
) -> None:
    edit(PUBLIC_TWO, COMPARED, "    quadruple(double([1])).shape\n")
    edit(PUBLIC_TWO, "def test_small(quadruple)", "def test_small(quadruple, double)")
    result = graded(course, RIGHT + RIGHT_FOUR)
    assert (result.fault, kinds(result, 1)[0]) == ("", Kind.TYPE)


def test_what_a_test_notes_is_a_remark_to_who_is_right(
    course: Path, edit: Edit
) -> None:
    public = "assignments/a0_scale/tests/q1_double.py"
    edit(public, "    close(", "    note('quick, too')\n    close(")
    edit(public, "import case_rng", "import note, case_rng")
    assert cases(graded(course, RIGHT), 0)[0].message == "quick, too"


def test_pictures_have_time_of_their_own_and_a_proof_makes_none(
    course: Path, edit: Edit
) -> None:
    test = "solutions/a0_scale/tests/q1_double.py"
    edit(test, "close, unchanged", "close, show, unchanged")
    edit(test, "    x = case_rng()", PICTURE + "    x = case_rng()")
    sessions = Sessions()
    result = graded(course, RIGHT + RIGHT_FOUR, sessions)
    assert sessions.opened[0].asides == [5.0]
    assert len(cases(result, 0)[1].pictures) == 1
    assert result.cpu_seconds == 4 * SECONDS
    proof = graded(course, RIGHT + RIGHT_FOUR, sessions, stop_when_lost=True)
    assert sessions.opened[1].asides == []
    assert cases(proof, 0)[1].pictures == ()
    assert proof.score == 100, "nothing is lost, so every question is asked"
    # What is asked again for its points has been pictured before.
    edit("solutions/a0_scale/tests/q2_quadruple.py", "import case", "import show, case")
    edit(
        "solutions/a0_scale/tests/q2_quadruple.py",
        "    x = case_rng()",
        PICTURE.replace("double", "quadruple") + "    x = case_rng()",
    )
    sessions = Sessions()
    carried = graded(course, WRONG + BUILT, sessions)
    assert kinds(carried, 1) == [Kind.CARRIED, Kind.CARRIED]
    assert [len(s.asides) for s in sessions.opened] == [2, 0]


PICTURE = """    show(
        "training",
        lambda: {
            "losses": double([3, 4]), "accuracy": 0.5, "reference": [[0.6, 1, 2]]
        },
    )
"""


def test_a_proof_stops_at_the_first_lost_case_of_points(
    course: Path, edit: Edit
) -> None:
    result = graded(course, WRONG + RIGHT_FOUR, stop_when_lost=True)
    assert [q.name for q in result.questions] == ["q1_double"]
    assert len(cases(result, 0)) == 1
    assert result.questions[0].possible == 60
    assert result.questions[0].diagnoses == ()
    assert result.verdict is Verdict.FAILED
    edit("assignments/a0_scale/tests/q1_double.py", "points=30", "points=0")
    edit("solutions/a0_scale/tests/q1_double.py", "points=30", "points=60")
    assert len(cases(graded(course, WRONG, stop_when_lost=True), 0)) == 2


def test_a_case_without_points_takes_nothing_from_an_answer(
    course: Path, edit: Edit
) -> None:
    edit("assignments/a0_scale/tests/q1_double.py", "points=30", "points=0")
    edit("assignments/a0_scale/tests/q1_double.py", "[2, 4])", "[2, 5])")
    edit("solutions/a0_scale/tests/q1_double.py", "points=30", "points=60")
    result = graded(course, RIGHT + RIGHT_FOUR)
    assert kinds(result, 0) == [Kind.VALUE, Kind.PASSED]
    assert [q.verdict for q in result.questions] == [Verdict.PASSED] * 2
    assert (result.score, result.verdict) == (100, Verdict.PASSED)


def test_a_proof_asks_and_tells_of_the_questions_that_it_is_about(
    course: Path,
) -> None:
    sessions = Sessions()
    one = frozenset({"q2_quadruple"})
    result = graded(course, WRONG + RIGHT_FOUR, sessions, only=one)
    assert [q.name for q in result.questions] == ["q2_quadruple"]
    assert {place[0] for place in sessions.opened[0].places if place} == one
    assert (result.score, result.verdict) == (40, Verdict.PASSED)


def test_a_result_tells_the_time_that_has_passed_meanwhile(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clocks = SimpleNamespace(monotonic=Clock(1000.0, 1002.5), process_time=Clock(0.0))
    monkeypatch.setattr(grade_module, "time", clocks)
    assert graded(course, RIGHT + RIGHT_FOUR).wall_seconds == 2.5
    monkeypatch.setattr(ask, "time", SimpleNamespace(monotonic=Clock(10.0, 10.25)))
    seconds = [c.wall_seconds for c in cases(graded(course, RIGHT + RIGHT_FOUR), 0)]
    assert seconds == [0.25, 0.0]


def test_questions_that_stand_are_not_run_again_and_count(course: Path) -> None:
    before = graded(course, WRONG + BUILT)
    sessions = Sessions()
    result = graded(course, RIGHT + BUILT, sessions, kept=kept(before, "q1_double"))
    assert result.questions[0] == before.questions[0]
    assert {
        p for s in sessions.opened for p in s.places if p and p[0] == "q1_double"
    } == (set())
    assert (result.score, result.cpu_seconds) == (40, 4 * SECONDS)
    unmeasured = msgspec.structs.replace(
        before.questions[0],
        cases=tuple(
            msgspec.structs.replace(c, cpu_seconds=None)
            for c in before.questions[0].cases
        ),
    )
    result = graded(course, RIGHT + BUILT, kept={"q1_double": unmeasured})
    assert result.cpu_seconds == 2 * SECONDS, "of an old ledger's nobody knows it"
    only_kept = graded(course, RIGHT, kept={q.name: q for q in before.questions})
    assert only_kept.questions == before.questions
    assert only_kept.wall_seconds > sum(
        c.wall_seconds for q in before.questions for c in q.cases
    )


def test_the_last_call_of_a_failed_case_is_shown(course: Path, edit: Edit) -> None:
    public = "assignments/a0_scale/tests/q1_double.py"
    edit(public, "    close(", "    double([0])\n    close(")
    message = cases(graded(course, WRONG), 0)[0].message
    assert message.startswith("double([1, 2])\n")


def test_an_answer_that_cannot_be_compared_in_time_or_in_memory_is_charged(
    course: Path, edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (ask, grading_run):
        monkeypatch.setattr(module, "OWN_SECONDS", 0.05)
    first = "assignments/a0_scale/tests/q1_double.py"
    compared = "    close(double([1, 2]), [2, 4])\n"
    edit(first, compared, "    while list(double([1, 2])) != [2, 4]:\n        pass\n")
    edit(
        PUBLIC_TWO,
        COMPARED,
        "    if list(quadruple([1])) != [4]:\n        raise MemoryError\n",
    )
    sessions = Sessions()
    result = graded(
        course, WRONG + "def quadruple(values):\n    return [0]\n", sessions
    )
    slow, large = cases(result, 0)[0], cases(result, 1)[0]
    assert (slow.kind, large.kind) == (Kind.TIMEOUT, Kind.MEMORY)
    assert "takes far too long to be compared" in slow.message
    assert "takes far too much memory to be compared" in large.message
    assert sessions.opened[0].charged == [0.05]


def test_a_case_may_ask_an_earlier_function_too(course: Path, edit: Edit) -> None:
    both = "    close(quadruple([1, 3]), double(double([1, 3])))\n"
    edit(PUBLIC_TWO, COMPARED, both)
    edit(PUBLIC_TWO, "def test_small(quadruple)", "def test_small(quadruple, double)")
    result = graded(course, RIGHT + RIGHT_FOUR)
    assert kinds(result, 1) == [Kind.PASSED, Kind.PASSED]


def test_a_bare_assert_of_a_hidden_case_shows_none_of_its_values(
    course: Path, edit: Edit
) -> None:
    edit(
        "solutions/a0_scale/tests/q1_double.py",
        "close(double(x), reference.double(x))",
        "assert double(x)[0] == 2 * x[0], f'the input was {x}'",
    )
    hidden = cases(graded(course, WRONG), 0)[1]
    assert (hidden.kind, hidden.message) == (Kind.VALUE, "the answer is not right")


def test_of_a_comparison_of_a_hidden_case_its_words_without_values_are_shown(
    course: Path,
) -> None:
    short = "def double(values):\n    return [2 * v for v in values][1:]\n"
    hidden = cases(graded(course, short), 0)[1]
    assert hidden.kind is Kind.SHAPE
    assert hidden.message == "your answer has the wrong shape"


def test_half_of_a_question_is_no_passed_question_and_no_passed_result(
    course: Path, edit: Edit
) -> None:
    edit("solutions/a0_scale/tests/q1_double.py", "size=5)", "size=5) * 0")
    result = graded(course, WRONG + RIGHT_FOUR)
    assert kinds(result, 0) == [Kind.VALUE, Kind.PASSED]
    assert (result.verdict, result.questions[0].verdict) == (Verdict.FAILED,) * 2
    # What builds on it may need a right one in its place all the same.
    carried = graded(course, WRONG + BUILT)
    assert kinds(carried, 1) == [Kind.CARRIED, Kind.CARRIED]


def test_a_source_that_cannot_be_searched_for_odd_words_is_flagged_and_graded(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for error in (RecursionError(), OutOfOwnTimeError()):
        monkeypatch.setattr(grade_module, "odd_words", raising(error))
        result = graded(course, RIGHT + RIGHT_FOUR)
        name = type(error).__name__
        assert result.flags == (f"could not be searched for odd words ({name})",)
        assert result.score == 100


def raising(error: BaseException) -> Any:
    def raises(*_: Any) -> None:
        raise error

    return raises


def test_a_meter_is_told_what_the_time_of_a_grading_goes_to(course: Path) -> None:
    meter = Meter()
    graded(course, WRONG + BUILT, meter=meter)
    assert {Part.REFERENCE, Part.DIAGNOSIS} <= meter.spent.keys()


def test_words_that_a_person_should_look_at_are_flagged(course: Path) -> None:
    source = "import ctypes\n" + RIGHT + RIGHT_FOUR
    (flag,) = graded(course, source).flags
    assert "ctypes" in flag
    assert graded(course, source).score == 100
