"""Grade one submission: ask, judge, follow, explain.

This is the trusted process. Tests, expected values and references live here; the
submission runs in a worker and is only ever called through proxies. Each step takes
values and gives values; only `ask` holds a session.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec

from autograder.course.assignment import Assignment, Question
from autograder.errors import GraderFault
from autograder.grading.ask import ask
from autograder.grading.case_record import CaseRecord, QuestionRecord
from autograder.grading.diagnosis import Explanation, explain
from autograder.grading.follow import OpenSession, Reference, follow
from autograder.grading.grading_run import GradingRun
from autograder.grading.judge import judge
from autograder.grading.meter import Metering, NoMeter
from autograder.grading.naming_budget import REMARK, NamingBudget
from autograder.grading.odd_words import odd_words
from autograder.grading.parameter_order import NAME, in_another_order
from autograder.grading.proxy import Call
from autograder.grading.trials import AskedCase
from autograder.kinds import Kind
from autograder.own_time import OutOfOwnTimeError, own_time
from autograder.points import total
from autograder.records.profile import Part
from autograder.records.results import CaseResult, QuestionResult, Result, Verdict
from autograder.records.submission import Submission
from autograder.sandbox.session import Session
from autograder.text import readable

SECONDS_TO_EXPLAIN = 60.0
"""What the grader may compute to name a submission's mistakes."""
SECONDS_TO_SEARCH = 10.0
"""What the grader may compute to find odd words in a submission's source."""
OTHER_ALONE = (
    "answers otherwise by itself (that counts) than after other questions: they leave "
    "something behind, it draws lots, takes about as long as it may, or tries twice"
)
_LEAST_SECONDS = 0.5
"""So much every question has, however long those before it took."""


@dataclass(frozen=True, kw_only=True)
class _Judged:
    """A question as it was asked and judged."""

    record: QuestionRecord
    cases: tuple[CaseResult, ...]


def grade(
    assignment: Assignment,
    submission: Submission,
    *,
    secret: bytes,
    session: OpenSession,
    isolation: str,
    stop_when_lost: bool = False,
    only: AbstractSet[str] | None = None,
    kept: Mapping[str, QuestionResult] | None = None,
    meter: Metering | None = None,
) -> Result:
    """Return the submission's result; whatever it does, only its own marks suffer.

    session : opens a session for a source file
    isolation : what separates the worker from this machine, for the record
    only : the questions that are asked, and have a result; all where None
    kept : results of questions that stand and are not run again, by question
    meter : is told what time goes to, where anybody wants to know
    """
    started = time.monotonic()
    run = GradingRun(
        assignment=assignment,
        submission=submission,
        secret=secret,
        stop_when_lost=stop_when_lost,
        only=only,
        kept=kept or {},
        meter=meter or NoMeter(),
    )
    fault, tally = "", _Tally()
    try:
        _grade(run, session, tally)
    except GraderFault as error:
        fault = str(error)
    standing = [*_cases(run.kept.values())]
    return Result(
        assignment=assignment.name,
        submission_key=submission.key,
        score=None if fault else total(q.score for q in tally.questions),
        possible=assignment.possible,
        verdict=Verdict.FAULT if fault else _worst(tally.questions),
        questions=tally.questions,
        notices=submission.notices,
        flags=(
            *tally.flags,
            *(f"{q.title}: calls {flag}" for q in tally.questions for flag in q.flags),
        ),
        fault=fault,
        wall_seconds=time.monotonic() - started + sum(c.wall_seconds for c in standing),
        cpu_seconds=tally.computed + sum(c.cpu_seconds or 0.0 for c in standing),
        peak_memory_mib=tally.memory_mib,
        graded_at=datetime.now(UTC),
        isolation=isolation,
    )


@dataclass(kw_only=True)
class _Tally:
    """What grading has come to: of a grader fault, too, as far as it went.

    questions : all of them, or none where it was not graded to the end
    computed : seconds of the worker's processor; flags : what staff should look at
    """

    questions: tuple[QuestionResult, ...] = ()
    flags: list[str] = field(default_factory=list)
    memory_mib: float | None = None
    computed: float = 0.0


