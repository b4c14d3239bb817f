"""Probes: small functions that run beside yours, and notes that they leave.

A test may want more of your function than an answer: how long it takes, say. What must
run next to it is a probe. On a laptop a probe is called as it is. In grading your
function is a stand-in for one in another process, and the probe is sent there.
"""

import functools
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

UNKNOWN = "unknown"
"""What a probe says of what it can't tell.

Two that are both unknown need not have anything in common: it speaks neither for a
known mistake nor against one.
"""
_notes: ContextVar[list[str] | None] = ContextVar("notes of the case", default=None)


def probe(function: Callable[P, T]) -> Callable[P, T]:
    """Let `function` run where the functions among its arguments run.

    function : of a module of this package, called by position, its result plain values
        that are the same whenever the arguments are
    """
    return _sent(function, gives_answer=True)


def raw_probe(
    compared: Callable[..., object],
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Make a probe that brings back raw material, of which only a part is an answer.

    What a probe says is made beside the student's code. So it brings what only real
    work gives (parameters, losses, an order), and the test judges. Two right functions
    may give different material: what they have in common is what is compared.

    compared : called with the material and the probe's arguments, gives plain values
        that are the same for all functions that do the same; public, without secrets
    """

    def sent(function: Callable[P, T]) -> Callable[P, T]:
        run = _sent(function, gives_answer=True)
        run.compared = compared  # type: ignore[attr-defined] # what the grader asks for
        return run

    return sent


def measurement(function: Callable[P, T]) -> Callable[P, T]:
    """Make a probe of a `function` whose results differ from time to time."""
    return _sent(function, gives_answer=False)


def _sent(function: Callable[P, T], *, gives_answer: bool) -> Callable[P, T]:
    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        for argument in _flat(args):
            send: Callable[..., T] | None = getattr(argument, "run_probe", None)
            if send is not None:
                return send(f"{function.__module__}:{function.__name__}", args, kwargs)
        return function(*args, **kwargs)

    run.is_probe = True  # type: ignore[attr-defined] # what the worker asks for
    run.gives_answer = gives_answer  # type: ignore[attr-defined] # the grader
    return run


def _flat(values: Iterable[object]) -> Iterator[object]:
    for value in values:
        if isinstance(value, (list, tuple)):
            yield from _flat(value)
        else:
            yield value


def note(text: str) -> None:
    """Tell the student something beside the verdict: printed, in grading reported."""
    notes = _notes.get()
    if notes is None:
        print(text)  # noqa: T201 pytest shows it with -rP
    else:
        notes.append(text)


@contextmanager
def collected_notes() -> Iterator[list[str]]:
    """Collect the notes of the block instead of printing them."""
    notes: list[str] = []
    token = _notes.set(notes)
    try:
        yield notes
    finally:
        _notes.reset(token)
