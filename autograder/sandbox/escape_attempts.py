"""What a worker must not manage to do: the self-test's submission.

The text of this module is loaded into a worker like a student's, so it imports nothing
but the standard library. `attempt_all` returns what succeeded, in words.
"""

import ctypes
import mmap
import os
import signal
import socket
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

_CLONE_NEWUSER = 0x10000000
_PR_SET_PDEATHSIG = 1
_OWN_PIPES = 2
_PLACES = ("/", "/tmp", "/var/tmp", "/dev", "/dev/shm", "/sandbox", "/usr/lib", ".")  # noqa: S108
_DEVICES = (
    "/dev/full",  # on every machine, so that each tries one
    *("/dev/nvidiactl", "/dev/nvidia0", "/dev/nvidia-uvm"),
    *("/dev/kfd", "/dev/dri/card0", "/dev/dri/card1", "/dev/dri/renderD128"),
)
"""A GPU is memory of others and a driver in the kernel: no worker gets one."""
_ELSEWHERE = ("/etc/passwd", "/sys/kernel", "/usr/src", "/var/log", "/boot", "/run")


def attempt_all(
    grader_pid: int,
    grader_names: list[str],
    hidden: list[str],
    memory_mib: int,
    door: str,
    names_are_hidden: bool,  # noqa: FBT001 a call over the wire has no keywords
) -> list[str]:
    """Try everything; return what should have failed and did not.

    grader_pid : the process that must not be reached
    grader_names : variables of the grader's environment that no worker has
    hidden : folders that must not be seen
    memory_mib : the limit that an allocation must meet
    door : a socket at which the grader listens
    names_are_hidden : a path must not even seem to exist
    """
    succeeded = [
        *_environments(grader_names),
        *(f"it can open {path}" for path in (*hidden, *_ELSEWHERE) if _can_open(path)),
        *(
            f"it can see {path}"
            for path in (*hidden, *_ELSEWHERE)
            if names_are_hidden and _can_see(path)
        ),
        *(f"it can open the device {d}" for d in _DEVICES if _can_open_device(d)),
        *(f"it can write in {place}" for place in _PLACES if _can_write(place)),
        *_processes(grader_pid),
        *_descriptors(),
    ]
    attempts: dict[str, Callable[[], object]] = {
        "open a network socket": lambda: socket.socket(socket.AF_INET).close(),
        "reach a socket of the grader": lambda: _knock(door),
        "open a memory file": lambda: os.close(os.memfd_create("escape")),
        "make a user namespace": lambda: _libc("unshare", _CLONE_NEWUSER),
        "outlive the grader": lambda: _libc("prctl", _PR_SET_PDEATHSIG, 0, 0, 0, 0),
        "allocate more than its limit": lambda: mmap.mmap(-1, memory_mib * 2**20),
        "start a process": _start_process,
        "trace a process": lambda: _libc("ptrace", 0, 0, 0, 0),
    }
    for words, attempt in attempts.items():
        try:
            attempt()
        except (OSError, ValueError, MemoryError):
            continue
        succeeded.append(f"it can {words}")
    if os.getuid() == 0:
        succeeded.append("it runs as root")
    return succeeded


def _environments(grader_names: list[str]) -> Iterator[str]:
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            text = path.read_bytes()
        except OSError:
            continue
        names = {part.partition(b"=")[0].decode() for part in text.split(b"\0")}
        if names & set(grader_names):
            yield f"it can read the grader's environment in {path}"


def _can_open(path: str) -> bool:
    try:
        [*Path(path).iterdir()] if Path(path).is_dir() else Path(path).read_bytes()
    except OSError:
        return False
    return True


def _can_open_device(path: str) -> bool:
    for access in (os.O_RDONLY, os.O_WRONLY, os.O_RDWR):
        try:
            os.close(os.open(path, access | os.O_NONBLOCK))
        except OSError:
            continue
        return True
    return False


def _can_see(path: str) -> bool:
    try:
        Path(path).stat()
    except OSError:
        return False
    return True


def _can_write(folder: str) -> bool:
    path = Path(folder, f"escape-{os.getpid()}")
    try:
        path.mkdir()
        path.rmdir()
        path.touch()
        path.unlink()
    except OSError:
        return False
    return True


def _processes(grader_pid: int) -> Iterator[str]:
    for pid in {grader_pid, os.getppid()} - {0, os.getpid()}:
        try:
            os.kill(pid, 0)
        except OSError:
            continue
        yield f"it can send signals to process {pid} of the machine"
    seen = [path.name for path in Path("/proc").glob("[0-9]*")]
    if len(seen) > 1:
        yield f"it can see {len(seen)} processes"


def _descriptors() -> Iterator[str]:
    pipes = 0
    for number in range(3, 1024):
        try:
            mode = os.fstat(number).st_mode
        except OSError:
            continue
        if not stat.S_ISFIFO(mode):
            yield f"it holds the open descriptor {number}"
        pipes += stat.S_ISFIFO(mode)
    if pipes > _OWN_PIPES:
        yield f"it holds {pipes} pipes"


def _start_process() -> None:
    child = os.fork()
    if child == 0:
        os.kill(os.getpid(), signal.SIGKILL)
        os._exit(0)
    os.waitpid(child, 0)


def _knock(door: str) -> None:
    with socket.socket(socket.AF_UNIX) as knocking:
        knocking.connect(door)


def _libc(function: str, *arguments: int) -> None:
    if getattr(ctypes.CDLL(None, use_errno=True), function)(*arguments) != 0:
        raise OSError(ctypes.get_errno(), function)
