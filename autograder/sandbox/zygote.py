"""Workers forked from a process that has their packages: warm instead of cold.

A cold worker starts Python and imports NumPy or PyTorch. Here one process does so once
(`autograder.worker.zygote`, whose docstring draws it), and every worker is forked from
it and confined before it is heard of. It is the same worker, behind the same walls: the
self-test and every attack run over both. Where it can't be, workers are started cold,
and their isolation says why.
"""

import atexit
import contextlib
import dataclasses
import functools
import os
import re
import select
import signal
import socket
import subprocess
import threading
from collections.abc import Hashable, Iterator, Sequence
from pathlib import Path
from typing import IO, Protocol, TypeVar

import msgspec

from autograder.errors import GraderFault
from autograder.sandbox import launch
from autograder.sandbox.launch import Starter, limits, ready
from autograder.sandbox.process import Process, Worker, processor_time
from autograder.worker.zygote import STATUS_BYTES, Begun, Birth, Fork, Forked

MOST_ZYGOTES = 5
"""After so many have ended on their own, one is not tried again."""
_CLOSE_SECONDS = 5.0
_MESSAGE_BYTES = 65536
_PID = re.compile(r"^Pid:\s+(\d+)$", re.MULTILINE)

_Reply = TypeVar("_Reply", Begun, Forked)


class Host(Starter, Protocol):
    """What can start a zygote as well as a cold worker."""

    @property
    def cpu_seconds(self) -> int:
        """The processor time after which the kernel ends a worker."""

    @property
    def zygote_key(self) -> Hashable:
        """What two of these must share for their workers to have one zygote."""

    def check(self) -> None:
        """Refuse where a worker would see what is hidden; raises GraderFault."""

    def open_zygote(self, control: int) -> "subprocess.Popen[bytes]":
        """Start one; control : its end of the control socket."""

    def birth(self) -> tuple[Birth, tuple[int, ...]]:
        """Return what its workers are left with, and a descriptor of rules if any."""

    def adopt(self, process: Process, pidfd: int) -> Worker:
        """Return the worker that a forked process is."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Forking:
    """Workers that are forked where that works, and started by `cold` where not."""

    cold: Host

    @property
    def memory_mib(self) -> int:
        """The address space of a worker."""
        return self.cold.memory_mib

    @property
    def isolation(self) -> str:
        """What separates the workers from the grader, and why they are cold if so."""
        problem = self._nursery.problem
        cold = f"; started cold: {problem}" if problem else ""
        return f"{self.cold.isolation}{cold}"

    @property
    def is_cheap(self) -> bool:
        """Whether a worker costs a fork, not a start of Python."""
        return not self._nursery.problem

    def start(self) -> Worker:
        """Return a fresh worker; raises GraderFault as `cold` does."""
        self.cold.check()
        return self._nursery.worker(self.cold) or self.cold.start()

    @property
    def zygote_seconds(self) -> float:
        """The processor time of the zygote so far, as far as it is there and known."""
        return self._nursery.zygote_seconds

    def close(self) -> None:
        """End the zygote, until a worker is wanted again."""
        self._nursery.close(os.getpid())

    @property
    def _nursery(self) -> "_Nursery":
        return _nursery(type(self.cold), self.cold.zygote_key, os.getpid())


class Zygote:
    """A process from which workers are forked.

    has_ended : as far as is known
    Raises GraderFault where it is not ready within `READY_SECONDS`, or not alone
    """

    def __init__(self, host: Host) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = host.open_zygote(theirs.fileno())
        self._control = ours
        self.has_ended = False
        try:
            birth, rules = host.birth()
            with _closed(rules):
                self._ask(birth, rules)
            _, itself = self._told(Begun)
            with _closed(itself):
                self._check_alone(itself[0])
                self._number = _number_of(itself[0])
        except BaseException:
            self.close()
            raise

    @property
    def cpu_seconds(self) -> float:
        """Its processor time so far, with what its forks cost it; 0 if unknown."""
        return processor_time(self._number) or 0.0

    def fork(self, host: Host) -> Worker:
        """Return a worker that is ready.

        Raises GraderFault where the zygote has ended or can't, or is to be ended
        """
        pipes = [os.pipe() for _ in range(4)]
        (requests, send), (receive, replies), (errors, said), (status, ended) = pipes
        ours, theirs = (send, receive, errors, status), (requests, replies, said, ended)
        wanted = Fork(limits=limits(host.memory_mib, host.cpu_seconds))
        try:
            with _closed(theirs):
                self._ask(wanted, theirs)
            pidfd = self._forked()
        except GraderFault:
            with _closed(ours):
                raise
        except Exception as error:
            # Out of memory, say. What was not read would answer the next question: one
            # worker's pipes, and another's number, by which it is seen and ended.
            with _closed(ours):
                self.has_ended = True
                told = f"what it told was not read ({type(error).__name__})"
                raise GraderFault("the zygote", told) from error
        return ready(host.adopt(_ForkedProcess(pidfd, ours), pidfd))

    def close(self) -> None:
        """End it, and with it every worker that is left; may be repeated."""
        self._control.close()
        try:
            self._process.wait(_CLOSE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        if self._process.stderr is not None:
            self._process.stderr.close()

    def _ask(self, message: Birth | Fork, descriptors: Sequence[int]) -> None:
        try:
            socket.send_fds(self._control, [msgspec.json.encode(message)], descriptors)
        except OSError as error:
            self.has_ended = True
            raise GraderFault("the zygote", f"it has ended: {error}") from error

    def _forked(self) -> int:
        told, pidfds = self._told(Forked)
        if told.problem or not pidfds:
            raise GraderFault("the zygote", told.problem or "it named no worker")
        return pidfds[0]

    def _told(self, kind: type[_Reply]) -> tuple[_Reply, list[int]]:
        self._control.settimeout(launch.READY_SECONDS)
        try:
            message, descriptors, _, _ = socket.recv_fds(
                self._control, _MESSAGE_BYTES, 1
            )
        except TimeoutError as error:
            raise GraderFault("the zygote", "it does not answer") from error
        except ConnectionResetError:
            message, descriptors = b"", []
        if not message:
            self.has_ended = True
            raise GraderFault("the zygote", f"it ended; it said: {self._last_words()}")
        for descriptor in descriptors:
            os.set_inheritable(descriptor, False)
        return msgspec.json.decode(message, type=kind), descriptors

    def _last_words(self) -> str:
        if self._process.stderr is None:
            return ""
        os.set_blocking(self._process.stderr.fileno(), False)
        with contextlib.suppress(OSError):
            said = os.read(self._process.stderr.fileno(), _MESSAGE_BYTES)
            return said.decode(errors="replace").strip()[-2000:]
        return "nothing"

    def _check_alone(self, itself: int) -> None:
        """Refuse a process of several threads: a fork would leave their locks held.

        itself : its pidfd
        """
        threads = len([*Path(f"/proc/{_number_of(itself)}/task").iterdir()])
        if threads != 1:
            words = f"its packages have started threads: it has {threads}"
            raise GraderFault("the zygote", words)


class _ForkedProcess:
    """A worker's process, which is a child of the zygote's: as `subprocess.Popen`."""

    def __init__(self, pidfd: int, pipes: tuple[int, int, int, int]) -> None:
        requests, replies, errors, self._status = pipes
        self.pid = _number_of(pidfd)
        self.stdin: IO[bytes] | None = os.fdopen(requests, "wb", buffering=0)
        self.stdout: IO[bytes] | None = os.fdopen(replies, "rb", buffering=0)
        self.stderr: IO[bytes] | None = os.fdopen(errors, "rb", buffering=0)
        self.was_lost = False
        self._pidfd = os.dup(pidfd)
        self._code: int | None = None

    def poll(self) -> int | None:
        """Return how it ended, n or minus a signal; None while it runs."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0.0)
        return self._code

    def wait(self, timeout: float | None = None) -> int:
        """Wait until the zygote tells of its end, or has ended itself."""
        if self._code is None:
            poll = select.poll()
            poll.register(self._status, select.POLLIN)
            if not poll.poll(None if timeout is None else timeout * 1000):
                raise subprocess.TimeoutExpired("a worker", timeout or 0.0)
            told = os.read(self._status, STATUS_BYTES)
            os.close(self._status)
            # A zygote that is killed takes its workers along and tells nothing.
            self.was_lost = len(told) != STATUS_BYTES
            code = int.from_bytes(told, "little", signed=True)
            self._code = -signal.SIGKILL if self.was_lost else code
            os.close(self._pidfd)
        return self._code

    def kill(self) -> None:
        """Send it SIGKILL, unless it is known to have ended."""
        if self._code is None:
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)


