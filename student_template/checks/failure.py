"""The one exception that a comparison raises."""

from types import MappingProxyType
from typing import Any

SAID = MappingProxyType(
    {
        "none": "your function returned None: is its `return` missing?",
        "type": "your answer is of another type than asked for",
        "complex": "your answer is complex, it should be real: take the real part",
        "nan": "your answer has nan (not a number) in it",
        "shape": "your answer has the wrong shape",
        "value": "the answer is not right",
        "structure": "your network has not the layers, or the order, asked for",
        "input_changed": "your function changed its input: work on a copy",
        "not_raised": "an error should have been raised",
        "wrong_error": "another error should have been raised",
    }
)
"""What a hidden case says of each kind where its test gives no other sentence."""


class CheckFailedError(AssertionError):
    """An answer was not what the test expects.

    kind : ``none``, ``type``, ``complex``, ``nan``, ``shape``, ``value``,
        ``input_changed``, ``not_raised``, ``wrong_error`` or ``structure``
    coarse : a sentence without any value of the test or the answer, for hidden cases;
        where there is none the general one of the kind
    expected, actual : both sides, where there are two
    """

    def __init__(
        self,
        kind: str,
        message: str,
        *,
        coarse: str = "",
        expected: Any = None,
        actual: Any = None,
    ) -> None:
        self.kind = kind
        self.coarse = coarse or SAID.get(kind, SAID["value"])
        self.expected = expected
        self.actual = actual
        super().__init__(message)
