"""What never answers ends in bounded time, with the right words, on both backends.

Nothing here is timed by the clock on the wall: the tests hold however busy the machine
is, they only take longer then.
"""

import pytest

from autograder.errors import StudentFault
from autograder.sandbox.bubblewrap import Sandbox
from autograder.sandbox.landlock_backend import Contained, unavailable
from autograder.sandbox.launch import Starter
from autograder.sandbox.session import Session
from autograder.sandbox.zygote import Forking

pytestmark = pytest.mark.sandbox

SECONDS = 0.5
LOOPS = "`f` took longer than 0.5 s of computing time: an endless loop?"
WAITS = "`f` waited for 1 s without computing (input(), sleep, a lock?)"
DEADLOCK = """one, two = threading.Lock(), threading.Lock()
both = threading.Barrier(2)
def take(first, second):
    with first:
        both.wait()
        with second:
            pass
pairs = (one, two), (two, one)
threads = [threading.Thread(target=take, args=pair) for pair in pairs]
[thread.start() for thread in threads]
[thread.join() for thread in threads]"""
BUSY_THREAD = """def spin():
    while True:
        pass
threading.Thread(target=spin).start()
time.sleep(1e9)"""
CATCHES_ALL = """while True:
    try:
        1 / 0
    except BaseException:
        pass"""
NEVER = {
    "a loop": ("while True:\n    pass", LOOPS),
    "a loop in C": ("sum(range(10**18))", LOOPS),
    "a loop that catches all": (CATCHES_ALL, LOOPS),
    "a sleep": ("time.sleep(1e9)", WAITS),
    "many short sleeps": ("while True:\n    time.sleep(0.01)", WAITS),
    "a lock taken twice": ("lock = threading.Lock()\nwhile lock.acquire(): 0", WAITS),
    "two threads that wait for each other": (DEADLOCK, WAITS),
    "a queue that stays empty": ("queue.Queue().get()", WAITS),
    "a thread that computes while the function sleeps": (BUSY_THREAD, LOOPS),
}
STARTERS = (
    pytest.param(Forking(cold=Sandbox()), id="sandbox"),
    pytest.param(
        Forking(cold=Contained()),
        id="contained",
        marks=pytest.mark.skipif(bool(unavailable()), reason=unavailable()),
    ),
)


def session_of(starter: Starter, source: str, seconds: float = SECONDS) -> Session:
    return Session(
        starter.start,
        "a1.py",
        f"import queue, threading, time\n{source}".encode(),
        seconds_per_case=seconds,
        seconds_total=60,
    )


def function(body: str) -> str:
    return "def f():\n" + "".join(f"    {line}\n" for line in body.splitlines())


@pytest.mark.parametrize("what", NEVER)
@pytest.mark.parametrize("starter", STARTERS)
def test_what_never_answers_ends_and_is_told(starter: Starter, what: str) -> None:
    body, told = NEVER[what]
    with session_of(starter, function(body)) as session:
        with pytest.raises(StudentFault) as caught:
            session.call("f")
        assert (caught.value.kind, str(caught.value)) == ("timeout", told)
        assert not session.is_alive
        assert session.seconds_used < 3 * SECONDS


@pytest.mark.parametrize("starter", STARTERS)
def test_code_outside_of_functions_is_named_as_such(starter: Starter) -> None:
    with session_of(starter, "while True:\n    pass\n") as session:
        with pytest.raises(StudentFault) as caught:
            session.call("f")
        assert str(caught.value) == (
            "the code outside of functions in a1.py took longer than 0.5 s of "
            "computing time: an endless loop?"
        )
    with session_of(starter, "time.sleep(1e9)\n") as session:
        with pytest.raises(StudentFault) as caught:
            session.call("f")
        assert str(caught.value) == (
            "the code outside of functions in a1.py waited for 1 s without computing "
            "(input(), sleep, a lock?)"
        )


@pytest.mark.parametrize("starter", STARTERS)
def test_a_submission_that_turns_its_clocks_is_timed_all_the_same(
    starter: Starter,
) -> None:
    source = "time.process_time = time.monotonic = lambda: 0.0\n" + function(
        "while True:\n    pass"
    )
    with (
        session_of(starter, source) as session,
        pytest.raises(StudentFault, match="an endless loop"),
    ):
        session.call("f")


@pytest.mark.parametrize("starter", STARTERS)
def test_running_the_file_takes_no_time_from_the_function(starter: Starter) -> None:
    spin = (
        "def spin(seconds):\n"
        "    started = time.process_time()\n"
        "    while time.process_time() - started < seconds:\n"
        "        pass\n"
        "    return seconds\n"
        "spin(0.6)\n"
    )
    with session_of(starter, spin, seconds=1.0) as session:
        assert session.call("spin", (0.6,)) == 0.6
        assert session.case_seconds < 1.0 < session.seconds_used


def test_a_worker_that_the_kernel_ends_has_computed_for_too_long() -> None:
    starter = Sandbox(cpu_seconds=2)
    with session_of(starter, function("while True:\n    pass"), seconds=30) as session:
        with pytest.raises(StudentFault) as caught:
            session.call("f")
        assert caught.value.kind == "timeout"
        assert str(caught.value) == (
            "the 2 s of computing time that a program may take were used up before "
            "`f` ended"
        )