class _Nursery:
    """The zygote for one set of packages, started when a worker is first wanted.

    problem : why there is none, and will be none; "" as long as there may be
    """

    def __init__(self) -> None:
        self.problem = ""
        self._lock = threading.Lock()
        self._zygote: Zygote | None = None
        self._ended = 0
        atexit.register(self.close, os.getpid())

    def worker(self, host: Host) -> Worker | None:
        """Return a worker that is ready; None where it has to be started cold."""
        with self._lock:
            while not self.problem:
                try:
                    if self._zygote is None:
                        self._zygote = Zygote(host)
                    return self._zygote.fork(host)
                except GraderFault as fault:
                    self._give_up(fault)
        return None

    @property
    def zygote_seconds(self) -> float:
        """The processor time of the zygote that is there."""
        zygote = self._zygote
        return 0.0 if zygote is None else zygote.cpu_seconds

    def close(self, owner: int) -> None:
        """End the zygote; owner : the process whose it is."""
        if self._zygote is not None and os.getpid() == owner:
            self._zygote.close()
            self._zygote = None

    def _give_up(self, fault: GraderFault) -> None:
        """Let there be another zygote only where one that worked has been ended."""
        worked = self._zygote is not None and self._zygote.has_ended
        self._ended += 1
        if not worked or self._ended >= MOST_ZYGOTES:
            self.problem = str(fault)
        self.close(os.getpid())


@functools.cache
def _nursery(_kind: type, _key: Hashable, _pid: int) -> _Nursery:
    """Return this process's zygote for workers that are alike but for their limits."""
    return _Nursery()


def _number_of(pidfd: int) -> int:
    """Return the number by which this process knows another; -1 where it has ended."""
    text = Path(f"/proc/self/fdinfo/{pidfd}").read_text(encoding="ascii")
    found = _PID.search(text)
    return int(found[1]) if found else -1


@contextlib.contextmanager
def _closed(descriptors: tuple[int, ...] | list[int]) -> Iterator[None]:
    try:
        yield
    finally:
        for descriptor in descriptors:
            os.close(descriptor)
