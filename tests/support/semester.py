"""A semester of invented people: who handed in what and when, and an LMS's downloads.

41 students, five assignments, two pairs of namesakes, one who leaves, one who comes
late. What somebody handed in is its points; `graders` gives each what it says.
"""

import csv
import io
import json
import random
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from autograder.grading.grader import Job
from autograder.records.results import Result, Verdict
from autograder.records.submission import Submission

ZONE = ZoneInfo("America/Edmonton")
COUNT = 41
NAMESAKES = {3: "Piotr Kowalski", 17: "Piotr Kowalski", 8: "Wei Chen", 30: "Wei Chen"}
LEAVES, JOINS = 7, COUNT
"""Student 7 is gone from the third assignment on; number 41 is there since then."""
UNGRADED = (12, "s5")
"""Whose grader fails."""
DUE = {
    "s1": datetime(2024, 9, 20, 23, 59, tzinfo=ZONE),
    "s2": datetime(2024, 10, 4, 23, 59, tzinfo=ZONE),
    "s3": datetime(2024, 11, 2, 23, 59, tzinfo=ZONE),  # clocks go back that night
    "s4": datetime(2024, 11, 22, 23, 59, tzinfo=ZONE),
    "s5": datetime(2024, 12, 6, 23, 59, tzinfo=ZONE),
}
FROM = {"s1": "blackboard", "s2": "blackboard", "s3": "gradescope", "s4": "canvas",
        "s5": "gradescope"}  # fmt: skip
POINTS = 100.0


@dataclass(frozen=True)
class HandedIn:
    """points : of 100; late : minutes after the deadline, negative before it"""

    points: float
    late: int


Work = dict[tuple[int, str], tuple[HandedIn, ...]]


def work() -> Work:
    """Return what everybody handed in, by number and assignment, the oldest first."""
    chance = random.Random(41)  # noqa: S311 no secret
    found: Work = {}
    for number in range(COUNT + 1):
        for name in DUE:
            early = name in {"s1", "s2"}
            if (number == LEAVES and not early) or (number == JOINS and early):
                continue
            if chance.random() < 0.1:
                continue
            several = 1 + (FROM[name] == "blackboard" and chance.random() < 0.3)
            lates = sorted(chance.randrange(-3000, 800) for _ in range(several))
            if chance.random() < 0.2:
                lates[-1] = chance.choice((10, 15, 16, 1440, 1441, 2900, 4320, 4321))
            if len(set(lates)) == several:
                found[number, name] = tuple(
                    HandedIn(chance.randrange(0, 1001) / 10, late)
                    for late in sorted(lates)
                )
    return found


def identity(number: int) -> tuple[str, str, str]:
    """Return a student's number of the school's, username and name."""
    name = NAMESAKES.get(number, f"Given{number} Family{number}")
    return f"00{4600 + number}", f"user{number}", name


def class_list(name: str) -> str:
    """Return Canvas's export as it is at an assignment."""
    early = name in {"s1", "s2"}
    rows = [["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Total (90)"]]
    rows.append(["    Points Possible", "", "", "", "", "100"])
    for number in range(COUNT + 1):
        if number == (JOINS if early else LEAVES):
            continue
        sid, username, full = identity(number)
        first, last = full.split()
        rows.append([f"{last}, {first}", str(9000 + number), sid, username, "S1", ""])
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def write_download(folder: Path, name: str, handed_in: Work) -> Path | None:
    """Write ``NAME.zip`` as its LMS gives it; return a second file of times, if any."""
    whose = {n: several for (n, of), several in handed_in.items() if of == name}
    files, times = {}, []
    listed = []
    for number, several in whose.items():
        sid, username, full = identity(number)
        for attempt, one in enumerate(several):
            at = (DUE[name].astimezone(UTC) + timedelta(minutes=one.late)).astimezone(
                ZONE
            )
            if FROM[name] == "blackboard":
                stem = f"HW_{username}_attempt_{at:%Y-%m-%d-%H-%M-%S}"
                files[f"{stem}.txt"] = (
                    f"Name: {full} ({username})\nAssignment: HW\n\nFiles:\n"
                    f"\tOriginal filename: {name}.py\n\tFilename: {stem}_{name}.py\n"
                )
                files[f"{stem}_{name}.py"] = _answer(one)
            elif FROM[name] == "gradescope":
                listed.append(
                    f"submission_{number}:\n  :submitters:\n  - :name: {full}\n"
                    f"    :sid: '{sid}'\n  :created_at: "
                    f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} Z\n"
                )
                place = f"assignment_5_export/submission_{number}/{name}.py"
                files[place] = _answer(one)
            else:
                squeezed = "".join(reversed(full.lower().split()))
                late = "LATE_" if one.late > 0 else ""
                entry = f"{squeezed}_{late}{9000 + number}_{attempt}_{name}.py"
                files[entry] = _answer(one)
                times.append(
                    {
                        "user_id": 9000 + number,
                        "submitted_at": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
                        "late": one.late > 0,
                    }
                )
    if listed:
        files["assignment_5_export/submission_metadata.yml"] = "".join(listed)
    with zipfile.ZipFile(folder / f"{name}.zip", "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    if not times:
        return None
    (folder / f"{name}-times.json").write_text(json.dumps(times))
    return folder / f"{name}-times.json"


def graders(
    jobs: Sequence[Job], *_: object
) -> Iterator[list[tuple[Submission, Result]]]:
    """Give every submission the points that it says, in the graders' place."""
    for job in jobs:
        (source,) = job.submission.files.values()
        fails = (job.submission.roster_id, job.assignment) == (
            str(9000 + UNGRADED[0]),
            UNGRADED[1],
        )
        score = None if fails else float(source.decode().rpartition("=")[2])
        result = Result(
            assignment=job.assignment,
            submission_key=job.submission.key,
            score=score,
            possible=POINTS,
            verdict=Verdict.FAULT if fails else Verdict.FAILED,
            questions=(),
            fault="the sandbox would not start" if fails else "",
            graded_at=datetime(2024, 12, 10, tzinfo=UTC),
        )
        yield [(job.submission, result)]


def _answer(one: HandedIn) -> str:
    return f"double = quadruple = {one.points}\n"
