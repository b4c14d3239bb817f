"""One submission's talk with its workers: budgets, order, and faults in words."""

import time
from collections import deque
from collections.abc import (
    Callable,
    Generator,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import contextmanager
from typing import Any, Self

import msgspec
import numpy as np

from autograder.course.costs import CasePlace, Limit
from autograder.errors import AuthoringError, GraderFault, StudentFault
from autograder.sandbox import student_failures
from autograder.sandbox.asking import Asking
from autograder.sandbox.budget import OVERTIME, Budget, Deaths, Total
from autograder.sandbox.process import OutOfTimeError, Watch, Worker, until
from autograder.sandbox.reply_size import MOST_NUMBERS, held, stacked
from autograder.sandbox.stopwatch import Allowance, Sight, Spent
from autograder.sandbox.student_failures import StudentRaised, Submitted
from autograder.worker.protocol import (
    Asked,
    Call,
    Calls,
    Load,
    Loaded,
    Missing,
    Place,
    ProtocolError,
    Raised,
    Ready,
    Reply,
    Request,
    Returned,
    Unsupported,
    read_reply,
    to_frame,
)
from autograder.worker.values import (
    Array,
    DecodeError,
    Own,
    Packer,
    Unpacker,
    UnsupportedValueError,
)

__all__ = ["Session", "StudentRaised"]

MAX_SOURCE_BYTES = 2**20
MOST_BYTES = 256 * 2**20
"""What the calls of one case may return together, as it lies in memory: a test holds it
all."""
MOST_AT_ONCE = 64
"""Calls that are asked for in one frame."""
SECONDS_TO_LEAVE = 0.05
"""So long answers are waited for that nobody wants any more."""
LONG_SECONDS = 0.1
"""After a call of this length its worker's memory is looked at."""
SECONDS_TO_GROW = 0.01
"""Processor time in which a worker fills so little memory (some 40 MiB) that there is
no need to look again."""


class Session:
    """Calls a submission's functions in a worker, and in a fresh one after a death.

    start : gives a worker that is ready and unused
    seconds_per_case, seconds_total : processor time of the submission's own work;
        starting a worker is not counted, and running the file has the time of a case
    limits : of cases that have one of their own
    signatures : the parameters of each function, as text for messages
    packages : what can be imported, for messages
    asking : answers what stand-ins ask, where a question is given any
    is_cheap : a fresh worker costs little, so that questions share one no longer than
        all is right. Each has a fresh module; what an earlier one has left in NumPy is
        gone with its worker only (`begin_anew`)
    deaths : of all of the submission's workers, where it has other sessions, too
    last_aliases : places of the last call's arguments that share memory with its value
    last_changed : arrays of the last call's arguments that it changed in the worker,
        each with what it was changed to: here they are as they were
    watched : names of `watch` used since `begin_question`
    broke_protocol : a worker sent what it should not: a person should look
    seconds_in_vain : processor time of what was asked anew; no part of `seconds_used`
    """

    def __init__(
        self,
        start: Callable[[], Worker],
        file_name: str,
        source: bytes,
        *,
        seconds_per_case: float,
        seconds_total: float,
        limits: Mapping[CasePlace, Limit] | None = None,
        signatures: Mapping[str, str] | None = None,
        packages: tuple[str, ...] = ("numpy",),
        asking: Asking | None = None,
        is_cheap: bool = False,
        deaths: Deaths | None = None,
    ) -> None:
        self.last_aliases: tuple[Place, ...] = ()
        self.last_changed: tuple[tuple[Array, Any], ...] = ()
        self.watched: set[str] = set()
        self.broke_protocol = False
        self.seconds_in_vain = 0.0
        self._start = start
        self._file_name = file_name
        self._source = source
        self._of_a_case = Limit(seconds=seconds_per_case)
        self._limits = limits or {}
        self._total = Total(Allowance.of_cpu(seconds_total))
        self._submitted = Submitted(
            file_name=file_name,
            source=source,
            signatures=signatures or {},
            packages=packages,
        )
        self._asking = asking
        self._is_cheap = is_cheap
        self._is_shared = True
        self._is_second_hand = False
        self._deaths = deaths or Deaths()
        self._watch: tuple[str, ...] = ()
        self._worker: Worker | None = None
        self._is_loaded = False
        self._load_fault: StudentFault | None = None
        self._before: tuple[Spent, int, StudentFault | None]
        self._before = Spent(), self._deaths.count, None
        self._requests = 0
        self._case = Budget(self._of_a_case, self._total)
        self._bytes = 0
        self._peak_memory_mib: float | None = None
        self._seen: Sight | None = None
        self._looked_at = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def seconds_used(self) -> float:
        """Processor time of the submission's own work so far."""
        return self._total.spent.cpu

    @property
    def case_seconds(self) -> float:
        """Processor time of the case so far, without running the file."""
        return self._case.spent.cpu

    @property
    def case_calls(self) -> int:
        """How many calls of the case have been answered."""
        return self._case.calls

    @property
    def peak_memory_mib(self) -> float | None:
        """The most memory that any of its workers had in use, Python and all.

        None where nobody knows: no worker has answered yet
        """
        if self._worker is not None:
            self._note_memory(self._worker)
        return self._peak_memory_mib

    @property
    def replaced(self) -> tuple[str, ...]:
        """Functions in whose place right ones were called in this case.

        Of public stand-ins all, since nobody asks for their values
        """
        return () if self._asking is None else self._asking.replaced

    @property
    def is_alive(self) -> bool:
        """Whether a worker is held; a call starts one where there is none."""
        return self._worker is not None

    def close(self) -> None:
        """End the worker and everything that it left running."""
        if self._worker is not None:
            self._note_memory(self._worker)
            self._worker.kill()
        self._worker = None
        self._is_loaded = False

    def begin_question(self, watch: Sequence[str] = ()) -> None:
        """Let the next call start from a freshly loaded module.

        watch : dotted names of NumPy functions whose use is to be noted
        """
        self._watch = tuple(watch)
        if self._is_cheap and not self._is_shared:
            self.close()
        self._is_second_hand = self._is_cheap and self._worker is not None
        self._before = self._total.spent, self._deaths.count, self._load_fault
        self._is_loaded = False
        self.watched.clear()

    @property
    def is_second_hand(self) -> bool:
        """Whether the question began in another one's worker, and can begin anew."""
        return self._is_second_hand

    def begin_anew(self) -> None:
        """Let the question begin once more, in a fresh worker, as if it had not yet.

        It is the last to share one, so that no more than one question's time is given
        twice
        """
        self.close()
        self._is_shared = self._is_second_hand = False
        vain = self._total.spent
        spent, self._deaths.count, self._load_fault = self._before
        # Who waits keeps others waiting, however often it is asked.
        self._total.spent = msgspec.structs.replace(spent, idle=vain.idle)
        self.seconds_in_vain = vain.cpu - spent.cpu
        self.watched.clear()

    def end_question(self, *, failed: bool) -> None:
        """Let no question after one that failed share its worker, or another's."""
        self._is_shared = self._is_shared and not failed

    def begin_case(self, place: CasePlace | None = None) -> None:
        """Give a case its full time; place : which case it is."""
        if self._worker is not None and self._may_have_grown():
            self._note_memory(self._worker)
        limit = self._of_a_case if place is None else self._limits.get(place)
        self._case = Budget(limit or self._of_a_case, self._total)
        self._bytes = 0
        if self._asking is not None:
            self._asking.begin_case()

    @contextmanager
    def aside(self, seconds: float) -> Iterator[None]:
        """Let the block's calls have `seconds` together, whatever they do.

        No later case has less time for it, or a file that no longer loads
        """
        kept = self._of_a_case, self._load_fault, self._case, self._total
        self._of_a_case = Limit(seconds=seconds)
        self._total = Total(Allowance.of_cpu(OVERTIME * seconds))
        self._case = Budget(self._of_a_case, self._total)
        try:
            yield
        finally:
            self._of_a_case, self._load_fault, self._case, self._total = kept

    def charge(self, seconds: float) -> None:
        """Count what an answer made the grader compute as the submission's own time."""
        self._total.spent += Spent(cpu=seconds)

    def call(
        self, function: str, args: Sequence[Any] = (), kwargs: Mapping[str, Any] = {}
    ) -> Any:
        """Return what the submission's `function` returns for these arguments.

        The arguments stay what they are, whatever it does to its copies of them.
        Raises StudentFault, and GraderFault where no worker could be started
        """
        self.last_aliases = self.last_changed = ()
        packer = Packer(with_layouts=True)
        request, part = self._call_of(packer, function, args, kwargs)
        function = _shown(function, args)
        self._load()
        reply, answer = self._ask(request, part, f"`{function}`", self._case)
        return self._returned(reply, answer, packer.arrays, function)

    def call_each(
        self, function: str, table: Sequence[tuple[Any, ...]]
    ) -> Generator[Any]:
        """Yield what the submission's `function` returns for each of the arguments.

        They are asked in one go, and each answer is looked at as one to a single call
        is. The first that is a fault is the last; what was asked after it is left.
        Raises what `call` raises
        """
        for begin in range(0, len(table), MOST_AT_ONCE):
            yield from self._called(function, table[begin : begin + MOST_AT_ONCE])

    def _called(
        self, function: str, table: Sequence[tuple[Any, ...]]
    ) -> Generator[Any]:
        """Ask for all of a table in one frame, and yield answer after answer."""
        self.last_aliases = self.last_changed = ()
        packers = [Packer(with_layouts=True) for _ in table]
        pairs = [
            self._call_of(packer, function, args, {})
            for packer, args in zip(packers, table, strict=True)
        ]
        calls, parts = zip(*pairs, strict=True)
        lengths = tuple(map(len, parts))
        request = Calls(id=self._next_id(), calls=calls, lengths=lengths)
        frame = to_frame(request, b"".join(parts))
        self._load()
        left, since = deque(call.id for call in calls), None
        try:
            for packer in packers:
                self.last_aliases = self.last_changed = ()
                number = left.popleft()
                what = f"`{function}`"
                reply, answer = self._answer(number, frame, what, self._case, since)
                frame, since = b"", self._seen
                yield self._returned(reply, answer, packer.arrays, function)
        finally:
            if left and self._worker is not None:
                self._leave(self._worker, left, since)

    def _leave(self, worker: Worker, left: Iterable[int], since: Sight | None) -> None:
        """Read the answers that nobody wants any more, or do without the worker."""
        patience = until(time.monotonic() + SECONDS_TO_LEAVE)
        try:
            replies = [
                read_reply(lambda size: worker.receive(size, patience))[0] for _ in left
            ]
        except (TimeoutError, EOFError, ProtocolError):
            self.close()
            return
        except BaseException:
            self.close()  # the rest would answer the next question
            raise
        watch = Watch(worker, self._case.left, since)
        self._case.add(watch.end().within(watch.allowed))
        # Who asks in the middle of a call would wait for an answer for ever.
        if any(isinstance(reply, Asked) for reply in replies) or [
            None if isinstance(reply, Ready) else reply.id for reply in replies
        ] != list(left):
            self.close()

    def _returned(
        self, reply: Reply, answer: bytes, arrays: Sequence[Array], function: str
    ) -> Any:
        """Return what a call returned; raises StudentFault where it did not."""
        self._case.calls += 1
        match reply:
            case Returned():
                return self._value(reply, answer, arrays, function)
            case Raised():
                self._note(reply.watched)
                if reply.check:
                    raise student_failures.of_objection(reply, function)
                raise student_failures.of_call(
                    reply,
                    function=function,
                    submitted=self._submitted,
                    memory_mib=self._held.memory_mib,
                )
            case Missing():
                raise student_failures.of_missing(
                    function, self._submitted.shown_name, reply.close_matches
                )
            case Unsupported():
                self._note(reply.watched)
                raise student_failures.of_unsupported(function, reply.what)
            case Ready() | Loaded() | Asked():
                raise self._violation("an answer to no question")

    def probe(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Return what a public probe, ``checks.module:function``, gives in the worker.

        args : with `values.Own` for each of the submission's functions
        """
        return self.call(name, args, kwargs)

    @property
    def _held(self) -> Worker:
        if self._worker is None:
            self._worker = self._start()
        return self._worker

    def _call_of(
        self,
        packer: Packer,
        function: str,
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
    ) -> tuple[Call, bytes]:
        try:
            trees = tuple(packer.add(value) for value in args)
            named = {name: packer.add(value) for name, value in kwargs.items()}
        except UnsupportedValueError as error:
            raise AuthoringError(
                f"a call of {function}", f"a test passes {error}", "pass plain values"
            ) from error
        call = Call(id=self._next_id(), function=function, args=trees, kwargs=named)
        return call, packer.blob()

    def _load(self) -> None:
        if self._worker is None:
            self._deaths.check()
        if self._load_fault is not None:
            raise self._load_fault.with_traceback(None)
        if self._is_loaded:
            return
        try:
            self._load_now()
        except StudentFault as fault:
            # What fails at import fails at every import: once is enough.
            self._load_fault = fault
            raise

    def _load_now(self) -> None:
        name = self._submitted.shown_name
        if len(self._source) > MAX_SOURCE_BYTES:
            size = f"{len(self._source):,} bytes, at most {MAX_SOURCE_BYTES:,}"
            raise StudentFault("load", f"{name} is too large: {size}")
        request = Load(
            id=self._next_id(),
            file_name=self._file_name,
            watch=self._watch,
            stand_ins={} if self._asking is None else dict(self._asking.stand_ins),
            spared=() if self._asking is None else self._asking.spared,
        )
        try:
            what = f"the code outside of functions in {name}"
            reply, _ = self._ask(
                request, self._source, what, Budget(self._of_a_case, self._total)
            )
        except StudentFault as fault:
            if fault.kind == "died":
                raise StudentFault("load", str(fault)) from None
            raise
        match reply:
            case Loaded():
                self._note(reply.watched)
                self._is_loaded = True
            case Raised():
                raise student_failures.of_load(reply, self._submitted)
            case _:
                raise self._violation("an answer to no question")

    def _ask(
        self, request: Request, part: bytes, what: str, budget: Budget
    ) -> tuple[Reply, bytes]:
        return self._answer(request.id, to_frame(request, part), what, budget)

    def _answer(
        self,
        number: int,
        frame: bytes,
        what: str,
        budget: Budget,
        since: Sight | None = None,
    ) -> tuple[Reply, bytes]:
        """Send a frame, where there is one, and return the reply to `number`.

        since : where what the worker computes began to count, if not now
        """
        budget.check(what, Spent(), answered=False)
        worker = self._held
        watch = Watch(worker, budget.left, since)
        try:
            reply, answer = self._exchange(worker, watch, number, frame, what)
        except OutOfTimeError:
            self._write_down(worker, watch, budget)
            self.close()
            budget.check(what, watch.spent, answered=False)
            raise
        except BaseException:
            # One that has ended is gone; one that was left off in the middle (no
            # memory here, or no time) still waits for an answer that will not come,
            # or sends what would answer the next question.
            self._write_down(worker, watch, budget)
            self.close()
            raise
        self._write_down(worker, watch, budget)
        budget.check(what, watch.spent, answered=True)
        if isinstance(reply, Ready) or reply.id != number:
            raise self._violation("an answer to another question")
        self._seen = watch.last
        return reply, answer

    def _exchange(
        self, worker: Worker, watch: Watch, number: int, frame: bytes, what: str
    ) -> tuple[Reply, bytes]:
        """Send a request and read its reply; what is asked in between is answered."""
        try:
            if frame and worker.pending():
                raise self._violation("bytes that nobody asked for")
            while True:
                if frame:
                    worker.send(frame, watch)
                reply, part = read_reply(lambda size: worker.receive(size, watch))
                if not isinstance(reply, Asked):
                    return reply, part
                with watch.aside():
                    frame = self._answered(reply, part, number)
        except EOFError:
            raise self._death(worker, watch, what) from None
        except ProtocolError as error:
            raise self._violation(str(error)) from error

    def _answered(self, asked: Asked, part: bytes, number: int) -> bytes:
        if self._asking is None or asked.id != number:
            raise ProtocolError("a question of its own")
        return to_frame(*self._asking.answer(asked, part))

    def _write_down(self, worker: Worker, watch: Watch, budget: Budget) -> None:
        budget.add(watch.end().within(watch.allowed))
        if watch.spent.wall > LONG_SECONDS:
            self._note_memory(worker)

    def _death(self, worker: Worker, watch: Watch, what: str) -> StudentFault:
        exit_code = worker.exit_code
        if worker.was_lost:
            raise GraderFault("sandbox", "a worker was ended by nobody's submission")
        self._deaths.count += 1
        if watch.met_the_kernels_limit:
            return student_failures.of_kernels_limit(what, worker.cpu_seconds)
        return student_failures.of_death(what, exit_code, worker.memory_mib)

    def _value(
        self, reply: Returned, part: bytes, arrays: Sequence[Array], function: str
    ) -> Any:
        self._note(reply.watched)
        try:
            unpacker = Unpacker(part)
            value = unpacker.value(reply.value)
            self.last_changed = tuple(
                (arrays[key], _array(unpacker.value(tree)))
                for key, tree in reply.changed.items()
            )
        except (DecodeError, IndexError) as error:
            raise self._violation(str(error)) from error
        # What it did to its arguments is looked at as what it returned is.
        values = [value, *(new for _, new in self.last_changed)]
        size = max(map(stacked, values))
        if size > MOST_NUMBERS:
            self.last_changed = ()
            raise student_failures.of_too_many(function, size)
        self._bytes += sum(map(held, values))
        if self._bytes > MOST_BYTES:
            self.last_changed = ()
            raise student_failures.of_too_much(function, MOST_BYTES)
        self.last_aliases = reply.aliases
        return value

    def _may_have_grown(self) -> bool:
        return self.seconds_used - self._looked_at > SECONDS_TO_GROW

    def _note_memory(self, worker: Worker) -> None:
        """Keep the peak now and then: of one that has died it can't be read."""
        self._looked_at = self.seconds_used
        peak = worker.peak_memory_mib
        if peak is not None:
            self._peak_memory_mib = max(peak, self._peak_memory_mib or 0.0)

    def _note(self, watched: Sequence[str]) -> None:
        self.watched.update(set(watched) & set(self._watch))

    def _next_id(self) -> int:
        self._requests += 1
        return self._requests

    def _violation(self, problem: str) -> StudentFault:
        self.broke_protocol = True
        self._deaths.count += 1
        self.close()
        return StudentFault(
            "protocol",
            f"your program wrote into the grader's own channel ({problem[:200]}): "
            "call nothing but your own functions and the libraries'",
            coarse="your program wrote into the grader's own channel: call nothing "
            "but your own functions and the libraries'",
        )


def _array(value: Any) -> Array:
    """Return what an argument was changed to; a worker has packed an array there."""
    if not isinstance(value, np.ndarray):
        raise DecodeError("an argument that was changed is an array no more")
    return value


def _shown(function: str, args: Sequence[Any]) -> str:
    """Return the name that a student knows: a probe runs one of theirs."""
    if ":" not in function:
        return function
    own = next((a.name for a in args if isinstance(a, Own)), None)
    return own or function.rpartition(":")[2]
