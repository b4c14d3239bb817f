"""What a machine lacks is named with what it is for and how to get it."""

import dataclasses
import json
import os
import shutil
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from autograder.errors import GraderFault
from autograder.sandbox import bubblewrap, landlock_backend, machine_check
from autograder.sandbox.machine_check import Check, Machine, State, examine
from small_class import invoke

COMPLETE = Machine(
    system="Linux",
    python=(3, 11, 2),
    is_root=False,
    cores=2,
    which=lambda name: f"/usr/bin/{name}",
    has_package=lambda _: True,
    switches={},
    free_mib=9000,
    memory_mib=4000,
    fonts=12,
)


def checks(**changes: object) -> dict[str, Check]:
    machine = dataclasses.replace(COMPLETE, **changes)  # type: ignore[arg-type] # by name
    return {check.name: check for check in examine(machine, 1024)}


def test_a_complete_machine_lacks_nothing() -> None:
    assert {c.state for c in checks().values()} == {State.OK}
    assert not any(c.remedy for c in checks().values())


@pytest.mark.parametrize(
    ("name", "changes", "state", "found", "remedy"),
    [
        (
            "operating system",
            {"system": "Darwin"},
            State.MISSING,
            "Darwin",
            "grade in a Linux machine, or in a Linux container",
        ),
        (
            "Python",
            {"python": (3, 10, 12)},
            State.MISSING,
            "3.10.12",
            "apt-get install python3.11",
        ),
        (
            "memory",
            {"memory_mib": 1500},
            State.OPTIONAL,
            "1500 MiB available, 2 cores",
            "grade with --workers 1",
        ),
        (
            "memory",
            {"memory_mib": 800},
            State.OPTIONAL,
            "800 MiB available, 2 cores",
            "grade with --workers 1",
        ),
        ("memory", {"memory_mib": None}, State.OPTIONAL, "not known", ""),
        (
            "disk space",
            {"free_mib": 10},
            State.MISSING,
            "10 MiB free where results go",
            "free some, or give another --out",
        ),
        (
            "fonts",
            {"fonts": None},
            State.OPTIONAL,
            "no fc-list",
            "apt-get install fontconfig fonts-dejavu-core",
        ),
        (
            "user namespaces",
            {"switches": {"kernel/apparmor_restrict_unprivileged_userns": "1"}},
            State.OPTIONAL,
            "kernel.apparmor_restrict_unprivileged_userns = 1",
            "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
        ),
    ],
)
def test_what_is_wrong_is_named_with_the_remedy(
    name: str, changes: dict[str, object], state: State, found: str, remedy: str
) -> None:
    check = checks(**changes)[name]
    assert (check.state, check.found, check.remedy) == (state, found, remedy)


def test_a_missing_program_is_named_with_the_package_that_has_it() -> None:
    found = checks(which=lambda _: None)
    assert found["bwrap"].remedy == "apt-get install bubblewrap"
    assert found["prlimit"].remedy == "apt-get install util-linux"
    assert {found[n].state for n in ("bwrap", "prlimit")} == {State.MISSING}
    assert found["chromium"].state is State.OPTIONAL


def test_only_root_needs_what_hands_over_to_an_unprivileged_user() -> None:
    assert not {"unshare", "setpriv"} & set(checks())
    assert {"unshare", "setpriv"} <= set(checks(is_root=True))


def test_a_missing_package_costs_only_what_needs_it() -> None:
    torch = checks(has_package=lambda name: name != "torch")["torch"]
    assert torch.state is State.OPTIONAL
    assert torch.needed_for == "a4_cnn and a5_resnet"
    assert torch.remedy == f"{sys.executable} -m pip install torch==2.13.0"


def test_this_machine_is_looked_at_as_it_is(tmp_path: Path) -> None:
    machine = machine_check.this_machine(tmp_path / "not" / "there" / "yet")
    assert machine.python == sys.version_info[:3]
    assert machine.which("sh") == shutil.which("sh")
    assert machine.is_root == (os.geteuid() == 0)
    assert machine.has_package("numpy")
    assert not machine.has_package("no_such_package")
    assert machine.free_mib == pytest.approx(
        shutil.disk_usage(tmp_path).free / 2**20, rel=0.1
    )


@pytest.mark.sandbox
def test_the_sandbox_is_tried_for_real(course: Path, tmp_path: Path) -> None:
    run = invoke("doctor", "--course", course, "--out", tmp_path, "--json")
    told = json.loads(run.stdout)
    assert (run.exit_code, told["command"], told["ready"]) == (0, "doctor", True)
    assert told["checks"][-1]["name"] == "the sandbox, with numpy"
    assert "nothing that must fail works (bubblewrap" in told["checks"][-1]["found"]


@pytest.mark.sandbox
def test_a_sandbox_that_would_show_the_solutions_is_no_sandbox() -> None:
    check = machine_check.try_sandbox(Path("/usr/lib"), ("numpy",), 1024)
    assert check.state is State.MISSING
    assert "a worker would see it" in check.found
    assert check.remedy == "keep the course and its Python environment apart"


def test_where_no_namespaces_are_to_be_had_root_is_tried_under_landlock(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    refused = GraderFault("bwrap", "does not work here")
    monkeypatch.setattr(bubblewrap, "unavailable", lambda: refused)
    monkeypatch.setattr(landlock_backend, "unavailable", lambda: "")
    monkeypatch.setattr(machine_check, "check_isolation", lambda _: [])
    check = machine_check.try_sandbox(tmp_path, ("numpy",), 1024)
    assert check.state is State.OK
    assert "(Landlock" in check.found


def test_a_machine_of_a_cluster_has_no_course_and_its_sandbox_is_tried_all_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    refused = GraderFault("bwrap", "does not work here")

    def refuse(_: object) -> NoReturn:
        raise refused

    monkeypatch.setattr(machine_check, "check_isolation", refuse)
    run = invoke("doctor", "--course", tmp_path, "--out", tmp_path, "--json")
    told = json.loads(run.stdout)
    assert (run.exit_code, told["ready"]) == (2, False)
    assert told["checks"][-1]["name"] == "the sandbox, with numpy"


def test_a_machine_without_bubblewrap_cannot_grade_and_says_how_to_get_it(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    run = invoke("doctor", "--course", course, "--out", tmp_path)
    assert run.exit_code == 2
    assert "bwrap: apt-get install bubblewrap" in run.output
    assert "this machine cannot grade yet" in run.output
