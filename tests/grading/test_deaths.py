"""A submission that ends its worker wherever it can: so many workers, and no more.

Each one is started anew, which is all that such a submission costs the others. With two
busy cores the whole of it takes some seconds, not a limit after a limit.
"""

from pathlib import Path

import pytest

import autograder
from autograder.course.assignment import load
from autograder.grading.grader import Grader, Job
from autograder.records.results import Verdict
from autograder.sandbox.budget import MOST_DEATHS
from autograder.sandbox.prestart import WarmStarter
from autograder.sandbox.process import Worker
from handed_in import handed_in

COURSE = Path(autograder.__file__).parents[1]
ENDS = {
    "leaves": "os._exit(0)",
    "is killed": "os.kill(os.getpid(), signal.SIGKILL)",
    "breaks its channel": "[os.write(number, b'x' * 9) for number in range(3, 9)]",
}

pytestmark = pytest.mark.sandbox


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("a1_conv1d", "leaves"),
        ("a1_conv1d", "is killed"),
        ("a2_shapes", "leaves"),
        ("a3_layers", "breaks its channel"),
        pytest.param("a4_cnn", "leaves", marks=[pytest.mark.torch, pytest.mark.slow]),
        pytest.param(
            "a5_resnet", "leaves", marks=[pytest.mark.torch, pytest.mark.slow]
        ),
    ],
)
def test_whoever_ends_every_worker_gets_a_hundred(
    name: str, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assignment = load(COURSE, name)
    functions = [f for q in assignment.manifest.question for f in q.functions]
    source = "import os\nimport signal\nfrom contextlib import suppress\n"
    for function in functions:
        source += f"\n\ndef {function}(*_, **__):\n    with suppress(OSError):\n"
        source += f"        {ENDS[end]}\n"
    taken: list[Worker] = []
    take = WarmStarter.take

    def counted(starter: WarmStarter) -> Worker:
        taken.append(take(starter))
        return taken[-1]

    monkeypatch.setattr(WarmStarter, "take", counted)
    submission = handed_in(assignment.manifest.file, source)
    job = Job(course=COURSE, assignment=name, submission=submission, secret=b"s")
    with Grader() as grader:
        result = grader.grade(job)

    assert (result.verdict, result.score) == (Verdict.FAILED, 0.0), result.fault
    assert len(taken) <= MOST_DEATHS
