"""What known mistakes give on the calls that a question made, held against the answers.

`Asked` holds the calls and what is right, `Trial` one mistake or two together that were
run on them. Nothing is decided here: that is `diagnosis`.
"""

import functools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager
from dataclasses import dataclass
from math import log2
from types import ModuleType
from typing import Any

import numpy as np

from autograder.course.assignment import Assignment, Misconception
from autograder.course.slips import Slip
from autograder.grading.agreement import (
    RAISED,
    Held,
    cell_of,
    cells_of,
    contents,
    differing,
    hold,
    hold_cell,
    same_values,
)
from autograder.grading.evidence import (
    ENOUGH_FOR_TWO,
    bits,
    bits_of_raising,
    pattern_bits,
)
from autograder.grading.known_answers import Known, KnownAnswers, digest_of
from autograder.grading.naming_budget import NamingBudget
from autograder.grading.proxy import Call, Outcome, observe
from autograder.grading.relations import Relation, Seen, part_name, seen_of
from autograder.sandbox.complaint import tells_sizes
from autograder.worker.values import Own

Cell = tuple[int, str]
"""The number of a call and the part of its answer."""
MOST_TO_SHOW = 40
"""Calls of failed cases among which a mistake shows, or is not looked for further."""
ENOUGH_TO_VARY = 6
"""Calls of which the right answers are not all one thing."""
SAYS = (
    "What you return is, number by number, what comes out if {}: look at that step of "
    "yours."
)
UNDONE = 0.5
"""Of the calls in which a mistake shows, the share in which another may undo it."""


@dataclass(frozen=True, kw_only=True)
class AskedCase:
    """What one case of a question asked, and what came back.

    failed : with an answer, so that there is something to explain
    calls : every call that it made, in order
    is_public : its numbers may be told
    actual : the value that its comparison found wrong, where it was one
    """

    name: str
    points: float
    failed: bool
    calls: Sequence[Call]
    is_public: bool = False
    actual: Any = None


