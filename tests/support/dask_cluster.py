"""A real Dask cluster on this machine: a scheduler and workers, each a process."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


class Cluster:
    """Processes of Dask's own commands, which a test may kill, stop or start again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.scheduler: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []

    def start_scheduler(self) -> None:
        options = ["--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard"]
        self.scheduler = self._start("dask_scheduler", *options)

    def start_worker(
        self, *options: str, threads: int = 1, environment: dict[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        worker = self._start(
            "dask_worker",
            self.address,
            *("--nthreads", str(threads), "--no-dashboard"),
            *("--local-directory", str(self.folder)),
            *(options or ("--no-nanny",)),
            environment=environment or {},
        )
        self.workers.append(worker)
        return worker

    def _start(
        self, command: str, *options: str, environment: dict[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        log = (self.folder / f"{command}-{time.monotonic_ns()}.log").open("wb")
        with log:
            return subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{command}", *options],
                stdout=log,
                stderr=log,
                env={**os.environ, **(environment or {})},
                start_new_session=True,
            )

    def kill(self, process: "subprocess.Popen[bytes]") -> None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def close(self) -> None:
        for process in [*self.workers, self.scheduler]:
            if process is not None:
                self.kill(process)


@contextmanager
def dask_cluster(folder: Path) -> Iterator[Cluster]:
    """A scheduler without a worker; everything is gone afterwards."""
    cluster = Cluster(folder)
    cluster.start_scheduler()
    try:
        yield cluster
    finally:
        cluster.close()
