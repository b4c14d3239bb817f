"""Where submissions are graded: by processes of this machine, or by a cluster."""

from collections.abc import Callable, Iterator, Sequence

from autograder.grading.grader import Job
from autograder.grading.process_pool import Graded, graded_together


def share_out(
    jobs: Sequence[Job],
    *,
    workers: int,
    scheduler: str | None,
    told: Callable[[str], None],
) -> Iterator[list[Graded]]:
    """Grade every job of one assignment, and yield all results that are there.

    workers : how many at a time, on this machine
    scheduler : the address of a Dask cluster's, whose machines grade instead
    told : gets a line for a person about what happens in the cluster
    Raises StaffError where the cluster has nobody who may grade
    """
    if scheduler is None:
        return graded_together(jobs, workers)
    # Dask takes half a second to import, which only its users pay.
    from autograder.grading.cluster import grade_on_cluster  # noqa: PLC0415

    return grade_on_cluster(jobs, scheduler, told)