def _grade(run: GradingRun, open_session: OpenSession, tally: _Tally) -> None:
    """Ask, judge, follow and explain every question that does not stand."""
    assignment = run.assignment
    source = run.submission.files.get(assignment.manifest.file)
    if source is None:
        asked = assignment.manifest.question
        tally.questions = tuple(_not_submitted(assignment, q) for q in asked)
        return
    with open_session(source) as session:
        judged = list(_judged(run, session))
        wrote = session.broke_protocol
        tally.memory_mib = session.peak_memory_mib
        tally.computed = session.seconds_used + session.seconds_in_vain
    tally.flags += [
        f"{one.record.question.title}: {OTHER_ALONE}"
        for one in judged
        if one.record.is_other_alone
    ]
    with run.meter.of(Part.DIAGNOSIS):
        judged = _followed(run, judged, source, open_session)
    again = [r.again for one in judged for r in one.record.cases if r.again]
    tally.computed += sum(record.cpu_seconds for record in again)
    if wrote or any(map(_wrote_into_the_channel, again)):
        tally.flags.append("wrote into the grader's own channel")
    budget = NamingBudget.of(assignment.costs)
    with run.meter.of(Part.DIAGNOSIS):
        tally.questions = tuple(_explained(run, judged, tally.flags, budget))
    if budget.cut:
        tally.flags.append(REMARK)
    tally.flags += _oddities(source)


def _oddities(source: bytes) -> list[str]:
    """Return what staff should look at in the source, whatever stands in it."""
    try:
        with own_time(SECONDS_TO_SEARCH):
            return list(odd_words(source))
    except (Exception, OutOfOwnTimeError) as error:  # noqa: BLE001 text breaks it in any way
        return [f"could not be searched for odd words ({type(error).__name__})"]


def _judged(run: GradingRun, session: Session) -> Iterator[_Judged]:
    """Ask and judge every question that does not stand, until one is lost if asked."""
    for question in run.assignment.manifest.question:
        if not run.asks(question):
            continue
        record = ask(run, session, question, pictures=not run.stop_when_lost)
        cases = judge(run.assignment.name, question, record.cases)
        yield _Judged(record=record, cases=cases)
        if run.stop_when_lost and _of_points(cases) is Verdict.FAILED:
            return


def _followed(
    run: GradingRun,
    judged: Sequence[_Judged],
    source: bytes,
    open_session: OpenSession,
) -> list[_Judged]:
    """Ask what failed again with right earlier functions, and judge it again."""
    wrong = {name for name, kept in run.kept.items() if kept.score < kept.possible}
    found = []
    reference = Reference(run.assignment, open_session)
    with closing(reference):
        for one in judged:
            question = one.record.question
            record = follow(
                run,
                one.record,
                lost=wrong,
                source=source,
                open_session=open_session,
                reference=reference,
            )
            cases = judge(run.assignment.name, question, record.cases)
            if _of_points(cases) is Verdict.FAILED:
                wrong.add(question.name)
            found.append(_Judged(record=record, cases=cases))
    return found


def _explained(
    run: GradingRun,
    judged: Sequence[_Judged],
    flags: list[str],
    budget: NamingBudget,
) -> Iterator[QuestionResult]:
    """Explain every question in turn; flags : where what could not be is told."""
    by_name = {one.record.question.name: one for one in judged}
    graded = dict(run.kept)
    end = time.process_time() + SECONDS_TO_EXPLAIN
    for question in run.assignment.manifest.question:
        if question.name in by_name:
            one = by_name[question.name]
            explained = Explanation()
            try:
                with own_time(max(end - time.process_time(), _LEAST_SECONDS)):
                    explained = _explanation(run, one, graded, budget)
            except (Exception, OutOfOwnTimeError) as error:  # noqa: BLE001 answers break it in any way
                why = f"{type(error).__name__}: {readable(str(error))}"
                flags.append(f"{question.title}: no mistake could be named ({why})")
            graded[question.name] = _question_result(run, one, explained)
        if question.name in graded:
            yield graded[question.name]


