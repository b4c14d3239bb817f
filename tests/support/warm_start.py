"""Processes that begin warm, for tests that start many.

Each is forked from one that has imported what takes a new Python nearly all of its
time: the grader, and NumPy and pytest behind it.
"""

import multiprocessing
import os
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext

_IMPORTED = ("autograder.grading.grader", "numpy.testing", "pytest")
_COVERAGE = "COVERAGE_PROCESS_CONFIG"
"""Where this is set, a Python that starts measures coverage."""


def forking() -> ForkServerContext:
    """Return the context whose processes are such forks.

    They end without a word, so that coverage in them would take time and tell nothing
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*_IMPORTED])
    measured = os.environ.pop(_COVERAGE, None)
    try:
        forkserver.ensure_running()
    finally:
        if measured is not None:
            os.environ[_COVERAGE] = measured
    return context
