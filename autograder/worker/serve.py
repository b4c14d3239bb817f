"""The worker: runs one submission, and answers the grader over two pipes.

Wire format (messages in ``worker.protocol``, values in ``worker.values``)::

    grader                                   worker
                                      <--    Ready       its packages are imported
    Load(id, file_name, watch) + source -->
                                      <--    Loaded | Raised
    Call(id, function, args, kwargs)  -->                as often as wanted
                                      <--    Asked(id, function, args, kwargs)
    Given | GivenError                -->                as often as the call asks
                                      <--    Returned | Raised | Missing | Unsupported

Requests come in on what was standard input, replies leave on what was standard output;
the submission sees /dev/null there. Every request is answered by one reply with its
``id``, in order; of several calls in one frame (Calls) each is. The end of the stream,
a message of another kind, and a frame that was not asked for mean that the submission
has failed. There is no message for a mark: a reply is only ever the student's own
answer.

A Call names a function of the submission, or a probe of the public package ``checks``
(``checks.yardstick:speed_ratio``), which gets functions and classes of the submission
as arguments, directly or in a list or tuple.

Arguments lie in memory as their nodes say (``ArrayNode.layout``), so that a case can
ask with a read-only array or one in Fortran order. No other message has layouts.

Each Load makes a module of the submission from nothing (its globals, NumPy's and
PyTorch's random state and settings, what comes of warnings), so that questions do not
see each other's traces. Its source never lies on a disk, and its ``__name__`` is the
file's stem, so that the block under ``if __name__ == "__main__"`` does not run.

The functions of ``Load.watch`` are replaced by recorders before the module runs. They
do what they always did; their names come back in the ``watched`` of later replies.

The functions of ``Load.stand_ins`` are replaced after it has run (`worker.stand_ins`),
so that a question can be asked with right functions in the place of earlier, wrong
ones. Only then is there an Asked; the values come from the grader, nothing of ours is
here.
"""

import builtins
import difflib
import importlib
import importlib.util
import linecache
import os
import random
import sys
import types
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import PurePath
from typing import Any, BinaryIO

import numpy as np
from checks.failure import CheckFailedError

from autograder.worker import protocol
from autograder.worker.bound import Bound, bind
from autograder.worker.stand_ins import Ask, StandIns
from autograder.worker.values import (
    Array,
    Own,
    Packer,
    Unpacker,
    UnsupportedValueError,
    describe,
)

ONE_PROCESS = (
    "several processes were asked for (num_workers=, multiprocessing): the grader runs "
    "your code in one process, leave num_workers at 0"
)
_SHOWN = 3
_RECURSION_LIMIT = sys.getrecursionlimit()


def serve(reader: BinaryIO, writer: BinaryIO, bound: Bound | None = None) -> None:
    """Say Ready, then answer the requests of `reader` until it ends.

    bound : what probes rest on, where that was bound before
    Raises ProtocolError where the grader's side breaks the protocol
    """

    def ask(message: protocol.Asked, part: bytes) -> tuple[protocol.Answer, bytes]:
        _send(writer, message, part)
        answer = protocol.read_request(reader)
        if answer is None or not isinstance(answer[0], protocol.Answer):
            raise protocol.ProtocolError("a question without an answer")
        return answer[0], answer[1]

    student = Student(ask, bound or Bound())
    _send(writer, protocol.Ready())
    while (request := protocol.read_request(reader)) is not None:
        message, part = request
        if isinstance(message, protocol.Load):
            _send(writer, student.load(message, part))
        elif isinstance(message, protocol.Call):
            student.begin_frame()
            _send(writer, *student.call(message, part))
        elif isinstance(message, protocol.Calls):
            student.begin_frame()
            for call, piece in message.pieces(part):
                _send(writer, *student.call(call, piece))
        else:
            raise protocol.ProtocolError("an answer to no question")


