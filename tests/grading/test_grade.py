"""Grading through a real sandbox: verdicts, diagnosis, errors carried forward."""

from pathlib import Path

import msgspec
import pytest

from autograder.grading import ask
from autograder.grading.grader import Grader, Job
from autograder.records.pictures import LeftOut, Picture, Training
from autograder.records.results import CaseResult, QuestionResult, Result, Verdict
from autograder.records.submission import Submission
from conftest import Edit

pytestmark = pytest.mark.sandbox

RIGHT = "def double(values):\n    return [2 * v for v in values]\n"
RIGHT_FOUR = "def quadruple(values):\n    return [4 * v for v in values]\n"


def submission(source: str | None, name: str = "a0_scale.py") -> Submission:
    return Submission(
        key="s1-1",
        lms_id="",
        student_name="Zoë Doe",
        roster_id="0012",
        attempt=1,
        submitted_at=None,
        files={} if source is None else {name: source.encode()},
    )


def graded(course: Path, source: str | None, **options: float) -> Result:
    job = Job(
        course=course,
        assignment="a0_scale",
        submission=submission(source),
        secret=b"s" * 32,
        seconds_per_case=options.get("seconds_per_case"),
    )
    with Grader() as grader:
        return grader.grade(job)


def replay(course: Path, roster_id: str, shared_by: str) -> str:
    """Return the line that draws a failed case's input again: the seed is in it."""
    given = msgspec.structs.replace(
        submission("def double(values):\n    return 0\n"),
        roster_id=roster_id,
        shared_by=shared_by,
    )
    job = Job(course=course, assignment="a0_scale", submission=given, secret=b"s" * 32)
    with Grader() as grader:
        return first(grader.grade(job)).replay


def test_those_who_handed_in_together_meet_the_same_inputs(course: Path) -> None:
    assert replay(course, "0012", "team") == replay(course, "0034", "team") != ""
    assert replay(course, "0012", "") != replay(course, "0034", "")


def question(result: Result, name: str) -> QuestionResult:
    return next(q for q in result.questions if q.name == name)


def kinds(result: Result) -> set[str]:
    return {c.kind for q in result.questions for c in q.cases}


def first(result: Result) -> CaseResult:
    return result.questions[0].cases[0]


def test_a_right_answer_gets_full_marks(course: Path) -> None:
    result = graded(course, RIGHT + RIGHT_FOUR)
    assert (result.score, result.verdict) == (100, Verdict.PASSED)
    assert "bubblewrap" in result.isolation


def test_a_wrong_answer_is_named_and_shown(course: Path) -> None:
    source = "def double(values):\n    return [v * v for v in values]\n" + RIGHT_FOUR
    result = graded(course, source)
    wrong = question(result, "q1_double")
    assert (result.score, wrong.score) == (40, 0)
    assert [d.name for d in wrong.diagnoses] == ["squared"]
    public, hidden = wrong.cases
    assert "double([1, 2])" in public.message
    assert "expected 2, got 1" in public.message
    assert public.comparison is not None
    assert public.comparison.actual == (1.0, 4.0)
    assert "--seed " in public.replay
    assert hidden.message == "the shape is right, values differ"
    assert (hidden.replay, hidden.comparison) == ("", None)


def test_a_result_has_the_time_and_the_memory_that_it_took(course: Path) -> None:
    source = f"import numpy as np\nkept = np.ones(100 * 2**17)\n{RIGHT}{RIGHT_FOUR}"
    result = graded(course, source)
    assert result.wall_seconds > 0
    assert result.peak_memory_mib is not None
    assert result.peak_memory_mib > 100
    assert graded(course, None).peak_memory_mib is None


def test_one_mistake_costs_once(course: Path) -> None:
    source = (
        "def double(values):\n    return [v * v for v in values]\n"
        "def quadruple(values):\n    return double(double(values))\n"
    )
    result = graded(course, source)
    four = question(result, "q2_quadruple")
    assert (result.score, four.score) == (40, 40)
    assert {c.kind for c in four.cases} == {"carried"}
    assert four.cases[0].carried_from == "double"
    told = "counted with a working `double` in the place of yours"
    assert four.cases[0].message == told


def test_an_empty_helper_carries_nothing(course: Path) -> None:
    source = (
        "def double(values):\n    return [0 for v in values]\n"
        "def quadruple(values):\n    return [0 for v in values]\n"
    )
    assert graded(course, source).score == 0


def test_a_missing_function_costs_its_question_only(course: Path) -> None:
    result = graded(course, RIGHT)
    assert result.score == 60
    assert "quadruple" in question(result, "q2_quadruple").cases[0].message
    assert {c.kind for c in result.questions[1].cases} == {"missing"}


def test_an_endless_loop_costs_its_question_only(course: Path) -> None:
    source = "def double(values):\n    while True:\n        pass\n" + RIGHT_FOUR
    result = graded(course, source, seconds_per_case=0.5)
    assert result.score == 40
    assert first(result).kind == "timeout"


