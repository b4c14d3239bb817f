"""What is fed with any bytes: each gives a value or one of the errors that are meant.

A target takes bytes and raises nothing. What `make fuzz` finds is kept as a file in
``fuzz/examples/TARGET`` and runs at every `make test`.
"""

import contextlib
import io
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import MappingProxyType

import msgspec
import numpy as np
from checks import CheckFailedError, close, equal, fields, in_order

from autograder.errors import StaffError
from autograder.grading.agreement import hold, same_values
from autograder.grading.case_record import Failure
from autograder.grading.comparison import compare
from autograder.grading.evidence import bits
from autograder.grading.proxy import Call, Outcome
from autograder.intake.archive import read_archive
from autograder.intake.reading import read_submissions
from autograder.intake.roster import Roster, read_roster
from autograder.kinds import Kind
from autograder.marks.overrides import read_overrides
from autograder.marks.policy import read_policy
from autograder.notebook import NotebookError, as_python, place
from autograder.records.ledger_rows import entry_of
from autograder.records.results import Result
from autograder.sandbox.reply_size import MOST_NUMBERS, stacked
from autograder.worker.protocol import ProtocolError, read_reply, read_request
from autograder.worker.values import DecodeError, decode

Target = Callable[[bytes], None]
SPLIT = b"\0|\0"
"""Between the parts of an input that has several."""
RIGHT = np.array([[1.0, -2.5], [0.0, 3.0]])
ROSTER = b"id,name,email\n0012,Zo\xc3\xab Doe,zdoe@example.org\n0034,Ada L,ada@x.org\n"


def frame(data: bytes) -> None:
    """Read a worker's reply, and a grader's request."""
    stream = io.BytesIO(data)

    def exactly(size: int) -> bytes:
        found = stream.read(size)
        if len(found) < size:
            raise EOFError
        return found

    with contextlib.suppress(ProtocolError, EOFError):
        read_reply(exactly)
    with contextlib.suppress(ProtocolError):
        read_request(io.BytesIO(data))


def value(data: bytes) -> None:
    """Read a value, and do with it what grading does with an answer."""
    text, _, blob = data.partition(SPLIT)
    try:
        found = decode(text, blob)
    except DecodeError:
        return
    if stacked(found) > MOST_NUMBERS:
        return
    for right in (RIGHT, (RIGHT, 1.0), 3, "space"):
        with contextlib.suppress(CheckFailedError):
            close(found, RIGHT)
        with contextlib.suppress(CheckFailedError):
            equal(found, right)
        given = Outcome(found)
        hold(Outcome(right), given, Outcome(2.0))
        hold(Outcome(right), given, given)
        bits(right, found, (RIGHT,))
    with contextlib.suppress(CheckFailedError):
        fields(found, "a", "b")
    with contextlib.suppress(CheckFailedError):
        in_order(found, a=RIGHT, b=1.0)
    same_values(found, found)
    failure = Failure(
        kind=Kind.VALUE, message="", coarse="", expected=RIGHT, actual=found
    )
    call = Call("f", (found,), {"key": found}, Outcome(found))
    msgspec.json.encode(compare(failure, [call]))
    str(call)


def archive(data: bytes) -> None:
    """Read a zip."""
    with _file(data, ".zip") as path, contextlib.suppress(StaffError):
        found = read_archive(path, wanted=lambda name: name.endswith(".py"))
        for member in found.members:
            if ".." in member.path.split("/") or member.path.startswith("/"):
                raise AssertionError(member.path)


def download(data: bytes) -> None:
    """Read a class's download: a zip, by any LMS."""
    with _file(data, ".zip") as path, contextlib.suppress(StaffError):
        read_submissions(path, file_name="a0_scale.py", roster=_roster())


def folder(data: bytes) -> None:
    """Read a folder: names and contents of files, one after the other."""
    parts = data.split(SPLIT)
    with tempfile.TemporaryDirectory(dir=_memory()) as made:
        for name, content in zip(parts[::2], parts[1::2], strict=False):
            # The kernel takes no other names.
            inside = os.fsdecode(name.replace(b"\0", b"").strip(b"/"))
            path = Path(made, inside)
            with contextlib.suppress(OSError):
                if path.resolve().is_relative_to(made):
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(content)
        with contextlib.suppress(StaffError):
            read_submissions(Path(made), file_name="a0_scale.py", roster=_roster())


def notebook(data: bytes) -> None:
    """Read a notebook; what is made of it is Python, and every line has its place."""
    with contextlib.suppress(NotebookError):
        source = as_python(data, functions=["double"], packages=["numpy"])
        compile(source, "a0_scale.py", "exec", dont_inherit=True)
        for line in range(1, source.count("\n") + 2):
            place(source, line)


def roster(data: bytes) -> None:
    """Read a class list."""
    with _file(data, ".csv") as path, contextlib.suppress(StaffError):
        read_roster(path)


def policy(data: bytes) -> None:
    """Read a policy."""
    with _file(data, ".toml") as path, contextlib.suppress(StaffError):
        read_policy(path, _roster(), ("a0_scale", "a1_conv1d"))


def overrides(data: bytes) -> None:
    """Read a person's overrides."""
    with _file(data, ".toml") as path, contextlib.suppress(StaffError):
        read_overrides(path, _roster(), ("a0_scale",), lambda _: {"q1_double": 60.0})


def row(data: bytes) -> None:
    """Read a row of the ledger: the submission and its result."""
    submission, _, result = data.partition(SPLIT)
    stored = ("a0_scale", "s-1", "", "failed", 1.0, "2026-01-01T00:00:00+00:00")
    entry = entry_of((*stored, submission, result, 1, None), None)
    msgspec.json.decode(msgspec.json.encode(entry.result), type=Result)


TARGETS: MappingProxyType[str, Target] = MappingProxyType(
    {
        target.__name__: target
        for target in (
            frame,
            value,
            archive,
            download,
            folder,
            notebook,
            roster,
            policy,
            overrides,
            row,
        )
    }
)


def _memory() -> str | None:
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108


@contextlib.contextmanager
def _file(data: bytes, suffix: str) -> Iterator[Path]:
    with tempfile.NamedTemporaryFile(suffix=suffix, dir=_memory()) as file:
        file.write(data)
        file.flush()
        yield Path(file.name)


def _roster() -> Roster:
    with _file(ROSTER, ".csv") as path:
        return read_roster(path)
