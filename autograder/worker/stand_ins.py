"""Right functions in the place of a submission's own, once its module has run.

A stand-in is put wherever a global of the module is bound to the function that it
stands for, and calls look globals up when they are made. What has bound the student's
own function before that (a default argument, a closure made at import, a container)
keeps it.

A call of a stand-in is the student's, in the student's way: where their own function
has its parameters in another order or with other defaults, its calls are meant so. It
is therefore read with the own function's signature and passed on by name. A call by the
grader, or by a probe, is `direct`: as the question states it.

While one frame of calls is answered, what has been told once is not asked again: code
that works layer by layer, or pads row by row, asks the same many times. The next frame
asks anew, so that the grader sees for every case which stand-ins it rests on.
"""

import builtins
import difflib
import inspect
import threading
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from msgspec.structs import replace

from autograder.worker import protocol
from autograder.worker.bound import Bound
from autograder.worker.values import Packer, Unpacker

Ask: TypeAlias = Callable[[protocol.Asked, bytes], tuple[protocol.Answer, bytes]]
"""Passes a question to the grader, with its arrays, and returns the answer."""

MOST_TOLD, MOST_BYTES_TOLD = 1024, 4096
"""Answers that are remembered during one frame, and the length of a question's and an
answer's frame that may be."""
_NO_CALL = 0
"""In the place of a call's number where a question is told from others."""
CLOSE = 0.85
"""How alike two names are of which one is the other, misspelt; case and underscores
count for nothing."""


class StandIns:
    """The stand-ins of the module that is loaded.

    direct : what the grader's own calls of these functions get, by name
    public : finds a public stand-in by ``checks.module:name``
    """

    def __init__(self, ask: Ask, public: Callable[[str], Any] | None = None) -> None:
        self.direct: dict[str, Callable[..., Any]] = {}
        self._ask = ask
        self._public = public or Bound().find
        self._lock = threading.Lock()
        self._call = 0
        self._told: dict[bytes, tuple[protocol.Answer, bytes]] = {}

    def clear(self) -> None:
        """Forget those of the module before."""
        self.direct.clear()

    def forget(self) -> None:
        """Ask anew for everything from now on."""
        self._told = {}

    def begin(self, call: int) -> None:
        """Let what is asked from now on belong to a call, by its number."""
        self._call = call

    def install(self, names: dict[str, Any], load: protocol.Load) -> None:
        """Put every stand-in of `load` in its place.

        names : the globals of the module, which has run
        """
        spared = {*load.spared, *load.stand_ins}
        for name, wanted in load.stand_ins.items():
            places = _places(name, names, spared)
            if wanted.public:
                stand_in = self.direct[name] = self._public(wanted.public)
            else:
                self.direct[name] = self._asking(name)
                own = next((names[p] for p in places if p in names), None)
                stand_in = _in_the_way_of(own, wanted.parameters, self.direct[name])
            for place in places:
                names[place] = stand_in

    def _asking(self, function: str) -> Callable[..., Any]:
        def asked(*args: Any, **kwargs: Any) -> Any:
            packer = Packer()
            message = protocol.Asked(
                id=_NO_CALL,
                function=function,
                args=tuple(map(packer.add, args)),
                kwargs={name: packer.add(value) for name, value in kwargs.items()},
            )
            answer, part = self._answer(message, packer.blob())
            if isinstance(answer, protocol.GivenError):
                raise _error(answer)
            return Unpacker(part).value(answer.value)

        return asked

    def _answer(
        self, message: protocol.Asked, blob: bytes
    ) -> tuple[protocol.Answer, bytes]:
        question = protocol.to_frame(message, blob)
        with self._lock:
            if question in self._told:
                return self._told[question]
            answer, part = self._ask(replace(message, id=self._call), blob)
            length = max(len(question), len(protocol.to_frame(answer, part)))
            if length <= MOST_BYTES_TOLD:
                self._told[question] = answer, part
            if len(self._told) > MOST_TOLD:
                # Calls resemble the one before them most: the oldest answer goes.
                del self._told[next(iter(self._told))]
            return answer, part


def _places(name: str, names: Mapping[str, Any], spared: set[str]) -> list[str]:
    """Return every global under which the function goes, its own name first."""
    own = names.get(name)
    if not callable(own):
        return [name, *_misspelt(name, names, spared)]
    return [name, *(n for n, v in names.items() if v is own and n not in spared)]


def _misspelt(name: str, names: Mapping[str, Any], spared: set[str]) -> list[str]:
    """Return the function that was meant: a name like it, with the same digits."""
    functions = {
        _letters(n): n
        for n, value in names.items()
        if n not in spared and inspect.isfunction(value) and _digits(n) == _digits(name)
    }
    close = difflib.get_close_matches(_letters(name), functions, n=1, cutoff=CLOSE)
    return [functions[letters] for letters in close]


def _letters(name: str) -> str:
    return name.casefold().replace("_", "")


def _digits(name: str) -> str:
    return "".join(filter(str.isdigit, name))


def _in_the_way_of(
    own: Any, parameters: tuple[str, ...], asked: Callable[..., Any]
) -> Callable[..., Any]:
    """Read calls with the signature of the student's own function, if it has one.

    Parameters of the same name are the same one; others stand for those that are left,
    in order. What is left over then is an addition of the student's.
    """
    signature = _signature_of(own)
    if signature is None:
        return asked
    mine = list(signature.parameters)
    left = iter([name for name in parameters if name not in mine])
    meant = {name: name if name in parameters else next(left, None) for name in mine}

    def called(*args: Any, **kwargs: Any) -> Any:
        try:
            bound = signature.bind(*args, **kwargs)
        except TypeError:
            return asked(*args, **kwargs)
        bound.apply_defaults()
        return asked(
            **{
                name: bound.arguments[own_name]
                for own_name, name in meant.items()
                if name is not None
            }
        )

    return called


def _signature_of(function: Any) -> inspect.Signature | None:
    """Return a signature of plain parameters; None where there is none such."""
    if not callable(function):
        return None
    try:
        signature = inspect.signature(function)
    except Exception:  # noqa: BLE001 - the student's own object
        return None
    variadic = {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}
    if any(p.kind in variadic for p in signature.parameters.values()):
        return None
    return signature


def _error(answer: protocol.GivenError) -> Exception:
    cls = getattr(builtins, answer.name, None)
    if isinstance(cls, type) and issubclass(cls, Exception):
        try:
            return cls(answer.text)
        except TypeError:  # one that wants more than a text, such as UnicodeDecodeError
            pass
    return Exception(answer.text)
