import os
import subprocess
import sys

import pytest

from autograder.sandbox import seccomp

# Run below bwrap with the filter alone: no namespace answers in its place.
PROBE = """
import ctypes, errno, os, socket, threading
libc = ctypes.CDLL(None, use_errno=True)
def tried(number, *args):
    got = libc.syscall(number, *args)
    return "allowed" if got >= 0 else errno.errorcode[ctypes.get_errno()]
def opened(family):
    try:
        socket.socket(family).close()
    except OSError as error:
        return errno.errorcode[error.errno]
    return "allowed"
def thread():
    threading.Thread(target=int).start()
    return "allowed"
print({
    "fork": tried(57), "vfork": tried(58), "clone": tried(56, 17, 0, 0, 0, 0),
    "clone3": tried(435, 0, 0), "ptrace": tried(101, 0, 0, 0, 0),
    "memfd_create": tried(319, b"x", 0), "unshare": tried(272, 0),
    "io_uring_setup": tried(425, 1, 0), "userfaultfd": tried(323, 0),
    "bpf": tried(321, 0, 0, 0), "keyctl": tried(250, 0, 0, 0),
    "perf_event_open": tried(298, 0, 0, 0, 0, 0), "mount": tried(165, 0, 0, 0, 0, 0),
    "PR_SET_PDEATHSIG": tried(157, 1, 0, 0, 0, 0),
    "long option": tried(157, ctypes.c_long((1 << 32) + 1), 0, 0, 0, 0),
    "PR_GET_NAME": tried(157, 3, 0, 0),
    "AF_INET": opened(socket.AF_INET), "AF_INET6": opened(socket.AF_INET6),
    "AF_NETLINK": opened(socket.AF_NETLINK), "AF_UNIX": opened(socket.AF_UNIX),
    "a thread": thread(),
})
"""


@pytest.mark.sandbox
@pytest.mark.skipif(os.uname().machine != "x86_64", reason="numbers of x86-64")
def test_filter_denies_processes_and_doors_and_allows_threads() -> None:
    descriptor = seccomp.to_descriptor()
    line = ["bwrap", "--bind", "/", "/", "--seccomp", str(descriptor), "--"]
    said = subprocess.check_output(
        [*line, os.path.realpath(sys.executable), "-I", "-c", PROBE],
        pass_fds=[descriptor],
        text=True,
    )
    os.close(descriptor)
    denied = dict.fromkeys(
        [
            *("fork", "vfork", "clone", "ptrace", "memfd_create", "unshare"),
            *("io_uring_setup", "userfaultfd", "bpf", "keyctl", "perf_event_open"),
            *(
                "mount",
                "PR_SET_PDEATHSIG",
                "long option",
                "AF_INET",
                "AF_INET6",
                "AF_NETLINK",
            ),
        ],
        "EPERM",
    )
    allowed = dict.fromkeys(["PR_GET_NAME", "AF_UNIX", "a thread"], "allowed")
    assert eval(said) == denied | allowed | {"clone3": "ENOSYS"}  # noqa: S307


def test_filter_is_whole_bpf_instructions() -> None:
    assert len(seccomp.compiled()) % 8 == 0
    assert len(seccomp.compiled()) > 8 * len(seccomp.DENIED)


def test_descriptor_can_be_read_from_its_start() -> None:
    descriptor = seccomp.to_descriptor()
    assert os.read(descriptor, 10**6) == seccomp.compiled()
    os.close(descriptor)
