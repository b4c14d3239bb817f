"""What a test gets in the place of the student's functions.

One test file serves two worlds. On a laptop a case is called with the student's own
functions. In grading it is called with a `FunctionProxy` for each: calling it sends the
name and the arguments to the worker (`session.Session.call`) and returns the value that
came back, or raises a `StudentFault`. The two worlds agree on this:

- Arguments and results are plain values and NumPy arrays (`values`). A function of the
  public module ``checks.callables`` may be an argument; it travels by its name.
- An array lies in memory as the test's own does, where that is one of
  `checks.layouts`: in Fortran order, backwards, with gaps, read-only.
- The worker gets copies: no array of a test is ever changed by a student's function,
  so that what is expected can be computed at any time. What the function did to its
  copy is told to `checks.unchanged`, which on a laptop sees the change itself.
- An exception arrives described: `StudentRaised` has the names of its builtin classes,
  which `checks.raises` reads.
- Each case gets its own `Recorder`, which keeps every call with a copy of its arguments
  and what came of it. Diagnosis runs known wrong answers on the same calls.

What must run beside the student's functions is a probe (`checks.probe`): a small public
function that runs directly on real functions and classes and, given proxies, is sent to
the worker (`FunctionProxy.run_probe`). Networks never cross the pipe: a probe builds
them where it runs, and what comes back is arrays.
"""

import builtins
import importlib
import warnings
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from checks import CheckFailedError, tell_changes
from checks.calls import brief
from checks.layouts import copied

from autograder.errors import StudentFault
from autograder.sandbox.complaint import complaint_of_ours, figures_of
from autograder.sandbox.reply_size import held
from autograder.sandbox.student_failures import StudentObjection, StudentRaised
from autograder.text import readable
from autograder.worker.values import Own

Array = npt.NDArray[Any]


