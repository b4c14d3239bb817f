import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.errors import GraderFault
from autograder.sandbox import launch
from autograder.sandbox.bubblewrap import Sandbox, ended
from autograder.sandbox.launch import OWN_FILES
from autograder.sandbox.plain_process import Unisolated
from autograder.sandbox.session import Session
from patience import wait_until

pytestmark = pytest.mark.sandbox

LOOK = """
import os, resource, sys
def f():
    return {
        "environment": dict(os.environ),
        "uid": os.getuid(),
        "pid": os.getpid(),
        "folder": os.getcwd(),
        "path": sys.path,
        "root": sorted(os.listdir("/")),
        "devices": sorted(os.listdir("/dev")),
        "site": sorted(os.listdir("/sandbox/site")),
        "modules": sorted(os.listdir("/sandbox/autograder")),
        "worker": sorted(os.listdir("/sandbox/autograder/worker")),
        "memory": list(resource.getrlimit(resource.RLIMIT_AS)),
        "files": list(resource.getrlimit(resource.RLIMIT_FSIZE)),
        "packages": [p for p in os.listdir("/usr/lib/python3")]
        if os.path.isdir("/usr/lib/python3") else [],
    }
def g(name):
    return __import__(name).__name__
"""


def talk(starter: Sandbox | Unisolated, source: str = LOOK) -> Session:
    return Session(
        starter.start, "a1.py", source.encode(), seconds_per_case=9, seconds_total=9
    )


def test_worker_sees_its_libraries_and_nothing_of_the_course() -> None:
    with talk(Sandbox(memory_mib=700, packages=("numpy",))) as session:
        seen = session.call("f")
    assert seen["uid"] == (65534 if os.geteuid() == 0 else os.geteuid())
    assert seen["pid"] == 1
    assert seen["folder"] == "/tmp"  # noqa: S108
    assert set(seen["root"]) <= {
        *("dev", "lib", "lib64", "sandbox", "tmp", "usr"),
        Path(sys.base_prefix).parts[1],
    }
    # No GPU's either: nothing in the assignments needs one.
    assert seen["devices"] == ["null", "random", "urandom", "zero"]
    assert {"numpy", "msgspec", "safetensors"} <= set(seen["site"])
    assert not {"otter", "pytest", "scipy", "torch"} & set(seen["site"])
    assert seen["modules"] == ["__init__.py", "worker"]
    assert {f"worker/{name}" for name in seen["worker"]} == {*OWN_FILES[1:]}
    assert seen["memory"] == [700 * 2**20] * 2
    assert seen["files"] == [0, 0]
    assert seen["packages"] == []


def test_workers_environment_is_the_sandboxs_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AUTOGRADER_SECRET", "7351")
    with talk(Sandbox()) as session:
        environment = session.call("f")["environment"]
    assert environment.keys() - launch.SANDBOX_ENVIRONMENT.keys() <= {
        *("LD_LIBRARY_PATH", "LC_CTYPE", "PWD")
    }


def test_isolation_names_the_version_and_the_user() -> None:
    uid = 65534 if os.geteuid() == 0 else os.geteuid()
    isolation = Sandbox().isolation
    assert isolation.startswith("bubblewrap 0.")
    assert isolation.endswith(f", uid {uid}")
    assert Unisolated().isolation == "none"


@pytest.fixture
def private_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, Path]]:
    """A package below a folder that its owner alone can open."""
    private = tmp_path / "home"
    package = private / "site" / "tiny_package"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    for path, mode in ((private, 0o700), (package.parent, 0o755), (package, 0o755)):
        path.chmod(mode)
    monkeypatch.syspath_prepend(package.parent)
    yield "tiny_package", package
    sys.modules.pop("tiny_package", None)
    importlib.invalidate_caches()


def test_package_below_a_private_folder_is_reached(
    private_package: tuple[str, Path],
) -> None:
    name, _ = private_package
    with talk(Sandbox(packages=("numpy", name))) as session:
        assert session.call("g", (name,)) == name


