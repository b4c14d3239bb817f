"""The class report: one page for staff, written beside the students' pages.

Everything in it comes from the ledger and the roster: nothing is graded here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from markupsafe import Markup

from autograder.atomic import write_atomically
from autograder.course import assignment as assignments
from autograder.intake.roster import read_roster
from autograder.marks.rules import Asked, Standing
from autograder.records.entries import Entry
from autograder.records.ledger import open_ledger
from autograder.records.profile import WHAT, RunProfile, profile_path, read_profile
from autograder.reports import html, student_report
from autograder.reports.class_view import ClassView, CostLine, view_of
from autograder.reports.pages import write_pages
from autograder.reports.student_overview import write_overviews


@dataclass(frozen=True, kw_only=True)
class ReportRequest:
    """What ``autograder report`` was asked to do.

    out : the run's folder, with its ledger
    asked : by which rules marks are wanted
    now : work that is missing counts from its deadline on
    handouts : address of the students' template, or ""; see `student_overview`
    """

    course: Path
    assignment: str
    roster_path: Path
    out: Path
    asked: Asked
    now: datetime
    handouts: str = ""


@dataclass(frozen=True, kw_only=True)
class Reports:
    """What was written, and what the class report tells.

    overviews : the folder of the students' overviews, None where there are none yet
    """

    path: Path
    view: ClassView
    overviews: Path | None


def write_reports(order: ReportRequest) -> Reports:
    """Write ``OUT/ASSIGNMENT-class.html``, and the students' overviews.

    Raises StaffError where there is no ledger, a page cannot be written, or what
    should be a profile is none
    """
    assignment = assignments.load(order.course, order.assignment)
    roster = read_roster(order.roster_path)
    with open_ledger(order.out) as ledger:
        results = ledger.entries(assignment.name)
        standing = Standing(order.course, roster, order.asked)
        entries = standing.marks_of(assignment.name, results)
        write_pages(order.out, assignment, standing, results, entries)
        overviews = write_overviews(
            order.out, ledger, standing, now=order.now, handouts=order.handouts
        )

    def link(entry: Entry) -> str:
        path = student_report.feedback_folder(order.out, assignment.name)
        path /= student_report.file_name(entry.submission)
        return path.relative_to(order.out).as_posix() if path.is_file() else ""

    view = view_of(assignment, entries, results, link=link)
    moments = [entry.result.graded_at for entry in results]
    profile = read_profile(profile_path(order.out, assignment.name))
    written = render(view, newest=max(moments, default=None), profile=profile)
    path = order.out / f"{assignment.name}-class.html"
    write_atomically(path, written.encode())
    return Reports(path=path, view=view, overviews=overviews)


def render(
    view: ClassView, *, newest: datetime | None, profile: RunProfile | None = None
) -> str:
    """Return the page; the same arguments give the same bytes.

    newest : when the newest of the results was made
    profile : where the time of a run went, of one that was asked for it
    """
    return html.render(
        "class.html",
        view=view,
        distribution=_distribution(view),
        costs=_costs(view.costs),
        profile=profile,
        what=WHAT,
        profile_plot=_profile(profile) if profile else "",
        made_of=html.when(newest.astimezone(UTC)) if newest else "",
    )


def _distribution(view: ClassView) -> Markup:
    # matplotlib takes most of a second to load, and other commands need no plot.
    from autograder.reports.class_plots import (  # noqa: PLC0415
        describe_distribution,
        distribution_svg,
    )

    if view.spread is None:
        return Markup()
    median = view.spread.median / view.possible
    return html.image(
        distribution_svg(view.bins, median), describe_distribution(view.bins, median)
    )


def _costs(lines: Sequence[CostLine]) -> Markup:
    from autograder.reports.class_plots import (  # noqa: PLC0415
        costs_svg,
        describe_costs,
    )

    known = [(c.seconds, c.memory_mib) for c in lines if c.memory_mib is not None]
    if not known:
        return Markup()
    return html.image(costs_svg(known), describe_costs(known))


def _profile(profile: RunProfile) -> Markup:
    from autograder.reports.class_plots import (  # noqa: PLC0415
        describe_profile,
        profile_svg,
    )

    return html.image(profile_svg(profile), describe_profile(profile))
