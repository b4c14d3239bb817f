"""Name wrong answers: which misconceptions give the same on these inputs.

Every call of a question's cases, of passed ones too, is run again on the reference and
on edited references (all ours, in the trusted process). A misconception is named where

- it differs from the reference somewhere, and there the student's answers are its
  answers, everywhere: on values, shapes and changed inputs that tell more than chance
  (`evidence`);
- or it raises on exactly those calls on which the student's function raised, and in the
  same way (of sizes of layers with the same numbers), while others came through, or
  raised in another way or with other numbers;
- and no other misconception fits as well.

Of those that fit, the fewest that explain most are named, first the one that costs
most; what one adds to the others must tell something by itself. What no single one
explains may be two or three mistakes in one place: then edits are tried together, the
likeliest first. What is open then may be a slip that nobody has written down, or have
something to do with the right answer (`slipping`). What those don't explain may be
many: then one is named that gives most of the wrong answers in which it shows, and
shows in no right one; or all but those of one kind. Of networks it is told in which
layers they differ (`layers_seen`). Where in doubt, nothing is named:
at least in what calls answers are wrong is told, and where it raised. Parts that came
in another order are put in the right one before all this (`part_order`). Every run is
charged (`naming_budget`); a question for which not every single mistake could be tried
gets no name, since another one might fit as well.
"""

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from autograder.course.assignment import Assignment, Misconception
from autograder.grading.branches import only_where
from autograder.grading.evidence import (
    ENOUGH,
    ENOUGH_FOR_TWO,
    ENOUGH_OF_ALL,
    ENOUGH_OF_AN_EXCEPTION,
    pattern_bits,
)
from autograder.grading.layers_seen import by_layers
from autograder.grading.naming_budget import NamingBudget
from autograder.grading.part_order import (
    order_of_parts,
    put_in_order,
    too_few_or_many,
)
from autograder.grading.slipping import beside, but_for, by_slips, where
from autograder.grading.trials import Asked, AskedCase, Cell, Trial, WhereTrial
from autograder.records.results import Diagnosis
from autograder.sandbox.complaint import tells_sizes

MAX_OF_SEVERAL = {2: 100, 3: 60}
"""Pairs, and three at a time, that are tried on one question for what is left open."""
MAX_ROUNDS = 3
"""So often what is still open then is tried again: dx and dw may hide two each."""
ENOUGH_BESIDE = 4.0
"""Bits for what a mistake gives and others that are named do not."""
LIKELIEST = 12
"""Misconceptions of which three are tried together."""
MAX_TOGETHER = 6
"""Misconceptions that are tried together where several could explain one thing."""
ENOUGH_CALLS = 3
"""Calls that have to show a mistake, each by itself, among mistakes without a name: so
many at least, and so many for every call that shows another answer."""

MOSTLY_OPEN = 4
"""So many times as many wrong answers must be open as a mistake gives, to doubt it."""


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
    asked = Asked(assignment, question, cases, budget)
    if asked.raises_throughout():
        return Explanation()
    budget.begin_question()
    own = [m for m in assignment.misconceptions if m.question == question]
    base = [m for m in assignment.misconceptions if m.name in earlier]
    order = order_of_parts(asked, own)
    if order:
        in_order = put_in_order(cases, order.places)
        asked = Asked(assignment, question, in_order, budget)
    trials = [_trial(asked, m) for m in own]
    if not all(t.is_tried for t in trials):
        return Explanation()
    found = _alone(asked, trials)
    counted = None if order or not asked.unexplained(found) else too_few_or_many(asked)
    if counted:
        whole = put_in_order(cases, counted.places)
        asked = Asked(assignment, question, whole, budget)
        trials = [_trial(asked, m) for m in own]
        missing = WhereTrial(asked, question, counted.cells(asked), counted.says)
        (order,) = missing.parts
        found = [missing, *_alone(asked, trials)]
    says_more = not asked.says_one_thing()
    if asked.unexplained(found) and says_more:
        budget.begin_pairs()
        known = [*trials, *(Trial(asked, (m,)) for m in base)]
        found = _with_several(asked, own, known, found)
    in_part = (
        lambda found: beside(asked, trials, found),
        lambda found: [*found, *_among_others(asked, trials, found)],
        lambda found: _in_proportion(asked, found),
        lambda found: by_layers(asked, question, found, base),
        lambda found: but_for(asked, question, trials, found),
        lambda found: only_where(asked, question, trials, found),
    )
    for explain_more in (
        lambda found: by_slips(asked, question, found),
        *(in_part if says_more else ()),
        lambda found: where(asked, question, found),
    ):
        if asked.unexplained(found):
            with asked.with_slips():
                found = explain_more(found)
    return _explanation(asked, question, found, order)


