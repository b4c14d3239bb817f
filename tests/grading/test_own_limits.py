"""What grading one submission may cost the grader itself, held by the kernel."""

import gc
import itertools
import multiprocessing
import tomllib
from pathlib import Path

import numpy as np
import pytest

from autograder.grading import process_pool
from autograder.grading.grader import Grader, Job, grade_job
from autograder.grading.own_limits import MOST_MIB, limit_memory
from autograder.grading.process_pool import grade_all
from autograder.records.results import Result, Verdict
from conftest import Edit
from handed_in import handed_in

ATTACKS = Path(__file__).parents[1] / "attacks/grading"
RIGHT = (
    b"def double(values):\n    return [2 * v for v in values]\n"
    b"def quadruple(values):\n    return [4 * v for v in values]\n"
)
TIGHT_MIB = 1024
"""A quarter of what there is, for a course that needs no PyTorch."""
LARGE = {
    "value": "return np.ones(6_000_000)",
    "list": "return [0.25] * 1_500_000",
    "text": "return 'x' * 15_000_000",
    "dict": "return {str(n): 1.5 for n in range(200_000)}",
    "rows": "return [[0.5] * 1000] * 1000",
    "input": "values.resize(6_000_000, refcheck=False); return 2 * values[:5]",
    "exception": "raise ValueError('x' * 15_000_000)",
    "exception's arguments": "raise ValueError(*['x' * 1000] * 15_000)",
    "class": "return type('x' * 15_000_000, (), {})()",
    "exception's class": "raise type('x' * 1_000_000, (ValueError,), {})('!')",
    "warning": "import warnings; warnings.warn('x' * 15_000_000); return 1",
    "output": "print('x' * 15_000_000); return 1",
}
"""The largest answers that get through, by the place where they stand."""
AT_LOAD = {
    "names": "globals().update({f'doubl{n}': 1 for n in range(200_000)})",
    "exception at load": "raise ValueError('x' * 15_000_000)",
    "exit at load": "raise SystemExit('x' * 15_000_000)",
}
ASKED = {
    "question": "return double(np.ones(6_000_000))",
    "question's text": "return double('x' * 15_000_000)",
    "question by name": "return double(values=[0.25] * 1_500_000)",
}
"""By a function that builds on another: its stand-in hands them on."""
OF_ATTACKS = (
    "09_asks_with_sixty_mib",
    "09_brackets",
    "09_sixty_mib",
    "09_text_of_sixteen_mib",
    "38_memory_by_and_by",
    "38_many_values",
)


def written(body: str, *, load: str = "", asked: str = "") -> bytes:
    text = f"import numpy as np\n{load}\n\n\ndef double(values):\n    {body}\n"
    return (text + f"\n\ndef quadruple(values):\n    {asked or body}\n").encode()


def job(course: Path, key: str, source: bytes = RIGHT) -> Job:
    submission = handed_in("a0_scale.py", source, key)
    return Job(course=course, assignment="a0_scale", submission=submission, secret=b"s")


def asks_for(mib: int, limit: int) -> None:
    """Exit with 0 where there is so much memory under a limit, with 1 where not."""
    limit_memory(limit)
    try:
        np.ones(mib * 2**17)
    except MemoryError:
        raise SystemExit(1) from None


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="Linux counts so")
@pytest.mark.parametrize(("mib", "code"), [(200, 0), (600, 1)])
def test_memory_beyond_the_limit_is_a_memory_error(mib: int, code: int) -> None:
    child = multiprocessing.get_context("spawn").Process(
        target=asks_for, args=(mib, 500)
    )
    child.start()
    child.join()
    assert child.exitcode == code


@pytest.mark.sandbox
def test_a_grader_that_computes_for_ever_in_one_operation_is_ended_by_the_kernel(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process_pool, "grade_job", sums_for_ever_on_b)
    monkeypatch.setattr(process_pool, "MOST_SECONDS", 2.0)
    results = {s.key: r for s, r in grade_all([job(course, k) for k in "abc"], 1)}
    fault = results.pop("b")
    assert (fault.verdict, fault.score) == (Verdict.FAULT, None)
    assert fault.fault == (
        "the grader process died twice on it (it computed for more than 2 s)"
    )
    assert {key: r.score for key, r in results.items()} == {"a": 100, "c": 100}


