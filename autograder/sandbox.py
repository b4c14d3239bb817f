"""Start workers that can do nothing but compute and answer.

    [root: unshare, bind what root alone can reach, setpriv to nobody]
      └ bwrap: own user, pid, mount, network, IPC namespace; no writable file
          └ prlimit: memory, threads, processor time
              └ python: ``autograder.worker``

The worker's own files are handed over as descriptors, the rest is mounted read-only:
the system's libraries, Python's standard library, the assignment's few packages.
"""

import dataclasses
import functools
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

from autograder import protocol, seccomp
from autograder.errors import GraderFault
from autograder.mounts import (
    NOBODY,
    SITE,
    Mount,
    Stage,
    check_hidden,
    executable,
    masked_folders,
    mounts_for,
    package_folder,
    program,
)
from autograder.process import Worker

READY_SECONDS = 60.0
_OWN_PACKAGES = ("numpy", "safetensors", "msgspec", "checks")
OWN_MODULES = ("__init__", "tree", "values", "protocol", "worker")
"""The modules of this package that a worker gets, and can read."""
_BOOT = (
    "import sys; sys.path += sys.argv.pop(1).split(':'); "
    "from autograder.worker import main; main(sys.argv[1:])"
)
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


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """Workers in bubblewrap.

    packages : what the submission may import beside the standard library
    memory_mib : address space of a worker
    cpu_seconds : processor time of a worker, all its threads together
    hidden_paths : folders of which no worker may see anything
    """

    packages: tuple[str, ...] = ("numpy",)
    memory_mib: int = 1024
    cpu_seconds: int = 600
    hidden_paths: tuple[Path, ...] = ()

    @property
    def isolation(self) -> str:
        """The sandbox's version and the user that a worker runs as."""
        uid = NOBODY if os.geteuid() == 0 else os.geteuid()
        return f"{_bwrap_version(program('bwrap'))}, uid {uid}"

    def start(self) -> Worker:
        """Return a fresh worker.

        Raises GraderFault where a program is missing, a hidden path would be seen, or
        the worker is not ready within `READY_SECONDS`
        """
        mounts = mounts_for((*self.packages, *_OWN_PACKAGES))
        check_hidden(self.hidden_paths, mounts)
        stage = Stage.of(mounts) if os.geteuid() == 0 else None
        descriptors = [*map(_own_source, OWN_MODULES), seccomp.to_descriptor()]
        info_reader, info_writer = os.pipe()
        try:
            command = [
                *(stage.command() if stage else ()),
                *self._bwrap(mounts, stage, descriptors, info_writer),
                *_limits(self.memory_mib, self.cpu_seconds),
                *_python(str(executable()), (SITE, "/sandbox"), self.packages),
            ]
            process = _popen(command, {}, (*descriptors, info_writer))
        finally:
            for descriptor in (*descriptors, info_writer):
                os.close(descriptor)
        worker = Worker(process, self.isolation, self.memory_mib, info_reader)
        return _ready(worker)

    def _bwrap(
        self,
        mounts: Sequence[Mount],
        stage: Stage | None,
        descriptors: Sequence[int],
        info: int,
    ) -> Iterator[str]:
        yield from (program("bwrap"), "--unshare-all", "--unshare-user")
        if _bwrap_version(program("bwrap")) >= "bubblewrap 0.8":
            yield "--disable-userns"
        yield from ("--as-pid-1", "--die-with-parent", "--new-session", "--clearenv")
        yield from ("--cap-drop", "ALL", "--hostname", "sandbox")
        for name, value in SANDBOX_ENVIRONMENT.items():
            yield from ("--setenv", name, value)
        if sys.base_prefix != "/usr":
            yield from ("--setenv", "LD_LIBRARY_PATH", f"{sys.base_prefix}/lib")
        for mount in mounts:
            reachable = stage.path(mount.source) if stage else mount.source
            yield from ("--ro-bind", str(reachable), mount.target)
        for folder in masked_folders(mounts):
            yield from ("--tmpfs", folder, "--remount-ro", folder)
        for link in ("/lib", "/lib64"):
            if Path(link).is_symlink():
                yield from ("--symlink", str(Path(link).readlink()), link)
        for device in ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"):
            yield from ("--dev-bind", device, device)
        *sources, filter_ = descriptors
        for name, source in zip(OWN_MODULES, sources, strict=True):
            target = f"/sandbox/autograder/{name}.py"
            yield from ("--perms", "0444", "--ro-bind-data", str(source), target)
        yield from ("--dir", "/tmp", "--chdir", "/tmp")  # noqa: S108 - inside
        yield from ("--remount-ro", "/", "--seccomp", str(filter_))
        yield from ("--info-fd", str(info), "--")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Unisolated:
    """Workers that are plain processes: for the instructor's own solutions only.

    packages, memory_mib, cpu_seconds : as for `Sandbox`
    """

    packages: tuple[str, ...] = ("numpy",)
    memory_mib: int = 1024
    cpu_seconds: int = 600

    @property
    def isolation(self) -> str:
        """Say that there is none."""
        return "none"

    def start(self) -> Worker:
        """Return a fresh worker.

        Raises GraderFault where it is not ready within `READY_SECONDS`
        """
        own = Path(__file__).parents[1]
        packages = (*self.packages, *_OWN_PACKAGES)
        path = [
            str(folder) for folder in {package_folder(name).parent for name in packages}
        ]
        command = [
            *(_limits(self.memory_mib, self.cpu_seconds) if _has_prlimit() else ()),
            *_python(sys.executable, (*path, str(own)), self.packages),
        ]
        process = _popen(command, SANDBOX_ENVIRONMENT, ())
        return _ready(Worker(process, self.isolation, self.memory_mib))


