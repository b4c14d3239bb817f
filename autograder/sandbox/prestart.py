"""Keep one worker started ahead of need, so that a submission need not wait for it."""

from concurrent.futures import Future, ThreadPoolExecutor

from autograder.sandbox.launch import Starter
from autograder.sandbox.process import Worker
from autograder.sandbox.zygote import Forking


class WarmStarter:
    """Hands out workers; each is used once, by whoever takes it.

    The next worker is started in the moment one is taken and gets ready while that one
    works. It has seen no submission.
    """

    def __init__(self, starter: Starter) -> None:
        self._starter = starter
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="warm")
        self._ahead: Future[Worker] | None = None

    @property
    def isolation(self) -> str:
        """What separates the workers from this machine."""
        return self._starter.isolation

    @property
    def is_cheap(self) -> bool:
        """Whether a worker costs so little that every question may have its own."""
        return isinstance(self._starter, Forking) and self._starter.is_cheap

    @property
    def zygote_seconds(self) -> float:
        """The processor time of what workers are forked from, where they are."""
        if isinstance(self._starter, Forking):
            return self._starter.zygote_seconds
        return 0.0

    def take(self) -> Worker:
        """Return a worker that nobody has used; raises what starting one raises."""
        ahead = self._ahead or self._thread.submit(self._starter.start)
        self._ahead = self._thread.submit(self._starter.start)
        return ahead.result()

    def close(self) -> None:
        """End the worker that waits."""
        if self._ahead is not None and self._ahead.exception() is None:
            self._ahead.result().kill()
        self._ahead = None
        self._thread.shutdown()
