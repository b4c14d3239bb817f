"""Look for a case behind every promise of a docstring.

A docstring promises what a function may be given and what becomes of it: whole numbers,
one value, an error of a kind. What is promised is read off its words and its signature;
what the cases ask is seen by running them on the reference. So no list is kept by hand,
and a promise that no case asks about is found by itself.
"""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import numpy as np
from checks import collected_notes, collected_offers
from checks.layouts import layout_of
from checks.unchanging import is_watching

from autograder.authoring.naming import OurModule
from autograder.course.assignment import Assignment, Question
from autograder.grading.grading_run import run_case, seed_of
from autograder.grading.proxy import FunctionProxy, Recorder
from autograder.sandbox.student_failures import StudentRaised
from autograder.worker.values import Own


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A call that a case makes.

    values : its arguments, those of lists too; left_out : parameters without a value
    raised : the exception that it ends in; watched : its arguments must stay the same
    """

    function: str
    args: tuple[Any, ...] = ()
    values: tuple[Any, ...] = ()
    left_out: bool = False
    raised: str = ""
    watched: bool = False


@dataclass(frozen=True)
class Promise:
    """Something that docstrings promise.

    words : where they stand in a function's docstring, it makes the promise
    of_arrays : they stand in the module's, for all its functions that take arrays,
        but those whose own docstring has the words `unless`
    shows : whether a call keeps it
    """

    name: str
    words: str
    shows: Callable[[Asked], bool]
    of_arrays: bool = False
    unless: str = r"$^"


def _has_array(test: Callable[[Any], bool]) -> Callable[[Asked], bool]:
    return lambda asked: any(
        isinstance(v, np.ndarray) and test(v) for v in asked.values
    )


def _has_number(number: int) -> Callable[[Asked], bool]:
    return lambda asked: any(type(v) is int and v == number for v in asked.args)


def _is_one_long(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return 1 in value.shape
    return isinstance(value, (list, tuple)) and len(value) == 1


def _is_pair(value: Any) -> bool:
    return type(value) is tuple and len(value) == _PAIR


def _size(value: Any) -> int:
    return value if type(value) is int else int(np.size(value))


def _is_whole(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "iu"
    return isinstance(value, list) and all(type(item) is int for item in value)


_PAIR = 2
_A_NUMBER = r"^\s+[a-z]\w* : (?!.*(array_like|channels)).*"
_INTS = r"array_like|floats or ints|float64 or ints|ints? of the same|hold ints"
PROMISES = (
    Promise("lists", "array_like", lambda a: any(isinstance(v, list) for v in a.args)),
    Promise("whole numbers", _INTS, lambda a: any(map(_is_whole, a.values))),
    Promise("uint8", "array_like", _has_array(lambda v: v.dtype == np.uint8)),
    Promise(
        "float32",
        "of any type|float64 or float32",
        _has_array(lambda v: v.dtype == np.float32),
        of_arrays=True,
        unless="float64 or ints",
    ),
    Promise("complex", "array_like, .*complex", _has_array(np.iscomplexobj)),
    Promise(
        "another layout",
        r"in\s+memory",
        _has_array(lambda v: layout_of(v) not in {"", "read-only"}),
        of_arrays=True,
    ),
    Promise(
        "read-only",
        "read-only",
        _has_array(lambda v: layout_of(v) == "read-only"),
        of_arrays=True,
        unless="you may write into it",
    ),
    Promise(
        "one value",
        r"\b[A-Z]+ >= 1\b",
        lambda a: any(map(_is_one_long, a.values)),
    ),
    Promise(
        "an axis of one", r"may\s+be\s+1\b", _has_array(_is_one_long), of_arrays=True
    ),
    Promise("1", rf"{_A_NUMBER}>= 1\b", _has_number(1)),
    Promise("0", rf"{_A_NUMBER}>= 0\b", _has_number(0)),
    Promise(
        "longer than the first",
        r"may be longer than x|may be shorter than the kernel",
        lambda a: len(a.args) > 1 and _size(a.args[1]) > _size(a.args[0]),
    ),
    Promise(
        "not square",
        r"\(H, W|\(N, C, H, W",
        _has_array(lambda v: v.ndim > 1 and len(set(v.shape[-2:])) > 1),
    ),
    Promise(
        "all negative",
        "values may be negative",
        _has_array(lambda v: bool((v < 0).all())),
    ),
    Promise(
        "arguments unchanged",
        r"stay as they were given|No function\s+changes\s+what",
        lambda a: a.watched,
        of_arrays=True,
    ),
)
_TAKES_ARRAYS = re.compile(
    r"array_like|^\s+[a-z].* : (\(N, |array|gradient)", re.MULTILINE
)
_RAISES = re.compile(r"^\s+Raises (\w+)", re.MULTILINE)


@dataclass
class Kept:
    """The promises of a question, each with the names of the cases that show it."""

    question: str
    cases: dict[str, list[str]] = field(default_factory=dict)

    @property
    def broken(self) -> tuple[str, ...]:
        """Promises that no case shows."""
        return tuple(name for name, cases in self.cases.items() if not cases)


def kept(assignment: Assignment, question: Question, secret: bytes) -> Kept:
    """Return a question's promises, with the cases that show them.

    secret : what the cases' inputs are drawn from
    """
    found = Kept(question.name)
    wanted = dict(_promises(assignment.reference, question))
    found.cases = {name: [] for name in wanted}
    for case in assignment.cases[question.name]:
        session = _Noting(assignment.reference, assignment.parameters)
        recorder = Recorder(session)
        names = (*question.functions, *question.builds_on)
        own = {name: FunctionProxy(name, recorder) for name in names}
        seed = seed_of(secret, f"{question.name}\0{case.source.name}")
        with collected_notes(), collected_offers():
            run_case(assignment, case, own, assignment.reference, seed)
        for name, (function, shows) in wanted.items():
            if any(a.function == function and shows(a) for a in session.asked):
                found.cases[name].append(case.source.name)
    return found


def _promises(
    module: ModuleType, question: Question
) -> Iterator[tuple[str, tuple[str, Callable[[Asked], bool]]]]:
    """Yield what a question's functions promise: its name, and who makes it."""
    said_of_all = module.__doc__ or ""
    for name in question.functions:
        function = getattr(module, name)
        said = function.__doc__ or ""
        takes_arrays = _TAKES_ARRAYS.search(said) is not None
        for promise in PROMISES:
            where = said_of_all if promise.of_arrays else said
            if re.search(promise.words, where, re.MULTILINE) and (
                not promise.of_arrays
                or (takes_arrays and not re.search(promise.unless, said))
            ):
                yield f"{name}: {promise.name}", (name, promise.shows)
        for error in _RAISES.findall(said):
            yield f"{name}: {error}", (name, _raises(error))
        if callable(function):
            yield from ((f"{name}: {n}", (name, s)) for n, s in _of_signature(function))


