"""How the numbers of an array lie in memory: the same values in other orders.

Your functions see it in an array's ``strides`` and ``flags``. Code that works on values
and shapes has nothing to do with it.

``Fortran``
    column by column, as ``x.T`` and MATLAB have it
``backwards``
    from the last number to the first, as ``x[::-1, ::-1]`` has it: negative strides
``gaps``
    every other place is another's, as in ``x[..., ::2]``
``read-only``
    as usual, but nothing can be written into it, as of ``np.broadcast_to``
"""

import copy
from typing import Any, Literal, TypeAlias, TypeVar, get_args

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]
Layout: TypeAlias = Literal["", "Fortran", "backwards", "gaps", "read-only"]
"""`""` is the usual one: row by row, without gaps, and writable."""
LAYOUTS: tuple[Layout, ...] = get_args(Layout)[1:]
ORDERS: tuple[Layout, ...] = LAYOUTS[:-1]
"""Those that can be written into."""
_Value = TypeVar("_Value")
_STEP = 2
_ATOMS = frozenset({bool, int, float, complex, str, bytes, type(None)})


def laid(array: Array, layout: Layout) -> Array:
    """Return a copy of `array` that lies in memory as `layout` says.

    array : of any shape and dtype; of one without axes or numbers only ``read-only``
        makes another, and ``Fortran`` needs two axes longer than 1

    >>> laid(np.ones((2, 3)), "backwards").strides
    (-24, -8)
    """
    if layout == "Fortran":
        return np.array(array, order="F")
    if layout == "backwards":
        return np.flip(np.flip(array).copy())
    if layout == "gaps" and array.ndim:
        wide = np.zeros((*array.shape[:-1], _STEP * array.shape[-1]), array.dtype)
        wide[..., ::_STEP] = array
        return wide[..., ::_STEP]
    plain = np.array(array, order="C")
    plain.flags.writeable = layout != "read-only"
    return plain


def layout_of(array: Array) -> Layout:
    """Return how an array lies, where it is one of `LAYOUTS`.

    >>> layout_of(np.ones((2, 3)).T)
    'Fortran'
    >>> layout_of(np.ones(3)[::-1])
    'backwards'
    """
    flags = array.flags
    if flags.c_contiguous:
        return "" if flags.writeable else "read-only"
    if not flags.writeable or not array.size:
        return ""
    if flags.f_contiguous:
        return "Fortran"
    if np.flip(array).flags.c_contiguous and max(array.strides) < 0:
        return "backwards"
    return "gaps" if array.strides == _strides_with_gaps(array) else ""


def copied(value: _Value) -> _Value:
    """Return a deep copy of plain values in which arrays lie as they do in `value`.

    What stands in it twice stands twice in the copy, too
    """
    made: _Value = _copied(value, {})
    return made


def _strides_with_gaps(array: Array) -> tuple[int, ...]:
    strides = [_STEP * array.itemsize]
    for length in array.shape[:0:-1]:
        strides.insert(0, strides[0] * length)
    return tuple(strides)


def _copied(value: Any, memo: dict[int, Any]) -> Any:
    """Copy as `copy.deepcopy` does, which asks ten things more of every number."""
    kind = type(value)
    if kind in _ATOMS:
        return value
    if id(value) in memo:
        return memo[id(value)]
    if kind is list:
        made: Any = memo.setdefault(id(value), [])
        made.extend(_copied(item, memo) for item in value)
        return made
    if kind is dict:
        made = memo.setdefault(id(value), {})
        made.update((key, _copied(item, memo)) for key, item in value.items())
        return made
    if kind is tuple:
        made = tuple(_copied(item, memo) for item in value)
    elif isinstance(value, np.ndarray) and (layout := layout_of(value)):
        made = laid(value, layout)
    elif kind is np.ndarray and not value.dtype.hasobject:
        made = value.copy(order="K")
    else:
        made = copy.deepcopy(value, memo)
    memo[id(value)] = made
    return made
