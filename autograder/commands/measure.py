"""``autograder measure``: what right answers cost, for the limits of time."""

from pathlib import Path

import click

from autograder.commands.document import console_for, json_option, print_document
from autograder.commands.options import (
    ASSIGNMENTS,
    AssignmentName,
    course_option,
    named_errors,
)
from autograder.commands.progress import progress_bar


@click.command("measure", epilog=ASSIGNMENTS)
@click.argument(
    "names", nargs=-1, required=True, type=AssignmentName(), metavar="ASSIGNMENT..."
)
@course_option
@json_option
@named_errors
def command(*, names: tuple[str, ...], course: Path, as_json: bool) -> None:
    """Measure what right answers of an ASSIGNMENT cost: the limits are multiples of it.

    The reference and every variant are graded, one after the other; the processor time
    of the slowest at each case goes into solutions/ASSIGNMENT/costs.toml. A student's
    answer may take ten times as much. Run it on a quiet machine after a change of tests
    or variants.
    """
    from autograder.authoring import measure as measuring
    from autograder.commands.documents import MeasuredAnswer, MeasureDocument
    from autograder.course import assignment as assignments

    console = console_for(as_json=as_json)
    for name in names:
        assignment = assignments.load(course, name)
        measured = []
        with progress_bar(console) as progress:
            total = measuring.count(assignment)
            bar = progress.add_task(f"measuring {name}", total=total)
            for one in measuring.measure(course, assignment):
                measured.append(one)
                progress.advance(bar)
        costs = measuring.costs_of(assignment, measured)
        path = measuring.write(assignment, costs)
        slowest = costs.submission
        console.print(
            f"{path}: {len(measured)} right answers, the slowest is {slowest.by} with "
            f"{slowest.seconds:.2f} s of computing",
            soft_wrap=True,
        )
        if as_json:
            answers = tuple(
                MeasuredAnswer(name=one.name, cpu_seconds=one.seconds)
                for one in measured
            )
            print_document(
                MeasureDocument(
                    assignment=name,
                    path=str(path),
                    yardstick_seconds=costs.yardstick_seconds,
                    answers=answers,
                )
            )
