"""Stop a case that computes without an end; the clock counts computing, not waiting."""

import _thread
import contextlib
import threading
import time
from collections.abc import Iterator

SECONDS = 10.0
_LOOK_EVERY = 0.1


class TooLongError(Exception):
    """A case has computed for longer than allowed."""


@contextlib.contextmanager
def limited(seconds: float | None) -> Iterator[None]:
    """Raise TooLongError in the block after so many seconds of processor time.

    seconds : None sets no limit
    Works where Python runs: a single call of NumPy is not stopped in its middle
    """
    if seconds is None:
        yield
        return
    ended, over = threading.Event(), threading.Event()
    until = time.process_time() + seconds

    def watch() -> None:
        while not ended.wait(_LOOK_EVERY):
            if time.process_time() > until:
                over.set()
                _thread.interrupt_main()
                return

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        try:
            yield
        finally:
            ended.set()
            thread.join()
    except KeyboardInterrupt:
        if not over.is_set():
            raise
        message = (
            f"it computed for {seconds:g} s without an end: an endless loop? Grading "
            "stops it, too. (--no-limit lets it go on.)"
        )
        raise TooLongError(message) from None