class Caller(Protocol):
    """The part of a session that proxies need.

    last_aliases : places of the last call's arguments that share memory with its value
    last_changed : arrays of the last call's arguments that it changed its copies of,
        each with what it changed them to
    """

    @property
    def last_aliases(self) -> tuple[int | str, ...]:
        """Places of the last call's arguments that share memory with its value."""
        ...

    @property
    def last_changed(self) -> tuple[tuple[Array, Any], ...]:
        """Arrays of the last call's arguments, with what it changed its copies to."""
        ...

    def call(self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call the student's function and return its value."""
        ...

    def call_each(
        self, function: str, table: Sequence[tuple[Any, ...]]
    ) -> Generator[Any]:
        """Call the student's function with each of the arguments, yield its values."""
        ...

    def probe(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Run a probe beside the student's functions and return its value."""
        ...


class InTurn:
    """Part of a `Caller` that asks for one thing after the other."""

    def call_each(
        self: Caller, function: str, table: Sequence[tuple[Any, ...]]
    ) -> Generator[Any]:
        """Call the student's function with each of the arguments, yield its values."""
        for args in table:
            yield self.call(function, args, {})


@dataclass(frozen=True)
class Outcome:
    """What came of one call: a value or an error, and which arguments it changed.

    error : the most derived builtin class of the exception, or the kind of the fault,
        for a probe's objection with its words
    changed : positions of the array arguments that were changed in place; left : what
        each of them holds afterwards
    complaint : how an exception was raised, comparable (`sandbox.complaint`); figures :
        the numbers in its words
    """

    value: Any = None
    error: str = ""
    changed: tuple[int, ...] = ()
    left: tuple[Any, ...] = ()
    complaint: str = ""
    figures: tuple[str, ...] = ()

    @property
    def raised(self) -> bool:
        """Whether an exception ended it; what a probe objects to is none."""
        return bool(self.error) and ": " not in self.error


@dataclass(frozen=True)
class Call:
    """One call of a student's function, with its arguments as they were before.

    is_whole : nothing was too large to be kept; what was is there in words
    """

    function: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    outcome: Outcome
    is_whole: bool = True

    @property
    def is_probe(self) -> bool:
        """Whether a probe ran beside the student's functions."""
        return ":" in self.function

    def __str__(self) -> str:
        """Write the call as a line of code, long arrays by their shapes."""
        args, function = self.args, self.function.rpartition(":")[2]
        named = [f"{name}={_brief(value)}" for name, value in self.kwargs.items()]
        if self.is_probe and args and isinstance(args[0], Own):
            return _probe_in_words(function, args, named)
        return f"{function}({', '.join([*map(_brief, args), *named])})"


@dataclass
class Room:
    """What the calls of a whole submission may hold together, once they are kept.

    left : bytes
    """

    left: int = 256 * 2**20

    def takes(self, *values: Any) -> bool:
        """Tell whether there is room for values, and take it."""
        size = sum(map(held, values))
        if size > self.left:
            return False
        self.left -= size
        return True


@dataclass(frozen=True)
class InWords:
    """Stands for what was too large to be kept."""

    words: str

    def __repr__(self) -> str:
        """Return the words."""
        return self.words


@dataclass
class Recorder:
    """The calls of one case, in order.

    room : for what is kept of them
    gave_views : functions whose value shares memory with an argument
    """

    session: Caller
    room: Room = field(default_factory=Room)
    calls: list[Call] = field(default_factory=list)
    gave_views: set[str] = field(default_factory=set)

    def probe(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Pass a probe on and keep it, unless what it measures is never the same."""
        if not probe_named(name).gives_answer:
            return self.session.probe(name, args, kwargs)
        return self._kept(self.session.probe, name, args, kwargs)

    def call(self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Pass the call on and keep it, also when it raises."""
        return self._kept(self.session.call, function, args, kwargs)

    def call_each(self, function: str, table: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Pass calls on that are asked in one go, and keep each that is answered."""
        with closing(self.session.call_each(function, table)) as values:

            def next_one(*_: object) -> Any:
                return next(values)

            return [self._kept(next_one, function, args, {}) for args in table]

    def _kept(
        self,
        run: Callable[[str, tuple[Any, ...], dict[str, Any]], Any],
        function: str,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:
        is_whole = self.room.takes(args, kwargs)
        before = copied((args, kwargs)) if is_whole else _in_words(args, kwargs)
        try:
            value = run(function, args, kwargs)
        except StudentFault as fault:
            outcome = _outcome_of(fault)
            self.calls.append(Call(function, *before, outcome, is_whole))
            raise
        if self.session.last_aliases:
            self.gave_views.add(function)
        told = self.session.last_changed
        tell_changes(array for array, _ in told)
        left = {
            place: left
            for place, argument in enumerate(args)
            for array, left in told
            if argument is array
        }
        is_whole = is_whole and self.room.takes(value, list(left.values()))
        if is_whole:
            kept = _compared(function, copied(value), before)
            outcome = Outcome(kept, changed=tuple(left), left=tuple(left.values()))
        else:
            outcome = Outcome(InWords(_brief(value)), changed=tuple(left))
        self.calls.append(Call(function, *before, outcome, is_whole))
        return value


@dataclass(frozen=True)
class FunctionProxy:
    """Stands for one function of the student's module."""

    name: str
    caller: Recorder

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the student's function in the worker."""
        return self.caller.call(self.name, args, kwargs)

    def call_each(self, table: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Call the student's function in the worker, with each of the arguments."""
        return self.caller.call_each(self.name, table)

    def run_probe(
        self, probe: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Run a probe in the worker, with the student's functions for the proxies."""
        return self.caller.probe(probe, _by_name(args), kwargs)


def probe_named(name: str) -> Any:
    """Return the probe called ``checks.module:function``."""
    module, _, function = name.partition(":")
    return getattr(importlib.import_module(module), function)


def observe(module: ModuleType, call: Call) -> Outcome:
    """Make a recorded call on the functions of one of our own modules.

    Of a probe's raw material only what answers are compared by is kept, as of a
    student's
    """
    outcome = run_ours(module, call)
    if outcome.error:
        return outcome
    value = _compared(call.function, outcome.value, (call.args, call.kwargs))
    return replace(outcome, value=value)


def run_ours(module: ModuleType, call: Call) -> Outcome:
    """Make a call on the functions of one of our own modules, and keep all of it."""
    args, kwargs = copied((call.args, call.kwargs))
    if call.is_probe:
        function = probe_named(call.function)
        args = _from_module(args, module)
    else:
        function = getattr(module, call.function)
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a wrong reference's are nobody's matter
            value = function(*args, **kwargs)
    except StudentFault as fault:
        return _outcome_of(fault)
    except CheckFailedError as error:
        objection = _objection(error.kind, str(error))
        return Outcome(error=objection, complaint=objection)
    except Exception as error:  # noqa: BLE001 wrong references raise whatever they raise
        return Outcome(
            error=_builtin_name(type(error)),
            complaint=complaint_of_ours(error),
            figures=figures_of(str(error)),
        )
    return _outcome(value, call.args, args)


def _compared(
    function: str, value: Any, given: tuple[tuple[Any, ...], dict[str, Any]]
) -> Any:
    """Return of a raw probe's material what answers are compared by, else the value.

    Material that is none (a submission may have replaced the probe) stays as it is.
    """
    if ":" not in function:
        return value
    compared = getattr(probe_named(function), "compared", None)
    if compared is None:
        return value
    args, kwargs = given
    try:
        with np.errstate(all="ignore"):
            return compared(value, *args, **kwargs)
    except Exception:  # noqa: BLE001 forged material breaks in any way
        return value


def _in_words(
    args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return arguments as they are told; names of the submission stay names."""
    told = tuple(a if isinstance(a, Own) else InWords(_brief(a)) for a in args)
    return told, {name: InWords(_brief(value)) for name, value in kwargs.items()}


def _by_name(value: Any) -> Any:
    if isinstance(value, FunctionProxy):
        return Own(value.name)
    if isinstance(value, (list, tuple)):
        return type(value)(_by_name(item) for item in value)
    return value


def _from_module(value: Any, module: ModuleType) -> Any:
    if isinstance(value, Own):
        return getattr(module, value.name)
    if isinstance(value, (list, tuple)):
        return type(value)(_from_module(item, module) for item in value)
    return value


def changed(before: tuple[Any, ...], after: tuple[Any, ...]) -> tuple[int, ...]:
    """Positions of the array arguments that are no longer what they were."""
    return tuple(
        position
        for position, (old, new) in enumerate(zip(before, after, strict=True))
        if isinstance(old, np.ndarray) and old.tobytes() != new.tobytes()
    )


def _outcome(value: Any, before: tuple[Any, ...], after: tuple[Any, ...]) -> Outcome:
    places = changed(before, after)
    return Outcome(value, changed=places, left=tuple(after[p] for p in places))


def _outcome_of(fault: StudentFault) -> Outcome:
    if isinstance(fault, StudentObjection):
        objection = _objection(fault.kind, fault.text)
        return Outcome(error=objection, complaint=objection)
    if isinstance(fault, StudentRaised):
        return Outcome(
            error=fault.type_name,
            complaint=fault.complaint,
            figures=figures_of(fault.text),
        )
    return Outcome(error=fault.kind)


def _builtin_name(cls: type[BaseException]) -> str:
    """Return the nearest builtin class, as a student's exception is named too."""
    names = (c.__name__ for c in cls.__mro__ if hasattr(builtins, c.__name__))
    return next(name for name in names if issubclass(cls, getattr(builtins, name)))


def _objection(kind: str, text: str) -> str:
    return f"{kind}: {readable(text)}"


def _probe_in_words(probe: str, args: tuple[Any, ...], named: list[str]) -> str:
    """Write what a probe looks at as a call of the student's own."""
    looked_at, rest = _brief(args[0]), args[1:]
    if rest and isinstance(rest[0], (list, tuple)):
        looked_at += f"({', '.join(map(_brief, rest[0]))})"
        rest = rest[1:]
    words = f"{probe.replace('_', ' ')} of {looked_at}"
    beside = ", ".join([*map(_brief, rest), *named])
    return f"{words}, with {beside}" if beside else words


def _brief(value: Any) -> str:
    return brief(value, named=Own)
