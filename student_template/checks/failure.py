"""The one exception that a comparison raises."""

from typing import Any


class CheckFailedError(AssertionError):
    """An answer was not what the test expects.

    kind : ``none``, ``type``, ``complex``, ``nan``, ``shape``, ``value``,
        ``input_changed``, ``not_raised``, ``wrong_error`` or ``structure``
    coarse : a sentence without any value of the test, for hidden cases; the message
        itself where that has none
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
        self.coarse = coarse or message
        self.expected = expected
        self.actual = actual
        super().__init__(message)
