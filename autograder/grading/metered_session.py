"""A session whose calls a meter knows of, for who wants to know where time goes."""

from collections.abc import Callable, Generator
from contextlib import closing
from typing import Any

from autograder.grading.meter import Meter
from autograder.records.profile import Part, Seconds
from autograder.sandbox.process import Worker
from autograder.sandbox.session import Session


class MeteredSession(Session):
    """A session that tells a meter of its calls, and of its workers' ends."""

    def __init__(self, meter: Meter, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._meter = meter

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Do what `Session.call` does."""
        with self._meter.of_a_call(lambda: self.seconds_used):
            return super().call(*args, **kwargs)

    def call_each(self, *args: Any, **kwargs: Any) -> Generator[Any]:
        """Do what `Session.call_each` does."""
        values = super().call_each(*args, **kwargs)
        with closing(values):
            while True:
                with self._meter.of_a_call(lambda: self.seconds_used):
                    value = next(values, values)
                if value is values:
                    return
                yield value

    def close(self) -> None:
        """Do what `Session.close` does."""
        with self._meter.of(Part.START):
            super().close()


def metered_start(meter: Meter, start: Callable[[], Worker]) -> Callable[[], Worker]:
    """Return what gives workers and tells of the time until they are ready."""

    def started() -> Worker:
        with meter.of(Part.START):
            worker = start()
            meter.add(Part.START, Seconds(cpu=worker.glance().cpu or 0.0))
            return worker

    return started
