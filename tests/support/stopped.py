"""Stop a command at any of its writes: killed, or told that the disk is full.

`everywhere` starts this file as a process of its own, which imports the command line
once. For each point it forks: the child asks the kernel (seccomp's user notification)
to report calls that may change a file, and runs the command; the parent counts those of
the child's that touch something below one folder: files made, written, cut, renamed,
synced, removed, by Python or by SQLite alike. At the n-th the child is killed before
the call is carried out, or the call (and all after it) fails with an errno. Graders and
workers report too and are let through. Then the command runs again, untouched. Linux
on x86-64 only.
"""

import ctypes
import fcntl
import json
import os
import platform
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

CAN_BE_STOPPED = sys.platform == "linux" and platform.machine() == "x86_64"
PR_SET_NO_NEW_PRIVS, SECCOMP, SET_MODE_FILTER, NEW_LISTENER = 38, 317, 1, 8
RECEIVE, SEND, CONTINUE = 0xC0502100, 0xC0182101, 1
NOTIFICATION_BYTES, NOTIFICATION = 80, "<QIIiIQ6Q"
"""``struct seccomp_notif``: id, pid, flags, number, machine, pointer, arguments."""
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, REPORT = 0x7FFF0000, 0x7FC00000
BY_DESCRIPTOR = {1: "write", 18: "pwrite64", 20: "writev", 77: "ftruncate"}
SYNCED = {74: "fsync", 75: "fdatasync"}
BY_PATH = {
    76: ("truncate", 0),
    82: ("rename", 0),
    83: ("mkdir", 0),
    84: ("rmdir", 0),
    85: ("creat", 0),
    86: ("link", 0),
    87: ("unlink", 0),
    90: ("chmod", 0),
    258: ("mkdirat", 1),
    263: ("unlinkat", 1),
    264: ("renameat", 1),
    316: ("renameat2", 1),
}
OPENED = {2: ("open", 0, 1), 257: ("openat", 1, 2)}
FREES = {"ftruncate", "truncate", "rmdir", "unlink", "unlinkat", "fsync", "fdatasync"}
"""These succeed on a disk that is full."""
LONGEST_PATH = 4096


@dataclass(frozen=True, slots=True)
class Stop:
    """What came of a command that was stopped at one of its writes.

    call : the one that it was stopped at; code : its exit status, negative for a signal
    said : on both streams; after : its folder as it was left
    code_again, said_again, done : of the second run, which nothing stopped
    """

    number: int
    call: str
    code: int
    said: str
    after: Path
    code_again: int
    said_again: str
    done: Path


