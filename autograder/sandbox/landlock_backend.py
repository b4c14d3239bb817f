"""Start workers where no namespaces can be made, as in a container: root only.

    python: ``autograder.sandbox.confine``, as root
      └ the same process: limits, a user of its own, Landlock, seccomp, exec
          └ python: ``autograder.worker.serve``

or, warm (`zygote`):

    python: ``autograder.worker.zygote``, as root; it sees no submission
      └ fork: limits, a user of its own, Landlock, seccomp
          └ ``autograder.worker.serve``

Landlock opens the system's libraries, Python's standard library, the assignment's few
packages and the worker's own modules for reading, and nothing for writing. Unlike in
`bubblewrap` the machine's processes and the names of its files are there; they can't be
opened, signalled or traced. So what is hidden must be closed to other users by its mode
too.
"""

import dataclasses
import functools
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Hashable, Iterator, Sequence
from pathlib import Path

from autograder.errors import GraderFault
from autograder.sandbox import landlock, seccomp
from autograder.sandbox.confine import Plan
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
)
from autograder.sandbox.mounts import (
    SITE,
    Mount,
    check_hidden,
    executable,
    masked_folders,
    mounts_for,
)
from autograder.sandbox.process import Process, Worker
from autograder.temporary import lasting_folder
from autograder.worker.zygote import Birth

FIRST_UID = 2**30
"""Far above whom a machine knows; a worker's user is this plus its process id."""
DEVICES = ("/dev/zero", "/dev/random", "/dev/urandom")
_LAUNCH = (
    "import sys; sys.path.append(sys.argv.pop(1)); "
    "from autograder.sandbox.confine import main; main()"
)
_OTHERS_READ = stat.S_IROTH | stat.S_IXOTH


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Contained:
    """Workers with a user of their own under Landlock and seccomp.

    packages, memory_mib, cpu_seconds : as for `autograder.sandbox.bubblewrap.Sandbox`
    hidden_paths : folders of which no worker may read anything
    """

    packages: tuple[str, ...] = ("numpy",)
    memory_mib: int = 1024
    cpu_seconds: int = 600
    hidden_paths: tuple[Path, ...] = ()

    @property
    def isolation(self) -> str:
        """The version of the kernel's Landlock."""
        return f"Landlock {landlock.abi()} and seccomp, a user for every worker"

    def start(self) -> Worker:
        """Return a fresh worker.

        Raises GraderFault where this machine can't, a hidden path could be read, or the
        worker is not ready in time
        """
        self.check()
        filter_ = seccomp.to_descriptor(seccomp.WITHOUT_NAMESPACES)
        try:
            own = str(PACKAGE.parent)
            line = [str(executable()), "-I", "-S", "-B", "-c", _LAUNCH, own]
            process = popen([*line, self._plan(filter_).to_text()], {}, (filter_,))
        finally:
            os.close(filter_)
        return ready(
            _Worker(
                process, self.isolation, self.memory_mib, cpu_seconds=self.cpu_seconds
            )
        )

    def check(self) -> None:
        """Refuse where no worker can be contained, or one could read what is hidden.

        Raises GraderFault
        """
        refused = unavailable()
        if refused:
            raise GraderFault("sandbox", f"no worker can be contained: {refused}")
        check_hidden(self.hidden_paths, self._mounts)
        for hidden in self.hidden_paths:
            _check_closed(hidden)

    @property
    def zygote_key(self) -> Hashable:
        """What two of these must share for their workers to have one zygote."""
        return self.packages, tuple(self._mounts)

    def open_zygote(self, control: int) -> "subprocess.Popen[bytes]":
        """Start a zygote as root: it sees no submission, and confines its workers.

        control : its end of the control socket
        """
        line = [*limited(limits_of_a_zygote()), *self._python_line(ZYGOTE)]
        return popen(line, _environment(), (), control)

    def birth(self) -> tuple[Birth, tuple[int, ...]]:
        """Return what its workers are left with; Landlock's rules as a descriptor."""
        filter_ = seccomp.compiled(seccomp.WITHOUT_NAMESPACES)
        rules = landlock.ruleset(self._plan(0).allowed())
        return Birth(filter=filter_, first_user=FIRST_UID), (rules,)

    def adopt(self, process: Process, pidfd: int) -> Worker:
        """Return the worker that a forked process is."""
        most = self.memory_mib, None, self.cpu_seconds, pidfd
        return _Worker(process, self.isolation, *most)

    @property
    def _mounts(self) -> list[Mount]:
        return mounts_for((*self.packages, *OWN_PACKAGES))

    @property
    def _site(self) -> Path:
        return _site(tuple(m for m in self._mounts if m.target.startswith(SITE)))

    def _python_line(self, module: str = WORKER) -> Iterator[str]:
        path = f"{self._site}/packages", str(self._site)
        return python_line(str(executable()), path, self.packages, module)

    def _plan(self, filter_: int) -> Plan:
        mounts = self._mounts
        libraries = [m for m in mounts if not m.target.startswith(SITE)]
        folders = [str(m.source) for m in libraries if m.source.is_dir()]
        return Plan(
            first_uid=FIRST_UID,
            limits=limits(self.memory_mib, self.cpu_seconds),
            readable=[*map(str, _readable(mounts)), str(self._site), *DEVICES],
            listable=folders,
            executable=[*folders, str(executable())],
            writable=[os.devnull],
            seccomp=filter_,
            parent=os.getpid(),
            command=[*self._python_line()],
            environment=_environment(),
        )


