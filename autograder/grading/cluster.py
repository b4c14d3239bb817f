"""Share submissions out to the machines of a Dask cluster.

The coordinator stays the only writer of the ledger. A machine is tried before it gets
work: the scheduler must reach it, its sandbox must hold, and what decides a mark must
be the same there as here; one that fails is left out and named. It gets one submission
for each of its threads. So it is known who had what in hand when a machine, a network
or the scheduler is lost: that is graded elsewhere, and a result that comes too late is
dropped.
"""

import hashlib
import itertools
import os
import queue
import secrets
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.course.assignment import load
from autograder.course.packed import packed
from autograder.errors import StaffError
from autograder.grading.cluster_machine import examine, grade_there, what_decides
from autograder.grading.grader import Job
from autograder.grading.process_pool import Graded, fault_result
from autograder.installed import how_to_install

if TYPE_CHECKING:
    from distributed import Client, Future
else:
    Client = Future = Any

PATIENCE = 120.0
"""Seconds without a scheduler, or without a machine that may grade, before it is told
and the run is left as interrupted."""
SILENCE = 60.0
"""Seconds without a sign of life after which a machine counts as lost."""
LOOK = 1.0
"""Seconds between two looks at who is there."""
MOST_LOSSES = 3
"""So many machines may be lost with one submission in hand, the last time alone."""
BROKEN_CONNECTION = (OSError, TimeoutError, CancelledError, RuntimeError, ValueError)
"""What Dask's client raises where the scheduler is gone: a closed connection is an
OSError, a client that has given up a RuntimeError or a ValueError."""
NOT_INSTALLED = "distributed is not installed"
NOT_REACHED = (
    "the scheduler cannot reach it ({problem}): open a port of it to the scheduler's "
    "machine and start its worker with --worker-port, and with --host where the "
    "address is another"
)


@dataclass(kw_only=True)
class _Machine:
    """A worker of Dask's that is there.

    folder : where the course lies on it
    may_grade : it was tried, and held
    in_hand : what it is grading, by the future
    heard, heard_at : its last sign of life by the scheduler's clock, and when it came
    """

    threads: int
    folder: Path
    may_grade: bool = False
    in_hand: dict[Future, Job] = field(default_factory=dict)
    heard: float = 0.0
    heard_at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, kw_only=True)
class _Reached:
    """Whether the scheduler reached a machine; problem : why not, "" where it did."""

    address: str
    machine: _Machine
    problem: str


def grade_on_cluster(
    jobs: Sequence[Job], scheduler: str, told: Callable[[str], None]
) -> Iterator[list[Graded]]:
    """Grade every job of one assignment, and yield all results that are there.

    scheduler : Dask's address of it, as ``tcp://10.0.0.1:8786``
    told : gets a line for a person where a machine or the scheduler comes or goes
    Raises StaffError where no scheduler, or no machine that may grade, is found for
    `PATIENCE` seconds; what was yielded before stands
    """
    if not jobs:
        return
    cluster = _Cluster(scheduler, jobs, told)
    try:
        yield from cluster.grade()
    finally:
        cluster.leave()


