"""Every student has inputs of their own, the same at every regrade."""

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest
from checks import collected_notes

from autograder.course.assignment import Case, load
from autograder.grading import grading_run
from autograder.grading.grading_run import (
    GradingRun,
    OwnSeconds,
    holds_for_the_reference,
    run_case,
    seed_of,
)
from autograder.own_time import OutOfOwnTimeError
from autograder.records.submission import Submission
from conftest import Edit

SUBMISSION = Submission(
    key="s-1",
    lms_id="",
    student_name="Ada",
    roster_id="0012",
    attempt=1,
    submitted_at=None,
    files={},
)


def computes_without_end() -> None:
    while True:
        pass


def test_what_the_cases_of_a_submission_make_us_compute_is_bounded_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(grading_run, "_LEAST_SECONDS", 0.02)
    monkeypatch.setattr(grading_run, "OWN_SECONDS", 0.1)
    own = OwnSeconds(left=0.15)
    for _ in range(4):
        with pytest.raises(OutOfOwnTimeError), own.of_a_case():
            computes_without_end()
    assert own.left < 0
    with own.of_a_case():
        pass  # what computes next to nothing has time to the end


def test_each_case_has_what_is_left_but_no_more_than_two_minutes_and_two_seconds_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = []

    @contextmanager
    def own_time(seconds: float) -> Iterator[None]:
        given.append(seconds)
        yield

    clock = iter([1000.0, 1500.0, 2000.0, 2099.0, 3000.0, 3500.0, 4000.0, 4000.0])
    monkeypatch.setattr(grading_run, "own_time", own_time)
    monkeypatch.setattr(
        grading_run, "time", SimpleNamespace(process_time=lambda: next(clock))
    )
    own = OwnSeconds()
    for _ in range(4):
        with own.of_a_case():
            pass
    assert given == [120.0, 100.0, 2.0, 2.0]


@pytest.fixture
def run(course: Path) -> GradingRun:
    return GradingRun(
        assignment=load(course, "a0_scale"), submission=SUBMISSION, secret=b"s" * 32
    )


def seeds(run: GradingRun) -> list[int]:
    return [
        run.seed(question, case)
        for question in run.assignment.manifest.question
        for case in run.assignment.cases[question.name]
    ]


def of(run: GradingRun, **changes: object) -> list[int]:
    submission = msgspec.structs.replace(run.submission, **changes)
    return seeds(replace(run, submission=submission))


def test_every_case_of_every_question_has_a_seed_of_its_own(run: GradingRun) -> None:
    first = seeds(run)
    assert len(set(first)) == len(first) == 4
    assert max(first).bit_length() in range(40, 49)


def test_a_seed_stays_whatever_is_handed_in_and_when(run: GradingRun) -> None:
    assert of(run, key="s-2", attempt=2, files={"a": b""}) == seeds(run)


def test_another_student_secret_or_assignment_has_other_seeds(run: GradingRun) -> None:
    other = [
        of(run, roster_id="0013"),
        of(run, shared_by="team-7"),
        seeds(replace(run, secret=b"t" * 32)),
        seeds(replace(run, assignment=replace(run.assignment, name="a1_scale"))),
    ]
    for changed in other:
        assert not set(changed) & set(seeds(run))


def test_a_team_shares_its_seeds_and_a_stranger_has_them_by_key(
    run: GradingRun,
) -> None:
    team = of(run, shared_by="team-7")
    assert of(run, shared_by="team-7", roster_id="0013") == team
    nobody = of(run, roster_id=None)
    assert nobody != of(run, roster_id=None, key="s-2")


def test_a_seed_is_the_beginning_of_an_hmac() -> None:
    mac = hmac.new(b"key", b"text", hashlib.sha256).hexdigest()
    assert seed_of(b"key", "text") == int(mac[:12], 16)


def test_a_case_runs_on_the_functions_it_is_given_with_its_seed(
    run: GradingRun,
) -> None:
    question = run.assignment.manifest.question[0]
    hidden = next(c for c in run.assignment.cases[question.name] if c.source.hidden)
    drawn = []

    def double(x: object) -> object:
        drawn.append(x)
        return run.assignment.reference.double(x)

    for seed in (5, 5, 6):
        run_case(
            run.assignment, hidden, {"double": double}, run.assignment.reference, seed
        )
    first, again, other = (x.tolist() for x in drawn)  # type: ignore[attr-defined]
    assert first == again != other


def test_a_case_may_take_the_reference_and_what_is_secret(run: GradingRun) -> None:
    taken: list[dict[str, Any]] = []
    asked = cast("Case", SimpleNamespace(run=taken.append))
    run_case(run.assignment, asked, {"double": len}, run.assignment.reference, 5)
    (environment,) = taken
    assert environment["double"] is len
    assert environment["reference"] is run.assignment.reference
    assert {"trained", "held_out", "lecture_networks"} < environment.keys()


def test_a_question_is_asked_where_it_is_among_the_asked_and_does_not_stand(
    run: GradingRun,
) -> None:
    first, second = run.assignment.manifest.question
    stands = {second.name: None}

    def asked(**changes: Any) -> list[bool]:
        changed = replace(run, **changes)
        return [changed.asks(first), changed.asks(second)]

    assert asked() == [True, True]
    assert asked(only=frozenset({first.name})) == [True, False]
    assert asked(only=frozenset()) == [False, False]
    assert asked(kept=stands) == [True, False]
    assert asked(only=frozenset({second.name}), kept=stands) == [False, False]


def test_a_case_that_never_ends_on_the_reference_does_not_hold_for_it(
    course: Path, edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grading_run, "OWN_SECONDS", 0.05)
    public = "assignments/a0_scale/tests/q1_double.py"
    edit(public, "    close(", "    while True:\n        double([1])\n    close(")
    assignment = load(course, "a0_scale")
    question = assignment.manifest.question[0]
    case = assignment.cases[question.name][0]
    assert not holds_for_the_reference(assignment, question, case, 5)


def test_what_a_test_notes_on_the_reference_is_no_remark_to_the_student(
    course: Path, edit: Edit
) -> None:
    public = "assignments/a0_scale/tests/q1_double.py"
    edit(public, "    close(", "    note('ours')\n    close(")
    edit(public, "import case_rng", "import note, case_rng")
    assignment = load(course, "a0_scale")
    question = assignment.manifest.question[0]
    case = assignment.cases[question.name][0]
    with collected_notes() as notes:
        assert holds_for_the_reference(assignment, question, case, 5)
    assert notes == []


def test_a_case_that_its_reference_does_not_pass_is_told(
    course: Path, edit: Edit
) -> None:
    def holds(name: str) -> list[bool]:
        assignment = load(course, "a0_scale")
        return [
            holds_for_the_reference(assignment, question, case, 5)
            for question in assignment.manifest.question
            if question.name == name
            for case in assignment.cases[name]
        ]

    assert holds("q1_double") == [True, True]
    assert holds("q2_quadruple") == [True, True]
    edit("assignments/a0_scale/tests/q1_double.py", "[2, 4]", "[2, 5]")
    assert holds("q1_double") == [False, True]
    edit(
        "solutions/a0_scale/tests/q1_double.py",
        "    with unchanged(x):",
        "    raise SystemExit\n    with unchanged(x):",
    )
    assert holds("q1_double") == [False, False]
