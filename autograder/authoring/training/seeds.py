"""A reference model trained from several seeds: how much of its accuracy is chance.

The weights of these runs are not kept; a row of each is, where no grading reads it. A
run that was stopped goes on from its last epoch, and those in the table are not made
again.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from autograder.authoring.training.experiment import kept
from autograder.authoring.training.loop import Epoch


class SeedRun(msgspec.Struct, frozen=True, kw_only=True):
    """One training of a reference model.

    test_accuracy : on all 10,000 test images, looked at once, at the end
    """

    seed: int
    epochs: int
    test_accuracy: float
    history: tuple[Epoch, ...]
    device: str
    torch: str

    @property
    def label(self) -> str:
        """Which run it is, in words."""
        return f"seed {self.seed}"


def table_of(course: Path, model: str) -> Path:
    """Return where the runs of a reference model are, or would be."""
    return course / "solutions" / "experiments" / "seeds" / f"{model}.json"


def runs_of(course: Path, model: str) -> list[SeedRun]:
    """Return the runs of a reference model; none where there is no table yet.

    Raises StaffError where the table is none
    """
    return kept(table_of(course, model), SeedRun)


def band(runs: Sequence[SeedRun]) -> str:
    """Say from where to where the test accuracy goes, and how many seeds that is."""
    reached = [100 * run.test_accuracy for run in runs]
    devices = ", ".join(sorted({run.device for run in runs}))
    return f"{len(runs)} seeds: {min(reached):.2f} to {max(reached):.2f} %, {devices}"
