"""A process that has imported a worker's packages, and from which workers are forked.

    grader                      zygote                    first      worker
      │── Birth, seccomp filter ──▶ │ imports
      │◀───────────────── Begun ── │
      │── Fork + 4 pipes ─────────▶ │── fork ──────────────▶│ unshare
      │                            │◀─────── its number ── │── fork ──▶│ pid 1
      │                            │                     ends          │ gives up
      │◀───── Forked + its pidfd ── │                                   │ all, says
      │◀──────────────────────────────────────────────────────────────│ Ready

It sees no submission: all that it ever gets is `Birth`, once, and `Fork` with four ends
of pipes, over the control socket that is its standard input. It has no answer either,
so a worker that reads all of its own memory finds nothing that it could not import.

What a worker inherits is closed (every descriptor but its three pipes), its own
(limits, process times, random state), or the same for all and no secret: Python's hash
seed and the places of libraries in memory.

- **Below bubblewrap** the zygote lives in a sandbox like a cold worker's, without the
  filter of system calls. A worker has all of its namespaces for itself, sees the same
  read-only files, and is the only process of its own: not even signals to the process
  group, which cross namespaces, reach another, since it begins a session of its own.
- **By Landlock** the zygote is root's. A worker gets a user that nobody else has, and
  then the same rules as a cold one.

When the grader ends, the socket ends, and with it the zygote: as the first process of
its namespace it takes all workers along; by Landlock the kernel does, by
``PR_SET_PDEATHSIG``. A worker that ends is reported through its fourth pipe.
"""

import contextlib
import functools
import gc
import importlib
import os
import resource
import select
import signal
import socket
import traceback
from collections.abc import Callable, Sequence

import msgspec
import numpy as np

from autograder.worker import kernel, serve
from autograder.worker.bound import bind

PIPES = 4
"""What a Fork brings: requests, replies, last words, and what became of it."""
STATUS_BYTES = 4
_MESSAGE_BYTES = 65536
_MOST_WORDS = 1000


class Birth(msgspec.Struct, frozen=True, kw_only=True):
    """What is left to every worker; with a ruleset of Landlock's, or none.

    filter : of system calls, as BPF
    first_user : a worker's user is this number plus its process id; None where it is
        kept apart by namespaces instead
    """

    filter: bytes
    first_user: int | None = None


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """The packages are imported; the zygote's own pidfd comes along."""


class Fork(msgspec.Struct, frozen=True, kw_only=True):
    """A worker is wanted; limits : by the names of `resource`, without ``RLIMIT_``."""

    limits: dict[str, int]


class Forked(msgspec.Struct, frozen=True, kw_only=True):
    """It is there, and its pidfd comes along; or why not, in words."""

    problem: str = ""


class _Born(BaseException):
    """The process is a worker; nothing of the zygote's goes on in it."""

    def __init__(self, wanted: Fork, pipes: Sequence[int]) -> None:
        super().__init__()
        self.wanted = wanted
        self.pipes = pipes


