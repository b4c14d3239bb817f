import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.sandbox.process import Patience, Worker, until
from patience import PATIENCE_SECONDS

ECHO = "import sys; [sys.stdout.buffer.raw.write(b) for b in sys.stdin.buffer.raw]"


def worker(code: str) -> Worker:
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        start_new_session=True,
    )
    return Worker(process, "none", 64)


def soon(seconds: float = PATIENCE_SECONDS) -> Patience:
    return until(time.monotonic() + seconds)


def test_what_is_sent_arrives_and_comes_back() -> None:
    echo = worker(ECHO)
    echo.send(b"one\ntwo\n", soon())
    assert echo.receive(5, soon()) == b"one\nt"
    assert echo.receive(3, soon()) == b"wo\n"
    echo.kill()


def test_silence_is_a_time_out_at_its_deadline() -> None:
    silent = worker("import time; time.sleep(3600)")
    deadline = time.monotonic() + 0.2
    with pytest.raises(TimeoutError, match="did not answer in time"):
        silent.receive(1, until(deadline))
    assert time.monotonic() >= deadline
    assert Path(f"/proc/{silent.pid}").exists(), "it waited for the worker's end"
    silent.kill()


def test_bytes_that_drip_do_not_extend_the_deadline() -> None:
    drip = worker(
        "import os, time\nwhile True:\n    os.write(1, b'.')\n    time.sleep(0.02)"
    )
    # At this rate the million bytes would be there after five hours.
    with pytest.raises(TimeoutError):
        drip.receive(10**6, soon(0.3))
    drip.kill()


def test_worker_that_does_not_read_is_a_time_out() -> None:
    deaf = worker("import time; time.sleep(3600)")
    with pytest.raises(TimeoutError):
        deaf.send(bytes(2**20), soon(0.2))
    deaf.kill()


def test_who_reads_a_little_now_and_then_does_not_extend_the_deadline() -> None:
    drip = worker("import os, time\nwhile os.read(0, 4096):\n    time.sleep(0.005)\n")
    # At this rate the eight million bytes would be read after ten seconds.
    with pytest.raises(TimeoutError):
        drip.send(bytes(2**23), soon(0.3))
    drip.kill()


def test_end_in_the_middle_is_the_end_of_the_stream() -> None:
    short = worker("print('abc', end='')")
    with pytest.raises(EOFError, match="the worker has ended"):
        short.receive(4, soon())
    assert short.exit_code == 0
    with pytest.raises(EOFError):
        short.send(bytes(2**20), soon())
    short.kill()


def test_exit_by_a_signal_is_told_as_a_shell_tells_it() -> None:
    crashed = worker("import ctypes; ctypes.string_at(0)")
    with pytest.raises(EOFError):
        crashed.receive(1, soon())
    assert crashed.exit_code == 128 + 11
    crashed.kill()


def test_bytes_that_nobody_asked_for_are_pending_and_are_kept() -> None:
    echo = worker(ECHO)
    assert not echo.pending()
    echo.send(b"early\n", soon())
    while not echo.pending():
        time.sleep(0.01)
    assert echo.receive(6, soon()) == b"early\n"
    assert not echo.pending()
    echo.kill()


def test_kill_ends_it_and_may_be_repeated() -> None:
    stubborn = worker(
        "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print(flush=True)\ntime.sleep(3600)"
    )
    stubborn.receive(1, soon())
    stubborn.kill()
    assert stubborn.exit_code == 128 + 9
    stubborn.kill()


def test_last_words_are_kept_after_the_end_and_clipped() -> None:
    loud = worker("import sys; sys.exit('x' * 3000 + 'the end')")
    with pytest.raises(EOFError):
        loud.receive(1, soon())
    loud.kill()
    assert loud.stderr_tail().endswith("xthe end")
    assert len(loud.stderr_tail()) == 2000


def test_process_without_pipes_is_refused() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    with pytest.raises(TypeError, match="needs three pipes"):
        Worker(process, "none", 64)
    process.wait()


def test_the_most_memory_in_use_is_the_kernels_count() -> None:
    hungry = worker("x = bytearray(2**26); print('x' * 4); input()")
    hungry.receive(4, soon())
    peak = hungry.peak_memory_mib
    assert peak is not None
    assert 64 < peak < 128
    hungry.kill()
    assert hungry.peak_memory_mib is None
