"""NumPy's complaints are compared without their values, people's own by class."""

from pathlib import Path

import pytest

from autograder.course.assignment import module_from
from autograder.sandbox.complaint import (
    alike,
    complaint_of,
    complaint_of_ours,
    figures_of,
    normalised,
    tells_sizes,
)
from autograder.worker.protocol import Frame, Raised

SHAPES = "operands could not be broadcast together"


def of_ours(statement: str) -> str:
    source = f"import numpy as np\n\n\ndef f():\n    {statement}\n"
    f = vars(module_from(source, Path("reference.py")))["f"]
    with pytest.raises((ValueError, IndexError, AssertionError)) as caught:
        f()
    return complaint_of_ours(caught.value)


def of_student(text: str, line: str, *, own: bool) -> str:
    frame = Frame(line=1, function="f", source=line)
    return complaint_of(
        Raised(
            id=1,
            type_name="ValueError",
            builtin_names=("ValueError", "Exception"),
            text=text,
            frames=(frame,),
            own=own,
        )
    )


def test_shapes_and_numbers_are_left_out() -> None:
    assert of_ours("np.ones(2) + np.ones(3)") == SHAPES
    first = of_ours("np.ones((2, 3))[:, 5]")
    assert first == of_ours("np.ones((2, 4, 2))[:, 7]")
    assert first != SHAPES


@pytest.mark.parametrize(
    "words",
    [
        "cannot broadcast with shape (2,)\nand {}",
        "there is no `{}` here",
        "there is no '{}' here",
        'there is no "{}" here',
        "the sizes [{}, 3] differ",
        "the sizes ({}, 3) differ",
    ],
)
def test_values_in_quotes_and_brackets_are_left_out(words: str) -> None:
    assert normalised(words.format("a")) == normalised(words.format("7b"))
    assert "7b" not in normalised(words.format("7b"))


def test_of_endless_words_the_beginning_is_kept() -> None:
    words = "no way " * 10**5
    assert 100 < len(normalised(words)) <= 120
    assert len(figures_of("no 7 " * 10**5)) <= 100


def test_an_addition_in_place_complains_of_the_same() -> None:
    assert of_ours("a = np.ones(2); a += np.ones((3, 2))") == SHAPES


def test_an_assignment_complains_of_something_else() -> None:
    assert of_ours("np.ones((2, 2))[:] = np.ones((2, 0))") != SHAPES


def test_what_does_not_fit_a_state_is_told_whatever_its_layers_are_called() -> None:
    words = (
        "Error(s) in loading state_dict for ResNet:\n\tsize mismatch for {}: copying"
    )
    told = normalised(words.format("stem.0.weight"))
    assert told == "Error(s) in loading state_dict: size mismatch"
    assert told == normalised(words.format("conv1.weight") + " a param")
    words = "Error(s) in loading state_dict for ResNet: {} key(s) in state_dict: 'a.b'"
    others = {normalised(words.format(kind)) for kind in ("Missing", "Unexpected")}
    assert others | {told} == {
        f"Error(s) in loading state_dict: {kind}"
        for kind in ("Missing key", "Unexpected key", "size mismatch")
    }


def test_the_numbers_of_sizes_are_kept_in_no_order() -> None:
    words = "The size of tensor a ({}) must match the size of tensor b ({})"
    assert figures_of(words.format(8, 16)) == figures_of(words.format(16, 8))
    assert figures_of(words.format(8, 16)) != figures_of(words.format(8, 4))
    assert tells_sizes(normalised(words.format(8, 16)))
    assert tells_sizes(normalised("mat1 and mat2 shapes cannot be multiplied (1x2)"))
    assert tells_sizes(normalised("Given groups=1, weight of size [8, 4, 3, 3]"))
    assert not tells_sizes(SHAPES)


def test_what_a_person_raised_is_alike_whatever_the_words() -> None:
    mine = of_student("does not fit", 'raise ValueError("does not fit")', own=True)
    checked = of_student("", "assert h % stride == 0", own=True)
    ours = of_ours("raise ValueError('too wide')")
    assert alike(mine, ours)
    assert alike(of_student("no", "    raise ValueError('no')", own=True), ours)
    assert alike(checked, of_ours("assert 1 % 2 == 0"))
    library = of_student("cannot reshape array of size 6", "x.reshape(4)", own=False)
    assert not alike(mine, library)
    assert not alike(library, ours)
    # What a library raises in Python is not what a person has written down.
    raised_there = of_student("no", 'raise ValueError("no")', own=False)
    assert not alike(raised_there, ours)
    for line in ("__import__('json').loads('no')", "np.linalg.inv(np.ones((2, 3)))"):
        assert not alike(mine, of_ours(line))
    assert complaint_of_ours(ValueError("no")) == "no"


def test_a_raise_of_ours_may_stand_for_the_librarys_words() -> None:
    student = of_student(f"{SHAPES} with shapes (2,) (3,) ", "return a + b", own=True)
    assert alike(student, of_ours(f"raise ValueError('{SHAPES}')"))


def test_an_exception_without_words_is_alike_to_none() -> None:
    assert not alike(of_student("", "next(it)", own=True), of_ours("raise ValueError"))
