"""Start workers that can do nothing but compute and answer.

    [root: unshare, bind what root alone can reach, setpriv to nobody]
      └ bwrap: own user, pid, mount, network, IPC namespace; no writable file
          └ prlimit: memory, threads, processor time
              └ python: ``autograder.worker.serve``

The worker's own files are handed over as descriptors, the rest is mounted read-only:
the system's libraries, Python's standard library, the assignment's few packages.
"""

import dataclasses
import functools
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.errors import GraderFault
from autograder.sandbox import seccomp
from autograder.sandbox.launch import (
    OWN_FILES,
    OWN_PACKAGES,
    PACKAGE,
    SANDBOX_ENVIRONMENT,
    limited,
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
from autograder.sandbox.process import Worker


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
        mounts = mounts_for((*self.packages, *OWN_PACKAGES))
        check_hidden(self.hidden_paths, mounts)
        stage = Stage.of(mounts) if os.geteuid() == 0 else None
        descriptors = [*map(_own_source, OWN_FILES), seccomp.to_descriptor()]
        info_reader, info_writer = os.pipe()
        try:
            command = [
                *(stage.command() if stage else ()),
                *self._bwrap(mounts, stage, descriptors, info_writer),
                *limited(self.memory_mib, self.cpu_seconds),
                *python_line(str(executable()), (SITE, "/sandbox"), self.packages),
            ]
            process = popen(command, {}, (*descriptors, info_writer))
        finally:
            for descriptor in (*descriptors, info_writer):
                os.close(descriptor)
        worker = Worker(
            process, self.isolation, self.memory_mib, info_reader, self.cpu_seconds
        )
        return ready(worker)

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
        for file, source in zip(OWN_FILES, sources, strict=True):
            target = f"/sandbox/autograder/{file}"
            yield from ("--perms", "0444", "--ro-bind-data", str(source), target)
        yield from ("--dir", "/tmp", "--chdir", "/tmp")  # noqa: S108 - inside
        yield from ("--remount-ro", "/", "--seccomp", str(filter_))
        yield from ("--info-fd", str(info), "--")


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
    tried = subprocess.run(line, capture_output=True, text=True, check=False)  # noqa: S603 - our own line
    if tried.returncode == 0:
        return None
    said = tried.stderr.strip() or f"it ended with {tried.returncode}"
    return GraderFault("bwrap", f"does not work here: {said}", remedy(said))


@functools.cache
def _bwrap_version(path: str) -> str:
    said = subprocess.check_output([path, "--version"], text=True)  # noqa: S603
    return said.strip()
