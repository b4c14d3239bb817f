"""Pictures that a test offers: a report draws them, on a laptop nothing happens.

A test offers a picture as soon as there is something to see, before it compares: what
is wrong is worth seeing too. Its values are asked for when the case has its verdict, so
that no picture can cost a point.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Offer:
    """A picture that a test offers.

    values : gives what is drawn, by the names that the kind asks for
    """

    kind: str
    values: Callable[[], Mapping[str, Any]]


_offers: ContextVar[list[Offer] | None] = ContextVar("offers of the case", default=None)


def show(kind: str, values: Callable[[], Mapping[str, Any]]) -> None:
    """Offer a picture for the report.

    kind : what it is: ``first layer``, ``training``, ``confusion``, ``gradient norm``,
        ``among the lecture's``
    values : called at most once, after the case; it may run a measurement
    """
    offers = _offers.get()
    if offers is not None:
        offers.append(Offer(kind, values))


@contextmanager
def collected_offers() -> Iterator[list[Offer]]:
    """Collect the pictures that the block offers."""
    offers: list[Offer] = []
    token = _offers.set(offers)
    try:
        yield offers
    finally:
        _offers.reset(token)
