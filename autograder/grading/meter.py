"""Measure where a process's time goes, part by part, where somebody has asked.

Each moment is one part's: that of the innermost block. Calls are measured from outside,
by a session that knows how long it took: the one that nobody has asked is as it was.
"""

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Protocol

from autograder.records.profile import Part, Seconds


class Metering(Protocol):
    """Is told what a block's time goes to."""

    def of(self, part: Part) -> AbstractContextManager[None]:
        """Let the block's time be a part's."""
        ...


class NoMeter:
    """Measures nothing."""

    def of(self, part: Part) -> AbstractContextManager[None]:
        """Let the block be."""
        del part
        return nullcontext()


class Meter:
    """Shares the time of the thread that made it out among parts.

    now : reads the clocks: the thread's processor time, and the one on the wall
    """

    def __init__(self, now: Callable[[], Seconds] | None = None) -> None:
        self._now = now or _now
        self._spent = dict.fromkeys(Part, Seconds())
        self._within = [Part.OTHER]
        self._last = self._now()

    @property
    def spent(self) -> dict[Part, Seconds]:
        """What each part took so far; of what it did not, nothing."""
        self._turn()
        return {p: s for p, s in self._spent.items() if s != Seconds()}

    def add(self, part: Part, seconds: Seconds) -> None:
        """Count what was measured elsewhere."""
        self._spent[part] += seconds

    @contextmanager
    def of(self, part: Part) -> Iterator[None]:
        """Let the block's time be a part's.

        In a diagnosis tests are run, too, and they are a part of it
        """
        if part is Part.REFERENCE and Part.DIAGNOSIS in self._within:
            part = Part.DIAGNOSIS
        self._turn()
        depth = len(self._within)
        self._within.append(part)
        try:
            yield
        finally:
            self._turn()
            # A time-out may come anywhere, in an inner block's end as well.
            del self._within[depth:]

    @contextmanager
    def of_a_call(self, computed: Callable[[], float]) -> Iterator[None]:
        """Share out a call: to the worker what it computes, else to its transfer.

        What is left of the clock on the wall nobody computed in: that is waiting.
        computed : the processor time of the session's workers so far
        """
        ours, theirs = self._of_a_call()
        with self.of(ours):
            before, worker = self._spent[ours], computed()
            try:
                yield
            finally:
                self._turn()
                worker = max(computed() - worker, 0.0)
                spent = self._spent[ours]
                away = max(spent.wall - before.wall - (spent.cpu - before.cpu), 0.0)
                shown = min(worker, away)
                self.add(ours, Seconds(wall=-away))
                self.add(theirs, Seconds(cpu=worker, wall=shown))
                self.add(Part.WAITING, Seconds(wall=away - shown))

    def _of_a_call(self) -> tuple[Part, Part]:
        """Return whose a call is here, and whose what it makes a worker compute."""
        if Part.PICTURES in self._within:
            return Part.PICTURES, Part.PICTURES
        if Part.TRANSFER in self._within:
            # A stand-in has asked in the middle of a call: the reference, in a worker.
            return Part.DIAGNOSIS, Part.DIAGNOSIS
        return Part.TRANSFER, Part.STUDENT

    def _turn(self) -> None:
        now, last = self._now(), self._last
        self._last = now
        passed = Seconds(cpu=now.cpu - last.cpu, wall=now.wall - last.wall)
        self._spent[self._within[-1]] += passed


def this_process() -> str:
    """Name this process, as no other is named."""
    return f"{socket.gethostname()}:{os.getpid()}"


def age() -> float:
    """Return how long this process has been there, in seconds; 0 where nobody knows."""
    try:
        stat = Path("/proc/self/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0.0
    began = int(stat.rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")
    return max(time.clock_gettime(time.CLOCK_BOOTTIME) - began, 0.0)


def _now() -> Seconds:
    return Seconds(cpu=time.thread_time(), wall=time.perf_counter())
