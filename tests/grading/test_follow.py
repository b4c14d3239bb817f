"""One mistake costs once: whatever is wrong with an earlier function."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import autograder
from autograder.grading.grader import Grader, Job
from autograder.kinds import Kind
from autograder.records.results import QuestionResult, Result, Verdict
from autograder.records.submission import Submission
from conftest import Edit

COURSE = Path(autograder.__file__).parents[1]
LATER = "def quadruple(values):\n    return double(double(values))\n"

pytestmark = pytest.mark.sandbox


def graded(
    course: Path, source: str, name: str = "a0_scale", seconds: float | None = None
) -> Result:
    with Grader() as grader:
        return grader.grade(job_of(course, source, name, seconds))


def job_of(course: Path, source: str, name: str, seconds: float | None = None) -> Job:
    submission = Submission(
        key="s",
        lms_id="",
        student_name="Zoë Doe",
        roster_id="0012",
        attempt=1,
        submitted_at=None,
        files={f"{name}.py": source.encode()},
    )
    return Job(
        course=course,
        assignment=name,
        submission=submission,
        secret=b"s" * 32,
        seconds_per_case=seconds,
    )


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    """One for those who hand in the same assignment, as in a class."""
    with Grader() as one:
        yield one


def later(result: Result) -> QuestionResult:
    assert result.verdict is not Verdict.FAULT, result.fault
    return next(q for q in result.questions if q.name == "q2_quadruple")


@pytest.mark.parametrize(
    "double",
    [
        "def double(values):\n    return [v * v for v in values]\n",
        "def double(values):\n    raise NotImplementedError('not started yet')\n",
        "def double(values):\n    return [2 * v for v in values][9]\n",
        "def double(values):\n    [2 * v for v in values]\n",
        "def double(values):\n    return 'seven'\n",
        "def double(values):\n    return [float('nan') for v in values]\n",
        "def double(values):\n    import sys\n    sys.exit('no')\n",
        "def double(values):\n    import os\n    os._exit(0)\n",
        "def double(values):\n    raise KeyboardInterrupt\n",
        "def double(values):\n    raise GeneratorExit\n",
        "def double(values):\n    raise BaseException('no')\n",
        "def double(values):\n    return double(values)\n",
        "def double(values):\n    values[:] = [0 for v in values]\n    return values\n",
        "def double(values, times):\n    return [times * v for v in values]\n",
        "def double(*, values):\n    return [v for v in values]\n",
        "",
        "double = None\n",
        "double = 3\n",
    ],
)
def test_a_right_function_on_a_wrong_one_gets_its_points(
    course: Path, double: str
) -> None:
    result = graded(course, double + LATER)
    question = later(result)
    assert (result.score, question.score) == (40, 40)
    assert {case.kind for case in question.cases} == {Kind.CARRIED}
    assert question.cases[0].carried_from == "double"
    assert question.diagnoses == ()


def test_so_it_does_on_one_that_never_ends(course: Path) -> None:
    double = "def double(values):\n    while True:\n        pass\n"
    result = graded(course, double + LATER, seconds=0.3)
    assert (result.score, later(result).score) == (40, 40)


def test_so_it_does_on_one_that_is_misspelt_and_wrong(course: Path) -> None:
    source = "def Double(values):\n    return [v * v for v in values]\n"
    result = graded(course, source + LATER.replace("double", "Double"))
    assert (result.score, later(result).score) == (40, 40)


@pytest.mark.parametrize(
    "quadruple",
    [
        "def quadruple(values):\n    return double(values)\n",
        "def quadruple(values):\n    double(values)\n    raise ValueError\n",
        "def quadruple(values):\n    return [v**2 for v in double(values)]\n",
        "def quadruple(values):\n    return values\n",
        "def quadruple(values):\n    return [0 * v for v in double(values)]\n",
        "quadruple = double\n",
    ],
)
def test_a_wrong_function_on_a_wrong_one_gets_nothing(
    course: Path, quadruple: str
) -> None:
    double = "def double(values):\n    return [v * v for v in values]\n"
    assert graded(course, double + quadruple).score == 0


def test_the_mistake_of_its_own_is_told_and_named(course: Path) -> None:
    double = "def double(values):\n    return [v * v for v in values]\n"
    wrong = "def quadruple(values):\n    return double(values)\n"
    question = later(graded(course, double + wrong))
    assert [d.name for d in question.diagnoses] == ["only_doubled"]
    public = question.cases[0]
    assert "expected 4, got 1" in public.message
    told = "(with our `double` in the place of yours it is not right either)"
    assert public.message.endswith(told)


@pytest.mark.parametrize(
    "error",
    [
        *("ValueError", "TypeError", "IndexError", "NotImplementedError"),
        *("SystemExit", "KeyboardInterrupt", "GeneratorExit", "BaseException"),
    ],
)
def test_a_file_that_raises_everywhere_gets_nothing(course: Path, error: str) -> None:
    source = (
        f"def double(values):\n    raise {error}('no')\n"
        "def quadruple(values):\n    return double(double(values))[0] / 0\n"
    )
    assert graded(course, source).score == 0


def test_a_right_function_is_not_asked_again(course: Path) -> None:
    source = "def double(values):\n    return [2 * v for v in values]\n"
    wrong = "def quadruple(values):\n    return double(values)\n"
    message = later(graded(course, source + wrong)).cases[0].message
    assert "in the place of yours" not in message


def test_a_second_try_is_no_second_chance(course: Path) -> None:
    """A function that only looks for a right double, and calls none, needed none."""
    source = (
        "def double(values):\n    return [v * v for v in values]\n"
        "def quadruple(values):\n"
        "    is_own = double.__code__.co_filename == __file__\n"
        "    return [(3 if is_own else 4) * v for v in values]\n"
    )
    assert graded(course, source).score == 0


def test_more_than_a_right_function_can_do_is_the_submissions_failure(
    course: Path, edit: Edit
) -> None:
    edit(
        "solutions/a0_scale/reference.py",
        "    return 2 * _scaled(values)\n",
        "    np.ones(int(abs(np.max(values))))\n    return 2 * _scaled(values)\n",
    )
    source = (
        "def double(values):\n    return [0]\n"
        "def quadruple(values):\n    return double([10.0**11])\n"
    )
    result = graded(course, source)
    assert (result.score, result.verdict) == (0, Verdict.FAILED), result.fault
    endless = source.replace(
        "    return double([10.0**11])", "    while True:\n        double([1.0])"
    )
    result = graded(course, endless, seconds=0.5)
    assert (result.score, result.verdict) == (0, Verdict.FAILED), result.fault


def test_a_forged_question_is_no_answer(course: Path) -> None:
    """Frames that nobody may send, found by way of the stand-in's own closure."""
    source = (
        "def double(values):\n    return [0]\n"
        "def quadruple(values):\n"
        "    cells = [c.cell_contents for c in double.__closure__ or ()]\n"
        "    asked = next(c for c in cells if callable(c) and c.__closure__)\n"
        "    names = asked.__code__.co_freevars\n"
        "    holder = asked.__closure__[names.index('self')].cell_contents\n"
        "    return holder._asking('quadruple')(values)\n"
    )
    result = graded(course, source)
    assert (result.score, result.verdict) == (0, Verdict.FAILED), result.fault


