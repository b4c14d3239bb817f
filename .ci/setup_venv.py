"""Make a virtual environment and install the project into it.

    setup_venv.py FOLDER [EXTRA]            the versions of constraints.txt
    setup_venv.py --newest FOLDER [EXTRA]   the newest in the ranges of pyproject.toml
    setup_venv.py --lock                    renew constraints.txt, install nothing

Make starts it with the Python that the environment is made from. It reads as old a
Python's code as 3.6, so that one that is too old is told so.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = "constraints.txt"
TRIED = re.compile(r"Programming Language :: Python :: 3\.(\d+)")
NOT_FOUND = re.compile(r"No matching distribution found for ([A-Za-z0-9._-]+)")
BOUND = re.compile(r"\(constraint\) ([A-Za-z0-9._-]+)==")
HAS_NONE = "(from versions: none)"
NO_ROOM = "No space left on device"
_INSTALL = ("-m", "pip", "install", "--disable-pip-version-check")


class Stop(Exception):
    """The message: what is in the way, and the way out."""


def check_python(minor: int, project: str) -> None:
    """Refuse a Python that the exact versions were not tried with."""
    tried = sorted(int(number) for number in TRIED.findall(project))
    if not tried:
        raise Stop("pyproject.toml: no classifier says which Pythons are tried")
    if minor in tried:
        return
    names = [f"python3.{number}" for number in tried]
    places = [f"/usr/bin/{name}" for name in names] + names
    found = [path for path in map(shutil.which, places) if path and _starts(path)]
    first = f"install {names[0]} and its venv, then " if not found else ""
    python = found[0] if found else names[0]
    age = "old" if minor < tried[0] else "new"
    span = " and ".join(f"3.{number}" for number in tried)
    raise Stop(
        f"{sys.executable} is Python 3.{minor}, which is too {age}: {span} is tried.\n"
        f"Way out: {first}make again with PYTHON={python}"
    )


def make_venv(folder: Path, project: str) -> Path:
    """Make the environment, unless a usable one is there; return its Python.

    A file system without links gets copies.
    """
    python = folder / "bin" / "python"
    if _starts(python, "import pip") in TRIED.findall(project):
        return python
    try:
        with_links = _links_can_be_made(folder.parent)
        if folder.exists():
            shutil.rmtree(str(folder))
        if not with_links:
            print(f"{folder.parent}: it takes no links: copying", flush=True)
            (folder / "lib64").mkdir(parents=True)  # venv makes a link of it otherwise
    except OSError as error:
        raise Stop(_nowhere(folder, str(error))) from error
    kind = "--symlinks" if with_links else "--copies"
    made = subprocess.run(
        [sys.executable, "-m", "venv", kind, str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if made.returncode or not _starts(python, "import pip"):
        said = made.stdout.decode(errors="replace").strip()
        raise Stop(_nowhere(folder, said or f"{python} does not start"))
    return python


def _nowhere(folder: Path, reason: str) -> str:
    return (
        f"{folder}: no virtual environment could be made here: {reason}\n"
        "Way out: a folder on a disk with room, that may be written to and that "
        "programs may be started from (`mount` says noexec or ro otherwise)"
    )


def _starts(python: "Path | str", statement: str = "pass") -> str:
    """Return the second part of the version of what `python` starts, or ""."""
    code = f"{statement}\nimport sys\nprint(sys.version_info[1])"
    try:
        done = subprocess.run(
            [str(python), "-c", code],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    except OSError:
        return ""
    return "" if done.returncode else done.stdout.decode().strip()


def _links_can_be_made(folder: Path) -> bool:
    with tempfile.TemporaryDirectory(dir=str(folder), prefix=".venv-") as place:
        try:
            (Path(place) / "link").symlink_to("target")
        except OSError:
            return False
    return True


def install(python: Path, extra: str, *, newest: bool) -> None:
    """Install the project, editable, and what it wants alone."""
    target = f".[{extra}]" if extra else "."
    bound = [] if newest else ["--constraint", LOCK]
    environment = dict(os.environ)
    if not newest:
        # What builds the project is installed apart, where --constraint is not heard:
        # one variable for pips before 25.3, one for those after.
        before = environment.get("PIP_CONSTRAINT", "")
        environment["PIP_CONSTRAINT"] = f"{before} {LOCK}".strip()
        environment["PIP_BUILD_CONSTRAINT"] = LOCK
    steps = [[*bound, "--editable", target]]
    if extra:
        steps.append([*bound, "--no-deps", *lock(python, "alone").splitlines()])
    for step in steps:
        _pip(python, step, environment, "" if newest else Path(LOCK).read_text("utf-8"))


def _pip(
    python: Path, arguments: "list[str]", environment: "dict[str, str]", locked: str
) -> None:
    """Have pip install; what it warns of is shown as it comes.

    locked : what constraints.txt says, or nothing
    Raises Stop with what pip's words mean for who runs make
    """
    command = [str(python), *_INSTALL, "--progress-bar", "off", *arguments]
    errors = []
    with tempfile.TemporaryFile() as told:
        pip = subprocess.Popen(
            command, env=environment, stdout=told, stderr=subprocess.PIPE
        )
        for line in pip.stderr or ():
            errors.append(line.decode(errors="replace"))
            sys.stderr.write(errors[-1])
        if pip.wait() == 0:
            return
        told.seek(0)
        said = "".join(errors) + told.read().decode(errors="replace")
    if NO_ROOM in said:
        raise Stop("the disk is full.\nWay out: room for 2 GB here and in /tmp")
    name = next(iter(NOT_FOUND.findall(said) + BOUND.findall(said)), None)
    if name is None:
        raise Stop("pip could not install what pyproject.toml asks for: see above")
    raise Stop(_reason(python, name, said, locked))


def _reason(python: Path, name: str, said: str, locked: str) -> str:
    """Say why there is nothing of `name` that pip could install."""
    name = re.sub(r"[-_.]+", "-", name).lower()
    pinned = re.search(f"^{name}==\\S+", locked, re.MULTILINE)
    wanted = pinned.group() if pinned else name
    options = ("--dry-run", "--no-deps", "--ignore-installed")
    tried = subprocess.run(
        [str(python), *_INSTALL, *options, wanted],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    if tried.returncode == 0:
        reasons = re.findall(r"^.* depends on .*$", said, re.MULTILINE)
        return (
            f"{LOCK}: {wanted} does not go with the other versions:\n"
            + "".join(f"{reason}\n" for reason in reasons)
            + "Way out: make lock"
        )
    where = f"{wanted} of {LOCK}" if pinned else wanted
    if HAS_NONE in tried.stderr.decode(errors="replace"):
        return (
            f"{where}: where pip looks for packages, there is none of that name.\n"
            "Way out: a network, a proxy or a mirror that pip reaches "
            "(see `pip config list` and the variables PIP_*)"
        )
    return (
        f"{where}: where pip looks for packages, this version is not to be had.\n"
        "Way out: a mirror that has it (see `pip config list` and the variables "
        "PIP_*), or the versions that this one has: make lock"
    )


def lock(python: Path, task: str) -> str:
    """Return what lock.py prints for `task`; what is wrong it names itself."""
    done = subprocess.run(
        [str(python), str(ROOT / ".ci" / "lock.py"), task],
        stdout=subprocess.PIPE,
        check=False,
    )
    if done.returncode and task == "renew":
        raise Stop(f"{LOCK} stays as it was.")
    if done.returncode:
        raise Stop(
            f"{LOCK} does not fit pyproject.toml.\n"
            "Way out: make lock, and commit the file; or undo the change in either"
        )
    return done.stdout.decode()


def main(arguments: "list[str]") -> int:
    """Do what the module's docstring says; return the exit status."""
    os.chdir(str(ROOT))
    options = {word for word in arguments if word.startswith("--")}
    words = [word for word in arguments if not word.startswith("--")]
    project = Path("pyproject.toml").read_text("utf-8")
    try:
        check_python(sys.version_info[1], project)
        if "--lock" in options:
            with tempfile.TemporaryDirectory() as place:
                python = make_venv(Path(place) / "venv", project)
                print(lock(python, "renew"), end="")
            return 0
        folder, extra = Path(words[0]), "".join(words[1:])
        newest = "--newest" in options
        print(f"installing into {folder} ...", flush=True)
        python = make_venv(folder, project)
        if not newest:
            lock(python, "check")
        install(python, extra, newest=newest)
        others = "" if newest else lock(python, "unpinned").replace("\n", ", ")
    except Stop as stop:
        print(f"\n{stop}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ninterrupted: make goes on when it is started again", file=sys.stderr)
        return 130
    if others:
        print(f"{LOCK} says no version of: {others.rstrip(', ')}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
