"""The account of a profiled run: its graders' profiles and the command's own time."""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol, TypeAlias

from autograder.grading.meter import Meter
from autograder.records.profile import (
    Part,
    Profile,
    ProfiledResult,
    RunProfile,
    Seconds,
)
from autograder.records.results import Result
from autograder.records.submission import Submission

Graded: TypeAlias = tuple[Submission, Result]


class Watching(Protocol):
    """Sees a run go by."""

    def of(self, part: Part) -> AbstractContextManager[None]:
        """Let the block's time be a part's."""
        ...

    def results(self, graded: Iterator[list[Graded]]) -> Iterator[list[Graded]]:
        """Yield the results that are waited for, as the ledger keeps them."""
        ...


class Unwatched:
    """Sees nothing: a run that nobody wants a profile of."""

    def of(self, part: Part) -> AbstractContextManager[None]:
        """Let the block be."""
        del part
        return nullcontext()

    def results(self, graded: Iterator[list[Graded]]) -> Iterator[list[Graded]]:
        """Give back what came."""
        return graded


@dataclass
class _Grader:
    """A process that has graded, as its profiles tell it.

    born : when it began; busy : for how long it had a submission in hand, or got ready
    """

    born: float
    busy: float = 0.0


class RunMeter:
    """Measures a run from the moment that it is made; used in that thread alone."""

    def __init__(self) -> None:
        self._meter = Meter()
        self._began, self._computed = time.perf_counter(), time.process_time()
        self._grading = self._graded = time.time()
        self._graders: dict[str, _Grader] = {}
        self._theirs = dict.fromkeys(Part, Seconds())
        self._submissions = 0

    def of(self, part: Part) -> AbstractContextManager[None]:
        """Let the block's time be a part's."""
        return self._meter.of(part)

    def results(self, graded: Iterator[list[Graded]]) -> Iterator[list[Graded]]:
        """Yield each result as the ledger keeps it, and keep its profile.

        What is waited for here is the graders' time, not the command's
        """
        self._grading = time.time()
        while True:
            with self.of(Part.WAITING):
                together = next(graded, None)
            self._graded = time.time()
            if together is None:
                return
            self._submissions += len(together)
            yield [(submission, self._taken(result)) for submission, result in together]

    def _taken(self, result: Result) -> Result:
        if not isinstance(result, ProfiledResult):
            return result
        self.add(result.profile)
        return result.plain

    def add(self, profile: Profile) -> None:
        """Count a submission's profile."""
        grader = self._graders.setdefault(profile.grader, _Grader(profile.born))
        grader.busy += profile.wall
        for part, seconds in profile.parts.items():
            self._theirs[part] += seconds
        # Graders of a cluster may have been there before.
        if profile.born >= self._grading:
            grader.busy += profile.begun.wall
            self._theirs[Part.START] += profile.begun

    def profile(self, run: int) -> RunProfile:
        """Return where the time went until now."""
        parts = dict(self._theirs)
        own = self._meter.spent
        # Threads that hand jobs out and take results.
        beside = time.process_time() - self._computed
        beside -= sum(seconds.cpu for seconds in own.values())
        away = own.pop(Part.WAITING, Seconds())
        parts[Part.TRANSFER] += Seconds(cpu=away.cpu + max(beside, 0.0))
        parts[Part.WAITING] += Seconds(
            wall=sum(map(self._idle, self._graders.values()))
        )
        for part, seconds in own.items():
            parts[part] += seconds
        return RunProfile(
            run=run,
            finished_at=datetime.now(UTC),
            submissions=self._submissions,
            graders=len(self._graders),
            seconds=time.perf_counter() - self._began,
            parts={p: s for p, s in parts.items() if s != Seconds()},
        )

    def _idle(self, grader: _Grader) -> float:
        """Return for how long a grader had nothing in hand while others graded."""
        there = self._graded - max(grader.born, self._grading)
        return max(there - grader.busy, 0.0)
