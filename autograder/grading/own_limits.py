"""What a grader may use for one submission: memory, and processor time of its own.

The bounds on what a submission may send, on what a case may compute (`own_time`) and on
what naming may (`naming_budget`) come first, and end as the submission's failure. These
are behind them, for what nobody has thought of: the kernel holds them, whatever runs.
"""

import ctypes
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from autograder.grading.grader import Job
from autograder.records.results import Result

if sys.platform != "win32":
    import resource

MOST_MIB = 4096
"""Memory of a grader's own. Those of the PyTorch assignments have 1 GiB, most of it
PyTorch's; what a submission may send, and what is made of it, takes 1 GiB more."""
MOST_SECONDS = 1800.0
"""Processor time that a grader may compute itself: most take a few seconds."""


def limit_memory(mib: int) -> None:
    """Let this process have so much memory of its own, and no more.

    By ``RLIMIT_DATA``: what it asks for and may write. Not by its address space, of
    which PyTorch and every thread take gigabytes that nobody uses. A request beyond it
    is a MemoryError. Workers inherit it, and have narrower limits. Linux counts so, and
    elsewhere nothing is limited
    """
    if sys.platform == "linux":
        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        asked = mib * 2**20
        if most != resource.RLIM_INFINITY:
            asked = min(asked, most)
        resource.setrlimit(resource.RLIMIT_DATA, (asked, most))


def grade_within(seconds: float, grade: Callable[[Job], Result], job: Job) -> Result:
    """Grade a submission; the process ends where it computes for longer itself."""
    try:
        with _ended_after(seconds):
            return grade(job)
    finally:
        _give_memory_back()


def _give_memory_back() -> None:
    """Let the kernel have what the C library keeps for later.

    What a submission has left are holes between what stays: without this a grader would
    grow by some 10 MiB over two hundred of them, though it holds nothing more
    """
    with suppress(AttributeError, OSError):  # only glibc has it
        ctypes.CDLL(None).malloc_trim(0)


@contextmanager
def _ended_after(seconds: float) -> Iterator[None]:
    """End this process by SIGVTALRM when it has computed for so long in the block.

    The kernel does it: one operation of a library that never ends would keep Python
    from noticing. Nothing handles the signal, whose default is the end
    """
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)
