"""How long a worker may go on, told from what is seen of it from outside.

What counts is the processor time of all its threads, as with judges of programming
contests (isolate, DMOJ): it is the same whether a machine is idle or busy. The clock on
the wall ends only what neither computes nor queues for a processor, and `idle` holds
such time alone. What stays open after a very long while is nobody's failure: the grader
says that it can't tell.

Pure: a `Sight` is what was seen at one moment, `Spent` what has passed between two.
"""

import enum
from typing import Self

import msgspec

IDLE_MULTIPLE = 2.0
"""How many times its processor time a worker may sleep or wait."""
WALL_MULTIPLE = 40.0
"""How many times its processor time may pass before the grader gives up, as on a
machine that gives the worker less than a fortieth of a processor."""
KEPT_SHARE = 0.1
"""Of the time that has passed, what a busy machine keeps a worker from at least: one
that gives it less than a fortieth of a processor keeps it from nearly all."""
LATE = 0.5
"""Seconds that one look may count at most: who looks later was away itself."""


class Sight(msgspec.Struct, frozen=True, kw_only=True):
    """A worker and its grader at one moment; all are seconds, most since the start.

    at : of the clock ``time.monotonic``
    cpu : processor time of all its threads, or None where nobody knows
    queued : that it has waited for a processor: of its threads the one that waited
        longest, look by look
    ours : that the grader's own thread has computed, or waited for a processor
    asleep : whether every thread waits for something else than a processor or a disk
    is_dark : whether the kernel does not tell what its threads wait for
    is_glance : whether nothing but the clock and the processor time was looked at
    """

    at: float
    cpu: float | None
    queued: float = 0.0
    ours: float = 0.0
    asleep: bool = False
    is_dark: bool = False
    is_glance: bool = False


class Spent(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds that have passed; `wall` without those that nobody was there to see.

    kept : that the machine kept it from computing: in the queue for a processor, or
        while the grader itself was at work
    """

    cpu: float = 0.0
    idle: float = 0.0
    wall: float = 0.0
    kept: float = 0.0

    def __add__(self, other: Self) -> Self:
        """Add each to its own."""
        return type(self)(
            cpu=self.cpu + other.cpu,
            idle=self.idle + other.idle,
            wall=self.wall + other.wall,
            kept=self.kept + other.kept,
        )

    def within(self, allowed: "Allowance") -> Self:
        """Leave out what was computed beyond an allowance, while nobody was there.

        A grader that was stopped, or had no processor, ends a worker late: that is no
        time that the submission has taken

        >>> Spent(cpu=200.0, wall=0.5).within(Allowance.of_cpu(5)).cpu
        5
        """
        return msgspec.structs.replace(self, cpu=min(self.cpu, max(allowed.cpu, 0.0)))

    @property
    def is_the_machines_doing(self) -> bool:
        """Whether the machine had work for others while it did not compute.

        What neither computes nor queues waits for something of its own making,
        whatever state the kernel reports of its threads
        """
        return self.kept >= KEPT_SHARE * self.wall


class Finding(enum.Enum):
    """What is to become of a worker that has not answered yet."""

    GO_ON = "go on"
    OUT_OF_CPU = "has computed for too long"
    IDLE = "has waited for too long without computing"
    OPEN = "may have been kept from computing"


class Allowance(msgspec.Struct, frozen=True, kw_only=True):
    """What may be spent, in seconds."""

    cpu: float
    idle: float
    wall: float

    @classmethod
    def of_cpu(cls, seconds: float) -> Self:
        """Return an allowance of so much processor time, and what goes with it."""
        return cls(
            cpu=seconds, idle=IDLE_MULTIPLE * seconds, wall=WALL_MULTIPLE * seconds
        )

    def without(self, spent: Spent) -> Self:
        """Return what is left."""
        return type(self)(
            cpu=self.cpu - spent.cpu,
            idle=self.idle - spent.idle,
            wall=self.wall - spent.wall,
        )

    def judge(self, spent: Spent) -> Finding:
        """Say what is to become of a worker that has spent so much.

        >>> Allowance.of_cpu(5).judge(Spent(cpu=4.9, wall=190))
        <Finding.GO_ON: 'go on'>
        """
        if spent.cpu >= self.cpu:
            return Finding.OUT_OF_CPU
        if spent.idle >= self.idle:
            return Finding.IDLE
        return Finding.OPEN if spent.wall >= self.wall else Finding.GO_ON


def between(before: Sight, now: Sight) -> Spent:
    """Return what has passed between two sights of a worker that is to answer.

    Idle is only what nothing else explains: neither of the two has computed or queued
    in it, and the worker sleeps at its end. A sum of queueing that falls (a thread has
    ended) counts as none. Between a glance and anything else nobody knows of either:
    that is neither idle nor the machine's doing, or many short waits would be that.
    """
    wall = min(max(now.at - before.at, 0.0), LATE)
    known = now.cpu is not None and before.cpu is not None
    cpu = max((now.cpu or 0.0) - (before.cpu or 0.0), 0.0) if known else 0.0
    looked = not (before.is_glance or now.is_glance)
    queued = max(now.queued - before.queued, 0.0)
    kept = queued + max(now.ours - before.ours, 0.0) if looked else 0.0
    idle = max(wall - cpu - kept, 0.0) if now.asleep and known and looked else 0.0
    # Where nobody knows what it waited for, it may have been the machine.
    kept = wall if now.is_dark or not known else min(kept, wall)
    return Spent(cpu=cpu, idle=idle, wall=wall, kept=kept)
