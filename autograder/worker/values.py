"""Plain Python values and NumPy arrays as JSON against a schema, and safetensors.

A value becomes a tree of tagged nodes; its arrays lie, numbered, in one safetensors
blob beside the tree. Nothing here can name a class or run code, so a tree that came
from a sandbox is at worst a wrong answer.
"""

import dataclasses
import functools
import importlib
import types
from collections.abc import Iterable
from typing import Any, TypeAlias, assert_never

import msgspec
import numpy as np
import numpy.typing as npt
import safetensors
from checks.layouts import Layout, laid, layout_of
from safetensors.numpy import save

from autograder.worker.wire_nodes import (
    MAX_HEX_DIGITS,
    ArrayNode,
    BoolNode,
    ComplexNode,
    DictNode,
    FloatNode,
    FunctionNode,
    IntNode,
    Leaf,
    ListNode,
    NoneNode,
    OwnNode,
    StrNode,
    Tree,
    TupleNode,
)

Array: TypeAlias = npt.NDArray[Any]

MAX_DEPTH = 64
MAX_ITEMS = 200_000
MAX_ARRAY_BYTES = 48 * 2**20
MAX_ARRAYS = 50_000
MAX_HEADER_BYTES = 8 * 2**20

CALLABLES = ("checks.callables", "checks.blocks")
"""The public modules whose functions and classes may be arguments."""

_DTYPES = {
    "BOOL": "bool",
    "I8": "int8",
    "I16": "int16",
    "I32": "int32",
    "I64": "int64",
    "U8": "uint8",
    "U16": "uint16",
    "U32": "uint32",
    "U64": "uint64",
    "F16": "float16",
    "F32": "float32",
    "F64": "float64",
}
_PART_OF = {"complex64": np.float32, "complex128": np.float64}
_WHOLE_OF = {"float32": np.complex64, "float64": np.complex128}
_PLAIN = frozenset({int, float, str, bool, type(None)})
"""Most of what is met, so it is asked for first: no subclass of any is among them."""
_PUBLIC_KINDS = (types.FunctionType, type)
_TREE_DECODER: msgspec.json.Decoder[Tree] = msgspec.json.Decoder(Tree)


@dataclasses.dataclass(frozen=True)
class Own:
    """Stands for a function of the submission among a probe's arguments."""

    name: str


class UnsupportedValueError(TypeError):
    """A value cannot cross the pipe; the message is its type in words."""


class DecodeError(ValueError):
    """Bytes, a tree or a blob are not what `Packer` writes."""


class Packer:
    """Turns values into trees and collects their arrays, each array object once.

    with_layouts : an array's tree says how it lies in memory (`checks.layouts`)
    arrays : the arrays met so far, by key, as the caller holds them
    """

    def __init__(self, *, with_layouts: bool = False) -> None:
        self.arrays: list[Array] = []
        self._with_layouts = with_layouts
        self._keys: dict[int, int] = {}
        self._items = 0
        self._bytes = 0

    def add(self, value: Any) -> Tree:
        """Return the tree of `value`.

        Raises UnsupportedValueError, naming the type in words
        """
        try:
            return self._tree(value, 0)
        except RecursionError:
            raise UnsupportedValueError("a list nested too deeply") from None

    def blob(self) -> bytes:
        """Return the arrays added so far as safetensors, no bytes where none is."""
        if not self.arrays:
            return b""
        return save({str(key): _storable(a) for key, a in enumerate(self.arrays)})

    def _tree(self, value: Any, depth: int) -> Tree:  # noqa: PLR0911 a table of types
        self._items += 1
        if self._items > MAX_ITEMS:
            raise UnsupportedValueError(f"more than {MAX_ITEMS:,} list items")
        if depth > MAX_DEPTH:
            raise UnsupportedValueError(f"lists nested more than {MAX_DEPTH} deep")
        cls = type(value)
        if cls in _PLAIN:
            return _int(value) if cls is int else _leaf(value, cls)
        # The class itself is asked, and methods of the builtin class are named: an
        # object may lie about its __class__, a subclass may answer anything.
        if issubclass(cls, (np.ndarray, np.generic)) and not issubclass(cls, str):
            return self._array(value)
        if issubclass(cls, list):
            return ListNode(self._all(list.__iter__(value), depth))
        if issubclass(cls, tuple):
            return TupleNode(self._all(tuple.__iter__(value), depth))
        if issubclass(cls, dict):
            return DictNode(
                {_key(k): self._tree(v, depth + 1) for k, v in dict.items(value)}
            )
        if cls in _PUBLIC_KINDS and value.__module__ in CALLABLES:
            return FunctionNode(f"{value.__module__}:{value.__name__}")
        if cls is Own:
            return OwnNode(value.name)
        return _leaf(value, cls)

    def _all(self, items: Iterable[Any], depth: int) -> tuple[Tree, ...]:
        return tuple(self._tree(item, depth + 1) for item in items)

    def _array(self, value: Any) -> Tree:
        base = np.asarray(value)
        name = _name_of(base.dtype)
        if name not in _PART_OF and name not in _DTYPES.values():
            raise UnsupportedValueError(describe(base))
        scalar = issubclass(type(value), np.generic)
        if id(value) not in self._keys:
            self._bytes += base.nbytes
            if self._bytes > MAX_ARRAY_BYTES:
                limit = MAX_ARRAY_BYTES // 2**20
                raise UnsupportedValueError(f"more than {limit} MiB of numbers")
            if len(self.arrays) == MAX_ARRAYS:
                many = f"more than {MAX_ARRAYS:,} separate numpy values"
                raise UnsupportedValueError(f"{many}: make one array")
            self._keys[id(value)] = len(self.arrays)
            # The list also keeps `value` alive, so that no other gets its id.
            self.arrays.append(base if scalar else value)
        return ArrayNode(
            self._keys[id(value)],
            paired=name in _PART_OF,
            scalar=scalar,
            layout=layout_of(base) if self._with_layouts and not scalar else "",
        )


