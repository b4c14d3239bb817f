"""Compare an answer with what was expected, and say in words how they differ."""

import itertools
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt

from checks.failure import CheckFailedError
from checks.tuples import Missing

RTOL = 1e-4
"""Relative tolerance: float32 inside passes, a wrong formula does not."""
ATOL_OF_MAX = 1e-5
"""Absolute tolerance as a share of max|expected|: FFT and loops round differently."""

_NOTHING = 1e-10
"""What is no larger is what rounding leaves of a 0: [4, -4] and [1, 1], convolved
circularly, are 0 by a sum and 3e-32 through the DFT."""
_WHOLE = 24
"""Arrays of so many values are shown whole."""
_MANY = 10_000
"""Answers of more values answer no question for whole numbers or words: none of them is
written or kept."""
_FEW = 3
"""Of fewer values, one thing makes many an answer right by chance."""
_KINDS = {"b": "True/False values", "O": "objects", "U": "text", "S": "bytes"}


def close(
    actual: Any,
    expected: npt.ArrayLike,
    *,
    what: str = "",
    rtol: float = RTOL,
    atol_of_max: float = ATOL_OF_MAX,
) -> None:
    """Fail unless `actual` has the shape of `expected` and nearly its values.

    actual : what the student's function returned: an array, a (nested) list or tuple
        of numbers, a Python or NumPy scalar
    expected : array_like of numbers; complex only where the answer is complex
    what : which of several answers is compared ("the cosines"), said in front of the
        message; hidden cases say it too, so no value of the test belongs in it
    rtol, atol_of_max : passes where ``|a - e| <= rtol*|e| + atol_of_max*max|e|``
    Raises CheckFailedError with the kind, the place and both values
    >>> close([1.0, 2.00001], [1, 2])
    >>> close([1e-16, 0], [0, 0])
    """
    with _said_of(what):
        _close(actual, np.asarray(expected), rtol, atol_of_max)


def _close(
    actual: Any, wanted: npt.NDArray[Any], rtol: float, atol_of_max: float
) -> None:
    got = as_numbers(actual)
    if got.dtype.kind == "c" and wanted.dtype.kind != "c":
        message = "your answer is complex, it should be real: take the real part"
        raise CheckFailedError("complex", message, coarse=message)
    _check_shape(got, wanted)
    if wanted.size == 0:
        return
    bad = np.isnan(got) & ~np.isnan(wanted)
    if bad.any():
        where = _first(bad)
        message = "your answer is nan (not a number)"
        message += f" at index {where}" if where else ""
        coarse = "your answer has nan (not a number) in it"
        raise CheckFailedError(
            "nan", message, coarse=coarse, expected=wanted, actual=got
        )
    # Where all is 0, or what rounding left of it, there is no scale: rounding is then
    # judged as beside a 1.
    size = float(np.max(np.abs(wanted[np.isfinite(wanted)]), initial=0.0))
    atol = atol_of_max * (size if size > _NOTHING else 1.0)
    with np.errstate(all="ignore"):
        wrong = ~np.isclose(got, wanted, rtol=rtol, atol=atol, equal_nan=True)
    if wrong.any():
        where = _first(wrong)
        both = f"expected {_show(wanted[where])}, got {_show(got[where])}"
        first = f"your answer differs: {both}"
        if where:
            first = (
                f"{int(wrong.sum())} of {wrong.size} values differ, the first at "
                f"index [{', '.join(map(str, where))}]: {both}"
            )
        raise CheckFailedError(
            "value",
            first + _relation(got, wanted, atol) + _both(got, wanted),
            coarse="the shape is right, values differ",
            expected=wanted,
            actual=got,
        )


def one_close(*pairs: tuple[Any, npt.ArrayLike]) -> None:
    """Fail unless one of several answers is right, whatever the others are.

    pairs : answer and expected value, compared as in `close`
    Raises CheckFailedError of the first where none is
    >>> one_close(([1, 2], [5, 6]), ([3, 4], [3, 4]))
    """
    failures = []
    for actual, expected in pairs:
        try:
            close(actual, expected)
        except CheckFailedError as error:
            failures.append(error)
        else:
            return
    raise failures[0]


def equal(actual: Any, expected: Any, *, what: str = "") -> None:
    """Fail unless `actual` is exactly `expected`.

    expected : int, bool, str, None, or a tuple or list of these. A list may answer for
        a tuple, a whole float or NumPy integer for an int (98.0 for 98), never
        True for 1
    what : which of several answers is compared ("parameters"), as in `close`
    Raises CheckFailedError with both values
    >>> equal([98, 98], (98, 98))
    """
    with _said_of(what):
        _equal(actual, expected)


def _equal(actual: Any, expected: Any) -> None:
    if expected is not None:
        _check_is_there(actual)
    if _values(actual, _MANY) > _MANY:
        raise CheckFailedError(
            "value",
            f"expected {expected!r}, got {_large(actual)}",
            coarse="the value differs",
        )
    plain = _plain(actual)
    if not _same(plain, _plain(expected)):
        raise CheckFailedError(
            "value",
            f"expected {expected!r}, got {_words(plain)}",
            coarse="the value differs",
            expected=expected,
            actual=actual,
        )


def holds(fact: object, otherwise: str) -> None:
    """Fail unless something is so.

    otherwise : what the reader is told, with the values and what they should be; for
        public cases, since it is told as it stands
    Raises CheckFailedError

    >>> holds(1 < 2, "1 should be less than 2")
    """
    if not fact:
        raise CheckFailedError("value", otherwise)