def _of_signature(
    function: Callable[..., Any],
) -> Iterator[tuple[str, Callable[[Asked], bool]]]:
    parameters = inspect.signature(function).parameters.values()
    if any(p.default is not p.empty for p in parameters):
        yield "defaults left out", lambda asked: asked.left_out
    if any("Pair" in _written(p) for p in parameters):
        yield "a pair", lambda asked: any(map(_is_pair, asked.args))


def _written(parameter: inspect.Parameter) -> str:
    kind = parameter.annotation
    return "Pair" if kind == int | tuple[int, int] else str(kind)


def _raises(error: str) -> Callable[[Asked], bool]:
    return lambda asked: asked.raised == error


class _Noting(OurModule):
    """Notes what is asked of a module of ours."""

    def __init__(
        self, module: ModuleType, parameters: Mapping[str, tuple[str, ...]]
    ) -> None:
        super().__init__(module)
        self._parameters = parameters
        self.asked: list[Asked] = []

    def call(self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a function and note with what.

        A probe that makes a network of a class is noted as a call of the class.
        """
        raised, asked, given = "", function, (*args, *kwargs.values())
        if ":" in function and len(args) > 1 and isinstance(args[0], Own):
            asked = args[0].name
            given = tuple(args[1]) if isinstance(args[1], list) else ()
        try:
            return super().call(function, args, kwargs)
        except StudentRaised as error:
            raised = error.type_name
            raise
        finally:
            self.asked.append(
                Asked(
                    function=asked,
                    args=given,
                    values=tuple(_flat((*given, *args))),
                    left_out=len(given) < len(self._parameters.get(asked, ())),
                    raised=raised,
                    watched=is_watching(),
                )
            )


def _flat(values: tuple[Any, ...] | list[Any]) -> Iterator[Any]:
    for value in values:
        yield value
        if isinstance(value, (list, tuple)):
            yield from _flat(value)
