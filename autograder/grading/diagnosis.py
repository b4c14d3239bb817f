"""Recognise a wrong answer: which misconception gives the same on these inputs.

Every call that a failed case made is run again on the reference and on each edited
reference of the question (all ours, in the trusted process). A misconception explains
the case where it differs from the reference somewhere, and the student's answers equal
its answers wherever either of the two is off, value by value of a tuple.
"""

import builtins
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.course.assignment import Assignment, module_from
from autograder.errors import StudentFault
from autograder.grading.proxy import Call, FunctionProxy, Outcome, observe
from autograder.records.results import CaseResult, Diagnosis, Verdict

RTOL = 1e-4
"""Two answers are the same within this: students' float32 against our float64."""
ATOL_OF_MAX = 1e-5
"""As a share of the largest value: differences that rounding makes near zero."""


def explain(
    assignment: Assignment, question: str, calls: Sequence[Call]
) -> tuple[str, ...]:
    """Names of the question's misconceptions that give the student's answers."""
    if not calls:
        return ()
    right = [observe(assignment.reference, c) for c in calls]
    parts = [(_parts(r), _parts(c.outcome)) for r, c in zip(right, calls, strict=True)]
    names = []
    for misconception in assignment.misconceptions:
        if misconception.question != question:
            continue
        module = assignment.wrong_references[misconception.name]
        wrong = (_parts(observe(module, c)) for c in calls)
        if _explains(parts, wrong):
            names.append(misconception.name)
    return tuple(names)


def inherited(
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


def summarise(
    assignment: Assignment,
    cases: Sequence[CaseResult],
    passed: Sequence[Sequence[Call]] = (),
) -> tuple[Diagnosis, ...]:
    """Return the misconceptions that explain most of a question's failed cases.

    One that explains only some of the cases that another one explains is left out. Of
    several, those that give what the student gives in the passed cases too are kept.

    passed : the calls of each passed case
    """
    explained: dict[str, set[str]] = {}
    for case in cases:
        if case.verdict is Verdict.FAILED:
            for name in case.misconceptions:
                explained.setdefault(name, set()).add(case.name)
    kept = [
        name
        for name, found in explained.items()
        if not any(found < other for other in explained.values())
    ]
    if len(kept) > 1:
        kept = [n for n in kept if _agrees(assignment, n, passed)] or kept
    by_name = {m.name: m for m in assignment.misconceptions}
    return tuple(
        Diagnosis(name=n, message=by_name[n].message, see=by_name[n].see) for n in kept
    )


def same(first: Outcome, second: Outcome) -> bool:
    """Tell whether two outcomes are one answer."""
    a, b = _parts(first), _parts(second)
    return len(a) == len(b) and all(map(_same_part, a, b))


def _agrees(
    assignment: Assignment, name: str, passed: Sequence[Sequence[Call]]
) -> bool:
    module = assignment.wrong_references[name]
    return all(
        same(observe(module, call), call.outcome) for calls in passed for call in calls
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


def _explains(
    known: Sequence[tuple[list[Any], list[Any]]], wrong: Iterable[list[Any]]
) -> bool:
    """Hold a wrong reference against the student, call by call, while it may agree.

    known : for every call the parts of the right answer and of the student's
    """
    affected: set[int] = set()
    off: set[int] = set()
    differs: set[int] = set()
    for (r, s), w in zip(known, wrong, strict=True):
        for part in range(max(len(r), len(w), len(s))):
            if not _same_at(r, w, part):
                affected.add(part)
            if not _same_at(r, s, part):
                off.add(part)
            if not _same_at(w, s, part):
                differs.add(part)
        if affected & differs or len(differs) == len(s) == len(w):
            return False
    return bool(affected & off)


def _parts(outcome: Outcome) -> list[Any]:
    """First what happened to the inputs, then the value's parts (or the error)."""
    if outcome.error:
        return [outcome.changed, (outcome.error,)]
    value = outcome.value
    # A list of arrays of several shapes is a tuple in all but name.
    several = isinstance(value, tuple) or (
        isinstance(value, list) and _numbers(value) is None
    )
    return [outcome.changed, *(value if several else [value])]


def _same_at(a: list[Any], b: list[Any], part: int) -> bool:
    if part and len(a) != len(b):
        return False
    if part >= len(a):
        return True  # both ended before: an error where the other gives a tuple
    return _same_part(a[part], b[part])


def _same_part(a: Any, b: Any) -> bool:
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(_same_part(a[k], b[k]) for k in a)
    x, y = _numbers(a), _numbers(b)
    if x is None or y is None:
        return x is y and _same_other(a, b)
    if x.shape != y.shape:
        return False
    finite = np.abs(x[np.isfinite(x)])
    atol = ATOL_OF_MAX * (float(np.max(finite, initial=0.0)) or 1.0)
    return bool(np.allclose(x, y, rtol=RTOL, atol=atol, equal_nan=True))


def _same_other(a: Any, b: Any) -> bool:
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(map(_same_part, a, b))
    return type(a) is type(b) and bool(a == b)


def _numbers(value: Any) -> np.ndarray[Any, Any] | None:
    if isinstance(value, (str, bytes, Mapping)) or value is None or callable(value):
        return None
    try:
        array = np.asarray(value)
    except (ValueError, TypeError, OverflowError):
        return None
    return array if array.dtype.kind in "biufc" else None
