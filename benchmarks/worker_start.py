"""Time the start of a worker, sandboxed and not, side by side.

    python benchmarks/worker_start.py [--turns N]

The ratio says what isolation costs: both start Python and import NumPy.
"""

import argparse
import statistics
import time

from rich.console import Console
from rich.table import Table

from autograder.sandbox.bubblewrap import Sandbox
from autograder.sandbox.launch import Starter
from autograder.sandbox.plain_process import Unisolated


def seconds_of(starter: Starter) -> float:
    """Return how long a worker takes until it is ready."""
    started = time.perf_counter()
    worker = starter.start()
    seconds = time.perf_counter() - started
    worker.kill()
    return seconds


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=20)
    turns = parser.parse_args().turns
    starters: dict[str, Starter] = {"sandboxed": Sandbox(), "plain": Unisolated()}
    seconds: dict[str, list[float]] = {label: [] for label in starters}
    for _ in range(turns):
        for label, starter in starters.items():
            seconds[label].append(seconds_of(starter))
    plain = statistics.median(seconds["plain"])
    table = Table(title=f"a worker's start, medians of {turns}", title_justify="left")
    for heading in ("", "ms", "to plain"):
        table.add_column(heading)
    for label, measured in seconds.items():
        median = statistics.median(measured)
        table.add_row(label, f"{1000 * median:.0f}", f"{median / plain:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
