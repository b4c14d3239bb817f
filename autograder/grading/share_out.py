"""Where submissions are graded: by processes of this machine, or by a cluster."""

from collections.abc import Callable, Iterator, Sequence

from autograder.grading.grader import Job
from autograder.grading.process_pool import grade_all
from autograder.records.results import Result
from autograder.records.submission import Submission


def share_out(
    jobs: Sequence[Job],
    *,
    workers: int,
    scheduler: str | None,
    told: Callable[[str], None],
) -> Iterator[tuple[Submission, Result]]:
    """Grade every job of one assignment, and yield each result as it is there.

    workers : how many at a time, on this machine
    scheduler : the address of a Dask cluster's, whose machines grade instead
    told : gets a line for a person about what happens in the cluster
    Raises StaffError where the cluster has nobody who may grade
    """
    if scheduler is None:
        return grade_all(jobs, workers)
    # Dask takes half a second to import, which only its users pay.
    from autograder.grading.cluster import grade_on_cluster  # noqa: PLC0415

    return grade_on_cluster(jobs, scheduler, told)
