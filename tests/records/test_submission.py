"""A submission is told from another by its files, names and all."""

import hashlib

import msgspec

from autograder.records.submission import Submission

SUBMISSION = Submission(
    key="s-1",
    lms_id="",
    student_name="Ada",
    roster_id="0012",
    attempt=1,
    submitted_at=None,
    files={"b.py": b"two", "a.py": b"one!"},
)


def of(**changes: object) -> Submission:
    return msgspec.structs.replace(SUBMISSION, **changes)


def test_the_hash_is_that_of_names_and_contents_each_with_its_length() -> None:
    parts = (b"a.py", b"one!", b"b.py", b"two")
    whole = b"".join(bytes(7) + bytes([len(part)]) + part for part in parts)
    assert SUBMISSION.content_hash == hashlib.sha256(whole).hexdigest()


def test_another_name_content_or_file_is_another_submission() -> None:
    others = [
        of(files={"a.py": b"one!"}),
        of(files={"c.py": b"two", "a.py": b"one!"}),
        of(files={"b.py": b"two", "a.py": b"one"}),
        of(files={}),
    ]
    assert len({SUBMISSION.content_hash, *(o.content_hash for o in others)}) == 5


def test_a_team_comes_before_a_student_and_a_student_before_a_key() -> None:
    assert of(shared_by="team").meets_inputs_of == "team"
    assert SUBMISSION.meets_inputs_of == "0012"
    assert of(roster_id=None).meets_inputs_of == "s-1"