class Asked:
    """The recorded calls of a question and what is right.

    Failed cases come first, of these the cheap ones: most mistakes are ruled out there.
    in_failed : how many of the calls are theirs
    is_public : of each call, whether its case is a public one
    """

    def __init__(
        self,
        assignment: Assignment,
        question: str,
        cases: Sequence[AskedCase],
        budget: NamingBudget,
    ) -> None:
        def price(case: AskedCase) -> float:
            return budget.of_a_call(question, case.name, len(case.calls))

        self.assignment = assignment
        self.cases = sorted(cases, key=lambda case: (not case.failed, price(case)))
        self.calls = [call for case in self.cases for call in case.calls]
        self.in_failed = sum(len(case.calls) for case in self.cases if case.failed)
        self.is_public = [case.is_public for case in self.cases for _ in case.calls]
        self._prices = [price(case) for case in self.cases for _ in case.calls]
        self._budget = budget
        self._known = KnownAnswers.of(assignment)
        self._digests: dict[int, bytes | None] = {}
        self._right: dict[int, Outcome] = {}
        self._off: dict[int, frozenset[str]] = {}
        self._differs: dict[int, frozenset[str]] = {}
        self._judged: list[tuple[AskedCase, list[Cell]]] | None = None

    def right(self, number: int) -> Outcome:
        """Return what the reference gives in a call."""
        if number not in self._right:
            self._right[number] = self._answer((), number).outcome
        return self._right[number]

    def with_slips(self) -> AbstractContextManager[None]:
        """Charge what is run to the budget of slips."""
        return self._budget.of_slips()

    def may_run(self, number: int) -> bool:
        """Charge a run of one call; False where the budget has not enough left."""
        return self._budget.take(self._prices[number])

    def raises_throughout(self) -> bool:
        """Tell whether every call ended in one exception: that says nothing of why.

        Of sizes that layers have, the numbers say it
        """
        complaints = {call.outcome.complaint for call in self.calls}
        return (
            len(complaints) == 1
            and not any(map(tells_sizes, complaints))
            and all(
                call.outcome.raised and self.off(number)
                for number, call in enumerate(self.calls)
            )
        )

    def says_one_thing(self) -> bool:
        """Tell whether whatever came back was the same number, or nothing at all.

        Zeros of whatever shape, or exceptions alone, all of one kind: who gives them
        makes no mistake but that one. Where a call raised, nothing came back
        """
        outcomes = [call.outcome for call in self.calls]
        values = [o.value for o in outcomes if not o.error]
        said: set[str] = set()
        for value in values or [o.complaint for o in outcomes]:
            said |= contents(value) if values else {value}
            if len(said) > 1:
                return False
        return len(values or outcomes) >= ENOUGH_TO_VARY

    def hold(
        self, parts: tuple[Misconception, ...], number: int, *, in_form: bool = False
    ) -> Held:
        """Hold mistakes that are edited in together against the student, in a call."""
        return self._hold(number, self._answer(parts, number, in_form=in_form))

    def with_mistake(self, made: Misconception, number: int) -> Any:
        """Return what the reference gives in a call with one mistake edited in.

        None where that may not be run any more, or raises
        """
        return (
            self._answer((made,), number).outcome.value
            if self.may_run(number)
            else None
        )

    def hold_slips(
        self, slips: tuple[Slip, ...], number: int, *, through: bool = False
    ) -> Held:
        """Hold slips that are made together against the student, in a call."""
        if not through and self.subject(number) not in {s.function for s in slips}:
            # Written out, functions don't call one another: what is right is right.
            return self._hold(number, Known(self.right(number)))
        module = functools.partial(self._module_with, slips, through=through)
        says = tuple(f"{slip.function}: {slip.says}" for slip in slips)
        says += ("through",) * through
        return self._hold(number, self._answer_of(says, module, number))

    def _module_with(self, slips: tuple[Slip, ...], *, through: bool) -> ModuleType:
        written = self.assignment.slips
        if written is None:
            raise ValueError(f"{self.assignment.name} has no slips")
        module = written.module(*slips, through=through)
        for name in self.assignment.parameters:
            # What isn't written out is the reference's.
            vars(module).setdefault(name, getattr(self.assignment.reference, name))
        return module

    def hold_relation(
        self, relation: Relation, function: str, cell: str, number: int
    ) -> Held:
        """Hold what a relation makes of one cell of a function's right answers."""
        call = self.calls[number]
        if call.function != function:
            return Held()  # what is right there takes time, and nobody asks for it
        right = self.right(number)
        if right.error or call.outcome.error:
            return Held(off=self.off(number))
        made = _made(relation, self.seen(number, cell))
        is_known = made is not None
        return hold_cell(right, call.outcome, cell, made, is_known=is_known)

    def is_related(self, relation: Relation, number: int, cell: str) -> bool:
        """Tell whether one cell of a call is what a relation makes of the right one."""
        seen = self.seen(number, cell)
        made = _made(relation, seen)
        return seen is not None and made is not None and same_values(made, seen.given)

    def seen(self, number: int, cell: str) -> Seen | None:
        """Return what is right and was given in one cell, where both are numbers."""
        call, right = self.calls[number], self.right(number)
        value = cell_of(right, right, cell)
        names = self.assignment.parameters.get(call.function, ())
        given = cell_of(call.outcome, right, cell)
        return seen_of(names, call, value, given, is_public=self.is_public[number])

    def is_asked_for(self, number: int, cell: str) -> bool:
        """Tell whether a right answer has this cell, or none that came back has."""
        right = self.right(number)
        return cell == RAISED or cell in cells_of(right, right)

    def _hold(self, number: int, known: Known) -> Held:
        right, student = self.right(number), self.calls[number].outcome
        if right.error or student.error or known.outcome.error:
            return hold(right, student, known.outcome)
        if number not in self._differs:
            self._differs[number] = differing(right, student)
        off = self._differs[number]
        return hold(right, student, known.outcome, off=off, touched=known.touched)

    def has_figures(self, trial: "Trial", number: int) -> bool:
        """Tell whether a mistake's exception has the numbers of the student's."""
        wrong = self._answer(trial.parts, number, in_form=trial.in_form).outcome
        return wrong.figures == self.calls[number].outcome.figures

    def off(self, number: int) -> frozenset[str]:
        """Cells in which the student is not right."""
        if number not in self._off:
            right = self.right(number)
            self._off[number] = hold(right, self.calls[number].outcome, right).off
        return self._off[number]

    def _answer(
        self, parts: tuple[Misconception, ...], number: int, *, in_form: bool = False
    ) -> Known:
        module = functools.partial(_module, self.assignment, parts, in_form=in_form)
        names = tuple(m.name for m in parts) + ("in a form",) * in_form
        return self._answer_of(names, module, number)

    def _answer_of(
        self, names: tuple[str, ...], module: Callable[[], ModuleType], number: int
    ) -> Known:
        """Return what a module of ours answers; names : what tells it from others."""
        call = self.calls[number]
        right = self.right(number) if names else None

        def ask() -> Known:
            outcome = observe(module(), call)
            if right is None or right.error or outcome.error:
                return Known(outcome)
            return Known(outcome, differing(right, outcome))

        if number not in self._digests:
            self._digests[number] = digest_of(call.function, call.args, call.kwargs)
        return self._known.answer(names, self._digests[number], ask)

    def judged(self) -> Sequence[tuple[AskedCase, list[Cell]]]:
        """Return every failed case with the cells that it may have failed for.

        They are looked for once: what a case compared may be large
        """
        if self._judged is None:
            failed = (case for case in self.cases if case.failed)
            pairs = zip(failed, self.wrong_in_failed(), strict=True)
            self._judged = [
                (case, self._compared(case, cells)) for case, cells in pairs
            ]
        return self._judged

    def wrong_in_failed(self) -> Iterator[list[Cell]]:
        """Yield of every failed case, which come first, all cells that are wrong."""
        start = 0
        for case in self.cases:
            numbers = range(start, start + len(case.calls))
            start += len(case.calls)
            if not case.failed:
                return
            yield [(n, c) for n in numbers for c in self.off(n)]

    def unexplained(self, found: Iterable["Trial"]) -> list[Cell]:
        """Return the cells of failed cases that none of `found` covers."""
        covered = set().union(*(t.covers for t in found))
        raised = set().union(*(t.raises for t in found))
        return [
            (number, cell)
            for _, cells in self.judged()
            for number, cell in cells
            if number not in raised and (number, cell) not in covered
        ]

    def told(self, cells: AbstractSet[Cell]) -> float:
        """Bits that the student's wrong answers in `cells` tell."""
        total = 0.0
        for number, cell in sorted(cells):
            call, right = self.calls[number], self.right(number)
            if call.outcome.error:
                total += bits_of_raising(call.outcome.error)
            elif right.error:
                total += bits(None, call.outcome.value, call.args)
            else:
                expected = cell_of(right, right, cell)
                total += bits(expected, cell_of(call.outcome, right, cell), call.args)
            if total >= ENOUGH_FOR_TWO:
                break
        return total

    def told_among_others(self, cells: AbstractSet[Cell]) -> float:
        """Bits that wrong answers tell of which there are more than these.

        Who is wrong nearly wherever one answer is right, gives any mistake's there, if
        there are two possible ones
        """
        answers = [self.right(number).value for number, _ in cells]
        if not all(isinstance(answer, (str, bool)) for answer in answers):
            return self.told(cells)
        asked: Counter[str] = Counter()
        wrong: Counter[str] = Counter()
        for number in self.of_same_subject(cells):
            right = repr(self.right(number).value)
            asked[right] += 1
            wrong[right] += bool(self.off(number))
        kinds = Counter(repr(self.right(number).value) for number, _ in cells)
        return sum(
            n * log2(asked[kind] / max(1, wrong[kind])) for kind, n in kinds.items()
        )

    def pattern(
        self, covers: AbstractSet[Cell], others: AbstractSet[Cell] = frozenset()
    ) -> float | None:
        """Bits of which calls went wrong; None where not all that did are covered.

        Of answers whose parts have names, those parts count that `covers` is about.
        others : cells that are accounted for, which don't count
        """
        numbers = self.of_same_subject(covers)
        parts = {cell for _, cell in covers}
        is_about = all(part.startswith("[") for part in parts)
        off = {
            n: {
                cell
                for cell in self.off(n)
                if (cell in parts or not is_about) and (n, cell) not in others
            }
            for n in numbers
        }
        if any((n, cell) not in covers for n in numbers for cell in off[n]):
            return None
        return pattern_bits(sum(map(bool, off.values())), len(numbers))

    def subject(self, number: int) -> str:
        """Return the student's function that a call is about, a probe's too."""
        return _subject(self.calls[number])

    def of_same_subject(self, cells: Iterable[Cell]) -> list[int]:
        """Return the calls of the student's functions that `cells` are about."""
        subjects = {_subject(self.calls[number]) for number, _ in cells}
        return [n for n, call in enumerate(self.calls) if _subject(call) in subjects]

    def _compared(self, case: AskedCase, cells: list[Cell]) -> list[Cell]:
        """Return those of a case's wrong cells that it compared, or all of them."""
        return [c for c in cells if self._is_compared(c, case.actual)] or cells

    def _is_compared(self, cell: Cell, actual: Any) -> bool:
        number, part = cell
        outcome = self.calls[number].outcome
        value = cell_of(outcome, self.right(number), part)
        return actual is not None and value is not None and same_values(value, actual)


