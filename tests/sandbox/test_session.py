from collections.abc import Iterator, Mapping

import numpy as np
import pytest
from checks.layouts import laid

from autograder.course.costs import CasePlace, Limit
from autograder.errors import AuthoringError, GraderFault, StudentFault
from autograder.sandbox.bubblewrap import Sandbox
from autograder.sandbox.budget import MOST_DEATHS, Deaths
from autograder.sandbox.plain_process import Unisolated
from autograder.sandbox.process import Worker
from autograder.sandbox.session import Session, StudentRaised
from autograder.sandbox.zygote import Forking

pytestmark = pytest.mark.sandbox

FORKED = Forking(cold=Sandbox())
"""As everywhere where that works; cold ones are in `test_attacks` and `test_zygote`."""
SOURCE = """
import os
import time

import numpy as np

calls = []


def conv1d(x, k, mode):
    calls.append(mode)
    if k[0] == 0:
        raise ValueError(f"no {k}")
    return len(calls)


def double_in_place(x):
    x *= 2
    return x


def resize(x):
    x.resize(5)


def to_two_rows(x):
    x.shape = (2, -1)


def first_view(pair, scale):
    return scale * pair[0] if scale != 1 else pair[0][::2]


def by_convolve(x):
    return np.convolve(x, x)


def sleep(seconds):
    time.sleep(seconds)
    return seconds


def leave():
    os._exit(3)


def spin(seconds):
    started = time.process_time()
    while time.process_time() - started < seconds:
        sum(range(1000))
    return seconds


def hungry():
    return np.ones(2**31)


def stub():
    raise NotImplementedError("stub: not started yet")


def lazy():
    yield 1


def outer(x):
    return inner(x)


def inner(x):
    return [1][x]


def large(mebibytes):
    return float(np.ones(mebibytes * 2**17).sum())


def by_a_library():
    from codecs import Codec

    return Codec().encode("x")
"""


SPIN = (
    SOURCE[SOURCE.index("import time") : SOURCE.index("import numpy")]
    + (SOURCE[SOURCE.index("def spin") : SOURCE.index("def hungry")])
)


def session_of(
    source: str | bytes,
    *,
    per_case: float = 5.0,
    total: float = 20.0,
    limits: Mapping[CasePlace, Limit] | None = None,
) -> Session:
    data = source if isinstance(source, bytes) else source.encode()
    return Session(
        FORKED.start,
        "a1_conv1d.py",
        data,
        seconds_per_case=per_case,
        seconds_total=total,
        limits=limits,
        signatures={"conv1d": "x, k, mode"},
    )


@pytest.fixture(scope="module")
def shared() -> Iterator[Session]:
    with session_of(SOURCE) as session:
        yield session


@pytest.fixture
def session(shared: Session) -> Session:
    shared.begin_question()
    shared.begin_case()
    return shared


def fault_of(session: Session, function: str, *args: object) -> StudentFault:
    with pytest.raises(StudentFault) as caught:
        session.call(function, args)
    return caught.value


def load_fault(source: str | bytes) -> StudentFault:
    with session_of(source, per_case=1.0) as session:
        return fault_of(session, "conv1d")


def test_arguments_reach_the_function_by_position_and_name(session: Session) -> None:
    assert session.call("conv1d", (np.ones(3), [1.0]), {"mode": "full"}) == 1


def test_globals_live_for_one_question(session: Session) -> None:
    arguments = (np.ones(3), [1.0], "full")
    assert [session.call("conv1d", arguments) for _ in range(2)] == [1, 2]
    session.begin_case()
    assert session.call("conv1d", arguments) == 3
    session.begin_question()
    assert session.call("conv1d", arguments) == 1


def test_array_changed_in_place_stays_here_what_it_was(session: Session) -> None:
    x = np.arange(3.0)
    value = session.call("double_in_place", (x,))
    assert x.tolist() == [0, 1, 2]
    ((changed, left),) = session.last_changed
    assert changed is x
    assert left.tolist() == value.tolist() == [0, 2, 4]
    assert session.last_aliases == (0,)
    session.call("first_view", ([x], 1))
    assert session.last_changed == ()


def test_view_and_read_only_array_changed_in_place_stay_too(session: Session) -> None:
    base = np.arange(6.0).reshape(2, 3)
    for x in (base.T[1:], np.broadcast_to(1.0, (3,))):
        session.call("double_in_place", (x,))
        assert session.last_changed[0][0] is x
    assert base.tolist() == [[0, 1, 2], [3, 4, 5]]


def test_read_only_argument_cannot_be_written_into(session: Session) -> None:
    with pytest.raises(StudentFault, match="write into a copy"):
        session.call("double_in_place", (laid(np.arange(3.0), "read-only"),))


