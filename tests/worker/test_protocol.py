import contextlib
import io
import struct
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.worker import protocol
from autograder.worker.wire_nodes import NoneNode


def reading(data: bytes) -> Callable[[int], bytes]:
    """As a worker's stream: exactly so many bytes, or the end."""
    stream = io.BytesIO(data)

    def read(size: int) -> bytes:
        got = stream.read(size)
        if len(got) < size:
            raise EOFError
        return got

    return read


def frame(text: bytes, part: bytes = b"") -> bytes:
    return struct.pack(">II", len(text), len(part)) + text + part


@pytest.mark.parametrize(
    "message",
    [
        protocol.Ready(),
        protocol.Loaded(id=1, watched=("numpy.convolve",)),
        protocol.Returned(
            id=2, value=NoneNode(), changed={0: NoneNode()}, aliases=(0, "x")
        ),
        protocol.Raised(
            id=3,
            type_name="Mine",
            builtin_names=("ValueError",),
            text="no",
            frames=(protocol.Frame(line=1, function="f", source="raise"),),
        ),
        protocol.Missing(id=4, close_matches=("conv1d",)),
        protocol.Unsupported(id=5, what="a set"),
    ],
    ids=lambda message: type(message).__name__,
)
def test_reply_comes_back_with_its_part(message: protocol.Reply) -> None:
    data = protocol.to_frame(message, b"part")
    assert protocol.read_reply(reading(data)) == (message, b"part")


@pytest.mark.parametrize(
    "message",
    [
        protocol.Load(id=1, file_name="a1.py", watch=("numpy.dot",)),
        protocol.Call(id=2, function="f", args=(NoneNode(),), kwargs={"k": NoneNode()}),
    ],
    ids=lambda message: type(message).__name__,
)
def test_request_comes_back_with_its_part(message: protocol.Request) -> None:
    stream = io.BytesIO(protocol.to_frame(message, b"part"))
    assert protocol.read_request(stream) == (message, b"part")
    assert protocol.read_request(stream) is None


@given(st.binary())
def test_any_bytes_are_a_reply_an_end_or_a_protocol_error(data: bytes) -> None:
    with contextlib.suppress(protocol.ProtocolError, EOFError):
        protocol.read_reply(reading(data))


@given(st.binary())
def test_any_message_text_is_a_reply_or_a_protocol_error(text: bytes) -> None:
    with contextlib.suppress(protocol.ProtocolError):
        protocol.read_reply(reading(frame(text)))


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{}",
        b'{"type":"result","score":100}',
        b'{"type":"call","id":1,"function":"f","args":[],"kwargs":{}}',
        b'{"type":"loaded"}',
        b'{"type":"loaded","id":"1"}',
        b'{"type":"loaded","id":1.5}',
        b'{"type":"loaded","id":1} {}',
        b'{"type":"returned","id":1,"value":{"t":"pickle","data":""}}',
        b'{"type":"unsupported","id":1,"what":"' + b"x" * 2001 + b'"}',
        b'{"type":"returned","id":1,"value":'
        + b'{"t":"list","items":[' * 50_000
        + b"]}" * 50_000
        + b"}",
    ],
    ids=range(11),
)
def test_malformed_reply_is_a_protocol_error(text: bytes) -> None:
    with pytest.raises(protocol.ProtocolError, match="not a message"):
        protocol.read_reply(reading(frame(text)))


@pytest.mark.parametrize(
    "lengths",
    [(2**32 - 1, 0), (2, 2**32 - 1), (2**24 + 1, 0), (2, 2**26 - 1)],
    ids=str,
)
def test_announced_length_over_the_cap_is_refused_before_anything_is_read(
    lengths: tuple[int, int],
) -> None:
    with pytest.raises(protocol.ProtocolError, match="at most 16,777,216"):
        protocol.read_reply(reading(struct.pack(">II", *lengths)))


def test_frame_over_the_cap_is_not_written() -> None:
    with pytest.raises(protocol.ProtocolError, match="67,108,864 in all"):
        protocol.to_frame(protocol.Ready(), bytes(protocol.MAX_FRAME_BYTES))


def test_reply_that_ends_early_is_the_end_of_the_stream() -> None:
    whole = protocol.to_frame(protocol.Loaded(id=1), b"part")
    for length in range(len(whole)):
        with pytest.raises(EOFError):
            protocol.read_reply(reading(whole[:length]))


def test_request_that_ends_early_is_a_protocol_error() -> None:
    whole = protocol.to_frame(protocol.Load(id=1, file_name="a1.py"))
    for length in (1, 7, 20):
        with pytest.raises(protocol.ProtocolError, match="not a message"):
            protocol.read_request(io.BytesIO(whole[:length]))
