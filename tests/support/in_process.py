"""A session without a worker: a submission's functions run here, in the tests.

For tests of what the grader makes of answers; what a submission may do to a worker is
tested on real ones. A source finds three functions beside its own: ``fault(kind)`` ends
the call as a worker's trouble of that kind would, ``fault_of_ours()`` as a machine's
that has lost a worker, ``use(name)`` is a use of a library function under review.
"""

import builtins
import copy
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any, Self

import numpy as np
from checks import CheckFailedError
from checks.layouts import copied

from autograder.errors import GraderFault, StudentFault
from autograder.grading.proxy import InTurn, probe_named
from autograder.sandbox.asking import Asking
from autograder.sandbox.complaint import complaint_of_ours
from autograder.sandbox.student_failures import StudentObjection, StudentRaised
from autograder.worker.protocol import Asked, Given, StandIn
from autograder.worker.values import Own, Packer, Unpacker

SECONDS = 0.25
"""What every call counts as, in seconds of processor time."""


class InProcess(InTurn):
    """Calls a source's functions; the part of `Session` that grading needs.

    asides : the seconds that were given to each block beside the cases
    places : the cases that were begun
    charged : seconds of the grader's own that an answer cost
    is_second_hand : what the next question's worker is said to be
    begun_anew, ended : how often a question did, and whether one had failed, in order
    """

    peak_memory_mib = 64.0

    def __init__(self, source: bytes, asking: Asking | None = None) -> None:
        self.source = source
        self.asking = asking
        self.watched: set[str] = set()
        self.broke_protocol = False
        self.seconds_used = 0.0
        self.last_aliases: tuple[int, ...] = ()
        self.last_changed: tuple[tuple[Any, Any], ...] = ()
        self.asides: list[float] = []
        self.charged: list[float] = []
        self.places: list[tuple[str, str] | None] = []
        self.closed = False
        self.is_second_hand = False
        self.seconds_in_vain = 0.0
        self.begun_anew = 0
        self.ended: list[bool] = []
        self._before = 0.0
        self._module: ModuleType | None = None
        self._watch: tuple[str, ...] = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.closed = True

    @property
    def replaced(self) -> tuple[str, ...]:
        return () if self.asking is None else self.asking.replaced

    def begin_question(self, watch: Sequence[str] = ()) -> None:
        self._before = self.seconds_used
        self._watch = tuple(watch)
        self._module = None
        self.watched.clear()

    def begin_anew(self) -> None:
        self.begun_anew += 1
        self.is_second_hand = False
        self.seconds_in_vain = self.seconds_used - self._before
        self.seconds_used = self._before
        self._module = None
        self.watched.clear()

    def end_question(self, *, failed: bool) -> None:
        self.ended.append(failed)

    def begin_case(self, place: tuple[str, str] | None = None) -> None:
        self.places.append(place)
        if self.asking is not None:
            self.asking.begin_case()

    @contextmanager
    def aside(self, seconds: float) -> Iterator[None]:
        self.asides.append(seconds)
        kept = self.seconds_used
        try:
            yield
        finally:
            self.seconds_used = kept

    def charge(self, seconds: float) -> None:
        self.charged.append(seconds)

    def probe(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        return self._run(name, probe_named(name), self._own(tuple(args)), kwargs)

    def call(
        self, function: str, args: Sequence[Any] = (), kwargs: Mapping[str, Any] = {}
    ) -> Any:
        found = vars(self._loaded()).get(function)
        if found is None:
            raise StudentFault("missing", f"there is no `{function}`")
        return self._run(function, found, args, kwargs)

    def _run(
        self, name: str, function: Any, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> Any:
        self.last_aliases = self.last_changed = ()
        self.seconds_used += SECONDS
        copies, named = copied((args, dict(kwargs)))
        try:
            value = function(*copies, **named)
        except CheckFailedError as error:
            raise StudentObjection(error.kind, name, str(error)) from error
        except StudentFault as error:
            self.broke_protocol |= error.kind == "protocol"
            raise
        except GraderFault:
            raise
        except Exception as error:
            names = (c.__name__ for c in type(error).__mro__)
            raise StudentRaised(
                "raised",
                f"`{name}` raised {type(error).__name__}: {error}",
                builtin_names=tuple(n for n in names if hasattr(builtins, n)),
                coarse=f"`{name}` raised {type(error).__name__}",
                complaint=complaint_of_ours(error),
                text=str(error),
            ) from error
        pairs = [
            (place, given, own)
            for place, (given, own) in enumerate(zip(args, copies, strict=True))
            if isinstance(own, np.ndarray)
        ]
        self.last_changed = tuple(
            (given, own.copy())
            for _, given, own in pairs
            if given.tobytes() != own.tobytes()
        )
        self.last_aliases = tuple(
            place
            for place, _, own in pairs
            if isinstance(value, np.ndarray) and np.shares_memory(value, own)
        )
        return copy.deepcopy(value)

    def _loaded(self) -> ModuleType:
        if self._module is None:
            self._module = ModuleType("submission")
            vars(self._module).update(
                fault=_fault, fault_of_ours=_fault_of_ours, use=self._use
            )
            exec(self.source, vars(self._module))  # noqa: S102 a test's own source
            for name, stand_in in self.asking.stand_ins.items() if self.asking else ():
                vars(self._module)[name] = self._standing_in(name, stand_in)
        return self._module

    def _standing_in(self, name: str, stand_in: StandIn) -> Any:
        if stand_in.public:
            return probe_named(stand_in.public)
        asking = self.asking
        assert asking is not None

        def right(*args: Any, **kwargs: Any) -> Any:
            packer = Packer()
            asked = Asked(
                id=1,
                function=name,
                args=tuple(map(packer.add, args)),
                kwargs={key: packer.add(value) for key, value in kwargs.items()},
            )
            answer, part = asking.answer(asked, packer.blob())
            if isinstance(answer, Given):
                return Unpacker(part).value(answer.value)
            raise getattr(builtins, answer.name)(answer.text)

        return right

    def _own(self, value: Any) -> Any:
        if isinstance(value, Own):
            return getattr(self._loaded(), value.name)
        if isinstance(value, (list, tuple)):
            return type(value)(map(self._own, value))
        return value

    def _use(self, name: str) -> None:
        self.watched.update({name} & set(self._watch))


def _fault(kind: str) -> None:
    raise StudentFault(kind, f"ended: {kind}")


def _fault_of_ours() -> None:
    raise GraderFault("this machine", "a worker was lost")
