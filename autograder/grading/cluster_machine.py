"""What runs on a machine of a cluster: it is tried, then it grades.

Dask calls these functions in a thread of its worker process. The grading itself is done
by processes of their own, as on one machine, so that a grader that dies is known, and
costs one submission and never Dask's worker.
"""

import hashlib
import multiprocessing
import queue
import threading
from concurrent.futures import Executor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path

import checks
import msgspec

from autograder.course.assignment import load
from autograder.course.packed import unpack
from autograder.errors import AutograderError, GraderFault
from autograder.grading.grader import Job
from autograder.grading.process_pool import grade_in_bounds, local_lane
from autograder.records.dependencies import course_inputs
from autograder.records.results import Result
from autograder.sandbox.backends import refuse_where_not_isolated

CHECKS = "the installed checks"
MAY_START_NONE = (
    "its process may not start others: start it with --no-nanny, or with "
    "DASK_DISTRIBUTED__WORKER__DAEMON=False in its environment"
)

_idle_lanes: queue.LifoQueue[Executor] = queue.LifoQueue()
_unpacking = threading.Lock()


class Examined(msgspec.Struct, frozen=True, kw_only=True):
    """How the examination of a machine ended.

    problem : why it must not grade; "" where it may
    decides : hashes of what decides a mark there, by words for a person
    """

    problem: str = ""
    decides: dict[str, str] = {}


def what_decides(course: Path, name: str) -> dict[str, str]:
    """Return what decides a mark on this machine, to be compared with another's."""
    inputs = course_inputs(load(course, name))
    digest = hashlib.sha256()
    for path in sorted(Path(checks.__file__).parent.rglob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    questions = hashlib.sha256(msgspec.json.encode(inputs.questions, order="sorted"))
    return {
        **inputs.shared,
        "the questions": questions.hexdigest(),
        CHECKS: digest.hexdigest(),
    }


def examine(content: bytes, name: str, folder: Path) -> Examined:
    """Unpack the course, and try the sandbox and what decides a mark.

    content : the assignment, packed; name : the assignment's
    folder : where it is to lie on this machine; it is left where it is there
    """
    if multiprocessing.current_process().daemon:
        return Examined(problem=MAY_START_NONE)
    with _unpacking:
        if not folder.exists():
            unpack(content, folder)
    lane = _lane()
    try:
        decides = lane.submit(_try_out, folder, name).result()
    except AutograderError as error:
        return Examined(problem=str(error))
    except BrokenProcessPool:
        return Examined(problem="a process that it started died")
    _idle_lanes.put(lane)
    return Examined(decides=decides)


def grade_there(job: Job, folder: Path) -> Result | None:
    """Grade one submission in a process of this machine; None where that died.

    folder : where the course lies on this machine
    """
    lane = _lane()
    try:
        result = grade_in_bounds(lane, replace(job, course=folder)).result()
    except (BrokenProcessPool, MemoryError):
        # One without memory lives, but who knows what in it was left half done.
        lane.shutdown(wait=False)
        return None
    except BaseException:
        _idle_lanes.put(lane)
        raise
    _idle_lanes.put(lane)
    return result


def _try_out(course: Path, name: str) -> dict[str, str]:
    try:
        refuse_where_not_isolated(course, load(course, name), grades_too=True)
    except OSError as error:
        raise GraderFault("sandbox", str(error)) from error
    return what_decides(course, name)


def _lane() -> Executor:
    try:
        return _idle_lanes.get_nowait()
    except queue.Empty:
        return local_lane()