class Zygote:
    """Forks workers until the grader has gone.

    ruleset : Landlock's, or None
    """

    def __init__(
        self, control: socket.socket, birth: Birth, ruleset: int | None
    ) -> None:
        self._control = control
        self._birth = birth
        self._ruleset = ruleset
        self._own = os.getpid()
        self._workers: dict[int, int] = {}
        self._most_files = os.sysconf("SC_OPEN_MAX")

    def run(self) -> None:
        """Answer every Fork, report every end; returns when the grader has gone.

        Raises _Born in every worker
        """
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        while True:
            for descriptor, _ in poll.poll():
                if descriptor != self._control.fileno():
                    poll.unregister(descriptor)
                    self._report(descriptor)
                    continue
                message, pipes, _, _ = socket.recv_fds(
                    self._control, _MESSAGE_BYTES, PIPES
                )
                if not message:
                    return
                worker = self._answer(msgspec.json.decode(message, type=Fork), pipes)
                if worker is not None:
                    poll.register(worker, select.POLLIN)

    def _answer(self, wanted: Fork, pipes: Sequence[int]) -> int | None:
        """Fork a worker and tell the grader; returns its pidfd.

        Raises _Born in the worker
        """
        *own, status = pipes
        worker, problem = None, ""
        try:
            worker = self._forked(wanted, own)
        except OSError as error:
            problem = str(error)
        for pipe in own:
            os.close(pipe)
        told = msgspec.json.encode(Forked(problem=problem))
        if worker is None:
            os.close(status)
            self._control.send(told)
        else:
            self._workers[worker] = status
            socket.send_fds(self._control, [told], [worker])
        return worker

    def _forked(self, wanted: Fork, pipes: Sequence[int]) -> int:
        """Return the pidfd of a new worker.

        Raises OSError, and _Born in the worker
        """
        if self._birth.first_user is not None:
            number = os.fork()
            if number == 0:
                raise _Born(wanted, pipes)
            return os.pidfd_open(number)
        told, tells = os.pipe()
        first = os.fork()
        if first == 0:
            self._begin_namespaces(tells)
            raise _Born(wanted, pipes)
        os.close(tells)
        text = os.read(told, _MOST_WORDS)
        os.close(told)
        os.waitpid(first, 0)
        if not text.isdigit():
            raise OSError(text.decode(errors="replace") or "it ended at once")
        # Its parent has ended, so it is the first process's by now: its number stays
        # taken until `_report` waits for it.
        return os.pidfd_open(int(text))

    def _begin_namespaces(self, tells: int) -> None:
        """Fork once more, into new namespaces; returns in that process alone."""
        number = -1
        try:
            kernel.own_namespaces()
            number = os.fork()
            if number != 0:
                os.write(tells, str(number).encode())
        except BaseException as error:  # noqa: BLE001 - the zygote must not go on twice
            os.write(tells, str(error).encode()[:_MOST_WORDS])
        finally:
            if number != 0:
                os._exit(0)

    def become_worker(self, wanted: Fork, pipes: Sequence[int]) -> None:
        """Keep three pipes as the standard streams and give up all else, or end."""
        try:
            for number, pipe in enumerate(pipes):
                os.dup2(pipe, number)
            self._control.detach()
            self._give_up(wanted)
            np.random.seed()  # noqa: NPY002 - the state that students use, as at import
        except BaseException:  # noqa: BLE001 - it must not go on with anything left
            with contextlib.suppress(BaseException):
                traceback.print_exc()
            os._exit(1)

    def _give_up(self, wanted: Fork) -> None:
        """Keep three pipes and processor time, nothing else.

        In this order: what comes first needs what comes later to be still there
        Raises OSError, and PermissionError where something is left
        """
        os.setsid()
        for name, most in wanted.limits.items():
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))
        kernel.no_new_privileges()
        if self._birth.first_user is None:
            kernel.empty_bounding_set()
        else:
            self._become_a_user_of_its_own(self._birth.first_user + os.getpid())
        kernel.no_capabilities()
        if self._ruleset is not None:
            kernel.restrict_by_landlock(self._ruleset)
        os.closerange(3, self._most_files)
        kernel.filter_calls(self._birth.filter)
        left = kernel.what_is_left()
        if self._birth.first_user is None and os.getpid() != 1:
            left.append("it is not the first process of its namespace")
        if left:
            raise PermissionError("; ".join(left))

    def _become_a_user_of_its_own(self, user: int) -> None:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
        # The kernel forgets it when the user changes, so it comes after.
        kernel.die_with_parent(signal.SIGKILL)
        if os.getppid() != self._own:
            raise ProcessLookupError("the zygote has ended")
        os.chdir("/")

    def _report(self, worker: int) -> None:
        """Tell how a worker ended, as `subprocess` does: n, or minus a signal."""
        status = self._workers.pop(worker)
        ended = os.waitid(os.P_PIDFD, worker, os.WEXITED)
        os.close(worker)
        if ended is not None:
            exited = ended.si_code == os.CLD_EXITED
            code = ended.si_status if exited else -ended.si_status
            with contextlib.suppress(BrokenPipeError):
                os.write(status, code.to_bytes(STATUS_BYTES, "little", signed=True))
        os.close(status)


def main(packages: Sequence[str]) -> Callable[[Sequence[str]], None] | None:
    """Import what a worker needs, then fork workers when the socket asks for one.

    packages : what to import
    Returns in a worker only, with what it is to run: from where a cold one runs it, so
    that a submission is as deep in the stack
    """
    control = socket.socket(fileno=os.dup(0))
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1):
        os.dup2(null, number)
    os.close(null)
    message, rulesets, _, _ = socket.recv_fds(control, _MESSAGE_BYTES, 1)
    if not message:
        return None
    birth = msgspec.json.decode(message, type=Birth)
    for package in packages:
        importlib.import_module(package)
    bound = bind()
    kernel.not_dumpable()
    # What is there now is never looked at again: its pages stay shared.
    gc.collect()
    gc.freeze()
    itself = os.pidfd_open(os.getpid())
    socket.send_fds(control, [msgspec.json.encode(Begun())], [itself])
    os.close(itself)
    zygote = Zygote(control, birth, rulesets[0] if rulesets else None)
    try:
        zygote.run()
    except _Born as born:
        zygote.become_worker(born.wanted, born.pipes)
        return functools.partial(serve.main, bound=bound)
    os._exit(0)
