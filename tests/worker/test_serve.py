import importlib
import io
import random
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest
from checks.layouts import laid

from autograder.worker import protocol
from autograder.worker.serve import ONE_PROCESS, serve
from autograder.worker.values import Own, Packer, Unpacker
from autograder.worker.wire_nodes import FloatNode


@pytest.fixture(autouse=True)
def whole_process() -> Iterator[None]:
    """A worker has its process to itself; here it has to leave it as it was."""
    importlib.import_module("numpy.fft")  # what is watched is loaded
    modules = dict(sys.modules)
    names = {
        name: dict(vars(module))
        for name, module in modules.items()
        if name.partition(".")[0] == "numpy"
    }
    states = random.getstate(), np.random.get_state()  # noqa: NPY002
    numpy_errors, recursion_limit = np.geterr(), sys.getrecursionlimit()
    yield
    np.seterr(**numpy_errors)
    sys.setrecursionlimit(recursion_limit)
    for name, before in names.items():
        vars(modules[name]).update(before)
    for name in sys.modules.keys() - modules.keys():
        del sys.modules[name]
    random.setstate(states[0])
    np.random.set_state(states[1])  # noqa: NPY002


class Conversation:
    """Requests written ahead for one `serve`, and its replies."""

    def __init__(self) -> None:
        self.requests = io.BytesIO()
        self.number = 0

    def load(self, source: str | bytes, watch: Sequence[str] = ()) -> None:
        self.number += 1
        data = source if isinstance(source, bytes) else source.encode()
        message = protocol.Load(
            id=self.number, file_name="a1_conv1d.py", watch=tuple(watch)
        )
        self.requests.write(protocol.to_frame(message, data))

    def call(self, function: str, *args: Any, **kwargs: Any) -> None:
        self.number += 1
        packer = Packer(with_layouts=True)
        message = protocol.Call(
            id=self.number,
            function=function,
            args=tuple(map(packer.add, args)),
            kwargs={name: packer.add(value) for name, value in kwargs.items()},
        )
        self.requests.write(protocol.to_frame(message, packer.blob()))

    def replies(self) -> list[tuple[Any, bytes]]:
        self.requests.seek(0)
        answers = io.BytesIO()
        serve(self.requests, answers)
        answers.seek(0)
        found = []
        while answers.tell() < len(answers.getvalue()):
            found.append(protocol.read_reply(answers.read))
        return found


def answer(source: str | bytes, function: str, *args: Any, **kwargs: Any) -> Any:
    """The reply to one call."""
    talk = Conversation()
    talk.load(source)
    talk.call(function, *args, **kwargs)
    return talk.replies()[-1]


def value_of(reply: tuple[Any, bytes]) -> Any:
    message, part = reply
    assert isinstance(message, protocol.Returned), message
    return Unpacker(part).value(message.value)


def test_replies_come_in_order_each_with_its_request_number() -> None:
    talk = Conversation()
    talk.load("def f():\n    return 1\n")
    talk.call("f")
    talk.call("g")
    ready, *rest = (message for message, _ in talk.replies())
    assert ready == protocol.Ready()
    assert [(type(m).__name__, m.id) for m in rest] == [
        ("Loaded", 1),
        ("Returned", 2),
        ("Missing", 3),
    ]


def test_several_calls_in_one_frame_have_a_reply_each_with_its_own_arrays() -> None:
    talk = Conversation()
    talk.load("def f(x):\n    x += 1\n    return len(x)\n")
    packers = [Packer(with_layouts=True) for _ in range(3)]
    arrays = [np.zeros(2), np.zeros(3), np.zeros(2)]
    calls = tuple(
        protocol.Call(id=10 + n, function="f", args=(packer.add(x),), kwargs={})
        for n, (packer, x) in enumerate(zip(packers, arrays, strict=True))
    )
    blobs = [packer.blob() for packer in packers]
    message = protocol.Calls(id=2, calls=calls, lengths=tuple(map(len, blobs)))
    talk.requests.write(protocol.to_frame(message, b"".join(blobs)))
    _, _, *replies = talk.replies()
    assert [reply.id for reply, _ in replies] == [10, 11, 12]
    assert [Unpacker(part).value(r.value) for r, part in replies] == [2, 3, 2]
    changed = [Unpacker(part).value(r.changed[0]) for r, part in replies]
    assert [x.tolist() for x in changed] == [[1, 1], [1, 1, 1], [1, 1]]


