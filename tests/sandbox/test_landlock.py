import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.sandbox import landlock
from autograder.sandbox.landlock import Access

needs_landlock = pytest.mark.skipif(
    landlock.abi() == 0, reason="this kernel has no Landlock"
)
# In a process of its own, since nobody can take a restriction back.
PROBE = """
import ctypes, errno, os, sys
from autograder.sandbox import landlock
from autograder.sandbox.landlock import Access
readable, listable, other, number = sys.argv[1:]
rules = landlock.ruleset({
    readable: Access.READ_FILE | Access.READ_DIR, listable: Access.READ_DIR,
})
ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)
landlock.restrict(rules)
def tried(attempt, *args):
    try:
        attempt(*args)
    except OSError as error:
        return errno.errorcode[error.errno]
    return "allowed"
print({
    "read": tried(open, readable + "/file"),
    "read below": tried(open, readable + "/folder/file"),
    "list": tried(os.listdir, readable),
    "write": tried(open, readable + "/file", "a"),
    "make": tried(os.mkdir, readable + "/new"),
    "remove": tried(os.unlink, readable + "/file"),
    "list only": tried(os.listdir, listable),
    "read what is to be listed": tried(open, listable + "/file"),
    "read elsewhere": tried(open, other + "/file"),
    "list elsewhere": tried(os.listdir, other),
    "execute": tried(os.execv, sys.executable, [sys.executable, "-c", ""]),
    "signal": tried(os.kill, int(number), 0),
    "stat": tried(os.stat, other + "/file"),
})
"""


@needs_landlock
def test_only_what_a_rule_allows_is_left(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("readable", "listable", "other")]
    for folder in folders:
        (folder / "folder").mkdir(parents=True)
        (folder / "file").write_text("text")
        (folder / "folder/file").write_text("text")
    said = subprocess.check_output(
        [sys.executable, "-c", PROBE, *map(str, folders), str(os.getpid())],
        text=True,
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    allowed = ("read", "read below", "list", "list only", "stat")
    denied = {
        "write": "EACCES",
        "make": "EACCES",
        "remove": "EACCES",
        "read what is to be listed": "EACCES",
        "read elsewhere": "EACCES",
        "list elsewhere": "EACCES",
        "execute": "EACCES",
        # The kernel's sixth version of the interface is the first to know of signals.
        "signal": "EPERM" if landlock.abi() >= 6 else "allowed",
    }
    assert eval(said) == {**dict.fromkeys(allowed, "allowed"), **denied}  # noqa: S307 our own print


@needs_landlock
def test_rule_for_a_path_that_is_not_there_names_it(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        landlock.ruleset({str(tmp_path / "nowhere"): Access.READ_FILE})


@needs_landlock
def test_restricting_without_a_ruleset_is_an_error() -> None:
    with pytest.raises(OSError, match="landlock: ") as caught:
        landlock.restrict(os.open(os.devnull, os.O_RDONLY))
    assert caught.value.errno in {errno.EBADFD, errno.EBADF, errno.EPERM}


def test_kernel_without_landlock_has_version_0(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock, "_CREATE_RULESET", 9999)  # a call no kernel has
    assert landlock.abi() == 0
