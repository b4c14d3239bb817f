"""How long a test waits for what must come: only a hang is longer.

What a test proves never hangs on it: that something ends is proved by its end.
"""

import time
from collections.abc import Callable

PATIENCE_SECONDS = 900.0


def wait_until(condition: Callable[[], bool]) -> None:
    """Return when it holds; the test fails where it never does."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)
