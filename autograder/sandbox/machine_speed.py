"""How fast this machine is, by the processor time of a fixed piece of work.

The work is of the kind that submissions do: loops in Python over small NumPy arrays, in
one thread. What is compared is the same work on two machines, so its amount says
nothing; the shortest of some turns counts, since the others had company in the caches.
Short turns are enough for that: every process that grades pays for them.
"""

import functools
import math
import time

import numpy as np

from autograder.course.assignment import Assignment
from autograder.course.costs import Limits, limits_of

_TURNS = 6
_PARTS = 6
"""The work is so many turns long: limits were measured with all of it at once."""
_STEPS = 1_000


@functools.cache
def yardstick_seconds() -> float:
    """Return how long the work takes here; measured once a process, in 0.02 s."""
    return _PARTS * min(_seconds_of_a_turn() for _ in range(_TURNS))


def limits_here(assignment: Assignment) -> Limits:
    """Return what a submission may take on this machine."""
    return limits_of(
        assignment.costs,
        least_per_case=assignment.manifest.seconds_per_case,
        least_per_submission=assignment.manifest.seconds_per_submission,
        yardstick_seconds=yardstick_seconds(),
    )


def _seconds_of_a_turn() -> float:
    started = time.thread_time()
    image, kernel = np.arange(64.0).reshape(8, 8), np.ones((3, 3))
    total = 0.0
    for step in range(_STEPS):
        row = step % 6
        total += float((image[row : row + 3, :3] * kernel).sum())
        total += sum(math.sqrt(value) for value in range(20))
    return time.thread_time() - started
