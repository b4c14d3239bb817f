"""A limit for the processor time that the grader itself spends on what came back.

A worker's time is bounded from outside; what its answers make the grader compute, by
this. It ends what runs in Python; a single operation of a library ends first, and is
bounded by the size of what a submission may return.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class OutOfOwnTimeError(BaseException):
    """The grader has computed for too long.

    No Exception: known wrong answers may raise any of those, and are asked all the same
    """


@contextmanager
def own_time(seconds: float) -> Iterator[None]:
    """Let this process compute for so long in the block; waiting does not count.

    Signals reach the main thread alone: in another one there is no limit
    Raises OutOfOwnTimeError
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    is_armed = True

    def end(_: int, __: FrameType | None) -> None:
        if is_armed:  # it may come after the block has ended
            raise OutOfOwnTimeError(f"{seconds:.3g} s of computing time")

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        is_armed = False
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.signal(signal.SIGPROF, before)
