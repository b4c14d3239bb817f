"""A submission as intake hands it on, with nothing about it but its file."""

from autograder.records.submission import Submission


def handed_in(file: str, source: str | bytes, key: str = "s") -> Submission:
    data = source if isinstance(source, bytes) else source.encode()
    return Submission(
        key=key,
        lms_id="",
        student_name=key,
        roster_id=None,
        attempt=1,
        submitted_at=None,
        files={file: data},
    )
