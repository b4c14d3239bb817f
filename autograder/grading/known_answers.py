"""What our own modules answered to a call, kept while an assignment is in use.

The reference and every known mistake are asked the same things again and again: public
cases put the same questions to everybody, and those who meet the same inputs are asked
the same in hidden ones. What comes of a call depends on the call and the module alone.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import FunctionType
from typing import Any, Self

import numpy as np
from checks.layouts import layout_of

from autograder.course.assignment import Assignment
from autograder.grading.proxy import Outcome
from autograder.sandbox.reply_size import held
from autograder.worker.values import Own

MOST_BYTES = 96 * 2**20
"""Of all that is kept; what was asked longest ago goes first."""
_OF_AN_OUTCOME = 500
"""Bytes of an outcome beside its arrays, by and large."""
_NO_MEMORY = "MemoryError"
_PLAIN = (bool, float, complex, str, bytes)

Digest = bytes
Key = tuple[tuple[str, ...], Digest]


@dataclass(frozen=True, slots=True)
class Known:
    """What came of a call; touched : cells in which it is not what is right."""

    outcome: Outcome
    touched: frozenset[str] = frozenset()


@dataclass(kw_only=True)
class KnownAnswers:
    """Outcomes of calls by who was asked and what.

    most : bytes that may be kept
    """

    most: int = MOST_BYTES
    _kept: OrderedDict[Key, Known] = field(default_factory=OrderedDict)
    _bytes: int = 0

    @classmethod
    def of(cls, assignment: Assignment) -> Self:
        """Return those of an assignment, which live as long as it is loaded."""
        found: Self = assignment.memory.setdefault(cls, cls())
        return found

    def answer(
        self, parts: tuple[str, ...], digest: Digest | None, ask: Callable[[], Known]
    ) -> Known:
        """Return what is known, or else what `ask` gives; raises what that raises.

        parts : who is asked: the misconceptions that are edited into the reference
        digest : of the call; None where it has none, and so is asked each time
        """
        if digest is None:
            return ask()
        key = (parts, digest)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        known = ask()
        if known.outcome.error == _NO_MEMORY:
            # That was the moment's doing, not the call's: the next one may not hear it.
            return known
        self._kept[key] = known
        self._bytes += _size(known.outcome)
        while self._bytes > self.most:
            self._bytes -= _size(self._kept.popitem(last=False)[1].outcome)
        return known


def digest_of(
    function: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> Digest | None:
    """Return what only equal calls have in common; None where that can't be told."""
    told = hashlib.blake2b(digest_size=16)
    try:
        _add(told.update, (function, args, dict(kwargs)))
    except TypeError:
        return None
    return told.digest()


def _add(update: Callable[[bytes], None], value: Any) -> None:
    """Write a value down, each with its type and length, so that no two look alike.

    Raises TypeError where it is neither plain nor an array, nor a function by its name
    """
    kind = type(value)
    if kind in {list, tuple}:
        _write(update, f"{kind.__name__} {len(value)}")
        for item in value:
            _add(update, item)
    elif kind is dict:
        _write(update, f"dict {len(value)}")
        for pair in value.items():
            _add(update, pair)
    elif kind is np.ndarray or isinstance(value, np.generic):
        array = np.asarray(value)
        if array.dtype.hasobject:
            raise TypeError(array.dtype)
        lies = layout_of(array) if kind is np.ndarray else ""
        told = f"{kind.__name__} {array.dtype.str} {array.shape} {lies}"
        _write(update, told, array.tobytes())
    else:
        _write(update, kind.__name__, _text(value).encode())


def _text(value: Any) -> str:
    """Return what tells a value from all others of its type."""
    if type(value) is int:
        return hex(value)  # Python writes no int of thousands of digits
    if value is None or type(value) in _PLAIN:
        return repr(value)
    if type(value) is Own:
        return value.name
    if type(value) is FunctionType:
        name = f"{value.__module__}:{value.__qualname__}"
        if "<" not in name:
            return name
    raise TypeError(type(value))


def _write(update: Callable[[bytes], None], kind: str, data: bytes = b"") -> None:
    update(f"{kind} {len(data)}:".encode())
    update(data)


def _size(outcome: Outcome) -> int:
    return _OF_AN_OUTCOME + held((outcome.value, outcome.left))
