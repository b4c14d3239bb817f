"""What a student sees who runs pytest or otter in the template."""

from pathlib import Path

import numpy as np
import pytest

from student_desk import RIGHT, answer, released, run, run_cold

MINOR = ".".join(np.__version__.split(".")[:2])
OTHERS = (
    f"By the way: you have numpy {np.__version__} and pytest {pytest.__version__}, "
    "grading uses numpy 1.99 and pytest 0.7; answers hardly ever differ, and "
    "`python -m pip install -r requirements.txt` brings the same.\n"
)


@pytest.fixture
def template(course: Path) -> Path:
    """The small course's template, with the real tools."""
    return released(course)


def test_a_stub_reads_not_started_yet_without_a_traceback(template: Path) -> None:
    code, output = run_cold(template, "pytest", "a0_scale")
    assert code == 0
    assert "2 skipped" in output
    assert "double: not started yet" in output
    assert "Traceback" not in output


def test_a_right_answer_passes_and_one_question_can_be_chosen(template: Path) -> None:
    answer(template, RIGHT)
    assert "2 passed" in run(template, "pytest")[1]
    assert "1 passed, 1 deselected" in run(template, "pytest", "-k", "q2")[1]


def test_a_wrong_answer_shows_expected_and_got(template: Path) -> None:
    answer(template, RIGHT.replace("2 * v", "3 * v"))
    code, output = run_cold(template, "pytest", "a0_scale", "-k", "q1", seed="77")
    assert code == 1
    assert "expected 2, got 3" in output
    assert "(inputs of seed 77)" in output
    assert "conftest.py" not in output


def test_an_error_shows_the_students_own_line_only(template: Path) -> None:
    answer(template, RIGHT.replace("return [2 * v for v in values]", "return [][1]"))
    _, output = run(template, "pytest", "-k", "q1")
    assert "IndexError: list index out of range" in output
    assert "return [][1]" in output
    assert "call_func" not in output


def test_a_syntax_error_shows_its_line(template: Path) -> None:
    answer(template, "def double(values:\n    return 1\n")
    _, output = run(template, "pytest", "-k", "q1")
    assert "a0_scale.py can't be graded:\nline 1: Python 3." in output
    assert output.count("'(' was never closed") == 1


def test_a_missing_function_is_named(template: Path) -> None:
    answer(template, "def triple(values):\n    return values\n")
    assert "there is no function `double`" in run(template, "pytest", "-k", "q1")[1]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (f"numpy=={MINOR}.*\nnosuchpackage==1.2.*\n", ""),
        ("numpy>=1\n", ""),
        (
            "numpy==1.99.*\npytest==0.7.*\n",
            OTHERS,
        ),
        (None, ""),
    ],
)
def test_another_version_than_grading_uses_is_said_and_fails_nothing(
    template: Path, asked: str | None, said: str
) -> None:
    answer(template, RIGHT)
    path = template / "requirements.txt"
    if asked is None:
        path.unlink()
    else:
        path.write_text(asked, encoding="utf-8")
    code, output = run(template, "pytest", "a0_scale")
    assert code == 0
    assert said in output
    assert ("By the way" in output) == bool(said)


def test_otter_check_takes_the_same_tests(template: Path) -> None:
    answer(template, RIGHT)
    file, tests = "a0_scale/a0_scale.py", "a0_scale/tests"
    code, output = run(template, "otter", "check", file, "-t", tests)
    assert code == 0, output
    assert "All tests passed!" in output
