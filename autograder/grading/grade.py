"""Grade one submission: run every case of an assignment against its worker.

This is the trusted process. Tests, expected values and references live here; the
submission runs in a worker and is only ever called through proxies.
"""

import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from checks import CheckFailedError, collected_notes, collected_offers

from autograder.course.assignment import Assignment, Case, Question
from autograder.errors import GraderFault, StudentFault
from autograder.grading.carried_forward import carried_from
from autograder.grading.case_run import Attempt, holds_for_the_reference, run_case
from autograder.grading.comparison import compare
from autograder.grading.diagnosis import AskedCase, Explanation, explain
from autograder.grading.pictures import SECONDS, exhibits
from autograder.grading.proxy import Call, Recorder
from autograder.records.results import CaseResult, QuestionResult, Result, Verdict
from autograder.records.submission import Submission
from autograder.sandbox.session import Session

ENDLESS = 2
"""After so many time-outs a question's other cases are not waited for."""
ANSWERS = frozenset(
    {
        "complex",
        "input_changed",
        "nan",
        "none",
        "not_raised",
        "raised",
        "shape",
        "structure",
        "type",
        "value",
        "wrong_error",
    }
)
"""Kinds of failure in which there is an answer to recognise."""
WHOLE_FILE = {"load", "missing"}
"""Kinds that no input has to do with."""


def grade(
    assignment: Assignment,
    submission: Submission,
    *,
    secret: bytes,
    session: Callable[[bytes], Session],
    isolation: str,
    stop_when_lost: bool = False,
    kept: Mapping[str, QuestionResult] | None = None,
) -> Result:
    """Return the submission's result; whatever it does, only its own marks suffer.

    session : opens a session for a source file
    isolation : what separates the worker from this machine, for the record
    kept : results of questions that stand and are not run again, by question
    """
    started = time.monotonic()
    kept = kept or {}
    source = submission.files.get(assignment.manifest.file)
    fault = ""
    memory: float | None = None
    computed = 0.0
    flags: list[str] = []
    graded: tuple[QuestionResult, ...] = ()
    if source is None:
        graded = tuple(
            _not_submitted(assignment, q) for q in assignment.manifest.question
        )
    else:
        try:
            with session(source) as opened:
                graded = _grade_questions(
                    Attempt(
                        assignment, submission, opened, secret, stop_when_lost, kept
                    )
                )
                if opened.broke_protocol:
                    flags.append("wrote into the grader's own channel")
                memory, computed = opened.peak_memory_mib, opened.seconds_used
        except GraderFault as error:
            fault = str(error)
    return Result(
        assignment=assignment.name,
        submission_key=submission.key,
        score=None if fault else sum(q.score for q in graded),
        possible=assignment.possible,
        verdict=Verdict.FAULT if fault else _worst(graded),
        questions=() if fault else graded,
        notices=submission.notices,
        flags=(
            *flags,
            *(f"{q.title}: calls {flag}" for q in graded for flag in q.flags),
        ),
        fault=fault,
        wall_seconds=time.monotonic()
        - started
        + sum(case.wall_seconds for case in _cases(kept.values())),
        cpu_seconds=computed
        + sum(case.cpu_seconds or 0.0 for case in _cases(kept.values())),
        peak_memory_mib=memory,
        graded_at=datetime.now(UTC),
        isolation=isolation,
    )


def _worst(parts: Iterable[QuestionResult] | Iterable[CaseResult]) -> Verdict:
    failed = any(part.verdict is Verdict.FAILED for part in parts)
    return Verdict.FAILED if failed else Verdict.PASSED


def _cases(questions: Iterable[QuestionResult]) -> Iterator[CaseResult]:
    for question in questions:
        yield from question.cases


def _grade_questions(attempt: Attempt) -> tuple[QuestionResult, ...]:
    for question in attempt.assignment.manifest.question:
        if question.name in attempt.kept:
            attempt.graded[question.name] = attempt.kept[question.name]
            continue
        attempt.session.begin_question(question.review)
        attempt.asked.clear()
        cases: list[CaseResult] = []
        for case in attempt.assignment.cases[question.name]:
            if sum(c.kind == "timeout" for c in cases) < ENDLESS:
                cases.append(_grade_case(attempt, question, case))
            else:
                cases.append(_not_run(case))
            if attempt.stop_when_lost and cases[-1].verdict is Verdict.FAILED:
                break
        attempt.graded[question.name] = _question_result(attempt, question, cases)
        if attempt.lost:
            break
    return tuple(attempt.graded.values())


def _not_run(case: Case) -> CaseResult:
    message = f"not run: {ENDLESS} cases of this question took too long before it"
    return _result(case, Verdict.FAILED, "timeout", message=message)


def _grade_case(attempt: Attempt, question: Question, case: Case) -> CaseResult:
    started, computed = time.monotonic(), attempt.session.seconds_used
    recorder = Recorder(attempt.session)
    failure: CheckFailedError | StudentFault | AssertionError | None = None
    broken: BaseException | None = None
    with collected_notes() as notes, collected_offers() as offers:
        try:
            run_case(attempt, question, case, recorder, attempt.assignment.reference)
        except (CheckFailedError, StudentFault, AssertionError) as error:
            failure = error
        except GraderFault:
            raise
        except (Exception, SystemExit) as error:  # noqa: BLE001 whose, is asked below
            broken = error
    if broken is not None:
        failure = _given_by_a_probe(attempt, question, case, recorder)
        if failure is None:
            raise _broken_test(broken, case) from broken
    if failure is None:
        attempt.asked.append(_asked(case, recorder.calls))
        result = _result(
            case, Verdict.PASSED, "passed", message=_remark(recorder, notes)
        )
    else:
        result = _failed(attempt, question, case, failure, recorder.calls)
    result = msgspec.structs.replace(
        result,
        wall_seconds=time.monotonic() - started,
        cpu_seconds=attempt.session.seconds_used - computed,
    )
    if attempt.stop_when_lost or not offers:
        return result
    with attempt.session.aside(SECONDS):
        return msgspec.structs.replace(result, exhibits=exhibits(offers))


