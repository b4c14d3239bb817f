"""What this machine lacks, what for, and how to get it.

`Machine` is what is looked at, so that a test can give another one; `examine` is pure
but for the sandbox's self-test, which starts real workers.
"""

import enum
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from autograder.errors import AutograderError
from autograder.installed import DISTRIBUTION, how_to_install
from autograder.sandbox.backends import LAST_GUARD, strongest
from autograder.sandbox.selftest import check_isolation
from autograder.sandbox.zygote import Forking

if TYPE_CHECKING:
    from autograder.sandbox.launch import Starter

OLDEST_PYTHON = (3, 11)
LITTLE_DISK_MIB = 500
PROGRAMS = {
    "bwrap": ("bubblewrap", "every submission runs in it"),
    "prlimit": ("util-linux", "a submission's limits on memory and time"),
}
PROGRAMS_OF_ROOT = {
    "unshare": ("util-linux", "root hands the sandbox to an unprivileged user"),
    "setpriv": ("util-linux", "root hands the sandbox to an unprivileged user"),
}
OPTIONAL_PACKAGES = {
    "torch": ("torch", "a4_cnn and a5_resnet"),
    "canvasapi": (f"{DISTRIBUTION}[push]", "autograder push canvas"),
    "pylti1p3": (f"{DISTRIBUTION}[push]", "autograder push lti"),
}
NAMESPACE_SWITCHES = {
    "kernel/unprivileged_userns_clone": "0",
    "user/max_user_namespaces": "0",
    "kernel/apparmor_restrict_unprivileged_userns": "1",
}
"""Below ``/proc/sys``: what forbids user namespaces to users, by its value."""
SETTINGS_THAT_ALLOW = {
    "kernel/unprivileged_userns_clone": "1",
    "user/max_user_namespaces": "15000",
    "kernel/apparmor_restrict_unprivileged_userns": "0",
}


