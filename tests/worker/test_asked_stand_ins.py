"""Right functions in the place of a submission's own, seen from inside the worker."""

import io
from typing import Any

import numpy as np
import pytest

from autograder.worker import protocol
from autograder.worker.protocol import StandIn
from autograder.worker.serve import serve
from autograder.worker.stand_ins import MOST_BYTES_TOLD, MOST_TOLD, StandIns
from autograder.worker.values import Packer, Unpacker

PARAMETERS = ("x", "p", "mode")


def right(x: Any, p: Any, mode: Any = "zero") -> Any:
    """What is given for a call of pad: its arguments, by their right names."""
    return [x, p, mode]


def ask(message: protocol.Asked, part: bytes) -> tuple[protocol.Answer, bytes]:
    unpacker = Unpacker(part)
    args = [unpacker.value(tree) for tree in message.args]
    kwargs = {name: unpacker.value(tree) for name, tree in message.kwargs.items()}
    packer = Packer()
    try:
        value = packer.add(right(*args, **kwargs))
    except TypeError as error:
        text = str(error)
        return protocol.GivenError(id=message.id, name="TypeError", text=text), b""
    return protocol.Given(id=message.id, value=value), packer.blob()


def module_of(source: str, *spared: str) -> dict[str, Any]:
    """The globals of a module after a stand-in for `pad` was put into it."""
    names: dict[str, Any] = {}
    exec(source, names)  # noqa: S102 - as the worker does
    stand_ins = {"pad": StandIn(parameters=PARAMETERS)}
    load = protocol.Load(id=1, file_name="a.py", stand_ins=stand_ins, spared=spared)
    StandIns(ask).install(names, load)
    return names


@pytest.mark.parametrize(
    ("own", "call"),
    [
        ("def pad(x, p, mode): return 0", "pad([1], 2, 'zero')"),
        ("def pad(x, p, mode='zero'): raise ValueError", "pad([1], 2)"),
        ("def pad(p, mode, x): return 0", "pad(2, 'zero', [1])"),
        ("def pad(p, mode, x): return 0", "pad(x=[1], mode='zero', p=2)"),
        ("def pad(signal, width, kind): return 0", "pad([1], 2, 'zero')"),
        ("def pad(signal, width, kind): return 0", "pad([1], kind='zero', width=2)"),
        ("def pad(mode, signal, width): return 0", "pad('zero', [1], 2)"),
        ("def pad(x, p, mode, value=0): return 0", "pad([1], 2, 'zero', 7)"),
        ("def pad(*args, **kwargs): return 0", "pad([1], p=2)"),
        ("pad = None", "pad([1], 2)"),
        ("", "pad([1], 2)"),
        ("def pad_(x, p, mode): return 0", "pad_([1], 2, 'zero')"),
        ("def P_ad(p, x, mode='zero'): return 0", "P_ad(2, [1])"),
        ("class pad:\n    def __init__(self, x, p, mode): pass", "pad([1], 2, 'zero')"),
    ],
)
def test_a_call_in_the_students_way_is_passed_on_by_name(own: str, call: str) -> None:
    later = f"{own}\ndef later():\n    return {call}\n"
    assert module_of(later)["later"]() == [[1], 2, "zero"]


def test_a_call_that_their_own_signature_refuses_is_passed_on_as_it_is() -> None:
    names = module_of("def pad(x): return 0")
    assert names["pad"]([1], 2) == [[1], 2, "zero"]
    with pytest.raises(TypeError, match="missing 1 required positional argument"):
        names["pad"]([1])


def test_every_other_name_of_the_function_gets_the_stand_in_but_the_spared() -> None:
    source = "def pad(x, p): return 0\nmine = also = conv = pad\nzero = 0\n"
    names = module_of(source, "conv")
    assert names["mine"]([1], 2) == names["also"]([1], 2) == [[1], 2, "zero"]
    assert names["conv"]([1], 2) == 0
    assert names["zero"] == 0


def test_what_has_bound_the_function_at_import_keeps_it() -> None:
    source = (
        "def pad(x, p): return 0\n"
        "def by_default(x, pad=pad): return pad(x, 1)\n"
        "def made(f):\n    return lambda x: f(x, 1)\n"
        "by_closure = made(pad)\n"
    )
    names = module_of(source)
    assert (names["by_default"]([1]), names["by_closure"]([1])) == (0, 0)


