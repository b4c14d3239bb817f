"""Stubs are made of references, and a broken marker is told with its line."""

from pathlib import Path

import pytest

from autograder.course.stub import make_stub, solution_lines
from autograder.errors import AuthoringError
from conftest import REFERENCE

PATH = Path("reference.py")


def test_a_stub_keeps_docstrings_and_loses_every_solution_line() -> None:
    stub = make_stub(REFERENCE, PATH)
    assert '"""Return twice the values."""' in stub
    assert 'raise NotImplementedError("double: not started yet")' in stub
    assert all(line not in stub for line in solution_lines(REFERENCE, PATH) if line)
    assert "GAIN" not in stub
    assert "SOLUTION" not in stub


def test_a_second_region_of_a_function_vanishes() -> None:
    source = (
        "def f(x):\n    # BEGIN SOLUTION\n    a = 1\n    # END SOLUTION\n"
        "    # BEGIN SOLUTION\n    return a\n    # END SOLUTION\n"
    )
    stub = make_stub(source, PATH)
    assert stub == 'def f(x):\n    raise NotImplementedError("f: not started yet")\n'


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            "def f():\n    # BEGIN SOLUTION\n    pass\n",
            "reference.py:2: .*never closed",
        ),
        (
            "def f():\n    pass\n    # END SOLUTION\n",
            "reference.py:3: .*without a # BEGIN",
        ),
        (
            "def f():\n    # BEGIN SOLUTION\n    # BEGIN SOLUTION\n    pass\n",
            "reference.py:3: .*opened at line 2",
        ),
        ("def f():\n    return 1\n", "reference.py:1: the public function 'f' has no"),
        ("def f(:\n", "reference.py:1: is no valid Python"),
    ],
)
def test_a_mistake_names_file_and_line(source: str, message: str) -> None:
    with pytest.raises(AuthoringError, match=message):
        make_stub(source, PATH)