class Unpacker:
    """Turns trees back into values over one blob; equal keys give one array object.

    blob : what `Packer.blob` returned, or anything at all
    with_layouts : arrays lie as their trees say; else it is an error that one says so
    Raises DecodeError
    """

    def __init__(self, blob: bytes, *, with_layouts: bool = False) -> None:
        try:
            parts = _parts(blob)
        except DecodeError:
            raise
        except Exception as error:  # safetensors promises no narrower class
            raise DecodeError("the blob is no safetensors") from error
        self._parts = parts
        self._arrays: dict[tuple[int, bool, Layout], Array] = {}
        self._items = 0
        self._with_layouts = with_layouts

    def value(self, tree: Tree) -> Any:
        """Return the value of `tree`; arrays without a layout are writable, in C order.

        Raises DecodeError
        """
        return self._value(tree, 0)

    def array(self, key: int, *, paired: bool, layout: Layout = "") -> Array:
        """Return array number `key`.

        Raises DecodeError
        """
        if layout and not self._with_layouts:
            raise DecodeError(f"an array with a layout: {layout}")
        if (key, paired, layout) not in self._arrays:
            try:
                part = self._parts[str(key)]
                array = np.frombuffer(bytearray(part["data"]), _DTYPES[part["dtype"]])
                array = array.reshape(part["shape"])
                if paired:
                    array = array.view(_WHOLE_OF[array.dtype.name])[..., 0]
            except (KeyError, ValueError, IndexError, TypeError) as error:
                raise DecodeError(f"no array number {key} in the blob") from error
            self._arrays[key, paired, layout] = laid(array, layout) if layout else array
        return self._arrays[key, paired, layout]

    def arrays(self) -> dict[int, Array]:
        """Return the arrays given out so far, by their number."""
        return {key: array for (key, *_), array in self._arrays.items()}

    def _value(self, tree: Tree, depth: int) -> Any:
        self._items += 1
        if depth > MAX_DEPTH or self._items > MAX_ITEMS:
            raise DecodeError("the value is too deep or has too many items")
        if isinstance(tree, Leaf):
            return _leaf_value(tree)
        if isinstance(tree, (ListNode, TupleNode)):
            items = [self._value(item, depth + 1) for item in tree.items]
            return items if isinstance(tree, ListNode) else tuple(items)
        if isinstance(tree, DictNode):
            return {k: self._value(v, depth + 1) for k, v in tree.items.items()}
        if isinstance(tree, ArrayNode):
            return self._array(tree)
        if isinstance(tree, FunctionNode):
            return _public_function(tree.name)
        return Own(tree.name)

    def _array(self, node: ArrayNode) -> Any:
        layout: Layout = "" if node.scalar else node.layout
        array = self.array(node.key, paired=node.paired, layout=layout)
        if not node.scalar:
            return array
        if array.shape != ():
            raise DecodeError(f"a scalar of shape {array.shape}")
        return array[()]


def _public_function(dotted: str) -> Any:
    module, _, name = dotted.partition(":")
    if module not in CALLABLES:
        raise DecodeError(f"{dotted} is no public function")
    function = getattr(importlib.import_module(module), name, None)
    if type(function) not in _PUBLIC_KINDS or function.__module__ != module:
        raise DecodeError(f"{module} has no function {name}")
    return function


