"""Show that known mistakes are named: alone, beside others, in other code.

Misconceptions are ours, so nothing of this needs a sandbox: the cases are run in this
process on an edited reference, its calls are recorded as a submission's are, and
explained as a submission's are.
"""

import builtins
import copy
import random
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from checks import collected_notes, collected_offers

from autograder.course.assignment import (
    Assignment,
    Misconception,
    Question,
)
from autograder.course.program import Program
from autograder.grading.agreement import hold
from autograder.grading.diagnosis import explain
from autograder.grading.grading_run import run_case, seed_of
from autograder.grading.proxy import (
    Array,
    Call,
    FunctionProxy,
    InTurn,
    Outcome,
    Recorder,
    observe,
    run_ours,
)
from autograder.grading.trials import AskedCase
from autograder.sandbox.student_failures import StudentObjection, StudentRaised

OTHERS = 5
"""So many other misconceptions are put beside each one."""


@dataclass(frozen=True)
class Named:
    """What was named where these mistakes were made.

    made : the misconceptions in the code; style : the right answer they were made in
    hidden_by_the_other : made, but every call gives what the other one alone gives, or
        the two undo one another
    comes_to : those of the named that give in every call what these give, alone or all
        together
    """

    made: tuple[str, ...]
    named: tuple[str, ...]
    style: str = "reference"
    hidden_by_the_other: tuple[str, ...] = ()
    comes_to: tuple[str, ...] = ()

    @property
    def is_right(self) -> bool:
        """Whether all that shows is named, and nothing else."""
        if self.named and set(self.named) <= set(self.comes_to):
            return True
        return set(self.named) == set(self.made) - set(self.hidden_by_the_other)

    @property
    def is_false(self) -> bool:
        """Whether something is named that is not there."""
        return not set(self.named) <= {*self.made, *self.comes_to}