def _alone(asked: Asked, trials: Sequence[Trial]) -> list[Trial]:
    """Return the fewest that explain most, each by itself."""
    standing = [t for t in trials if t.stands]
    found = _by_values(asked, standing)
    return found + _by_exceptions(asked, standing, found)


def _trial(asked: Asked, misconception: Misconception) -> Trial:
    """Try a misconception, in another form of the reference where it does not fit.

    What comes of one mistake may depend on how the rest is written: a window that is
    cut off by the image's end gives less in a loop, and raises in a view
    """
    trial = Trial(asked, (misconception,))
    if trial.stands or not misconception.also or not trial.is_tried:
        return trial
    other = Trial(asked, (misconception,), in_form=True)
    return other if other.stands or not other.is_tried else trial


def _by_values(asked: Asked, trials: Sequence[Trial]) -> list[Trial]:
    """Return the fewest that explain most by what came back."""
    with_values = [t for t in trials if _values(asked, t.covers)]
    told = [t for t in with_values if _tells(asked, t)]
    found = _without_doubtful(asked, _fewest(told))
    rest = [
        t for t in with_values if t not in told and _tells_the_rest(asked, t, found)
    ]
    return found + _fewest(rest)


def _without_doubtful(asked: Asked, found: list[Trial]) -> list[Trial]:
    """Leave out what others give nearly everywhere, the more doubtful first.

    A mistake that adds one answer to those of another one may be there for chance, or
    instead of a third
    """
    kept = list(found)
    while True:
        doubtful = []
        for trial in kept:
            others = set().union(*(t.covers for t in kept if t is not trial))
            told = asked.told(trial.covers - others)
            if trial.covers & others and told < ENOUGH_BESIDE and not _is_plain(trial):
                doubtful.append((told, kept.index(trial)))
        if not doubtful:
            return kept
        kept.pop(min(doubtful)[1])


def _tells_the_rest(asked: Asked, trial: Trial, found: Sequence[Trial]) -> bool:
    """Tell whether it gives all that is still wrong, and that is enough."""
    covered = frozenset[Cell]().union(*(t.covers for t in found))
    rest = trial.covers - covered
    if not found or not rest:
        return False
    pattern = asked.pattern(rest, covered)
    return pattern is not None and asked.told(rest) + pattern >= ENOUGH_OF_ALL


def _is_plain(trial: Trial) -> bool:
    return all(m.plain for m in trial.parts)


def _values(asked: Asked, cells: Iterable[Cell]) -> set[Cell]:
    """Leave out exceptions; what a probe objects to is not one."""
    return {(n, c) for n, c in cells if not asked.calls[n].outcome.raised}


def _tells(asked: Asked, trial: Trial) -> bool:
    pattern = asked.pattern(trial.covers)
    if pattern is not None and asked.told(trial.covers) + pattern >= ENOUGH_OF_ALL:
        return True
    return asked.told_among_others(trial.covers) >= ENOUGH or _is_plain(trial)


def _fewest(trials: Sequence[Trial]) -> list[Trial]:
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
        if trial is twins[0] and len({frozenset(t.messages) for t in twins}) == 1:
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
    asked: Asked, trials: Sequence[Trial], found: Sequence[Trial]
) -> list[Trial]:
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
            same = {frozenset(t.messages for t in some) for some in fits}
            return list(fits[0]) if len(same) == 1 else []
    return []


