"""Write a class's gradebook file, and the zip of its pages."""

from dataclasses import dataclass
from pathlib import Path

from autograder.course import assignment as assignments
from autograder.errors import StaffError
from autograder.gradebook import FORMATS, ExportReport
from autograder.gradebook import export as write_gradebook
from autograder.gradebook.sheet import Expressed
from autograder.intake.roster import read_roster
from autograder.marks.class_marks import Entries
from autograder.marks.rules import Asked, Standing
from autograder.records.ledger import open_ledger
from autograder.reports.feedback_zip import FeedbackZip, write_feedback_zip
from autograder.reports.pages import write_pages
from autograder.runs.class_marks import marks_of_class
from autograder.runs.download import read_download, with_former_owners


@dataclass(frozen=True, kw_only=True)
class ExportRequest:
    """What ``autograder export`` was asked to do."""

    course: Path
    assignment: str
    lms: str
    roster_path: Path
    item: str | None
    asked: Asked
    dry_run: bool
    out: Path
    expressed: Expressed = Expressed.POINTS
    with_comments: bool = False
    decimal_comma: bool = False
    scale: bool = False
    item_points: float | None = None


def export_gradebook(order: ExportRequest) -> ExportReport:
    """Write the gradebook of the ledger's results, or only say what it would be."""
    item_is = FORMATS[order.lms].item_is
    if item_is and not order.item:
        raise StaffError("--item", f"{order.lms} wants {item_is}", "give it")
    marks = marks_of_class(
        order.course, order.assignment, order.roster_path, order.out, order.asked
    )
    return write_gradebook(
        order.lms,
        marks.roster,
        marks.entries,
        item_title=order.item or marks.title,
        possible=marks.possible,
        out_path=order.out / f"{order.assignment}-{order.lms}.csv",
        dry_run=order.dry_run,
        expressed=order.expressed,
        with_comments=order.with_comments,
        decimal_comma=order.decimal_comma,
        scale=order.scale,
        item_points=order.item_points,
    )


def export_feedback(
    course: Path,
    name: str,
    submissions: Path,
    roster_path: Path,
    out: Path,
    asked: Asked,
) -> tuple[FeedbackZip, Entries]:
    """Pack the students' pages as the LMS that the download is from takes them back.

    The pages are made anew, of the marks that are returned too: the gradebook's.
    """
    assignment = assignments.load(course, name)
    standing = Standing(course, read_roster(roster_path), asked)
    standing.check(name)
    intake = read_download(submissions, assignment, standing)
    with open_ledger(out) as ledger:
        entries = ledger.entries(name)
        owners = ledger.owners(name)
    intake = with_former_owners(intake, owners, standing.roster)
    marks = standing.marks_of(name, entries)
    pages = write_pages(out, assignment, standing, entries, marks)
    made = write_feedback_zip(
        intake,
        entries,
        assignment=name,
        pages=pages,
        out_path=out / f"{name}-feedback.zip",
    )
    return made, marks
