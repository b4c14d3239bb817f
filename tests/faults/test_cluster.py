"""A class on a real Dask cluster: the same marks, whatever is lost on the way.

``make test`` tries one loss and one machine that must not grade, ``make faults`` all.
"""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import StaffError
from autograder.grading import cluster as grading_cluster
from autograder.grading.cluster import grade_on_cluster
from autograder.grading.grader import Job
from autograder.grading.meter import this_process
from autograder.grading.process_pool import Graded, graded_together
from autograder.records.profile import ProfiledResult
from autograder.records.results import Result, Verdict
from dask_cluster import Cluster, dask_cluster, free_port
from handed_in import handed_in

pytestmark = pytest.mark.sandbox

RIGHT = (
    b"def double(values):\n    return [2 * v for v in values]\n"
    b"def quadruple(values):\n    return [4 * v for v in values]\n"
)
HALF = RIGHT.replace(b"4 * v", b"3 * v")
SLOW = RIGHT.replace(b"    return [2", b"    sum(range(20_000_000))\n    return [2")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    folder = tmp_path / "cluster"
    folder.mkdir()
    with dask_cluster(folder) as started:
        yield started


def jobs_of(course: Path, sources: dict[str, bytes], **more: Any) -> list[Job]:
    return [
        Job(
            course=course,
            assignment="a0_scale",
            submission=handed_in("a0_scale.py", source, key),
            secret=b"s",
            **more,
        )
        for key, source in sources.items()
    ]


def graded_once(results: Iterator[list[Graded]]) -> dict[str, Result]:
    """Return every submission's result; nobody may come twice."""
    found: dict[str, Result] = {}
    for submission, result in chain.from_iterable(results):
        assert submission.key not in found
        found[submission.key] = result
    return found


def scores(results: dict[str, Result]) -> dict[str, float | None]:
    return {key: result.score for key, result in results.items()}


def test_a_cluster_gives_the_marks_that_this_machine_gives(
    course: Path, cluster: Cluster
) -> None:
    cluster.start_worker(threads=2)
    cluster.start_worker(
        "--nanny", environment={"DASK_DISTRIBUTED__WORKER__DAEMON": "False"}
    )
    sources = {"a": RIGHT, "b": HALF, "c": b"def double(:", "d": RIGHT}
    jobs = jobs_of(course, sources, profile=True)
    lines: list[str] = []
    there = graded_once(grade_on_cluster(jobs, cluster.address, lines.append))
    assert scores(there) == scores(graded_once(graded_together(jobs, 2)))
    # Each comes with where its time went, and whose time that was.
    profiles = [r.profile for r in there.values() if isinstance(r, ProfiledResult)]
    assert len(profiles) == len(jobs)
    assert all(one.wall > 0 for one in profiles)
    assert this_process() not in {one.grader for one in profiles}
    assert any("grades, " in line for line in lines)


def a_machine_is_killed(cluster: Cluster) -> None:
    cluster.kill(cluster.workers[0])
    cluster.start_worker()


def the_scheduler_starts_again(cluster: Cluster) -> None:
    assert cluster.scheduler is not None
    cluster.kill(cluster.scheduler)
    cluster.kill(cluster.workers[0])
    cluster.start_scheduler()
    cluster.start_worker()


def a_machine_falls_silent(cluster: Cluster) -> None:
    os.kill(cluster.workers[0].pid, signal.SIGSTOP)
    cluster.start_worker()


def a_machine_is_told_to_end(cluster: Cluster) -> None:
    cluster.workers[0].terminate()
    cluster.start_worker()


Loss = Callable[[Cluster], None]
LOSSES: tuple[Loss, ...] = (
    a_machine_is_killed,
    the_scheduler_starts_again,
    a_machine_falls_silent,
    a_machine_is_told_to_end,
)


def other_things_decide(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch, _: Path
) -> str:
    other = {"Python or a package": "3.99"}
    monkeypatch.setattr(grading_cluster, "what_decides", lambda *_: other)
    cluster.start_worker()
    return "grades with other things: Python or a package"


def it_may_start_no_process(cluster: Cluster, _: pytest.MonkeyPatch, __: Path) -> str:
    cluster.start_worker("--nanny")
    return "DASK_DISTRIBUTED__WORKER__DAEMON=False"


