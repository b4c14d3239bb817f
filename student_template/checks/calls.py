"""Make many calls, and write one as a line of code: ``conv1d([1, 2, 3], [1, 1])``.

Reports of grading and the tests on a laptop write calls alike.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from checks.layouts import Layout, layout_of

_WHOLE = 24
"""Values of so many numbers are written whole."""
_LONGEST = 80
"""Characters of anything else."""
_LIES: Mapping[Layout, str] = {
    "": "",
    "Fortran": ", column by column in memory",
    "backwards": ", backwards in memory",
    "gaps": ", with gaps in memory",
    "read-only": ", read-only",
}


def each(function: Callable[..., Any], inputs: Iterable[Sequence[Any]]) -> list[Any]:
    """Return what a function gives for each of some arguments: ``f(*args)`` for each.

    In grading they are asked in one go, which is faster; the first call that raises is
    the last one that counts.

    >>> each(divmod, [(7, 2), (9, 3)])
    [(3, 1), (3, 0)]
    """
    table = [tuple(args) for args in inputs]
    together = getattr(function, "call_each", None)
    if together is not None:
        return list(together(table))
    return [function(*args) for args in table]


def call_in_words(function: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
    """Return a call as a line of code, long arrays by their shapes.

    >>> call_in_words("pad1d", ([1, 2], 3), {"mode": "zero"})
    "pad1d([1, 2], 3, mode='zero')"
    """
    named = [f"{name}={brief(value)}" for name, value in kwargs.items()]
    return f"{function}({', '.join([*map(brief, args), *named])})"


def brief(value: Any, named: type | tuple[()] = (), *, room: bool = True) -> str:
    """Write a value in a line.

    named : a class of values that are written by their ``name``
    room : dicts are written whole
    >>> brief(np.ones((2, 20)))
    'float64 array of shape (2, 20)'
    """
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, named):
        return str(getattr(value, "name", ""))
    if callable(value):
        return str(getattr(value, "__name__", "a function"))
    if isinstance(value, (list, tuple, dict)):
        return _several(value, named, room=room)
    try:
        text = repr(value)
    except ValueError:  # Python writes no int of more than 4,300 digits
        return "a number of thousands of digits"
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _several(
    values: list[Any] | tuple[Any, ...] | dict[Any, Any],
    named: type | tuple[()],
    *,
    room: bool,
) -> str:
    whole = room and _leaves(values, inside=True) <= _WHOLE
    if isinstance(values, dict) and values:
        return _mapping(values, whole=whole)
    if isinstance(values, dict) or _leaves(values) > _WHOLE:
        return f"a {type(values).__name__} of {len(values)}"
    items = ", ".join(brief(value, named, room=whole) for value in values)
    if isinstance(values, list):
        return f"[{items}]"
    return f"({items},)" if len(values) == 1 else f"({items})"


def _array(values: npt.NDArray[Any]) -> str:
    lies = _LIES[layout_of(values)]
    if values.size > _WHOLE:
        return f"{values.dtype} array of shape {values.shape}{lies}"
    if not values.size:
        return f"empty array of shape {values.shape}"
    text = np.array2string(values, separator=", ", precision=4, suppress_small=True)
    text = re.sub(r"\[ +", "[", " ".join(text.split()))
    of_type = (
        ""
        if values.dtype.kind in "biO" or values.dtype == "float64"
        else (f", dtype={values.dtype}")
    )
    return f"array({text}{of_type}{lies})"


def _mapping(value: dict[Any, Any], *, whole: bool) -> str:
    """Write a dict; not whole: what it says first, a layer its type."""
    items = [f"{brief(key)}: {brief(item)}" for key, item in value.items()]
    if whole or len(items) == 1:
        return f"{{{', '.join(items)}}}"
    return f"{{{items[0]}, …}}"


def _leaves(value: Any, *, inside: bool = False) -> int:
    """Count the numbers of a value; inside : those in dicts too."""
    if isinstance(value, dict) and inside:
        return sum(_leaves(item, inside=inside) for item in value.values())
    if isinstance(value, (list, tuple)):
        return sum(_leaves(item, inside=inside) for item in value)
    return int(value.size) if isinstance(value, np.ndarray) else 1
