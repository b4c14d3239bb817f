"""A set-up that cannot be done says what is in the way, and the way out.

A small project is installed from a folder of wheels, with the script that make starts.
"""

import ast
import os
import runpy
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import autograder

COURSE = Path(autograder.__file__).parents[1]
SCRIPT = COURSE / ".ci/setup_venv.py"
THIS = sys.version_info[1]
CLASSIFIER = "Programming Language :: Python :: 3."
PROJECT = f"""
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "small"
classifiers = ["{CLASSIFIER}{THIS}"]
dependencies = ["first>=1"]

[project.optional-dependencies]
dev = ["small"]

[dependency-groups]
without-dependencies = ["alone>=1"]
"""
BACKEND = """
import zipfile
def build_editable(folder, config_settings=None, metadata_directory=None):
    name = "small-1-py3-none-any.whl"
    with zipfile.ZipFile(f"{folder}/{name}", "w") as wheel:
        wheel.writestr("small-1.dist-info/WHEEL", "Wheel-Version: 1.0\\n")
        wheel.writestr(
            "small-1.dist-info/METADATA",
            "Metadata-Version: 2.1\\nName: small\\nVersion: 1\\n"
            "Requires-Dist: first>=1\\nProvides-Extra: dev\\n",
        )
        wheel.writestr("small-1.dist-info/RECORD", "")
    return name
"""
FITS = "first==1.0\nsecond==1.0\nalone==1.0\n"
NOT_THERE = """of constraints.txt: where pip looks for packages, this version is \
not to be had.
Way out: a mirror that has it (see `pip config list` and the variables PIP_*), or the \
versions that this one has: make lock
"""
CONTRADICTION = """constraints.txt: second==2.0 does not go with the other versions:
    first 1.0 depends on second<2
Way out: make lock
"""
MISFIT = """constraints.txt: first==0.5 is outside of first>=1

constraints.txt does not fit pyproject.toml.
Way out: make lock, and commit the file; or undo the change in either
"""
Install = Callable[..., "subprocess.CompletedProcess[str]"]


