"""Ask: run the cases on the student's functions, keep every call and what came of it.

The only step that holds a session. Nothing is judged here: whether what a case objected
to costs points, and why it came, is asked of its record.
"""

import time
import traceback
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from types import ModuleType

from checks import collected_notes, collected_offers
from checks.showing import Offer

from autograder.course.assignment import Case, Question
from autograder.errors import GraderFault, StudentFault
from autograder.grading.case_record import CaseRecord, Failure, QuestionRecord
from autograder.grading.grading_run import (
    OWN_SECONDS,
    GradingRun,
    holds_for_the_reference,
    run_case,
)
from autograder.grading.pictures import SECONDS, pictures_of
from autograder.grading.proxy import FunctionProxy, Recorder, Room
from autograder.kinds import KINDS, Kind
from autograder.own_time import OutOfOwnTimeError
from autograder.records.pictures import Picture
from autograder.records.profile import Part
from autograder.sandbox.session import Session

ENDLESS = 2
"""After so many time-outs a question's other cases are not waited for."""


def ask(
    run: GradingRun,
    session: Session,
    question: Question,
    *,
    cases: Sequence[Case] | None = None,
    reference: ModuleType | None = None,
    pictures: bool,
) -> QuestionRecord:
    """Run the cases of a question in order, on a freshly loaded module.

    A question that fails in a worker in which others were right is asked once more, in
    a fresh one, and only that counts. That no answer is worth two tries, it is noted
    where the two differ.

    cases : those to run, all where None
    reference : what hidden cases compare with, where it is not the assignment's
    pictures : whether those that the cases offer are made
    Raises GraderFault where a test is broken or no worker could be started
    """
    records = partial(
        _records,
        run,
        session,
        question,
        run.assignment.cases[question.name] if cases is None else cases,
        reference or run.assignment.reference,
        pictures=pictures,
    )
    session.begin_question(question.review)
    room = run.room.left
    found = [*records()]
    verdicts = _verdicts(found)
    if session.is_second_hand and not all(verdicts):
        # Perhaps for what another question has left there: that is no evidence.
        session.begin_anew()
        found.clear()  # there is room for one of them
        run.room.left = room
        found = [*records()]
    session.end_question(failed=not all(_verdicts(found)))
    return QuestionRecord(
        question=question,
        cases=tuple(found),
        watched=tuple(sorted(session.watched)),
        is_other_alone=verdicts != _verdicts(found),
    )


def _verdicts(records: Iterable[CaseRecord]) -> list[bool]:
    return [record.failure is None for record in records]


def _records(
    run: GradingRun,
    session: Session,
    question: Question,
    cases: Sequence[Case],
    reference: ModuleType,
    *,
    pictures: bool,
) -> Iterator[CaseRecord]:
    """Yield what comes of each case, until points are lost if the run asks for that."""
    endless = 0
    for case in cases:
        if endless < ENDLESS:
            record = _ask(run, session, question, case, reference, pictures=pictures)
        else:
            record = _not_run(run, question, case)
        yield record
        failure = record.failure
        endless += failure is not None and failure.kind is Kind.TIMEOUT
        if run.stop_when_lost and failure is not None and case.source.points:
            return


def _not_run(run: GradingRun, question: Question, case: Case) -> CaseRecord:
    message = f"not run: {ENDLESS} cases of this question took too long before it"
    failure = Failure(kind=Kind.TIMEOUT, message=message, coarse=message)
    seed = run.seed(question, case)
    return CaseRecord(case=case, seed=seed, failure=failure, was_run=False)


def _ask(
    run: GradingRun,
    session: Session,
    question: Question,
    case: Case,
    reference: ModuleType,
    *,
    pictures: bool,
) -> CaseRecord:
    started, computed = time.monotonic(), session.seconds_used
    session.begin_case((question.name, case.source.name))
    seed = run.seed(question, case)
    recorder = Recorder(session, run.room)
    student = {
        name: FunctionProxy(name, recorder)
        for name in (*question.functions, *question.builds_on)
    }
    failure: Failure | None = None
    with collected_notes() as notes, collected_offers() as offers:
        try:
            with run.meter.of(Part.REFERENCE), run.own_seconds.of_a_case():
                run_case(run.assignment, case, student, reference, seed)
        except (AssertionError, StudentFault) as error:
            failure = _failure_of(error, run.room)
        except GraderFault:
            raise
        except (Exception, SystemExit, OutOfOwnTimeError) as error:
            # An answer may be such that the test itself breaks on it. Where the case
            # holds for the reference's own functions, the answer was to blame. What
            # the test's frames still hold of it must not be in the way of those.
            traceback.clear_frames(error.__traceback__)
            with run.meter.of(Part.REFERENCE):
                holds = holds_for_the_reference(run.assignment, question, case, seed)
            if not holds:
                raise _broken_test(error, case) from error
            failure = _incomparable(error)
            if failure.kind is Kind.TIMEOUT:
                session.charge(OWN_SECONDS)
    seconds = session.seconds_used - computed
    return CaseRecord(
        case=case,
        seed=seed,
        calls=tuple(recorder.calls),
        failure=failure,
        remarks=(*notes, *_views(recorder)),
        pictures=_drawn(run, session, offers) if pictures else (),
        wall_seconds=time.monotonic() - started,
        cpu_seconds=seconds,
        replaced=session.replaced,
    )


def _failure_of(error: AssertionError | StudentFault, room: Room) -> Failure:
    """Return why a case did not hold; both sides of it where there is room for them."""
    message = str(error)
    sides = [getattr(error, name, None) for name in ("expected", "actual")]
    expected, actual = sides if room.takes(*sides) else (None, None)
    return Failure(
        kind=KINDS[getattr(error, "kind", Kind.VALUE)],
        message=message,
        coarse=getattr(error, "coarse", "the answer is not right"),
        expected=expected,
        actual=actual,
    )


def _incomparable(error: BaseException) -> Failure:
    message = "what came back cannot be compared with anything"
    kind = Kind.TYPE
    if isinstance(error, MemoryError):
        message = (
            "what came back takes far too much memory to be compared with anything"
        )
        kind = Kind.MEMORY
    if isinstance(error, OutOfOwnTimeError):
        message = "what came back takes far too long to be compared with anything"
        kind = Kind.TIMEOUT
    return Failure(kind=kind, message=message, coarse=message)


def _drawn(
    run: GradingRun, session: Session, offers: list[Offer]
) -> tuple[Picture, ...]:
    if not offers:
        return ()
    with run.meter.of(Part.PICTURES), session.aside(SECONDS):
        return pictures_of(offers)


def _views(recorder: Recorder) -> Iterator[str]:
    """Tell of views into the input.

    A view is no mistake here, but a trap for whoever calls the function
    """
    for name in sorted(recorder.gave_views):
        yield (
            f"right; what {name} returns shares memory with its input: whoever changes "
            "the one later changes the other"
        )


def _broken_test(error: BaseException, case: Case) -> GraderFault:
    return GraderFault(
        _place_in_test(error, case),
        f"the test itself broke: {type(error).__name__}: {error}",
        "mend the test, then run the same command again",
    )


def _place_in_test(error: BaseException, case: Case) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f.lineno for f in frames if f.filename == str(case.source.path)]
    return f"{case.source.path}:{lines[-1] if lines else case.source.line}"
