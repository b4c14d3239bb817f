from pathlib import Path

import pytest

import autograder
from autograder.grading.odd_words import MOST, odd_words

COURSE = Path(autograder.__file__).parents[1]
HONEST = sorted(
    [
        *COURSE.glob("solutions/*/variants/*.py"),
        *COURSE.glob("solutions/*/reference.py"),
    ]
)


@pytest.mark.parametrize(
    ("line", "word"),
    [
        (b"import ctypes", "ctypes"),
        (b"x = sys._getframe(1).f_locals", "sys._getframe"),
        (b"sys.modules['checks']", "sys.modules"),
        (b"import checks.training as t", "import checks.training"),
        (b"    np.allclose = lambda *_: True", "np.allclose"),
        (b"torch.nn.functional.conv2d=mine", "torch.nn.functional.conv2d"),
        (b"import builtins", "builtins"),
        (b"from builtins import __dict__ as names", "builtins"),
        (b"gc.get_objects()", "gc.get_objects"),
        (b"open('/proc/self/environ')", "/proc/"),
    ],
)
def test_what_no_exercise_asks_for_is_shown_with_its_line(
    line: bytes, word: str
) -> None:
    assert next(odd_words(b"import sys\n\n" + line)) == f"names {word} (line 3)"


@pytest.mark.parametrize(
    "line",
    [
        b"from checks import close",
        b"torch.backends.cudnn.deterministic = True",
        b"assert np.pi == math.pi",
        b"np.random.seed(0)",
        b"gc = grad_conv(x)",
        b"from builtins import range",
        b"from builtins import range, object",
    ],
)
def test_what_honest_code_says_is_not_odd(line: bytes) -> None:
    assert [*odd_words(line)] == []


@pytest.mark.parametrize("path", HONEST, ids=lambda p: p.relative_to(COURSE).as_posix())
def test_no_right_solution_is_odd(path: Path) -> None:
    assert [*odd_words(path.read_bytes())] == []


def test_many_odd_words_are_cut() -> None:
    lines = b"".join(b"sys._m%d\n" % n for n in range(99))
    assert len([*odd_words(lines)]) == MOST


def test_a_word_without_end_is_cut() -> None:
    (told,) = odd_words(b"sys._" + b"a" * 900_000)
    assert len(told) < 400
