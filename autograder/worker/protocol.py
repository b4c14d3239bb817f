"""Messages between the grader and a worker, and the frames they travel in.

A frame is two lengths, a message as JSON, and a part of raw bytes::

    4 bytes   length of the message, big-endian
    4 bytes   length of the part, big-endian
              the message: one tagged struct below, as JSON
              the part: safetensors, or the source of a submission

Every request has a number, and its one reply repeats it; of several calls in one frame
each has a number, and a reply. In between a worker may ask
what functions of `Load.stand_ins` give, if there are any, and is answered each time.
What else a worker sends (a frame too many, too early, too long, of another number or
form) breaks the protocol.
"""

import struct
from collections.abc import Callable, Iterator
from typing import Annotated, BinaryIO, TypeAlias, TypeVar

import msgspec

from autograder.worker.wire_nodes import Tree

MAX_FRAME_BYTES = 64 * 2**20
MAX_MESSAGE_BYTES = 16 * 2**20
MAX_TEXT = 2000
MAX_FRAMES = 20
_LENGTHS = struct.Struct(">II")

Place: TypeAlias = int | str
"""Where an argument stood: its position, or its name where it was passed by name."""

Text = Annotated[str, msgspec.Meta(max_length=MAX_TEXT)]
Names = Annotated[
    tuple[Annotated[str, msgspec.Meta(max_length=200)], ...],
    msgspec.Meta(max_length=200),
]


class ProtocolError(Exception):
    """The other side sent what the protocol does not allow."""


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """One call in the student's own file, outermost first in `Raised.frames`.

    source : the line as it stands in the file
    """

    line: int
    function: Annotated[str, msgspec.Meta(max_length=200)]
    source: Annotated[str, msgspec.Meta(max_length=200)]


class Ready(msgspec.Struct, frozen=True, kw_only=True, tag="ready"):
    """The worker has imported its packages; sent once, unasked."""


class StandIn(msgspec.Struct, frozen=True, kw_only=True):
    """What takes the place of one of the submission's functions.

    parameters : the names that the function's parameters should have, in order
    public : ``checks.module:name`` of what takes its place, or "" where each call of it
        is passed to the grader (`Asked`)
    """

    parameters: Names = ()
    public: Annotated[str, msgspec.Meta(max_length=200)] = ""


class Load(msgspec.Struct, frozen=True, kw_only=True, tag="load"):
    """Run a submission as a fresh module; the part is its source.

    watch : dotted names of NumPy functions whose use is to be noted
    stand_ins : what takes the place of functions once the module has run, by name
    spared : functions that stay what they are, under whatever other name they go
    """

    id: int
    file_name: str
    watch: Names = ()
    stand_ins: dict[str, StandIn] = {}
    spared: Names = ()


class Loaded(msgspec.Struct, frozen=True, kw_only=True, tag="loaded"):
    """The module ran to its end."""

    id: int
    watched: Names = ()


class Call(msgspec.Struct, frozen=True, kw_only=True, tag="call"):
    """Call a function of the module; the part holds the arrays of the arguments."""

    id: int
    function: str
    args: tuple[Tree, ...]
    kwargs: dict[str, Tree]


class Calls(msgspec.Struct, frozen=True, kw_only=True, tag="calls"):
    """Make several calls, one after the other; each has its own reply, as it is done.

    lengths : of the pieces of the part, which hold the arrays of one call each
    """

    id: int
    calls: tuple[Call, ...]
    lengths: tuple[int, ...]

    def pieces(self, part: bytes) -> Iterator[tuple[Call, bytes]]:
        """Yield each call with its piece; raises ProtocolError where they don't fit."""
        if len(self.calls) != len(self.lengths) or sum(self.lengths) != len(part):
            raise ProtocolError("pieces that are not those of the calls")
        begin = 0
        for call, length in zip(self.calls, self.lengths, strict=True):
            yield call, part[begin : begin + length]
            begin += length


class Returned(msgspec.Struct, frozen=True, kw_only=True, tag="returned"):
    """What the call returned; the part holds its arrays.

    changed : arrays of the arguments that differ after the call, by their number in
        the call's part
    aliases : arguments whose memory the value shares
    watched : names of `Load.watch` used since the load
    """

    id: int
    value: Tree
    changed: dict[int, Tree] = {}
    aliases: Annotated[tuple[Place, ...], msgspec.Meta(max_length=200)] = ()
    watched: Names = ()


