"""Follow through: earlier functions are replaced by right ones, without a worker."""

from pathlib import Path
from types import ModuleType
from typing import Any, cast

import msgspec
import numpy as np
import pytest
from checks.callables import sum_of_sines

from autograder.course.assignment import Assignment, load
from autograder.errors import AuthoringError, GraderFault, StudentFault
from autograder.grading import follow as following
from autograder.grading.call_size import MOST_ITEMS
from autograder.grading.follow import Reference
from autograder.grading.known_answers import Known, KnownAnswers, digest_of
from autograder.grading.proxy import Call, Outcome, observe
from autograder.kinds import Kind
from autograder.sandbox.asking import Asking
from autograder.sandbox.session import Session
from autograder.sandbox.student_failures import StudentRaised
from autograder.worker.protocol import ProtocolError, StandIn
from conftest import Edit
from graded_here import (
    BUILT,
    COMPARED,
    PUBLIC_TWO,
    RIGHT,
    RIGHT_FOUR,
    WRONG,
    Sessions,
    cases,
    graded,
    kept,
    kinds,
)
from in_process import SECONDS
from third_question import add_octuple


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


def test_what_is_asked_again_counts_its_time_too(course: Path) -> None:
    carried = graded(course, WRONG + BUILT)
    assert [c.cpu_seconds for c in cases(carried, 1)] == [2 * SECONDS] * 2
    assert carried.cpu_seconds == 6 * SECONDS
    assert cases(carried, 1)[0].carried_from == "double"


def test_a_mistake_beside_an_earlier_one_is_explained_by_its_own_run(
    course: Path,
) -> None:
    result = graded(
        course, WRONG + "def quadruple(values):\n    return double(values)\n"
    )
    assert kinds(result, 1) == [Kind.VALUE, Kind.VALUE]
    public = cases(result, 1)[0]
    assert "with our `double` in the place of yours it is not right" in (public.message)
    assert result.flags == (), "who is wrong again has done nothing to our channel"
    assert [d.name for q in result.questions for d in q.diagnoses] == [
        "squared",
        "only_doubled",
    ]
    assert public.misconceptions == ("only_doubled",)


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
    for given in ([1], [1], [3], [4]):
        value = np.asarray(reference("double", (given,), {}))
        assert value.tolist() == [2 * given[0]]
    assert len(seen) == 3, "it is asked once for each"
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


@pytest.mark.parametrize("kind", ["load", "missing", "protocol"])
def test_a_reference_that_is_broken_is_a_fault_of_ours(course: Path, kind: str) -> None:
    fault = asked_reference(course, StudentFault(kind, "no"))
    assert str(fault) == "the reference's double: no"


@pytest.mark.parametrize(
    ("ends", "told"),
    [
        (StudentFault("timeout", "no"), "timeout"),
        (StudentFault("memory", "no"), "memory"),
        (StudentFault("type", "no"), "memory"),
        (
            AuthoringError("a call of double", "a test passes more", "pass less"),
            "memory",
        ),
        (ProtocolError("a frame of 5 GiB"), "memory"),
    ],
)
def test_more_than_a_right_function_can_do_is_the_submissions_failure(
    course: Path, ends: Exception, told: str
) -> None:
    fault = asked_reference(course, ends)
    assert isinstance(fault, StudentFault)
    assert fault.kind == told
    assert str(fault) == (
        "`double` is called with more than a right one can do in the time and memory "
        "of a case"
    )


def test_what_the_reference_raises_is_raised(course: Path) -> None:
    raised = StudentRaised("raised", "no", builtin_names=("ValueError",), coarse="no")
    assert asked_reference(course, raised) is raised


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
    sessions = Sessions()
    result = graded(course, WRONG + wrong_four + built, sessions)
    assert kinds(result, 2) == [Kind.CARRIED, Kind.CARRIED]
    assert cases(result, 2)[0].carried_from == "double, quadruple"
    followed = next(s.asking for s in reversed(sessions.opened) if s.asking)
    # Who names an argument as the stub does gets an answer, too.
    own = StandIn(parameters=("values",))
    assert followed.stand_ins == {"double": own, "quadruple": own}


def test_a_case_that_calls_an_earlier_function_itself_is_followed_too(
    course: Path, edit: Edit
) -> None:
    edit(PUBLIC_TWO, COMPARED, "    close(quadruple([1, 3]), double(double([1, 3])))\n")
    edit(PUBLIC_TWO, "def test_small(quadruple)", "def test_small(quadruple, double)")
    sessions = Sessions()
    result = graded(course, WRONG + RIGHT_FOUR, sessions)
    assert kinds(result, 1) == [Kind.CARRIED, Kind.PASSED]
    # What is right as it stands takes no time a second time.
    assert sessions.opened[1].places == [("q2_quadruple", "one and three")]
    assert cases(result, 1)[0].carried_from == "double"


def test_where_no_points_are_lost_nothing_is_replaced(course: Path, edit: Edit) -> None:
    edit("assignments/a0_scale/tests/q1_double.py", "points=30", "points=0")
    edit("assignments/a0_scale/tests/q1_double.py", "[2, 4])", "[2, 5])")
    edit("solutions/a0_scale/tests/q1_double.py", "points=30", "points=60")
    sessions = Sessions()
    four = "def quadruple(values):\n    return double(values)\n"
    result = graded(course, RIGHT + four, sessions)
    assert kinds(result, 1) == [Kind.VALUE, Kind.VALUE]
    assert len(sessions.opened) == 1
