import contextlib
import importlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from autograder.errors import GraderFault, StudentFault
from autograder.sandbox import zygote
from autograder.sandbox.bubblewrap import Sandbox
from autograder.sandbox.landlock_backend import Contained, unavailable
from autograder.sandbox.launch import Starter
from autograder.sandbox.session import Session
from autograder.sandbox.zygote import MOST_ZYGOTES, Forking, Host

pytestmark = pytest.mark.sandbox

needs_containment = pytest.mark.skipif(bool(unavailable()), reason=unavailable())
HOSTS = (
    pytest.param(Sandbox(), id="sandbox"),
    pytest.param(Contained(), id="contained", marks=needs_containment),
)
LOOK = """
import os, resource, signal, socket, sys, threading, time
import numpy as np
def f():
    names = [n for n in dir(resource) if n.startswith("RLIMIT_")]
    return {
        "environment": dict(os.environ),
        "folder": os.getcwd(),
        "path": sys.path,
        "arguments": sys.argv,
        "limits": {n: list(resource.getrlimit(getattr(resource, n))) for n in names},
        "descriptors": [n for n in range(256) if is_open(n)],
        "root": sorted(os.listdir("/")) if os.getpid() == 1 else [],
        "threads": threading.active_count(),
        "recursion": sys.getrecursionlimit(),
        "switch": sys.getswitchinterval(),
        "errors": np.geterr(),
        "host": socket.gethostname() if os.getpid() == 1 else "",
        "nice": os.getpriority(os.PRIO_PROCESS, 0),
        "mask": sorted(signal.pthread_sigmask(signal.SIG_BLOCK, ())),
        "handlers": [str(signal.getsignal(n)) for n in signal.valid_signals()],
        "depth": depth(),
        "leads": [os.getsid(0) == os.getpid(), os.getpgid(0) == os.getpid()],
    }
def depth():
    frame, count = sys._getframe(), 0
    while frame:
        frame, count = frame.f_back, count + 1
    return count
def is_open(number):
    try:
        os.fstat(number)
    except OSError:
        return False
    return True
def draw():
    import random
    return [random.random(), float(np.random.rand())]
def largest():
    low, high = 0, 2**40
    while high - low > 2**20:
        middle = (low + high) // 2
        try:
            np.empty(middle, np.uint8)  # asked for, and not written
            low = middle
        except MemoryError:
            high = middle
    return low / 2**20
def leave():
    os._exit(3)
def crash():
    import ctypes
    ctypes.string_at(0)
def left():
    import builtins, sys
    return [
        hasattr(builtins, "kept"), hasattr(np, "kept"), "kept" in sys.modules,
        hasattr(np.ndarray, "kept") or hasattr(np.linalg, "kept"),
    ]
def keep():
    import builtins, sys
    builtins.kept = np.kept = np.linalg.kept = 1
    sys.modules["kept"] = sys
"""


def talk(starter: Starter, source: str = LOOK, *, is_cheap: bool = False) -> Session:
    return Session(
        starter.start,
        "a1.py",
        source.encode(),
        seconds_per_case=9,
        seconds_total=30,
        is_cheap=is_cheap,
    )


@pytest.mark.parametrize("cold", HOSTS)
def test_a_forked_worker_has_what_a_cold_one_has(cold: Host) -> None:
    warm = Forking(cold=cold)
    with talk(cold) as one, talk(warm) as other:
        seen = one.call("f")
        assert other.call("f") == seen
    assert warm.is_cheap, warm.isolation
    assert warm.isolation == cold.isolation


@pytest.mark.parametrize("cold", HOSTS)
def test_a_forked_worker_meets_its_memory_limit_where_a_cold_one_does(
    cold: Host,
) -> None:
    with talk(cold) as one, talk(Forking(cold=cold)) as other:
        assert other.call("largest") == pytest.approx(one.call("largest"), abs=32)