def put_wheel(mirror: Path, name: str, version: str, *needs: str) -> None:
    info = f"{name}-{version}.dist-info"
    lines = [f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Dist: {need}" for need in needs]
    path = mirror / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\n")
        wheel.writestr(f"{info}/METADATA", "\n".join(["Metadata-Version: 2.1", *lines]))
        wheel.writestr(f"{info}/RECORD", "")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small project in a folder that takes no links, with its mirror.

    Its environment was half made, by a Python that is gone, and is made anew.
    """
    folder = tmp_path_factory.mktemp("small project")
    (folder / ".ci").mkdir()
    for script in ("setup_venv.py", "lock.py"):
        shutil.copy(COURSE / ".ci" / script, folder / ".ci")
    (folder / "backend.py").write_text(BACKEND)
    mirror = folder / "mirror"
    mirror.mkdir()
    put_wheel(mirror, "first", "1.0", "second<2")
    put_wheel(mirror, "first", "1.1", "second<2")
    put_wheel(mirror, "second", "1.0")
    put_wheel(mirror, "second", "2.0")
    put_wheel(mirror, "alone", "1.0", "nowhere")
    (folder / ".venv/bin").mkdir(parents=True)
    (folder / ".venv/bin/python").symlink_to(folder / "gone")
    make_venv: Any = runpy.run_path(str(SCRIPT))["make_venv"]
    make_venv.__globals__["_links_can_be_made"] = lambda _: False
    make_venv(folder / ".venv", PROJECT)
    return folder


@pytest.fixture
def install(project: Path) -> Install:
    """Run the script on the small project, with a lock file of these lines."""

    def run(
        lock: str, *arguments: str, toml: str = PROJECT
    ) -> "subprocess.CompletedProcess[str]":
        (project / "pyproject.toml").write_text(toml)
        (project / "constraints.txt").write_text(lock)
        mirror = (project / "mirror").as_uri()
        return subprocess.run(
            [sys.executable, str(project / ".ci/setup_venv.py"), *arguments],
            env={
                "PATH": os.environ["PATH"],
                "PIP_CONFIG_FILE": os.devnull,
                "PIP_NO_INDEX": "1",
                "PIP_FIND_LINKS": mirror,
            },
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def installed(project: Path) -> set[str]:
    """Return what the small project's environment has, pip's own things aside."""
    found = (project / ".venv").rglob("*.dist-info")
    names = {path.name.removesuffix(".dist-info") for path in found}
    return {name for name in names if not name.startswith(("pip", "setuptools"))}


def test_the_script_reads_with_pythons_that_are_too_old() -> None:
    ast.parse(SCRIPT.read_text("utf-8"), feature_version=(3, 6))


def test_a_folder_that_takes_no_links_gets_an_environment_of_copies(
    project: Path,
) -> None:
    assert not [path for path in (project / ".venv").rglob("*") if path.is_symlink()]
    subprocess.run([str(project / ".venv/bin/python"), "-c", "import pip"], check=True)


def test_the_versions_of_the_lock_file_are_installed_and_not_newer_ones(
    install: Install, project: Path
) -> None:
    done = install(FITS, ".venv", "dev")
    assert done.returncode == 0, done.stderr
    assert installed(project) == {"first-1.0", "second-1.0", "alone-1.0", "small-1"}
    assert done.stdout == "installing into .venv ...\n"
    assert done.stderr == ""


def test_what_has_no_version_is_told_and_stops_nothing(install: Install) -> None:
    done = install(FITS.replace("second==1.0\n", ""), ".venv", "dev")
    assert done.returncode == 0
    assert "constraints.txt says no version of: second 1.0" in done.stderr


def test_the_newest_are_installed_where_they_are_asked_for(
    install: Install, project: Path
) -> None:
    for folder in (project / ".venv").rglob("first-*.dist-info"):
        shutil.rmtree(folder)
    assert install(FITS, "--newest", ".venv", "dev").returncode == 0
    assert "first-1.1" in installed(project)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("first==1.0", "first==1.7", f"first==1.7 {NOT_THERE}"),
        ("second==1.0", "second==1.7", f"second==1.7 {NOT_THERE}"),
        ("second==1.0", "second==2.0", CONTRADICTION),
        ("first==1.0", "first==0.5", MISFIT),
        ("alone==1.0\n", "", "constraints.txt: has no version of alone\n"),
    ],
)
def test_a_version_that_cannot_be_installed_is_named_with_the_way_out(
    install: Install, old: str, new: str, told: str
) -> None:
    done = install(FITS.replace(old, new), ".venv", "dev")
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_mirror_that_has_nothing_of_a_name_is_told_from_one_without_the_version(
    install: Install,
) -> None:
    toml = PROJECT.replace("alone>=1", "nowhere>=1")
    done = install(FITS + "nowhere==1.0\n", ".venv", "dev", toml=toml)
    assert done.returncode == 1
    assert (
        "nowhere==1.0 of constraints.txt: where pip looks for packages, there is "
        in (done.stderr)
    )
    assert "Way out: a network, a proxy or a mirror" in done.stderr


@pytest.mark.parametrize(("minor", "age"), [(THIS - 1, "old"), (THIS + 1, "new")])
def test_a_python_that_was_not_tried_is_named(
    install: Install, minor: int, age: str
) -> None:
    toml = PROJECT.replace(f"{CLASSIFIER}{THIS}", f"{CLASSIFIER}{2 * THIS - minor}")
    done = install(FITS, ".venv", toml=toml)
    assert done.returncode == 1
    assert f"is Python 3.{THIS}, which is too {age}" in done.stderr
    assert "Way out: " in done.stderr
    assert "make again with PYTHON=" in done.stderr


def test_a_place_where_none_can_be_made_is_named(tmp_path: Path) -> None:
    script = runpy.run_path(str(SCRIPT))
    (tmp_path / "file").write_text("")
    with pytest.raises(script["Stop"], match=r"(?s)file.*Way out: a folder"):
        script["make_venv"](tmp_path / "file" / ".venv", PROJECT)