class _Worker(Worker):
    """A contained worker, which alone has its user."""

    def kill(self) -> None:
        """End the process, then whatever else its user might run."""
        super().kill()
        user = FIRST_UID + self.pid
        subprocess.run(
            ["/bin/sh", "-c", "kill -s KILL -- -1"],
            user=user,
            group=user,
            extra_groups=[],
            env={},
            stderr=subprocess.DEVNULL,  # "no such process": there is nothing to end
            check=False,
        )


def unavailable() -> str:
    """Return why no worker can be contained here, or ""."""
    if os.geteuid() != 0:
        return "that takes root"
    if landlock.abi() == 0:
        return "this kernel has no Landlock"
    mapped = Path("/proc/self/uid_map").read_text(encoding="ascii").split()
    last = FIRST_UID + int(Path("/proc/sys/kernel/pid_max").read_text(encoding="ascii"))
    inside = [
        int(first) <= FIRST_UID and last < int(first) + int(count)
        for first, count in zip(mapped[::3], mapped[2::3], strict=True)
    ]
    return "" if any(inside) else f"users {FIRST_UID} to {last} are not mapped here"


def _environment() -> dict[str, str]:
    if sys.base_prefix == "/usr":
        return SANDBOX_ENVIRONMENT
    return {**SANDBOX_ENVIRONMENT, "LD_LIBRARY_PATH": f"{sys.base_prefix}/lib"}


def _readable(mounts: Sequence[Mount]) -> Iterator[Path]:
    """Give what a sandbox would show, around the folders that it would mask.

    A rule can't take back what another allows, so the folders that hold a masked one
    are opened entry by entry.
    """
    masked = {Path(folder) for folder in masked_folders(mounts)}
    for mount in mounts:
        yield from _around(mount.source, masked)


def _around(path: Path, masked: set[Path]) -> Iterator[Path]:
    if path in masked:
        return
    if not any(folder.is_relative_to(path) for folder in masked):
        yield path.resolve()
        return
    for entry in sorted(path.iterdir()):
        # What a link points to has a rule of its own, or none.
        if not entry.is_symlink():
            yield from _around(entry, masked)


@functools.cache
def _site(packages: tuple[Mount, ...]) -> Path:
    """Make the folder that workers import from, once a process.

    Packages are links, so that no other is found beside them; what other users can't
    reach, and the worker's own modules, are copies.
    """
    site = lasting_folder()
    (site / "packages").mkdir()
    for file in OWN_FILES:
        own = site / "autograder" / file
        own.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PACKAGE / file, own)
    for mount in packages:
        target = site / "packages" / Path(mount.target).name
        if _reachable(mount.source):
            target.symlink_to(mount.source)
        elif mount.source.is_dir():
            shutil.copytree(mount.source, target)
        else:
            shutil.copy(mount.source, target)
    for path in (site, *site.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o644)
    return site


def _reachable(path: Path) -> bool:
    """Tell whether every user can enter the folders above `path`."""
    return all(p.stat().st_mode & stat.S_IXOTH for p in path.resolve().parents)


def _check_closed(hidden: Path) -> None:
    """Refuse where a hidden folder's mode lets other users in.

    Raises GraderFault with the command that closes it
    """
    is_open = hidden.exists() and hidden.stat().st_mode & _OTHERS_READ
    if is_open and _reachable(hidden):
        raise GraderFault(
            hidden, "every user of this machine can open it", f"chmod 700 {hidden}"
        )