@pytest.mark.parametrize("cold", HOSTS)
def test_workers_of_one_zygote_draw_other_numbers(cold: Host) -> None:
    starter = Forking(cold=cold)
    with talk(starter) as one, talk(starter) as other:
        first, second = one.call("draw"), other.call("draw")
    assert len({*first, *second}) == 4


@pytest.mark.parametrize("cold", HOSTS)
def test_processor_time_begins_with_the_worker(cold: Host) -> None:
    starter = Forking(cold=cold)
    source = "import time\ndef f():\n    return time.process_time()\n"
    worker = starter.start()
    with Session(
        lambda: worker, "a1.py", source.encode(), seconds_per_case=9, seconds_total=9
    ) as session:
        inside = session.call("f")
        seen = worker.glance().cpu
        assert seen is not None
        stat = Path(f"/proc/{parent(worker.pid)}/stat").read_text()
    ticks = sum(map(int, stat.rpartition(")")[2].split()[11:13]))
    of_the_zygote = ticks / os.sysconf("SC_CLK_TCK")
    assert inside <= seen < of_the_zygote, "it has the time of its zygote's imports"


@pytest.mark.parametrize("cold", HOSTS)
def test_what_a_question_leaves_behind_is_gone_once_the_next_begins_anew(
    cold: Host,
) -> None:
    with talk(Forking(cold=cold), is_cheap=True) as session:
        session.begin_question()
        assert session.call("left") == [False] * 4
        session.call("keep")
        session.begin_question()
        assert session.call("left") == [True] * 4
        session.begin_anew()
        assert session.call("left") == [False] * 4


@pytest.mark.parametrize("cold", HOSTS)
def test_how_a_forked_worker_ended_is_told_as_of_a_cold_one(cold: Host) -> None:
    for function in ("leave", "crash"):
        told = []
        for starter in (cold, Forking(cold=cold)):
            with talk(starter) as session:
                with pytest.raises(StudentFault) as caught:
                    session.call(function)
                told.append((caught.value.kind, str(caught.value)))
        assert told[0] == told[1]
    worker = Forking(cold=cold).start()
    worker.kill()
    assert worker.exit_code == 128 + signal.SIGKILL
    worker.kill()


@pytest.mark.parametrize("cold", HOSTS)
def test_workers_can_be_wanted_by_several_threads(cold: Host) -> None:
    starter = Forking(cold=cold)
    with ThreadPoolExecutor(4) as pool:
        workers = [*pool.map(lambda _: starter.start(), range(8))]
    assert len({worker.pid for worker in workers}) == 8
    assert len({parent(worker.pid) for worker in workers}) == 1, "of several zygotes"
    for worker in workers:
        worker.kill()


@pytest.mark.parametrize("cold", HOSTS)
def test_a_zygote_that_is_killed_is_no_submissions_fault_and_is_replaced(
    cold: Host,
) -> None:
    starter = Forking(cold=cold)
    with talk(starter) as session:
        session.call("draw")
        worker = session._worker  # noqa: SLF001 - whose parent is to be ended
        assert worker is not None
        os.kill(parent(worker.pid), signal.SIGKILL)
        wait_until_gone(worker.pid)
        with pytest.raises(GraderFault, match="ended by nobody's submission"):
            session.call("draw")
        assert len(session.call("draw")) == 2
    assert starter.is_cheap