class _Cluster:
    """What the coordinator knows of a cluster while it grades.

    waiting : who is nobody's; suspects : on whom machines or graders were lost
    ready : what is graded and not yet handed on
    """

    def __init__(
        self, scheduler: str, jobs: Sequence[Job], told: Callable[[str], None]
    ) -> None:
        course, name = jobs[0].course, jobs[0].assignment
        self._scheduler = scheduler
        self._told = told
        self._name = name
        self._content = packed(load(course, name))
        self._decides = what_decides(course, name)
        self._left = len(jobs)
        self._waiting = deque(jobs)
        self._suspects: deque[Job] = deque()
        self._ready: list[Graded] = []
        self._losses: Counter[str] = Counter()
        self._client: Client | None = None
        self._machines: dict[str, _Machine] = {}
        self._examining: dict[Future, str] = {}
        self._left_out: dict[str, str] = {}
        self._done: queue.SimpleQueue[Future | _Reached] = queue.SimpleQueue()
        self._run = secrets.token_hex(4)
        self._numbers = itertools.count()
        self._fruitful_at = time.monotonic()
        self._looked_at = -LOOK

    def grade(self) -> Iterator[list[Graded]]:
        """Yield jobs' submissions with their results, all that are there."""
        while self._left:
            try:
                self._look()
                self._hand_out()
                self._collect()
            except BROKEN_CONNECTION as error:
                self._lose_scheduler(error)
            if self._ready:
                together, self._ready = self._ready, []
                self._left -= len(together)
                yield together
            self._refuse_where_nobody_grades()

    def leave(self) -> None:
        """Give up what is in hand, and leave the cluster as it was."""
        client, self._client = self._client, None
        if client is None:
            return
        given = [f for m in self._machines.values() for f in m.in_hand]
        with suppress(*BROKEN_CONNECTION):
            client.cancel([*given, *self._examining], force=True)
        with suppress(*BROKEN_CONNECTION):
            client.close(timeout=LOOK)

    def _look(self) -> None:
        """Find who has come, who has gone and who is silent, now and then."""
        if self._client is not None and time.monotonic() - self._looked_at < LOOK:
            return
        if self._client is None:
            self._client = _connected(self._scheduler)
            self._told(f"{self._scheduler}: connected")
        there = self._client.scheduler_info()["workers"]
        self._looked_at = now = time.monotonic()
        for address in self._machines.keys() - there.keys():
            self._lose(address, "gone")
        for address, info in there.items():
            machine = self._machines.get(address)
            if machine is None:
                if address not in self._left_out:
                    self._meet(self._client, address, info)
            elif info["last_seen"] != machine.heard:
                machine.heard, machine.heard_at = info["last_seen"], now
            elif now - machine.heard_at > SILENCE:
                # Examined again at the next look: a network may have been cut.
                self._lose(address, f"lost: no sign of life for {SILENCE:.0f} s")

    def _meet(self, client: Client, address: str, info: dict[str, Any]) -> None:
        """Have a machine that has come reached, to be examined then."""
        digest = hashlib.sha256(self._content).hexdigest()
        machine = _Machine(
            threads=info["nthreads"],
            folder=Path(info["local_directory"], f"course-{digest[:16]}"),
            heard=info["last_seen"],
        )
        self._machines[address] = machine
        # Aside: Dask tries for half a minute, and others grade meanwhile.
        given = (client, address, machine)
        threading.Thread(target=self._reach, args=given, daemon=True).start()

    def _reach(self, client: Client, address: str, machine: _Machine) -> None:
        """Find out whether the scheduler can open a connection to a machine.

        Where it cannot, as behind a firewall that lets out and not in, the machine is
        there and works, but no result of it can ever be fetched.
        """
        try:
            told = client.run(os.getpid, workers=[address], on_error="return")
        except BROKEN_CONNECTION as error:
            told = {address: error}
        said = told.get(address)
        problem = str(said) if isinstance(said, BaseException) else ""
        one = _Reached(address=address, machine=machine, problem=problem)
        self._done.put(one)

    def _examine(self, reached: _Reached) -> None:
        """Have a machine examined that was reached, or leave it out."""
        address, machine = reached.address, reached.machine
        if self._machines.get(address) is not machine:
            return
        if reached.problem:
            self._leave_out(address, NOT_REACHED.format(problem=reached.problem))
            return
        given = (self._content, self._name, machine.folder)
        self._examining[self._submit(address, examine, *given)] = address

    def _submit(self, address: str, work: Callable[..., Any], *given: Any) -> Future:
        """Give one machine work to do, once; its future is queued when it is done."""
        if self._client is None:
            raise RuntimeError("there is no scheduler")
        future = self._client.submit(
            work,
            *given,
            workers=[address],
            allow_other_workers=False,
            pure=False,
            retries=0,
            key=f"{work.__name__}-{self._run}-{next(self._numbers)}",
        )
        future.add_done_callback(self._done.put)
        return future

    def _hand_out(self) -> None:
        """Give every machine that may grade as much as it has threads."""
        for address, machine in self._machines.items():
            while machine.may_grade and len(machine.in_hand) < machine.threads:
                job = self._next()
                if job is None:
                    return
                try:
                    future = self._submit(address, grade_there, job, machine.folder)
                except BROKEN_CONNECTION:
                    self._waiting.appendleft(job)
                    raise
                machine.in_hand[future] = job

    def _next(self) -> Job | None:
        if self._waiting:
            return self._waiting.popleft()
        if self._suspects and not any(m.in_hand for m in self._machines.values()):
            return self._suspects.popleft()
        return None

    def _collect(self) -> None:
        """Wait a moment for work that is done, and take all that is."""
        done = []
        with suppress(queue.Empty):
            done.append(self._done.get(timeout=LOOK))
            while True:
                done.append(self._done.get_nowait())
        for future in done:
            if isinstance(future, _Reached):
                self._examine(future)
                continue
            address = self._examining.pop(future, None)
            if address is not None:
                self._judge(address, future)
                continue
            for found, machine in [*self._machines.items()]:
                # What nobody has in hand was taken back, and is graded elsewhere.
                job = machine.in_hand.pop(future, None)
                if job is not None:
                    self._take(job, future, found)

    def _judge(self, address: str, future: Future) -> None:
        """Let a machine grade, or leave it out, by how its examination ended."""
        if address not in self._machines:
            return
        if future.status == "error":
            self._leave_out(address, f"cannot be examined: {future.exception()}")
            return
        try:
            examined = future.result(timeout=SILENCE)
        except BROKEN_CONNECTION as error:
            # One that is there is met again at the next look.
            self._lose(address, f"lost while it was examined ({error})")
            return
        differ = [
            k for k in self._decides if examined.decides.get(k) != self._decides[k]
        ]
        if examined.problem:
            self._leave_out(address, examined.problem)
        elif differ:
            self._leave_out(address, f"grades with other things: {', '.join(differ)}")
        else:
            self._machines[address].may_grade = True
            threads = self._machines[address].threads
            self._told(f"{address}: grades, {threads} at a time")

    def _take(self, job: Job, future: Future, address: str) -> None:
        """Take the result of a job, or have it tried again.

        address : of the machine that had it in hand
        """
        if future.status == "error":
            error = future.exception()
            told = isinstance(error, StaffError)
            words = str(error) if told else f"{type(error).__name__}: {error}"
            self._ready.append((job.submission, fault_result(job, words)))
            return
        try:
            result = future.result(timeout=SILENCE)
        except BROKEN_CONNECTION as error:
            # Its machine, or the scheduler, went before the result was here.
            self._waiting.append(job)
            self._lose(address, f"lost: its result did not come ({error})")
            return
        if result is None:
            self._try_again(job, "the grader process died on it")
        else:
            self._ready.append((job.submission, result))

    def _try_again(self, job: Job, how: str) -> None:
        """Have a job tried again whose grader or machine was lost, at last alone."""
        key = job.submission.key
        self._losses[key] += 1
        if self._losses[key] >= MOST_LOSSES:
            words = f"{how}, {MOST_LOSSES} times"
            self._ready.append((job.submission, fault_result(job, words)))
        elif self._losses[key] == MOST_LOSSES - 1:
            self._suspects.append(job)
        else:
            self._waiting.append(job)

    def _leave_out(self, address: str, why: str) -> None:
        self._left_out[address] = why
        self._lose(address, f"left out: {why}")

    def _lose(self, address: str, how: str) -> None:
        """Forget a machine; what it had in hand is graded by others."""
        machine = self._machines.pop(address)
        self._told(f"{address}: {how}")
        for future, job in machine.in_hand.items():
            future.cancel()
            self._try_again(job, "the machine that graded it was lost")

    def _lose_scheduler(self, error: BaseException) -> None:
        """Take everything back; the scheduler is looked for again."""
        if self._client is not None:
            self._told(f"{self._scheduler}: the connection was lost ({error})")
        for machine in self._machines.values():
            self._waiting.extendleft(machine.in_hand.values())
        client, self._client = self._client, None
        self._machines.clear()
        self._examining.clear()
        self._left_out.clear()
        if client is not None:
            with suppress(*BROKEN_CONNECTION):
                client.close(timeout=LOOK)
        time.sleep(LOOK)

    def _refuse_where_nobody_grades(self) -> None:
        now = time.monotonic()
        if any(machine.may_grade for machine in self._machines.values()):
            self._fruitful_at = now
        elif now - self._fruitful_at > PATIENCE and self._left:
            reasons = "; ".join(f"{a}: {why}" for a, why in self._left_out.items())
            state = "there is none" if self._client else "no scheduler answers"
            raise StaffError(
                self._scheduler,
                f"no machine of the cluster may grade: {reasons or state}",
                "what was graded is stored; start workers there, then run it again",
            )


def _connected(scheduler: str) -> Client:
    try:
        from distributed import Client as DaskClient  # noqa: PLC0415
    except ImportError as error:
        raise StaffError(
            "--scheduler", NOT_INSTALLED, how_to_install("cluster")
        ) from error
    return DaskClient(scheduler, timeout=10 * LOOK, set_as_default=False)