@pytest.mark.parametrize("lengths", [(), (1,), (0, 0), (-1,)])
def test_pieces_that_do_not_fit_the_calls_are_no_request(
    lengths: tuple[int, ...],
) -> None:
    call = protocol.Call(id=2, function="f", args=(), kwargs={})
    message = protocol.Calls(id=1, calls=(call,), lengths=lengths)
    with pytest.raises(protocol.ProtocolError):
        list(message.pieces(b""))


def test_stream_without_requests_gives_ready_and_ends() -> None:
    assert Conversation().replies() == [(protocol.Ready(), b"")]


def test_arguments_arrive_by_position_and_by_name() -> None:
    source = "def f(a, *, b):\n    return [b, a]\n"
    assert value_of(answer(source, "f", 1.5, b="x")) == ["x", 1.5]


def test_array_changed_in_place_comes_back_under_its_number() -> None:
    source = "def f(x, y):\n    y[0][0] = 9\n    return 0\n"
    message, part = answer(source, "f", np.zeros(2), [np.ones(2)])
    assert list(message.changed) == [1]
    assert Unpacker(part).value(message.changed[1]).tolist() == [9, 1]


def test_nan_that_stays_is_no_change() -> None:
    message, _ = answer("def f(x):\n    return 0\n", "f", np.array([np.nan]))
    assert message.changed == {}


@pytest.mark.parametrize(
    ("body", "aliases"),
    [
        ("return x", (0,)),
        ("return (y[::2], 1)", ("y",)),
        ("return [x.T, {'k': y}]", (0, "y")),
        ("return x + y", ()),
        ("return x.copy()", ()),
        ("return 1.0", ()),
    ],
)
def test_arguments_that_share_memory_with_the_value_are_named(
    body: str, aliases: tuple[int | str, ...]
) -> None:
    source = f"def f(x, y):\n    {body}\n"
    message, _ = answer(source, "f", np.ones(4), y=np.ones(4))
    assert message.aliases == aliases


def test_exception_tells_its_builtin_classes_and_the_students_own_lines() -> None:
    source = (
        "import numpy as np\n"
        "class Mine(ValueError):\n"
        "    pass\n"
        "def inner(x):\n"
        "    raise Mine('no')\n"
        "def f(x):\n"
        "    return np.apply_along_axis(inner, 0, x)\n"
    )
    message, _ = answer(source, "f", np.ones(3))
    assert message.type_name == "Mine"
    assert message.builtin_names == ("ValueError", "Exception", "BaseException")
    assert message.text == "no"
    assert [(f.line, f.function, f.source) for f in message.frames] == [
        (7, "f", "    return np.apply_along_axis(inner, 0, x)"),
        (5, "inner", "    raise Mine('no')"),
    ]


def test_endless_recursion_keeps_the_first_and_last_frames_only() -> None:
    message, _ = answer("def f():\n    f()\n", "f")
    assert message.builtin_names[0] == "RecursionError"
    assert len(message.frames) == protocol.MAX_FRAMES


def test_long_text_of_an_exception_is_clipped() -> None:
    message, _ = answer("def f():\n    raise ValueError('x' * 10**6)\n", "f")
    assert len(message.text) == protocol.MAX_TEXT
    assert message.text.endswith("…")


@pytest.mark.parametrize(
    "trap", ["raise SystemExit", "raise KeyboardInterrupt", "return 1", "1 / 0"]
)
def test_exception_whose_text_fails_is_described(trap: str) -> None:
    source = (
        "class Trap(Exception):\n"
        f"    def __str__(self):\n        {trap}\n"
        "def f():\n    raise Trap\n"
    )
    message, _ = answer(source, "f")
    assert message.builtin_names == ("Exception", "BaseException")
    assert message.text.startswith("(its text can't be read: ")


@pytest.mark.parametrize("error", ["SystemExit", "KeyboardInterrupt", "GeneratorExit"])
def test_exceptions_that_end_programs_do_not_end_the_worker(error: str) -> None:
    talk = Conversation()
    talk.load(f"def f():\n    raise {error}\ndef g():\n    return 1\n")
    talk.call("f")
    talk.call("g")
    raised, returned = talk.replies()[-2:]
    assert raised[0].builtin_names[0] == error
    assert value_of(returned) == 1


