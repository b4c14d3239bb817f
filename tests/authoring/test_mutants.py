"""Every operator of the mutator changes the code that it should, and nothing else."""

from pathlib import Path

import pytest

from autograder.authoring.mutants import equivalents, mutants
from autograder.errors import AuthoringError

PATH = Path("reference.py")


def mutated(*body: str) -> set[tuple[str, str]]:
    lines = ["def f(a, b):", '    """Doc 1."""', "    # BEGIN SOLUTION"]
    lines += [f"    {line}" for line in body]
    source = "\n".join([*lines, "    # END SOLUTION", ""])
    return {(m.original, m.mutant) for m in mutants(source, PATH)}


@pytest.mark.parametrize(
    ("line", "mutant"),
    [
        ("return a < b", "return a <= b"),
        ("return a == b", "return a != b"),
        ("return a + b", "return a - b"),
        ("return a // b", "return a * b"),
        ("return a and b", "return a or b"),
        ("return -a", "return a"),
        ("return not a", "return a"),
        ("return a[1]", "return a[2]"),
        ("return a[1]", "return a[0]"),
        ("return 1.5", "return 4.0"),
        ("return True", "return False"),
        ("return a if b else 0", "return 0 if b else a"),
        ("return a == 'same'", "return a == 'same_mutated'"),
        ("a += b", "a -= b"),
        ("a += b", "pass"),
        ("a = b", "pass"),
        ("a.sort()", "pass"),
    ],
)
def test_a_line_becomes_its_mutant(line: str, mutant: str) -> None:
    assert (line, mutant) in mutated(line)


def test_messages_of_errors_and_docstrings_are_left_alone() -> None:
    found = mutated("if a > 1:", "    raise ValueError(f'too large: {a}')")
    assert not any("mutated" in mutant for _, mutant in found)
    assert ("raise ValueError(f'too large: {a}')", "pass") in found


def test_code_outside_of_solution_regions_is_left_alone() -> None:
    source = "LIMIT = 3\n\n\ndef f(a):\n    return a + LIMIT\n"
    assert list(mutants(source, PATH)) == []


def test_no_mutant_stands_twice() -> None:
    source = (
        "def f(a):\n    # BEGIN SOLUTION\n    a = 1 + 2\n    return a\n"
        "    # END SOLUTION\n"
    )
    sources = [m.source for m in mutants(source, PATH)]
    assert len(sources) == len(set(sources)) > 4


def test_an_equivalent_without_a_reason_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "equivalents.toml"
    path.write_text('[[equivalent]]\nfunction = "f"\noriginal = "a"\nmutant = "b"\n')
    with pytest.raises(AuthoringError, match=r"equivalents\.toml:1.*reason"):
        equivalents(path)
    assert equivalents(tmp_path / "none.toml") == {}
