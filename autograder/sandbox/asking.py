"""What stand-ins ask in the middle of a call, answered within bounds."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import msgspec
from msgspec.structs import replace

from autograder.errors import StudentFault
from autograder.sandbox.student_failures import StudentRaised
from autograder.worker.protocol import (
    Answer,
    Asked,
    Given,
    GivenError,
    ProtocolError,
    StandIn,
)
from autograder.worker.values import DecodeError, Own, Packer, Unpacker

MOST_CALLS = 10_000
"""What stand-ins may be asked in one case."""
MOST_BYTES = 64 * 2**20
"""What may be passed to them, and the arrays that come back, in one case."""

MOST_KNOWN, MOST_BYTES_KNOWN = 4096, 4096
"""Answers of one submission that are kept as they were sent, and the length of a
question with its answer."""

Right: TypeAlias = Callable[[str, tuple[Any, ...], dict[str, Any]], Any]
"""Gives what the right function of a name gives, StudentRaised where it raises."""


class Answers:
    """What was answered to what, byte for byte: the same is asked again and again.

    Not by number, which is the call's; nor errors, of which one may be the moment's
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[bytes, bytes], tuple[Given, bytes]] = {}

    def get(self, question: tuple[bytes, bytes]) -> tuple[Given, bytes] | None:
        """Return the answer that was given, or None."""
        return self._kept.get(question)

    def keep(self, question: tuple[bytes, bytes], answer: Answer, part: bytes) -> None:
        """Keep a value where it is short, for as long as there is room."""
        if not isinstance(answer, Given):
            return
        length = len(msgspec.json.encode(answer)) + len(part)
        if sum(map(len, question)) + length > MOST_BYTES_KNOWN:
            return
        self._kept[question] = answer, part
        if len(self._kept) > MOST_KNOWN:
            del self._kept[next(iter(self._kept))]


class Asking:
    """The stand-ins of a question, and the answers to what they ask.

    stand_ins : by the name of the function that each stands for
    spared : functions of the submission that stay what they are
    right : asked for the values; it has to bound memory and time by itself
    begun : told that a case begins
    answers : those that `right` has given before, to other questions' stand-ins, too
    """

    def __init__(
        self,
        stand_ins: Mapping[str, StandIn],
        spared: tuple[str, ...],
        right: Right,
        begun: Callable[[], None],
        answers: Answers | None = None,
    ) -> None:
        self.stand_ins = stand_ins
        self.spared = spared
        self._asked: set[str] = set()
        self._right = right
        self._begun = begun
        self._answers = Answers() if answers is None else answers
        self._calls = 0
        self._bytes = 0

    @property
    def replaced(self) -> tuple[str, ...]:
        """Functions that were replaced, of those that are asked here the asked ones."""
        return tuple(
            name
            for name, stand_in in self.stand_ins.items()
            if stand_in.public or name in self._asked
        )

    def begin_case(self) -> None:
        """Give the case its full number of questions."""
        self._asked.clear()
        self._calls = self._bytes = 0
        self._begun()

    def answer(self, asked: Asked, part: bytes) -> tuple[Answer, bytes]:
        """Return what the function that is asked for gives, or the error it raises.

        Raises ProtocolError where no stand-in can have asked this, StudentFault where
        it is asked too often, for too much, or for what can't be computed here
        """
        stand_in = self.stand_ins.get(asked.function)
        if stand_in is None or stand_in.public:
            raise ProtocolError(f"a question for {asked.function[:40]!r}")
        self._asked.add(asked.function)
        self._calls += 1
        question = msgspec.json.encode((asked.function, asked.args, asked.kwargs)), part
        self._count(asked.function, *question)
        known = self._answers.get(question)
        answer, blob = known or self._answer(asked, part)
        if known is None:
            self._answers.keep(question, answer, blob)
        self._count(asked.function, blob)
        return replace(answer, id=asked.id), blob

    def _answer(self, asked: Asked, part: bytes) -> tuple[Answer, bytes]:
        try:
            unpacker = Unpacker(part)
            args = tuple(map(unpacker.value, asked.args))
            kwargs = {name: unpacker.value(tree) for name, tree in asked.kwargs.items()}
        except DecodeError as error:
            raise ProtocolError(str(error)) from error
        if any(map(_holds_a_name, (*args, *kwargs.values()))):
            raise ProtocolError("a name among the arguments of a question")
        try:
            value = self._right(asked.function, args, kwargs)
        except StudentRaised as error:
            name, text = error.builtin_names[0], error.text
            return GivenError(id=asked.id, name=name, text=text), b""
        packer = Packer()
        answer = Given(id=asked.id, value=packer.add(value))
        return answer, packer.blob()

    def _count(self, function: str, *parts: bytes) -> None:
        self._bytes += sum(map(len, parts))
        if self._calls > MOST_CALLS or self._bytes > MOST_BYTES:
            raise StudentFault(
                "timeout",
                f"`{function}` was called more often, or with more numbers, than a "
                f"case may: {MOST_CALLS:,} calls, {MOST_BYTES // 2**20} MiB",
            )


def _holds_a_name(value: Any) -> bool:
    """Tell a name from a value: it would be looked up where the right functions are."""
    if isinstance(value, (list, tuple)):
        return any(map(_holds_a_name, value))
    if isinstance(value, dict):
        return any(map(_holds_a_name, value.values()))
    return isinstance(value, Own)