IN_ANY_PLACE = {
    "a value's text": (
        "class T(list):\n  def __repr__(s): {raise}\n  __str__ = __repr__"
    ),
    "its comparison": (
        "class T(list):\n"
        "  def __eq__(s, o): {raise}\n"
        "  __hash__ = __len__ = __iter__ = __eq__"
    ),
    "what makes it an array": (
        "class T:\n  def __array__(s, *a): {raise}\n  __len__ = __array__"
    ),
    "what an array's copy asks": (
        "import numpy as np\n"
        "class T(np.ndarray):\n"
        "  def __array_finalize__(s, o): {raise}\n"
        "  __new__ = lambda c: np.zeros(2).view(c)"
    ),
    "the end of a value": ("class T:\n  def __del__(s): {raise}"),
    "a class's attributes": (
        "class M(type):\n"
        "  def __getattribute__(s, n): {raise}\n"
        "class T(metaclass=M): pass"
    ),
    "the making of a value": ("class T:\n  def __init__(s): {raise}"),
    "what tells of an exception": (
        "class T(Exception):\n"
        "  def __str__(s): {raise}\n"
        "  __repr__ = __str__\n"
        "  def __init__(s): raise s"
    ),
    "a collector's call": (
        "import gc\n"
        "def t(*a): {raise}\n"
        "def T():\n"
        "  gc.callbacks.append(t)\n"
        "  gc.collect()\n"
        "  gc.callbacks.clear()"
    ),
}
"""What makes a `T`, or is it, and raises there."""


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    "error", ["SystemExit", "KeyboardInterrupt", "GeneratorExit", "Own"]
)
@pytest.mark.parametrize("place", IN_ANY_PLACE)
def test_an_exception_of_any_class_in_any_place_costs_its_call(
    place: str, error: str
) -> None:
    own = "class Own(BaseException):\n  def __str__(s): raise Own\n"
    raising = IN_ANY_PLACE[place].format(**{"raise": f"raise {error}"})
    talk = Conversation()
    talk.load(f"{own}{raising}\ndef f(): return T()\ndef g(): return 1\n")
    talk.call("f")
    talk.load("def g(): return 1\n")
    talk.call("g")
    assert value_of(talk.replies()[-1]) == 1


@pytest.mark.parametrize(
    ("source", "error"),
    [
        (b"def f(:\n", "SyntaxError"),
        (b"def f():\nreturn 1\n", "IndentationError"),
        (b"x = 1\0\n", "ValueError"),
        (b"# \xff\n", "SyntaxError UnicodeDecodeError"),
        (b"# coding: klingon\n", "SyntaxError"),
        (b"raise SystemExit\n", "SystemExit"),
        (b"import scipy_is_not_here\n", "ModuleNotFoundError"),
        (b"-" * 100_000 + b"1\n", "RecursionError MemoryError"),
        (b"1/0\n", "ZeroDivisionError"),
    ],
    ids=range(9),
)
def test_source_that_cannot_be_imported_is_described(source: bytes, error: str) -> None:
    talk = Conversation()
    talk.load(source)
    talk.load("def f():\n    return 1\n")
    talk.call("f")
    raised, loaded, returned = talk.replies()[1:]
    assert raised[0].builtin_names[0] in error.split()
    assert isinstance(loaded[0], protocol.Loaded)
    assert value_of(returned) == 1


def test_syntax_error_tells_its_line_and_column() -> None:
    talk = Conversation()
    talk.load("x = 1\ny = = 2\n")
    message = talk.replies()[-1][0]
    assert (message.line, message.column, message.text) == (2, 5, "invalid syntax")


@pytest.mark.parametrize(
    "source",
    [
        b"\xef\xbb\xbfdef f():\r\n    return '\xc3\xa9'\r\n",
        b"# -*- coding: latin-1 -*-\ndef f():\n    return '\xe9'\n",
        "def f():\n    return 'é'".encode(),
    ],
    ids=["BOM and CRLF", "Latin-1 that says so", "no newline at the end"],
)
def test_usual_encodings_of_editors_are_read(source: bytes) -> None:
    assert value_of(answer(source, "f")) == "é"


def test_block_under_main_does_not_run() -> None:
    source = "n = __name__\nif n == '__main__':\n    1/0\ndef f():\n    return n\n"
    assert value_of(answer(source, "f")) == "a1_conv1d"


def test_every_load_starts_from_nothing() -> None:
    source = (
        "import numpy as np, random, sys, warnings\n"
        "seen = []\n"
        "def f():\n"
        "    seen.append(1)\n"
        "    found = len(seen), np.random.rand(), random.random(), np.geterr()['all'"
        " if False else 'divide'], sys.getrecursionlimit()\n"
        "    found += str(np.ones(3) / 3), warnings.filters[0][0]\n"
        "    np.seterr(all='raise'); sys.setrecursionlimit(300)\n"
        "    warnings.simplefilter('once'); np.set_printoptions(precision=1)\n"
        "    return found\n"
    )
    talk = Conversation()
    for _ in range(2):
        talk.load(source)
        talk.call("f")
    replies = talk.replies()
    assert value_of(replies[2]) == value_of(replies[4])