class Student:
    """The submission's module, and what is kept about it while it runs.

    ask : passes a stand-in's question to the grader and returns its answer
    bound : probes, and what they rest on
    """

    def __init__(self, ask: Ask, bound: Bound) -> None:
        self._stand_ins = StandIns(ask, bound.find)
        self._bound = bound
        self._module: types.ModuleType | None = None
        self._file_name = ""
        self._lines: list[str] = []
        self._watched: set[str] = set()
        self._originals: list[tuple[Any, str, Any]] = []
        self._random_states = _random_states()
        self._numpy_errors = np.geterr()
        self._settings = ExitStack()

    def load(self, request: protocol.Load, source: bytes) -> protocol.Reply:
        """Run `source` as a fresh module."""
        self._reset()
        self._file_name = request.file_name
        module = types.ModuleType(PurePath(request.file_name).stem)
        module.__file__ = request.file_name
        try:
            text = importlib.util.decode_source(source)
            self._lines = text.split("\n")
            # Tracebacks that the submission makes itself find the source here.
            kept = [f"{line}\n" for line in self._lines]
            linecache.cache[request.file_name] = (
                len(source),
                None,
                kept,
                request.file_name,
            )
            code = compile(text, request.file_name, "exec", dont_inherit=True)
            self._watch(request.watch)
            sys.modules[module.__name__] = module
            exec(code, module.__dict__)  # noqa: S102 - what a worker is for
            self._stand_ins.install(vars(module), request)
        except BaseException as error:  # noqa: BLE001 - the worker's boundary
            return self._raised(request.id, error)
        self._module = module
        return protocol.Loaded(id=request.id, watched=self._used())

    def begin_frame(self) -> None:
        """Let stand-ins ask anew: what is called next came in another frame."""
        self._stand_ins.forget()

    def call(self, request: protocol.Call, part: bytes) -> tuple[protocol.Reply, bytes]:
        """Call a function of the module with the arguments of `request`."""
        names = {} if self._module is None else vars(self._module)
        names = {**names, **self._stand_ins.direct}
        self._stand_ins.begin(request.id)
        unpacker = Unpacker(part, with_layouts=True)
        args = [unpacker.value(tree) for tree in request.args]
        wanted = [*_names_in(args)] or [request.function]
        missing = next((name for name in wanted if names.get(name) is None), None)
        if missing is not None:
            close = difflib.get_close_matches(missing, _callables(names))
            return protocol.Missing(id=request.id, close_matches=tuple(close)), b""
        is_probe = ":" in request.function
        if is_probe:
            function = self._probe(request.function)
            self._bound.put_back()
            args = [_with_own(a, names) for a in args]
        else:
            function = names[request.function]
        kwargs = {name: unpacker.value(tree) for name, tree in request.kwargs.items()}
        before = {key: array.copy() for key, array in unpacker.arrays().items()}
        try:
            value = function(*args, **kwargs)
            if is_probe:
                self._check_libraries()
        except BaseException as error:  # noqa: BLE001 - the worker's boundary
            return self._raised(request.id, error), b""
        packer = Packer()
        try:
            reply = protocol.Returned(
                id=request.id,
                value=packer.add(value),
                changed={
                    key: packer.add(array)
                    for key, array in unpacker.arrays().items()
                    if _differs(array, before[key])
                },
                aliases=tuple(_aliases(value, [*enumerate(args), *kwargs.items()])),
                watched=self._used(),
            )
            return reply, packer.blob()
        except UnsupportedValueError as error:
            return self._unsupported(request.id, str(error)), b""
        except BaseException as error:  # noqa: BLE001 - a value that fights back
            return self._raised(request.id, error), b""

    def _probe(self, name: str) -> Callable[..., Any]:
        """Return the public probe called ``checks.module:function``."""
        found: Callable[..., Any] | None = self._bound.find(name)
        if found is None or not getattr(found, "is_probe", False):
            raise protocol.ProtocolError(f"{name} is no probe")
        return found

    def _check_libraries(self) -> None:
        """Fail where what a probe called has replaced what the probe rests on."""
        replaced = self._bound.put_back()
        if replaced:
            names = ", ".join(replaced[:_SHOWN])
            raise CheckFailedError(
                "value",
                f"while your code ran, parts of a library were replaced ({names}): "
                "leave libraries as they are",
            )

    def _reset(self) -> None:
        for owner, name, original in self._originals:
            setattr(owner, name, original)
            self._bound.adopt(owner, name, original)
        self._originals.clear()
        self._watched.clear()
        self._stand_ins.clear()
        if self._module is not None:
            sys.modules.pop(self._module.__name__, None)
        self._module = None
        self._lines = []
        random.setstate(self._random_states[0])
        np.random.set_state(self._random_states[1])  # noqa: NPY002 - students use it
        np.seterr(**self._numpy_errors)
        self._settings.close()
        self._settings.enter_context(warnings.catch_warnings())
        self._settings.enter_context(np.printoptions())
        sys.setrecursionlimit(_RECURSION_LIMIT)
        if "torch" in sys.modules:
            _reset_torch(sys.modules["torch"])

    def _watch(self, dotted_names: Sequence[str]) -> None:
        for dotted in dotted_names:
            owner_name, _, name = dotted.rpartition(".")
            try:
                owner = importlib.import_module(owner_name)
                original = getattr(owner, name)
            except (ImportError, AttributeError, ValueError):
                continue
            # A class stands in isinstance() and in dtypes: it can't be replaced.
            if callable(original) and not isinstance(original, type):
                recorder = Recorder(original, dotted, self._watched.add)
                places = dict.fromkeys([(owner, name), *_places_of(owner, original)])
                for module, key in places:
                    setattr(module, key, recorder)
                    self._bound.adopt(module, key, recorder)
                    self._originals.append((module, key, original))

    def _used(self) -> tuple[str, ...]:
        return tuple(sorted(self._watched))

    def _raised(self, number: int, error: BaseException) -> protocol.Raised:
        if not isinstance(error, CheckFailedError) and _wanted_processes(error):
            error = CheckFailedError("type", ONE_PROCESS)
        classes: tuple[type, ...] = type.__dict__["__mro__"].__get__(type(error))
        line, column = _position(error)
        return protocol.Raised(
            id=number,
            type_name=_clip(_name_of(type(error)), 200),
            builtin_names=tuple(
                name
                for name, cls in zip(map(_name_of, classes), classes, strict=True)
                if getattr(builtins, name, None) is cls and cls is not object
            ),
            text=_text_of(error),
            frames=tuple(self._frames(error)),
            line=line,
            column=column,
            own=self._is_own(error),
            check=_clip(error.kind, 40) if isinstance(error, CheckFailedError) else "",
            watched=self._used(),
        )

    def _is_own(self, error: BaseException) -> bool:
        traceback = error.__traceback__
        while traceback is not None and traceback.tb_next is not None:
            traceback = traceback.tb_next
        return (
            traceback is not None
            and traceback.tb_frame.f_code.co_filename == self._file_name
        )

    def _frames(self, error: BaseException) -> Iterator[protocol.Frame]:
        found = []
        traceback = error.__traceback__
        while traceback is not None:
            code = traceback.tb_frame.f_code
            if code.co_filename == self._file_name:
                found.append((traceback.tb_lineno or 0, code.co_qualname))
            traceback = traceback.tb_next
        half = protocol.MAX_FRAMES // 2
        shown = found if len(found) <= 2 * half else found[:half] + found[-half:]
        for line, function in shown:
            source = self._lines[line - 1] if 0 < line <= len(self._lines) else ""
            yield protocol.Frame(
                line=line, function=_clip(function, 200), source=_clip(source, 200)
            )

    def _unsupported(self, number: int, what: str) -> protocol.Unsupported:
        return protocol.Unsupported(
            id=number, what=_clip(what, protocol.MAX_TEXT), watched=self._used()
        )