class Trial:
    """One misconception, or two together, held against the recorded calls.

    in_form : one that is made in a form of the reference, not in the reference itself
    stands : nothing that was asked speaks against it, and something for it in what
        failed: where nothing does, it is not asked further
    is_tried : it was run until that is known
    """

    def __init__(
        self,
        asked: Asked,
        parts: tuple[Misconception, ...],
        *,
        in_form: bool = False,
    ) -> None:
        self.parts = parts
        self.asked = asked
        self.in_form = in_form
        self.held: list[Held] = []
        self.is_tried = True
        for number in range(len(asked.calls)):
            if number == asked.in_failed and not self.covers:
                break
            if not self._may_run(number):
                self.is_tried = False
                break
            self.held.append(self._hold_in(number))
            if self.held[-1].against:
                break
        against = any(held.against for held in self.held)
        self.stands = self.is_tried and bool(self.covers) and not against

    @property
    def covers(self) -> frozenset[Cell]:
        """Cells in which the student gives just what the misconception gives."""
        return frozenset(
            (n, c) for n, held in enumerate(self.held) for c in held.agrees
        )

    @property
    def raises(self) -> frozenset[int]:
        """Calls that end in an exception with the misconception."""
        return frozenset(n for n, held in enumerate(self.held) if held.raises)

    @property
    def messages(self) -> tuple[str, ...]:
        """What the student would read."""
        return tuple(m.message for m in self.parts)

    def goes_beyond(self, other: "Trial") -> bool:
        """Tell whether it is another one with one mistake more."""
        return any(m.beyond == o.name for m in self.parts for o in other.parts)

    def may_be_one_of_two(self) -> bool:
        """Tell whether a second mistake may be all that speaks against it."""
        for number in range(len(self.held), len(self.asked.calls)):
            if self.held and self.held[-1].against_right:
                break
            if not self._hold(number):
                return False
        return not any(held.against_right for held in self.held)

    def may_be_one_of_several(self) -> bool:
        """Tell whether others may be all that speaks against it, in nearly every call.

        In some calls two mistakes may undo one another by chance, where an answer is a
        small number: what all of them give together decides
        """
        for number in range(len(self.held), len(self.asked.calls)):
            if not self._hold(number):
                return False
        shown = sum(self.touches(number) for number in range(len(self.held)))
        return sum(held.against_right for held in self.held) <= UNDONE * shown

    def _hold(self, number: int) -> bool:
        """Run it on one more call; False where that may not be."""
        if self._may_run(number):
            self.held.append(self._hold_in(number))
            return True
        return False

    def shows_somewhere(self) -> bool:
        """Tell whether it gives a wrong answer of the student's among the first."""
        for number in range(len(self.held), min(MOST_TO_SHOW, self.asked.in_failed)):
            if not self._hold(number):
                break
        return bool(self.covers)

    def _may_run(self, number: int) -> bool:
        return self.asked.may_run(number)

    def _hold_in(self, number: int) -> Held:
        return self.asked.hold(self.parts, number, in_form=self.in_form)

    def touches(self, number: int) -> bool:
        """Tell whether it shows in a call."""
        return self.held[number].against or bool(self.held[number].agrees)


