"""A worker's process, seen from the grader: two streams with deadlines, and an end."""

import contextlib
import json
import os
import re
import select
import signal
import subprocess
import time
from pathlib import Path
from typing import IO

_CHUNK = 2**20
_KILL_SECONDS = 5.0
_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)


class Worker:
    """One process that runs one submission, and is never used for another.

    isolation : what separates it from the grader, in words for the results
    memory_mib : the address space that it may use
    """

    def __init__(
        self,
        process: "subprocess.Popen[bytes]",
        isolation: str,
        memory_mib: int,
        info: int | None = None,
    ) -> None:
        self.isolation = isolation
        self.memory_mib = memory_mib
        self._process = process
        self._info = info
        self._child: int | None = None
        self._status = Path(f"/proc/{process.pid}/status")
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
    def exit_code(self) -> int | None:
        """How it ended, 128 + n for signal n; None while it runs.

        Waits up to a second for one whose streams have just ended
        """
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1.0)
        code = self._process.poll()
        return 128 - code if code is not None and code < 0 else code

    @property
    def peak_memory_mib(self) -> float | None:
        """The most memory that it has had in use so far, by the kernel's count.

        None where it has ended, or where the kernel keeps no such file
        """
        try:
            found = _PEAK.search(self._status.read_text(encoding="ascii"))
        except (OSError, UnicodeDecodeError):
            return None
        return int(found[1]) / 1024 if found and self._is_there() else None

    def adopt(self) -> None:
        """Take hold of the sandboxed process itself, once bwrap has named it.

        Then it can be ended without bwrap's help
        """
        if self._info is not None:
            told = json.loads(os.read(self._info, 4096))
            self._child = os.pidfd_open(told["child-pid"])
            self._status = Path(f"/proc/{told['child-pid']}/status")
            os.close(self._info)
            self._info = None

    def send(self, data: bytes, deadline: float) -> None:
        """Write all of `data`.

        deadline : on the clock ``time.monotonic``
        Raises TimeoutError, and EOFError where the worker has ended
        """
        rest = memoryview(data)
        while rest:
            _wait(self._stdin.fileno(), select.POLLOUT, deadline)
            try:
                rest = rest[os.write(self._stdin.fileno(), rest[:_CHUNK]) :]
            except BlockingIOError:
                continue
            except BrokenPipeError as error:
                raise EOFError("the worker has ended") from error

    def receive(self, size: int, deadline: float) -> bytes:
        """Read exactly `size` bytes.

        deadline : on the clock ``time.monotonic``
        Raises TimeoutError, and EOFError where the worker has ended
        """
        while len(self._buffer) < size:
            _wait(self._stdout.fileno(), select.POLLIN, deadline)
            if not self._fill():
                raise EOFError("the worker has ended")
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
                os.killpg(self._process.pid, signal.SIGKILL)
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


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise TypeError("a worker's process needs three pipes")
    os.set_blocking(stream.fileno(), False)
    return stream


def _wait(descriptor: int, event: int, deadline: float) -> None:
    left = deadline - time.monotonic()
    poll = select.poll()
    poll.register(descriptor, event)
    if left <= 0 or not poll.poll(left * 1000):
        raise TimeoutError("the worker did not answer in time")
