"""Every attack of ``attacks/`` through a real worker: the verdict, and the effect.

A folder holds ``submission.py`` and ``expected.toml``:

    about = what it tries          threats = numbers of the threat list
    verdict = passed | failed      kind = of the first case, or a list of allowed ones
    second_kind = of the second case, where it differs (a first "passed" may fail there)
    watched = forbidden names noted         broke_protocol = a person is told
    pause_seconds = between the cases       seconds = for a case, where it needs
        more, or never ends and so proves the same in less

A case is one call of ``conv1d``. Whatever happens, nothing may be written, printed or
reached, no process may be left, and no secret may come back. Where workers are forked,
another one of the same zygote goes on beside it and has what it had, and so does the
zygote.
"""

import os
import resource
import socket
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.errors import StudentFault
from autograder.sandbox import launch
from autograder.sandbox.bubblewrap import Sandbox
from autograder.sandbox.budget import OVERTIME
from autograder.sandbox.landlock_backend import Contained, unavailable
from autograder.sandbox.launch import Starter
from autograder.sandbox.process import Worker
from autograder.sandbox.session import Session, StudentRaised
from autograder.sandbox.zygote import Forking

ATTACKS = sorted(
    path.parent for path in Path(__file__).parents[1].glob("attacks/*/*.toml")
)
# Where the submissions look, as they name it; each test has a place and a port of its
# own in its stead. A sandbox shows no tmp_path of pytest's, so it lies in /tmp.
NAMED_PLACE, NAMED_PORT = b"autograder-attacks", b"47351"
WRITABLE = ("/", "/tmp", "/dev", "/dev/shm", "/var/tmp")  # noqa: S108
MARKS = '{"score": 12.5}'
SECRET = "SECRET-7351"  # noqa: S105
SECONDS_PER_CASE = 1.0

pytestmark = pytest.mark.sandbox


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that everybody may write in, with marks and solutions in it."""
    with tempfile.TemporaryDirectory(prefix="autograder-", dir="/tmp") as made:
        place = Path(made)
        (place / "secret").mkdir()
        place.chmod(0o777)
        (place / "results.json").write_text(MARKS)
        (place / "results.json").chmod(0o666)
        (place / "secret" / "reference.py").write_text(SECRET)
        yield place


@pytest.fixture
def doors(place: Path) -> Iterator[list[socket.socket]]:
    """Sockets of the machine that nobody may knock at."""
    tcp = socket.create_server(("127.0.0.1", 0))
    abstract, named = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
    abstract.bind(f"\0{place.name}")
    named.bind(str(place / "socket"))
    (place / "socket").chmod(0o777)
    doors = [tcp, abstract, named]
    for door in doors:
        door.listen()
        door.setblocking(False)
    yield doors
    for door in doors:
        door.close()


@pytest.fixture
def open_file(place: Path) -> Iterator[int]:
    """A descriptor of the grader that a careless start would pass on."""
    descriptor = os.open(place / "secret" / "reference.py", os.O_RDONLY)
    os.set_inheritable(descriptor, True)
    yield descriptor
    os.close(descriptor)


def sandboxed(place: Path) -> Starter:
    launch._keeper(os.getpid()).group()  # noqa: SLF001 - so that it is none of the attack's
    return Sandbox(hidden_paths=(place,))


def contained_by_landlock(_: Path) -> Starter:
    # The place is open to all users on purpose: what closes it is Landlock alone.
    return Contained()


def forked_into_a_sandbox(place: Path) -> Starter:
    return warm(Forking(cold=Sandbox(hidden_paths=(place,))))


def forked_behind_landlock(_: Path) -> Starter:
    return warm(Forking(cold=Contained()))


def warm(starter: Forking) -> Forking:
    """Have the zygote there, so that it is no process of the attack's."""
    starter.start().kill()
    assert starter.is_cheap, starter.isolation
    return starter


needs_containment = pytest.mark.skipif(bool(unavailable()), reason=unavailable())
STARTERS = (
    pytest.param(sandboxed, id="sandbox"),
    pytest.param(forked_into_a_sandbox, id="forked-sandbox"),
    pytest.param(contained_by_landlock, id="contained", marks=needs_containment),
    pytest.param(
        forked_behind_landlock, id="forked-contained", marks=needs_containment
    ),
)