class SlipTrial(Trial):
    """Slips that are made together, held against the recorded calls.

    parts : one misconception, which says what all of them give
    through : what calls the functions they are in shows them, too
    """

    def __init__(
        self,
        asked: Asked,
        question: str,
        slips: tuple[Slip, ...],
        *,
        through: bool = False,
    ) -> None:
        self.slips = slips
        self.through = through
        name = " and ".join(f"{slip.function}: {slip.says}" for slip in slips)
        says = ", and ".join(slip.says for slip in slips)
        made = Misconception(
            name=name,
            message=SAYS.format(says),
            question=question,
            fails=(question,),
            edit=(),
        )
        super().__init__(asked, (made,))

    def _hold_in(self, number: int) -> Held:
        return self.asked.hold_slips(self.slips, number, through=self.through)


class WhereTrial(Trial):
    """Where a part of an answer is wrong, and right everywhere else: no more is known.

    cells : those in which it is wrong
    """

    def __init__(
        self,
        asked: Asked,
        question: str,
        cells: AbstractSet[Cell],
        message: str,
        name: str = "",
    ) -> None:
        made = Misconception(
            name=name or message,
            message=message,
            question=question,
            fails=(question,),
            edit=(),
        )
        self.parts, self.asked, self.in_form = (made,), asked, False
        self.held = [
            Held(off=asked.off(n), agrees=frozenset(c for m, c in cells if m == n))
            for n in range(len(asked.calls))
        ]
        self.is_tried = self.stands = True


