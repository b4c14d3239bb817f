"""Tell a mistake that is made in one branch only.

Who writes a branch for every mode, or for every kind of layer, makes a mistake in one
of them: where something is so, all answers are the mistake's; in every other call they
are right, so that by itself the mistake does not stand.
"""

import functools
from collections.abc import Callable, Sequence

from autograder.grading.agreement import Held
from autograder.grading.slipping import ENOUGH_CALLS, ENOUGH_OF_A_SLIP, says_where
from autograder.grading.trials import SAYS, Asked, Cell, Trial, WhereTrial


def only_where(
    asked: Asked, question: str, known: Sequence[Trial], found: Sequence[Trial]
) -> list[Trial]:
    """Return what was found, and what gives a function's other wrong answers there.

    known : mistakes of the question, each by itself
    """
    told = [*found]
    written = asked.assignment.slips
    functions = {asked.calls[n].function for n, _ in asked.unexplained(found)}
    covered = frozenset[Cell]().union(*(t.covers for t in found))
    for function in sorted(functions) if written else ():
        facts = written.facts(function) if written else ()
        calls = [n for n, call in enumerate(asked.calls) if call.function == function]
        cells = {(n, c) for n in calls for c in asked.off(n)} - covered
        wrong = {n for n, _ in cells}
        says, those = says_where(asked, facts, wrong, calls)
        values = {(n, c) for n, c in cells if not asked.calls[n].outcome.raised}
        if not says or len(wrong) < ENOUGH_CALLS:
            continue
        if asked.told(values) < ENOUGH_OF_A_SLIP:
            continue
        made = _made_there(asked, function, known, sorted(those))
        if made:
            message = f"{made} It is so wherever {says}, and in no other call."
            told.append(WhereTrial(asked, question, cells, message))
    return told


def _made_there(
    asked: Asked, function: str, known: Sequence[Trial], numbers: Sequence[int]
) -> str:
    """Return what gives just the student's answers in these calls; "" for none."""

    def gives_all(hold: Callable[[int], Held]) -> bool:
        return all(_gives(asked, hold, number) for number in numbers)

    messages = {
        trial.parts[0].message
        for trial in known
        if gives_all(functools.partial(asked.hold, trial.parts))
    }
    if messages:
        return messages.pop() if len(messages) == 1 else ""
    written = asked.assignment.slips
    for slip in written.of([function]) if written else ():
        if gives_all(functools.partial(asked.hold_slips, (slip,))):
            return SAYS.format(slip.says)
    return ""


def _gives(asked: Asked, hold: Callable[[int], Held], number: int) -> bool:
    """Tell whether a mistake gives all that is wrong in a call, and no more."""
    if not asked.may_run(number):
        return False
    held = hold(number)
    return not held.against and asked.off(number) <= held.agrees