def test_dataclass_of_the_submission_finds_its_module() -> None:
    source = (
        "from __future__ import annotations\n"
        "import dataclasses, typing\n"
        "@dataclasses.dataclass\nclass P:\n    a: int\n"
        "def f():\n    return typing.get_type_hints(P)['a'] is int\n"
    )
    assert value_of(answer(source, "f")) is True


def test_missing_function_names_close_matches_without_private_ones() -> None:
    source = "def conv_1d():\n    pass\ndef _conv1d():\n    pass\nconv1 = 3\n"
    message, _ = answer(source, "conv1d")
    assert message.close_matches == ("conv_1d",)


def test_call_before_any_load_is_missing() -> None:
    talk = Conversation()
    talk.call("conv1d")
    assert talk.replies()[-1][0] == protocol.Missing(id=1)


def test_value_that_is_no_plain_value_is_named() -> None:
    message, _ = answer("def f():\n    return {1}\n", "f")
    assert message == protocol.Unsupported(id=2, what="a set")


def watched(source: str, *names: str) -> tuple[str, ...]:
    talk = Conversation()
    talk.load(source, watch=names)
    talk.call("f")
    message = talk.replies()[-1][0]
    assert isinstance(message, (protocol.Returned, protocol.Raised)), message
    return message.watched


@pytest.mark.parametrize(
    "source",
    [
        "import numpy as np\ndef f():\n    return np.convolve([1], [2])\n",
        "from numpy import convolve\ndef f():\n    return convolve([1], [2])\n",
        "import numpy as n\ndef f():\n    return getattr(n, 'conv' 'olve')([1], [2])\n",
        "import numpy as n\ndef f():\n    n.convolve([1], [2])\n    raise ValueError\n",
        "from numpy import *\ndef f():\n    return list(map(convolve, [[1]], [[2]]))\n",
        "import numpy as n\ndef f():\n    return n.convolve.__wrapped__([1], [2])\n",
        "import numpy as n\ndef f():\n    return n._core.convolve([1], [2])\n",
        "import numpy as n\ndef f():\n    return n._core.numeric.convolve([1], [2])\n",
        "import numpy as n\ndef f():\n    return n.convolve._used()([1], [2])\n",
    ],
    ids=range(9),
)
def test_use_of_a_watched_function_is_noted(source: str) -> None:
    assert watched(source, "numpy.convolve", "numpy.fft.fft") == ("numpy.convolve",)


def test_what_a_library_makes_of_a_watched_function_is_noted() -> None:
    source = (
        "import numpy as np\ndef f():\n    return abs(np.fft.fftn([1, 2])).tolist()\n"
    )
    assert watched(source, "numpy.fft.fft") == ("numpy.fft.fft",)


def test_unused_and_unknown_watched_names_are_not_noted() -> None:
    source = "from numpy import convolve\ndef f():\n    return 1\n"
    names = ("numpy.convolve", "scipy_x.signal.convolve", "numpy.nothing", "numpy", "")
    assert watched(source, *names) == ()


def test_method_of_a_watched_ufunc_is_noted_and_works() -> None:
    source = "import numpy as np\ndef f():\n    return np.add.reduce([1, 2])\n"
    assert watched(source, "numpy.add") == ("numpy.add",)


def test_watched_class_keeps_its_isinstance() -> None:
    source = (
        "import numpy as np\n"
        "def f():\n    assert isinstance(np.zeros(1), np.ndarray)\n    return 1\n"
    )
    assert watched(source, "numpy.ndarray") == ()


def test_recorders_leave_with_the_next_load() -> None:
    original, inner = np.convolve, vars(sys.modules["numpy._core"])["convolve"]
    talk = Conversation()
    talk.load("x = 1\n", watch=["numpy.convolve"])
    talk.load("import numpy as np\ndef f():\n    return np.convolve([1], [2])\n")
    talk.call("f")
    assert talk.replies()[-1][0].watched == ()
    assert np.convolve is original
    assert vars(sys.modules["numpy._core"])["convolve"] is inner


def test_recorder_keeps_the_name_and_the_docstring() -> None:
    source = (
        "import numpy as np\n"
        "def f():\n    return [np.convolve.__name__, len(np.convolve.__doc__)]\n"
    )
    talk = Conversation()
    talk.load(source, watch=["numpy.convolve"])
    talk.call("f")
    assert value_of(talk.replies()[-1]) == ["convolve", len(np.convolve.__doc__ or "")]


