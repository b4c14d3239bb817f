"""A class of invented students with invented results, as large as a test wants it.

Every student has an ability, every case a difficulty, and chance decides the rest; the
same number of students gives the same class. Some hand in nothing, some late, some are
ungraded through no fault of theirs.
"""

import math
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from autograder.course.assignment import Assignment, Question
from autograder.kinds import Kind
from autograder.records.ledger import Ledger
from autograder.records.results import (
    CaseResult,
    Diagnosis,
    QuestionResult,
    Result,
    Verdict,
)
from autograder.records.submission import Clock, Submission

DUE = datetime(2026, 10, 9, 23, 59)  # noqa: DTZ001 the LMS's local time
FIRST = ("Zoë", "Bão", "Chidi", "دينا", "Eun-ji", "Fjóla", "Gus", "Hana", "Iñigo", "Jo")
LAST = ("Müller-O'Brien", "Nguyễn", "Okonkwo", "الحسن", "Kim", "Þórsdóttir", "Quote")
MISSING, FAULT, LATE, FLAGGED = 13, 17, 7, 11
"""Every so-manieth student has handed in nothing, is ungraded, late, flagged."""


def write_roster(folder: Path, count: int) -> Path:
    path = folder / "roster.csv"
    rows = [f"{_id(n)},s{n},{_name(n)}" for n in range(count)]
    path.write_text("\n".join(["id,username,name", *rows, ""]), encoding="utf-8")
    return path


def fill_ledger(path: Path, assignment: Assignment, count: int) -> None:
    chance = random.Random(count)  # noqa: S311 no secret
    with Ledger(path) as ledger:
        for number in range(count):
            if number % MISSING != MISSING - 1:
                ledger.add(*_graded(assignment, number, chance), "hash")


def _id(number: int) -> str:
    return f"{4630 + number:07d}"


def _name(number: int) -> str:
    return f"{FIRST[number % len(FIRST)]} {LAST[number * 3 % len(LAST)]}"


def _graded(
    assignment: Assignment, number: int, chance: random.Random
) -> tuple[Submission, Result]:
    late = number % LATE == LATE - 1
    submission = Submission(
        key=f"{assignment.name.replace('_', '-')}-{number}",
        lms_id=f"{10001 + number}",
        student_name=_name(number),
        roster_id=_id(number),
        attempt=1,
        submitted_at=DUE + timedelta(hours=5 if late else -9 - number),
        clock=Clock.LOCAL,
        files={},
    )
    ability = chance.gauss(1.0, 1.2)
    questions = tuple(
        _question(assignment, question, ability, chance)
        for question in assignment.manifest.question
    )
    fault = number % FAULT == FAULT - 1
    result = Result(
        assignment=assignment.name,
        submission_key=submission.key,
        score=None if fault else sum(q.score for q in questions),
        possible=assignment.possible,
        verdict=Verdict.FAULT if fault else _verdict(all(_full(q) for q in questions)),
        questions=() if fault else questions,
        flags=("Convolution of a signal: calls numpy.convolve",)
        if number % FLAGGED == FLAGGED - 1
        else (),
        fault="the sandbox would not start" if fault else "",
        wall_seconds=math.exp(chance.gauss(0.3, 0.8)),
        peak_memory_mib=None if number % MISSING == 0 else chance.gauss(60, 15),
        graded_at=datetime(2026, 10, 10, 8, tzinfo=UTC),
        isolation="bubblewrap 0.8",
    )
    return submission, result


def _question(
    assignment: Assignment, question: Question, ability: float, chance: random.Random
) -> QuestionResult:
    cases = tuple(_cases(assignment, question, ability, chance))
    known = [m for m in assignment.misconceptions if m.question == question.name]
    passed = all(case.verdict is Verdict.PASSED for case in cases)
    named = known and not passed and chance.random() < 0.7
    found = min(known[:3], key=lambda _: chance.random()) if named else None
    return QuestionResult(
        name=question.name,
        title=question.title,
        score=sum(c.points for c in cases if c.verdict is Verdict.PASSED),
        possible=assignment.points(question.name),
        verdict=_verdict(passed),
        cases=cases,
        diagnoses=(Diagnosis(name=found.name, message=found.message, see=found.see),)
        if found
        else (),
    )


def _cases(
    assignment: Assignment, question: Question, ability: float, chance: random.Random
) -> Iterator[CaseResult]:
    for place, case in enumerate(assignment.cases[question.name]):
        difficulty = (len(question.title) + 3 * place) % 7 / 3 - 1
        passed = chance.random() < 1 / (1 + math.exp(2 * (difficulty - ability)))
        if case.source.name == assignment.cases[question.name][-1].source.name:
            # The last case of each question is the hardest of all, or even inverted.
            passed = chance.random() < 0.35
        yield CaseResult(
            name=case.source.name,
            hidden=case.source.hidden,
            points=case.source.points,
            verdict=_verdict(passed),
            kind=Kind.PASSED
            if passed
            else chance.choice((Kind.VALUE, Kind.SHAPE, Kind.RAISED)),
        )


def _verdict(passed: object) -> Verdict:
    return Verdict.PASSED if passed else Verdict.FAILED


def _full(question: QuestionResult) -> bool:
    return question.verdict is Verdict.PASSED
