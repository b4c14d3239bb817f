"""What root does between fork and exec of a contained worker.

Run as a program of its own, with a `Plan` as its one argument: give up memory, user,
files, network and system calls, in this order, then become the worker. Nothing that is
given up can be taken back, so whatever runs afterwards has no more than the plan says.
It imports nothing but the standard library, `landlock` and `worker.kernel`.
"""

import dataclasses
import json
import os
import resource
import signal
import sys
from typing import Self

from autograder.sandbox import landlock
from autograder.sandbox.landlock import Access
from autograder.worker import kernel


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is left to the worker.

    first_uid : its user is this number plus its process id, so nobody else's
    limits : by the names of `resource`, without ``RLIMIT_``
    readable, listable, executable, writable : paths, with what lies below them
    seccomp : descriptor of the filter of system calls
    parent : the process with which it dies
    command, environment : what it becomes
    """

    first_uid: int
    limits: dict[str, int]
    readable: list[str]
    listable: list[str]
    executable: list[str]
    writable: list[str]
    seccomp: int
    parent: int
    command: list[str]
    environment: dict[str, str]

    def to_text(self) -> str:
        """Return the plan as one argument."""
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read what `to_text` wrote."""
        return cls(**json.loads(text))

    def allowed(self) -> dict[str, Access]:
        """Return Landlock's rules."""
        rules: dict[str, Access] = {}
        for paths, access in (
            (self.readable, Access.READ_FILE | Access.READ_DIR),
            (self.listable, Access.READ_DIR),
            (self.executable, Access.EXECUTE),
            (self.writable, Access.READ_FILE | Access.WRITE_FILE),
        ):
            for path in paths:
                rules[path] = rules.get(path, Access(0)) | access
        return rules


def confine(plan: Plan) -> None:
    """Become the plan's command, with nothing but what the plan leaves.

    Raises OSError where a step fails; the process must end then
    """
    with open(plan.seccomp, "rb") as file:  # noqa: PTH123 a descriptor
        filter_ = file.read()
    rules = landlock.ruleset(plan.allowed())
    for name, limit in plan.limits.items():
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (limit, limit))
    kernel.no_new_privileges()
    user = plan.first_uid + os.getpid()
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    # The kernel forgets it when the user changes, so it comes after.
    kernel.die_with_parent(signal.SIGKILL)
    if os.getppid() != plan.parent:
        raise ProcessLookupError("the grader has ended")
    os.chdir("/")
    landlock.restrict(rules)
    os.close(rules)
    kernel.filter_calls(filter_)
    os.execve(plan.command[0], plan.command, plan.environment)  # noqa: S606 no shell


def main() -> None:
    """Read the plan from the command line and carry it out."""
    confine(Plan.from_text(sys.argv[1]))
