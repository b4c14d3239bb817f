"""What the ledger has on a submission: of whose files, or why there is none."""

from datetime import UTC, datetime

import msgspec
import pytest

from autograder.records.dependencies import CourseInputs, Inputs
from autograder.records.entries import (
    NEVER,
    Entry,
    Run,
    answers,
    is_of,
    not_graded_yet,
    open_entry,
)
from autograder.records.hand_ins import hand_in
from autograder.records.results import Verdict
from gradebook_class import graded

WORK, RESULT = graded("0300", 5.0)
FILES = msgspec.structs.replace(WORK, files={"a0.py": b"x = 1"}, notices=("odd",))
COURSE = CourseInputs(shared={}, questions={})


@pytest.mark.parametrize(
    ("hashed", "run", "given_to", "is_answer"),
    [
        ("same", 0, 0, True),
        ("same", 1, 3, True),  # what stands is not graded anew
        ("other", 3, 3, True),
        ("other", 4, 3, True),
        ("other", 2, 3, False),
        ("other", 0, 0, False),  # older versions numbered neither
        ("other", 3, 0, False),
    ],
)
def test_a_result_answers_a_hand_in_of_its_inputs_or_of_its_run_and_before(
    hashed: str, run: int, given_to: int, *, is_answer: bool
) -> None:
    one = msgspec.structs.replace(hand_in(WORK, "same"), run=given_to)
    assert answers(Entry(WORK, RESULT, hashed, run), one) is is_answer


def test_a_result_is_of_the_files_that_its_hash_was_made_of() -> None:
    inputs = Inputs(submission={"the files": FILES.content_hash}, course=COURSE)
    entry = Entry(FILES, RESULT, "hash", inputs=inputs)
    assert is_of(entry, FILES)
    assert not is_of(entry, msgspec.structs.replace(FILES, files={"a0.py": b"x = 2"}))
    assert is_of(Entry(FILES, RESULT, "hash"), WORK)  # nobody knows


def test_what_has_no_result_yet_says_why_and_keeps_what_was_noticed() -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    run = Run(
        number=3,
        command="grade",
        assignment="a0",
        reason="",
        started_at=now,
        finished_at=None,
        results=0,
        faults=0,
    )
    interrupted = not_graded_yet(run)
    assert "(run 3 was interrupted: run grade again)" in interrupted
    for other in (None, msgspec.structs.replace(run, finished_at=now)):
        assert not_graded_yet(other).endswith("not graded yet (run autograder grade)")
    one = msgspec.structs.replace(hand_in(FILES, "hash"), run=3)
    entry = open_entry("a0", one, interrupted)
    assert (entry.run, entry.inputs_hash) == (3, "")
    assert (entry.result.verdict, entry.result.score) == (Verdict.FAULT, None)
    assert (entry.result.fault, entry.result.graded_at) == (interrupted, NEVER)
    assert entry.result.notices == ("odd",)
    assert entry.submission.files == {}
