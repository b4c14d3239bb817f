"""The kernel's Landlock: a process that gives up files and network for good.

What a rule does not allow is denied, to the process, its threads and whatever it runs
later; nobody can take a restriction back. Names and sizes of files (``stat``) stay
visible.

Source: Linux, userspace-api/landlock.rst and include/uapi/linux/landlock.h
"""

import ctypes
import enum
import os
import stat
from collections.abc import Mapping

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_CREATE_RULESET_VERSION = 1
_RULE_PATH_BENEATH = 1
_NETWORK_SINCE = 4
_SCOPES_SINCE = 6
_BIND_AND_CONNECT_TCP = 0b11
_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11


class Access(enum.IntFlag):
    """What a rule can allow below a path."""

    EXECUTE = 1 << 0
    WRITE_FILE = 1 << 1
    READ_FILE = 1 << 2
    READ_DIR = 1 << 3


_OF_FILES = Access.EXECUTE | Access.WRITE_FILE | Access.READ_FILE
# How many of the header's access rights each version of the interface knows.
_RIGHTS_SINCE = ((1, 13), (2, 14), (3, 15), (5, 16))


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("handled_access_fs", ctypes.c_uint64),
        ("handled_access_net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def abi() -> int:
    """Return the version of the kernel's interface, 0 where there is none."""
    try:
        return _call(_CREATE_RULESET, None, 0, _CREATE_RULESET_VERSION)
    except OSError:
        return 0


def ruleset(allowed: Mapping[str, Access]) -> int:
    """Return a descriptor of the rules: nothing but what is `allowed` below each path.

    Nothing can be created, removed, renamed or linked; TCP, abstract sockets and
    signals to others are denied where the kernel's version can
    Raises OSError, and FileNotFoundError for a path that is not there
    """
    version = abi()
    rights = max(count for since, count in _RIGHTS_SINCE if version >= since)
    attributes = _Ruleset(
        (1 << rights) - 1,
        _BIND_AND_CONNECT_TCP if version >= _NETWORK_SINCE else 0,
        _ABSTRACT_SOCKETS_AND_SIGNALS if version >= _SCOPES_SINCE else 0,
    )
    known = 3 if version >= _SCOPES_SINCE else 2 if version >= _NETWORK_SINCE else 1
    size = known * ctypes.sizeof(ctypes.c_uint64)
    descriptor = _call(_CREATE_RULESET, ctypes.byref(attributes), size, 0)
    for path, access in allowed.items():
        _allow(descriptor, path, access)
    return descriptor


def restrict(descriptor: int) -> None:
    """Put this thread under the rules; no_new_privs must be set.

    Raises OSError
    """
    _call(_RESTRICT_SELF, descriptor, 0)


def _allow(ruleset_descriptor: int, path: str, access: Access) -> None:
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            access &= _OF_FILES
        rule = ctypes.byref(_PathBeneath(access, place))
        _call(_ADD_RULE, ruleset_descriptor, _RULE_PATH_BENEATH, rule, 0)
    finally:
        os.close(place)


def _call(number: int, *arguments: object) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    words = (
        ctypes.c_long(a) if isinstance(a, int) else a for a in (number, *arguments)
    )
    got: int = libc.syscall(*words)
    if got < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"landlock: {os.strerror(code)}")
    return got
