"""The shape of a value on the wire: a tree of tagged nodes, as JSON."""

from typing import Annotated, TypeAlias

import msgspec
from checks.layouts import Layout

MAX_HEX_DIGITS = 4096


class NoneNode(msgspec.Struct, frozen=True, tag="none", tag_field="t"):
    """``None``."""


class BoolNode(msgspec.Struct, frozen=True, tag="bool", tag_field="t"):
    """``True`` or ``False``."""

    value: bool


class IntNode(msgspec.Struct, frozen=True, tag="int", tag_field="t"):
    """An int of any size as ``hex()`` text, since JSON readers round big ones."""

    hex: Annotated[str, msgspec.Meta(max_length=MAX_HEX_DIGITS + 3)]


class FloatNode(msgspec.Struct, frozen=True, tag="float", tag_field="t"):
    """A float as ``float.hex`` text: exact, and nan and inf survive."""

    hex: Annotated[str, msgspec.Meta(max_length=64)]


class ComplexNode(msgspec.Struct, frozen=True, tag="complex", tag_field="t"):
    """A complex number as two floats."""

    real: Annotated[str, msgspec.Meta(max_length=64)]
    imag: Annotated[str, msgspec.Meta(max_length=64)]


class StrNode(msgspec.Struct, frozen=True, tag="str", tag_field="t"):
    """Text."""

    value: str


class ListNode(msgspec.Struct, frozen=True, tag="list", tag_field="t"):
    """A list."""

    items: "tuple[Tree, ...]"


class TupleNode(msgspec.Struct, frozen=True, tag="tuple", tag_field="t"):
    """A tuple."""

    items: "tuple[Tree, ...]"


class DictNode(msgspec.Struct, frozen=True, tag="dict", tag_field="t"):
    """A dict with text keys, in its order."""

    items: "dict[str, Tree]"


class ArrayNode(msgspec.Struct, frozen=True, tag="array", tag_field="t"):
    """Array number `key` of the blob.

    paired : complex numbers, stored with a trailing axis (real, imaginary)
    scalar : a NumPy scalar, stored with shape ()
    layout : how an argument of a call is to lie in the worker's memory; the blob holds
        it row by row, and nothing else has one
    """

    key: int
    paired: bool = False
    scalar: bool = False
    layout: Layout = ""


class FunctionNode(msgspec.Struct, frozen=True, tag="function", tag_field="t"):
    """A public function or class as an argument: ``checks.blocks:PlainBlock``."""

    name: Annotated[str, msgspec.Meta(pattern=r"^checks\.\w+:\w+$", max_length=100)]


class OwnNode(msgspec.Struct, frozen=True, tag="own", tag_field="t"):
    """A function of the submission, by its name: an argument of a probe."""

    name: Annotated[str, msgspec.Meta(max_length=200)]


Leaf: TypeAlias = IntNode | FloatNode | StrNode | BoolNode | NoneNode | ComplexNode
Tree: TypeAlias = (
    Leaf | ListNode | TupleNode | DictNode | ArrayNode | FunctionNode | OwnNode
)
