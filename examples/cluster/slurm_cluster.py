"""A Dask cluster of SLURM's jobs, for as long as this runs: see docs/cluster.md.

python slurm_cluster.py --jobs 50 --cores 16 --hours 2
"""

import argparse
import signal
import sys
from contextlib import suppress

from dask_jobqueue import SLURMCluster

MIB_A_CORE = 2048
"""A grader has some 250 MiB, a submission in NumPy 1 GiB at most, one in PyTorch 4:
those of a4 and a5 need more where many ask for all of it at once."""


def main() -> int:
    """Start the jobs, say the scheduler's address, and wait to be ended."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--cores", type=int, default=16, help="Of each job.")
    parser.add_argument("--hours", type=int, default=2)
    parser.add_argument("--python", default=sys.executable, help="On the nodes.")
    parser.add_argument("--interface", help="Of the network among nodes, as ib0.")
    asked = parser.parse_args()
    with SLURMCluster(
        cores=asked.cores,
        processes=1,
        memory=f"{asked.cores * MIB_A_CORE}MiB",
        walltime=f"{asked.hours:02}:00:00",
        python=asked.python,
        interface=asked.interface,
        # Dask's nanny watches the worker, which must be let start graders all the same.
        job_script_prologue=[
            "export DASK_DISTRIBUTED__WORKER__DAEMON=False",
            "export OMP_NUM_THREADS=1",
        ],
    ) as cluster:
        cluster.scale(jobs=asked.jobs)
        print(cluster.scheduler_address, flush=True)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with suppress(KeyboardInterrupt):
            signal.pause()
    return 0


if __name__ == "__main__":
    sys.exit(main())
