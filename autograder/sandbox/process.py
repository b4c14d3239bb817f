"""A worker's process, seen from the grader: two streams, what it has used, and an end.

What it has used is read from outside, since nothing that it says of itself counts: its
processor time by the kernel's clock of the process, the rest from ``/proc``.
"""

import contextlib
import dataclasses
import json
import os
import re
import select
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Protocol, Self

from msgspec.structs import replace

from autograder.sandbox.stopwatch import (
    Allowance,
    Finding,
    Sight,
    Spent,
    between,
)

SLICE = 0.1
"""Seconds between two looks at a worker that has not answered yet."""
FIRST = 0.01
"""Seconds until the first one, from which the others count; most calls end before."""
UNEXPLAINED = 0.2
"""Seconds of which it may stay open what a worker did, before it is looked at closely:
whenever it asks, and twice where it is awake. So naps are told from a busy machine."""
_CHUNK = 2**20
_KILL_SECONDS = 5.0
_CPUCLOCK_SCHED = 2
_COMPUTES, _WAITS_FOR_A_DISK = "R", "D"
_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)

Patience = Callable[[], float]
"""How many seconds to wait for the worker now; raises TimeoutError at the end."""


def until(deadline: float) -> Patience:
    """Wait until a moment of the clock ``time.monotonic``."""

    def left() -> float:
        seconds = deadline - time.monotonic()
        if seconds <= 0:
            raise TimeoutError("the worker did not answer in time")
        return seconds

    return left


def processor_time(pid: int) -> float | None:
    """Return what all threads of a process have computed; None where nobody knows."""
    with contextlib.suppress(OSError):
        # A process's clock by its number: clock_getcpuclockid(3) does the same.
        return time.clock_gettime((~pid << 3) | _CPUCLOCK_SCHED)
    return None


