"""Name wrong answers: which misconceptions give the same on these inputs.

Every call of a question's cases, of passed ones too, is run again on the reference and
on edited references (all ours, in the trusted process). A misconception is named where

- it differs from the reference somewhere, and there the student's answers are its
  answers, everywhere: on values, shapes and changed inputs that tell more than chance
  (`evidence`);
- or it raises on exactly those calls on which the student's function raised, and in the
  same way (of sizes of layers with the same numbers), while others came through, or
  raised in another way;
- and no other misconception fits as well.

Of those that fit, the fewest that explain most are named, first the one that costs
most. What no single one explains may be two mistakes in one place: then pairs of edits
are tried, the likeliest first. What no pair explains may be many: then one is named
that gives most of the wrong answers in which it shows, and shows in no right one. Where
in doubt, nothing is named: where it raised is told anyway. Every run is charged
(`naming_budget`); a question for which not every single mistake could be tried gets no
name, since another one might fit as well.
"""

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from autograder.course.assignment import Assignment, Misconception
from autograder.grading.agreement import (
    Held,
    cell_of,
    differing,
    hold,
    same_values,
)
from autograder.grading.evidence import (
    ENOUGH,
    ENOUGH_FOR_TWO,
    ENOUGH_OF_ALL,
    ENOUGH_OF_AN_EXCEPTION,
    bits,
    bits_of_raising,
    pattern_bits,
)
from autograder.grading.known_answers import Known, KnownAnswers, digest_of
from autograder.grading.naming_budget import NamingBudget
from autograder.grading.proxy import Call, Outcome, observe
from autograder.records.results import Diagnosis
from autograder.sandbox.complaint import tells_sizes
from autograder.worker.values import Own

MAX_PAIRS = 100
"""Pairs of edits that are tried on one question."""
MAX_TOGETHER = 6
"""Misconceptions that are tried together where several could explain one thing."""
ENOUGH_CALLS = 3
"""Calls that have to show a mistake, each by itself, among mistakes without a name: so
many at least, and so many for every call that shows another answer."""

Cell = tuple[int, str]
"""The number of a call and the part of its answer."""


@dataclass(frozen=True, kw_only=True)
class AskedCase:
    """What one case of a question asked, and what came back.

    failed : with an answer, so that there is something to explain
    calls : every call that it made, in order
    actual : the value that its comparison found wrong, where it was one
    """

    name: str
    points: float
    failed: bool
    calls: Sequence[Call]
    actual: Any = None


@dataclass(frozen=True)
class Explanation:
    """What explains a question's wrong answers.

    diagnoses : the costliest first
    by_case : of each failed case the names that explain it
    """

    diagnoses: tuple[Diagnosis, ...] = ()
    by_case: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def explain(
    assignment: Assignment,
    question: str,
    cases: Sequence[AskedCase],
    earlier: Collection[str] = (),
    budget: NamingBudget | None = None,
) -> Explanation:
    """Name the misconceptions that a question's wrong answers show.

    earlier : misconceptions named in questions that this one builds on
    budget : of the submission, a fresh one where None
    """
    if not any(case.failed and case.calls for case in cases):
        return Explanation()
    budget = budget or NamingBudget.of(assignment.costs)
    asked = _Asked(assignment, question, cases, budget)
    if asked.raises_throughout():
        return Explanation()
    budget.begin_question()
    own = [m for m in assignment.misconceptions if m.question == question]
    trials = [_Trial(asked, (m,)) for m in own]
    if not all(t.is_tried for t in trials):
        return Explanation()
    found = _by_values(asked, [t for t in trials if t.stands])
    found += _by_exceptions(asked, [t for t in trials if t.stands], found)
    if asked.unexplained(found):
        budget.begin_pairs()
        base = [m for m in assignment.misconceptions if m.name in earlier]
        known = [*trials, *(_Trial(asked, (m,)) for m in base)]
        found = _with_pair(asked, own, known, found)
    if asked.unexplained(found):
        found = found + _among_others(asked, trials, found)
    return _explanation(asked, question, found)


