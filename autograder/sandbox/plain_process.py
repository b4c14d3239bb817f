"""Start workers as plain processes: for the instructor's own solutions only."""

import dataclasses
import shutil
import sys

from autograder.sandbox.launch import (
    OWN_PACKAGES,
    PACKAGE,
    SANDBOX_ENVIRONMENT,
    limited,
    limits,
    popen,
    python_line,
    ready,
)
from autograder.sandbox.mounts import package_folder
from autograder.sandbox.process import Worker


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
        packages = (*self.packages, *OWN_PACKAGES)
        path = [
            str(folder) for folder in {package_folder(name).parent for name in packages}
        ]
        most = limits(self.memory_mib, self.cpu_seconds)
        # Some packages that torch finds beside itself here want to write at import.
        del most["FSIZE"]
        command = [
            *(limited(most) if shutil.which("prlimit") else ()),
            *python_line(sys.executable, (*path, str(PACKAGE.parent)), self.packages),
        ]
        process = popen(command, SANDBOX_ENVIRONMENT, ())
        return ready(
            Worker(
                process, self.isolation, self.memory_mib, cpu_seconds=self.cpu_seconds
            )
        )
