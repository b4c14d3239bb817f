"""Ask, judge, follow and explain, on answers that are given without a worker."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, cast

import msgspec
import numpy as np
import pytest
from checks.callables import sum_of_sines

from autograder.course.assignment import Assignment, load
from autograder.errors import GraderFault, StudentFault
from autograder.grading import ask, grading_run
from autograder.grading import follow as following
from autograder.grading import grade as grade_module
from autograder.grading.call_size import MOST_ITEMS
from autograder.grading.diagnosis import explain
from autograder.grading.follow import Reference
from autograder.grading.grade import grade
from autograder.grading.known_answers import Known, KnownAnswers, digest_of
from autograder.grading.parameter_order import NAME
from autograder.grading.proxy import Call, Outcome, Room, observe
from autograder.grading.trials import AskedCase
from autograder.kinds import KINDS, Kind
from autograder.own_time import OutOfOwnTimeError
from autograder.records.results import (
    CaseResult,
    Diagnosis,
    QuestionResult,
    Result,
    Verdict,
)
from autograder.records.submission import Submission
from autograder.sandbox.asking import Asking
from autograder.sandbox.session import Session
from autograder.sandbox.student_failures import StudentRaised
from conftest import Edit
from in_process import SECONDS, InProcess
from third_question import add_octuple

RIGHT = "def double(values):\n    return [2 * v for v in values]\n"
WRONG = "def double(values):\n    return [v * v for v in values]\n"
RIGHT_FOUR = "def quadruple(values):\n    return [4 * v for v in values]\n"
BUILT = "def quadruple(values):\n    return double(double(values))\n"


class Sessions:
    """Opens sessions, and keeps them."""

    def __init__(self) -> None:
        self.opened: list[InProcess] = []

    def __call__(self, source: bytes, asking: Asking | None = None) -> Session:
        self.opened.append(InProcess(source, asking))
        return cast("Session", self.opened[-1])


def graded(
    course: Path, source: str | None, sessions: Sessions | None = None, **options: Any
) -> Result:
    submission = Submission(
        key="s1-1",
        lms_id="",
        student_name="Zoë Doe",
        roster_id="0012",
        attempt=1,
        submitted_at=None,
        files={} if source is None else {"a0_scale.py": source.encode()},
        notices=("a file was ignored",),
    )
    return grade(
        load(course, "a0_scale"),
        submission,
        secret=b"s" * 32,
        session=sessions or Sessions(),
        isolation="none",
        **options,
    )


def cases(result: Result, place: int) -> tuple[CaseResult, ...]:
    assert result.verdict is not Verdict.FAULT, result.fault
    return result.questions[place].cases


def kinds(result: Result, place: int) -> list[Kind]:
    return [case.kind for case in cases(result, place)]


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
    assert result.peak_memory_mib is None


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
    result = graded(course, "def double(values):\n    return ['a']\n" + RIGHT_FOUR)
    public = cases(result, 0)[0]
    assert public.kind is Kind.TYPE
    assert "what came back cannot be compared with anything" in public.message
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


class Clock:
    """Gives the times that are told, then the last one for ever."""

    def __init__(self, *times: float) -> None:
        self._times = [*times]

    def __call__(self) -> float:
        return self._times.pop(0) if self._times[1:] else self._times[0]


def test_a_result_tells_the_time_that_has_passed_meanwhile(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clocks = SimpleNamespace(monotonic=Clock(1000.0, 1002.5), process_time=Clock(0.0))
    monkeypatch.setattr(grade_module, "time", clocks)
    assert graded(course, RIGHT + RIGHT_FOUR).wall_seconds == 2.5


def test_naming_has_a_minute_of_a_submission_and_half_a_second_of_each_question(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = []

    @contextmanager
    def own_time(seconds: float) -> Iterator[None]:
        given.append(seconds)
        yield

    clocks = SimpleNamespace(
        monotonic=Clock(0.0), process_time=Clock(100.0, 110.0, 159.75)
    )
    monkeypatch.setattr(grade_module, "time", clocks)
    monkeypatch.setattr(grade_module, "own_time", own_time)
    graded(course, WRONG + RIGHT_FOUR)
    assert given[:2] == [50.0, 0.5]


def kept(result: Result, name: str) -> dict[str, QuestionResult]:
    return {q.name: q for q in result.questions if q.name == name}


def test_questions_that_stand_are_not_run_again_and_count(course: Path) -> None:
    before = graded(course, WRONG + BUILT)
    sessions = Sessions()
    result = graded(course, RIGHT + BUILT, sessions, kept=kept(before, "q1_double"))
    assert result.questions[0] == before.questions[0]
    assert {
        p for s in sessions.opened for p in s.places if p and p[0] == "q1_double"
    } == (set())
    assert (result.score, result.cpu_seconds) == (40, 4 * SECONDS)
    only_kept = graded(course, RIGHT, kept={q.name: q for q in before.questions})
    assert only_kept.questions == before.questions
    assert only_kept.wall_seconds > sum(
        c.wall_seconds for q in before.questions for c in q.cases
    )


def test_a_kept_question_that_lost_points_is_followed_from(course: Path) -> None:
    before = graded(course, WRONG + BUILT)
    assert kinds(before, 1) == [Kind.CARRIED, Kind.CARRIED]
    again = graded(course, WRONG + BUILT, kept=kept(before, "q1_double"))
    assert kinds(again, 1) == [Kind.CARRIED, Kind.CARRIED]
    full = msgspec.structs.replace(before.questions[0], score=60.0)
    alone = graded(course, WRONG + BUILT, kept={"q1_double": full})
    assert kinds(alone, 1) == [Kind.VALUE, Kind.VALUE]
    half = msgspec.structs.replace(before.questions[0], score=30.0)
    after = graded(course, WRONG + BUILT, kept={"q1_double": half})
    assert kinds(after, 1) == [Kind.CARRIED, Kind.CARRIED]


def test_only_functions_whose_question_lost_points_are_replaced(course: Path) -> None:
    sessions = Sessions()
    wrong_four = "def quadruple(values):\n    return double(values)\n"
    result = graded(course, RIGHT + wrong_four, sessions)
    assert kinds(result, 1) == [Kind.VALUE, Kind.VALUE]
    assert len(sessions.opened) == 1
    assert [d.name for d in result.questions[1].diagnoses] == ["only_doubled"]


def test_a_function_that_nothing_calls_is_not_replaced(course: Path) -> None:
    sessions = Sessions()
    graded(course, WRONG + "def quadruple(values):\n    return [0]\n", sessions)
    assert len(sessions.opened) == 1
    sessions = Sessions()
    named = WRONG + "def quadruple(values):\n    return [0] # as double does\n"
    graded(course, named, sessions)
    assert len(sessions.opened) == 2


def test_what_no_right_function_can_mend_is_not_asked_again(course: Path) -> None:
    sessions = Sessions()
    source = WRONG + "def quadruple(values):\n    fault('protocol') or double(values)\n"
    graded(course, source, sessions)
    assert len(sessions.opened) == 1


def test_a_mistake_beside_an_earlier_one_is_explained_by_its_own_run(
    course: Path,
) -> None:
    result = graded(
        course, WRONG + "def quadruple(values):\n    return double(values)\n"
    )
    assert kinds(result, 1) == [Kind.VALUE, Kind.VALUE]
    public = cases(result, 1)[0]
    assert "with our `double` in the place of yours it is not right" in (public.message)
    assert [d.name for q in result.questions for d in q.diagnoses] == [
        "squared",
        "only_doubled",
    ]
    assert public.misconceptions == ("only_doubled",)


def test_what_is_asked_again_counts_its_time_too(course: Path) -> None:
    carried = graded(course, WRONG + BUILT)
    assert [c.cpu_seconds for c in cases(carried, 1)] == [2 * SECONDS] * 2
    assert carried.cpu_seconds == 6 * SECONDS
    assert cases(carried, 1)[0].carried_from == "double"


LONG = [1] * (MOST_ITEMS + 1)
"""More than the reference is asked for here."""


class Ends:
    """A session in which every call ends as it is told."""

    def __init__(self, fault: Exception) -> None:
        self._fault = fault
        self.begun = self.closed = 0

    def call(self, *_: Any) -> None:
        raise self._fault

    def begin_case(self) -> None:
        self.begun += 1

    def close(self) -> None:
        self.closed += 1


def asked_reference(course: Path, fault: Exception) -> Exception:
    session = Ends(fault)
    opened: list[bytes] = []

    def open_session(source: bytes, asking: Asking | None = None) -> Session:
        assert asking is None
        opened.append(source)
        return cast("Session", session)

    reference = Reference(load(course, "a0_scale"), open_session)
    reference.begin_case()
    reference.close()
    assert (opened, session.begun, session.closed) == ([], 0, 0)
    with pytest.raises((StudentFault, GraderFault)) as raised:
        reference("double", (LONG,), {})
    reference.begin_case()
    reference.close()
    assert (len(opened), session.begun, session.closed) == (1, 1, 1)
    assert b"_scaled" in opened[0]
    return raised.value


def test_the_reference_answers_what_it_is_asked_by_name_too(course: Path) -> None:
    sessions = Sessions()
    reference = Reference(load(course, "a0_scale"), sessions)
    other = [2, *LONG]
    asked = [
        reference("double", (), {"values": LONG}),
        reference("double", (), {"values": other}),
        reference("double", (LONG,), {}),
        reference("double", (), {"values": LONG}),
    ]
    assert [np.asarray(value)[0] for value in asked] == [2, 4, 2, 2]
    assert sessions.opened[0].seconds_used == 3 * SECONDS, "it is asked once for each"


def test_what_is_small_the_reference_answers_without_a_worker(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Call] = []

    def observed(module: ModuleType, call: Call) -> Outcome:
        seen.append(call)
        return observe(module, call)

    monkeypatch.setattr(following, "observe", observed)
    sessions = Sessions()
    reference = Reference(load(course, "a0_scale"), sessions)
    given = [1]
    for _ in range(2):
        assert np.asarray(reference("double", (given,), {})).tolist() == [2]
    assert len(seen) == 1, "it is asked once for each"
    assert not sessions.opened
    with pytest.raises(StudentFault):
        reference("double", (None,), {})
    assert len(sessions.opened) == 1, "in what words it raises its worker tells"


def test_the_reference_answers_here_for_so_long_in_a_case(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "SECONDS_HERE", 1e-9)
    sessions = Sessions()
    reference = Reference(load(course, "a0_scale"), sessions)
    reference("double", ([1],), {})
    assert not sessions.opened
    reference("double", ([2],), {})
    assert len(sessions.opened) == 1
    reference.begin_case()
    reference("double", ([3],), {})
    assert sessions.opened[0].seconds_used == SECONDS


def test_what_the_reference_raised_here_is_no_answer_of_its_worker(
    course: Path,
) -> None:
    assignment = load(course, "a0_scale")
    digest = digest_of("double", ([1],), {})
    known = KnownAnswers.of(assignment)
    known.answer((), digest, lambda: Known(Outcome(error="ValueError")))
    reference = Reference(assignment, Sessions())
    assert np.asarray(reference("double", ([1],), {})).tolist() == [2]


def test_functions_of_networks_have_no_stand_ins_but_public_ones(
    course: Path, edit: Edit
) -> None:
    edit("assignments/a0_scale/manifest.toml", '["numpy"]', '["numpy", "torch"]')
    sessions = Sessions()
    result = graded(course, WRONG + BUILT, sessions)
    assert kinds(result, 1) == [Kind.VALUE, Kind.VALUE]
    assert len(sessions.opened) == 1


def test_the_last_call_of_a_failed_case_is_shown(course: Path, edit: Edit) -> None:
    public = "assignments/a0_scale/tests/q1_double.py"
    edit(public, "    close(", "    double([0])\n    close(")
    message = cases(graded(course, WRONG), 0)[0].message
    assert message.startswith("double([1, 2])\n")


@pytest.mark.parametrize("kind", ["load", "missing", "protocol"])
def test_a_reference_that_is_broken_is_a_fault_of_ours(course: Path, kind: str) -> None:
    fault = asked_reference(course, StudentFault(kind, "no"))
    assert str(fault) == "the reference's double: no"


@pytest.mark.parametrize(
    ("kind", "told"), [("timeout", "timeout"), ("memory", "memory"), ("type", "memory")]
)
def test_more_than_a_right_function_can_do_is_the_submissions_failure(
    course: Path, kind: str, told: str
) -> None:
    fault = asked_reference(course, StudentFault(kind, "no"))
    assert isinstance(fault, StudentFault)
    assert fault.kind == told
    assert str(fault) == (
        "`double` is called with more than a right one can do in the time and memory "
        "of a case"
    )


def test_what_the_reference_raises_is_raised(course: Path) -> None:
    raised = StudentRaised("raised", "no", builtin_names=("ValueError",), coarse="no")
    assert asked_reference(course, raised) is raised


PUBLIC_TWO = "assignments/a0_scale/tests/q2_quadruple.py"
COMPARED = "    close(quadruple([1, 3]), [4, 12])\n"


def test_a_case_that_was_left_out_for_want_of_time_counts_as_it_stands_later(
    course: Path, edit: Edit
) -> None:
    again = "\n\n@test_case(name='{0}', points=0)\ndef test_{0}(quadruple):\n"
    more = again.format("again") + COMPARED
    more += again.format("alone") + "    close(quadruple([5]), [20])\n"
    edit(PUBLIC_TWO, COMPARED, COMPARED + more)
    source = (
        "def double(values):\n    fault('timeout')\n"
        "def quadruple(values):\n"
        "    return double(double(values)) if values[1:] else [4 * v for v in values]\n"
    )
    result = graded(course, source)
    assert kinds(result, 1)[:3] == [Kind.CARRIED, Kind.CARRIED, Kind.PASSED]


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


def test_with_a_public_stand_in_the_reference_stands_on_it_too(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Assignment, "stand_ins", {"double": sum_of_sines})
    sessions = Sessions()
    result = graded(course, WRONG.replace("v * v", "v + 1") + BUILT, sessions)
    # The public case has the values of a right function, which this is not.
    assert kinds(result, 1) == [Kind.VALUE, Kind.CARRIED]
    followed = sessions.opened[1].asking
    assert followed is not None
    assert followed.spared == ("quadruple",)


def test_every_earlier_function_that_is_wrong_is_replaced(course: Path) -> None:
    add_octuple(course, "double", "quadruple")
    built = "def octuple(values):\n    return double(quadruple(values))\n"
    wrong_four = "def quadruple(values):\n    return [5 * v for v in values]\n"
    result = graded(course, WRONG + wrong_four + built)
    assert kinds(result, 2) == [Kind.CARRIED, Kind.CARRIED]
    assert cases(result, 2)[0].carried_from == "double, quadruple"


def test_a_case_that_calls_an_earlier_function_itself_is_followed_too(
    course: Path, edit: Edit
) -> None:
    edit(PUBLIC_TWO, COMPARED, "    close(quadruple([1, 3]), double(double([1, 3])))\n")
    edit(PUBLIC_TWO, "def test_small(quadruple)", "def test_small(quadruple, double)")
    result = graded(course, WRONG + RIGHT_FOUR)
    assert kinds(result, 1) == [Kind.CARRIED, Kind.PASSED]
    assert cases(result, 1)[0].carried_from == "double"


def test_words_that_a_person_should_look_at_are_flagged(course: Path) -> None:
    source = "import ctypes\n" + RIGHT + RIGHT_FOUR
    (flag,) = graded(course, source).flags
    assert "ctypes" in flag
    assert graded(course, source).score == 100


def test_where_no_points_are_lost_nothing_is_replaced(course: Path, edit: Edit) -> None:
    edit("assignments/a0_scale/tests/q1_double.py", "points=30", "points=0")
    edit("assignments/a0_scale/tests/q1_double.py", "[2, 4])", "[2, 5])")
    edit("solutions/a0_scale/tests/q1_double.py", "points=30", "points=60")
    sessions = Sessions()
    four = "def quadruple(values):\n    return double(values)\n"
    result = graded(course, RIGHT + four, sessions)
    assert kinds(result, 1) == [Kind.VALUE, Kind.VALUE]
    assert len(sessions.opened) == 1


Explained = dict[str, tuple[list[AskedCase], list[str]]]


@pytest.fixture
def explained(monkeypatch: pytest.MonkeyPatch) -> Explained:
    """What is to be explained, by question: its cases, and mistakes named before."""
    seen: Explained = {}

    def told(assignment: Any, question: str, given: Any, earlier: Any, of: Any) -> Any:
        seen[question] = list(given), list(earlier)
        return explain(assignment, question, given, earlier, of)

    monkeypatch.setattr(grade_module, "explain", told)
    return seen


def values(asked: list[AskedCase]) -> list[Any]:
    return [[call.outcome.value for call in case.calls] for case in asked]


def test_each_question_is_explained_by_what_it_asked_and_what_was_named_before(
    course: Path, explained: Explained
) -> None:
    graded(course, WRONG + "def quadruple(values):\n    return double(values)\n")
    first, before = explained["q1_double"]
    assert [(c.name, c.points, c.failed) for c in first] == [
        ("one and two", 30.0, True),
        ("random values", 30.0, True),
    ]
    assert (values(first)[0], before) == ([[1, 4]], [])
    assert np.asarray(first[0].actual).tolist() == [1, 4]
    second, before = explained["q2_quadruple"]
    # With a right double in the place of theirs: so the mistake is quadruple's own.
    assert [value.tolist() for value in values(second)[0]] == [[2, 6]]
    assert before == ["squared"]


@pytest.mark.parametrize("kind", ["timeout", "memory", "load"])
def test_a_case_without_an_answer_is_nothing_to_explain(
    course: Path, explained: Explained, kind: str
) -> None:
    graded(course, f"def double(values):\n    fault('{kind}')\n")
    assert [case.failed for case in explained["q1_double"][0]] == [False, False]


def test_what_was_too_large_to_be_kept_is_no_evidence(
    course: Path, explained: Explained, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Room, "takes", lambda *_: False)
    result = graded(course, WRONG + RIGHT_FOUR)
    assert values(explained["q1_double"][0]) == [[], []]
    assert [q.diagnoses for q in result.questions] == [(), ()]


def test_answers_on_a_public_stand_in_are_no_evidence_and_what_counts_needs_none(
    course: Path, explained: Explained, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Assignment, "stand_ins", {"double": sum_of_sines})
    plus = WRONG.replace("v * v", "v + 1")
    assert kinds(graded(course, plus + BUILT), 1) == [Kind.VALUE, Kind.CARRIED]
    (failed,) = explained["q2_quadruple"][0]
    assert (failed.name, values([failed])) == ("one and three", [[[3, 5]]])


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ValueError("odd\x1b[31m"), "ValueError: odd [31m"),
        (OutOfOwnTimeError("60 s"), "OutOfOwnTimeError: 60 s"),
    ],
)
def test_what_breaks_the_search_for_a_name_is_told_to_staff_and_costs_nothing(
    course: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    told: str,
) -> None:
    def breaks(*_: Any) -> None:
        raise error

    monkeypatch.setattr(grade_module, "explain", breaks)
    result = graded(course, WRONG + RIGHT_FOUR)
    assert result.score == 40
    assert result.flags[0] == f"Twice: no mistake could be named ({told})"
    assert len(result.flags) == 2


def test_a_proof_that_stops_at_the_first_loss_names_nothing(
    course: Path, explained: Explained
) -> None:
    graded(course, WRONG + RIGHT_FOUR, stop_when_lost=True)
    assert explained == {}


@pytest.fixture
def turned(monkeypatch: pytest.MonkeyPatch) -> Diagnosis:
    """The sentence that ``quadruple`` takes its parameters in another order."""
    told = Diagnosis(name=NAME, message="In this order.")

    def in_another_order(_: Any, __: Any, functions: Any) -> Any:
        return [("quadruple", told)] if "quadruple" in functions else []

    monkeypatch.setattr(grade_module, "in_another_order", in_another_order)
    return told


WRONG_FOUR = "def quadruple(values):\n    return [2 * v for v in values]\n"


def test_what_got_one_thing_for_another_tells_no_other_mistake(
    course: Path, explained: Explained, turned: Diagnosis
) -> None:
    result = graded(course, RIGHT + WRONG_FOUR)
    assert result.questions[1].diagnoses == (turned,)
    assert [c.misconceptions for c in cases(result, 1)] == [(NAME,), (NAME,)]
    assert explained["q2_quadruple"][0] == []
    assert result.questions[0].diagnoses == ()


def test_a_function_that_gave_a_right_answer_takes_its_parameters_in_order(
    course: Path, edit: Edit, explained: Explained, turned: Diagnosis
) -> None:
    edit(PUBLIC_TWO, COMPARED, "    close(quadruple([0, 0]), [0, 0])\n")
    result = graded(course, RIGHT + WRONG_FOUR)
    assert kinds(result, 1) == [Kind.PASSED, Kind.VALUE]
    assert turned not in result.questions[1].diagnoses
    assert len(explained["q2_quadruple"][0]) == 2


def test_an_error_that_was_asked_for_speaks_neither_for_an_order_nor_against(
    course: Path, edit: Edit, explained: Explained, turned: Diagnosis
) -> None:
    edit(PUBLIC_TWO, COMPARED, "    raises(ValueError, quadruple, [1])\n")
    edit(PUBLIC_TWO, "import case_rng", "import raises, case_rng")
    four = (
        "def quadruple(values):\n    if len(values) == 1:\n        raise ValueError\n"
    )
    result = graded(course, RIGHT + four + "    return [2 * v for v in values]\n")
    assert kinds(result, 1) == [Kind.ONLY_RAISES, Kind.VALUE]
    assert result.questions[1].diagnoses == (turned,)
    assert [c.misconceptions for c in cases(result, 1)] == [(), (NAME,)]
    assert explained["q2_quadruple"][0] == []


def test_what_calls_another_function_is_explained_as_ever(
    course: Path, edit: Edit, explained: Explained, turned: Diagnosis
) -> None:
    edit(PUBLIC_TWO, COMPARED, "    close(double([1, 3]), [2, 7])\n")
    edit(PUBLIC_TWO, "def test_small(quadruple)", "def test_small(double)")
    result = graded(course, RIGHT + WRONG_FOUR)
    assert kinds(result, 1) == [Kind.VALUE, Kind.VALUE]
    assert [c.name for c in explained["q2_quadruple"][0]] == ["one and three"]
    assert [c.misconceptions for c in cases(result, 1)] == [(), (NAME,)]
    assert result.questions[1].diagnoses == (turned,)
