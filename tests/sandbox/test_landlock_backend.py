import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.course.assignment import load
from autograder.errors import GraderFault
from autograder.sandbox import backends, bubblewrap, landlock, landlock_backend
from autograder.sandbox.bubblewrap import Sandbox
from autograder.sandbox.confine import Plan
from autograder.sandbox.landlock import Access
from autograder.sandbox.landlock_backend import FIRST_UID, Contained
from autograder.sandbox.launch import OWN_FILES, SANDBOX_ENVIRONMENT
from autograder.sandbox.session import Session, StudentRaised
from autograder.sandbox.zygote import Forking
from patience import PATIENCE_SECONDS, wait_until

pytestmark = pytest.mark.sandbox
needs_containment = pytest.mark.skipif(
    bool(landlock_backend.unavailable()), reason=landlock_backend.unavailable()
)
LOOK = """
import os, resource, sys
def f():
    return {
        "environment": dict(os.environ),
        "users": [*os.getresuid(), *os.getresgid(), *os.getgroups()],
        "pid": os.getpid(),
        "folder": os.getcwd(),
        "packages": sorted(os.listdir(sys.path[-2])),
        "modules": sorted(os.listdir(sys.path[-1] + "/autograder")),
        "worker": sorted(os.listdir(sys.path[-1] + "/autograder/worker")),
        "memory": list(resource.getrlimit(resource.RLIMIT_AS)),
        "files": list(resource.getrlimit(resource.RLIMIT_FSIZE)),
        "threads": list(resource.getrlimit(resource.RLIMIT_NPROC)),
    }
def g(name):
    return __import__(name).__name__
def h(path):
    return open(path, "rb").read(9)
"""


def talk(starter: Contained) -> Session:
    return Session(
        starter.start, "a1.py", LOOK.encode(), seconds_per_case=9, seconds_total=9
    )


@needs_containment
def test_worker_has_a_user_of_its_own_and_what_it_needs() -> None:
    with talk(Contained(memory_mib=700)) as session:
        seen = session.call("f")
    assert set(seen["users"]) == {FIRST_UID + seen["pid"]}
    assert seen["folder"] == "/"
    assert {"numpy", "msgspec", "safetensors", "checks"} <= set(seen["packages"])
    assert not {"otter", "pytest", "scipy", "torch"} & set(seen["packages"])
    assert seen["modules"] == ["__init__.py", "worker"]
    assert {f"worker/{name}" for name in seen["worker"]} == {*OWN_FILES[1:]}
    assert seen["memory"] == [700 * 2**20] * 2
    assert seen["files"] == [0, 0]
    assert seen["threads"] == [64, 64]


@needs_containment
def test_workers_environment_is_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOGRADER_SECRET", "7351")
    with talk(Contained()) as session:
        environment = session.call("f")["environment"]
    assert environment.keys() - SANDBOX_ENVIRONMENT.keys() <= {
        *("LD_LIBRARY_PATH", "LC_CTYPE")
    }


@needs_containment
def test_two_workers_have_two_users() -> None:
    with talk(Contained()) as one, talk(Contained()) as other:
        assert not set(one.call("f")["users"]) & set(other.call("f")["users"])


@needs_containment
def test_packages_of_the_system_and_of_the_grader_can_t_be_read() -> None:
    import otter  # noqa: PLC0415 its place alone is of interest

    with talk(Contained()) as session:
        for path in (otter.__file__, backends.__file__):
            with pytest.raises(StudentRaised, match="PermissionError"):
                session.call("h", (path,))


def test_folders_around_a_masked_one_are_opened_entry_by_entry(tmp_path: Path) -> None:
    library = tmp_path / "python3.11"
    (library / "dist-packages").mkdir(parents=True)
    (library / "json").mkdir()
    (library / "os.py").touch()
    (library / "sitecustomize.py").symlink_to("/etc/passwd")
    found = landlock_backend._around(tmp_path, {library / "dist-packages"})  # noqa: SLF001
    assert [*found] == [library / "json", library / "os.py"]


@pytest.fixture
def private_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, Path]]:
    """A package below a folder that its owner alone can open."""
    package = tmp_path / "home" / "site" / "tiny_package"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "__init__.py").chmod(0o600)
    (tmp_path / "home").chmod(0o700)
    monkeypatch.syspath_prepend(package.parent)
    yield "tiny_package", package
    sys.modules.pop("tiny_package", None)
    importlib.invalidate_caches()


@needs_containment
def test_package_below_a_private_folder_is_reached(
    private_package: tuple[str, Path],
) -> None:
    name, _ = private_package
    with talk(Contained(packages=("numpy", name))) as session:
        assert session.call("g", (name,)) == name


