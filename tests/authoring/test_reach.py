"""What an edit reaches is read from the source, and holds for what really runs."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType, ModuleType

import msgspec
import pytest
from checks import collected_notes, collected_offers

import autograder
from autograder.authoring.reach import reached, reached_questions
from autograder.course.assignment import load
from autograder.grading.grader import Grader, Job
from autograder.grading.grading_run import run_case
from autograder.records.results import QuestionResult
from handed_in import handed_in

COURSE = Path(autograder.__file__).parents[1]
SOURCE = """
import math

SIZE = 3
START, END = 0, 9


def area(n):
    return n * SIZE


def volume(n):
    return area(n) * n


class Box:
    def weight(self):
        return self.volume(2) * math.pi

    def volume(self, n):
        return n


def alone():
    return END
"""


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ("n * SIZE", "n + SIZE", {"area", "volume", "Box"}),
        ("SIZE = 3", "SIZE = 4", {"SIZE", "area", "volume", "Box"}),
        ("area(n) * n", "area(n)", {"volume", "Box"}),
        ("math.pi", "math.e", {"Box"}),
        ("return END", "return 1", {"alone"}),
        ("def alone", "@staticmethod\ndef alone", {"alone"}),
        ("def alone", "def another", {"alone", "another"}),
        ("return END", "return END  # that is all", set()),
        ("return END", "return END", set()),
    ],
)
def test_an_edit_reaches_whoever_mentions_it(
    old: str, new: str, names: set[str]
) -> None:
    assert SOURCE.count(old) == 1
    assert reached(SOURCE, SOURCE.replace(old, new)) == names


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("import math", "from numpy import math"),
        ("START, END = 0, 9", "START, END = 9, 0"),
        ("SIZE = 3", "SIZE = 3\nSIZE += 1"),
    ],
)
def test_what_is_no_plain_definition_reaches_everything(old: str, new: str) -> None:
    everything = {"SIZE", "area", "volume", "Box", "alone"}
    assert reached(SOURCE, SOURCE.replace(old, new)) == everything


def test_a_statement_that_mentions_what_was_edited_reaches_everything() -> None:
    source = "def f(): return 1\ndef g(): return 2\nfor size in (f(), 2): print(size)\n"
    assert reached(source, source.replace("return 1", "return 3")) == {"f", "g"}
    assert reached(source, source.replace("return 2", "return 3")) == {"g"}


@pytest.mark.parametrize(
    "calls",
    [
        "module.f()",
        "globals()['g' + 'f'[1:]]()",
        "getattr(sys.modules[__name__], '_f'[1:])()",
        "table['f']()",
    ],
)
def test_a_name_in_disguise_counts(calls: str) -> None:
    source = (
        f"def f(): return 1\ndef g(): return {calls}\ndef h(): return model.eval()\n"
    )
    assert reached(source, source.replace("return 1", "return 3")) == {"f", "g"}


def traced(module: ModuleType, run: Callable[[], None]) -> set[CodeType]:
    """Return the code of the module that runs."""
    ran: set[CodeType] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_globals is vars(module):
            ran.add(frame.f_code)

    sys.setprofile(note)
    try:
        run()
    finally:
        sys.setprofile(None)
    return ran


@pytest.mark.parametrize("name", ["a1_conv1d", "a2_shapes", "a3_layers"])
def test_a_question_runs_nothing_that_an_edit_could_change_unseen(name: str) -> None:
    assignment = load(COURSE, name)
    reference = assignment.reference
    source = assignment.reference_source
    expert = load(
        COURSE, name
    ).reference  # what hidden cases compare with is not traced
    for question in assignment.manifest.question:
        own = {
            function: getattr(reference, function)
            for function in (*question.functions, *question.builds_on)
        }

        def run(question: str = question.name, own: dict[str, object] = own) -> None:
            with collected_notes(), collected_offers():
                for case in assignment.cases[question]:
                    run_case(assignment, case, own, expert, seed=7)

        for code in traced(reference, run):
            if code.co_name == "<module>":
                continue
            function = code.co_qualname.partition(".")[0]
            head = f"def {function}("
            assert source.count(head) == 1
            edited = source.replace(head, f"{head}*, _edited=None, ", 1)
            assert question.name in reached_questions(assignment, edited), function


@pytest.mark.sandbox
def test_a_question_that_is_not_reached_comes_out_as_the_references(
    course: Path,
) -> None:
    assignment = load(course, "a0_scale")
    squared, doubled = assignment.misconceptions
    assert reached_questions(assignment, assignment.edited(doubled)) == {"q2_quadruple"}
    assert reached_questions(assignment, assignment.edited(squared)) == {
        "q1_double",
        "q2_quadruple",
    }
    with Grader() as grader:
        whole, cut = (
            grader.grade(_job(course, assignment.edited(doubled), only))
            for only in (None, frozenset({"q2_quadruple"}))
        )
        right = grader.grade(_job(course, assignment.reference_source, None))
    assert [_plain(q) for q in cut.questions] == [_plain(whole.questions[1])]
    assert _plain(whole.questions[0]) == _plain(right.questions[0])


def _job(course: Path, source: str, only: frozenset[str] | None) -> Job:
    return Job(
        course=course,
        assignment="a0_scale",
        submission=handed_in("a0_scale.py", source),
        secret=b"s",
        only=only,
    )


def _plain(question: QuestionResult) -> QuestionResult:
    """Leave out what no two runs have in common: the time."""
    cases = tuple(
        msgspec.structs.replace(case, wall_seconds=0.0, cpu_seconds=0.0)
        for case in question.cases
    )
    return msgspec.structs.replace(question, cases=cases)