def test_after_two_time_outs_a_question_is_not_waited_for(
    course: Path, edit: Edit
) -> None:
    more = "".join(
        f"\n\n@test_case(name='more {i}', points=0)\ndef test_{i}(double):\n"
        "    close(double([1]), [2])\n"
        for i in range(2)
    )
    edit("assignments/a0_scale/tests/q1_double.py", "[2, 4])\n", f"[2, 4])\n{more}")
    source = "def double(values):\n    while True:\n        pass\n"
    cases = graded(course, source, seconds_per_case=0.3).questions[0].cases
    assert {c.kind for c in cases} == {"timeout"}
    assert "endless loop?" in cases[1].message
    assert [c.message.split(":")[0] for c in cases[2:]] == ["not run", "not run"]


def test_a_syntax_error_is_told_with_its_line(course: Path) -> None:
    result = graded(course, "def double(values):\n    return 2 *\n")
    assert result.score == 0
    assert kinds(result) == {"load"}
    assert "line 2" in first(result).message
    assert "double(" not in first(result).message
    assert first(result).replay == ""


def test_the_text_of_an_error_stays_out_of_hidden_cases(course: Path) -> None:
    source = "def double(values):\n    raise ValueError(f'leak {list(values)}')\n"
    public, hidden = graded(course, source).questions[0].cases
    assert "leak [1, 2]" in public.message
    assert "leak [" not in hidden.message
    assert "ValueError" in hidden.message


def test_changing_the_input_costs_marks(course: Path) -> None:
    source = (
        "def double(values):\n    import numpy as np\n    out = np.asarray(values)\n"
        "    out *= 2\n    return out\n"
    )
    cases = graded(course, source).questions[0].cases
    assert [c.kind for c in cases] == ["passed", "input_changed"]


def test_a_view_into_the_input_passes_with_a_remark(course: Path) -> None:
    for folder in ("assignments", "solutions"):
        name = f"{folder}/a0_scale/tests/q1_double.py"
        text = (course / name).read_text(encoding="utf-8")
        text = text.replace("[1, 2]", "np.zeros(2)").replace("[2, 4]", "[0, 0]")
        text = text.replace("x = case_rng().normal(size=5)", "x = np.zeros(3)")
        (course / name).write_text("import numpy as np\n" + text, encoding="utf-8")
    case = first(graded(course, "def double(values):\n    return values[:]\n"))
    assert case.verdict is Verdict.PASSED
    assert "double returns shares memory with its input" in case.message


def test_a_probe_runs_beside_the_students_function_and_leaves_a_note(
    course: Path, edit: Edit
) -> None:
    name = "solutions/a0_scale/tests/q1_double.py"
    speed = (
        "\n\n@test_case(name='speed', points=0, hidden=True)\n"
        "def test_speed(double, reference):\n"
        "    x, w, b = np.ones((1, 1, 9, 9)), np.ones((1, 1, 3, 3)), np.ones(1)\n"
        "    note(f'ratio {speed_ratio(double, x, w, b) > 0}')\n"
        "    note(f'ours {speed_ratio(lambda *a: 2 * a[0], x, w, b) > 0}')\n"
    )
    edit(name, "reference.double(x))\n", "reference.double(x))\n" + speed)
    imports = "from checks.yardstick import speed_ratio\nfrom checks import note\n"
    edit(name, "from checks", f"import numpy as np\n{imports}from checks")
    one = "def double(values, *_):\n    return [2 * v for v in values]\n"
    cases = graded(course, one).questions[0].cases
    assert cases[2].message == "ratio True\nours True"
    missing = graded(course, RIGHT_FOUR).questions[0].cases
    assert missing[2].kind == "missing"


def test_no_file_is_no_fault_and_no_marks(course: Path) -> None:
    result = graded(course, None)
    assert (result.score, result.verdict) == (0, Verdict.FAILED)
    assert "there is no a0_scale.py" in first(result).message


def test_a_broken_test_is_our_fault_and_no_zero(course: Path, edit: Edit) -> None:
    edit(
        "assignments/a0_scale/tests/q1_double.py",
        "    close(double([1, 2]), [2, 4])",
        "    close(double([1, 2]), [2, 4])\n    len(None)",
    )
    result = graded(course, RIGHT + RIGHT_FOUR)
    assert (result.score, result.verdict) == (None, Verdict.FAULT)
    assert "q1_double.py:11: the test itself broke: TypeError" in result.fault


def test_a_test_that_exits_is_our_fault(course: Path, edit: Edit) -> None:
    edit(
        "assignments/a0_scale/tests/q1_double.py",
        "    close(double([1, 2]), [2, 4])",
        "    raise SystemExit(0)",
    )
    assert graded(course, RIGHT).verdict is Verdict.FAULT


def test_a_call_under_review_is_flagged_and_keeps_its_marks(course: Path) -> None:
    source = (
        "import numpy as np\n"
        "def double(values):\n    return np.add(values, values)\n" + RIGHT_FOUR
    )
    result = graded(course, source)
    assert result.score == 100
    assert result.flags == ("Twice: calls numpy.add",)


def test_a_regrade_draws_the_same_inputs(course: Path) -> None:
    source = "def double(values):\n    return [v * v for v in values]\n"
    one, two = (first(graded(course, source)).replay for _ in range(2))
    assert one == two


