"""Ctrl-C in a command: one ends it, a second one at once, and each says one line.

What was graded is in the ledger, whole, and graders die with this process: so it may
end at any moment. The first signal raises KeyboardInterrupt, for the ledger and the
progress bar to close; a second one, or `SECONDS` without an end, ends it there.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator

INTERRUPTED = 130
SECONDS = 3
SAID = "interrupted: what was graded is kept, run it again to go on"


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C end the block, and soon after it whatever is left of the process."""
    signals = (signal.SIGINT, signal.SIGALRM)
    before = {number: signal.getsignal(number) for number in signals}
    hook = sys.unraisablehook
    signal.signal(signal.SIGINT, _first)
    signal.signal(signal.SIGALRM, _at_once)
    # Python would print and forget one that is raised while an object is deleted.
    sys.unraisablehook = _unraisable
    try:
        yield
    except KeyboardInterrupt:
        os.write(2, f"\n{SAID}\n".encode())
        for number in signals:
            signal.signal(number, _silently)
        _end()
    finally:
        sys.unraisablehook = hook
        if signal.getsignal(signal.SIGINT) is _first:
            for number, handler in before.items():
                signal.signal(number, handler)


def _end() -> NoReturn:
    """End the process as Python does, but for its threads.

    Python's own end waits for them, prints what they meet then, and gives handlers up
    before it is over: one more signal would be the end
    """
    try:
        atexit._run_exitfuncs()  # noqa: SLF001 - there is no other way to call them
        sys.stdout.flush()
    finally:
        os._exit(INTERRUPTED)


def _first(*_: object) -> None:
    signal.signal(signal.SIGINT, _at_once)
    signal.alarm(SECONDS)
    raise KeyboardInterrupt


def _at_once(*_: object) -> None:
    os.write(2, f"\n{SAID}\n".encode())
    os._exit(INTERRUPTED)


def _silently(*_: object) -> None:
    os._exit(INTERRUPTED)


def _unraisable(args: Any) -> None:
    if isinstance(args.exc_value, KeyboardInterrupt):
        _at_once()
    sys.__unraisablehook__(args)