class State(enum.Enum):
    """Whether a thing is there, and whether grading can do without it."""

    OK = "ok"
    MISSING = "missing"
    OPTIONAL = "not there, needed for some things only"


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked for.

    found : what is there, in words; needed_for : what it is for
    remedy : how to get it, or "" where it is there
    """

    name: str
    state: State
    found: str
    needed_for: str
    remedy: str = ""


class DoctorDocument(
    msgspec.Struct, frozen=True, kw_only=True, tag="doctor", tag_field="command"
):
    """``autograder doctor --json``; `ready` tells whether this machine can grade."""

    ready: bool
    checks: tuple[Check, ...]


@dataclass(frozen=True, kw_only=True)
class Machine:
    """What the checks look at.

    which : finds a program; has_package : tells whether a module can be imported
    switches : values below ``/proc/sys``, by path, of those that exist
    free_mib : disk space where results go; memory_mib : memory that is available, or
        None where it is not known
    fonts : how many fonts the system offers, or None where it has no ``fc-list``
    """

    system: str
    python: tuple[int, ...]
    is_root: bool
    cores: int
    which: Callable[[str], str | None]
    has_package: Callable[[str], bool]
    switches: Mapping[str, str]
    free_mib: int
    memory_mib: int | None
    fonts: int | None


def this_machine(out: Path) -> Machine:
    """Return what this machine is; `out` is where results are to go."""
    existing = next(p for p in (out.absolute(), *out.absolute().parents) if p.exists())
    return Machine(
        system=platform.system(),
        python=sys.version_info[:3],
        is_root=hasattr(os, "geteuid") and os.geteuid() == 0,
        cores=os.cpu_count() or 1,
        which=shutil.which,
        has_package=lambda name: importlib.util.find_spec(name) is not None,
        switches=_switches(Path("/proc/sys")),
        free_mib=shutil.disk_usage(existing).free // 2**20,
        memory_mib=_available_memory(Path("/proc/meminfo")),
        fonts=_count_fonts(),
    )


def examine(machine: Machine, memory_mib_of_a_worker: int) -> list[Check]:
    """Look at everything but the sandbox itself.

    memory_mib_of_a_worker : what the largest assignment allows
    """
    return [
        _system(machine),
        _python(machine),
        *_programs(machine),
        *_namespaces(machine),
        _memory(machine, memory_mib_of_a_worker),
        _disk(machine),
        *_packages(machine),
        *_for_tests(machine),
    ]


def try_sandbox(hidden: Path, packages: Sequence[str], memory_mib: int) -> Check:
    """Start a worker as grading does, and try from inside what must fail."""
    name = f"the sandbox, with {', '.join(packages)}"
    needed = "without it nothing is graded"
    starter: Starter | None = None
    try:
        starter = strongest(
            tuple(packages),
            memory_mib=memory_mib,
            cpu_seconds=LAST_GUARD,
            hidden=hidden,
        )
        holes = check_isolation(starter)
        isolation = starter.isolation
    except AutograderError as error:
        return Check(
            name=name,
            state=State.MISSING,
            found=str(error),
            needed_for=needed,
            remedy=getattr(error, "remedy", "") or "see docs/instructors.md, Isolation",
        )
    finally:
        if isinstance(starter, Forking):
            starter.close()
    if holes:
        return Check(
            name=name,
            state=State.MISSING,
            found=f"a submission could: {'; '.join(holes)}",
            needed_for=needed,
            remedy="see docs/instructors.md, Isolation",
        )
    found = f"nothing that must fail works ({isolation})"
    return Check(name=name, state=State.OK, found=found, needed_for=needed)


def _system(machine: Machine) -> Check:
    linux = machine.system == "Linux"
    return Check(
        name="operating system",
        state=State.OK if linux else State.MISSING,
        found=machine.system,
        needed_for="bubblewrap is for Linux only",
        remedy="" if linux else "grade in a Linux machine, or in a Linux container",
    )


def _python(machine: Machine) -> Check:
    wanted = ".".join(map(str, OLDEST_PYTHON))
    new_enough = machine.python >= OLDEST_PYTHON
    return Check(
        name="Python",
        state=State.OK if new_enough else State.MISSING,
        found=".".join(map(str, machine.python)),
        needed_for=f"{wanted} or newer",
        remedy="" if new_enough else f"apt-get install python{wanted}",
    )


def _programs(machine: Machine) -> Iterator[Check]:
    wanted = PROGRAMS | (PROGRAMS_OF_ROOT if machine.is_root else {})
    for name, (package, needed) in wanted.items():
        path = machine.which(name)
        yield Check(
            name=name,
            state=State.OK if path else State.MISSING,
            found=path or "not installed",
            needed_for=needed,
            remedy="" if path else f"apt-get install {package}",
        )


def _namespaces(machine: Machine) -> Iterator[Check]:
    needed = "bubblewrap runs a submission as nobody, and sees nothing else"
    shut = [
        name
        for name, forbids in NAMESPACE_SWITCHES.items()
        if machine.switches.get(name) == forbids
    ]
    for name in shut:
        setting = name.replace("/", ".")
        yield Check(
            name="user namespaces",
            # Some bubblewraps have leave of their own: the self-test decides.
            state=State.OPTIONAL,
            found=f"{setting} = {machine.switches[name]}",
            needed_for=needed,
            remedy=f"sysctl -w {setting}={SETTINGS_THAT_ALLOW[name]}",
        )
    if not shut:
        yield Check(
            name="user namespaces",
            state=State.OK,
            found="no setting forbids them",
            needed_for=needed,
        )


def _memory(machine: Machine, of_a_worker: int) -> Check:
    needed = f"a worker may ask for {of_a_worker} MiB, and one a core runs"
    if machine.memory_mib is None:
        return Check(
            name="memory", state=State.OPTIONAL, found="not known", needed_for=needed
        )
    fit = machine.memory_mib // of_a_worker
    enough = fit >= machine.cores
    return Check(
        name="memory",
        # Few workers use what they may: no reason to refuse.
        state=State.OK if enough else State.OPTIONAL,
        found=f"{machine.memory_mib} MiB available, {machine.cores} cores",
        needed_for=needed,
        remedy="" if enough else f"grade with --workers {max(fit, 1)}",
    )


def _disk(machine: Machine) -> Check:
    enough = machine.free_mib >= LITTLE_DISK_MIB
    return Check(
        name="disk space",
        state=State.OK if enough else State.MISSING,
        found=f"{machine.free_mib} MiB free where results go",
        needed_for=f"the ledger and the pages: {LITTLE_DISK_MIB} MiB for a large class",
        remedy="" if enough else "free some, or give another --out",
    )


def _packages(machine: Machine) -> Iterator[Check]:
    for name, (install, needed) in OPTIONAL_PACKAGES.items():
        there = machine.has_package(name)
        yield Check(
            name=name,
            state=State.OK if there else State.OPTIONAL,
            found="installed" if there else "not installed",
            needed_for=needed,
            remedy="" if there else how_to_install(install),
        )


def _for_tests(machine: Machine) -> Iterator[Check]:
    browser = machine.which("chromium") or machine.which("google-chrome")
    yield Check(
        name="chromium",
        state=State.OK if browser else State.OPTIONAL,
        found=browser or "not installed",
        needed_for="the project's own tests look at the pages with it",
        remedy="" if browser else "apt-get install chromium",
    )
    yield Check(
        name="fonts",
        state=State.OK if machine.fonts else State.OPTIONAL,
        found="no fc-list" if machine.fonts is None else f"{machine.fonts} fonts",
        needed_for="chromium's screenshots in the tests; reports bring their own",
        remedy="" if machine.fonts else "apt-get install fontconfig fonts-dejavu-core",
    )


def _switches(folder: Path) -> dict[str, str]:
    return {
        name: (folder / name).read_text(encoding="ascii").strip()
        for name in NAMESPACE_SWITCHES
        if (folder / name).is_file()
    }


def _available_memory(path: Path) -> int | None:
    if not path.is_file():
        return None
    lines = path.read_text(encoding="ascii").splitlines()
    told = next((li for li in lines if li.startswith("MemAvailable:")), None)
    return None if told is None else int(told.split()[1]) // 1024


def _count_fonts() -> int | None:
    program = shutil.which("fc-list")
    if program is None:
        return None
    listed = subprocess.run(  # noqa: S603 a fixed line
        [program], capture_output=True, text=True, check=False
    )
    return len(listed.stdout.splitlines())
