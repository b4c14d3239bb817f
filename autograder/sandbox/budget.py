"""The time of a case and of a submission, and in words what became of it."""

from dataclasses import dataclass, field

from autograder.course.costs import Limit
from autograder.errors import GraderFault, StudentFault
from autograder.sandbox.stopwatch import (
    IDLE_MULTIPLE,
    WALL_MULTIPLE,
    Allowance,
    Spent,
)

MOST_DEATHS = 100
"""A submission that has ended so many of its workers gets no more of them."""
OVERTIME = 1.5
"""A case is ended at so many times its time, so that it can be told how slow it is."""
_ROUNDING = 1e-6
_MANY = 1000.0


@dataclass
class Total:
    """What a whole submission may spend, and has spent."""

    allowed: Allowance
    spent: Spent = field(default_factory=Spent)


@dataclass
class Deaths:
    """How often a submission has ended its worker: each time it needs another one."""

    count: int = 0

    def check(self) -> None:
        """Raise StudentFault where it gets no other."""
        if self.count >= MOST_DEATHS:
            raise StudentFault(
                "died",
                f"not run: your program has ended in the middle {self.count} times by "
                "now (exit, kill …)",
            )


@dataclass
class Budget:
    """What a case may spend, or one run of the file, and has spent.

    calls : that have been answered
    """

    limit: Limit
    total: Total
    spent: Spent = field(default_factory=Spent)
    calls: int = 0

    @property
    def left(self) -> Allowance:
        """What the next call may spend before it is ended."""
        case = Allowance.of_cpu(self.limit.seconds).without(self.spent)
        total = self.total.allowed.without(self.total.spent)
        overtime = (OVERTIME - 1.0) * self.limit.seconds
        return Allowance(
            cpu=min(case.cpu + overtime, total.cpu),
            idle=min(case.idle, total.idle),
            wall=min(case.wall, total.wall),
        )

    def add(self, spent: Spent) -> None:
        """Write down what a call has spent."""
        self.spent += spent
        self.total.spent += spent

    def check(self, what: str, latest: Spent, *, answered: bool) -> None:
        """Raise where the time is used up, with the reason in words.

        what : that was called; latest : what it has spent, of what is in `spent`
        Raises StudentFault, and GraderFault where it may have been the machine
        """
        seconds, spent = self.limit.seconds, self.spent
        left = self.total.allowed.without(self.total.spent)
        if spent.cpu > seconds - _ROUNDING:
            raise StudentFault(
                "timeout",
                self._too_slow(what, latest, answered=answered),
                coarse=f"{what} takes longer than the {seconds:.3g} s of computing "
                f"time of this case{self._beside_the_usual()}, or never ends",
            )
        if answered:
            return
        if left.cpu <= _ROUNDING:
            raise StudentFault(
                "timeout",
                f"the {self.total.allowed.cpu:.3g} s of computing time that a whole "
                f"submission may take were used up before {what} ended",
            )
        if spent.idle > IDLE_MULTIPLE * seconds - _ROUNDING:
            raise _idle(what, IDLE_MULTIPLE * seconds)
        if left.idle <= _ROUNDING:
            raise _idle(f"your submission, last in {what},", self.total.allowed.idle)
        if min(left.wall, self.left.wall) <= _ROUNDING:
            if not spent.is_the_machines_doing:
                # Idle from here on: the next one is not waited for so long.
                self.total.spent += Spent(idle=spent.wall - spent.cpu)
                raise _idle(what, WALL_MULTIPLE * seconds)
            raise GraderFault(
                "this machine",
                f"a worker got {spent.cpu:.1f} s of computing time in "
                f"{spent.wall:.0f} s: nobody can tell whether {what} would have ended",
                "grade it again (the next run does) with fewer --workers, or when the "
                "machine has less to do",
            )

    def _too_slow(self, what: str, latest: Spent, *, answered: bool) -> str:
        limit = f"{self.limit.seconds:.3g} s of computing time"
        if self.calls and latest.cpu < self.limit.seconds / 2:
            return self._slow_in_many_calls(what, limit)
        if answered:
            times = self.spent.cpu / self.limit.seconds
            return (
                f"{what} is too slow: it took {self.spent.cpu:.3g} s of computing "
                f"time, {times:.2g} times the {self.limit.seconds:.3g} s allowed"
                f"{self._beside_the_usual()}"
            )
        usual = self._beside_the_usual()
        return f"{what} took longer than {limit}{usual}: an endless loop?"

    def _slow_in_many_calls(self, what: str, limit: str) -> str:
        ended = f"{self.calls} {'call' if self.calls == 1 else 'calls'}"
        if self.limit.calls > self.calls:
            ended = f"{self.calls} of {self.limit.calls} calls"
        words = f"{what} is too slow: {ended} of this case used up its {limit}"
        times = self.limit.calls * self.spent.cpu / self.calls / self.limit.seconds
        if times > 1.0:
            words += f", so it takes about {times:.2g} times as long as allowed"
        return words + self._beside_the_usual()

    def _beside_the_usual(self) -> str:
        if not self.limit.usual:
            return ""
        times = self.limit.seconds / self.limit.usual
        many = f"more than {_MANY:,.0f}" if times > _MANY else f"{times:.2g}"
        return f" (that is {many} times what a slow but right solution takes)"


def _idle(what: str, seconds: float) -> StudentFault:
    return StudentFault(
        "timeout",
        f"{what} waited for {seconds:.3g} s without computing "
        "(input(), sleep, a lock?)",
    )