def test_array_reshaped_or_resized_in_place_is_a_changed_one(session: Session) -> None:
    x = np.arange(4.0)
    session.call("to_two_rows", (x,))
    assert session.last_changed[0][1].shape == (2, 2)
    assert x.shape == (4,)


def test_aliases_name_the_place_of_a_nested_argument(session: Session) -> None:
    found = []
    for scale in (1, 2):
        session.call("first_view", ([np.ones(4)], scale))
        found.append(session.last_aliases)
    assert found == [(0,), ()]


def test_watched_names_are_those_of_this_question(session: Session) -> None:
    session.begin_question(watch=["numpy.convolve", "numpy.dot"])
    session.call("by_convolve", ([1.0, 2.0],))
    assert session.watched == {"numpy.convolve"}
    session.begin_question(watch=["numpy.dot"])
    session.call("by_convolve", ([1.0, 2.0],))
    assert session.watched == set()


def test_exception_names_its_line_and_its_caller(session: Session) -> None:
    fault = fault_of(session, "outer", 7)
    assert isinstance(fault, StudentRaised)
    assert (fault.kind, fault.type_name) == ("raised", "IndexError")
    assert "LookupError" in fault.builtin_names
    assert str(fault) == (
        "IndexError: list index out of range at line 71 of a1_conv1d.py, in inner: "
        "`return [1][x]` (called at line 67, in outer)"
    )


def test_coarse_message_leaves_the_exceptions_own_text_out(session: Session) -> None:
    fault = fault_of(session, "conv1d", [1.0], [0, 7351], "full")
    assert isinstance(fault, StudentRaised)
    assert "no [0, 7351]" in str(fault)
    assert fault.coarse == "`conv1d` stopped with a ValueError"


def test_stub_is_not_started(session: Session) -> None:
    fault = fault_of(session, "stub")
    assert (fault.kind, str(fault)) == ("not_started", "`stub` is not started yet")
    assert "NotImplementedError" in fault.builtin_names


def test_what_a_library_has_not_implemented_is_no_stub(session: Session) -> None:
    fault = fault_of(session, "by_a_library")
    assert fault.kind == "raised"
    assert "NotImplementedError at line" in str(fault)


def test_wrong_number_of_arguments_names_the_right_ones(session: Session) -> None:
    fault = fault_of(session, "conv1d", [1.0])
    assert fault.kind == "signature"
    assert str(fault) == (
        "`conv1d` could not be called: it should take (x, k, mode): "
        "conv1d() missing 2 required positional arguments: 'k' and 'mode'"
    )


def test_missing_function_offers_a_close_name(session: Session) -> None:
    fault = fault_of(session, "conv_1d")
    assert (fault.kind, str(fault)) == (
        "missing",
        "there is no function `conv_1d` in a1_conv1d.py; did you mean `conv1d`?",
    )


def test_unsupported_answer_is_named(session: Session) -> None:
    fault = fault_of(session, "lazy")
    assert (fault.kind, str(fault)) == (
        "type",
        "`lazy` returned a generator: return numbers",
    )


def test_memory_over_the_limit_names_the_limit(session: Session) -> None:
    fault = fault_of(session, "hungry")
    assert fault.kind == "memory"
    assert "`hungry` asked for more than the 1024 MiB" in str(fault)


def test_test_that_passes_no_plain_value_is_the_authors_error(session: Session) -> None:
    with pytest.raises(AuthoringError, match="a call of outer: a test passes a set"):
        session.call("outer", ({1},))


def test_dead_worker_is_followed_by_a_fresh_one() -> None:
    with session_of(SOURCE) as session:
        assert not session.is_alive
        fault = fault_of(session, "leave")
        assert (fault.kind, str(fault)) == (
            "died",
            "`leave` ended the program (exit, kill …) in the middle",
        )
        assert not session.is_alive
        assert session.call("conv1d", (1, [1], "full")) == 1
        assert session.is_alive


def test_worker_is_taken_when_needed_and_never_used_again() -> None:
    started: list[Worker] = []

    def start() -> Worker:
        started.append(FORKED.start())
        return started[-1]

    with Session(
        start, "a1.py", SOURCE.encode(), seconds_per_case=5, seconds_total=5
    ) as session:
        assert not started
        for _ in range(2):
            session.call("conv1d", (1, [1], "full"))
            fault_of(session, "leave")
    assert len({worker.pid for worker in started}) == 2
    assert all(worker.exit_code is not None for worker in started)


def test_a_submission_that_ends_every_worker_gets_no_more_of_them() -> None:
    deaths = Deaths(count=MOST_DEATHS - 2)
    started: list[Worker] = []

    def start() -> Worker:
        started.append(FORKED.start())
        return started[-1]

    def opened() -> Session:
        return Session(
            start,
            "a1.py",
            SOURCE.encode(),
            seconds_per_case=5,
            seconds_total=5,
            deaths=deaths,
        )

    with opened() as first, opened() as second:
        assert fault_of(first, "leave").kind == "died"
        assert first.call("conv1d", (1, [1], "full")) == 1
        assert fault_of(second, "leave").kind == "died"
        assert first.call("conv1d", (1, [1], "full")) == 2, "it has its worker still"
        fault = fault_of(second, "conv1d", 1, [1], "full")
        assert fault.kind == "died"
        told = f"not run: your program has ended in the middle {MOST_DEATHS} times by "
        assert str(fault).startswith(told)
    assert len(started) == 3


