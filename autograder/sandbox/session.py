"""One submission's talk with its workers: budgets, order, and faults in words."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Self

import numpy as np

from autograder.errors import AuthoringError, StudentFault
from autograder.sandbox import student_failures
from autograder.sandbox.process import Worker
from autograder.sandbox.student_failures import StudentRaised
from autograder.worker.protocol import (
    Call,
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


class Session:
    """Calls a submission's functions in a worker, and in a fresh one after a death.

    start : gives a worker that is ready and unused
    seconds_per_case, seconds_total : wall clock of the submission's own work; starting
        a worker is not counted
    signatures : the parameters of each function, as text for messages
    last_aliases : places of the last call's arguments that share memory with its value
    watched : names of `watch` used since `begin_question`
    broke_protocol : a worker sent what it should not: a person should look
    """

    def __init__(
        self,
        start: Callable[[], Worker],
        file_name: str,
        source: bytes,
        *,
        seconds_per_case: float,
        seconds_total: float,
        signatures: Mapping[str, str] | None = None,
    ) -> None:
        self.last_aliases: tuple[Place, ...] = ()
        self.watched: set[str] = set()
        self.broke_protocol = False
        self._start = start
        self._file_name = file_name
        self._source = source
        self._seconds_per_case = seconds_per_case
        self._seconds_total = seconds_total
        self._signatures = signatures or {}
        self._watch: tuple[str, ...] = ()
        self._worker: Worker | None = None
        self._is_loaded = False
        self._load_fault: StudentFault | None = None
        self._requests = 0
        self._case_seconds = 0.0
        self._used_seconds = 0.0
        self._peak_memory_mib: float | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def seconds_used(self) -> float:
        """Wall-clock seconds of the submission's own work so far."""
        return self._used_seconds

    @property
    def peak_memory_mib(self) -> float | None:
        """The most memory that any of its workers had in use, Python and all.

        None where nobody knows: no worker has answered yet
        """
        return self._peak_memory_mib

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
        self._is_loaded = False
        self.watched.clear()

    def begin_case(self) -> None:
        """Give the case its full time."""
        self._case_seconds = 0.0

    @contextmanager
    def aside(self, seconds: float) -> Iterator[None]:
        """Let the block's calls have `seconds` together, whatever they do.

        No later case has less time for it, or a file that no longer loads
        """
        of_case, load_fault = self._seconds_per_case, self._load_fault
        used = self._case_seconds, self._used_seconds
        self._seconds_per_case = seconds
        self._case_seconds = self._used_seconds = 0.0
        try:
            yield
        finally:
            self._seconds_per_case, self._load_fault = of_case, load_fault
            self._case_seconds, self._used_seconds = used

    def call(
        self, function: str, args: Sequence[Any] = (), kwargs: Mapping[str, Any] = {}
    ) -> Any:
        """Return what the submission's `function` returns for these arguments.

        Arrays that it changes in place are changed in the caller's arguments.
        Raises StudentFault, and GraderFault where no worker could be started
        """
        self.last_aliases = ()
        packer = Packer()
        request, part = self._call_of(packer, function, args, kwargs)
        function = _shown(function, args)
        self._load()
        reply, answer = self._ask(request, part, f"`{function}`")
        match reply:
            case Returned():
                return self._value(reply, answer, packer.arrays, function)
            case Raised():
                self._note(reply.watched)
                if reply.check:
                    raise student_failures.of_objection(reply, function)
                raise student_failures.of_call(
                    reply,
                    function=function,
                    file_name=self._file_name,
                    signature=self._signatures.get(function, ""),
                    memory_mib=self._held.memory_mib,
                )
            case Missing():
                raise student_failures.of_missing(
                    function, self._file_name, reply.close_matches
                )
            case Unsupported():
                self._note(reply.watched)
                message = f"`{function}` returned {reply.what}: return numbers"
                raise StudentFault("type", message)
            case Ready() | Loaded():
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
        name = self._file_name
        if len(self._source) > MAX_SOURCE_BYTES:
            size = f"{len(self._source):,} bytes, at most {MAX_SOURCE_BYTES:,}"
            raise StudentFault("load", f"{name} is too large: {size}")
        request = Load(id=self._next_id(), file_name=name, watch=self._watch)
        try:
            reply, _ = self._ask(request, self._source, f"the import of {name}")
        except StudentFault as fault:
            if fault.kind == "died":
                raise StudentFault("load", str(fault)) from None
            raise
        match reply:
            case Loaded():
                self._note(reply.watched)
                self._is_loaded = True
            case Raised():
                raise student_failures.of_load(
                    reply, file_name=name, source=self._source
                )
            case _:
                raise self._violation("an answer to no question")

    def _ask(self, request: Request, part: bytes, what: str) -> tuple[Reply, bytes]:
        case_left = self._seconds_per_case - self._case_seconds
        total_left = self._seconds_total - self._used_seconds
        if min(case_left, total_left) <= 0:
            raise self._out_of_time(what, of_total=total_left <= 0)
        worker = self._held
        frame = to_frame(request, part)
        started = time.monotonic()
        deadline = started + min(case_left, total_left)
        try:
            if worker.pending():
                raise self._violation("bytes that nobody asked for")
            worker.send(frame, deadline)
            reply, answer = read_reply(lambda size: worker.receive(size, deadline))
        except TimeoutError:
            self.close()
            raise self._out_of_time(what, of_total=total_left < case_left) from None
        except EOFError:
            exit_code = worker.exit_code
            self.close()
            raise student_failures.of_death(
                what, exit_code, worker.memory_mib
            ) from None
        except ProtocolError as error:
            raise self._violation(str(error)) from error
        finally:
            seconds = time.monotonic() - started
            self._note_memory(worker)
            self._case_seconds += seconds
            self._used_seconds += seconds
        if isinstance(reply, Ready) or reply.id != request.id:
            raise self._violation("an answer to another question")
        return reply, answer

    def _value(
        self, reply: Returned, part: bytes, arrays: Sequence[Array], function: str
    ) -> Any:
        self._note(reply.watched)
        try:
            unpacker = Unpacker(part)
            value = unpacker.value(reply.value)
            for key, tree in reply.changed.items():
                _copy_back(unpacker.value(tree), arrays[key], function)
        except (DecodeError, IndexError) as error:
            raise self._violation(str(error)) from error
        self.last_aliases = reply.aliases
        return value

    def _note_memory(self, worker: Worker) -> None:
        """Keep the peak, after every answer: of one that has died it can't be read."""
        peak = worker.peak_memory_mib
        if peak is not None:
            self._peak_memory_mib = max(peak, self._peak_memory_mib or 0.0)

    def _note(self, watched: Sequence[str]) -> None:
        self.watched.update(set(watched) & set(self._watch))

    def _next_id(self) -> int:
        self._requests += 1
        return self._requests

    def _out_of_time(self, what: str, *, of_total: bool) -> StudentFault:
        if of_total:
            limit = f"the {self._seconds_total:g} s that a whole submission may take"
            return StudentFault("timeout", f"{limit} were used up before {what} ended")
        limit = f"{self._seconds_per_case:g} s"
        message = f"{what} took longer than {limit}: an endless loop?"
        return StudentFault("timeout", message)

    def _violation(self, problem: str) -> StudentFault:
        self.broke_protocol = True
        self.close()
        return StudentFault(
            "protocol",
            f"your program wrote into the grader's own channel ({problem[:200]}): "
            "call nothing but your own functions and numpy's",
        )


def _shown(function: str, args: Sequence[Any]) -> str:
    """Return the name that a student knows: a probe runs one of theirs."""
    if ":" not in function:
        return function
    own = next((a.name for a in args if isinstance(a, Own)), None)
    return own or function.rpartition(":")[2]


def _copy_back(new: Any, original: Array, function: str) -> None:
    """Do to the caller's array what the function did to the worker's."""
    if not isinstance(new, np.ndarray) or new.dtype != original.dtype:
        raise DecodeError("a changed argument that is no such array")
    try:
        original.flat[:] = new.reshape(original.shape)
        original.shape = new.shape
    except ValueError:
        # Read-only here, or resized: it can only be told.
        message = f"`{function}` changed its array argument: work on a copy"
        raise StudentFault("input_changed", message) from None
