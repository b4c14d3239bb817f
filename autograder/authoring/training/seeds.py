"""A reference model trained from several seeds: how much of its accuracy is chance.

The weights of these runs are not kept; a row of each is, beside the model's own. A run
that was stopped goes on from its last epoch, and those in the table are not made again.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from autograder.authoring.training.experiment import kept
from autograder.authoring.training.loop import Epoch

TABLE = "seeds.json"


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


def runs_of(folder: Path) -> list[SeedRun]:
    """Return the runs beside a reference model; none where there is no table yet.

    folder : of the model
    Raises StaffError where the table is none
    """
    return kept(folder / TABLE, SeedRun)


def band(runs: Sequence[SeedRun]) -> str:
    """Say from where to where the test accuracy goes, and how many seeds that is."""
    reached = [100 * run.test_accuracy for run in runs]
    devices = ", ".join(sorted({run.device for run in runs}))
    return f"{len(runs)} seeds: {min(reached):.2f} to {max(reached):.2f} %, {devices}"