def _explanation(
    run: GradingRun,
    judged: _Judged,
    graded: Mapping[str, QuestionResult],
    budget: NamingBudget,
) -> Explanation:
    """Explain a question's wrong answers; graded : the questions before it."""
    if run.stop_when_lost:
        return Explanation()
    assignment, question = run.assignment, judged.record.question
    functions = assignment.foundations(question)
    earlier = {assignment.question_of(f).name for f in functions}
    named = [
        diagnosis.name
        for name in sorted(earlier.intersection(graded))
        for diagnosis in graded[name].diagnoses
    ]
    asked = list(_asked(assignment, judged.record.cases))
    source = run.submission.files[assignment.manifest.file]
    order = dict(in_another_order(source, assignment.parameters, question.functions))
    # Whatever its def says: with its arguments mixed up it would not have been right.
    for function in {c.function for c in _right(asked)}.intersection(order):
        del order[function]

    def is_confused(case: AskedCase) -> bool:
        return any(call.function in order for call in case.calls)

    # Where every call got one thing for another, values tell no other mistake.
    told = [case.name for case in asked if case.failed and is_confused(case)]
    if not told:
        return explain(assignment, question.name, asked, named, budget)
    rest = [case for case in asked if not is_confused(case)]
    explained = explain(assignment, question.name, rest, named, budget)
    return Explanation(
        (*order.values(), *explained.diagnoses),
        {**explained.by_case, **dict.fromkeys(told, (NAME,))},
    )


def _question_result(
    run: GradingRun, judged: _Judged, explained: Explanation
) -> QuestionResult:
    assignment, question = run.assignment, judged.record.question
    cases = tuple(
        msgspec.structs.replace(c, misconceptions=explained.by_case.get(c.name, ()))
        for c in judged.cases
    )
    return QuestionResult(
        name=question.name,
        title=question.title,
        score=total(c.points for c in cases if c.verdict is Verdict.PASSED),
        possible=assignment.points(question.name),
        verdict=_of_points(cases),
        cases=cases,
        diagnoses=explained.diagnoses,
        flags=judged.record.watched,
    )


def _asked(
    assignment: Assignment, records: Sequence[CaseRecord]
) -> Iterator[AskedCase]:
    """Yield what is to be explained: runs that show a question's own mistakes only.

    With right earlier functions they do. Public stand-ins are none: with them a case
    can be judged, but no known mistake has been run with them
    """
    for record in records:
        telling = record
        if record.again is not None:
            if not assignment.stand_ins and record.again.replaced:
                telling = record.again
            elif record.counted is not record:
                continue
        failure = telling.failure
        yield AskedCase(
            name=record.case.source.name,
            points=record.case.source.points,
            failed=failure is not None and failure.kind.is_answer,
            calls=[call for call in telling.calls if call.is_whole],
            is_public=not record.case.source.hidden,
            actual=None if failure is None else failure.actual,
        )


def _right(asked: Sequence[AskedCase]) -> Iterator[Call]:
    """Yield the calls of cases that nothing speaks against, which gave a value."""
    for case in asked:
        if not case.failed:
            yield from (call for call in case.calls if not call.outcome.error)


def _not_submitted(assignment: Assignment, question: Question) -> QuestionResult:
    message = f"there is no {assignment.manifest.file} in what you handed in"
    return QuestionResult(
        name=question.name,
        title=question.title,
        score=0.0,
        possible=assignment.points(question.name),
        verdict=Verdict.FAILED,
        cases=tuple(
            CaseResult(
                name=case.source.name,
                hidden=case.source.hidden,
                points=case.source.points,
                verdict=Verdict.FAILED,
                kind=Kind.NO_FILE,
                message=message,
            )
            for case in assignment.cases[question.name]
        ),
    )


def _worst(parts: Iterable[QuestionResult] | Iterable[CaseResult]) -> Verdict:
    failed = any(part.verdict is Verdict.FAILED for part in parts)
    return Verdict.FAILED if failed else Verdict.PASSED


def _of_points(cases: Iterable[CaseResult]) -> Verdict:
    """Tell whether points are lost.

    A case without points is there to be read: it takes nothing from an answer
    """
    return _worst(case for case in cases if case.points)


def _wrote_into_the_channel(record: CaseRecord) -> bool:
    return record.failure is not None and record.failure.kind is Kind.PROTOCOL


def _cases(questions: Iterable[QuestionResult]) -> Iterator[CaseResult]:
    for question in questions:
        yield from question.cases