def test_broken_request_ends_the_worker() -> None:
    with pytest.raises(protocol.ProtocolError, match="not a message"):
        serve(io.BytesIO(b"\0\0\0\2\0\0\0\0{}"), io.BytesIO())


def test_value_crosses_exactly() -> None:
    message, _ = answer("def f(x):\n    return x\n", "f", 0.1)
    assert message.value == FloatNode((0.1).hex())


def test_a_read_only_argument_refuses_what_writes_into_it() -> None:
    source = "def f(x):\n    x += 1\n    return x\n"
    message, _ = answer(source, "f", laid(np.ones(3), "read-only"))
    assert message.builtin_names[0] == "ValueError"
    assert message.text == "output array is read-only"


def test_an_argument_in_another_order_in_memory_that_is_changed_comes_back() -> None:
    source = "def f(x):\n    x[0, 1] = 9\n    return x.strides\n"
    reply = answer(source, "f", laid(np.zeros((2, 3)), "backwards"))
    assert value_of(reply) == (-24, -8)
    assert Unpacker(reply[1]).value(reply[0].changed[0]).tolist() == [
        [0, 9, 0],
        [0, 0, 0],
    ]


def test_what_was_used_before_a_load_is_not_noted_after_it() -> None:
    talk = Conversation()
    talk.load("import numpy as np\nx = np.convolve([1], [2])\n", ["numpy.convolve"])
    talk.load("def f():\n    return 1\n", ["numpy.convolve"])
    talk.call("f")
    before, after, called = (message for message, _ in talk.replies()[1:])
    assert before.watched == ("numpy.convolve",)
    assert after.watched == called.watched == ()


def test_a_stand_in_leaves_with_the_next_load() -> None:
    own = "def block():\n    return 'mine'\n"
    stand_ins = {"block": protocol.StandIn(public="checks.callables:sum_of_squares")}
    talk = Conversation()
    load = protocol.Load(id=1, file_name="a1_conv1d.py", stand_ins=stand_ins)
    talk.requests.write(protocol.to_frame(load, own.encode()))
    talk.number = 1
    talk.call("block", np.array([3.0, 4.0]))
    talk.load(own)
    talk.call("block")
    _, _, stood, _, own_one = talk.replies()
    assert value_of(stood) == 25.0
    assert value_of(own_one) == "mine"


def test_a_file_that_cannot_be_loaded_leaves_no_module_of_the_one_before() -> None:
    talk = Conversation()
    talk.load("x = 1\n")
    talk.load("x = = 1\n")
    assert isinstance(talk.replies()[-1][0], protocol.Raised)
    assert "a1_conv1d" not in sys.modules


def test_what_is_no_probe_is_not_run_beside_the_submission() -> None:
    with pytest.raises(protocol.ProtocolError, match="norm is no probe"):
        answer("def f():\n    return 1\n", "checks.callables:norm", Own("f"))


def test_a_probe_of_a_function_that_is_not_there_tells_which_one() -> None:
    source = "def double():\n    return 1\n"
    message, _ = answer(source, "checks.yardstick:speed_ratio", Own("duoble"))
    assert isinstance(message, protocol.Missing)
    assert message.close_matches == ("double",)


def test_an_argument_of_another_shape_is_a_changed_one() -> None:
    message, _ = answer("def f(x):\n    x.shape = (4,)\n", "f", np.zeros((2, 2)))
    assert message.changed.keys() == {0}


def test_a_class_called_like_a_builtin_one_is_none() -> None:
    source = "class ValueError(Exception): pass\ndef f():\n    raise ValueError\n"
    message, _ = answer(source, "f")
    assert message.builtin_names == ("Exception", "BaseException")


def test_an_exception_is_the_submissions_own_where_its_own_code_raised_it() -> None:
    source = (
        "import numpy as np\n"
        "def own():\n    raise ValueError\n"
        "def librarys():\n    np.linalg.inv(np.zeros((2, 3)))\n"
    )
    assert answer(source, "own")[0].own
    assert not answer(source, "librarys")[0].own


def test_of_many_frames_the_last_one_is_where_it_was_raised() -> None:
    source = (
        "def deep(n):\n    return deep(n - 1) if n else end()\n"
        "def end():\n    raise ValueError\n"
    )
    frames = answer(source, "deep", 50)[0].frames
    assert len(frames) == protocol.MAX_FRAMES
    assert (frames[0].function, frames[-1].function) == ("deep", "end")


def test_whoever_asks_for_several_processes_is_told_that_there_is_one() -> None:
    source = "import multiprocessing as m\ndef f():\n    m.get_context('nope')\n"
    message, _ = answer(source, "f")
    assert (message.check, message.text) == ("type", ONE_PROCESS)
