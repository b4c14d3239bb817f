"""Files in which nothing is solved: what they may earn is next to nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from checks import collected_notes, collected_offers

from autograder.course.assignment import Assignment, Case, Question, functions_in
from autograder.grading.grading_run import run_case

BY_CHANCE = 2.0
"""Points of 100 that an answer of the right kind may earn without any work."""
ANSWERS = {
    "None": "None",
    "text": "'seven'",
    "nan": "float('nan')",
    "an empty tuple": "()",
    "one value in a tuple": "(0.123,)",
    "a ragged list": "[[1, 2], [3]]",
    "an object array": "np.array([None, 1])",
    "complex numbers": "np.full((2, 2), 1j)",
    "a rank too many": "np.full((1, 1, 1, 1, 1), 0.123)",
    "a generator": "(i for i in range(3))",
    "a function": "len",
    "a dict": "{'a': np.ones(2)}",
    "an infinity": "np.array(np.inf)",
    "a nested tuple": "((1, (2, None)), [np.ones(1), 'x'])",
}
"""Answers of the wrong kind, as expressions: they earn nothing."""
PLAUSIBLE = {
    "0": "0",
    "0.0": "0.0",
    "True": "True",
    "its input": "args[0] if args else 0",
    "zeros of its input's shape": "np.zeros(np.shape(args[0]) if args else ())",
}
"""Answers that may be right now and then."""
ERRORS = (
    "ValueError",
    "TypeError",
    "IndexError",
    "KeyError",
    "ZeroDivisionError",
    "RuntimeError",
    "AssertionError",
    "NotImplementedError",
    "SystemExit",
    "KeyboardInterrupt",
    "GeneratorExit",
    "BaseException",
)
"""Builtin exceptions; a function that does nothing but raise earns nothing."""
ZEROED = """

def _zeros(value):
    if isinstance(value, (list, tuple)):
        return type(value)(map(_zeros, value))
    if isinstance(value, dict):
        return {key: _zeros(item) for key, item in value.items()}
    return None if value is None else value * 0


def _zeroed(function):
    return lambda *args, **kwargs: _zeros(function(*args, **kwargs))


"""
COPIED = """
import numpy as np

inf, nan = float("inf"), float("nan")


def _plain(value):
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


def _copied(name):
    def answer(*args, **kwargs):
        asked = repr(_plain((args, kwargs)))
        for function, known, value in ANSWERS:
            if function == name and known == asked:
                return value
        raise ValueError(name)

    return answer


"""
"""Gives what stands in ANSWERS, and raises for all else."""


@dataclass(frozen=True)
class Junk:
    """A file in which nothing is solved; most : points that it may earn."""

    name: str
    source: str
    most: float = 0.0


def junk(assignment: Assignment) -> Iterator[Junk]:
    """Yield files that answer every question of an assignment without any work."""
    names = sorted(functions_in(assignment.reference_source))
    for name, expression in ANSWERS.items():
        yield Junk(f"returns {name}", _all(names, f"return {expression}"))
    for name in ERRORS:
        yield Junk(f"raises {name}", _all(names, f"raise {name}('no')"))
    for name, expression in PLAUSIBLE.items():
        source = _all(names, f"return {expression}")
        yield Junk(f"returns {name}", source, BY_CHANCE)
    if "torch" not in assignment.manifest.packages:
        wrapped = "".join(f"{name} = _zeroed({name})\n" for name in names)
        source = f"{assignment.reference_source}{ZEROED}{wrapped}"
        yield Junk("returns zeros of the right shape", source, BY_CHANCE)
    for question in assignment.manifest.question:
        yield from _copied(assignment, question, names)


def _all(names: list[str], statement: str) -> str:
    bodies = [f"def {name}(*args, **kwargs):\n    {statement}\n" for name in names]
    return "import numpy as np\n\n" + "\n".join(bodies)


def _copied(
    assignment: Assignment, question: Question, names: list[str]
) -> Iterator[Junk]:
    """Yield a file with the answers of one public case, the one of most points."""
    public = [c for c in assignment.cases[question.name] if not c.source.hidden]
    for case in sorted(public, key=lambda one: -one.source.points):
        answers = _answers(assignment, question, case)
        if answers:
            bound = "".join(f"{name} = _copied({name!r})\n" for name in names)
            yield Junk(
                f"copies “{case.source.name}” of {question.name}",
                f"{COPIED}ANSWERS = {answers!r}\n{bound}",
                max(BY_CHANCE, case.source.points),
            )
            return


def _answers(
    assignment: Assignment, question: Question, case: Case
) -> list[tuple[str, str, Any]]:
    """Return function, arguments and value of every call that a public case makes.

    Empty where one of them cannot be written down: a network, an error
    """
    found: list[tuple[str, str, Any]] = []

    def recorded(name: str) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            asked = repr(_plain((args, kwargs)))
            value = getattr(assignment.reference, name)(*args, **kwargs)
            found.append((name, asked, _plain(value)))
            return value

        return call

    functions = {n: recorded(n) for n in (*question.functions, *question.builds_on)}
    try:
        with collected_notes(), collected_offers():
            run_case(assignment, case, functions, assignment.reference, seed=0)
    except Exception:  # noqa: BLE001 a network that is no class any more, an error
        return []
    return found


def _plain(value: Any) -> Any:
    """Write a value with lists for arrays and tuples; TypeError where it has others."""
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if value is None or isinstance(value, (bool, int, float, complex, str)):
        return value
    raise TypeError(f"a {type(value).__name__} cannot be written down")
