"""Explain wrong answers by slips: small changes of a right answer written out.

Known mistakes are tried first. What they leave open may be a slip that nobody has
written down (`course/slips`): each by itself, then two together, of those that give a
wrong answer somewhere by themselves. A slip that fits is no guess at what the code
looks like: it tells what comes out, and that is what the student is told.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from math import ceil

from autograder.course.slips import Fact, Slip
from autograder.grading.agreement import INPUTS, RAISED
from autograder.grading.evidence import pattern_bits
from autograder.grading.relations import OF_PROBES, part_name, relations
from autograder.grading.trials import (
    Asked,
    Cell,
    RelationTrial,
    SlipTrial,
    Trial,
    WhereTrial,
)

ENOUGH_OF_A_SLIP = 14.0
"""Bits for a slip: some hundred and fifty are tried on a function (7 bits)."""
ENOUGH_OF_TWO_SLIPS = 20.0
"""Bits for two together: the likeliest `MOST_PAIRS` are tried."""
ENOUGH_BESIDE = 4.0
"""Bits for what a slip explains and those that are told already don't."""
ENOUGH_TO_BE_ONE_OF_TWO = 3.0
"""Bits of what one of two gives by itself."""
MOSTLY = 0.5
"""Of the calls in which something is so, those that must be wrong to say so."""
ENOUGH_TO_SAY_WHERE = 4.0
"""Bits of which calls went wrong: some ten things may be so in a call."""
ENOUGH_CALLS = 3
"""Calls that must show a mistake which another one hides elsewhere."""
MOST_PAIRS = 120
MOST_LIKELY = 24
"""Slips of which two are tried together."""
FEW_SLIPS = 64
"""Where a function has no more, every two are tried: two that give a wrong answer
together may give none of the student's by themselves."""
ENOUGH_TO_SHOW = 6
"""Open calls of a function, from first to last, in one of which such a pair must give
the student's answer: of some two thousand, nearly all are ruled out there."""


def by_slips(asked: Asked, question: str, found: Sequence[Trial]) -> list[Trial]:
    """Return what was found, and the slips that explain what is open still."""
    written = asked.assignment.slips
    if written is None:
        return _by_relations(asked, question, found)
    functions = {asked.subject(n) for n, _ in asked.unexplained(found)}
    slips = written.of(sorted(functions))
    trials = [SlipTrial(asked, question, (slip,)) for slip in slips]
    if not all(t.is_tried for t in trials):
        return _by_relations(asked, question, found)
    told = _clear(asked, found, trials, ENOUGH_OF_A_SLIP)
    told = _in_what_calls(asked, question, told)
    told = _by_relations(asked, question, told)
    if asked.unexplained(told) and not asked.says_one_thing():
        pairs = _pairs(asked, trials, told)
        together = [SlipTrial(asked, question, pair) for pair in pairs]
        told = _clear(asked, told, together, ENOUGH_OF_TWO_SLIPS)
    return told


def _in_what_calls(asked: Asked, question: str, told: list[Trial]) -> list[Trial]:
    """Let slips that are told explain what calls the functions they are in."""
    functions = {asked.subject(n) for n, _ in asked.unexplained(told)}
    through = [
        SlipTrial(asked, question, t.slips, through=True)
        for t in told
        if isinstance(t, SlipTrial) and functions - {s.function for s in t.slips}
    ]
    return _clear(asked, told, through, ENOUGH_OF_A_SLIP)


def _clear(
    asked: Asked, found: Sequence[Trial], trials: Iterable[Trial], enough: float
) -> list[Trial]:
    """Add those that explain most of what is open, one after the other."""
    told = [*found]
    standing = [t for t in trials if t.stands and _bits(asked, t) >= enough]
    while True:
        open_cells = set(asked.unexplained(told))
        gains = {t: t.covers & open_cells for t in standing}
        best = max(standing, key=lambda t: len(gains[t]), default=None)
        if best is None or asked.told(gains[best]) < ENOUGH_BESIDE:
            return told
        told = [t for t in told if not t.covers < best.covers] + [best]
        standing.remove(best)