class Raised(msgspec.Struct, frozen=True, kw_only=True, tag="raised"):
    """The load or the call ended in an exception.

    type_name : the exception's class, as the student named it
    builtin_names : the builtin ones among its classes, most derived first
    text : what ``str`` gives, clipped
    frames : the calls in the student's file that led there
    line, column : of a SyntaxError, the place in the file, from 1, else 0
    own : the submission's own code raised it, not a library that it called
    check : where a probe objects to what the submission gave it, the kind of objection
    """

    id: int
    type_name: Annotated[str, msgspec.Meta(max_length=200)]
    builtin_names: Names
    text: Text
    frames: Annotated[tuple[Frame, ...], msgspec.Meta(max_length=MAX_FRAMES)] = ()
    line: int = 0
    column: int = 0
    own: bool = False
    check: Annotated[str, msgspec.Meta(max_length=40)] = ""
    watched: Names = ()


class Missing(msgspec.Struct, frozen=True, kw_only=True, tag="missing"):
    """The module has no such function; close_matches : names that it has."""

    id: int
    close_matches: Names = ()


class Unsupported(msgspec.Struct, frozen=True, kw_only=True, tag="unsupported"):
    """The function returned something that is no plain value; what : in words."""

    id: int
    what: Text
    watched: Names = ()


class Asked(msgspec.Struct, frozen=True, kw_only=True, tag="asked"):
    """Ask in the middle of a call what a function gives for these arguments.

    id : the call's
    function : one of `Load.stand_ins`; the part holds the arrays of the arguments
    """

    id: int
    function: Annotated[str, msgspec.Meta(max_length=200)]
    args: tuple[Tree, ...]
    kwargs: dict[str, Tree]


class Given(msgspec.Struct, frozen=True, kw_only=True, tag="given"):
    """The value that was asked for; the part holds its arrays."""

    id: int
    value: Tree


class GivenError(msgspec.Struct, frozen=True, kw_only=True, tag="given_error"):
    """The function that was asked raises; name : of a builtin exception."""

    id: int
    name: str
    text: Text


Answer: TypeAlias = Given | GivenError
Request: TypeAlias = Load | Call | Calls | Given | GivenError
Reply: TypeAlias = Ready | Loaded | Returned | Raised | Missing | Unsupported | Asked
_Message = TypeVar("_Message")

_REQUESTS: msgspec.json.Decoder[Request] = msgspec.json.Decoder(Request)
_REPLIES: msgspec.json.Decoder[Reply] = msgspec.json.Decoder(Reply)


def to_frame(message: Request | Reply, part: bytes = b"") -> bytes:
    """Return the bytes of one frame.

    Raises ProtocolError where it would be longer than a frame may be
    """
    text = msgspec.json.encode(message)
    _check_lengths(len(text), len(part))
    return _LENGTHS.pack(len(text), len(part)) + text + part


def read_request(reader: BinaryIO) -> tuple[Request, bytes] | None:
    """Read what the grader asks; None where it has hung up.

    Raises ProtocolError
    """
    head = reader.read(_LENGTHS.size)
    return _read(head, reader.read, _REQUESTS) if head else None


def read_reply(read: Callable[[int], bytes]) -> tuple[Reply, bytes]:
    """Read a worker's reply.

    read : gives exactly as many bytes as it is asked for, or raises
    Raises ProtocolError, and what `read` raises
    """
    return _read(read(_LENGTHS.size), read, _REPLIES)


def _read(
    head: bytes,
    read: Callable[[int], bytes],
    decoder: msgspec.json.Decoder[_Message],
) -> tuple[_Message, bytes]:
    try:
        text_length, part_length = _LENGTHS.unpack(head)
        _check_lengths(text_length, part_length)
        message = decoder.decode(read(text_length))
    except (struct.error, msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise ProtocolError(f"not a message: {error}") from error
    return message, read(part_length)


def _check_lengths(text: int, part: int) -> None:
    if text > MAX_MESSAGE_BYTES or text + part > MAX_FRAME_BYTES:
        raise ProtocolError(
            f"a frame of {text:,} + {part:,} bytes, "
            f"at most {MAX_MESSAGE_BYTES:,} and {MAX_FRAME_BYTES:,} in all are allowed"
        )