def as_numbers(actual: Any) -> npt.NDArray[Any]:
    """Return the answer as an array of numbers, or say why it is none.

    >>> as_numbers([1, 2.5]).dtype
    dtype('float64')
    """
    _check_is_there(actual)
    if isinstance(actual, (str, bytes, dict, set)) or callable(actual):
        kind = type(actual).__name__
        message = f"your answer is a {kind}, it should be numbers"
        raise CheckFailedError("type", message, coarse=message)
    try:
        got = np.asarray(actual)
    except (ValueError, TypeError, OverflowError):
        message = "your answer is a list whose rows have different lengths or kinds"
        raise CheckFailedError("type", message, coarse=message) from None
    if got.dtype.kind not in "iufc":
        kind = _KINDS.get(got.dtype.kind, f"of type {got.dtype}")
        message = f"your answer holds {kind}, it should be numbers"
        raise CheckFailedError("type", message, coarse=message)
    return got


@contextmanager
def _said_of(what: str) -> Iterator[None]:
    """Put the name of what is compared in front of a failure's words."""
    try:
        yield
    except CheckFailedError as error:
        if not what:
            raise
        raise CheckFailedError(
            error.kind,
            f"{what}: {error}",
            coarse=f"{what}: {error.coarse}",
            expected=error.expected,
            actual=error.actual,
        ) from None


def _check_is_there(actual: Any) -> None:
    if isinstance(actual, Missing):
        raise CheckFailedError("shape", actual.why, coarse=actual.why)
    if actual is None:
        message = "your function returned None: is its `return` missing?"
        raise CheckFailedError("none", message, coarse=message)


def _check_shape(got: npt.NDArray[Any], wanted: npt.NDArray[Any]) -> None:
    if got.shape != wanted.shape:
        raise CheckFailedError(
            "shape",
            f"expected shape {wanted.shape}, got {got.shape}"
            + _fitting(got, wanted)
            + _both(got, wanted),
            coarse="your answer has the wrong shape",
            expected=wanted,
            actual=got,
        )


def _relation(got: npt.NDArray[Any], wanted: npt.NDArray[Any], atol: float) -> str:
    """Say what makes the answer right where one thing does, or ""."""
    if not got.any():
        return "; every value is 0"
    if wanted.size < _FEW or np.ptp(np.abs(wanted)) <= atol:
        return ""
    place = np.unravel_index(int(np.abs(wanted).argmax()), wanted.shape)
    with np.errstate(all="ignore"):
        factor, offset = got[place] / wanted[place], got[place] - wanted[place]
        if np.allclose(got, factor * wanted, rtol=RTOL, atol=atol) and factor:
            return f"; every value is {_show(factor)} times what is expected"
        if np.allclose(got, wanted + offset, rtol=RTOL, atol=atol):
            return f"; every value is {_apart(offset)}"
    turned = {"the other way round": np.flip(wanted)}
    if wanted.ndim == 2:  # noqa: PLR2004 a matrix
        turned["transposed"] = wanted.T
    for how, other in turned.items():
        if other.shape == got.shape and np.allclose(got, other, rtol=RTOL, atol=atol):
            return f"; it is what is expected, {how}"
    return ""


def _apart(offset: Any) -> str:
    """Say by how much all values are off: "4 too small"."""
    if np.iscomplexobj(offset) and offset.imag:
        return f"off by {_show(offset)}"
    size = _show(abs(offset.real))
    return f"{size} too {'large' if offset.real > 0 else 'small'}"


def _fitting(got: npt.NDArray[Any], wanted: npt.NDArray[Any]) -> str:
    """Say what makes a shape right where one thing does, or ""."""
    if got.size == 0:
        return "; yours is empty"
    if got.shape == wanted.T.shape:
        return "; the axes are the other way round"
    if [n for n in got.shape if n != 1] == [n for n in wanted.shape if n != 1]:
        return "; they differ in axes of length 1"
    return ""


def _both(got: npt.NDArray[Any], wanted: npt.NDArray[Any]) -> str:
    """Write both sides in full where they are small arrays."""
    if max(got.size, wanted.size) > _WHOLE or not wanted.ndim:
        return ""
    return f"\nexpected {_array(wanted)}\ngot      {_array(got)}"


def _array(values: npt.NDArray[Any]) -> str:
    """Write an array in one line, 3.0 as 3."""
    text = np.array2string(
        values,
        separator=", ",
        formatter={"float_kind": _short, "complex_kind": _short},
    )
    return re.sub(r"\[ +", "[", " ".join(text.split()))


def _short(value: Any) -> str:
    return f"{value:.5g}"


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, (list, tuple)):
        return tuple(_plain(item) for item in value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _values(value: Any, most: int) -> int:
    """Count the values in an answer, at least 1, letters too; if over `most` not all.

    Rows of an array count although nothing may stand in them: they are a list each
    """
    if isinstance(value, np.ndarray):
        return math.prod(max(length, 1) for length in value.shape)
    if isinstance(value, str):
        return max(len(value), 1)
    if not isinstance(value, (list, tuple, dict)):
        return 1
    parts = (value, value.values()) if isinstance(value, dict) else (value,)
    count = 0
    for item in itertools.chain(*parts):
        count += _values(item, most - count)
        if count > most:
            break
    return max(count, 1)


def _large(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    return f"a {type(value).__name__} of more than {_MANY:,} values"


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(map(_same, a, b))
    return isinstance(a, bool) == isinstance(b, bool) and bool(a == b)


def _first(mask: npt.NDArray[np.bool_]) -> tuple[int, ...]:
    return tuple(int(i) for i in np.unravel_index(int(mask.argmax()), mask.shape))


def _show(value: Any) -> str:
    return f"{value:.6g}"


def _words(value: Any, limit: int = 120) -> str:
    try:
        text = repr(value)
    except ValueError:  # Python writes no int of more than 4,300 digits
        return "a number of thousands of digits"
    return text if len(text) <= limit else text[: limit - 1] + "…"
