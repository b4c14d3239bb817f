"""The students' pages in one zip, named as the LMS takes feedback files back.

    Moodle       Zoë Doe_123_assignsubmission_file_a1_conv1d-feedback.html
    Canvas       doezoë_456_789_a1_conv1d-feedback.html
    Brightspace  10001-500001 - Zoë Doe - Oct 10, 2025 1022 AM/a1_conv1d-feedback.html

The names begin as those of the download do, so it is read once more. Sources: Moodle's
``mod/assign/feedback/file/importziplib.php``, ``generate_comments_from_files`` in
Canvas's ``abstract_assignment.rb``; for Brightspace its help pages.
"""

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.atomic import write_atomically
from autograder.errors import StaffError
from autograder.intake import Intake
from autograder.records.entries import Entry, is_of
from autograder.records.results import Verdict
from autograder.reports.student_report import file_name

LMS = ("moodle", "canvas", "brightspace")
# The earliest that a zip can have: the same pages give the same bytes.
LONG_AGO = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackZip:
    """What was packed.

    names : paths in the zip; left_out : who has no page in it, and why
    """

    path: Path
    names: tuple[str, ...]
    left_out: tuple[str, ...]


def write_feedback_zip(
    intake: Intake,
    entries: Iterable[Entry],
    *,
    assignment: str,
    pages: Path,
    out_path: Path,
) -> FeedbackZip:
    """Pack the pages of everybody in a download who has been graded.

    entries : the assignment's, as they stand
    pages : the folder with the students' pages, made of these
    Raises StaffError where the download is none of `LMS`'s, or nothing can be packed
    """
    if intake.source not in LMS:
        raise StaffError(
            "the download",
            f"is one of the layout {intake.source!r}",
            f"feedback files go back to {', '.join(LMS)}",
        )
    by_key = {entry.submission.key: entry for entry in entries}
    packed: dict[str, Path] = {}
    left_out = []
    for submission in intake.submissions:
        entry = by_key.get(submission.key)
        start = intake.taken_back[submission.key]
        page = pages / file_name(entry.submission if entry else submission)
        why = ""
        if entry is None:
            why = "is not graded yet"
        elif entry.result.verdict is Verdict.FAULT:
            why = f"could not be graded: {entry.result.fault}"
        elif not is_of(entry, submission):
            why = "handed in other files since they were graded: run autograder grade"
        elif not start:
            why = f"handed in nothing that {intake.source} takes a file back for"
        elif not page.is_file():
            why = f"has no page {page.name}: run autograder grade again"
        if why:
            who = submission.roster_id or "not on the roster"
            whose = f"{submission.student_name} ({who})"
            left_out.append(f"{whose}: {why}")
        else:
            # Members of a group share their files, and one page goes back for all.
            packed.setdefault(f"{start}{assignment}-feedback.html", page)
    left_out += [
        f"{submission.student_name} ({submission.roster_id or 'not on the roster'})"
        f": {why}"
        for submission, why in intake.held_back
    ]
    if not packed:
        raise StaffError(out_path, "would be empty", "grade the submissions first")
    write_atomically(out_path, _zipped(packed))
    return FeedbackZip(path=out_path, names=tuple(packed), left_out=tuple(left_out))


def _zipped(packed: dict[str, Path]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, page in sorted(packed.items()):
            member = zipfile.ZipInfo(name, LONG_AGO)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, page.read_bytes())
    return data.getvalue()
