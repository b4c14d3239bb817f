"""Check that a function leaves its inputs alone."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt

from checks.failure import CheckFailedError


@contextmanager
def unchanged(*arrays: npt.NDArray[np.generic]) -> Iterator[None]:
    """Fail where one of `arrays` is not, after the block, what it was before.

    >>> with unchanged(np.ones(3)):
    ...     pass
    """
    before = [array.copy() for array in arrays]
    yield
    for position, (old, new) in enumerate(zip(before, arrays, strict=True)):
        if old.dtype != new.dtype or old.tobytes() != new.tobytes():
            message = (
                f"your function changed its array argument number {position + 1}: "
                "work on a copy"
            )
            raise CheckFailedError("input_changed", message, coarse=message)