@pytest.fixture
def pictured(course: Path, edit: Edit) -> Path:
    """A course whose first hidden case offers a picture of double([3, 4])."""
    test = "solutions/a0_scale/tests/q1_double.py"
    edit(test, "close, unchanged", "close, show, unchanged")
    edit(
        test,
        "    x = case_rng()",
        """    show(
        "training",
        lambda: {
            "losses": double([3, 4]), "accuracy": 0.5, "reference": [[0.6, 1, 2]]
        },
    )
    x = case_rng()""",
    )
    return course


def pictures(result: Result) -> tuple[Picture, ...]:
    return question(result, "q1_double").cases[1].pictures


def test_a_case_keeps_the_pictures_that_its_test_offers(pictured: Path) -> None:
    result = graded(pictured, RIGHT + RIGHT_FOUR)
    assert result.score == 100
    assert pictures(result) == (
        Training(losses=(6.0, 8.0), accuracy=0.5, reference=((0.6, 1.0, 2.0),)),
    )
    others = [c for q in result.questions for c in q.cases if c.name != "random values"]
    assert all(case.pictures == () for case in others)


def test_a_wrong_answer_has_its_picture_too(pictured: Path) -> None:
    source = "def double(values):\n    return [v * v for v in values]\n" + RIGHT_FOUR
    result = graded(pictured, source)
    assert question(result, "q1_double").score == 0
    (picture,) = pictures(result)
    assert isinstance(picture, Training)
    assert picture.losses == (9.0, 16.0)


@pytest.mark.parametrize(
    ("does", "told"),
    [
        ("while True: pass", "takes longer than the 0.5 s"),
        ("import os; os._exit(0)", "ended the program"),
        ("return [float('nan')] * 2", "the losses have nan or inf in them"),
        ("return 'ink'", "the losses are no real numbers"),
        ("return [1.0] * 9", "there is not one loss for every epoch"),
        ("return None", "the losses are no real numbers"),
        ("raise ValueError('no')", "ValueError"),
    ],
)
def test_what_breaks_a_picture_costs_no_mark_and_is_no_fault(
    pictured: Path, does: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ask, "SECONDS", 0.5)
    only_then = f"def double(values):\n    if list(values) == [3, 4]:\n        {does}\n"
    source = only_then + "    return [2 * v for v in values]\n" + RIGHT_FOUR
    result = graded(pictured, source)
    assert (result.score, result.verdict, result.fault) == (100, Verdict.PASSED, "")
    (picture,) = pictures(result)
    assert isinstance(picture, LeftOut)
    assert told in picture.why


def test_a_proof_that_stops_at_the_first_loss_makes_no_picture(pictured: Path) -> None:
    job = Job(
        course=pictured,
        assignment="a0_scale",
        submission=submission(RIGHT + RIGHT_FOUR),
        secret=b"s" * 32,
        stop_when_lost=True,
    )
    with Grader() as grader:
        result = grader.grade(job)
    assert (result.score, pictures(result)) == (100, ())


def test_a_picture_of_no_known_kind_is_our_fault(pictured: Path, edit: Edit) -> None:
    edit("solutions/a0_scale/tests/q1_double.py", '"training"', '"sunset"')
    result = graded(pictured, RIGHT + RIGHT_FOUR)
    assert (result.score, result.verdict) == (None, Verdict.FAULT)
    assert (
        "q1_double.py:12: the test itself broke: no picture is called" in result.fault
    )


def test_parameters_in_another_order_are_named_and_nothing_else_is() -> None:
    source = "def relu_backward(x, dout):\n    return dout * (x > 0)\n"
    given = submission(source, "a3_layers.py")
    job = Job(
        course=Path(__file__).parents[2],
        assignment="a3_layers",
        submission=given,
        secret=b"s" * 32,
        only=frozenset({"q7_relu_backward"}),
    )
    with Grader() as grader:
        result = grader.grade(job)
    (question,) = [q for q in result.questions if q.name == "q7_relu_backward"]
    (diagnosis,) = question.diagnoses
    assert diagnosis.message == (
        "Your `relu_backward` takes (x, dout), but it is called with (dout, x), in "
        "this order."
    )
    lost = [case for case in question.cases if case.verdict is Verdict.FAILED]
    assert all(case.misconceptions == (diagnosis.name,) for case in lost)


def test_a_def_that_something_turns_round_is_not_blamed_for_its_order() -> None:
    source = (
        "def turned(function):\n    return lambda dout, x: function(x, dout)\n\n\n"
        "@turned\ndef relu_backward(x, dout):\n    return dout * (x >= 0)\n"
    )
    job = Job(
        course=Path(__file__).parents[2],
        assignment="a3_layers",
        submission=submission(source, "a3_layers.py"),
        secret=b"s" * 32,
        only=frozenset({"q7_relu_backward"}),
    )
    with Grader() as grader:
        result = grader.grade(job)
    (question,) = [q for q in result.questions if q.name == "q7_relu_backward"]
    assert 0 < question.score < question.possible
    assert all("in this order" not in d.message for d in question.diagnoses)
