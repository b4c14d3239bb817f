"""Every place that may end a grading as our fault, and why no submission gets there.

A fault leaves a cell blank: who could have one at will could put a bad mark off for
ever. So each place is listed with what a submission has tried there (folders of
``attacks/grading``), or why it runs before any submission is looked at. A place that is
added fails here until it has been thought about.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import autograder

PACKAGE = Path(autograder.__file__).parent
ATTACKS = Path(__file__).parents[1] / "attacks/grading"
FAULTS = {"GraderFault", "AuthoringError", "StaffError", "fault_result"}
TALKS = ("session", "asking", "budget", "stopwatch", "process", "reply_size")
"""The sandbox's modules that are at work once a submission is there; what starts
workers has seen none."""

TRIED: dict[str, tuple[str, ...]] = {
    # The case's own code broke: only where it breaks for the reference as well.
    "grading/ask.py:_broken_test": (
        "05_ragged",
        "05_dict",
        "36_int_and_float",
        "36_long_int",
        "20_numpy_warnings",
        "45_spectrum_without_end",
    ),
    # A right function that can't be found or loaded; of what it is asked nothing else.
    "grading/follow.py:_ask": (
        "09_asks_for_a_name",
        "09_asks_by_odd_names",
        "09_asks_with_sixty_mib",
        "09_asks_with_a_long_int",
        "38_asks_for_terabytes",
    ),
    # A test's own argument that is no plain value: what came back is one.
    "sandbox/session.py:_call_of": ("09_sixty_mib", "09_name_for_a_value"),
    # Nobody can tell whether it would have ended: only if the machine had other work.
    "sandbox/budget.py:check": (
        "21_waits_as_for_a_disk",
        "21_crowd_that_queues",
        "21_waits_between_questions",
        "09_every_alias",
    ),
    # A grader that died twice, and whatever else escapes from it.
    "grading/process_pool.py:graded_together": (
        "38_memory_by_and_by",
        "38_keys_by_and_by",
        "38_one_array_often",
        "38_no_element",
        "38_many_values",
    ),
    "grading/process_pool.py:_result_of": (
        "36_largest_complex",
        "36_everything_is_inf",
        "09_changed_to_text",
        "37_base_exception",
    ),
}
OURS = {
    # A cluster's machines: what a submission does to its grader there is as above, and
    # tests/faults/test_cluster.py kills graders and machines.
    "grading/cluster.py:_connected": "before any submission is read",
    "grading/cluster.py:_refuse_where_nobody_grades": "a run is left as interrupted",
    "grading/cluster.py:_take": "what else escapes from a grader: see _result_of",
    "grading/cluster.py:_try_again": "graders or machines died: see graded_together",
    "grading/cluster_machine.py:_try_out": "before any submission is read",
    # The kind of a picture stands in the test.
    "grading/pictures.py:_picture_of": "no value of a submission names its kind",
    # The process that workers are forked from is out of their reach.
    "sandbox/session.py:_death": "a worker is lost with the process it was forked from",
}


def places() -> Iterator[str]:
    """Yield module and function of everything that makes a fault."""
    paths = [*PACKAGE.glob("grading/*.py"), *PACKAGE.glob("worker/*.py")]
    paths += [PACKAGE / f"sandbox/{name}.py" for name in TALKS]
    for path in sorted(paths):
        module = path.relative_to(PACKAGE).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and FAULTS.intersection(_calls(node)):
                yield f"{module}:{node.name}"


def _calls(function: ast.FunctionDef) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id


def test_every_place_that_may_end_in_a_fault_has_been_thought_about() -> None:
    assert set(places()) == {*TRIED, *OURS}


@pytest.mark.parametrize("place", TRIED)
def test_what_was_tried_there_is_an_attack_with_a_verdict(place: str) -> None:
    assert [n for n in TRIED[place] if not (ATTACKS / n).is_dir()] == []