def _bits(asked: Asked, trial: Trial) -> float:
    values = {(n, c) for n, c in trial.covers if not asked.calls[n].outcome.raised}
    return asked.told(values) + (asked.pattern(values) or 0.0) if values else 0.0


def _pairs(
    asked: Asked, trials: Sequence[SlipTrial], told: Sequence[Trial]
) -> list[tuple[Slip, Slip]]:
    """Return pairs of slips that each give some open answer, the likeliest first."""
    open_cells = set(asked.unexplained(told))
    shown: list[tuple[SlipTrial, frozenset[Cell]]] = []
    for trial in trials:
        if not (trial.shows_somewhere() and trial.may_be_one_of_several()):
            continue
        cells = trial.covers & open_cells
        if asked.told(cells) >= ENOUGH_TO_BE_ONE_OF_TWO:
            shown.append((trial, frozenset(cells)))
    shown.sort(key=lambda pair: -len(pair[1]))
    pairs = [
        (first, second)
        for first, second in itertools.combinations(shown[:MOST_LIKELY], 2)
        if not first[0].slips[0].overlaps(second[0].slips[0])
    ]
    pairs.sort(key=lambda pair: -len({n for _, cells in pair for n, _ in cells}))
    likely = [(a.slips[0], b.slips[0]) for (a, _), (b, _) in pairs[:MOST_PAIRS]]
    short = _of_short_functions(asked, trials, {number for number, _ in open_cells})
    return list(dict.fromkeys([*likely, *short]))


def _of_short_functions(
    asked: Asked, trials: Sequence[SlipTrial], open_calls: AbstractSet[int]
) -> Iterator[tuple[Slip, Slip]]:
    """Yield every two slips of a short function that give an open answer of it."""
    by_function: dict[str, list[Slip]] = {}
    for trial in trials:
        (slip,) = trial.slips
        by_function.setdefault(slip.function, []).append(slip)
    for function, slips in by_function.items():
        if len(slips) > FEW_SLIPS:
            continue
        of_it = sorted(n for n in open_calls if asked.subject(n) == function)
        some = of_it[:: max(1, ceil(len(of_it) / ENOUGH_TO_SHOW))]
        for pair in itertools.combinations(slips, 2):
            if not pair[0].overlaps(pair[1]) and _shows_in(asked, pair, some):
                yield pair


def _shows_in(asked: Asked, slips: tuple[Slip, Slip], numbers: Iterable[int]) -> bool:
    """Tell whether slips give the student's wrong answer in one of these calls."""
    return any(asked.may_run(n) and asked.hold_slips(slips, n).agrees for n in numbers)


def _by_relations(asked: Asked, question: str, found: Sequence[Trial]) -> list[Trial]:
    """Return what was found, and what open answers have to do with the right ones.

    Each part of an answer by itself: that of a wrong value must be that of all. Public
    calls are looked at first: of those the numbers are told, too
    """
    told = [*found]
    tried: set[tuple[str, str, bool]] = set()
    for number, cell in _public_first(asked, asked.unexplained(found)):
        subject = asked.calls[number].function, cell
        call = asked.calls[number]
        looked_at = *subject, asked.is_public[number]
        if looked_at in tried or call.outcome.raised:
            continue
        if call.is_probe and cell not in OF_PROBES:
            continue
        if not asked.is_asked_for(number, cell):
            continue
        tried.add(looked_at)
        seen = asked.seen(number, cell)
        possible = relations(seen) if seen else ()
        trials = [RelationTrial(asked, question, *subject, r) for r in possible]
        told = _clear(asked, told, trials, ENOUGH_OF_A_SLIP)
    return told


def _public_first(asked: Asked, cells: Iterable[Cell]) -> list[Cell]:
    return sorted(cells, key=lambda cell: not asked.is_public[cell[0]])


