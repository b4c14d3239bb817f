"""A worker without a process, for tests of what a session makes of its replies.

It reads the frames that a session sends as a worker reads them, and what it sends are
frames of the protocol; so a session can be tested to the last branch without one start
of Python. What real workers do is tested on real ones.
"""

import io
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from autograder.sandbox.process import Patience
from autograder.sandbox.stopwatch import Sight
from autograder.worker.protocol import (
    Call,
    Calls,
    Load,
    Loaded,
    Reply,
    Request,
    Returned,
    read_request,
    to_frame,
)
from autograder.worker.values import Packer

Answers: TypeAlias = Callable[["ScriptedWorker", Request, bytes], Any]
"""Gives what is sent for a request: a reply, one with its part, or raw bytes."""


class ScriptedWorker:
    """Answers what `answers` says; the rest is as little of a `Worker` as grading uses.

    requests : that came, in order
    at, cpu : the clock on the wall and that of its processor, moved by the answers
    peak : MiB; waiting : bytes that nobody asked for
    What answers nothing has ended; what `answers` raises ends the talk
    """

    isolation = "none"
    memory_mib = 64

    def __init__(self, answers: Answers | None = None) -> None:
        self.answers = answers or (lambda _, request, __: loaded_or(request, 1))
        self.requests: list[Request] = []
        self.at = self.cpu = 0.0
        self.peak: float | None = 8.0
        self.waiting = b""
        self.cpu_seconds: int | None = None
        self.exit_code: int | None = None
        self.was_lost = False
        self.killed = 0
        self._out = b""

    @property
    def peak_memory_mib(self) -> float | None:
        """The most memory; of one that was killed nobody knows it."""
        return None if self.killed else self.peak

    def send(self, data: bytes, _: object) -> None:
        """Take a frame, and have its answer ready."""
        read = read_request(io.BytesIO(data))
        assert read is not None
        self.requests.append(read[0])
        said = self.answers(self, *read)
        if isinstance(said, bytes):
            self._out += said
        elif said is not None:
            message, part = said if isinstance(said, tuple) else (said, b"")
            self._out += to_frame(message, part)

    def receive(self, size: int, patience: Patience) -> bytes:
        """Give bytes of the answer; where there are not so many it is looked at."""
        if len(self._out) < size:
            patience()
            raise EOFError("the worker has ended")
        data, self._out = self._out[:size], self._out[size:]
        return data

    def pending(self) -> bool:
        """Say whether there is something that nobody asked for."""
        return bool(self.waiting or self._out)

    def kill(self) -> None:
        """End it."""
        self.killed += 1

    def glance(self) -> Sight:
        """Tell the clocks."""
        return Sight(at=self.at, cpu=self.cpu)

    look = glance


def loaded_or(request: Request, value: Any, **more: Any) -> Any:
    """Return what says that a file has run, of calls that each gave `value`."""
    if isinstance(request, Load):
        return Loaded(id=request.id)
    if isinstance(request, Calls):
        answers = (returned(call.id, value, **more) for call in request.calls)
        return b"".join(to_frame(*answer) for answer in answers)
    assert isinstance(request, Call)
    return returned(request.id, value, **more)


def returned(
    number: int, value: Any, changed: Mapping[int, Any] | None = None, **more: Any
) -> tuple[Reply, bytes]:
    """Return the reply with a value; changed : what arrays of the call became."""
    packer = Packer()
    tree = packer.add(value)
    trees = {key: packer.add(array) for key, array in (changed or {}).items()}
    return Returned(id=number, value=tree, changed=trees, **more), packer.blob()
