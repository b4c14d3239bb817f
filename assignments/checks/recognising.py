"""Recognise a known mistake by the wrong answer it gives, without listing mistakes.

``names.json`` of an assignment holds sentences such as "the kernel was not flipped",
each sealed with the wrong answer that it explains, in one case: who has just given this
answer can read it, and nobody else. No answer, right or wrong, can be read out of it.
"""

import base64
import hashlib
import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from checks.failure import CheckFailedError

_STEP = 1e-3
"""Values count as the same within this share of the largest: as different machines and
float32 round. A wrong formula is further off."""
_SHIFT = 0.382
"""So that no decimal fraction lies on the border of two steps."""


def key_of(question: str, case: str, error: CheckFailedError) -> bytes | None:
    """Return what a failed comparison is recognised by, or None where by nothing.

    The case, the answer expected in it and the one given: another seed's inputs give
    other keys.
    """
    expected, actual = _steps(error.expected), _steps(error.actual)
    if expected is None or actual is None or expected == actual:
        return None
    told = json.dumps([question, case, expected, actual])
    return hashlib.sha256(told.encode()).digest()


def label_of(key: bytes) -> str:
    """Return the name under which a key's sentence lies."""
    return hashlib.sha256(b"label" + key).hexdigest()[:16]


def sealed(sentence: str, key: bytes) -> str:
    """Return a sentence that only `key` opens.

    >>> opened(sealed("the kernel was not flipped", b"1"), b"1")
    'the kernel was not flipped'
    """
    return base64.b64encode(_mixed(sentence.encode(), key)).decode()


def opened(text: str, key: bytes) -> str:
    """Return the sentence that was `sealed` with `key`."""
    return _mixed(base64.b64decode(text), key).decode()


def recognised(
    names: Mapping[str, str], question: str, case: str, error: CheckFailedError
) -> str:
    """Return the sentence about a wrong answer, or "" where it is not known."""
    key = key_of(question, case, error)
    text = names.get(label_of(key)) if key is not None else None
    return opened(text, key) if text and key is not None else ""


def _mixed(data: bytes, key: bytes) -> bytes:
    stream = hashlib.shake_256(b"sentence" + key).digest(len(data))
    return bytes(a ^ b for a, b in zip(data, stream, strict=True))


def _steps(value: Any) -> Any:
    """Return an answer in whole steps, plainly; None where it is nothing to compare."""
    if isinstance(value, bool | np.bool_ | str):
        return [type(value).__name__.removesuffix("_"), str(value)]
    try:
        numbers = np.asarray(value)
    except (TypeError, ValueError, OverflowError):  # ragged rows
        numbers = np.asarray(None)
    if numbers.dtype.kind in "biufc":
        return _steps_of_numbers(numbers)
    if isinstance(value, list | tuple):
        found = [_steps(item) for item in value]
        return None if None in found else found
    return None


def _steps_of_numbers(numbers: np.ndarray[Any, Any]) -> Any:
    if numbers.dtype.kind == "b":
        return ["bool", numbers.tolist()]
    values = np.ascontiguousarray(numbers, dtype=np.complex128).ravel()
    parts = np.stack([values.real, values.imag])
    largest = float(np.max(np.abs(parts), initial=0.0))
    if not np.isfinite(largest):
        return None
    steps = np.floor(parts / (_STEP * (largest or 1.0)) + _SHIFT).astype(int)
    scale = math.floor(math.log(largest) / _STEP + _SHIFT) if largest else "zero"
    return [list(numbers.shape), scale, steps.tolist()]