def beside(
    asked: Asked, trials: Iterable[Trial], found: Sequence[Trial]
) -> list[Trial]:
    """Return what was found, and what explains all of the rest but for calls of these.

    Mistakes that can't be made in one program hide one another where both show
    """
    told = [*found]
    covered = frozenset().union(*(t.covers for t in found))
    if not covered:
        return told
    named = {m.name for t in found for m in t.parts}
    possible = [
        trial
        for trial in trials
        if trial.parts[0].name not in named
        and trial.may_be_one_of_two()
        and _is_hidden(trial, covered)
    ]
    while possible:
        open_values = {
            (n, c)
            for n, c in asked.unexplained(told)
            if not asked.calls[n].outcome.raised
        }
        gains = {trial: trial.covers & open_values for trial in possible}
        best = max(possible, key=lambda trial: len(gains[trial]))
        if asked.told(gains[best]) < ENOUGH_OF_A_SLIP:
            return told
        alike = [trial for trial in possible if gains[trial] == gains[best]]
        if alike == [best]:
            told.append(best)
        # Where several give the same of what is open, nothing tells which it is.
        possible = [trial for trial in possible if trial not in alike]
    return told


def _is_hidden(trial: Trial, covered: AbstractSet[Cell]) -> bool:
    """Tell whether wherever a mistake would give something else, others give that."""
    numbers = {number for number, _ in covered}
    return all(
        number in numbers and all((number, c) in covered for c in held.other)
        for number, held in enumerate(trial.held)
        if held.against
    )


def but_for(
    asked: Asked, question: str, known: Iterable[Trial], found: Sequence[Trial]
) -> list[Trial]:
    """Return what was found, and one that gives all wrong answers but for those where.

    Where something is so, another mistake may hide it, but nowhere else: in no call
    else may it give what the student doesn't
    """
    written = asked.assignment.slips
    open_cells = set(asked.unexplained(found))
    functions = sorted({asked.calls[n].function for n, _ in open_cells})
    if written is None or not functions:
        return [*found]
    told = [*found]
    facts = {name: written.facts(name) for name in functions}
    slips = [SlipTrial(asked, question, (s,)) for s in written.of(functions)]
    fits = []
    for trial in (*known, *slips):
        if not (trial.shows_somewhere() and trial.may_be_one_of_two()):
            continue
        values = {(n, c) for n, c in trial.covers if not asked.calls[n].outcome.raised}
        against = {n for n, held in enumerate(trial.held) if held.against}
        says = _says_of(asked, facts, against, {n for n, _ in values})
        if says:
            fits.append((trial, values, says))
    fits.sort(key=lambda fit: -len(fit[1] & open_cells))
    for trial, values, says in fits:
        gain = values & set(asked.unexplained(told))
        if len({n for n, _ in gain}) < ENOUGH_CALLS:
            continue
        if asked.told(gain) >= ENOUGH_OF_A_SLIP:
            (made,) = trial.parts
            message = f"{made.message} Wherever {says}, something else is wrong too."
            made_of = WhereTrial(asked, question, gain, message, name=made.name)
            told.append(made_of)
    return told


def _says_of(
    asked: Asked,
    facts: Mapping[str, Sequence[Fact]],
    those: AbstractSet[int],
    others: AbstractSet[int],
) -> str:
    """Return what is so in all of those calls and in none of the others."""
    for fact in (fact for some in facts.values() for fact in some):
        if not any(_is_so(asked, fact, n) for n in others) and all(
            _is_so(asked, fact, n) for n in those
        ):
            return fact.says
    return ""


def _is_so(asked: Asked, fact: Fact, number: int) -> bool:
    call = asked.calls[number]
    return fact.of(call.args, call.kwargs)


def where(asked: Asked, question: str, found: Sequence[Trial]) -> list[Trial]:
    """Return what was found, and where at least the rest is wrong.

    Each part of a function's answers by itself: wrong in calls in which something is
    so, or one of two things, and right in all others; and what it has to do there with
    what is right, if anything. Of keys that nobody asked for nothing is said: they are
    the student's own words, which may hold what a hidden case gave
    """
    told = [*found]
    written = asked.assignment.slips
    tried: set[tuple[str, str]] = set()
    for number, cell in asked.unexplained(found):
        function = asked.calls[number].function
        is_probe = asked.calls[number].is_probe
        if written is None or is_probe or (function, cell) in tried:
            continue
        if not asked.is_asked_for(number, cell):
            continue
        tried.add((function, cell))
        of_it = [n for n, c in enumerate(asked.calls) if c.function == function]
        # Where it raised it returned nothing, and so nothing right.
        calls = [n for n in of_it if cell == RAISED or RAISED not in asked.off(n)]
        wrong = {n for n in calls if cell in asked.off(n)}
        says, those = says_where(asked, written.facts(function), wrong, calls)
        if says:
            returning = "" if len(calls) == len(of_it) else " that does not raise"
            place = _Place(function, cell, those, wrong, says, returning)
            cells = {(n, cell) for n in wrong}
            message = _in_words(asked, place)
            told.append(WhereTrial(asked, question, cells, message))
    return told


