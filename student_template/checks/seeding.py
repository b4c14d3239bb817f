"""Random inputs that a failure can be replayed with.

In grading every student and case has an own secret seed. On a laptop the seed is that
of the environment variable ``CHECK_SEED`` (0 where it is unset), which is how the line
printed under a failed public case gives you the inputs of the grading.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import numpy as np

_seed: ContextVar[int | None] = ContextVar("seed of the running case", default=None)


@contextmanager
def use_seed(seed: int) -> Iterator[None]:
    """Let `case_rng` give the generator of `seed` inside the block."""
    token = _seed.set(seed)
    try:
        yield
    finally:
        _seed.reset(token)


def seed_of_case() -> int:
    """Return the running case's seed: the grader's, else ``CHECK_SEED``, else 0."""
    seed = _seed.get()
    return int(os.environ.get("CHECK_SEED", "0")) if seed is None else seed


def case_rng() -> np.random.Generator:
    """Return a fresh generator for the running case; equal seeds, equal numbers."""
    return np.random.default_rng(seed_of_case())