def test_case_has_its_own_time_and_the_next_one_too() -> None:
    with session_of(SOURCE, per_case=0.5) as session:
        session.call("spin", (0.3,))
        fault = fault_of(session, "spin", 9)
        assert (fault.kind, str(fault)) == (
            "timeout",
            "`spin` took longer than 0.5 s of computing time: an endless loop?",
        )
        session.begin_case()
        assert session.call("spin", (0.3,)) == 0.3
        assert session.seconds_used > 0.75


def test_sleeping_is_no_computing() -> None:
    with session_of(SOURCE, per_case=0.5) as session:
        assert session.call("sleep", (0.8,)) == 0.8
        assert session.seconds_used < 0.4


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (
            "def conv1d(x):\n    return x +\n",
            """Python can't read a1_conv1d.py: invalid syntax at line 2:
    return x +
              ^""",
        ),
        (
            "import scipy.signal\n",
            "can't be imported: scipy is not available here; what is: ",
        ),
        (
            "x = [][0]\n",
            "IndexError: list index out of range at line 1 of a1_conv1d.py: `x = [][",
        ),
        ("exit()\n", "NameError: name 'exit' is not defined"),
        ("raise SystemExit(0)\n", "ends the program (exit, quit) when imported"),
        ("import os\nos._exit(0)\n", "in a1_conv1d.py ended the program"),
        (b"x = '\xe9'\n", "a1_conv1d.py is not UTF-8 text: save it as UTF-8"),
        (b"\xff\xfex\0=\0001\0", "a1_conv1d.py holds null bytes: save it as UTF-8"),
        (b"-" * 100_000 + b"1", "Python can't read a1_conv1d.py: it is nested too"),
    ],
    ids=range(9),
)
def test_import_that_fails_is_explained(source: str | bytes, words: str) -> None:
    fault = load_fault(source)
    assert fault.kind == "load"
    assert words in str(fault)


def test_import_that_never_ends_costs_its_time_once() -> None:
    started: list[Worker] = []

    def start() -> Worker:
        started.append(FORKED.start())
        return started[-1]

    source = b"while True:\n    pass\n"
    with Session(
        start, "a1_conv1d.py", source, seconds_per_case=0.4, seconds_total=20
    ) as session:
        for _ in range(3):
            session.begin_question()
            session.begin_case()
            fault = fault_of(session, "conv1d")
            assert fault.kind == "timeout"
            assert str(fault) == (
                "the code outside of functions in a1_conv1d.py took longer than 0.4 s "
                "of computing time: an endless loop?"
            )
    assert len(started) == 1


def test_worker_that_cannot_start_is_the_graders_fault() -> None:
    def start() -> Worker:
        raise GraderFault("sandbox", "no namespaces")

    with (
        Session(start, "a1.py", b"", seconds_per_case=1, seconds_total=1) as session,
        pytest.raises(GraderFault, match="no namespaces"),
    ):
        session.call("conv1d")


def test_unisolated_worker_answers_the_same() -> None:
    with Session(
        Unisolated().start,
        "a1_conv1d.py",
        SOURCE.encode(),
        seconds_per_case=5,
        seconds_total=5,
    ) as session:
        assert session.call("conv1d", (1, [1], "full")) == 1
        assert fault_of(session, "hungry").kind == "memory"
        assert fault_of(session, "leave").kind == "died"


def test_the_most_memory_in_use_is_known_even_of_a_worker_that_died() -> None:
    with session_of(SOURCE) as session:
        before = session.peak_memory_mib
        assert before is None
        session.call("outer", (0,))
        small = session.peak_memory_mib
        assert small is not None
        assert 5 < small < 150  # Python and NumPy
        session.call("large", (200,))
        large = session.peak_memory_mib
        assert large is not None
        assert large > 200
        with pytest.raises(StudentFault, match="ended the program"):
            session.call("leave")
        session.call("large", (1,))
        assert session.peak_memory_mib == large


def test_the_most_memory_of_what_ran_out_of_time_is_known() -> None:
    with session_of(
        "import numpy as np, time\n"
        "def f():\n    x = np.ones(200 * 2**17)\n    time.sleep(1e9)\n",
        per_case=0.5,
    ) as session:
        with pytest.raises(StudentFault, match="without computing"):
            session.call("f")
        assert session.peak_memory_mib is not None
        assert session.peak_memory_mib > 200