@needs_containment
def test_hidden_folder_that_others_can_open_is_refused(tmp_path: Path) -> None:
    hidden = Path("/tmp") / f"autograder-test-{os.getpid()}"  # noqa: S108 open to all
    hidden.mkdir(mode=0o755)
    try:
        with pytest.raises(GraderFault, match="every user of this machine") as caught:
            Contained(hidden_paths=(hidden,)).start()
        assert f"(chmod 700 {hidden})" in str(caught.value)
        hidden.chmod(0o700)
        Contained(hidden_paths=(hidden, tmp_path / "nowhere")).start().kill()
    finally:
        hidden.rmdir()


GRADER = """
import time
from autograder.sandbox.landlock_backend import Contained
print(Contained().start().pid, flush=True)
time.sleep(3600)
"""


@needs_containment
def test_worker_dies_with_the_grader() -> None:
    grader = subprocess.Popen(
        [sys.executable, "-c", GRADER],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert grader.stdout is not None
    worker = int(grader.stdout.readline())
    assert is_running(worker)
    grader.kill()
    grader.wait()
    grader.stdout.close()
    wait_until(lambda: not is_running(worker))


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@needs_containment
def test_whatever_else_runs_as_a_workers_user_ends_with_it() -> None:
    worker = Contained().start()
    user = FIRST_UID + worker.pid
    left = subprocess.Popen(["/bin/sleep", "3600"], user=user, group=user)
    worker.kill()
    assert left.wait(PATIENCE_SECONDS) == -9


def test_plan_says_what_may_be_done_where() -> None:
    plan = Plan(
        first_uid=1,
        limits={},
        readable=["/lib", "/bin/python"],
        listable=["/lib"],
        executable=["/lib", "/bin/python"],
        writable=["/dev/null"],
        seccomp=3,
        parent=1,
        command=["/bin/python"],
        environment={},
    )
    read = Access.READ_FILE | Access.READ_DIR
    assert Plan.from_text(plan.to_text()).allowed() == {
        "/lib": read | Access.EXECUTE,
        "/bin/python": read | Access.EXECUTE,
        "/dev/null": Access.READ_FILE | Access.WRITE_FILE,
    }


def test_who_is_not_root_can_t_contain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert landlock_backend.unavailable() == "that takes root"
    with pytest.raises(GraderFault, match="no worker can be contained: that takes"):
        Contained().start()


def test_kernel_without_landlock_can_t_contain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(landlock, "abi", lambda: 0)
    assert landlock_backend.unavailable() == "this kernel has no Landlock"


def test_container_without_so_many_users_can_t_contain(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(landlock, "abi", lambda: 7)
    monkeypatch.setattr(landlock_backend, "FIRST_UID", 2**32)
    assert "users 4294967296 to " in landlock_backend.unavailable()
    assert landlock_backend.unavailable().endswith(" are not mapped here")


def test_bubblewrap_is_chosen_where_it_works(course: Path) -> None:
    starter = backends.isolated(course, load(course, "a0_scale"))
    assert isinstance(starter, Forking)
    assert isinstance(starter.cold, Sandbox)


def test_workers_are_started_cold_where_that_is_asked_for(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(backends.COLD_START, "1")
    assert isinstance(backends.isolated(course, load(course, "a0_scale")), Sandbox)


@pytest.fixture
def broken_bwrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "bwrap").write_text(
        "#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2; exit 1\n"
    )
    (programs / "bwrap").chmod(0o755)
    # Nobody could open pytest's folder, so this bwrap is started as whoever we are.
    monkeypatch.setattr(bubblewrap, "Stage", NoStage)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")


class NoStage:
    """In place of the mounts and the user that root's bwrap gets."""

    @classmethod
    def of(cls, _: object) -> "NoStage":
        return cls()

    def command(self) -> list[str]:
        return []


@needs_containment
@pytest.mark.usefixtures("broken_bwrap")
def test_containment_is_chosen_where_bubblewrap_makes_no_namespace(
    course: Path,
) -> None:
    starter = backends.isolated(course, load(course, "a0_scale"))
    assert isinstance(starter, Forking)
    assert isinstance(starter.cold, Contained)
    assert starter.cold.hidden_paths == (course / "solutions",)
    assert starter.isolation.startswith(f"Landlock {landlock.abi()} and seccomp")


@pytest.mark.usefixtures("broken_bwrap")
def test_where_neither_works_both_reasons_are_told(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(landlock_backend, "unavailable", lambda: "that takes root")
    with pytest.raises(GraderFault, match="does not work here: bwrap: setting") as told:
        backends.isolated(course, load(course, "a0_scale"))
    assert "contained without it: that takes root" in str(told.value)
    assert "apparmor_restrict_unprivileged_userns=0" in str(told.value)