def _raise_alike(
    asked: Asked, trials: Sequence[Trial], accounted: AbstractSet[int]
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
    outcomes = [asked.calls[n].outcome for n in raised]
    told += ENOUGH_OF_AN_EXCEPTION * (len({o.complaint for o in outcomes}) - 1)
    # The numbers of these have to be the same in every call.
    told += len({o.figures for o in outcomes if tells_sizes(o.complaint)})
    return told >= ENOUGH_OF_AN_EXCEPTION


def _with_the_same_figures(
    asked: Asked, fits: Sequence[tuple[Trial, ...]]
) -> list[tuple[Trial, ...]]:
    """Leave those whose exceptions have the student's numbers, where any have.

    Where they must have them, as sizes of layers must, none may be left
    """
    calls = [{n for t in some for n, _ in t.covers} for some in fits]
    exact = [
        some
        for some in fits
        if all(asked.has_figures(t, n) for t in some for n, _ in t.covers)
    ]
    told = (asked.calls[n].outcome.complaint for n in set().union(*calls))
    return exact if exact or any(map(tells_sizes, told)) else [*fits]


def _with_several(
    asked: Asked,
    own: Sequence[Misconception],
    known: Sequence[Trial],
    found: list[Trial],
) -> list[Trial]:
    """Add edits that together give what no single one gives, if there are such.

    Two at first; three only where two don't do it
    """
    possible = [t for t in known if t.may_be_one_of_several()]
    for size, most in MAX_OF_SEVERAL.items():
        for _ in range(MAX_ROUNDS):
            if not asked.unexplained(found):
                return found
            groups = _sets(asked, possible, found, size)
            more = _with_group(asked, own, known, groups, found, most)
            if more == found:
                break
            found = more
    return found


def _sets(
    asked: Asked, possible: Sequence[Trial], found: Sequence[Trial], size: int
) -> Iterator[tuple[Trial, ...]]:
    """Yield sets of so many that may explain what is open; of three the likeliest."""
    if size > 2:  # noqa: PLR2004 of pairs there are few enough
        numbers = {number for number, _ in asked.unexplained(found)}
        possible = sorted(possible, key=lambda t: _in_vain((t,), numbers))[:LIKELIEST]
    return itertools.combinations(possible, size)


def _with_group(
    asked: Asked,
    own: Sequence[Misconception],
    known: Sequence[Trial],
    groups: Iterable[tuple[Trial, ...]],
    found: list[Trial],
    most: int,
) -> list[Trial]:
    """Add groups of edits that give what no single one gives, if they are clear.

    Several where each gives other answers, as two mistakes in dx and two in dw
    """
    open_cells = set(asked.unexplained(found))
    numbers = {number for number, _ in open_cells}
    likely = itertools.islice(
        (
            group
            for group in sorted(groups, key=lambda group: _in_vain(group, numbers))
            if any(t.parts[0] in own for t in group)
            and asked.assignment.apart(*(t.parts[0] for t in group))
        ),
        most,
    )
    alone = set().union(*(t.covers for t in known))
    fits = []
    for group in likely:
        together = Trial(asked, tuple(t.parts[0] for t in group))
        if (
            together.stands
            and (together.covers & open_cells).difference(
                *(t.covers for t in group if t.stands)
            )
            and _is_told(asked, group, together, alone)
            and not _has_one_too_many(asked, together)
        ):
            fits.append(together)
    best = _fewest(fits)
    covered = [cell for t in best for cell in t.covers]
    if not best or len(covered) != len(set(covered)):
        return found
    return [t for t in found if not t.covers <= set(covered)] + best


def _is_told(
    asked: Asked,
    group: Sequence[Trial],
    together: Trial,
    alone: AbstractSet[Cell],
) -> bool:
    """Tell whether there is enough for several mistakes at once.

    alone : what some single one gives

    Either in what none gives alone, or for each by itself in what the others
    don't give. What speaks against each alone is excused: all together give it. Where
    all but one are clear by what they give alone, that one needs what one name needs.
    A message that says no more than what is seen is clear as it is
    """
    pattern = asked.pattern(together.covers) or 0.0
    if asked.told(together.covers - alone) + pattern >= ENOUGH_FOR_TWO:
        return True
    plain = [t for t in group if _is_plain(t)]
    clear = [
        t
        for t in group
        if t not in plain and asked.told(together.covers & t.covers) >= ENOUGH
    ]
    if len(clear) + len(plain) == len(group) and plain:
        return True
    if len(clear) == len(group) - 1:
        covered = frozenset[Cell]().union(*(t.covers for t in clear))
        beside = together.covers - covered
        return asked.told(beside) + (asked.pattern(beside, covered) or 0.0) >= ENOUGH
    return all(
        asked.told(
            (together.covers & one.covers).difference(
                *(other.covers for other in group if other is not one)
            )
        )
        >= ENOUGH
        for one in group
    )


def _has_one_too_many(asked: Asked, together: Trial) -> bool:
    """Tell whether fewer of the mistakes give all of it."""
    parts = together.parts
    return len(parts) > 2 and any(  # noqa: PLR2004 singles were tried before
        fewer.stands and together.covers <= fewer.covers
        for fewer in (
            Trial(asked, some) for some in itertools.combinations(parts, len(parts) - 1)
        )
    )


def _among_others(
    asked: Asked, trials: Sequence[Trial], found: Sequence[Trial]
) -> list[Trial]:
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


def _in_proportion(asked: Asked, found: Sequence[Trial]) -> list[Trial]:
    """Leave out what gives few of the wrong answers of a part, where most are open.

    Who is wrong in one part nearly always, and in a way that nobody knows, gives the
    answers of a mistake too where both come to the same
    """
    open_cells = asked.unexplained(found)
    kept = []
    for trial in found:
        parts = {(asked.calls[n].function, c) for n, c in trial.covers}
        of_them = [
            (n, c) for n, c in open_cells if (asked.calls[n].function, c) in parts
        ]
        if _is_plain(trial) or len(of_them) < MOSTLY_OPEN * len(trial.covers):
            kept.append(trial)
    return kept


def _in_vain(group: Sequence[Trial], numbers: Collection[int]) -> int:
    """Count the calls that speak against mistakes together, for the order of trial.

    Open calls that none of them shows in, and those where one is wrong and no other,
    which might excuse it, shows. Only the order: one may show through another only
    """
    vain = sum(not any(t.touches(n) for t in group) for n in numbers)
    for n, held in enumerate(zip(*(t.held for t in group), strict=True)):
        wrong = sum(h.against for h in held)
        vain += wrong == 1 and sum(t.touches(n) for t in group) == 1
    return vain


def _explanation(
    asked: Asked,
    question: str,
    found: Sequence[Trial],
    order: Misconception | None,
) -> Explanation:
    """Put what was found in words, case by case.

    order : in which the parts came, where another one was asked for; a case failed for
        it where no single value was found wrong
    """
    by_case: dict[str, tuple[str, ...]] = {}
    lost: dict[str, float] = {}
    named = {m.name: m for t in found for m in t.parts if m.question == question}
    named |= {order.name: order} if order else {}
    for case, cells in asked.judged():
        names = [order.name] if order and case.actual is None else []
        names += [
            m.name
            for t in found
            if t.covers.intersection(cells) or t.raises & {n for n, _ in cells}
            for m in t.parts
            if m.name in named
        ]
        by_case[case.name] = tuple(dict.fromkeys(names))
        for name in by_case[case.name]:
            lost[name] = lost.get(name, 0.0) + case.points
    # What shows in a failed case beside what it failed for costs nothing, and is there.
    wrong = {cell for cells in asked.wrong_in_failed() for cell in cells}
    beside = [m.name for t in found if t.covers & wrong for m in t.parts]
    beside += [order.name] if order else []
    lost |= {name: 0.0 for name in beside if name in named and name not in lost}
    ranked = sorted(lost, key=lambda name: -lost[name])
    return Explanation(
        tuple(
            Diagnosis(name=n, message=named[n].message, see=named[n].see)
            for n in ranked
        ),
        {
            case: tuple(sorted(names, key=ranked.index))
            for case, names in by_case.items()
        },
    )
