"""Start workers that can do nothing but compute and answer.

    [root: unshare, bind what root alone can reach, setpriv to nobody]
      └ bwrap: own user, pid, mount, network, IPC namespace; no writable file
          └ prlimit: memory, threads, processor time
              └ python: ``autograder.worker.serve``

or, warm (`zygote`), with the last two lines replaced by

              └ python: ``autograder.worker.zygote``, which sees no submission
                  └ fork: namespaces of its own, limits, filter of system calls
                      └ ``autograder.worker.serve``

The worker's own files are handed over as descriptors, the rest is mounted read-only:
the system's libraries, Python's standard library, the assignment's few packages.
"""

import contextlib
import dataclasses
import functools
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Hashable, Iterator, Mapping, Sequence
from pathlib import Path

from autograder.errors import GraderFault
from autograder.sandbox import seccomp
from autograder.sandbox.launch import (
    OWN_FILES,
    OWN_PACKAGES,
    PACKAGE,
    SANDBOX_ENVIRONMENT,
    WORKER,
    ZYGOTE,
    limited,
    limits,
    limits_of_a_zygote,
    popen,
    python_line,
    ready,
    remedy,
)
from autograder.sandbox.mounts import (
    NOBODY,
    SITE,
    Mount,
    Stage,
    check_hidden,
    executable,
    masked_folders,
    mounts_for,
    program,
)
from autograder.sandbox.process import Process, Worker
from autograder.worker.zygote import Birth

_0_8 = "bubblewrap 0.8"
"""The first version that can forbid namespaces inside of its own."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """Workers in bubblewrap.

    packages : what the submission may import beside the standard library
    memory_mib : address space of a worker
    cpu_seconds : processor time after which the kernel ends a worker, whatever it does:
        the last guard, far above what a `Session` allows
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
        self.check()
        info_reader, info_writer = os.pipe()
        with _held(seccomp.to_descriptor(), info_writer) as (filter_, info):
            process = self._open(
                *("--disable-userns",) * (_bwrap_version(program("bwrap")) >= _0_8),
                *("--seccomp", str(filter_), "--info-fd", str(info)),
                descriptors=(filter_, info),
                most=limits(self.memory_mib, self.cpu_seconds),
            )
        worker = Worker(
            process, self.isolation, self.memory_mib, info_reader, self.cpu_seconds
        )
        return ready(worker)

    def check(self) -> None:
        """Refuse where a worker would see what is hidden; raises GraderFault."""
        check_hidden(self.hidden_paths, self._mounts)

    @property
    def zygote_key(self) -> Hashable:
        """What two of these must share for their workers to have one zygote."""
        return self.packages, tuple(self._mounts)

    def open_zygote(self, control: int) -> "subprocess.Popen[bytes]":
        """Start a zygote in a sandbox as of a worker, but with no filter of its own.

        control : its end of the control socket
        Raises GraderFault where a program is missing
        """
        return self._open(most=limits_of_a_zygote(), module=ZYGOTE, stdin=control)

    def birth(self) -> tuple[Birth, tuple[int, ...]]:
        """Return what its workers are left with."""
        return Birth(filter=seccomp.compiled()), ()

    def adopt(self, process: Process, pidfd: int) -> Worker:
        """Return the worker that a forked process is."""
        most = self.memory_mib, None, self.cpu_seconds, pidfd
        return Worker(process, self.isolation, *most)

    @property
    def _mounts(self) -> list[Mount]:
        return mounts_for((*self.packages, *OWN_PACKAGES))

    def _open(
        self,
        *options: str,
        most: Mapping[str, int],
        descriptors: Sequence[int] = (),
        module: str = WORKER,
        stdin: int = subprocess.PIPE,
    ) -> "subprocess.Popen[bytes]":
        """Start Python in a sandbox.

        options : of bwrap's, beside those for all
        descriptors : that they name
        """
        mounts = self._mounts
        stage = Stage.of(mounts) if os.geteuid() == 0 else None
        with _held(*map(_own_source, OWN_FILES)) as sources:
            command = [
                *(stage.command() if stage else ()),
                *self._bwrap(mounts, stage, sources, options),
                *limited(most),
                *python_line(
                    str(executable()), (SITE, "/sandbox"), self.packages, module
                ),
            ]
            inherited = *sources, *descriptors
            return popen(command, {}, inherited, stdin, is_bwrap=True)

    def _bwrap(
        self,
        mounts: Sequence[Mount],
        stage: Stage | None,
        sources: Sequence[int],
        options: Sequence[str],
    ) -> Iterator[str]:
        yield from (program("bwrap"), "--unshare-all", "--unshare-user")
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
        for file, source in zip(OWN_FILES, sources, strict=True):
            target = f"/sandbox/autograder/{file}"
            yield from ("--perms", "0444", "--ro-bind-data", str(source), target)
        yield from ("--dir", "/tmp", "--chdir", "/tmp")  # noqa: S108 - inside
        yield from ("--remount-ro", "/", *options, "--")


@contextlib.contextmanager
def _held(*descriptors: int) -> Iterator[tuple[int, ...]]:
    """Close descriptors after the block."""
    try:
        yield descriptors
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def _own_source(file: str) -> int:
    descriptor = os.memfd_create(file)
    os.write(descriptor, (PACKAGE / file).read_bytes())
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def unavailable() -> GraderFault | None:
    """Return why bubblewrap can't separate anything here, or None."""
    try:
        stage = Stage.of(()).command() if os.geteuid() == 0 else ()
        line = [*stage, program("bwrap"), "--unshare-all", "--unshare-user"]
        line += ["--ro-bind", "/", "/", "--", program("true")]
    except GraderFault as fault:
        return fault
    code, said = ended(line)
    if code == 0:
        return None
    said = said.strip() or f"it ended with {code}"
    return GraderFault("bwrap", f"does not work here: {said}", remedy(said))


def ended(line: Sequence[str]) -> tuple[int, str]:
    """Run bwrap to its end, and return how it ended and what it said.

    Where the outer of its two processes is killed, the inner one waits for ever: it
    holds no pipe that is waited for here, and ends with the group
    """
    with tempfile.TemporaryFile("w+") as words:
        tried = subprocess.Popen(  # noqa: S603 - our own line
            line, stdout=subprocess.DEVNULL, stderr=words, start_new_session=True
        )
        # Not reaped yet, so that the group's number is nobody else's.
        os.waitid(os.P_PID, tried.pid, os.WEXITED | os.WNOWAIT)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(tried.pid, signal.SIGKILL)
        code = tried.wait()
        words.seek(0)
        return code, words.read()


@functools.cache
def _bwrap_version(path: str) -> str:
    said = subprocess.check_output([path, "--version"], text=True)  # noqa: S603
    return said.strip()