class _Asked:
    """The recorded calls of a question and what is right.

    Failed cases come first, of these the cheap ones: most mistakes are ruled out there
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
        self._prices = [price(case) for case in self.cases for _ in case.calls]
        self._budget = budget
        self._known = KnownAnswers.of(assignment)
        self._digests: dict[int, bytes | None] = {}
        self._right: dict[int, Outcome] = {}
        self._off: dict[int, frozenset[str]] = {}
        self._differs: dict[int, frozenset[str]] = {}

    def right(self, number: int) -> Outcome:
        if number not in self._right:
            self._right[number] = self._answer((), number, None).outcome
        return self._right[number]

    def may_run(self, number: int) -> bool:
        """Charge a run of one call; False where the budget has not enough left."""
        return self._budget.take(self._prices[number])

    def raises_throughout(self) -> bool:
        """Tell whether every call ended in one exception: that says nothing of why."""
        return len({call.outcome.complaint for call in self.calls}) == 1 and all(
            call.outcome.raised and self.off(number)
            for number, call in enumerate(self.calls)
        )

    def hold(self, parts: tuple[Misconception, ...], number: int) -> Held:
        right, student = self.right(number), self.calls[number].outcome
        known = self._answer(parts, number, right)
        if right.error or student.error or known.outcome.error:
            return hold(right, student, known.outcome)
        if number not in self._differs:
            self._differs[number] = differing(right, student)
        off = self._differs[number]
        return hold(right, student, known.outcome, off=off, touched=known.touched)

    def has_figures(self, parts: tuple[Misconception, ...], number: int) -> bool:
        """Tell whether a mistake's exception has the numbers of the student's."""
        wrong = self._answer(parts, number, self.right(number)).outcome
        return wrong.figures == self.calls[number].outcome.figures

    def off(self, number: int) -> frozenset[str]:
        """Cells in which the student is not right."""
        if number not in self._off:
            right = self.right(number)
            self._off[number] = hold(right, self.calls[number].outcome, right).off
        return self._off[number]

    def _answer(
        self, parts: tuple[Misconception, ...], number: int, right: Outcome | None
    ) -> Known:
        call = self.calls[number]

        def ask() -> Known:
            outcome = observe(_module(self.assignment, parts), call)
            if right is None or right.error or outcome.error:
                return Known(outcome)
            return Known(outcome, differing(right, outcome))

        names = tuple(m.name for m in parts)
        if number not in self._digests:
            self._digests[number] = digest_of(call.function, call.args, call.kwargs)
        return self._known.answer(names, self._digests[number], ask)

    def judged(self) -> Iterator[tuple[AskedCase, list[Cell]]]:
        """Yield every failed case with the cells that it may have failed for."""
        start = 0
        for case in self.cases:
            numbers = range(start, start + len(case.calls))
            start += len(case.calls)
            if not case.failed:
                return
            cells = [(n, c) for n in numbers for c in self.off(n)]
            seen = [cell for cell in cells if self._is_compared(cell, case.actual)]
            yield case, seen or cells

    def unexplained(self, found: Iterable["_Trial"]) -> list[Cell]:
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

    def pattern(self, covers: AbstractSet[Cell]) -> float | None:
        """Bits of which calls went wrong; None where not all that did are covered.

        Of answers whose parts have names, those parts count that `covers` is about
        """
        numbers = self.of_same_subject(covers)
        parts = {cell for _, cell in covers}
        is_about = all(part.startswith("[") for part in parts)
        off = {n: self.off(n) & parts if is_about else self.off(n) for n in numbers}
        if any((n, cell) not in covers for n in numbers for cell in off[n]):
            return None
        return pattern_bits(sum(map(bool, off.values())), len(numbers))

    def of_same_subject(self, cells: Iterable[Cell]) -> list[int]:
        """Return the calls of the student's functions that `cells` are about."""
        subjects = {_subject(self.calls[number]) for number, _ in cells}
        return [n for n, call in enumerate(self.calls) if _subject(call) in subjects]

    def _is_compared(self, cell: Cell, actual: Any) -> bool:
        number, part = cell
        outcome = self.calls[number].outcome
        value = cell_of(outcome, self.right(number), part)
        return actual is not None and value is not None and same_values(value, actual)


class _Trial:
    """One misconception, or two together, held against the recorded calls.

    stands : nothing that was asked speaks against it, and something for it
    is_tried : it was run until that is known
    """

    def __init__(self, asked: _Asked, parts: tuple[Misconception, ...]) -> None:
        self.parts = parts
        self.asked = asked
        self.held: list[Held] = []
        self.is_tried = True
        for number in range(len(asked.calls)):
            if not asked.may_run(number):
                self.is_tried = False
                break
            self.held.append(asked.hold(parts, number))
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

    def goes_beyond(self, other: "_Trial") -> bool:
        """Tell whether it is another one with one mistake more."""
        return any(m.beyond == o.name for m in self.parts for o in other.parts)

    def may_be_one_of_two(self) -> bool:
        """Tell whether a second mistake may be all that speaks against it."""
        for number in range(len(self.held), len(self.asked.calls)):
            if self.held and self.held[-1].against_right:
                break
            if not self.asked.may_run(number):
                return False
            self.held.append(self.asked.hold(self.parts, number))
        return not any(held.against_right for held in self.held)

    def touches(self, number: int) -> bool:
        """Tell whether it shows in a call."""
        return self.held[number].against or bool(self.held[number].agrees)


