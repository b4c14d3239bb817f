"""A Dask cluster over SSH, for as long as this runs: see docs/cluster.md.

python ssh_cluster.py --user grader --port 9000 10.0.0.1 10.0.0.2 10.0.0.3

starts the scheduler and a worker on the first machine, and a worker on each other.
"""

import argparse
import signal
import sys
from contextlib import suppress

from distributed import SSHCluster


def main() -> int:
    """Start everything, say the scheduler's address, and wait to be ended."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("machines", nargs="+", help="Addresses that all can reach.")
    parser.add_argument("--user", help="Whose account it is there.")
    parser.add_argument("--key", help="A private key's file; else what ssh would use.")
    parser.add_argument("--threads", type=int, default=0, help="Else one a core.")
    parser.add_argument("--port", type=int, default=0, help="Of each worker.")
    parser.add_argument("--python", default=sys.executable, help="On the machines.")
    asked = parser.parse_args()
    connect = {"username": asked.user, "client_keys": asked.key and [asked.key]}
    with SSHCluster(
        [asked.machines[0], *asked.machines],
        connect_options={k: v for k, v in connect.items() if v},
        # Without Dask's nanny, whose workers may start no processes.
        worker_class="distributed.Worker",
        worker_options={"nthreads": asked.threads or None, "port": asked.port},
        # A machine without a way to the internet would call itself 127.0.0.1.
        scheduler_options={"host": asked.machines[0], "port": 8786},
        remote_python=asked.python,
    ) as cluster:
        print(cluster.scheduler_address, flush=True)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with suppress(KeyboardInterrupt):
            signal.pause()
    return 0


if __name__ == "__main__":
    sys.exit(main())
