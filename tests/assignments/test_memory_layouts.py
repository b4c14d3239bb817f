from typing import Any

import numpy as np
import pytest
from checks.layouts import LAYOUTS, ORDERS, Layout, copied, laid, layout_of

SHAPES = ((3, 4), (2, 3, 4, 5), (1, 1, 3, 3), (2, 1, 1, 4))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_values_are_the_same_however_they_lie(layout: Layout) -> None:
    for shape in (*SHAPES, (5,), (1,), (), (0, 3)):
        array = np.random.default_rng(0).normal(size=shape)
        made = laid(array, layout)
        assert made.shape == shape
        assert np.array_equal(made, array)
        assert not np.shares_memory(made, array)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_is_recognised_and_kept_by_copies(layout: Layout) -> None:
    for shape in SHAPES:
        made = laid(np.ones(shape, np.float32), layout)
        ((copy,),) = copied([(made,)])
        assert layout_of(made) == layout_of(copy) == layout
        assert not np.shares_memory(made, copy)


def test_usual_arrays_and_views_of_no_such_kind_have_none() -> None:
    table = np.arange(12.0).reshape(3, 4)
    for array in (table, table[1:, 1:], table[::-1], np.array(1.0), np.ones((1, 3)).T):
        assert layout_of(array) == ""
    assert layout_of(np.broadcast_to(1.0, (3,))) == ""


def test_only_read_only_arrays_cannot_be_written_into() -> None:
    assert all(laid(np.ones(3), order).flags.writeable for order in ORDERS)
    with pytest.raises(ValueError, match="read-only"):
        laid(np.ones(3), "read-only")[0] = 2


def test_one_array_in_two_places_stays_one() -> None:
    array = laid(np.ones((2, 3)), "gaps")
    first, second = copied({"a": [array, array]})["a"]
    assert first is second


def test_copies_are_deep_whatever_stands_in_one_another() -> None:
    row: list[object] = [1, "one", None, 2.5]
    table: dict[str, Any] = {"rows": [row, row], "pair": (row, {3})}
    made = copied(table)
    assert made == table
    assert made["rows"][0] is made["rows"][1] is made["pair"][0]
    row.append("more")
    table["pair"][1].add(4)
    assert made["pair"] == ([1, "one", None, 2.5], {3})


def test_what_holds_itself_is_copied_once() -> None:
    ring: list[object] = []
    ring += [ring, {"ring": ring}]
    made: list[Any] = copied(ring)
    assert made is not ring
    assert made[0] is made
    assert made[1] == {"ring": made}