@dataclass(frozen=True)
class _Place:
    """Where a part of a function's answers is wrong.

    those : the calls in which something is so; says : what
    wrong : those of them in which the part is wrong; it is in no other
    returning : which calls can't be spoken of, to follow "every other call"
    """

    function: str
    cell: str
    those: AbstractSet[int]
    wrong: AbstractSet[int]
    says: str
    returning: str


def _in_words(asked: Asked, place: _Place) -> str:
    """Return what can be said of the calls in which answers are wrong.

    In how many is not: which go wrong a submission may choose by what a hidden case
    gave
    """
    cell, those, says = place.cell, place.those, place.says
    if cell in {RAISED, INPUTS}:
        often = "" if place.wrong == those else "in at least half of the calls "
        does = _does(asked, place.function, cell, place.wrong)
        return f"{does} {often}where {says}, and in no other call."
    part = part_name(asked.assignment, place.function, cell)
    other = f"every other call{place.returning}"
    for number, _ in _public_first(asked, [(n, cell) for n in sorted(those)]):
        seen = asked.seen(number, cell)
        if cell not in asked.off(number) or seen is None:
            continue
        for relation in relations(seen):
            if all(asked.is_related(relation, n, cell) for n in those):
                so = relation.says.removesuffix(", everywhere")
                return f"{part} {so}, wherever {says}; in {other} it is right."
        break
    if place.wrong == those:
        return f"{part} is wrong wherever {says}, and right in {other}."
    return (
        f"{part} is wrong at least half of the time where {says}, and right in {other}."
    )


def _does(asked: Asked, function: str, cell: str, wrong: AbstractSet[int]) -> str:
    """Return what a function does there that is no value."""
    if cell == INPUTS:
        return f"Your {function} leaves its arguments other than it should"
    should = {bool(asked.right(n).error) for n in wrong}
    does = {bool(asked.calls[n].outcome.error) for n in wrong}
    if should == {False}:
        return f"Your {function} raises"
    if does == {False}:
        return f"Your {function} should raise and does not"
    return f"Your {function} does not raise as it should"


def says_where(
    asked: Asked,
    facts: Sequence[Fact],
    wrong: AbstractSet[int],
    calls: Sequence[int],
) -> tuple[str, AbstractSet[int]]:
    """Return in what calls answers are wrong, and those calls; "" where nothing fits.

    The plainest: one thing, one of two, two at once; then one thing that is so in few
    others
    """
    so = {f.says: frozenset(n for n in calls if _is_so(asked, f, n)) for f in facts}
    pairs = list(itertools.combinations(so.items(), 2))
    choices = [
        *so.items(),
        *((f"{one} or {other}", a | b) for (one, a), (other, b) in pairs),
        *((f"{one} and {other}", a & b) for (one, a), (other, b) in pairs),
    ]
    exact = [(says, numbers) for says, numbers in choices if numbers == wrong]
    # What should raise and does not is no guess: where it should is what is asked for.
    is_plain = all(
        asked.right(n).error and not asked.calls[n].outcome.error for n in wrong
    )
    told = pattern_bits(len(wrong), len(calls))
    if exact and (is_plain or told >= ENOUGH_TO_SAY_WHERE):
        return exact[0]
    around = [
        (says, numbers)
        for says, numbers in so.items()
        if wrong < numbers
        and len(wrong) >= max(ENOUGH_CALLS, MOSTLY * len(numbers))
        and pattern_bits(len(numbers), len(calls)) >= ENOUGH_TO_SAY_WHERE
    ]
    return min(around, key=lambda choice: len(choice[1]), default=("", wrong))