def test_a_misspelt_name_has_the_same_digits() -> None:
    source = "def pad2(x, p): return 0\ndef paddd(x, p): return 1\n"
    assert module_of(source)["pad2"]([1], 2) == 0


def test_an_argument_that_cannot_cross_is_an_error_at_the_call() -> None:
    with pytest.raises(TypeError, match="a generator"):
        module_of("")["pad"]((i for i in range(3)), 2)


@pytest.mark.parametrize(
    ("name", "cls"),
    [
        ("ValueError", ValueError),
        ("UnicodeDecodeError", Exception),
        ("SystemExit", Exception),
        ("print", Exception),
        ("no_such", Exception),
    ],
)
def test_an_error_that_is_given_is_raised_as_a_builtin_one(
    name: str, cls: type[Exception]
) -> None:
    def refuses(message: protocol.Asked, _: bytes) -> tuple[protocol.Answer, bytes]:
        return protocol.GivenError(id=message.id, name=name, text="not so"), b""

    stand_ins = StandIns(refuses)
    load = protocol.Load(id=1, file_name="a.py", stand_ins={"pad": StandIn()})
    names: dict[str, Any] = {}
    stand_ins.install(names, load)
    with pytest.raises(Exception, match="not so") as caught:
        names["pad"](1)
    assert type(caught.value) is cls


def test_a_public_stand_in_takes_the_place_as_it_is() -> None:
    names: dict[str, Any] = {"square": None}
    public = StandIn(public="checks.callables:sum_of_squares")
    load = protocol.Load(id=1, file_name="a.py", stand_ins={"square": public})
    stand_ins = StandIns(ask)
    stand_ins.install(names, load)
    assert names["square"](np.array([1.0, 3.0])) == 10.0
    assert stand_ins.direct["square"] is names["square"]


def conversation(*messages: tuple[protocol.Request, bytes]) -> list[protocol.Reply]:
    requests, replies = io.BytesIO(), io.BytesIO()
    for message, part in messages:
        requests.write(protocol.to_frame(message, part))
    requests.seek(0)
    serve(requests, replies)
    replies.seek(0)
    found = []
    while replies.tell() < len(replies.getvalue()):
        found.append(protocol.read_reply(replies.read)[0])
    return found


SOURCE = b"def pad(p, x):\n    return 0\n\n\ndef later(x):\n    return pad(2, x)\n"


def test_a_question_and_its_answer_stand_between_a_call_and_its_reply() -> None:
    load = protocol.Load(
        id=1, file_name="a.py", stand_ins={"pad": StandIn(parameters=PARAMETERS)}
    )
    packer = Packer()
    call = protocol.Call(id=2, function="later", args=(packer.add(7),), kwargs={})
    given = protocol.Given(id=2, value=packer.add([5]))
    replies = conversation((load, SOURCE), (call, b""), (given, b""))
    assert [type(reply).__name__ for reply in replies] == [
        "Ready",
        "Loaded",
        "Asked",
        "Returned",
    ]
    asked, returned = replies[2:]
    assert isinstance(asked, protocol.Asked)
    assert (asked.id, asked.function, asked.args) == (2, "pad", ())
    values = {name: Unpacker(b"").value(tree) for name, tree in asked.kwargs.items()}
    assert values == {"x": 7, "p": 2}
    assert isinstance(returned, protocol.Returned)
    assert Unpacker(b"").value(returned.value) == [5]


def test_the_graders_own_call_is_as_the_question_states_it() -> None:
    load = protocol.Load(
        id=1, file_name="a.py", stand_ins={"pad": StandIn(parameters=PARAMETERS)}
    )
    trees = tuple(map(Packer().add, ([1], 2, "zero")))
    call = protocol.Call(id=2, function="pad", args=trees, kwargs={})
    given = protocol.Given(id=2, value=Packer().add(0))
    asked = conversation((load, SOURCE), (call, b""), (given, b""))[2]
    assert isinstance(asked, protocol.Asked)
    assert (asked.args, asked.kwargs) == (trees, {})


def test_the_next_load_has_its_own_functions_again() -> None:
    first = protocol.Load(id=1, file_name="a.py", stand_ins={"pad": StandIn()})
    second = protocol.Load(id=2, file_name="a.py")
    call = protocol.Call(id=3, function="later", args=(Packer().add(7),), kwargs={})
    last = conversation((first, SOURCE), (second, SOURCE), (call, b""))[-1]
    assert isinstance(last, protocol.Returned)
    assert Unpacker(b"").value(last.value) == 0


