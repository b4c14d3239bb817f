"""Before any submission runs: try from inside what must fail, refuse where it works."""

import os
import socket
from collections.abc import Sequence
from pathlib import Path

from autograder.errors import GraderFault, StudentFault
from autograder.sandbox.bubblewrap import Sandbox
from autograder.sandbox.landlock_backend import Contained
from autograder.sandbox.launch import SANDBOX_ENVIRONMENT, Starter
from autograder.sandbox.session import Session
from autograder.sandbox.zygote import Forking

_SECONDS = 20.0


def check_isolation(starter: Starter, hidden_paths: Sequence[Path] = ()) -> list[str]:
    """Return what a worker of `starter` can do and must not, in words.

    starter : grading with it is safe where the list is empty
    hidden_paths : folders that it must not see, with those of the starter; contained
        workers may know that they are there
    Raises GraderFault where the attempts could not be carried out
    """
    hidden = [*hidden_paths]
    kind = starter.cold if isinstance(starter, Forking) else starter
    if isinstance(kind, Sandbox | Contained):
        hidden += kind.hidden_paths
    names = [*(os.environ.keys() - SANDBOX_ENVIRONMENT.keys())]
    source = Path(__file__).with_name("escape_attempts.py").read_bytes()
    session = Session(
        starter.start,
        "escapes.py",
        source,
        seconds_per_case=_SECONDS,
        seconds_total=_SECONDS,
    )
    paths = [str(path.resolve()) for path in hidden]
    named = not isinstance(kind, Contained)
    with session, socket.socket(socket.AF_UNIX) as door:
        door.bind("")  # the kernel finds a name that no file has
        door.listen()
        where = door.getsockname().decode("ascii")
        arguments = (os.getpid(), names, paths, starter.memory_mib, where, named)
        try:
            found = session.call("attempt_all", arguments)
        except StudentFault as fault:
            raise GraderFault("self-test", f"it did not run: {fault}") from fault
    return list(found)