class RelationTrial(Trial):
    """What one part of an answer may have to do with the right one, in every call."""

    def __init__(
        self,
        asked: Asked,
        question: str,
        function: str,
        cell: str,
        relation: Relation,
    ) -> None:
        self._relation, self._function, self._cell = relation, function, cell
        part = part_name(asked.assignment, function, cell)
        made = Misconception(
            name=f"{function}: {part} {relation.says}",
            message=f"{part} {relation.says}.",
            question=question,
            fails=(question,),
            edit=(),
        )
        super().__init__(asked, (made,))

    def _may_run(self, number: int) -> bool:  # noqa: ARG002 what it takes is little
        """Charge nothing: what is right is known, and no function is run."""
        return True

    def _hold_in(self, number: int) -> Held:
        relation, function, cell = self._relation, self._function, self._cell
        return self.asked.hold_relation(relation, function, cell, number)


def _made(relation: Relation, seen: Seen | None) -> Any:
    # Of the largest numbers, what is made is beyond every float: that is no relation.
    with np.errstate(all="ignore"):
        return relation.of(seen) if seen is not None else None


def _module(
    assignment: Assignment, parts: tuple[Misconception, ...], *, in_form: bool
) -> ModuleType:
    if not parts:
        return assignment.reference
    if len(parts) == 1 and not in_form:
        return assignment.wrong_reference(parts[0])
    return assignment.wrong_together(*parts)


def _subject(call: Call) -> str:
    """Return the student's function that a call is about."""
    if not call.is_probe:
        return call.function
    return next(_own_names(call.args), call.function)


def _own_names(value: Any) -> Iterator[str]:
    if isinstance(value, Own):
        yield value.name
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _own_names(item)
