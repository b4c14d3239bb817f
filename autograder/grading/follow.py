"""Follow: ask failed cases again, with right functions in the place of earlier ones.

One mistake costs once. A case of a later question counts if it is right as it stands,
or if it is right once the earlier, wrong function is replaced by a right one. So where
a case failed, and its question builds on functions whose own question lost points, a
fresh worker loads the submission again, and these functions' names become stand-ins:

- Of functions on values, each call of the stand-in comes back to us, and the reference
  gives the value: here, where the arguments are so small that it is soon done, else in
  a worker of its own, under the same limits. Nothing of ours enters the student's
  worker but values for arguments of their own.
- Of networks, which cannot cross, a public stand-in of another, documented kind takes
  the place in the student's module and in a copy of the reference alike.

Only functions lower in `builds_on` are ever replaced, never one of the question itself,
and only in this pass. A case counts only where a stand-in was really called, or where
it had not been run because the cases before it took too long.
"""

import re
import time
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from types import ModuleType
from typing import Any, Protocol

from autograder.course.assignment import Assignment, Question, module_from
from autograder.errors import AuthoringError, GraderFault, StudentFault
from autograder.grading.ask import ask
from autograder.grading.call_size import is_small
from autograder.grading.case_record import QuestionRecord
from autograder.grading.grading_run import GradingRun
from autograder.grading.known_answers import Known, KnownAnswers, digest_of
from autograder.grading.proxy import Call, Outcome, observe
from autograder.kinds import Kind
from autograder.sandbox.asking import Answers, Asking
from autograder.sandbox.session import Session
from autograder.sandbox.student_failures import StudentRaised
from autograder.worker.protocol import ProtocolError, StandIn

OURS = frozenset({Kind.LOAD, Kind.MISSING, Kind.PROTOCOL})
"""What a reference in a worker can fail in that no argument has to do with."""


SECONDS_HERE = 1.0
"""Processor time in which the reference answers here in a case; then its worker."""
_IN_A_WORKER = ("the reference in a worker",)
"""Under this its answers are kept: not beside those of the reference run here."""


class OpenSession(Protocol):
    """Opens a session for a source file."""

    def __call__(self, source: bytes, asking: Asking | None = None) -> Session:
        """Return a session; asking : answers what its stand-ins ask."""
        ...


class Reference:
    """The reference, for small calls here, for others in a worker of its own.

    What a student's function passes on may ask for any amount of time or memory: the
    worker's limits hold for it as for everybody. It is started when it is first needed,
    and asked, too, where the reference raises

    answers : what it has given the submission's stand-ins
    """

    def __init__(self, assignment: Assignment, open_session: OpenSession) -> None:
        self._assignment = assignment
        self._source = assignment.reference_source.encode()
        self._open = open_session
        self._known = KnownAnswers.of(assignment)
        self._session: Session | None = None
        self._left = SECONDS_HERE
        self.answers = Answers()

    def close(self) -> None:
        """End the worker."""
        if self._session is not None:
            self._session.close()

    def begin_case(self) -> None:
        """Give the next case its full time."""
        self._left = SECONDS_HERE
        if self._session is not None:
            self._session.begin_case()

    def __call__(
        self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Return what the reference's function returns, asked once for each argument.

        Raises StudentRaised where it raises, StudentFault where it could not end, and
        GraderFault where the reference itself is broken
        """

        def ask() -> Known:
            return Known(Outcome(self._ask(function, args, kwargs)))

        call = Call(function, args, kwargs, Outcome())
        digest = digest_of(function, args, kwargs)
        if self._left > 0 and is_small((*args, *kwargs.values())):
            outcome = self._known.answer((), digest, lambda: self._here(call)).outcome
            if not outcome.error:
                return outcome.value
        return self._known.answer(_IN_A_WORKER, digest, ask).outcome.value

    def _here(self, call: Call) -> Known:
        began = time.thread_time()
        try:
            return Known(observe(self._assignment.reference, call))
        finally:
            self._left -= time.thread_time() - began

    def _ask(self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if self._session is None:
            self._session = self._open(self._source)
        try:
            return self._session.call(function, args, kwargs)
        except StudentRaised:
            raise
        except StudentFault as fault:
            if fault.kind in OURS:
                raise GraderFault(f"the reference's {function}", str(fault)) from fault
            # What it gives may also be more than can cross: that is no other type.
            kind = Kind.MEMORY if fault.kind == Kind.TYPE else fault.kind
            raise _too_much(function, kind) from fault
        except (AuthoringError, ProtocolError) as error:
            # More than can cross, or what is no value: a frame by hand can hold it.
            raise _too_much(function, Kind.MEMORY) from error


def _too_much(function: str, kind: str) -> StudentFault:
    return StudentFault(
        kind,
        f"`{function}` is called with more than a right one can do in the time and "
        "memory of a case",
    )


def follow(
    run: GradingRun,
    record: QuestionRecord,
    *,
    lost: AbstractSet[str],
    source: bytes,
    open_session: OpenSession,
    reference: Reference,
) -> QuestionRecord:
    """Return the record with what came of asking its failed cases again.

    lost : names of the earlier questions that have lost points
    source : the submission's file
    """
    assignment, question = run.assignment, record.question
    wrong = [
        function
        for function in assignment.foundations(question)
        if assignment.question_of(function).name in lost
        and _may_be_called(function, assignment, question, source)
    ]
    stand_ins = _stand_ins(assignment, wrong)
    cases = [
        one.case
        for one in record.cases
        if one.failure is not None and one.failure.kind.may_be_carried
    ]
    if not stand_ins or not cases:
        return record
    asking = Asking(
        stand_ins,
        question.functions,
        reference,
        reference.begin_case,
        reference.answers,
    )
    with open_session(source, asking) as session:
        second = ask(
            run,
            session,
            question,
            cases=cases,
            reference=_with_public(assignment, stand_ins),
            pictures=False,
        )
    again = {one.case.source.name: one for one in second.cases}
    return replace(
        record,
        cases=tuple(
            replace(one, again=again.get(one.case.source.name)) for one in record.cases
        ),
    )


def _may_be_called(
    function: str, assignment: Assignment, question: Question, source: bytes
) -> bool:
    """Tell whether anything could call a stand-in: a case, or the file itself.

    A name that stands in the file once only is bound there and never used
    """
    cases = assignment.cases[question.name]
    if any(function in case.source.parameters for case in cases):
        return True
    pattern = rb"(?<!\w)" + function.encode() + rb"(?!\w)"
    return len(re.findall(pattern, source)) != 1


def _stand_ins(assignment: Assignment, functions: Sequence[str]) -> dict[str, StandIn]:
    """Return what can take the place of each function, if anything can."""
    public = assignment.stand_ins
    networks = "torch" in assignment.manifest.packages
    found = {}
    for name in functions:
        if name in public:
            one = public[name]
            dotted = f"{one.__module__}:{one.__name__}"
            found[name] = StandIn(public=dotted)
        elif not networks:
            found[name] = StandIn(parameters=assignment.parameters[name])
    return found


def _with_public(
    assignment: Assignment, stand_ins: Mapping[str, StandIn]
) -> ModuleType | None:
    """Return a reference on the same public stand-ins; None where there are none."""
    names = [name for name, stand_in in stand_ins.items() if stand_in.public]
    if not names:
        return None
    path = assignment.secret / "reference.py"
    module = module_from(assignment.reference_source, path)
    for name in names:
        vars(module)[name] = assignment.stand_ins[name]
    return module
