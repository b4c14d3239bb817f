"""What every way of starting a worker shares: its line, its environment, its Ready."""

import atexit
import functools
import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

from autograder.errors import GraderFault
from autograder.sandbox.mounts import program
from autograder.sandbox.process import Worker, until
from autograder.worker import protocol

READY_SECONDS = 180.0
"""Of the clock on the wall: a start on a busy machine takes many times its own."""
OWN_PACKAGES = ("numpy", "safetensors", "msgspec", "checks")
"""What a worker needs beside the assignment's packages."""
PACKAGE = Path(__file__).parents[1]
OWN_FILES = (
    "__init__.py",
    *(f"worker/{path.name}" for path in sorted(PACKAGE.glob("worker/*.py"))),
)
"""The files of this package that a worker gets, and can read."""
STACK_BYTES = 8 * 2**20
THREADS = 64
OPEN_FILES = 128
BOOT = (
    "import sys; sys.path += sys.argv.pop(1).split(':'); "
    "from importlib import import_module\n"
    "main = import_module(sys.argv.pop(1)).main\n"
    "while main: main = main(sys.argv[1:])"
)
WORKER = "autograder.worker.serve"
ZYGOTE = "autograder.worker.zygote"
SANDBOX_ENVIRONMENT = {
    "HOME": "/tmp",  # noqa: S108 - a folder of the sandbox that nobody can write
    "LANG": "C.UTF-8",
    "MALLOC_ARENA_MAX": "2",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PATH": "/usr/bin",
    # torch looks for a place to write at import, though nothing is ever written there.
    "TORCHINDUCTOR_CACHE_DIR": "/tmp",  # noqa: S108 - the same folder
}


class Starter(Protocol):
    """What gives workers."""

    @property
    def isolation(self) -> str:
        """What separates the workers from the grader, in words for the results."""

    @property
    def memory_mib(self) -> int:
        """The address space of a worker."""

    def start(self) -> Worker:
        """Return a worker that is ready, used by nobody before."""


def python_line(
    executable: str,
    path: Sequence[str],
    packages: Sequence[str],
    module: str = WORKER,
) -> Iterator[str]:
    """Give the words that start a worker, or a process that forks workers.

    path : where modules are looked for, after the standard library
    packages : what to import before Ready
    module : whose ``main`` runs
    """
    yield from (executable, "-I", "-S", "-B", "-u", "-c", BOOT)
    yield from (":".join(path), module, *packages)


def limits(memory_mib: int, cpu_seconds: int) -> dict[str, int]:
    """Return what a worker may use, by the names of `resource` without ``RLIMIT_``."""
    return {
        "AS": memory_mib * 2**20,
        "CORE": 0,
        "CPU": cpu_seconds,
        "FSIZE": 0,
        "MEMLOCK": 0,
        "MSGQUEUE": 0,
        "NOFILE": OPEN_FILES,
        "NPROC": THREADS,
        "STACK": STACK_BYTES,
    }


def limited(most: Mapping[str, int]) -> Iterator[str]:
    """Give the words that bound what the process that they start may use."""
    yield program("prlimit")
    for name, value in most.items():
        yield f"--{name.lower()}={value}"
    yield "--"


def limits_of_a_zygote() -> dict[str, int]:
    """Return what bounds a zygote.

    Its workers have limits of their own. The stack's is the size of every thread's, and
    is read once, when Python starts
    """
    return {"CORE": 0, "STACK": STACK_BYTES}


def popen(
    command: Sequence[str],
    environment: dict[str, str],
    descriptors: Sequence[int],
    stdin: int = subprocess.PIPE,
    *,
    is_bwrap: bool = False,
) -> "subprocess.Popen[bytes]":
    """Start a process with three pipes, in a session of its own.

    descriptors : what it inherits beside the pipes
    stdin : a descriptor that it gets in the place of the first pipe
    is_bwrap : it gets to its own session later, and is in the `Keeper`'s care till then
    """

    def start() -> subprocess.Popen[bytes]:
        group = _keeper(os.getpid()).group() if is_bwrap else None
        return subprocess.Popen(  # noqa: S603 - our own line, no shell
            command,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            env=environment,
            cwd="/",
            pass_fds=descriptors,
            start_new_session=group is None,
            process_group=group,
        )

    return _spawner(os.getpid()).submit(start).result()


@functools.cache
def _spawner(_pid: int) -> ThreadPoolExecutor:
    """Return this process's thread that starts workers.

    The kernel ties a worker's death to the thread that started it, so that must be one
    which lives as long as the grader.
    """
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="sandbox")


class Keeper:
    """A process group that ends when this process does, however it ends.

    bwrap is two processes, of which the inner one waits for a word of the outer one
    before it asks the kernel to end with it. Where the outer one is killed before that
    word, the inner one would wait for ever. Here a shell waits for the end of a pipe
    that this process alone can write to, and then kills its whole process group: all
    bwraps, and those of their processes that have no session of their own yet. Those
    that have one are the kernel's to end (``--die-with-parent``).
    """

    def __init__(self) -> None:
        self._shell: subprocess.Popen[bytes] | None = None
        atexit.register(self.close, os.getpid())

    def group(self) -> int:
        """Return the number of the group, which is there as long as this process.

        Raises GraderFault where there is no shell
        """
        if self._shell is None or self._shell.poll() is not None:
            self._shell = subprocess.Popen(  # noqa: S603 - our own line
                [program("sh"), "-c", "read -r _; kill -s KILL 0"],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={},
                cwd="/",
                process_group=0,
            )
        return self._shell.pid

    def close(self, owner: int) -> None:
        """End the group; owner : the process whose it is."""
        if self._shell is not None and os.getpid() == owner:
            self._shell.communicate()
            self._shell = None


@functools.cache
def _keeper(_pid: int) -> Keeper:
    """Return this process's."""
    return Keeper()


def ready(worker: Worker) -> Worker:
    """Return the worker once it has said that it is ready.

    Raises GraderFault with what it said where it is not, within `READY_SECONDS`
    """
    patience = until(time.monotonic() + READY_SECONDS)
    problem = f"no worker was ready within {READY_SECONDS:.0f} s"
    try:
        reply, _ = protocol.read_reply(lambda size: worker.receive(size, patience))
        if isinstance(reply, protocol.Ready):
            worker.adopt()
            return worker
    except EOFError:
        problem = "the worker ended before it was ready"
    except (TimeoutError, protocol.ProtocolError):
        pass
    worker.kill()
    said = worker.stderr_tail() or "nothing"
    raise GraderFault("sandbox", f"{problem}; it said: {said}", remedy(said))


def remedy(said: str) -> str:
    """Return what helps against what bwrap or Python said, or ""."""
    if "namespace" in said or "uid map" in said:
        return (
            "let users make namespaces: "
            "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
        )
    if "Permission denied" in said:
        return "Python and its packages must be readable for everyone: chmod -R o+rX"
    return ""
