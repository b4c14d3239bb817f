import json
from pathlib import Path

import pytest

import autograder
from autograder.grading.odd_words import MOST, odd_words
from autograder.notebook import as_python

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
        (b"x = 1; np.zeros = None", "np.zeros"),
        (b"setattr(np, 'zeros', mine)", "setattr(np"),
        (b"vars(np)['zeros'] = mine", "vars(np"),
        (b"torch.__dict__.update(mine)", "torch.__dict__"),
        (b"os.write(5, frame)", "os.write"),
        (b"replies = open(5, 'wb', 0)", "open(5"),
        (b"import fcntl", "fcntl"),
        (b"import builtins", "builtins"),
        (b"from builtins import __dict__ as names", "builtins"),
        (b"gc.get_objects()", "gc.get_objects"),
        (b"open('/proc/self/environ')", "/proc/"),
        (b"np.convolve.__wrapped__(x, k)", "__wrapped__"),
        (b"np.convolve._used.__closure__[0].cell_contents", "__closure__"),
        (b"from numpy._core.multiarray import correlate", "numpy._core"),
        (b"np.core.multiarray.correlate(x, k)", "np.core"),
        (b"getattr(np, '_core')", "'_core"),
        (b"np.fft._pocketfft_umath.fft(x)", "_pocketfft_umath"),
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
        b"_core = self._core(x)",
        b"def f(x: np.ndarray = None): setattr(self, 'x', vars(self))",
        b"with open(path) as file, open('1.txt') as other: os.makedirs('out')",
    ],
)
def test_what_honest_code_says_is_not_odd(line: bytes) -> None:
    assert [*odd_words(line)] == []


@pytest.mark.parametrize("path", HONEST, ids=lambda p: p.relative_to(COURSE).as_posix())
def test_no_right_solution_is_odd(path: Path) -> None:
    assert [*odd_words(path.read_bytes())] == []


def test_of_many_odd_words_the_first_are_shown_and_the_others_counted() -> None:
    lines = b"".join(b"sys._m%d\n" % n for n in range(99))
    *shown, rest = odd_words(lines)
    assert len(shown) == MOST
    assert rest == f"names {99 - MOST} more such words"
    assert len([*odd_words(b"".join(lines.splitlines(keepends=True)[:MOST]))]) == MOST


def test_a_word_without_end_is_cut() -> None:
    (told,) = odd_words(b"sys._" + b"a" * 900_000)
    assert len(told) < 400


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("\uff43\uff54ypes", "ctypes"),
        ("ªx = ⅳ + sys._ﬀ", "sys._ff"),
        ("sys . _getframe", "sys._getframe"),
        ("sys. _getframe", "sys._getframe"),
        ("sys .\t_getframe", "sys._getframe"),
        ("é = ctypes", "ctypes"),
        ("sys._ⅷ", "sys._viii"),
    ],
)
def test_however_a_word_is_written_that_python_reads_it_is_shown(
    source: str, told: str
) -> None:
    assert [*odd_words(source.encode())] == [f"names {told} (line 1)"]


def test_a_word_is_shown_once_with_the_line_where_it_stands_first() -> None:
    source = b"\nimport ctypes\n\n\nsys._x\nimport ctypes\n  np.a = 1\nnp.a = 2\nsys._y"
    assert [*odd_words(source)] == [
        "names ctypes (line 2)",
        "names sys._x (line 5)",
        "names np.a (line 7)",
        "names sys._y (line 9)",
    ]


def test_an_encoding_that_can_hide_words_is_told_before_them() -> None:
    first, second = odd_words(b"# coding: utf-7\nimport ctypes\n")
    assert first == "is in the encoding utf_7, in which any word can be hidden"
    assert second == "names ctypes (line 2)"


def test_a_word_in_a_notebook_has_its_cell() -> None:
    cells = [
        {"cell_type": "code", "source": text}
        for text in ("x = 1", "y = 2\nimport ctypes")
    ]
    book = json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5})
    (told,) = odd_words(as_python(book.encode()).encode())
    assert told == "names ctypes (cell 2, line 2)"


def test_the_first_mebibyte_of_a_file_is_read() -> None:
    filling = b"#" * 2**20
    assert [*odd_words(filling[:-8] + b"\nctypes")]
    assert [*odd_words(filling + b"\nctypes")] == []
