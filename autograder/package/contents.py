"""Write the zip of an assignment, with all that grading it elsewhere needs."""

import importlib.metadata
import secrets
import stat
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Literal

import checks
import msgspec
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import autograder
from autograder.atomic import PRIVATE, write_atomically
from autograder.course import assignment as assignments
from autograder.course import folders
from autograder.course.assignment import Assignment
from autograder.errors import StaffError
from autograder.package.grading import MANIFEST, Package, Visibility

Target = Literal["gradescope", "otter"]
PROJECT = "convolution-course"
SECRET_BYTES = 32
OTTER = "otter-grader"
PLUGIN = "autograder.package.otter_plugin.IsolatedGrading"
TORCH_FOR_CPU = "--extra-index-url https://download.pytorch.org/whl/cpu"
"""PyPI's own torch brings 2 GB of CUDA along."""
NOT_PACKED = frozenset({"__pycache__", ".pytest_cache", "variants", ".DS_Store"})
_SCRIPTS = Path(__file__).with_name("scripts")
_EXECUTABLE = frozenset({"setup.sh", "run_autograder"})
_OLDEST = (1980, 1, 1, 0, 0, 0)


def write_package(
    course: Path, name: str, out: Path, *, target: Target, hidden_cases: Visibility
) -> int:
    """Write the zip of assignment `name` and return the number of its files.

    hidden_cases : when students see the results of hidden cases
    A package that is written over an older one of the same assignment keeps its secret,
    so that students' inputs stay what they were.
    Raises AuthoringError for a broken assignment, StaffError where nothing is written
    """
    assignment = assignments.load(course, name)
    package = Package(
        assignment=name,
        secret=_secret_of(out, name) or secrets.token_hex(SECRET_BYTES),
        hidden_cases=hidden_cases,
    )
    files = contents(course, assignment, package, target)
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, contained in sorted(files.items()):
            archive.writestr(_entry(path), contained)
    write_atomically(out, data.getvalue(), mode=PRIVATE)
    return len(files)


def contents(
    course: Path, assignment: Assignment, package: Package, target: Target
) -> dict[str, bytes]:
    """Return what the zip holds: paths, contents; folders end in ``/``."""
    solutions, public = course / "solutions", course / "assignments"
    here = "files/course"
    others = {solutions / other for other in folders.names(course)}
    wanted = [*requirements(assignment.manifest.packages, target)]
    files = {
        "setup.sh": (_SCRIPTS / "setup.sh").read_bytes(),
        "run_autograder": (_SCRIPTS / f"run_{target}").read_bytes(),
        "requirements.txt": _lines(wanted),
        "constraints.txt": _lines(constraints(wanted)),
        f"files/{MANIFEST}": msgspec.json.encode(package),
        **_copied(Path(autograder.__file__).parent, "files/code/autograder"),
        **_copied(Path(checks.__file__).parent, "files/code/checks"),
        **_copied(public / assignment.name, f"{here}/assignments/{assignment.name}"),
    }
    for folder in (p for p in solutions.iterdir() if p.is_dir()):
        if folder == assignment.secret or folder not in others:
            files |= _copied(folder, f"{here}/solutions/{folder.name}")
    return files | _for_otter(package) if target == "otter" else files


def requirements(packages: Sequence[str], target: Target) -> Iterator[str]:
    """Give the lines of ``requirements.txt``: what is installed here, exactly.

    packages : those of the manifest
    Raises StaffError where one is not installed
    """
    if "torch" in packages:
        yield TORCH_FOR_CPU
    names = [
        requirement.name
        for requirement in map(Requirement, importlib.metadata.requires(PROJECT) or ())
        if requirement.name != "torch"  # large, and named by those that need it
        and (requirement.marker is None or requirement.marker.evaluate({"extra": ""}))
    ]
    for name in dict.fromkeys((*names, *(p.partition(".")[0] for p in packages))):
        if name != OTTER:
            yield f"{name}=={_installed(name)}"
        elif target == "otter":
            # With what it needs to run a notebook, even the empty one that it gets.
            yield f"{name}[grading]=={_installed(name)}"


def constraints(wanted: Iterable[str]) -> list[str]:
    """Return, exactly, all that `wanted` brings along here, sorted.

    wanted : lines of ``requirements.txt``
    What is not installed here, being for another system, is not bound there.
    """
    waiting = [Requirement(line) for line in wanted if not line.startswith("--")]
    found: dict[str, str] = {}
    seen = set()
    while waiting:
        next_ = waiting.pop()
        key = (canonicalize_name(next_.name), frozenset(next_.extras))
        if key in seen:
            continue
        seen.add(key)
        try:
            distribution = importlib.metadata.distribution(next_.name)
        except importlib.metadata.PackageNotFoundError:
            continue
        found[key[0]] = Version(distribution.version).public
        for needed in map(Requirement, distribution.requires or ()):
            extras = ("", *next_.extras)
            marker = needed.marker
            if marker is None or any(marker.evaluate({"extra": e}) for e in extras):
                waiting.append(needed)
    return [f"{name}=={version}" for name, version in sorted(found.items())]


def _lines(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _installed(name: str) -> str:
    try:
        return Version(importlib.metadata.version(name)).public
    except importlib.metadata.PackageNotFoundError as error:
        raise StaffError(
            name, "is not installed here, so its version is not known", "make setup"
        ) from error


def _for_otter(package: Package) -> dict[str, bytes]:
    config = {
        "plugins": [PLUGIN],
        "show_hidden": package.hidden_cases != "hidden",
        "print_summary": False,
    }
    return {
        "otter_config.json": msgspec.json.encode(config),
        "run_otter.py": (_SCRIPTS / "run_otter.py").read_bytes(),
        # Otter's image builder asks for this file; setup.sh makes a venv instead.
        "environment.yml": b"name: otter-env\ndependencies: []\n",
        "tests/": b"",
    }


def _copied(folder: Path, prefix: str) -> dict[str, bytes]:
    return {
        f"{prefix}/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and NOT_PACKED.isdisjoint(path.relative_to(folder).parts)
    }


def _entry(path: str) -> zipfile.ZipInfo:
    """Describe a member so that the same contents always give the same zip."""
    entry = zipfile.ZipInfo(path, _OLDEST)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3  # Unix, whose modes follow
    mode = 0o755 if path in _EXECUTABLE or path.endswith("/") else 0o644
    kind = stat.S_IFDIR if path.endswith("/") else stat.S_IFREG
    entry.external_attr = (kind | mode) << 16
    return entry


def _secret_of(out: Path, name: str) -> str:
    """Return the secret of the package that stands at `out`, or ""."""
    if not out.exists():
        return ""
    try:
        with zipfile.ZipFile(out) as archive:
            data = archive.read(f"files/{MANIFEST}")
        before = msgspec.json.decode(data, type=Package)
    except (OSError, zipfile.BadZipFile, KeyError, msgspec.MsgspecError) as error:
        raise StaffError(
            out, f"is there and is no package: {error}", "choose another --out"
        ) from error
    return before.secret if before.assignment == name else ""
