"""constraints.txt binds all that pyproject.toml asks for, and nothing but versions."""

import re
import runpy
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import autograder

COURSE = Path(autograder.__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((COURSE / "pyproject.toml").read_text("utf-8"))
LINES = [
    line
    for line in (COURSE / "constraints.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
LOCK = runpy.run_path(str(COURSE / ".ci/lock.py"))
SMALL: dict[str, Any] = {
    "build-system": {"requires": ["builder>=1"]},
    "project": {
        "name": "Own_Project",
        "dependencies": ["one>=1,<2", "two; sys_platform == 'win32'"],
        "optional-dependencies": {"more": ["own-project[most]"], "most": ["three"]},
    },
    "dependency-groups": {"without-dependencies": ["four>=4"]},
}
FITS = "builder==1\none==1.5  # kept\n\ntwo==2\nThree==3\nfour==4.0\n"


def wanted() -> list[Requirement]:
    own = PROJECT["project"]
    texts = [*PROJECT["build-system"]["requires"], *own["dependencies"]]
    for extra in own["optional-dependencies"].values():
        texts += [text for text in extra if not text.startswith(own["name"])]
    for group in PROJECT["dependency-groups"].values():
        texts += group
    return [Requirement(text) for text in texts]


@pytest.mark.parametrize("requirement", wanted(), ids=lambda r: r.name)
def test_all_that_the_project_asks_for_has_a_version_in_its_range(
    requirement: Requirement,
) -> None:
    pinned = dict(line.split("==") for line in LINES)
    version = Version(pinned[canonicalize_name(requirement.name)])
    assert version in requirement.specifier


def test_the_lock_file_has_names_and_versions_and_no_address() -> None:
    assert len(LINES) > 100
    for line in LINES:
        assert re.fullmatch(r"[a-z0-9-]+==[0-9][a-z0-9.]*", line)


def test_torch_brings_no_parts_for_gpus() -> None:
    assert not [line for line in LINES if re.match("nvidia|cuda|triton", line)]


def test_the_pythons_that_are_tried_start_with_the_oldest_that_is_allowed() -> None:
    named = [c.rpartition(" :: ")[2] for c in PROJECT["project"]["classifiers"]]
    assert PROJECT["project"]["requires-python"] == f">={named[0]}"


def test_a_lock_that_fits_has_no_misfits() -> None:
    assert LOCK["misfits"](SMALL, FITS) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("one==1.5", "one==2.0", "one==2.0 is outside of one<2,>=1"),
        ("builder==1", "builder==0.9", "builder==0.9 is outside of builder>=1"),
        ("two==2\n", "", "has no version of two"),
        ("Three==3\n", "", "has no version of three"),
        ("four==4.0", "four==3", "four==3 is outside of four>=4"),
        ("four==4.0", "four>=4", "line 6: 'four>=4' is no exact version"),
        ("four==4.0", "four==4.*", "line 6: 'four==4.*' is no exact version"),
        ("four==4.0", "four", "line 6: 'four' is no name==version"),
        ("two==2", "one==1.6", "line 4: one has a version already, 1.5"),
        ("two==2", "<<<<<<< HEAD", "line 4: '<<<<<<< HEAD' is no name==version"),
        ("two==2", "--index-url x", "line 4: '--index-url x' is no name==version"),
        (
            "two==2",
            "two @ https://example.org/two.whl",
            "line 4: 'two @ https://example.org/two.whl' is no name==version",
        ),
    ],
)
def test_what_does_not_fit_is_named(old: str, new: str, told: str) -> None:
    assert old in FITS
    assert told in LOCK["misfits"](SMALL, FITS.replace(old, new))


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("constraints.txt", "constraints.txt cannot be read: No such file"),
        ("pyproject.toml", "pyproject.toml cannot be read: No such file"),
    ],
)
def test_a_file_that_is_missing_is_named(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    file: str,
    told: str,
) -> None:
    for name in {"constraints.txt", "pyproject.toml"} - {file}:
        (tmp_path / name).write_bytes((COURSE / name).read_bytes())
    monkeypatch.chdir(tmp_path)
    assert LOCK["main"]("check") == 1
    assert told in capsys.readouterr().err
