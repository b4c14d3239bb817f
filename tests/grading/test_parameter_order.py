"""Parameters in another order are told from the source's `def`, from nothing else."""

import pytest

from autograder.grading.parameter_order import in_another_order

ASKED = {"pool": ("dout", "x", "size"), "other": ("a",)}


@pytest.mark.parametrize(
    "head",
    [
        "def pool(x, dout, size):",
        "def pool(x: Array, dout: Array, size: int = 2) -> Array:",
        "def pool(\n    x,\n    dout,\n    size,\n):",
        "def pool(x, dout, size):\n    pass\n\ndef pool(x, dout, size=2):",
    ],
)
def test_the_same_names_in_another_order_are_told_with_both_orders(head: str) -> None:
    ((function, diagnosis),) = in_another_order(head.encode(), ASKED, ["pool"])
    assert function == "pool"
    assert diagnosis.message == (
        "Your `pool` takes (x, dout, size), but it is called with (dout, x, size), in "
        "this order."
    )


@pytest.mark.parametrize(
    "source",
    [
        "def pool(dout, x, size): pass",
        "def pool(x, grad, size): pass",  # names of their own say nothing
        "def pool(x, dout): pass",
        "def pool(dout, x, size): pass\n\n'''\ndef pool(x, dout, size): pass\n'''",
        "def pool(x, dout, size): pass\n\ndef pool(dout, x, size): pass",
        "def pool(*args): pass",
        "pool = lambda x, dout, size: 0",
        "class A:\n    def pool(x, dout, size): pass",
        "def pool(x, dout, size",
        "",
    ],
)
def test_of_anything_else_nothing_is_said(source: str) -> None:
    assert not list(in_another_order(source.encode(), ASKED, ["pool", "other"]))


def test_the_first_mebibyte_of_a_file_is_read() -> None:
    head = b"\ndef pool(x, dout, size):"
    filling = b"#" * 2**20
    assert [*in_another_order(filling[: -len(head)] + head, ASKED, ["pool"])]
    assert [*in_another_order(filling + head, ASKED, ["pool"])] == []
