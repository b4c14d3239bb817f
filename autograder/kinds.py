"""How a case can come out: every outcome once, with its words and what it allows."""

import enum
from types import MappingProxyType
from typing import Self


class Left(enum.Enum):
    """What a case leaves to be judged."""

    NO_CALL = "no function that could be called"
    NO_ANSWER = "a call without an answer"
    ANSWER = "an answer, which a known mistake may give too"
    RIGHT = "an answer that counts"


class Kind(enum.StrEnum):
    """The outcome of one case, by the word that the ledger keeps.

    In order: from nothing handed in to right.

    words : for a page
    left : what there is to judge
    """

    words: str
    left: Left

    def __new__(cls, value: str, words: str, left: Left) -> Self:
        """Keep the words and what is left beside the value."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.words = words
        member.left = left
        return member

    NO_FILE = "no_file", "no file", Left.NO_CALL
    LOAD = "load", "the file could not be loaded", Left.NO_CALL
    MISSING = "missing", "function missing", Left.NO_CALL
    NOT_STARTED = "not_started", "not started", Left.NO_ANSWER
    SIGNATURE = "signature", "other parameters", Left.NO_ANSWER
    PROTOCOL = "protocol", "wrote into the grader's channel", Left.NO_ANSWER
    DIED = "died", "Python ended", Left.NO_ANSWER
    MEMORY = "memory", "out of memory", Left.NO_ANSWER
    TIMEOUT = "timeout", "out of time", Left.NO_ANSWER
    RAISED = "raised", "stopped with an error", Left.ANSWER
    NONE = "none", "returned None", Left.ANSWER
    TYPE = "type", "wrong type", Left.ANSWER
    STRUCTURE = "structure", "built otherwise", Left.ANSWER
    COMPLEX = "complex", "complex numbers", Left.ANSWER
    NAN = "nan", "not a number", Left.ANSWER
    SHAPE = "shape", "wrong shape", Left.ANSWER
    VALUE = "value", "wrong values", Left.ANSWER
    WRONG_ERROR = "wrong_error", "another error expected", Left.ANSWER
    NOT_RAISED = "not_raised", "error expected", Left.ANSWER
    ONLY_RAISES = "only_raises", "nothing but errors", Left.NO_ANSWER
    INPUT_CHANGED = "input_changed", "changed its input", Left.ANSWER
    CARRIED = "carried", "right, with right earlier functions", Left.RIGHT
    PASSED = "passed", "right", Left.RIGHT

    @property
    def is_answer(self) -> bool:
        """Whether there is a wrong answer, to be recognised or shown."""
        return self.left is Left.ANSWER

    @property
    def may_be_carried(self) -> bool:
        """Whether a right earlier function could make the case right.

        It can't where the file is not there or can't be loaded, and what writes into
        the grader's channel is not asked again
        """
        return self.left is not Left.RIGHT and self not in {
            Kind.NO_FILE,
            Kind.LOAD,
            Kind.PROTOCOL,
        }


KINDS = MappingProxyType({kind.value: kind for kind in Kind})
"""Every kind by the word that the ledger keeps."""

NO_ANSWER = frozenset(
    kind for kind in Kind if kind.left in {Left.NO_CALL, Left.NO_ANSWER}
)
"""Kinds of failure that leave nothing to compare with a known mistake."""