def test_a_copy_bound_at_import_stays_the_students_own(course: Path) -> None:
    double = "def double(values):\n    return [v * v for v in values]\n"
    bound = "def quadruple(values, double=double):\n    return double(double(values))\n"
    assert graded(course, double + bound).score == 0
    other = f"twice = double\n{LATER.replace('double', 'twice')}"
    assert graded(course, double + other).score == 40


def lost(result: Result) -> set[str]:
    assert result.verdict is not Verdict.FAULT, result.fault
    return {q.name for q in result.questions if q.score < q.possible}


HEAD = "def pad1d(x, p, mode):\n"
PADS = {
    "misspelt": (("pad1d(", "pad_1d("),),
    "misspelt and empty": (
        (HEAD, f"{HEAD}    return None\n"),
        ("pad1d(", "pad_1d("),
    ),
    "in another order": (
        ("def pad1d(x, p, mode)", "def pad1d(mode, p, x)"),
        ("pad1d(row, wide - 1, boundary)", "pad1d(boundary, wide - 1, row)"),
        ("pad1d(column, tall - 1, boundary)", "pad1d(boundary, tall - 1, column)"),
    ),
    "with an index too far": ((HEAD, f"{HEAD}    [][1]\n"),),
    "without a return": ((HEAD, f"{HEAD}    return None\n"),),
    "that exits": ((HEAD, f"{HEAD}    raise SystemExit('unknown mode')\n"),),
    "that interrupts": ((HEAD, f"{HEAD}    raise KeyboardInterrupt\n"),),
    "not started": ((HEAD, f"{HEAD}    raise NotImplementedError\n"),),
}


@pytest.mark.parametrize("slip", PADS)
def test_a_slip_in_pad1d_costs_its_own_question_only(grader: Grader, slip: str) -> None:
    path = COURSE / "solutions/a1_conv1d/variants/match_and_generators.py"
    source = path.read_text(encoding="utf-8")
    for find, change in PADS[slip]:
        assert find in source
        source = source.replace(find, change)
    assert lost(grader.grade(job_of(COURSE, source, "a1_conv1d"))) == {"q3_pad1d"}
