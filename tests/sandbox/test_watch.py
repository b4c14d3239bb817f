"""How long a worker may go on, told from what is seen of it: a `Watch` in use."""

from typing import Any

from autograder.sandbox.process import Watch
from autograder.sandbox.stopwatch import Allowance, Sight, Spent


class Seen:
    """A worker of which these sights are had, one after the other."""

    def __init__(self, *sights: Sight) -> None:
        self._sights = iter(sights)

    def glance(self) -> Sight:
        return next(self._sights)


def watch_of(*sights: Sight) -> Watch:
    worker: Any = Seen(*sights)
    return Watch(worker, Allowance.of_cpu(5.0))


def test_while_the_grader_answers_only_what_is_computed_counts() -> None:
    watch = watch_of(
        Sight(at=0.0, cpu=0.0),
        Sight(at=0.2, cpu=0.1),
        Sight(at=0.6, cpu=0.3),
        Sight(at=0.7, cpu=0.3),
    )
    with watch.aside():
        pass
    spent = watch.end()
    assert round(spent.cpu, 9) == 0.3
    assert round(spent.wall, 9) == 0.3
    assert spent.idle == Spent().idle
