import contextlib
import functools
import math
from typing import Any

import msgspec
import numpy as np
import pytest
from checks import callables
from checks.layouts import LAYOUTS, Layout, laid, layout_of
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.worker.values import (
    MAX_ARRAY_BYTES,
    MAX_ARRAYS,
    MAX_DEPTH,
    MAX_HEADER_BYTES,
    MAX_ITEMS,
    DecodeError,
    Packer,
    Unpacker,
    UnsupportedValueError,
    decode,
    encode,
)
from autograder.worker.wire_nodes import (
    ArrayNode,
    FloatNode,
    FunctionNode,
    IntNode,
    ListNode,
    Tree,
)

SIZED = [f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)]
DTYPES = ["bool", *SIZED, "float16", "float32", "float64", "complex64", "complex128"]
LONG = np.dtype(np.longdouble).name

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.complex_numbers()
    | st.text(st.characters(exclude_categories=["Cs"]))
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text("ab", max_size=3), inner, max_size=4)
    ),
    max_leaves=12,
)
arrays = st.sampled_from(DTYPES).flatmap(
    lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, min_side=0))
)


@given(values)
def test_plain_value_comes_back_with_its_types(value: Any) -> None:
    # repr tells 1 from True and from 1.0, and nan equals itself in it.
    assert repr(decode(*encode(value))) == repr(value)


@given(arrays)
def test_array_comes_back_writable_with_dtype_shape_and_bits(array: Any) -> None:
    back = decode(*encode(array))
    assert (back.dtype, back.shape) == (array.dtype, array.shape)
    assert back.tobytes() == array.tobytes()
    assert back.flags.writeable


@given(st.binary(), st.binary())
def test_any_bytes_decode_or_raise_decode_error(text: bytes, blob: bytes) -> None:
    with contextlib.suppress(DecodeError):
        decode(text, blob)


@given(arrays, st.data())
def test_any_damage_to_a_blob_decodes_or_raises_decode_error(
    array: Any, data: st.DataObject
) -> None:
    text, blob = encode(array)
    damaged = bytearray(blob)
    for _ in range(data.draw(st.integers(1, 4))):
        where = data.draw(st.integers(0, len(damaged) - 1))
        damaged[where] = data.draw(st.integers(0, 255))
    with contextlib.suppress(DecodeError):
        decode(text, bytes(damaged))


@pytest.mark.parametrize("dtype", DTYPES)
def test_numpy_scalar_comes_back_as_the_same_scalar_type(dtype: str) -> None:
    scalar = np.dtype(dtype).type(1)
    back = decode(*encode(scalar))
    assert type(back) is type(scalar)
    assert back == scalar


@pytest.mark.parametrize(
    "array",
    [
        np.arange(12).reshape(3, 4).T,
        np.arange(12)[::-3],
        np.asfortranarray(np.ones((2, 3), complex)),
        np.arange(3, dtype=">i4"),
        np.array([1 + 2j], ">c16"),
        np.broadcast_to(1.5, (2, 3)),
        np.eye(2).view(np.matrix),
        np.array(3.5),
        np.zeros((0, 3)),
        np.zeros((2, 0), complex),
    ],
    ids=lambda a: f"{type(a).__name__}{a.shape}{a.dtype.str}",
)
def test_unusual_layouts_keep_their_values_in_a_plain_array(array: Any) -> None:
    back = decode(*encode(array))
    assert type(back) is np.ndarray
    assert back.dtype == array.dtype.newbyteorder("=")
    assert back.flags.c_contiguous
    np.testing.assert_array_equal(back, array)


def test_one_array_given_twice_stays_one_array() -> None:
    x = np.arange(3)
    first, second = decode(*encode((x, x)))
    assert first is second


UNSUPPORTED: dict[str, tuple[Any, str]] = {
    "generator": ((i for i in "ab"), "a generator"),
    "module": (np, "a module"),
    "builtin": (len, "a function"),
    "lambda": (lambda: 0, "a function"),
    "partial": (functools.partial(len), "a function"),
    "method": (Packer().add, "a method"),
    "class": (int, "a class"),
    "set": ({1, 2}, "a set"),
    "bytes": (b"ab", "a bytes"),
    "range": (range(3), "a range"),
    "iterator": (iter([1]), "a list_iterator"),
    "object": (Packer(), "an object of the class Packer"),
    "object array": (np.array([None]), "a numpy array of objects"),
    "text array": (np.array(["a"]), "a numpy array of text"),
    "bytes array": (np.array([b"a"]), "a numpy array of bytes"),
    "record array": (np.zeros(2, "f8,i4"), "a numpy array of records"),
    "date array": (np.array(["2026-01-01"], "M8[D]"), "a numpy array of dates"),
    "longdouble": (np.longdouble(1), f"a numpy array of {LONG} numbers"),
    "int key": ({1: 2}, "a dict whose key is an int"),
    "surrogate": ("\ud800", "text with half a character in it"),
    "huge int": (1 << 20_000, "an int of 20,001 bits"),
    "long list": ([0] * (MAX_ITEMS + 1), "more than 200,000 list items"),
    "many arrays": (
        [np.float64(i) for i in range(MAX_ARRAYS + 1)],
        "more than 50,000 separate numpy values: make one array",
    ),
    "big array": (np.broadcast_to(0.0, (2**40,)), "more than 48 MiB of numbers"),
}


@pytest.mark.parametrize(("value", "words"), UNSUPPORTED.values(), ids=UNSUPPORTED)
def test_unsupported_value_is_described_in_words(value: Any, words: str) -> None:
    with pytest.raises(UnsupportedValueError) as caught:
        encode([value])
    assert str(caught.value) == words


def test_list_that_holds_itself_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(UnsupportedValueError, match=f"more than {MAX_DEPTH} deep"):
        encode(endless)


