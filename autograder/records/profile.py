"""Where the time of a run went, part by part: `autograder grade --profile`.

A profile is measured where things happen: by each grader for the submission that it has
in hand, and by the command itself. The ledger has none of it, since no mark depends on
it: the profile of an assignment's last profiled run lies beside the ledger, and the
class report draws it.
"""

import enum
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Self

import msgspec

from autograder.atomic import write_atomically
from autograder.errors import StaffError
from autograder.records.results import Result


class Part(enum.Enum):
    """What time goes to."""

    START = "start"
    STUDENT = "student"
    TRANSFER = "transfer"
    REFERENCE = "reference"
    DIAGNOSIS = "diagnosis"
    PICTURES = "pictures"
    LEDGER = "ledger"
    PAGES = "pages"
    WAITING = "waiting"
    OTHER = "other"


WHAT: Mapping[Part, str] = {
    Part.START: "Python, the course and the download are read; graders and workers are "
    "started and ended",
    Part.STUDENT: "workers run submissions, and unpack and pack the values",
    Part.TRANSFER: "graders pack, send, take and unpack values; results travel",
    Part.REFERENCE: "tests, the right answers that they compare with, and comparing",
    Part.DIAGNOSIS: "what failed is asked again on right functions; mistakes are named",
    Part.PICTURES: "values for the pictures in pages",
    Part.LEDGER: "hand-ins and results are stored",
    Part.PAGES: "students' pages are made, pictures drawn",
    Part.WAITING: "a grader waits for a worker that does not compute, for a processor, "
    "or for the next submission",
    Part.OTHER: "all else: marks, odd words, this account",
}
"""What each part is, for whoever reads the table."""


class Seconds(msgspec.Struct, frozen=True, kw_only=True):
    """Time of processors (cpu), and of the clock on the wall (wall), in seconds."""

    cpu: float = 0.0
    wall: float = 0.0

    def __add__(self, other: Self) -> Self:
        """Add each to its own."""
        return type(self)(cpu=self.cpu + other.cpu, wall=self.wall + other.wall)


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """Where a grader's time for one submission went.

    grader : its machine and process; born : when that process began, by the clock that
        all machines share
    begun : what it took until it could grade, where this is its first submission
    parts : what it took since; they add up to all of it
    """

    grader: str
    born: float
    begun: Seconds = Seconds()
    parts: dict[Part, Seconds]

    @property
    def wall(self) -> float:
        """How long the submission was in hand."""
        return sum(seconds.wall for seconds in self.parts.values())


class ProfiledResult(Result, frozen=True, kw_only=True):
    """A result on its way to whoever asked for a profile, too."""

    profile: Profile

    @property
    def plain(self) -> Result:
        """The result as the ledger keeps it."""
        names = Result.__struct_fields__
        return Result(**{name: getattr(self, name) for name in names})


class RunProfile(msgspec.Struct, frozen=True, kw_only=True):
    """Where the time of a run went.

    run : its number; finished_at : when it ended
    submissions : that were graded; graders : processes that graded them
    seconds : from the command's start to the last page, by the clock on the wall
    parts : of all graders and of the command together; so what they took of the clock
        on the wall adds up to more than `seconds`
    """

    run: int
    finished_at: datetime
    submissions: int
    graders: int
    seconds: float
    parts: dict[Part, Seconds]

    @property
    def title(self) -> str:
        """Name the run and what it did, as a part of a sentence."""
        graded = _counted(self.submissions, "submission")
        graders = _counted(self.graders, "grader")
        return f"run {self.run} ({graded}, {graders}, {self.seconds:.1f} s)"

    @property
    def adds_up(self) -> str:
        """Say what the parts add up to, and what they leave out."""
        return (
            "Each moment of every grader, until the last one was done, and of the "
            "command, but for its waiting for graders, is one part's. So the clock "
            f"adds up to more than the run's {self.seconds:.1f} s, and none of it "
            "twice. Left out is what bubblewrap computes to build a sandbox."
        )

    @property
    def together(self) -> Seconds:
        """What the parts add up to."""
        return sum(self.parts.values(), Seconds())

    @property
    def lines(self) -> list[tuple[Part, Seconds]]:
        """Every part that took anything, in the order of the table."""
        nothing = Seconds()
        found = [(part, self.parts.get(part, nothing)) for part in Part]
        return [(part, seconds) for part, seconds in found if seconds != nothing]


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def profile_path(out: Path, assignment: str) -> Path:
    """Where a run's folder has the profile of an assignment's last profiled run."""
    return out / f"{assignment}-profile.json"


def write_profile(path: Path, profile: RunProfile) -> None:
    """Write a profile; raises StaffError where that can't be."""
    text = msgspec.json.format(msgspec.json.encode(profile), indent=2)
    write_atomically(path, text + b"\n")


def read_profile(path: Path) -> RunProfile | None:
    """Return the profile that lies there, None where there is none.

    Raises StaffError where it can't be read
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=RunProfile)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise StaffError(
            path, f"is no profile: {error}", "move it away, or grade with --profile"
        ) from error
