"""Judge: records of cases to passed or failed. Pure, nothing is run.

A case passes where it held as it stands, or where it held with right functions in the
place of earlier, wrong ones (`follow`): it then counts as carried. There is one
exception: an error earns nothing by itself. A case in which a function raised ("a mode
that is not known is refused") counts only if that function gave a right answer in
another case of its question, one in which it raised nothing.
"""

from collections.abc import Sequence

from checks.failure import SAID

from autograder.course.assignment import Question
from autograder.grading.case_record import CaseRecord, Failure
from autograder.grading.comparison import compare
from autograder.grading.proxy import Call
from autograder.kinds import Kind, Left
from autograder.records.results import CaseResult, Comparison, Verdict
from autograder.worker.values import Own


def judge(
    assignment: str, question: Question, records: Sequence[CaseRecord]
) -> tuple[CaseResult, ...]:
    """Return the result of each record, in order.

    assignment : its name, for the line that runs a case again
    records : of the question's cases, as far as they were run
    """
    answering = {
        name
        for record in (r.counted for r in records)
        if record.failure is None
        for name in _called(question, record) - _raising(question, record)
    }
    return tuple(_judge(assignment, question, r, answering) for r in records)


def _judge(
    assignment: str, question: Question, record: CaseRecord, answering: set[str]
) -> CaseResult:
    counted = record.counted
    failure = counted.failure
    if failure is None:
        unproven = _raising(question, counted) - answering
        if not unproven:
            return _passed(record, counted)
        failure = _only_raises(sorted(unproven))
    elif failure.kind.is_answer:
        failure = _first_cause(failure, record)
    also = _fails_also(record)
    if record.case.source.hidden:
        return _result(record, failure.kind, failure.coarse + also)
    of_a_call = failure.kind.left is not Left.NO_CALL
    shown = f"{record.calls[-1]}\n" if of_a_call and record.calls else ""
    replay = f'pytest {assignment} -k "{question.name}" --seed {record.seed}'
    return _result(
        record,
        failure.kind,
        f"{shown}{failure.message}{also}",
        replay=replay if of_a_call else "",
        comparison=compare(failure, record.calls),
    )


def _passed(record: CaseRecord, counted: CaseRecord) -> CaseResult:
    remarks = "\n".join(counted.remarks)
    if not counted.replaced:
        return _result(record, Kind.PASSED, remarks)
    said = f"counted with a working {_names(counted.replaced)} in the place of yours"
    return _result(
        record,
        Kind.CARRIED,
        f"{said}\n{remarks}" if remarks else said,
        carried_from=", ".join(counted.replaced),
    )


def _result(
    record: CaseRecord,
    kind: Kind,
    message: str,
    *,
    carried_from: str = "",
    replay: str = "",
    comparison: Comparison | None = None,
) -> CaseResult:
    source = record.case.source
    again = record.again
    passed = kind.left is Left.RIGHT
    return CaseResult(
        name=source.name,
        hidden=source.hidden,
        points=source.points,
        verdict=Verdict.PASSED if passed else Verdict.FAILED,
        kind=kind,
        message=message,
        carried_from=carried_from,
        replay=replay,
        comparison=comparison,
        pictures=record.pictures,
        wall_seconds=record.wall_seconds + (again.wall_seconds if again else 0.0),
        cpu_seconds=record.cpu_seconds + (again.cpu_seconds if again else 0.0),
    )


def _only_raises(names: Sequence[str]) -> Failure:
    message = (
        f"the error that is expected here came, but {_names(names)} gave no right "
        "answer in this question: an error alone earns nothing"
    )
    return Failure(kind=Kind.ONLY_RAISES, message=message, coarse=message)


def _fails_also(record: CaseRecord) -> str:
    """Say that the mistake is not an earlier function's alone."""
    if record.again is None or not record.again.replaced:
        return ""
    names = _names(record.again.replaced)
    return f"\n(with our {names} in the place of yours it is not right either)"


def _names(names: Sequence[str]) -> str:
    return " and ".join(f"`{name}`" for name in names)


def _called(question: Question, record: CaseRecord) -> set[str]:
    """Return the question's functions that were called in the case."""
    return {name for call in record.calls for name in _subjects(question, call)}


def _raising(question: Question, record: CaseRecord) -> set[str]:
    """Return the question's functions that raised in the case."""
    return {
        name
        for call in record.calls
        if call.outcome.error
        for name in _subjects(question, call)
    }


def _subjects(question: Question, call: Call) -> set[str]:
    names = {a.name for a in call.args if isinstance(a, Own)} or {call.function}
    return names.intersection(question.functions)


def _first_cause(failure: Failure, record: CaseRecord) -> Failure:
    """Tell of a changed input first: values may be wrong because of it only."""
    for call in record.calls:
        if call.outcome.changed:
            place = call.outcome.changed[0] + 1
            return Failure(
                kind=Kind.INPUT_CHANGED,
                message=f"your function changed its argument number {place}: work on a "
                "copy",
                coarse=SAID["input_changed"],
            )
    return failure