def test_subclasses_cannot_answer_for_their_contents() -> None:
    class Lazy(list[int]):
        def __iter__(self) -> Any:
            raise AssertionError("asked")

    class Liar(float):
        def hex(self) -> str:
            return "nan"

    class Pretender:
        __class__ = list  # type: ignore[assignment]

    assert decode(*encode(Lazy([1, 2]))) == [1, 2]
    assert decode(*encode(Liar(2.5))) == 2.5
    with pytest.raises(UnsupportedValueError, match="class Pretender"):
        encode(Pretender())


def tree_bytes(tree: Tree) -> bytes:
    return msgspec.json.encode(tree)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"[" * 10_000, "not a value"),
        (b'{"t":"list","items":[' * 70 + b"]}" * 70, "too deep"),
        (b'{"t":"object"}', "not a value"),
        (b'{"t":"bool","value":1}', "not a value"),
        (tree_bytes(IntNode("12_")), "not a number"),
        (tree_bytes(FloatNode("0x1p99999")), "not a number"),
        (tree_bytes(ArrayNode(7)), "no array number 7"),
        (b'{"t":"int","hex":"' + b"1" * 5000 + b'"}', "not a value"),
        (b"\xff\xfe", "not a value"),
    ],
    ids=range(9),
)
def test_malformed_tree_is_refused_with_its_reason(text: bytes, words: str) -> None:
    with pytest.raises(DecodeError, match=words):
        decode(text)


def test_too_many_items_are_refused() -> None:
    text = b'{"t":"list","items":[' + b'{"t":"none"},' * MAX_ITEMS + b'{"t":"none"}]}'
    with pytest.raises(DecodeError, match="too many items"):
        decode(text)


def test_scalar_flag_on_a_whole_array_is_refused() -> None:
    blob = encode(np.arange(3))[1]
    with pytest.raises(DecodeError, match=r"a scalar of shape \(3,\)"):
        decode(tree_bytes(ArrayNode(0, scalar=True)), blob)


@pytest.mark.parametrize(
    "array", [np.arange(3), np.ones((2, 3)), np.array(1.0)], ids=range(3)
)
def test_paired_flag_on_real_numbers_is_refused(array: Any) -> None:
    with pytest.raises(DecodeError, match="no array number 0"):
        decode(tree_bytes(ArrayNode(0, paired=True)), encode(array)[1])


def test_limits_count_over_all_values_of_one_packer() -> None:
    packer = Packer()
    packer.add(np.zeros(MAX_ARRAY_BYTES // 8))
    with pytest.raises(UnsupportedValueError, match="more than 48 MiB"):
        packer.add(np.zeros(1))


def test_header_that_would_fill_the_memory_is_refused_unread() -> None:
    blob = (MAX_HEADER_BYTES + 8).to_bytes(8, "little") + bytes(MAX_HEADER_BYTES + 8)
    with pytest.raises(DecodeError, match="a header of 8,388,616 bytes"):
        Unpacker(blob)


def test_signs_of_zero_and_infinities_survive() -> None:
    back = decode(*encode([-0.0, math.inf, complex(-0.0, math.nan)]))
    assert math.copysign(1, back[0]) == -1
    assert back[1] == math.inf
    assert math.copysign(1, back[2].real) == -1
    assert math.isnan(back[2].imag)


def test_unpacker_gives_out_the_arrays_it_made() -> None:
    packer = Packer()
    tree = packer.add([np.arange(2), 5])
    assert isinstance(tree, ListNode)
    unpacker = Unpacker(packer.blob())
    value = unpacker.value(tree)
    assert unpacker.arrays()[0] is value[0]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_an_array_lies_in_memory_as_the_test_has_it(layout: Layout) -> None:
    array = laid(np.arange(24.0).reshape(2, 3, 4), layout)
    packer = Packer(with_layouts=True)
    tree = packer.add([array, (array,)])
    first, (second,) = Unpacker(packer.blob(), with_layouts=True).value(tree)
    assert first is second
    assert layout_of(first) == layout
    assert first.tolist() == array.tolist()


def test_complex_numbers_have_a_layout_too_and_scalars_none() -> None:
    array = laid(np.array([[1j, 2], [3, 4j]]), "Fortran")
    packer = Packer(with_layouts=True)
    tree = packer.add([array, np.float64(2)])
    table, scalar = Unpacker(packer.blob(), with_layouts=True).value(tree)
    assert layout_of(table) == "Fortran"
    assert table.tolist() == array.tolist()
    assert scalar == 2


def test_what_is_no_argument_has_no_layout() -> None:
    assert Packer().add(np.ones((2, 3)).T) == ArrayNode(0)
    tree = tree_bytes(ArrayNode(0, layout="gaps"))
    with pytest.raises(DecodeError, match="an array with a layout: gaps"):
        decode(tree, encode(np.ones(3))[1])


def test_a_layout_of_another_name_is_no_tree() -> None:
    tree = tree_bytes(ArrayNode(0, layout="gaps")).replace(b"gaps", b"diagonal")
    with pytest.raises(DecodeError, match="not a value"):
        decode(tree, encode(np.ones(3))[1])


@pytest.mark.parametrize("name", ["checks.layouts:laid", "checks.callables:laid"])
def test_only_functions_of_the_public_modules_can_be_named(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callables, "laid", laid, raising=False)
    with pytest.raises(DecodeError, match=r"is no public function|has no function"):
        Unpacker(b"").value(FunctionNode(name))
    assert Unpacker(b"").value(FunctionNode("checks.callables:norm")) is callables.norm


def test_a_text_of_numpys_is_a_text() -> None:
    assert decode(*encode(np.str_("half"))) == "half"