def _by_values(asked: _Asked, trials: Sequence[_Trial]) -> list[_Trial]:
    """Return the fewest that explain most by what came back."""
    with_values = [t for t in trials if _values(asked, t.covers)]
    told = [t for t in with_values if _tells(asked, t)]
    return _fewest(told)


def _values(asked: _Asked, cells: Iterable[Cell]) -> set[Cell]:
    """Leave out exceptions; what a probe objects to is not one."""
    return {(n, c) for n, c in cells if not asked.calls[n].outcome.raised}


def _tells(asked: _Asked, trial: _Trial) -> bool:
    told = asked.told(trial.covers)
    if told >= ENOUGH or all(m.plain for m in trial.parts):
        return True
    pattern = asked.pattern(trial.covers)
    return pattern is not None and told + pattern >= ENOUGH_OF_ALL


def _fewest(trials: Sequence[_Trial]) -> list[_Trial]:
    """Return the smallest set that covers all that any of them cover.

    What fits as well as another one is in doubt, unless both say the same or one goes
    beyond the other
    """
    wide = [t for t in trials if not any(t.covers < other.covers for other in trials)]
    wide = [
        t
        for t in wide
        if not any(t.goes_beyond(o) and t.covers == o.covers for o in wide)
    ]
    clear = []
    for trial in wide:
        twins = [t for t in wide if t.covers == trial.covers]
        if trial is twins[0] and len({t.messages for t in twins}) == 1:
            clear.append(trial)
    needed = [
        t
        for t in clear
        if t.covers - set().union(*(o.covers for o in clear if o is not t))
    ]
    left = set().union(*(t.covers for t in clear)) - set().union(
        *(t.covers for t in needed)
    )
    spare = [t for t in clear if t not in needed]
    for size in range(min(len(spare), MAX_TOGETHER) + 1):
        fits = [
            set(some)
            for some in itertools.combinations(spare, size)
            if left <= set().union(*(t.covers for t in some))
        ]
        if fits:
            common = set.intersection(*fits)
            return [t for t in clear if t in common or t in needed]
    return needed


def _by_exceptions(
    asked: _Asked, trials: Sequence[_Trial], found: Sequence[_Trial]
) -> list[_Trial]:
    """Return one or two that raise exactly where, and as, the student's function did.

    found : those whose values show; where they raise too, nothing is left to explain
    """
    accounted = set().union(*(t.raises for t in found))
    raising = [t for t in trials if t not in found and not _values(asked, t.covers)]
    for size in (1, 2):
        fits = [
            some
            for some in itertools.combinations(raising, size)
            if _raise_alike(asked, some, accounted)
        ]
        if fits:
            fits = _with_the_same_figures(asked, fits)
            same = {tuple(t.messages for t in some) for some in fits}
            return list(fits[0]) if len(same) == 1 else []
    return []


def _raise_alike(
    asked: _Asked, trials: Sequence[_Trial], accounted: AbstractSet[int]
) -> bool:
    alike = [{n for n, _ in t.covers} for t in trials]
    numbers = asked.of_same_subject(set().union(*(t.covers for t in trials)))
    raised = {n for n in numbers if asked.calls[n].outcome.raised and asked.off(n)}
    for place, trial in enumerate(trials):
        others = (t.raises for i, t in enumerate(trials) if i != place)
        if not alike[place] - set().union(*others):
            return False
        if trial.raises - set().union(*alike) - accounted:
            return False
    left = raised - accounted
    if not left or left != set().union(*alike) - accounted:
        return False
    told = 2 * pattern_bits(len(raised), len(numbers))
    kinds = {asked.calls[n].outcome.complaint for n in raised}
    told += ENOUGH_OF_AN_EXCEPTION * (len(kinds) - 1)
    return told >= ENOUGH_OF_AN_EXCEPTION


def _with_the_same_figures(
    asked: _Asked, fits: Sequence[tuple[_Trial, ...]]
) -> list[tuple[_Trial, ...]]:
    """Leave those whose exceptions have the student's numbers, where any have.

    Where they must have them, as sizes of layers must, none may be left
    """
    calls = [{n for t in some for n, _ in t.covers} for some in fits]
    exact = [
        some
        for some in fits
        if all(asked.has_figures(t.parts, n) for t in some for n, _ in t.covers)
    ]
    told = (asked.calls[n].outcome.complaint for n in set().union(*calls))
    return exact if exact or any(map(tells_sizes, told)) else [*fits]