def _given_by_a_probe(
    attempt: Attempt, question: Question, case: Case, recorder: Recorder
) -> CheckFailedError | None:
    """Tell a test that breaks by itself from one that a probe's answer has broken.

    A probe runs beside the student's code, which can change what it gives. Where the
    case holds for the reference's own functions, the answer was to blame.
    """
    seed = attempt.seed(question.name, case.source.name)
    if not recorder.probed or not holds_for_the_reference(
        attempt.assignment, question, case, seed
    ):
        return None
    return CheckFailedError("type", "what came back cannot be compared with anything")


def _broken_test(error: BaseException, case: Case) -> GraderFault:
    return GraderFault(
        _place_in_test(error, case),
        f"the test itself broke: {type(error).__name__}: {error}",
        "mend the test, then run the same command again",
    )


def _failed(
    attempt: Attempt,
    question: Question,
    case: Case,
    failure: Exception,
    calls: list[Call],
) -> CaseResult:
    kind = getattr(failure, "kind", "value")
    if kind in ANSWERS:
        kind, failure = _first_cause(kind, failure, calls)
    earlier = carried_from(attempt, question, case, kind, calls)
    if earlier:
        return _result(
            case,
            Verdict.PASSED,
            "carried",
            message=f"right, given what your own {earlier} gives: "
            "the mistake there is counted there only",
            carried_from=earlier,
        )
    hidden = case.source.hidden
    seed = attempt.seed(question.name, case.source.name)
    failed = kind in ANSWERS
    attempt.asked.append(_asked(case, calls, failure if failed else None))
    if hidden:
        message = getattr(failure, "coarse", "the answer is not right")
    else:
        of_a_call = calls and kind not in WHOLE_FILE
        message = f"{calls[-1]}\n{failure}" if of_a_call else str(failure)
    return _result(
        case,
        Verdict.FAILED,
        kind,
        message=message,
        replay=""
        if hidden or kind in WHOLE_FILE
        else f'CHECK_SEED={seed} pytest {attempt.assignment.name} -k "{question.name}"',
        comparison=None if hidden else compare(failure, calls),
    )


def _asked(
    case: Case, calls: list[Call], failure: Exception | None = None
) -> AskedCase:
    return AskedCase(
        name=case.source.name,
        points=case.source.points,
        failed=failure is not None,
        calls=calls,
        actual=getattr(failure, "actual", None),
    )


def _remark(recorder: Recorder, notes: list[str]) -> str:
    """Tell what the test noted, and of a view into the input.

    A view is no mistake here, but a trap for whoever calls the function
    """
    views = [
        f"right; what {name} returns shares memory with its input: whoever changes "
        "the one later changes the other"
        for name in sorted(recorder.gave_views)
    ]
    return "\n".join((*notes, *views))


def _first_cause(
    kind: str, failure: Exception, calls: list[Call]
) -> tuple[str, Exception]:
    """Tell of a changed input first: later values may be wrong because of it only."""
    for call in calls:
        if call.outcome.changed:
            place = call.outcome.changed[0] + 1
            message = (
                f"your function changed its argument number {place}: work on a copy"
            )
            return "input_changed", StudentFault("input_changed", message)
    return kind, failure


def _question_result(
    attempt: Attempt, question: Question, cases: list[CaseResult]
) -> QuestionResult:
    passed = sum(c.points for c in cases if c.verdict is Verdict.PASSED)
    explained = Explanation()
    if not attempt.stop_when_lost:
        functions = attempt.assignment.foundations(question)
        earlier = {attempt.assignment.question_of(f).name for f in functions}
        named = [d.name for q in earlier for d in attempt.graded[q].diagnoses]
        explained = explain(attempt.assignment, question.name, attempt.asked, named)
    cases = [
        msgspec.structs.replace(c, misconceptions=explained.by_case.get(c.name, ()))
        for c in cases
    ]
    return QuestionResult(
        name=question.name,
        title=question.title,
        score=passed,
        possible=attempt.assignment.points(question.name),
        # A case without points is there to be read: it takes nothing from an answer.
        verdict=_worst(case for case in cases if case.points),
        cases=tuple(cases),
        diagnoses=explained.diagnoses,
        flags=tuple(sorted(attempt.session.watched)),
    )


def _not_submitted(assignment: Assignment, question: Question) -> QuestionResult:
    message = f"there is no {assignment.manifest.file} in what you handed in"
    return QuestionResult(
        name=question.name,
        title=question.title,
        score=0.0,
        possible=assignment.points(question.name),
        verdict=Verdict.FAILED,
        cases=tuple(
            _result(case, Verdict.FAILED, "no_file", message=message)
            for case in assignment.cases[question.name]
        ),
    )


def _result(case: Case, verdict: Verdict, kind: str, **details: Any) -> CaseResult:
    return CaseResult(
        name=case.source.name,
        hidden=case.source.hidden,
        points=case.source.points,
        verdict=verdict,
        kind=kind,
        **details,
    )


def _place_in_test(error: BaseException, case: Case) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f.lineno for f in frames if f.filename == str(case.source.path)]
    return f"{case.source.path}:{lines[-1] if lines else case.source.line}"
