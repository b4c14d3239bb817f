"""constraints.txt: does it fit pyproject.toml, and how it is made.

    lock.py check       name what does not fit, and exit with 1
    lock.py unpinned    name what is installed and has no version in it
    lock.py alone       name what is to be installed without what it asks for
    lock.py renew       write it anew, with the newest versions in the ranges

Runs in any virtual environment that has pip; setup_venv.py starts it.
"""

import importlib.metadata
import json
import platform
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

try:
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.utils import canonicalize_name
except ImportError:  # a new environment has nothing but pip, and pip's own copy
    from pip._vendor.packaging.requirements import (  # type: ignore[assignment]
        InvalidRequirement,
        Requirement,
    )
    from pip._vendor.packaging.utils import canonicalize_name  # type: ignore[assignment]

PROJECT = Path("pyproject.toml")
LOCK = Path("constraints.txt")
ALONE = "without-dependencies"
"""The dependency group whose packages are installed with ``--no-deps``."""
FOR_GPUS = re.compile(r"nvidia-|cuda-|triton$")
"""What torch asks for, by exact version, where it comes with its GPU parts."""
OURS = frozenset({"pip", "setuptools", "wheel"})
"""What a new environment has before anything is installed."""
HEADER = """\
# The exact versions of everything that grading and the tests install, for pip's
# --constraint: it says which version, not what is installed. Made by `make lock`, with
# Python {python} on {system}, from the ranges of pyproject.toml; not by hand.
# `make test-newest` runs the tests with the newest versions, without this file.
"""


class Misfit(Exception):
    """The message: what does not fit, a line each."""


def wanted(project: dict[str, Any]) -> Iterator[Requirement]:
    """Give what the project asks for: to build, to run, in its extras and groups."""
    own = project["project"]
    extras = own.get("optional-dependencies", {})
    groups = project.get("dependency-groups", {})
    texts = [*project["build-system"]["requires"], *own.get("dependencies", [])]
    for more in (*extras.values(), *groups.values()):
        texts += more
    name = canonicalize_name(own["name"])
    for requirement in map(Requirement, texts):
        if canonicalize_name(requirement.name) != name:
            yield requirement


def pins(text: str) -> dict[str, str]:
    """Read the lock file: canonical name, exact version.

    Raises Misfit, with every line that is something else
    """
    found: dict[str, str] = {}
    wrong = []
    for number, line in enumerate(text.splitlines(), start=1):
        content = line.partition("#")[0].strip()
        if not content:
            continue
        try:
            requirement = Requirement(content)
            [specifier] = requirement.specifier
        except (InvalidRequirement, ValueError):
            wrong.append(f"line {number}: {content!r} is no name==version")
            continue
        name = canonicalize_name(requirement.name)
        if specifier.operator != "==" or specifier.version.endswith(".*"):
            wrong.append(f"line {number}: {content!r} is no exact version")
        elif name in found:
            wrong.append(f"line {number}: {name} has a version already, {found[name]}")
        found[name] = specifier.version
    if wrong:
        raise Misfit("\n".join(wrong))
    return found


def misfits(project: dict[str, Any], lock: str) -> list[str]:
    """Say, a line each, where the lock file does not fit the project's ranges."""
    try:
        pinned = pins(lock)
    except Misfit as misfit:
        return str(misfit).splitlines()
    told = []
    for requirement in wanted(project):
        version = pinned.get(canonicalize_name(requirement.name))
        if version is None:
            told.append(f"has no version of {requirement.name}")
        elif not requirement.specifier.contains(version, prereleases=True):
            told.append(f"{requirement.name}=={version} is outside of {requirement}")
    return list(dict.fromkeys(told))


def unpinned(pinned: dict[str, str], own: str) -> list[str]:
    """Return what is installed here and has no version in the lock file."""
    installed = {
        canonicalize_name(found.name): found.version
        for found in importlib.metadata.distributions()
    }
    return [
        f"{name} {version}"
        for name, version in sorted(installed.items())
        if name not in pinned.keys() | OURS | {canonicalize_name(own)}
        and not FOR_GPUS.match(name)
    ]


def alone(project: dict[str, Any]) -> list[str]:
    """Return what is to be installed without what it asks for."""
    return list(project.get("dependency-groups", {}).get(ALONE, []))


def resolved(project: dict[str, Any]) -> dict[str, str]:
    """Return what pip would install today, and install nothing."""
    extras = ",".join(project["project"].get("optional-dependencies", {}))
    build = project["build-system"]["requires"]
    found = _report(f".[{extras}]", *build) | _report("--no-deps", *alone(project))
    found.pop(canonicalize_name(project["project"]["name"]))
    return dict(sorted((n, v) for n, v in found.items() if not FOR_GPUS.match(n)))


def _report(*arguments: str) -> dict[str, str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.json"
        options = ["--quiet", "--dry-run", "--ignore-installed", "--report", str(path)]
        command = [sys.executable, "-m", "pip", "install", *options, *arguments]
        if subprocess.run(command, check=False).returncode:
            raise Misfit("pip finds no versions that fit together: see above")
        report = json.loads(path.read_bytes())
    found = (item["metadata"] for item in report["install"])
    # 2.13.0+cpu is how one index calls its 2.13.0.
    return {
        canonicalize_name(item["name"]): item["version"].partition("+")[0]
        for item in found
    }


def renew(project: dict[str, Any]) -> str:
    """Write the lock file anew and say what has changed."""
    before = LOCK.read_text(encoding="utf-8") if LOCK.exists() else ""
    try:
        old = pins(before)
    except Misfit:
        old = {}
    new = resolved(project)
    python = ".".join(platform.python_version_tuple()[:2])
    system = f"{platform.system()} {platform.machine()}"
    lines = [f"{name}=={version}\n" for name, version in new.items()]
    text = HEADER.format(python=python, system=system) + "".join(lines)
    if told := misfits(project, text):
        raise Misfit("\n".join(told))
    LOCK.write_text(text, encoding="utf-8")
    changes = [
        f"    {name} {old.get(name, '(new)')} -> {new.get(name, '(gone)')}\n"
        for name in sorted(old.keys() | new.keys())
        if old and old.get(name) != new.get(name)
    ]
    return f"{LOCK}: {len(new)} versions\n" + "".join(changes)


def main(task: str) -> int:
    """Do `task` in the project's folder; return the exit status."""
    try:
        project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))
        if task == "renew":
            sys.stdout.write(renew(project))
            return 0
        if task == "alone":
            sys.stdout.write("".join(f"{line}\n" for line in alone(project)))
            return 0
        lock = LOCK.read_text(encoding="utf-8")
        if task == "unpinned":
            for line in unpinned(pins(lock), project["project"]["name"]):
                sys.stdout.write(f"{line}\n")
            return 0
        told = misfits(project, lock)
    except OSError as error:
        told = [f"{error.filename} cannot be read: {error.strerror}"]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        told = [f"{PROJECT} or {LOCK} cannot be read: {error}"]
    except Misfit as misfit:
        told = str(misfit).splitlines()
    for line in told:
        sys.stderr.write(f"{LOCK}: {line}\n")
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