def sums_for_ever_on_b(job: Job) -> Result:
    if job.submission.key == "b":
        sum(itertools.repeat(1))  # C, which no handler of Python's interrupts
    return grade_job(job)


@pytest.mark.sandbox
def test_an_answer_that_asks_for_more_memory_than_a_grader_has_is_its_authors_failure(
    course: Path, edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(
        "solutions/a0_scale/tests/q1_double.py",
        "close(double(x), reference.double(x))",
        "y = np.asarray(double(x))\n"
        "        close(np.outer(y, y)[:5, 0], 2 * y[0] * reference.double(x) / 2)",
    )
    edit(
        "solutions/a0_scale/tests/q1_double.py",
        "from checks import",
        "import numpy as np\nfrom checks import",
    )
    monkeypatch.setattr(process_pool, "MOST_MIB", TIGHT_MIB)
    large = RIGHT.replace(b"return [2 * v for v in values]", b"return [2.0] * 20_000")
    jobs = [job(course, "a"), job(course, "b", large), job(course, "c")]

    results = {s.key: r for s, r in grade_all(jobs, 1)}

    assert {key: r.score for key, r in results.items()} == {"a": 100, "b": 40, "c": 100}
    hidden = results["b"].questions[0].cases[1]
    assert hidden.kind.value == "memory"
    assert hidden.message == (
        "what came back takes far too much memory to be compared with anything"
    )


@pytest.mark.sandbox
def test_the_largest_answers_at_every_place_fit_into_a_quarter_of_the_memory(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert TIGHT_MIB * 4 == MOST_MIB
    monkeypatch.setattr(process_pool, "MOST_MIB", TIGHT_MIB)
    sources = {place: written(body) for place, body in LARGE.items()}
    sources |= {p: written("return 1", load=load) for p, load in AT_LOAD.items()}
    sources |= {p: written("return 1", asked=asked) for p, asked in ASKED.items()}
    for name in OF_ATTACKS:
        sources[name] = (ATTACKS / name / "submission.py").read_bytes()
        expected = (ATTACKS / name / "expected.toml").read_text(encoding="utf-8")
        assert "assignment" not in tomllib.loads(expected)
    jobs = [job(course, place, source) for place, source in sources.items()]
    results = {s.key: r for s, r in grade_all([*jobs, job(course, "honest")], 1)}
    assert results.pop("honest").score == 100
    assert {k: r.fault for k, r in results.items() if r.fault} == {}
    assert {k for k, r in results.items() if r.verdict is not Verdict.FAILED} == set()


@pytest.mark.sandbox
def test_a_grader_without_memory_costs_nobody_but_whom_it_had_in_hand(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process_pool, "grade_job", no_memory_on_b)
    results = {s.key: r for s, r in grade_all([job(course, k) for k in "abc"], 1)}
    assert results.pop("b").fault == (
        "the grader process died twice on it (its 4,096 MiB of memory were used up)"
    )
    assert {key: r.score for key, r in results.items()} == {"a": 100, "c": 100}


def no_memory_on_b(job: Job) -> Result:
    if job.submission.key == "b":
        np.ones(2**50, np.uint8)
    return grade_job(job)


@pytest.mark.sandbox
def test_a_grader_keeps_nothing_of_what_it_has_graded(course: Path) -> None:
    sources = (RIGHT, written("return values ** 2"), written("raise SystemExit"))
    objects = []
    with Grader() as grader:
        for number in range(18):
            # The same inputs: what ours answer to them is kept on purpose, in bounds.
            grader.grade(job(course, f"s-{number % 3}", sources[number % 3]))
            gc.collect()
            objects.append(len(gc.get_objects()))
    # What the first ones have made is for all: modules, compiled patterns, decoders.
    # What is made once more is no leak: it is there whenever it is graded again.
    more = [
        after - before
        for before, after in zip(objects[8:-3], objects[11:], strict=True)
    ]
    assert sorted(more)[len(more) // 2] <= 0, objects