def _with_pair(
    asked: _Asked,
    own: Sequence[Misconception],
    known: Sequence[_Trial],
    found: list[_Trial],
) -> list[_Trial]:
    """Add the pair of edits that gives what no single one gives, if there is one."""
    open_cells = set(asked.unexplained(found))
    possible = [t for t in known if t.may_be_one_of_two()]
    pairs = [
        (a, b)
        for a, b in itertools.combinations(possible, 2)
        if (a.parts[0] in own or b.parts[0] in own)
        and asked.assignment.apart(a.parts[0], b.parts[0])
    ]
    numbers = {number for number, _ in open_cells}
    likely = sorted(pairs, key=lambda pair: _in_vain(pair[0], pair[1], numbers))[
        :MAX_PAIRS
    ]
    tried = [(a, b, _Trial(asked, (a.parts[0], b.parts[0]))) for a, b in likely]
    alone = set().union(*(t.covers for t in known))
    fits = [
        both
        for a, b, both in tried
        if both.stands
        and both.covers & open_cells
        and (
            asked.told(both.covers - alone) + (asked.pattern(both.covers) or 0.0)
            >= ENOUGH_FOR_TWO
            or _each_tells(asked, a, b, both)
        )
    ]
    best = _fewest(fits)
    if len(best) != 1:
        return found
    return [*(t for t in found if not t.covers <= best[0].covers), best[0]]


def _each_tells(asked: _Asked, first: _Trial, second: _Trial, both: _Trial) -> bool:
    """Tell whether each of two mistakes has enough for it that the other does not give.

    What speaks against each alone is excused: both together give it
    """
    return all(
        asked.told(both.covers & one.covers - other.covers) >= ENOUGH
        for one, other in ((first, second), (second, first))
    )


def _among_others(
    asked: _Asked, trials: Sequence[_Trial], found: Sequence[_Trial]
) -> list[_Trial]:
    """Return what most wrong answers show, where the others are nobody's.

    A mistake that makes values go wrong in many calls is there, whatever else is: by
    chance nobody gives its values again and again
    """
    named = {m.name for t in found for m in t.parts}
    open_cells = set(asked.unexplained(found))
    fits = []
    for trial in trials:
        if trial.parts[0].name in named or not trial.may_be_one_of_two():
            continue
        shown: dict[int, set[Cell]] = {}
        for number, cell in _values(asked, trial.covers & open_cells):
            shown.setdefault(number, set()).add((number, cell))
        clear = sum(asked.told(cells) >= ENOUGH for cells in shown.values())
        others = sum(held.against for held in trial.held)
        if clear >= ENOUGH_CALLS * max(1, others):
            fits.append(trial)
    return _fewest(fits)


def _in_vain(first: _Trial, second: _Trial, numbers: Collection[int]) -> int:
    """Count the calls that speak against two mistakes together, for the order of trial.

    Open calls that neither shows in, and those where one is wrong and the other, which
    might excuse it, does not show. Only the order: one may show through the other only
    """
    return sum(not (first.touches(n) or second.touches(n)) for n in numbers) + sum(
        (a.against and not second.touches(n)) or (b.against and not first.touches(n))
        for n, (a, b) in enumerate(zip(first.held, second.held, strict=True))
    )


def _explanation(asked: _Asked, question: str, found: Sequence[_Trial]) -> Explanation:
    by_case: dict[str, tuple[str, ...]] = {}
    lost: dict[str, float] = {}
    named = {m.name: m for t in found for m in t.parts if m.question == question}
    for case, cells in asked.judged():
        names = [
            m.name
            for t in found
            if t.covers.intersection(cells) or t.raises & {n for n, _ in cells}
            for m in t.parts
            if m.name in named
        ]
        by_case[case.name] = tuple(dict.fromkeys(names))
        for name in by_case[case.name]:
            lost[name] = lost.get(name, 0.0) + case.points
    order = sorted(lost, key=lambda name: -lost[name])
    return Explanation(
        tuple(
            Diagnosis(name=n, message=named[n].message, see=named[n].see) for n in order
        ),
        {
            case: tuple(sorted(names, key=order.index))
            for case, names in by_case.items()
        },
    )


def _module(assignment: Assignment, parts: tuple[Misconception, ...]) -> ModuleType:
    if not parts:
        return assignment.reference
    if len(parts) == 1:
        return assignment.wrong_references[parts[0].name]
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