class OurModule(InTurn):
    """Takes a session's place before a module of ours, in this process.

    last_changed : arrays of the last call's arguments that it changed its copies of
    """

    last_aliases: tuple[int | str, ...] = ()

    def __init__(self, module: ModuleType) -> None:
        self._module = module
        self.last_changed: tuple[tuple[Array, Any], ...] = ()

    def call(self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call one of the module's functions; raises StudentFault as a session does."""
        outcome = run_ours(self._module, Call(function, args, kwargs, Outcome()))
        if outcome.raised:
            raise _raised(outcome)
        if outcome.error:
            kind, _, text = outcome.error.partition(": ")
            raise StudentObjection(kind, function, text)
        left = zip(outcome.changed, outcome.left, strict=True)
        self.last_changed = tuple((args[place], array) for place, array in left)
        return copy.deepcopy(outcome.value)

    def probe(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Run a probe beside the module's functions."""
        return self.call(name, args, kwargs)


def asked_of(
    assignment: Assignment, module: ModuleType, question: Question, secret: bytes
) -> list[AskedCase]:
    """Run a question's cases on a module of ours; those without points are left out."""
    asked = []
    for case in assignment.cases[question.name]:
        if not case.source.points:
            continue
        recorder = Recorder(OurModule(module))
        names = (*question.functions, *question.builds_on)
        own = {name: FunctionProxy(name, recorder) for name in names}
        seed = seed_of(secret, f"{question.name}\0{case.source.name}")
        failure: Exception | None = None
        with collected_notes(), collected_offers():
            try:
                run_case(assignment, case, own, assignment.reference, seed)
            except Exception as error:  # noqa: BLE001 a wrong answer breaks a test anyhow
                failure = error
        asked.append(
            AskedCase(
                name=case.source.name,
                points=case.source.points,
                failed=failure is not None,
                calls=tuple(recorder.calls),
                is_public=not case.source.hidden,
                actual=getattr(failure, "actual", None),
            )
        )
    return asked


def alone(assignment: Assignment, question: Question, secret: bytes) -> Iterator[Named]:
    """Yield what is named for each of a question's misconceptions by itself."""
    for wrong in _of(assignment, question):
        module = assignment.wrong_reference(wrong)
        yield Named((wrong.name,), _named(assignment, module, question, secret, wrong))


def beside_others(
    assignment: Assignment, question: Question, secret: bytes, others: int = OTHERS
) -> Iterator[Named]:
    """Yield what is named for each of a question's misconceptions beside others.

    Which others, is drawn from the secret; both edits must have places of their own
    """
    known = _of(assignment, question)
    tried: set[frozenset[str]] = set()
    for wrong in known:
        apart = [m for m in known if m is not wrong and assignment.apart(m, wrong)]
        draw = random.Random(secret + wrong.name.encode())  # noqa: S311 no secret's made
        for other in draw.sample(apart, min(others, len(apart))):
            names = frozenset({wrong.name, other.name})
            if names in tried:
                continue
            tried.add(names)
            yield _both(assignment, question, (wrong, other), secret)


def in_other_code(
    assignment: Assignment, question: Question, secret: bytes
) -> Iterator[Named]:
    """Yield what is named for misconceptions made in the variants, where they can be.

    An edit can be made where what it replaces stands in the variant exactly once, and
    leaves a program there
    """
    for path in sorted((assignment.secret / "variants").glob("*.py")):
        source = path.read_text(encoding="utf-8")
        for wrong in _of(assignment, question):
            if any(source.count(edit.find) != 1 for edit in wrong.edit):
                continue
            edited = source
            for edit in wrong.edit:
                edited = edited.replace(edit.find, edit.replace)
            program = Program(source, path)
            if not program.is_program(edited):
                continue
            with _found_by_its_name(path.stem):
                module = program.module(edited)
            asked = asked_of(assignment, module, question, secret)
            named = _told(assignment, question, asked, [wrong])
            comes_to = _give_all(assignment, asked, named)
            yield Named((wrong.name,), named, style=path.stem, comes_to=comes_to)


@contextmanager
def _found_by_its_name(name: str) -> Iterator[None]:
    """Let dataclasses find the module they are in, as they do for annotations."""
    before = sys.modules.get(name)
    sys.modules[name] = ModuleType(name)
    try:
        yield
    finally:
        if before is None:
            del sys.modules[name]
        else:
            sys.modules[name] = before


def _of(assignment: Assignment, question: Question) -> list[Misconception]:
    return [m for m in assignment.misconceptions if m.question == question.name]


def _named(
    assignment: Assignment,
    module: ModuleType,
    question: Question,
    secret: bytes,
    *made: Misconception,
) -> tuple[str, ...]:
    asked = asked_of(assignment, module, question, secret)
    return _told(assignment, question, asked, made)


def _told(
    assignment: Assignment,
    question: Question,
    asked: Sequence[AskedCase],
    made: Sequence[Misconception],
) -> tuple[str, ...]:
    """Return the names that are told; what says the same as one made, is that one.

    What is only seen in the answers or in a network's layers is no name
    """
    same = {m.message: m.name for m in made}
    known = {m.name for m in assignment.misconceptions}
    found = explain(assignment, question.name, asked).diagnoses
    told = (same.get(d.message, d.name) for d in found)
    return tuple(name for name in told if name in known)


def _both(
    assignment: Assignment,
    question: Question,
    made: tuple[Misconception, Misconception],
    secret: bytes,
) -> Named:
    module = assignment.wrong_together(*made)
    asked = asked_of(assignment, module, question, secret)
    hidden = [
        m.name
        for m, other in (made, made[::-1])
        if not any(case.failed for case in asked)
        or _gives_the_same(asked, assignment.wrong_reference(other))
    ]
    named = _told(assignment, question, asked, made)
    return Named(
        made=tuple(m.name for m in made),
        named=named,
        hidden_by_the_other=tuple(hidden),
        comes_to=_give_all(assignment, asked, named),
    )


def _give_all(
    assignment: Assignment, asked: Sequence[AskedCase], names: Sequence[str]
) -> tuple[str, ...]:
    """Return those of these mistakes that give every answer there is.

    Each by itself, in either form, or all of them where they do it together
    """
    known = [m for m in assignment.misconceptions if m.name in names]
    if (
        len(known) > 1
        and assignment.apart(*known)
        and _gives_the_same(asked, assignment.wrong_together(*known))
    ):
        return tuple(names)
    return tuple(
        m.name
        for m in known
        if _gives_the_same(asked, assignment.wrong_reference(m))
        or (m.also and _gives_the_same(asked, assignment.wrong_together(m)))
    )


def _gives_the_same(asked: Sequence[AskedCase], module: ModuleType) -> bool:
    """Tell whether a module answers every recorded call as it was answered."""
    for case in asked:
        for call in case.calls:
            outcome = observe(module, call)
            held = hold(call.outcome, call.outcome, outcome)
            if held.against:
                return False
    return True


def _raised(outcome: Outcome) -> StudentRaised:
    cls = getattr(builtins, outcome.error)
    return StudentRaised(
        "raised",
        outcome.complaint,
        builtin_names=tuple(c.__name__ for c in cls.__mro__ if c is not object),
        coarse="",
        complaint=outcome.complaint,
        text=" ".join(outcome.figures),
    )