class OutOfTimeError(TimeoutError):
    """A worker has spent what it was allowed; finding : how."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(f"the worker {finding.value}")


class Process(Protocol):
    """What a worker needs of `subprocess.Popen`; a forked one is a process, too."""

    @property
    def pid(self) -> int:
        """Its number, as the grader sees it."""

    @property
    def stdin(self) -> IO[bytes] | None:
        """Where requests go in."""

    @property
    def stdout(self) -> IO[bytes] | None:
        """Where replies come out."""

    @property
    def stderr(self) -> IO[bytes] | None:
        """Where it says what keeps it from being ready."""

    def poll(self) -> int | None:
        """Return how it ended, n or minus a signal; None while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end, and return how; raises subprocess.TimeoutExpired."""

    def kill(self) -> None:
        """Send it SIGKILL."""


class Worker:
    """One process that runs one submission, and is never used for another.

    isolation : what separates it from the grader, in words for the results
    memory_mib : the address space that it may use
    info : where bwrap names the process that it has started
    cpu_seconds : the processor time after which the kernel ends it, or None
    pidfd : of the process itself, where that is known already
    """

    def __init__(
        self,
        process: Process,
        isolation: str,
        memory_mib: int,
        info: int | None = None,
        cpu_seconds: int | None = None,
        pidfd: int | None = None,
    ) -> None:
        self.isolation = isolation
        self.memory_mib = memory_mib
        self.cpu_seconds = cpu_seconds
        self._process = process
        self._info = info
        self._child = pidfd
        self._seen = process.pid
        self._queues: dict[str, float] = {}
        self._queued = 0.0
        self._buffer = bytearray()
        self._said = b""
        self._stdin = _pipe(process.stdin)
        self._stdout = _pipe(process.stdout)
        self._stderr = _pipe(process.stderr)

    @property
    def pid(self) -> int:
        """The process that the grader started: bwrap, or the worker itself."""
        return self._process.pid

    @property
    def seen(self) -> int:
        """The number of the process that runs the submission, once it is ready."""
        return self._seen

    @property
    def exit_code(self) -> int | None:
        """How it ended, 128 + n for signal n; None while it runs.

        Waits up to a second for one whose streams have just ended
        """
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1.0)
        code = self._process.poll()
        return 128 - code if code is not None and code < 0 else code

    @property
    def was_lost(self) -> bool:
        """Whether it ended because what it was forked from did, through no fault."""
        return bool(getattr(self._process, "was_lost", False))

    @property
    def peak_memory_mib(self) -> float | None:
        """The most memory that it has had in use so far, by the kernel's count.

        None where it has ended, or where the kernel keeps no such file
        """
        try:
            status = Path(f"/proc/{self._seen}/status")
            found = _PEAK.search(status.read_text(encoding="ascii"))
        except (OSError, UnicodeDecodeError):
            return None
        return int(found[1]) / 1024 if found and self._is_there() else None

    def glance(self) -> Sight:
        """Return what one call of the kernel tells: the processor time so far.

        Of all its threads, those that have ended too, to the nanosecond
        """
        cpu = processor_time(self._seen)
        cpu = cpu if self._is_there() else None
        return Sight(at=time.monotonic(), cpu=cpu, is_glance=True)

    def look(self) -> Sight:
        """Return all that can be seen from outside: what each thread waits for, too.

        Where the kernel does not tell, it counts as awake: then it is never idle
        """
        threads = dict(_threads(self._seen))
        ours = _Thread.read(Path("/proc/thread-self"))
        # In this order: that it is still there holds for what was read before.
        seen = replace(self.glance(), is_glance=False)
        if ours is None or not threads:
            return replace(seen, is_dark=True)
        return replace(
            seen,
            queued=self._queued_until(threads),
            ours=ours.ran + ours.queued,
            asleep=all(thread.is_asleep for thread in threads.values()),
        )

    def _queued_until(self, threads: "dict[str, _Thread]") -> float:
        """Add what the thread that queued longest since the last look has queued.

        Not the sum: threads that wake at once queue for one another, and would make
        any number of seconds of none
        """
        before, self._queues = self._queues, {n: t.queued for n, t in threads.items()}
        waits = (queued - before.get(n, 0.0) for n, queued in self._queues.items())
        self._queued += max(*waits, 0.0)
        return self._queued

    def adopt(self) -> None:
        """Take hold of the sandboxed process itself, once bwrap has named it.

        Then it can be ended without bwrap's help
        """
        if self._info is not None:
            told = json.loads(os.read(self._info, 4096))
            self._child = os.pidfd_open(told["child-pid"])
            self._seen = told["child-pid"]
            os.close(self._info)
            self._info = None

    def send(self, data: bytes, patience: Patience) -> None:
        """Write all of `data`.

        Raises TimeoutError, and EOFError where the worker has ended
        """
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[os.write(self._stdin.fileno(), rest[:_CHUNK]) :]
            except BlockingIOError:
                patience()  # who reads a little now and then is waited for all the same
                _wait(self._stdin.fileno(), select.POLLOUT, patience)
            except BrokenPipeError as error:
                raise EOFError("the worker has ended") from error

    def receive(self, size: int, patience: Patience) -> bytes:
        """Read exactly `size` bytes.

        Raises TimeoutError, and EOFError where the worker has ended
        """
        while len(self._buffer) < size:
            _wait(self._stdout.fileno(), select.POLLIN, patience)
            if not self._fill():
                raise EOFError("the worker has ended")
            if len(self._buffer) < size:
                patience()  # a byte now and then is no answer
        data = bytes(self._buffer[:size])
        del self._buffer[:size]
        return data

    def pending(self) -> bool:
        """Say whether bytes are there that nobody has asked for."""
        with contextlib.suppress(BlockingIOError):
            self._fill()
        return bool(self._buffer)

    def stderr_tail(self) -> str:
        """Return the last of what bwrap or Python said, at most 2,000 characters."""
        with contextlib.suppress(BlockingIOError, ValueError):
            self._said += os.read(self._stderr.fileno(), 65536)
        return self._said.decode(errors="replace").strip()[-2000:]

    def kill(self) -> None:
        """End the process and all its threads; returns when they are gone."""
        if self._child is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._child, signal.SIGKILL)
            # bwrap ends by itself then, and leaves no zombie to somebody else.
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_KILL_SECONDS)
            os.close(self._child)
            self._child = None
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                self._process.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_KILL_SECONDS)
        self.stderr_tail()
        if self._info is not None:
            os.close(self._info)
            self._info = None
        for stream in (self._stdin, self._stdout, self._stderr):
            stream.close()

    def _is_there(self) -> bool:
        """Tell that the process has not ended: another may have its number by now."""
        if self._child is None:
            return self._process.poll() is None
        try:
            signal.pidfd_send_signal(self._child, 0)
        except ProcessLookupError:
            return False
        return True

    def _fill(self) -> bool:
        data = os.read(self._stdout.fileno(), _CHUNK)
        self._buffer += data
        return bool(data)


@dataclasses.dataclass(frozen=True, slots=True)
class _Thread:
    """A thread by the kernel's account.

    ran, queued : seconds on a processor, and in the queue for one
    """

    ran: float
    queued: float
    is_asleep: bool

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """Read ``/proc/PID/task/TID``; None where it has ended, or nobody may."""
        try:
            ran, queued, _ = (folder / "schedstat").read_text(encoding="ascii").split()
            stat = (folder / "stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None
        state = stat.rpartition(")")[2].split()[0]
        asleep = state not in {_COMPUTES, _WAITS_FOR_A_DISK}
        return cls(int(ran) / 1e9, int(queued) / 1e9, asleep)


def _threads(pid: int) -> Iterator[tuple[str, _Thread]]:
    with contextlib.suppress(OSError):
        for folder in Path(f"/proc/{pid}/task").iterdir():
            thread = _Thread.read(folder)
            if thread is not None:
                yield folder.name, thread


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise TypeError("a worker's process needs three pipes")
    os.set_blocking(stream.fileno(), False)
    return stream


def _wait(descriptor: int, event: int, patience: Patience) -> None:
    poll = select.poll()
    poll.register(descriptor, event)
    # What is there already came in time, however late the grader is, and most of what
    # is not comes before there is anything to look at.
    ready = poll.poll(FIRST * 1000)
    while not ready:
        ready = poll.poll(max(patience(), 0.0) * 1000)


class Watch:
    """A worker that is to answer within an allowance; a `Patience`.

    since : where it goes on where another watch has ended; what the worker has computed
        in between counts
    allowed : what it may spend
    spent : what it has spent since the watch began, as far as it was looked at
    last : the worker as it was seen last
    """

    def __init__(
        self, worker: Worker, allowed: Allowance, since: Sight | None = None
    ) -> None:
        self.spent = Spent()
        self.last = worker.glance()
        self._worker = worker
        self.allowed = allowed
        self._next = self.last.at + FIRST
        if since is not None:
            self.spent += Spent(cpu=between(since, self.last).cpu)

    def __call__(self) -> float:
        """Look at the worker where it is time to; say how long to wait until then.

        Raises OutOfTimeError
        """
        left = self._next - time.monotonic()
        if left > 0:
            return left
        now = self._worker.look()
        if not now.asleep and self._is_open(self.spent + between(self.last, now)):
            # Who naps, but is seen whenever it has just read or written a little.
            time.sleep(FIRST / 2)
            now = self._worker.look()
        self._add(now)
        self._judge()
        self._next = self.last.at + SLICE
        return SLICE

    @contextlib.contextmanager
    def aside(self) -> Iterator[None]:
        """Leave out what the worker waits for in the block: it has asked us something.

        What its other threads compute meanwhile counts. Who asks often is answered
        before it is time to look at it: so it is judged here, too.
        Raises OutOfTimeError
        """
        self._add(self._sight())
        self._judge()
        yield
        before, self.last = self.last, self._sight()
        self.spent += Spent(cpu=between(before, self.last).cpu)
        self._next = self.last.at + FIRST

    def end(self) -> Spent:
        """Return what was spent, now that the worker has answered or is given up."""
        self._add(self._worker.glance())
        return self.spent

    @property
    def met_the_kernels_limit(self) -> bool:
        """Whether a worker that has ended was near the end that the kernel sets."""
        limit, cpu = self._worker.cpu_seconds, self.last.cpu
        return limit is not None and cpu is not None and cpu > limit - 1.0

    def _sight(self) -> Sight:
        is_open = self._is_open(self.spent)
        return self._worker.look() if is_open else self._worker.glance()

    @staticmethod
    def _is_open(spent: Spent) -> bool:
        return spent.wall - spent.cpu - spent.idle - spent.kept > UNEXPLAINED

    def _judge(self) -> None:
        finding = self.allowed.judge(self.spent)
        if finding is not Finding.GO_ON:
            raise OutOfTimeError(finding)

    def _add(self, now: Sight) -> None:
        self.spent += between(self.last, now)
        cpu = self.last.cpu if now.cpu is None else now.cpu
        self.last = now if cpu is now.cpu else replace(now, cpu=cpu)
