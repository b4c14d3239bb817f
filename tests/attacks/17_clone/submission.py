import ctypes
import os


def conv1d(x, k, mode):
    libc = ctypes.CDLL(None, use_errno=True)
    made = [
        libc.syscall(57),
        libc.syscall(58),
        libc.syscall(56, 17, 0, 0, 0, 0),
        libc.syscall(435, 0, 0),
    ]
    if 0 in made:
        os._exit(0)
    assert max(made) == -1, made
    return [0]