def its_sandbox_does_not_hold(
    cluster: Cluster, _: pytest.MonkeyPatch, folder: Path
) -> str:
    # Neither bubblewrap nor util-linux is on its PATH.
    cluster.start_worker(environment={"PATH": str(folder)})
    return "not installed"


def its_port_is_shut(cluster: Cluster, patched: pytest.MonkeyPatch, _: Path) -> str:
    # Dask tries for a time of its own before it gives up.
    patched.setattr(grading_cluster, "PATIENCE", 40.0)
    nobody = f"tcp://127.0.0.1:{free_port()}"
    here = ("--listen-address", "tcp://127.0.0.1:0")
    cluster.start_worker("--no-nanny", *here, "--contact-address", nobody)
    return "the scheduler cannot reach it"


Refusal = Callable[[Cluster, pytest.MonkeyPatch, Path], str]
REFUSALS: tuple[Refusal, ...] = (
    other_things_decide,
    it_may_start_no_process,
    its_sandbox_does_not_hold,
    its_port_is_shut,
)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    every = metafunc.config.getoption("--every-write")
    for name, all_of_them in (("loss", LOSSES), ("refusal", REFUSALS)):
        if name in metafunc.fixturenames:
            chosen = all_of_them if every else all_of_them[:1]
            ids = [one.__name__ for one in chosen]
            metafunc.parametrize(name, chosen, ids=ids)


def test_whatever_is_lost_everybody_is_graded_and_nobody_twice(
    course: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch, loss: Loss
) -> None:
    monkeypatch.setattr(grading_cluster, "SILENCE", 8.0)
    lines: list[str] = []

    def told(line: str) -> None:
        lines.append(line)
        if "no sign of life" in line:
            # Its result comes too late: others have graded what it had.
            os.kill(cluster.workers[0].pid, signal.SIGCONT)

    jobs = jobs_of(course, dict.fromkeys("abcdef", SLOW))
    cluster.start_worker()
    results = grade_on_cluster(jobs, cluster.address, told)
    first = next(results)
    loss(cluster)
    graded = graded_once(chain([first], results))
    assert scores(graded) == dict.fromkeys("abcdef", 100)
    assert any(
        "is left out" in line or "lost" in line or "gone" in line for line in lines
    )


def test_a_machine_that_must_not_grade_is_left_out_and_named(
    course: Path,
    cluster: Cluster,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    refusal: Refusal,
) -> None:
    monkeypatch.setattr(grading_cluster, "PATIENCE", 15.0)
    words = refusal(cluster, monkeypatch, tmp_path)
    jobs = jobs_of(course, {"a": RIGHT})

    def told(line: str) -> None:
        if words in line:
            # It is named: nobody has to be waited for any longer.
            monkeypatch.setattr(grading_cluster, "PATIENCE", 0.0)

    with pytest.raises(StaffError, match="no machine of the cluster may grade") as said:
        next(grade_on_cluster(jobs, cluster.address, told))
    assert words in str(said.value)
    assert "tcp://127.0.0.1" in str(said.value)


def test_a_submission_on_which_graders_die_is_a_fault_and_no_zero(
    course: Path, cluster: Cluster
) -> None:
    worker = cluster.start_worker()
    begun, ended = threading.Event(), threading.Event()

    def kill_graders() -> None:
        begun.wait()
        while not ended.wait(0.2):
            for grader in children_of(worker.pid):
                with suppress(ProcessLookupError):
                    os.kill(grader, signal.SIGKILL)

    def told(line: str) -> None:
        if "grades, " in line:
            begun.set()

    killer = threading.Thread(target=kill_graders)
    killer.start()
    try:
        jobs = jobs_of(course, {"a": SLOW})
        result = graded_once(grade_on_cluster(jobs, cluster.address, told))["a"]
    finally:
        begun.set()
        ended.set()
        killer.join()
    assert (result.verdict, result.score) == (Verdict.FAULT, None)
    assert "the grader process died on it, 3 times" in result.fault


def children_of(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def test_without_a_scheduler_it_is_said_and_nothing_is_begun(
    course: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(grading_cluster, "PATIENCE", 0.0)
    monkeypatch.setattr(grading_cluster, "LOOK", 0.1)
    nobody = Cluster(tmp_path).address
    with pytest.raises(StaffError, match="no scheduler answers"):
        next(grade_on_cluster(jobs_of(course, {"a": RIGHT}), nobody, lambda _: None))