def everywhere(
    words: Sequence[object],
    out: Path,
    *,
    before: Path | None = None,
    how: int | None = None,
    some: int | None = None,
) -> tuple[Path, list[Stop]]:
    """Run ``autograder`` and stop it at each of its writes below `out`.

    before : what is in `out` when it starts
    how : None kills it, else an errno that the write and all after it fail with
    some : at so many points only, evenly spread; None for all of them
    Returns the folder as a run leaves it that is not stopped, and every stop
    """
    spec = {
        "words": [str(word) for word in words],
        "out": str(out),
        "before": str(before) if before else None,
        "how": how,
        "some": some,
    }
    ran = subprocess.run(
        [sys.executable, __file__, json.dumps(spec)],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    told = json.loads(ran.stdout)
    stops = [
        Stop(**{**one, "after": Path(one["after"]), "done": Path(one["done"])})
        for one in told["stops"]
    ]
    return Path(told["done"]), stops


def _filter() -> bytes:
    """Return the program that reports the calls which may change a file."""
    numbers = sorted({*BY_DESCRIPTOR, *SYNCED, *BY_PATH, *OPENED})
    lines = [(LOAD, 0, 0, 0)]
    lines += [
        (EQUAL, len(numbers) - place, 0, number) for place, number in enumerate(numbers)
    ]
    lines += [(RETURN, 0, 0, ALLOW), (RETURN, 0, 0, REPORT)]
    return b"".join(struct.pack("<HBBI", *line) for line in lines)


def _report_to(there: socket.socket) -> None:
    """Let the kernel report this process's calls to whoever gets the listener."""
    libc = ctypes.CDLL(None, use_errno=True)
    program = _filter()
    lines = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("<HxxxxxxQ", len(program) // 8, ctypes.addressof(lines))
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    listener = libc.syscall(
        SECCOMP, SET_MODE_FILTER, NEW_LISTENER, ctypes.create_string_buffer(head, 16)
    )
    if listener < 0:
        raise OSError(ctypes.get_errno(), "seccomp")
    socket.send_fds(there, [b"x"], [listener])
    os.close(listener)


class _Reporting:
    """A forked child whose changes below a folder are counted."""

    def __init__(self, run: Callable[[], None], below: str) -> None:
        self.below = below
        here, there = socket.socketpair()
        self.pid = os.fork()
        if not self.pid:
            _report_to(there)
            run()
            os._exit(70)
        _, (self.listener,), _, _ = socket.recv_fds(here, 1, 1)
        here.close()
        there.close()

    def run(self, at: int | None, how: int | None) -> tuple[int, int, str]:
        """Return the exit status, how many changes there were, and the stopped one."""
        count, stopped = 0, ""
        ends = os.pidfd_open(self.pid)
        while True:
            ready, _, _ = select.select([self.listener, ends], [], [])
            if ends in ready:
                break
            buffer = bytearray(NOTIFICATION_BYTES)
            try:
                fcntl.ioctl(self.listener, RECEIVE, buffer)
            except OSError:
                continue  # whoever called has died meanwhile
            name, pid, _, number, _, _, *arguments = struct.unpack(NOTIFICATION, buffer)
            call = self._change(number, arguments) if pid == self.pid else ""
            count += bool(call)
            error = 0
            if call and at is not None and count >= at:
                stopped = stopped or call
                if how is None:
                    os.kill(self.pid, signal.SIGKILL)
                    break
                error = 0 if call in FREES else -how
            flags = 0 if error else CONTINUE
            with suppress(OSError):
                answer = struct.pack("<QqiI", name, 0, error, flags)
                fcntl.ioctl(self.listener, SEND, answer)
        _, status = os.waitpid(self.pid, 0)
        os.close(self.listener)
        os.close(ends)
        return os.waitstatus_to_exitcode(status), count, stopped

    def _change(self, number: int, arguments: Sequence[int]) -> str:
        """Name a call that changes something below the folder, else ""."""
        name = BY_DESCRIPTOR.get(number) or SYNCED.get(number)
        if name:
            return name if self._is_below(self._opened(arguments[0])) else ""
        if number in BY_PATH:
            name, place = BY_PATH[number]
            return name if self._is_below(self._text(arguments[place])) else ""
        name, place, flags = OPENED[number]
        makes = arguments[flags] & os.O_CREAT
        below = makes and self._is_below(self._text(arguments[place]))
        return name if below else ""

    def _is_below(self, path: str) -> bool:
        return path == self.below or path.startswith(f"{self.below}/")

    def _opened(self, descriptor: int) -> str:
        try:
            return str(Path(f"/proc/{self.pid}/fd/{descriptor}").readlink())
        except OSError:
            return ""

    def _text(self, address: int) -> str:
        """Read a path of the child's; the page behind its own may not be there."""
        with open(f"/proc/{self.pid}/mem", "rb", buffering=0) as memory:  # noqa: PTH123
            memory.seek(address)
            head = memory.read(LONGEST_PATH - address % LONGEST_PATH)
            if b"\0" not in head:
                head += memory.read(LONGEST_PATH)
        return head.partition(b"\0")[0].decode(errors="replace")


def _command(words: Sequence[str], said: Path) -> None:
    """Run the command in this process, and end it."""
    from autograder.cli import main  # noqa: PLC0415 a grader imports this file as well

    handle = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    code = 70
    try:
        main(list(words), standalone_mode=True)
    except SystemExit as error:
        code = int(error.code or 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _imported() -> None:
    """Import what the commands do, so that no child has to."""
    from importlib import import_module  # noqa: PLC0415

    from autograder.cli import COMMANDS  # noqa: PLC0415

    for name in COMMANDS:
        import_module(f"autograder.commands.{name.replace('-', '_')}")
    for name in ("grade_class", "regrade", "exports", "class_marks"):
        import_module(f"autograder.runs.{name}")
    import_module("autograder.reports.class_plots")


def _main() -> None:
    spec = json.loads(sys.argv[1])
    out = Path(spec["out"])
    said = out.with_name("said")
    _imported()

    def start() -> None:
        shutil.rmtree(out, ignore_errors=True)
        if spec["before"]:
            shutil.copytree(spec["before"], out)

    def run(at: int | None, how: int | None) -> tuple[int, int, str, str]:
        child = _Reporting(lambda: _command(spec["words"], said), str(out))
        return *child.run(at, how), said.read_text(encoding="utf-8")

    def kept(name: str) -> str:
        return str(shutil.copytree(out, out.with_name(f"{out.name}-{name}")))

    start()
    code, total, _, text = run(None, None)
    if code not in {0, 2}:
        raise SystemExit(f"not stopped, it ended with {code}: {text}")
    told: dict[str, object] = {"done": kept("done")}
    some = spec["some"] or total
    step = max(1.0, (total - 1) / max(1, some - 1))
    points = sorted({1 + round(step * place) for place in range(some)})
    stops = []
    for number in (point for point in points if point <= total):
        start()
        code, _, call, text = run(number, spec["how"])
        out.mkdir(exist_ok=True)
        after = kept(f"{number}-after")
        again, _, _, text_again = run(None, None)
        stops.append(
            {
                "number": number,
                "call": call,
                "code": code,
                "said": text,
                "after": after,
                "code_again": again,
                "said_again": text_again,
                "done": kept(f"{number}-done"),
            }
        )
    told["stops"] = stops
    print(json.dumps(told))  # noqa: T201


if __name__ == "__main__":
    _main()