def test_an_answer_to_no_question_breaks_the_protocol() -> None:
    given = protocol.Given(id=1, value=Packer().add(0))
    with pytest.raises(protocol.ProtocolError, match="an answer to no question"):
        conversation((given, b""))


def test_a_question_without_an_answer_breaks_the_protocol() -> None:
    load = protocol.Load(id=1, file_name="a.py", stand_ins={"pad": StandIn()})
    call = protocol.Call(id=2, function="later", args=(Packer().add(7),), kwargs={})
    reply = conversation((load, SOURCE), (call, b""))[-1]
    assert isinstance(reply, protocol.Raised)
    assert reply.text == "a question without an answer"


class Told:
    """Answers questions as `ask` does, and counts them."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(
        self, message: protocol.Asked, part: bytes
    ) -> tuple[protocol.Answer, bytes]:
        self.count += 1
        return ask(message, part)


def padded_by(told: Told) -> tuple[StandIns, dict[str, Any]]:
    """A module's stand-ins, and its globals."""
    stand_ins, names = StandIns(told), {"pad": len}
    wanted = {"pad": StandIn(parameters=PARAMETERS)}
    load = protocol.Load(id=1, file_name="a.py", stand_ins=wanted)
    stand_ins.install(names, load)
    return stand_ins, names


@pytest.mark.parametrize("given", [(1, 2), (np.arange(3.0), 1), (1,), (1, "x" * 3000)])
def test_in_one_frame_the_same_is_asked_once(given: tuple[Any, ...]) -> None:
    told = Told()
    stand_ins, names = padded_by(told)
    said = []
    for call in (2, 3):
        stand_ins.begin(call)
        said += [_said(names["pad"], given) for _ in range(3)]
    assert len(set(said)) == 1
    assert told.count == 1


def asked_by(*requests: protocol.Request) -> list[int]:
    """The calls in which `later` asked, each for the same."""
    wanted = {"pad": StandIn(parameters=PARAMETERS)}
    load = protocol.Load(id=1, file_name="a.py", stand_ins=wanted)
    given = protocol.Given(id=0, value=Packer().add(0))
    messages = [(m, part) for r in requests for m, part in ((r, b""), (given, b""))]
    replies = conversation((load, SOURCE), *messages)
    assert sum(isinstance(reply, protocol.Returned) for reply in replies) == 2
    return [reply.id for reply in replies if isinstance(reply, protocol.Asked)]


def later(number: int) -> protocol.Call:
    return protocol.Call(
        id=number, function="later", args=(Packer().add(7),), kwargs={}
    )


def test_what_the_calls_of_one_frame_have_in_common_is_asked_by_the_first() -> None:
    calls = protocol.Calls(id=9, calls=(later(2), later(3)), lengths=(0, 0))
    assert asked_by(calls) == [2]


def test_the_next_frame_asks_anew() -> None:
    assert asked_by(later(2), later(3)) == [2, 3]


@pytest.mark.parametrize("other", [(1, 3), (1.0, 2), (True, 2), ([1], 2)])
def test_something_else_is_asked_for_itself(other: tuple[Any, ...]) -> None:
    told = Told()
    stand_ins, names = padded_by(told)
    stand_ins.begin(2)
    assert names["pad"](1, 2) == [1, 2, "zero"]
    assert names["pad"](*other) == [*other, "zero"]
    assert told.count == 2


def test_what_is_done_to_one_answer_is_not_done_to_the_next() -> None:
    stand_ins, names = padded_by(Told())
    stand_ins.begin(2)
    for _ in range(2):
        answer = names["pad"](np.zeros(2), 1)
        assert not answer[0].any()
        answer[0] += 1
        answer.append("mine")


def test_large_questions_are_not_remembered_and_of_too_many_the_last_ones() -> None:
    told = Told()
    stand_ins, names = padded_by(told)
    stand_ins.begin(2)
    for _ in range(2):
        names["pad"](np.zeros(MOST_BYTES_TOLD), 1)
    assert told.count == 2
    for number in range(MOST_TOLD + 1):
        names["pad"](number, 1)
    told.count = 0
    names["pad"](1, 1)
    names["pad"](MOST_TOLD, 1)
    assert told.count == 0
    names["pad"](0, 1)
    assert told.count == 1


def _said(function: Any, given: tuple[Any, ...]) -> str:
    """What a call gives, or raises, in words."""
    try:
        return repr(function(*given))
    except TypeError as error:
        return repr(error)
