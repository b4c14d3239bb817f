"""Before any submission runs: try from inside what must fail, refuse where it works."""

import os
from collections.abc import Sequence
from pathlib import Path

from autograder.errors import GraderFault, StudentFault
from autograder.sandbox import SANDBOX_ENVIRONMENT, Sandbox, Starter
from autograder.session import Session

_SECONDS = 20.0


def check_isolation(starter: Starter, hidden_paths: Sequence[Path] = ()) -> list[str]:
    """Return what a worker of `starter` can do and must not, in words.

    starter : grading with it is safe where the list is empty
    hidden_paths : folders that it must not see, with those of the sandbox
    Raises GraderFault where the attempts could not be carried out
    """
    hidden = [*hidden_paths]
    if isinstance(starter, Sandbox):
        hidden += starter.hidden_paths
    names = [*(os.environ.keys() - SANDBOX_ENVIRONMENT.keys())]
    source = Path(__file__).with_name("escapes.py").read_bytes()
    session = Session(
        starter.start,
        "escapes.py",
        source,
        seconds_per_case=_SECONDS,
        seconds_total=_SECONDS,
    )
    paths = [str(path.resolve()) for path in hidden]
    with session:
        try:
            found = session.call(
                "attempt_all", (os.getpid(), names, paths, starter.memory_mib)
            )
        except StudentFault as fault:
            raise GraderFault("self-test", f"it did not run: {fault}") from fault
    return list(found)
