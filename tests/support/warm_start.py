"""Processes that begin warm, for tests that start many.

Each is forked from one that has imported what takes a new Python nearly all of its
time: otter, with pandas and IPython behind it.
"""

import multiprocessing
from multiprocessing.context import ForkServerContext

_IMPORTED = ("autograder.grading.grader", "otter.test_files", "numpy.testing", "pytest")


def forking() -> ForkServerContext:
    """Return the context whose processes are such forks."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*_IMPORTED])
    return context
