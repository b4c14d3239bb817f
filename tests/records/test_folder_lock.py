"""One command at a time works in a folder, and nothing is graded twice."""

import json
import os
import platform
import re
import signal
import subprocess
import sys
import threading
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from autograder.errors import StaffError
from autograder.records import folder_lock
from autograder.records.folder_lock import Holder, holder_of, working_in
from autograder.records.ledger import Ledger
from small_class import RIGHT, SQUARE, write_class

HOLD = """
import sys
from pathlib import Path
from autograder.records.folder_lock import working_in
with working_in(Path(sys.argv[1]), "grade"):
    print("held", flush=True)
    sys.stdin.read()
"""


def holding(folder: Path) -> "subprocess.Popen[str]":
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    return other


def test_a_second_command_is_told_who_works_in_the_folder(tmp_path: Path) -> None:
    other = holding(tmp_path)
    told = (
        rf"autograder grade \(process {other.pid} on .+, since .+ UTC\) works in this"
    )
    assert re.match(told.removesuffix(" works in this"), str(holder_of(tmp_path)))
    with (
        pytest.raises(StaffError, match=told),
        working_in(tmp_path, "export", patience_seconds=0.2),
    ):
        pytest.fail("two work in it")
    other.communicate("")
    assert holder_of(tmp_path) is None
    with working_in(tmp_path, "export"):
        assert (tmp_path / ".lock").stat().st_size > 0
    assert (tmp_path / ".lock").read_bytes() == b""


def test_a_second_command_waits_for_one_that_is_soon_done(tmp_path: Path) -> None:
    with ExitStack() as first:
        first.enter_context(working_in(tmp_path, "grade"))
        done = threading.Timer(0.3, first.pop_all().close)
        done.start()
        with working_in(tmp_path, "export"):
            own = holder_of(tmp_path)
        done.join()
    assert own is not None
    assert own.command == "export"


def test_the_lock_of_a_killed_command_is_taken_over_and_its_leavings_go(
    tmp_path: Path,
) -> None:
    other = holding(tmp_path)
    left = [
        tmp_path / ".unfinished-1",
        tmp_path / "feedback/a0_scale/.unfinished-2",
    ]
    left[1].parent.mkdir(parents=True)
    for path in left:
        path.touch()
    other.send_signal(signal.SIGKILL)
    other.communicate()
    assert (tmp_path / ".lock").stat().st_size > 0
    assert holder_of(tmp_path) is None
    with working_in(tmp_path, "grade", patience_seconds=0):
        assert not any(path.exists() for path in left)


def named(folder: Path, **changes: str) -> Path:
    fields: dict[str, object] = {
        "command": "grade",
        "pid": 1,
        "host": "lab-7",
        "machine": "another",
        "boot": "another",
        "since": datetime(2026, 11, 27, tzinfo=UTC),
    }
    holder = msgspec.convert(fields | changes, Holder)
    path = folder / ".lock"
    path.write_bytes(msgspec.json.encode(holder))
    return path


def test_a_command_of_another_machine_is_asked_about(tmp_path: Path) -> None:
    path = named(tmp_path)
    told = (
        rf"process 1 on lab-7, .* or was killed there .*delete {re.escape(str(path))}"
    )
    with pytest.raises(StaffError, match=told), working_in(tmp_path, "grade"):
        pytest.fail("two work in it")
    assert str(holder_of(tmp_path)).startswith("autograder grade (process 1 on lab-7")
    path.unlink()
    with working_in(tmp_path, "grade"):
        pass


def test_a_command_from_before_this_machine_was_started_anew_is_dead(
    tmp_path: Path,
) -> None:
    with working_in(tmp_path, "grade"):
        own = holder_of(tmp_path)
    assert own is not None
    named(tmp_path, host=own.host, machine=own.machine)
    with working_in(tmp_path, "grade", patience_seconds=0):
        pass


def test_a_folder_is_made_and_named_for_whoever_works_in_it(tmp_path: Path) -> None:
    out = tmp_path / "new/folder"
    with working_in(out, "grade"):
        own = holder_of(out)
    assert own is not None
    assert (own.command, own.pid) == ("grade", os.getpid())
    # What stood there before was longer.
    (out / ".lock").write_bytes(b"x" * 1000)
    with working_in(out, "export"):
        found = holder_of(out)
    assert found is not None
    assert found.command == "export"


@pytest.mark.parametrize("same", ["host", "machine"])
def test_a_machine_is_this_one_by_its_name_and_its_installation(
    tmp_path: Path, same: str
) -> None:
    with working_in(tmp_path, "grade"):
        own = holder_of(tmp_path)
    assert own is not None
    named(tmp_path, **{same: getattr(own, same)})
    assert holder_of(tmp_path) is not None
    with pytest.raises(StaffError, match="was killed there"):
        working_in(tmp_path, "grade").__enter__()


def test_whoever_had_this_kernel_is_seen_by_it(tmp_path: Path) -> None:
    with working_in(tmp_path, "grade"):
        own = holder_of(tmp_path)
    assert own is not None
    assert own.since.tzinfo is not None
    named(tmp_path, boot=own.boot)
    assert holder_of(tmp_path) is None
    with working_in(tmp_path, "grade", patience_seconds=0):
        pass


def test_a_system_that_tells_no_boot_is_told_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_lock, "BOOT_ID", str(tmp_path / "none"))
    with working_in(tmp_path, "grade"):
        own = holder_of(tmp_path)
    assert own is not None
    assert own.boot == own.host == platform.node()


@pytest.mark.parametrize("data", [b"{", b"\xff\0", b'{"pid": 1}', b"[]"])
def test_a_lock_that_was_written_by_half_is_nobodys(
    tmp_path: Path, data: bytes
) -> None:
    (tmp_path / ".lock").write_bytes(data)
    assert holder_of(tmp_path) is None
    with working_in(tmp_path, "grade", patience_seconds=0):
        pass


def test_a_folder_that_cannot_be_worked_in_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(StaffError, match=r"\.lock: cannot be used: .*read-only\?"),
        working_in(tmp_path / "file", "grade"),
    ):
        pytest.fail("it is no folder")


def test_two_graders_at_once_grade_everybody_once(tmp_path: Path, course: Path) -> None:
    write_class(tmp_path, {"Ada Example": SQUARE, "Zoë Müller": RIGHT})
    line = [sys.executable, "-m", "autograder", "grade", "a0_scale"]
    line += [str(tmp_path / "class.zip"), "--roster", str(tmp_path / "roster.csv")]
    line += ["--out", str(tmp_path / "out"), "--course", str(course), "--json"]
    line += ["--no-sandbox", "--workers", "1"]
    both = [
        subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    ended = [(one.communicate(), one.returncode) for one in both]
    graded = []
    for (said, complaint), code in ended:
        assert code in {0, 1}, complaint
        if code:
            assert b"works in this folder" in complaint
        else:
            graded.append(json.loads(said)["graded_now"])
    assert sorted(graded) in ([2], [0, 2])
    with Ledger(tmp_path / "out/ledger.sqlite") as ledger:
        assert ledger.size == 2
        assert len(ledger.entries("a0_scale")) == 2