@pytest.mark.parametrize("folder", ATTACKS, ids=lambda path: path.name)
@pytest.mark.parametrize("starter", STARTERS)
@pytest.mark.usefixtures("open_file")
def test_attack_gets_its_verdict_and_has_no_effect(
    folder: Path,
    starter: Callable[[Path], Starter],
    place: Path,
    doors: list[socket.socket],
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expected = tomllib.loads((folder / "expected.toml").read_text())
    monkeypatch.setenv("AUTOGRADER_SECRET", SECRET)
    seconds_per_case = expected.get("seconds", SECONDS_PER_CASE)
    memory_before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    start = starter(place).start
    session = Session(
        start,
        "a1_conv1d.py",
        (folder / "submission.py")
        .read_bytes()
        .replace(NAMED_PLACE, place.name.encode())
        .replace(NAMED_PORT, str(doors[0].getsockname()[1]).encode()),
        seconds_per_case=seconds_per_case,
        seconds_total=10.0,
    )
    beside = sibling(start)
    kept = beside.call("keep", (7351.0,)) if is_forked(start) else None
    present = descendants(os.getpid())
    with session, beside:
        session.begin_question(watch=("numpy.convolve", "numpy.correlate"))
        first, told = one_case(session, np.arange(1.0, 6.0), np.array([3.0, 2.0, 1.0]))
        processes = descendants(os.getpid()) - present
        time.sleep(expected.get("pause_seconds", 0.0))
        second, told_again = first, ""
        if first == "passed" or "second_kind" in expected:
            second, told_again = one_case(session, np.array([2.0, 5.0]), np.ones(4))
            processes |= descendants(os.getpid()) - present
        watched, broke_protocol = set(session.watched), session.broke_protocol
        if kept is not None:
            assert beside.call("kept") == kept, "the one beside it, or its zygote"
            with sibling(start) as later:
                assert later.call("keep", (0.0,))[:2] == kept[:2], "a later one"

    kinds = (
        expected["kind"] if isinstance(expected["kind"], list) else [expected["kind"]]
    )
    assert first in kinds, told
    assert second == expected.get("second_kind", first), told_again
    passed = {first, second} == {"passed"}
    assert expected["verdict"] == ("passed" if passed else "failed")
    assert watched == set(expected.get("watched", ()))
    assert broke_protocol == expected.get("broke_protocol", broke_protocol)

    assert (place / "results.json").read_text() == MARKS
    assert not any(Path(root, "pwned").exists() for root in (place, *WRITABLE))
    assert SECRET not in told + told_again
    assert capfd.readouterr() == ("", "")
    assert not any(knocked(door) for door in doors)
    assert not [pid for pid in processes if Path(f"/proc/{pid}").exists()]
    memory_after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert memory_after - memory_before < 300 * 1024, "KiB"
    assert session.seconds_used < 2 * OVERTIME * seconds_per_case + 1.0


def test_attacks_cover_the_threats_that_concern_a_worker() -> None:
    expected = [tomllib.loads((a / "expected.toml").read_text()) for a in ATTACKS]
    covered = {number for one in expected for number in one["threats"]}
    # 25 and 32-35 belong to intake and reports, 30 is in test_session.py.
    assert covered >= set(range(1, 32)) - {25, 30}


SIBLING = """
import os, threading
import numpy as np
values = []
def keep(value):
    values.append(value)
    return kept()
def kept():
    threads = [threading.Thread(target=int) for _ in range(20)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    right = float(np.convolve([1.0, 2.0], [3.0, 4.0])[1]) + len("xyz") + 5 * 7
    return [right, os.getppid(), *values]
"""


def sibling(start: Callable[[], Worker]) -> Session:
    """A submission of somebody else, in a worker of the same starter."""
    source = SIBLING.encode()
    return Session(start, "b.py", source, seconds_per_case=5, seconds_total=5)


def is_forked(start: Callable[[], Worker]) -> bool:
    return isinstance(getattr(start, "__self__", None), Forking)


def one_case(session: Session, x: Any, k: Any) -> tuple[str, str]:
    """The kind of one case's outcome, and all that the grader was told."""
    session.begin_case()
    try:
        value = session.call("conv1d", (x, k, "full"), {})
    except StudentRaised as fault:
        if "PRINTED" in fault.coarse:
            return "leaked", fault.coarse
        return fault.kind, f"{fault} {fault.coarse}"
    except StudentFault as fault:
        return fault.kind, str(fault)
    try:
        right = bool(np.allclose(value, np.convolve(x, k), rtol=1e-4))
    except (TypeError, ValueError):
        right = False
    return ("passed" if right else "value"), repr(value)


def descendants(pid: int) -> set[int]:
    """Every process below `pid`."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(path.parent.name)] = int(fields[1])
    found: set[int] = set()
    while more := {p for p, q in parents.items() if q in found | {pid}} - found:
        found |= more
    return found


def knocked(door: socket.socket) -> bool:
    try:
        connection, _ = door.accept()
    except BlockingIOError:
        return False
    connection.close()
    return True
