"""The kernel's calls by which a process gives up what it may do, for good.

Only what Python has no function for. All act on the calling thread, which must be the
only one: the others would keep what it gives up.

Source: Linux, include/uapi/linux/{prctl,sched,capability,seccomp}.h
"""

import ctypes
import functools
import os
from collections.abc import Iterator

CLONE_NEWNS = 0x00020000
CLONE_NEWCGROUP = 0x02000000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000
_ALL_NAMESPACES = (
    CLONE_NEWUSER
    | CLONE_NEWPID
    | CLONE_NEWNS
    | CLONE_NEWNET
    | CLONE_NEWIPC
    | CLONE_NEWUTS
    | CLONE_NEWCGROUP
)

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_GET_SECCOMP = 21
_PR_SET_SECCOMP = 22
_PR_CAPBSET_READ = 23
_PR_CAPBSET_DROP = 24
_PR_SET_NO_NEW_PRIVS = 38
_PR_GET_NO_NEW_PRIVS = 39
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_CLEAR_ALL = 4
_SECCOMP_MODE_FILTER = 2
_FILTER_LINE_BYTES = 8
_MOST_CAPABILITIES = 64
_CAPABILITY_VERSION_3 = 0x20080522
_LANDLOCK_RESTRICT_SELF = 446


def own_namespaces() -> None:
    """Enter new namespaces of every kind; processes forked later are in the new one.

    No user is mapped into the new user namespace, and without ``/proc`` none ever can
    be. So whoever is in it has no power outside, and can't make another: the kernel
    refuses one to a process whose user has no number where it is.
    Raises OSError
    """
    _checked("unshare", _libc().unshare(_ALL_NAMESPACES))


def no_new_privileges() -> None:
    """Never gain anything by exec; raises OSError."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def die_with_parent(signal: int) -> None:
    """Have the kernel send `signal` when the parent ends; raises OSError.

    The kernel forgets it when the user changes, and does nothing where the parent has
    ended already: look at ``getppid`` afterwards
    """
    _prctl(_PR_SET_PDEATHSIG, signal)


def not_dumpable() -> None:
    """Let no other process of this user look into this one or its children."""
    _prctl(_PR_SET_DUMPABLE, 0)


def empty_bounding_set() -> None:
    """Give up every capability that an exec could bring back.

    Raises OSError where CAP_SETPCAP is not there
    """
    for capability in _in_bounding_set():
        _prctl(_PR_CAPBSET_DROP, capability)


def no_capabilities() -> None:
    """Give up every capability: effective, permitted, inheritable, ambient.

    Raises OSError
    """
    _prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    none = (ctypes.c_uint32 * 6)()
    _checked("capset", _libc().capset(ctypes.byref(header), ctypes.byref(none)))


def restrict_by_landlock(ruleset: int) -> None:
    """Put this process under the rules; no_new_privs must be set. Raises OSError."""
    done = _libc().syscall(
        ctypes.c_long(_LANDLOCK_RESTRICT_SELF), ctypes.c_long(ruleset), ctypes.c_long(0)
    )
    _checked("landlock_restrict_self", done)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("lines", ctypes.c_char_p))


def filter_calls(filter_: bytes) -> None:
    """Load a filter of system calls, which nothing takes away again.

    filter_ : as BPF; no_new_privs must be set
    Raises OSError
    """
    program = _Program(len(filter_) // _FILTER_LINE_BYTES, filter_)
    _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program))


def what_is_left() -> list[str]:
    """Say, in words, what this process has not given up that it should have."""
    left = []
    if _libc().prctl(_PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1:
        left.append("it may gain privileges by exec")
    if _libc().prctl(_PR_GET_SECCOMP, 0, 0, 0, 0) != _SECCOMP_MODE_FILTER:
        left.append("its system calls are not filtered")
    if _capabilities():
        left.append("it has capabilities")
    return left


def _capabilities() -> int:
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    data = (ctypes.c_uint32 * 6)()
    _checked("capget", _libc().capget(ctypes.byref(header), ctypes.byref(data)))
    return sum(word.bit_count() for word in data)


def _in_bounding_set() -> Iterator[int]:
    for capability in range(_MOST_CAPABILITIES):
        words = map(ctypes.c_ulong, (capability, 0, 0, 0))
        there: int = _libc().prctl(_PR_CAPBSET_READ, *words)
        if there < 0:  # the kernel knows no more
            return
        if there:
            yield capability


def _prctl(option: int, *arguments: object) -> None:
    padded = (*arguments, 0, 0, 0, 0)[:4]
    words = (ctypes.c_ulong(a) if isinstance(a, int) else a for a in padded)
    _checked(f"prctl {option}", _libc().prctl(option, *words))


def _checked(what: str, returned: int) -> None:
    if returned != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")


@functools.cache
def _libc() -> ctypes.CDLL:
    """Return the C library: opened once, before a fork where there is one."""
    return ctypes.CDLL(None, use_errno=True)