class Recorder:
    """Stands in a NumPy function's place, does the same, and notes that it was used."""

    def __init__(
        self, function: Callable[..., Any], name: str, note: Callable[[str], None]
    ) -> None:
        def used() -> Callable[..., Any]:
            note(name)
            return function

        self.__dict__.update(getattr(function, "__dict__", {}))
        # The function itself: nobody would see that it is called.
        self.__dict__.pop("__wrapped__", None)
        self.__doc__ = function.__doc__
        self._used = used

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Note the name and call the function."""
        return self._used()(*args, **kwargs)

    def __getattr__(self, attribute: str) -> Any:
        # numpy.add.reduce uses numpy.add as much as a call does.
        return getattr(self._used(), attribute)


def _places_of(owner: Any, function: Any) -> Iterator[tuple[types.ModuleType, str]]:
    """Yield where a function stands in its library, such as ``numpy._core`` too.

    Of a ufunc nothing: all of NumPy uses those
    """
    if isinstance(function, np.ufunc):
        return
    library = owner.__name__.partition(".")[0]
    for name, module in [*sys.modules.items()]:
        if name.partition(".")[0] == library and isinstance(module, types.ModuleType):
            for key, value in vars(module).items():
                if value is function:
                    yield module, key


def _random_states() -> tuple[Any, Any]:
    return random.getstate(), np.random.get_state()  # noqa: NPY002 - as students do


def _reset_torch(torch: Any) -> None:
    torch.default_generator.manual_seed(0)
    torch.set_default_dtype(torch.float32)
    torch.set_grad_enabled(True)
    torch.autograd.set_detect_anomaly(False)


def _names_in(value: Any) -> Iterator[str]:
    """Yield the names of the submission's own functions among arguments."""
    if isinstance(value, Own):
        yield value.name
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _names_in(item)


