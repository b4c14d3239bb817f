"""Tell functions that take what they are asked with in another order.

`def pool(x, dout, size)` where `pool(dout, x, size)` is asked goes wrong in every call,
by no mistake that shows in a value. The parameters' names say it. They stand in the
source, which is only searched, and never read by Python's parser: it is a stranger's.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from autograder.records.results import Diagnosis
from autograder.source_text import text_of

NAME = "parameters_in_another_order"
"""What this mistake is called; it is no edit of a reference."""
_MOST_BYTES = 2**20


def in_another_order(
    source: bytes, parameters: Mapping[str, Sequence[str]], functions: Sequence[str]
) -> Iterator[tuple[str, Diagnosis]]:
    """Yield each function that takes its parameters in another order, with a sentence.

    parameters : of every function that is asked for, in the order in which they come
    """
    text = text_of(source[:_MOST_BYTES])
    for function in functions:
        wanted = tuple(parameters[function])
        taken = _taken(text, function)
        if taken != wanted and sorted(taken) == sorted(wanted):
            message = (
                f"Your `{function}` takes ({', '.join(taken)}), but it is called with "
                f"({', '.join(wanted)}), in this order."
            )
            yield function, Diagnosis(name=NAME, message=message)


def _taken(text: str, function: str) -> tuple[str, ...]:
    """Return the parameters of a function; () where none are plain, or not one thing.

    Of two definitions one may stand in a text that was put aside in quotes

    >>> _taken("def f(x: int, y=2):", "f")
    ('x', 'y')
    """
    heads = re.findall(
        rf"^def {re.escape(function)}\s*\(([^()]*)\)", text, re.MULTILINE
    )
    taken = {_names(head) for head in heads}
    return taken.pop() if len(taken) == 1 else ()


def _names(head: str) -> tuple[str, ...]:
    found = (re.match(r"\s*(\w+)", part) for part in head.split(","))
    return tuple(name[1] for name in found if name)