def encode(value: Any) -> tuple[bytes, bytes]:
    """Return `value` as JSON and its arrays as safetensors.

    Raises UnsupportedValueError
    >>> decode(*encode((1, [2.5, None])))
    (1, [2.5, None])
    """
    packer = Packer()
    tree = packer.add(value)
    return msgspec.json.encode(tree), packer.blob()


def decode(text: bytes, blob: bytes = b"") -> Any:
    """Return the value that `encode` was given.

    Raises DecodeError, whatever the bytes are
    """
    try:
        tree = _TREE_DECODER.decode(text)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise DecodeError(f"not a value: {error}") from error
    return Unpacker(blob).value(tree)


def describe(value: Any) -> str:
    """Say in words what type a value is that cannot be used.

    >>> describe(i for i in "ab")
    'a generator'
    >>> describe(np.array([None]))
    'a numpy array of objects'
    """
    cls = type(value)
    if issubclass(cls, (np.ndarray, np.generic)):
        kinds = {"O": "objects", "U": "text", "S": "bytes", "V": "records"}
        kinds |= {"M": "dates", "m": "time differences"}
        content = kinds.get(value.dtype.kind, f"{value.dtype.name} numbers")
        return f"a numpy array of {content}"
    words = {
        types.GeneratorType: "a generator",
        types.CoroutineType: "a coroutine",
        types.ModuleType: "a module",
        types.FunctionType: "a function",
        types.BuiltinFunctionType: "a function",
        types.MethodType: "a method",
        functools.partial: "a function",
        type: "a class",
    }
    for kind, phrase in words.items():
        if issubclass(cls, kind):
            return phrase
    name = str(type.__dict__["__name__"].__get__(cls))[:60]
    if type.__dict__["__module__"].__get__(cls) == "builtins":
        return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
    return f"an object of the class {name}"


def _parts(blob: bytes) -> dict[str, Any]:
    if not blob:
        return {}
    # A header full of empty arrays would cost twenty times its size in memory.
    header = int.from_bytes(blob[:8], "little")
    if header > MAX_HEADER_BYTES:
        raise DecodeError(f"a header of {header:,} bytes")
    return dict(safetensors.deserialize(blob))  # type: ignore[no-untyped-call]


def _leaf(value: Any, cls: type) -> Tree:
    if value is None:
        return NoneNode()
    if cls is bool:
        return BoolNode(value)
    if issubclass(cls, int):
        return _int(value)
    if issubclass(cls, float):
        return FloatNode(float.hex(value))
    if issubclass(cls, complex):
        return _complex(complex.__complex__(value))
    if issubclass(cls, str):
        return StrNode(_text(value))
    raise UnsupportedValueError(describe(value))


def _complex(value: complex) -> ComplexNode:
    return ComplexNode(value.real.hex(), value.imag.hex())


def _int(value: int) -> IntNode:
    if int.bit_length(value) > 4 * MAX_HEX_DIGITS:
        raise UnsupportedValueError(f"an int of {int.bit_length(value):,} bits")
    return IntNode(hex(value))


def _leaf_value(node: Leaf) -> complex | str | None:
    try:
        match node:
            case IntNode():
                return int(node.hex, 16)
            case FloatNode():
                return float.fromhex(node.hex)
            case BoolNode() | StrNode():
                return node.value
            case NoneNode():
                return None
            case ComplexNode():
                return complex(float.fromhex(node.real), float.fromhex(node.imag))
    except (ValueError, OverflowError) as error:
        raise DecodeError(f"not a number: {node}") from error
    assert_never(node)


def _text(value: str) -> str:
    text = str.__str__(value)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UnsupportedValueError("text with half a character in it") from None
    return text


def _key(value: Any) -> str:
    if not issubclass(type(value), str):
        raise UnsupportedValueError(f"a dict whose key is {describe(value)}")
    return _text(value)


def _storable(array: Array) -> Array:
    """Return `array` as safetensors takes it: native, C order, no subclass."""
    base = np.asarray(array)
    if not (base.dtype.isnative and base.flags.c_contiguous):
        base = np.array(base, dtype=base.dtype.newbyteorder("="), order="C")
    if base.dtype.kind == "c":
        return np.stack([base.real, base.imag], axis=-1)
    return base


@functools.lru_cache(maxsize=64)
def _name_of(dtype: "np.dtype[Any]") -> str:
    """Return the name of a dtype, of whichever byte order; looking it up takes long."""
    return dtype.newbyteorder("=").name