def _own_source(module: str) -> int:
    descriptor = os.memfd_create(module)
    os.write(descriptor, Path(__file__).with_name(f"{module}.py").read_bytes())
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _limits(memory_mib: int, cpu_seconds: int) -> Iterator[str]:
    yield from (program("prlimit"), f"--as={memory_mib * 2**20}")
    yield from (f"--cpu={cpu_seconds}", f"--stack={8 * 2**20}", "--nproc=64")
    yield from ("--fsize=0", "--nofile=128", "--core=0", "--memlock=0")
    yield from ("--msgqueue=0", "--")


def _has_prlimit() -> bool:
    return shutil.which("prlimit") is not None


def _python(
    executable: str, path: Sequence[str], packages: Sequence[str]
) -> Iterator[str]:
    yield from (executable, "-I", "-S", "-B", "-u", "-c", _BOOT)
    yield from (":".join(path), *packages)


def _popen(
    command: Sequence[str], environment: dict[str, str], descriptors: Sequence[int]
) -> "subprocess.Popen[bytes]":
    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - our own line, no shell
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            env=environment,
            cwd="/",
            pass_fds=descriptors,
            start_new_session=True,
        )

    return _spawner(os.getpid()).submit(start).result()


@functools.cache
def _spawner(_pid: int) -> ThreadPoolExecutor:
    """Return this process's thread that starts workers.

    The kernel ties --die-with-parent to the thread that started bwrap, so that must
    be one which lives as long as the grader.
    """
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="sandbox")


def _ready(worker: Worker) -> Worker:
    deadline = time.monotonic() + READY_SECONDS
    problem = f"no worker was ready within {READY_SECONDS:.0f} s"
    try:
        reply, _ = protocol.read_reply(lambda size: worker.receive(size, deadline))
        if isinstance(reply, protocol.Ready):
            worker.adopt()
            return worker
    except EOFError:
        problem = "the worker ended before it was ready"
    except (TimeoutError, protocol.ProtocolError):
        pass
    worker.kill()
    said = worker.stderr_tail() or "nothing"
    raise GraderFault("sandbox", f"{problem}; it said: {said}", _remedy(said))


def _remedy(said: str) -> str:
    if "namespace" in said or "uid map" in said:
        return (
            "let users make namespaces: "
            "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
        )
    if "Permission denied" in said:
        return "Python and its packages must be readable for everyone: chmod -R o+rX"
    return ""


@functools.cache
def _bwrap_version(path: str) -> str:
    said = subprocess.check_output([path, "--version"], text=True)  # noqa: S603
    return said.strip()
