"""Error carried forward: a mistake of an earlier question costs its points once."""

import builtins
from collections.abc import Callable, Iterable, Sequence
from types import ModuleType
from typing import Any

from checks import CheckFailedError

from autograder.course.assignment import Assignment, Case, Question, module_from
from autograder.errors import GraderFault, StudentFault
from autograder.grading.agreement import same
from autograder.grading.case_run import Attempt, run_case
from autograder.grading.proxy import Call, FunctionProxy, Recorder, observe
from autograder.records.results import QuestionResult, Verdict

NOTHING_TO_CARRY = {"not_started", "missing", "load", "timeout", "died", "memory"}
"""Kinds of failure that no earlier question excuses."""


def carried_from(
    attempt: Attempt, question: Question, case: Case, kind: str, calls: list[Call]
) -> str:
    """Return the earlier function whose wrong answers this case inherits, or "".

    kind : how the case failed; calls : what it called
    """
    if kind in NOTHING_TO_CARRY or attempt.stop_when_lost:
        return ""
    faulty = [
        function
        for function in attempt.assignment.foundations(question)
        if _attempted_but_wrong(
            attempt.graded[attempt.assignment.question_of(function).name]
        )
    ]

    def student(name: str) -> FunctionProxy:
        return FunctionProxy(name, attempt.session)

    if not faulty:
        return ""
    if any(call.is_probe for call in calls):
        return _carried_mistake(attempt, question, case, faulty, calls)
    attempt.session.begin_case()
    inherited = _inherited(attempt.assignment, faulty, calls, student)
    return ", ".join(faulty) if inherited else ""


def _carried_mistake(
    attempt: Attempt,
    question: Question,
    case: Case,
    faulty: list[str],
    calls: list[Call],
) -> str:
    """Return the earlier function whose recognised mistake explains this case, or "".

    Networks cannot cross to the reference, so the reference takes over the mistake: the
    case is run again with the misconception's edit in the reference's place. Where the
    case has no reference, or breaks on that one, the edited reference must give what
    the student's gave.
    """
    for function in faulty:
        earlier = attempt.graded[attempt.assignment.question_of(function).name]
        for name in (d.name for d in earlier.diagnoses):
            wrong = attempt.assignment.wrong_references[name]
            if "reference" in case.source.parameters:
                passes = _passes_with(attempt, question, case, wrong)
                if passes is not None:
                    if passes:
                        return function
                    continue
            if calls and all(same(observe(wrong, c), c.outcome) for c in calls):
                return function
    return ""


def _passes_with(
    attempt: Attempt, question: Question, case: Case, wrong: ModuleType
) -> bool | None:
    """Run a case with a wrong reference; None where it breaks on that one."""
    try:
        run_case(attempt, question, case, Recorder(attempt.session), wrong)
    except (CheckFailedError, AssertionError):
        return False
    except GraderFault:
        raise
    except Exception:  # noqa: BLE001 the student's code or ours may break in any way on it
        return None
    return True


def _attempted_but_wrong(question: QuestionResult) -> bool:
    """Tell a genuine attempt with a mistake from an empty or a perfect answer."""
    genuine = bool(question.diagnoses) or question.score > 0
    return question.verdict is Verdict.FAILED and genuine


def _inherited(
    assignment: Assignment,
    functions: Iterable[str],
    calls: Sequence[Call],
    student: Callable[[str], FunctionProxy],
) -> bool:
    """Tell whether the answers are right but for the student's own earlier functions.

    The reference is run with the student's `functions` in the place of its own: the
    error carried forward of written exams. Where the answers agree, the mistake was
    made, and cost its points, in an earlier question.
    """
    module = module_from(
        assignment.reference_source, assignment.secret / "reference.py"
    )
    for name in functions:
        vars(module)[name] = _raising_as_here(student(name))
    follows = [observe(module, call) for call in calls]
    return bool(calls) and all(
        same(follow, call.outcome) for follow, call in zip(follows, calls, strict=True)
    )


def _raising_as_here(proxy: FunctionProxy) -> Callable[..., Any]:
    """Let a proxy raise what the student's function raised, for our own `except`."""

    def called(*args: Any, **kwargs: Any) -> Any:
        try:
            return proxy(*args, **kwargs)
        except StudentFault as fault:
            if not fault.builtin_names:
                raise
            raise getattr(builtins, fault.builtin_names[0])(str(fault)) from fault

    return called
