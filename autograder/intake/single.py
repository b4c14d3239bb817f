"""Read what one student handed in, where the LMS hands over one hand-in at a time."""

from pathlib import Path

from autograder.errors import IntakeError
from autograder.intake.archive import ANY_NOTEBOOK, read_archive
from autograder.intake.choice import choose
from autograder.intake.layout import is_junk, is_wanted, soonest
from autograder.intake.notebooks import NotebookReader
from autograder.intake.shares import Sharing
from autograder.records.submission import Submission


def read_single(
    path: Path,
    *,
    file_name: str,
    student: str | None,
    notebooks: NotebookReader = ANY_NOTEBOOK,
) -> Submission:
    """Read the hand-in in a folder or zip.

    file_name : what the manifest asks students to hand in
    student : who it is for the LMS, or None where it does not say
    notebooks : reads the assignment's
    Raises IntakeError where it cannot be read, or a person must say which file is meant
    """
    sharing = Sharing(rank=lambda path: soonest(path, file_name), junk=is_junk)
    archive = read_archive(
        path, wanted=is_wanted, sharing=lambda _: sharing, notebooks=notebooks
    )
    choice = choose(archive.members, archive.refused, file_name)
    if choice.doubt:
        raise IntakeError(
            path, choice.doubt, f"hand in {file_name} again, and nothing else"
        )
    return Submission(
        key="submission",
        lms_id=student or "",
        student_name="",
        roster_id=student,
        attempt=1,
        submitted_at=None,
        files={} if choice.data is None else {file_name: choice.data},
        notices=choice.notices,
    )
