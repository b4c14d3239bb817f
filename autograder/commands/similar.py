"""``autograder similar``: pairs of submissions with unusual code in common."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.commands.document import console_for, json_option, print_document
from autograder.commands.options import (
    ASSIGNMENTS,
    SOMETHING_OPEN,
    AssignmentName,
    alone_in_out,
    course_option,
    named_errors,
    out_option,
    roster_option,
)
from autograder.intake import SOURCES, NotebookReader, read_submissions

if TYPE_CHECKING:
    from rich.console import Console

    from autograder.commands.documents import SimilarDocument
    from autograder.course.assignment import Assignment
    from autograder.records.submission import Submission
    from autograder.reports.similarity import Comparison

SHOWN_IN_TERMINAL = 10


@click.command("similar", epilog=ASSIGNMENTS)
@click.argument("assignment", type=AssignmentName())
@click.argument("submissions", type=click.Path(path_type=Path))
@roster_option
@out_option
@click.option(
    "--from",
    "source",
    type=click.Choice([source.name for source in SOURCES]),
    help="The LMS the download is from, else recognised.",
)
@click.option(
    "--top",
    type=click.IntRange(1, 500),
    default=20,
    show_default=True,
    help="How many pairs to show.",
)
@course_option
@json_option
@named_errors
@alone_in_out
def command(
    *,
    assignment: str,
    submissions: Path,
    roster_path: Path,
    out: Path,
    source: str | None,
    top: int,
    course: Path,
    as_json: bool,
) -> None:
    """Rank pairs of SUBMISSIONS by the code that they share and few others have.

    The stub's own lines count for nothing. The page accuses nobody: similar code is a
    reason to look, never a finding.
    """
    from autograder.atomic import write_atomically
    from autograder.commands.documents import SimilarDocument
    from autograder.course import assignment as assignments
    from autograder.intake.roster import read_roster
    from autograder.reports.person_names import told_apart
    from autograder.reports.similarity_page import NOTE, page_of

    loaded = assignments.load(course, assignment)
    roster = read_roster(roster_path)
    intake = read_submissions(
        submissions,
        file_name=loaded.manifest.file,
        notebooks=NotebookReader.of(loaded),
        roster=roster,
        source=source,
    )
    newest = newest_attempts(intake.submissions)
    names = told_apart(newest, roster)
    comparison = compare(loaded, newest, names)
    copies = copies_of(loaded, newest, names)
    page = out / f"{loaded.name}-similar.html"
    html = page_of(comparison, loaded.manifest.title, top, copies)
    write_atomically(page, html.encode())
    document = SimilarDocument(
        assignment=loaded.name,
        note=NOTE,
        many=comparison.many,
        compared=comparison.compared,
        copies=copies,
        not_compared=(
            *_without_text(loaded, newest, names),
            *(f"{issue.who}: {issue.text}" for issue in intake.ungraded),
        ),
        pairs=comparison.pairs[:top],
        more_pairs=max(0, len(comparison.pairs) - top),
        page=str(page),
    )
    if as_json:
        print_document(document)
    else:
        _print(console_for(as_json=as_json), document)
    sys.exit(SOMETHING_OPEN if intake.ungraded else 0)


def newest_attempts(submissions: Iterable[Submission]) -> list[Submission]:
    """Return each student's newest attempt: nobody is compared with themselves."""
    newest: dict[str, Submission] = {}
    for submission in sorted(submissions, key=lambda s: s.attempt):
        newest[submission.identity] = submission
    return list(newest.values())


def compare(
    assignment: Assignment,
    submissions: Sequence[Submission],
    called: Mapping[str, str],
) -> Comparison:
    """Compare the files of an assignment; those who have one file count as one.

    called : what to call whose each is, by key
    """
    from autograder.course.assignment import functions_in
    from autograder.course.stub import make_stub
    from autograder.reports.similarity import Source, compare_class
    from autograder.source_text import text_of

    stub = make_stub(assignment.reference_source, assignment.secret / "reference.py")
    names = frozenset(functions_in(stub))
    file = assignment.manifest.file
    sources = [
        Source(
            several[0].key,
            ", ".join(called[s.key] for s in several),
            text_of(several[0].files[file]),
            names,
        )
        for several in _by_file(assignment, submissions)
    ]
    return compare_class(sources, stub)


def _without_text(
    assignment: Assignment,
    submissions: Sequence[Submission],
    called: Mapping[str, str],
) -> Iterator[str]:
    """Yield whose file is not there, or not written as it reads, and why."""
    from autograder.source_text import hiding_encoding

    for submission in submissions:
        source = submission.files.get(assignment.manifest.file)
        name = called[submission.key]
        if source is None:
            yield name
        elif encoding := hiding_encoding(source):
            yield f"{name}, but as it is written: the file is in {encoding}"


def copies_of(
    assignment: Assignment,
    submissions: Sequence[Submission],
    called: Mapping[str, str],
) -> tuple[tuple[str, ...], ...]:
    """Return who handed in one and the same file, unless they did it as a group."""
    return tuple(
        tuple(called[s.key] for s in several)
        for several in _by_file(assignment, submissions)
        if len({s.shared_by or s.key for s in several}) > 1
    )


def _by_file(
    assignment: Assignment, submissions: Sequence[Submission]
) -> list[list[Submission]]:
    """Return the submissions that have the file, those with the same one together."""
    file = assignment.manifest.file
    same: dict[bytes, list[Submission]] = {}
    for submission in submissions:
        if file in submission.files:
            same.setdefault(submission.files[file], []).append(submission)
    return list(same.values())


def _print(console: Console, document: SimilarDocument) -> None:
    from rich.markup import escape
    from rich.table import Table

    table = Table()
    headings = ("students", "weight", "unusual", "common", "of the shorter one's own")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for pair in document.pairs[:SHOWN_IN_TERMINAL]:
        table.add_row(
            escape(f"{pair.first_name}, {pair.second_name}"),
            f"{pair.weight:.0f}",
            str(pair.unusual),
            str(pair.common),
            f"{pair.shared:.0%}",
        )
    count = len(document.pairs) + document.more_pairs
    console.print(
        f"{document.assignment}: {len(document.compared)} submissions compared, "
        f"{count} pairs share code that at most {document.many} have",
        soft_wrap=True,
    )
    if document.pairs:
        console.print(table)
    for several in document.copies:
        console.print(
            f"• one file, handed in by {len(several)}: {escape(', '.join(several))}",
            soft_wrap=True,
        )
    for name in document.not_compared:
        console.print(f"• not compared: {escape(name)}", soft_wrap=True)
    console.print(document.note)
    console.print(f"side by side: {document.page}", soft_wrap=True)