def _with_own(value: Any, names: dict[str, Any]) -> Any:
    """Put the submission's functions and classes in the places that name them."""
    if isinstance(value, Own):
        return names[value.name]
    if isinstance(value, (list, tuple)):
        return type(value)(_with_own(item, names) for item in value)
    return value


def _callables(names: dict[str, Any]) -> list[str]:
    return [
        name for name, value in names.items() if callable(value) and name[:1] != "_"
    ]


def _differs(array: Array, before: Array) -> bool:
    return array.shape != before.shape or array.tobytes() != before.tobytes()


def _aliases(
    value: Any, arguments: Sequence[tuple[protocol.Place, Any]]
) -> Iterator[protocol.Place]:
    returned = list(_arrays_in(value))
    for place, argument in arguments:
        for mine in _arrays_in(argument):
            if any(np.may_share_memory(mine, array) for array in returned):
                yield place
                break


def _arrays_in(value: Any) -> Iterator[Array]:
    cls = type(value)
    if issubclass(cls, np.ndarray):
        yield np.asarray(value)
    elif issubclass(cls, list):
        for item in list.__iter__(value):
            yield from _arrays_in(item)
    elif issubclass(cls, tuple):
        for item in tuple.__iter__(value):
            yield from _arrays_in(item)
    elif issubclass(cls, dict):
        for item in dict.values(value):
            yield from _arrays_in(item)


def _name_of(cls: type) -> str:
    # A metaclass may make of `cls.__name__` what it likes.
    return str(type.__dict__["__name__"].__get__(cls))


def _position(error: BaseException) -> tuple[int, int]:
    if not isinstance(error, SyntaxError):
        return 0, 0
    line, column = error.lineno, error.offset
    if not isinstance(line, int) or not isinstance(column, int):
        return 0, 0
    return line, column


def _wanted_processes(error: BaseException) -> bool:
    traceback = error.__traceback__
    while traceback is not None:
        if "multiprocessing" in traceback.tb_frame.f_code.co_filename:
            return True
        traceback = traceback.tb_next
    return False


def _text_of(error: BaseException) -> str:
    try:
        if isinstance(error, SyntaxError) and isinstance(error.msg, str):
            return _clip(error.msg, protocol.MAX_TEXT)
        return _clip(str(error), protocol.MAX_TEXT)
    except BaseException as second:  # noqa: BLE001 - the student's own __str__
        return f"(its text can't be read: {describe(second)})"


def _clip(text: str, limit: int) -> str:
    whole = text.encode(errors="replace").decode()
    return whole if len(whole) <= limit else whole[: limit - 1] + "…"


def _send(writer: BinaryIO, message: protocol.Reply, part: bytes = b"") -> None:
    writer.write(protocol.to_frame(message, part))
    writer.flush()


def main(packages: Sequence[str], bound: Bound | None = None) -> None:
    """Take the pipes away from standard input and output, then serve.

    packages : what to import before Ready, because imports take the grader's time
    bound : what probes rest on, where that is bound already
    """
    reader, writer = (os.dup(number) for number in (0, 1))
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1):
        os.dup2(null, number)
    # What keeps a package from being imported, the grader is still to hear.
    for package in packages:
        importlib.import_module(package)
    bound = bound or bind()
    os.dup2(null, 2)
    os.close(null)
    with os.fdopen(reader, "rb") as requests, os.fdopen(writer, "wb") as replies:
        serve(requests, replies, bound)
