"""Time the start of a worker, side by side: forked, started cold, and not isolated.

    python benchmarks/worker_start.py [--turns N]

Turn by turn, so that what else the machine does meets all of them alike. `ms` is the
clock on the wall until the worker is ready, `end ms` until it is gone after a kill,
`CPU ms` what its own process has computed by then, `own MiB` what it shares with
nobody. The first fork pays for its zygote and is told apart.
"""

import argparse
import os
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from autograder.sandbox.bubblewrap import Sandbox
from autograder.sandbox.landlock_backend import Contained, unavailable
from autograder.sandbox.launch import Starter
from autograder.sandbox.plain_process import Unisolated
from autograder.sandbox.zygote import Forking

PACKAGES = {"NumPy": ("numpy",), "PyTorch": ("numpy", "torch")}
MEMORY_MIB = 3072


@dataclass
class Measured:
    """A way of starting, and what every turn took."""

    ready: list[float] = field(default_factory=list)
    gone: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    own: list[float] = field(default_factory=list)

    def add(self, starter: Starter) -> None:
        """Start a worker and end it."""
        begun = time.perf_counter()
        worker = starter.start()
        self.ready.append(1000 * (time.perf_counter() - begun))
        self.cpu.append(1000 * (worker.glance().cpu or 0.0))
        self.own.append(_own_mib(worker.seen))
        begun = time.perf_counter()
        worker.kill()
        self.gone.append(1000 * (time.perf_counter() - begun))


def starters(packages: tuple[str, ...]) -> dict[str, Starter]:
    """Return every way of starting a worker that works here, slowest first."""
    sandbox = Sandbox(packages=packages, memory_mib=MEMORY_MIB)
    found: dict[str, Starter] = {
        "plain process": Unisolated(packages=packages, memory_mib=MEMORY_MIB),
        "bubblewrap, cold": sandbox,
        "bubblewrap, forked": Forking(cold=sandbox),
    }
    if not unavailable():
        contained = Contained(packages=packages, memory_mib=MEMORY_MIB)
        found["Landlock, cold"] = contained
        found["Landlock, forked"] = Forking(cold=contained)
    return found


def measure(label: str, packages: tuple[str, ...], turns: int) -> tuple[Table, str]:
    """Return the table of one set of packages, and what zygotes cost."""
    ways = starters(packages)
    first = []
    for way, starter in ways.items():
        if isinstance(starter, Forking):
            begun = time.perf_counter()
            starter.start().kill()
            first.append(f"{way}: {1000 * (time.perf_counter() - begun):.0f} ms")
            if not starter.is_cheap:
                raise SystemExit(f"nothing is forked here: {starter.isolation}")
    measured = {way: Measured() for way in ways}
    for _ in range(turns):
        for way, starter in ways.items():
            measured[way].add(starter)
    cold = statistics.median(measured["bubblewrap, cold"].ready)
    table = Table(title=f"{label}, medians of {turns}", title_justify="left")
    for heading in ("", "ms", "cold / this", "end ms", "CPU ms", "own MiB"):
        table.add_column(heading)
    for way, one in measured.items():
        ready, gone, cpu, own = map(
            statistics.median, (one.ready, one.gone, one.cpu, one.own)
        )
        cells = f"{ready:.1f}", f"{cold / ready:.1f}", f"{gone:.1f}", f"{cpu:.1f}"
        table.add_row(way, *cells, f"{own:.0f}")
    return table, "; ".join(first)


def _own_mib(pid: int) -> float:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    private = [line.split()[1] for line in text.splitlines() if "Private_" in line]
    return sum(map(int, private)) / 1024


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a table for NumPy and one for PyTorch."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=20)
    turns = parser.parse_args(arguments).turns
    console = Console()
    for label, packages in PACKAGES.items():
        table, first = measure(label, packages, turns)
        console.print(table)
        console.print(f"the first fork, with its zygote: {first}")
    console.print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