def test_hidden_path_inside_a_mounted_package_is_refused(
    private_package: tuple[str, Path],
) -> None:
    name, folder = private_package
    sandbox = Sandbox(packages=(name,), hidden_paths=(folder / "solutions",))
    with pytest.raises(GraderFault, match="a worker would see it, because") as caught:
        sandbox.start()
    assert str(folder / "solutions") in str(caught.value)


def test_hidden_path_around_a_mounted_package_is_refused(
    private_package: tuple[str, Path],
) -> None:
    name, folder = private_package
    sandbox = Sandbox(packages=(name,), hidden_paths=(folder.parents[1],))
    with pytest.raises(GraderFault, match="keep the course and its Python"):
        sandbox.start()


def test_unreadable_package_says_what_to_do(private_package: tuple[str, Path]) -> None:
    if os.geteuid() != 0:
        pytest.skip("a user can read what belongs to them")
    name, folder = private_package
    (folder / "__init__.py").chmod(0o600)
    with pytest.raises(GraderFault, match="must be readable for everyone"):
        Sandbox(packages=(name,)).start()


def test_unknown_package_names_the_command_that_installs_it() -> None:
    with pytest.raises(GraderFault, match="pip install no_such_package"):
        Sandbox(packages=("no_such_package",)).start()


def test_missing_bubblewrap_names_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GraderFault, match=r"apt-get install \S+"):
        Sandbox().start()
    with pytest.raises(GraderFault, match=r"bwrap: .* \(apt-get install bubblewrap\)"):
        _ = Sandbox().isolation


def test_worker_that_cannot_start_tells_what_was_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(launch, "BOOT", "raise RuntimeError('no numpy')")
    with pytest.raises(GraderFault, match="ended before it was ready; it said: ") as c:
        Sandbox().start()
    assert "no numpy" in str(c.value)


def test_worker_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "BOOT", "import time; time.sleep(3600)")
    monkeypatch.setattr(launch, "READY_SECONDS", 0.5)
    with pytest.raises(GraderFault, match="no worker was ready within 0 s"):
        Sandbox().start()


GRADER = """
import sys, threading, time
from autograder.sandbox.bubblewrap import Sandbox
workers = []
thread = threading.Thread(target=lambda: workers.append(Sandbox().start()))
thread.start(); thread.join()
time.sleep(0.2)
assert workers[0].exit_code is None, "ended with the thread that asked for it"
print(workers[0].pid, flush=True)
time.sleep(3600)
"""


def test_worker_outlives_the_thread_and_dies_with_the_grader() -> None:
    grader = subprocess.Popen(
        [sys.executable, "-c", GRADER],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert grader.stdout is not None
    bwrap = int(grader.stdout.readline())
    [child] = children(bwrap)
    grader.kill()
    grader.wait()
    grader.stdout.close()
    wait_until(lambda: not is_running(bwrap) and not is_running(child))


def children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(word) for word in text.split()]


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_plain_user_may_start_a_sandbox() -> None:
    if os.geteuid() != 0:
        pytest.skip("every other test of this file shows it")
    closed = [p for p in Path(sys.executable).parents if not p.stat().st_mode & 0o001]
    if closed:
        pytest.skip(f"nobody but root can enter {closed[-1]}: no plain user runs there")
    code = (
        "from autograder.sandbox.bubblewrap import *; "
        "s = Sandbox(); s.start(); print(s.isolation)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        user=12345,
        group=12345,
        extra_groups=[],
        cwd="/",
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
    )
    assert run.stdout.endswith(", uid 12345\n"), run.stderr


def test_unisolated_worker_uses_the_same_worker() -> None:
    source = "def f():\n    return __name__\n"
    with talk(Unisolated(), source) as session:
        assert session.call("f") == "a1"


def test_warm_worker_can_be_thrown_away_unused() -> None:
    worker = Sandbox().start()
    assert worker.exit_code is None
    worker.kill()
    assert worker.exit_code is not None


def test_a_bwrap_that_is_killed_while_it_is_tried_keeps_nobody_waiting() -> None:
    """As bwrap: the inner process inherits the streams, and outlives the outer one."""
    leaves = "sleep 600 & echo words >&2; kill -9 $$"
    assert ended(["/bin/sh", "-c", leaves]) == (-9, "words\n")
