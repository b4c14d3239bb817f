import time
from pathlib import Path

import pytest

from autograder.errors import GraderFault
from autograder.sandbox import landlock_backend, seccomp
from autograder.sandbox.bubblewrap import Sandbox
from autograder.sandbox.landlock_backend import Contained
from autograder.sandbox.plain_process import Unisolated
from autograder.sandbox.process import Worker, until
from autograder.sandbox.selftest import check_isolation
from autograder.sandbox.zygote import Forking
from patience import PATIENCE_SECONDS

pytestmark = pytest.mark.sandbox
needs_containment = pytest.mark.skipif(
    bool(landlock_backend.unavailable()), reason=landlock_backend.unavailable()
)


def test_nothing_succeeds_in_the_sandbox(tmp_path: Path) -> None:
    assert check_isolation(Sandbox(hidden_paths=(tmp_path,))) == []


def test_nothing_succeeds_in_a_forked_sandbox(tmp_path: Path) -> None:
    starter = Forking(cold=Sandbox(hidden_paths=(tmp_path,)))
    assert check_isolation(starter) == []
    assert starter.is_cheap, starter.isolation


@needs_containment
def test_nothing_succeeds_in_a_forked_contained_worker(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("7351")
    tmp_path.chmod(0o700)
    starter = Forking(cold=Contained(hidden_paths=(tmp_path,)))
    assert check_isolation(starter) == []
    assert starter.is_cheap, starter.isolation


@needs_containment
def test_nothing_succeeds_in_a_contained_worker(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("7351")
    tmp_path.chmod(0o700)
    assert check_isolation(Contained(hidden_paths=(tmp_path,))) == []


@needs_containment
def test_contained_worker_that_one_rule_too_many_lets_out_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        landlock_backend, "DEVICES", (*landlock_backend.DEVICES, "/etc")
    )
    assert check_isolation(Contained()) == ["it can open /etc/passwd"]


@needs_containment
def test_a_device_that_a_contained_worker_can_open_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A GPU's devices are tried in the same way; this one is on every machine.
    devices = (*landlock_backend.DEVICES, "/dev/full")
    monkeypatch.setattr(landlock_backend, "DEVICES", devices)
    assert check_isolation(Contained()) == ["it can open the device /dev/full"]


@needs_containment
def test_contained_worker_without_a_filter_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(seccomp, "DENIED", ())
    monkeypatch.setattr(seccomp, "compiled", seccomp.compiled.__wrapped__)
    found = check_isolation(Contained())
    assert {"it can trace a process", "it can open a memory file"} <= set(found)


def test_everything_that_an_unisolated_worker_can_do_is_named(tmp_path: Path) -> None:
    found = check_isolation(Unisolated(), hidden_paths=[tmp_path])
    assert {
        f"it can see {tmp_path}",
        "it can see /etc/passwd",
        "it can write in /tmp",
        "it can open /etc/passwd",
        "it can open the device /dev/full",
        "it can open a network socket",
        "it can reach a socket of the grader",
        "it can open a memory file",
        "it can outlive the grader",
        "it can start a process",
        "it can trace a process",
    } <= set(found)
    assert any("send signals to process" in words for words in found)
    assert any("the grader's environment" in words for words in found)
    assert "it can allocate more than its limit" not in found


def test_attempts_that_cannot_run_are_the_graders_fault() -> None:
    class Deaf(Unisolated):
        def start(self) -> Worker:
            worker = Unisolated().start()
            worker.send(b"\xff" * 8, until(time.monotonic() + PATIENCE_SECONDS))
            return worker

    with pytest.raises(GraderFault, match="self-test: it did not run"):
        check_isolation(Deaf())