@pytest.mark.parametrize("cold", HOSTS)
def test_a_zygote_of_which_a_word_was_not_read_is_replaced(
    cold: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    starter = Forking(cold=cold)
    before = starter.start()
    with monkeypatch.context() as patch:
        patch.setattr(zygote.Zygote, "_forked", _no_memory_once())
        after = starter.start()
    wait_until_gone(before.pid)
    assert after.glance().cpu is not None
    assert starter.is_cheap
    for worker in (before, after):
        worker.kill()


def _no_memory_once() -> Callable[[zygote.Zygote], int]:
    asked = []
    forked = zygote.Zygote._forked  # noqa: SLF001 - what is to be in its place

    def told(self: zygote.Zygote) -> int:
        asked.append(self)
        if len(asked) == 1:
            raise MemoryError
        return forked(self)

    return told


def test_a_machine_that_ends_every_zygote_gets_cold_workers(
    request: pytest.FixtureRequest,
) -> None:
    request.addfinalizer(zygote._nursery.cache_clear)  # noqa: SLF001 - it has given up
    zygote._nursery.cache_clear()  # noqa: SLF001 - others have used its zygote
    starter = Forking(cold=Sandbox())
    for _ in range(MOST_ZYGOTES):
        assert starter.is_cheap
        worker = starter.start()
        os.kill(parent(worker.pid), signal.SIGKILL)
        worker.kill()
    starter.start().kill()
    assert not starter.is_cheap
    assert "; started cold: the zygote: it " in starter.isolation


class Narrow(Sandbox):
    """A sandbox in which no other namespaces can be made."""

    def open_zygote(self, control: int) -> "subprocess.Popen[bytes]":
        return self._open(
            "--disable-userns",
            most={},
            module="autograder.worker.zygote",
            stdin=control,
        )


def test_where_no_namespaces_can_be_made_workers_are_started_cold_and_it_is_said() -> (
    None
):
    starter = Forking(cold=Narrow())
    with talk(starter) as session:
        assert len(session.call("draw")) == 2
    assert not starter.is_cheap
    assert starter.isolation.startswith(f"{starter.cold.isolation}; started cold: ")
    assert "unshare: No space left on device" in starter.isolation


@pytest.fixture
def package_with_a_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    package = tmp_path / "site" / "threaded_package"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(
        "import threading, time\n"
        "threading.Thread(target=time.sleep, args=(600,), daemon=True).start()\n"
    )
    monkeypatch.syspath_prepend(package.parent)
    yield "threaded_package"
    sys.modules.pop("threaded_package", None)
    importlib.invalidate_caches()


def test_a_package_that_starts_threads_is_not_forked(
    package_with_a_thread: str,
) -> None:
    starter = Forking(cold=Sandbox(packages=("numpy", package_with_a_thread)))
    starter.start().kill()
    assert (
        "; started cold: the zygote: its packages have started threads: it has 2"
        in (starter.isolation)
    )


GRADER = """
import sys, time
from autograder.sandbox.{module} import {cold}
from autograder.sandbox.zygote import Forking
workers = [Forking(cold={cold}()).start() for _ in range(3)]
print(*[worker.pid for worker in workers], flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize(
    ("module", "cold"),
    [
        ("bubblewrap", "Sandbox"),
        pytest.param("landlock_backend", "Contained", marks=needs_containment),
    ],
)
@pytest.mark.parametrize("whom", ["the grader", "the zygote"])
def test_who_is_killed_takes_all_below_along(module: str, cold: str, whom: str) -> None:
    grader = subprocess.Popen(
        [sys.executable, "-c", GRADER.format(module=module, cold=cold)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert grader.stdout is not None
    workers = [*map(int, grader.stdout.readline().split())]
    below = [parent(workers[0]), *workers]
    assert all(map(is_running, below))
    if whom == "the grader":
        grader.kill()
    else:
        os.kill(below[0], signal.SIGKILL)
    for pid in below:
        wait_until_gone(pid)
    grader.kill()
    grader.wait()
    grader.stdout.close()


def parent(pid: int) -> int:
    text = Path(f"/proc/{pid}/stat").read_text()
    return int(text.rpartition(")")[2].split()[1])


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + 60
    while is_running(pid):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def is_running(pid: int) -> bool:
    with contextlib.suppress(OSError):
        text = Path(f"/proc/{pid}/stat").read_text()
        return text.rpartition(")")[2].split()[0] != "Z"
    return False
