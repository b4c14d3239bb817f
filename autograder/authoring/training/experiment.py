"""What the experiments share: their order, images on a device, and answers.

An experiment is a table of runs. Each run is written as it ends, with those before it;
a later call with the same settings makes only the runs that are not in the table yet.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypeVar

import msgspec
import torch
from torch import nn

from autograder.atomic import write_atomically
from autograder.authoring.training.idx import DEBIAN_FOLDER, read_part
from autograder.authoring.training.loop import EVALUATED_AT_ONCE, VALIDATION
from autograder.authoring.training.place import Place
from autograder.authoring.training.shown import Shown
from autograder.errors import StaffError

Run = TypeVar("Run", bound=msgspec.Struct)
FIGURE = "figure.png"
"""Beside the table and the card of an experiment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The training images less those held out, those, and the test images."""

    train: Shown
    validation: Shown
    test: Shown

    @classmethod
    def read(cls, data: Path | None, place: Place, seed: int) -> Self:
        """Read the dataset; `VALIDATION` images, drawn by the seed, are held out.

        data : the folder with the four original files; None means Debian's
        Raises StaffError where a file is missing or not the published one
        """
        folder = data or DEBIAN_FOLDER
        every = Shown.of(read_part(folder, "train"), place.device)
        draw = torch.Generator().manual_seed(seed)
        mixed = torch.randperm(len(every), generator=draw).to(place.device)
        return cls(
            train=every[mixed[VALIDATION:]],
            validation=every[mixed[:VALIDATION]],
            test=Shown.of(read_part(folder, "t10k"), place.device),
        )


def answers(
    model: nn.Module,
    images: torch.Tensor,
    place: Place,
    prepared: Callable[[torch.Tensor], torch.Tensor] = lambda part: part,
    at_once: int = EVALUATED_AT_ONCE,
) -> torch.Tensor:
    """Return the model's logits in eval mode, (N, classes) float32.

    prepared : what becomes of a part of the images before the model sees it
    """
    model.eval()
    with torch.no_grad(), place.rounding():
        parts = [model(prepared(part)).float() for part in torch.split(images, at_once)]
    return torch.cat(parts)


def share_right(logits: torch.Tensor, labels: torch.Tensor) -> float:
    """Return the part of the images that are classified rightly, from 0 to 1."""
    return (logits.argmax(dim=1) == labels).double().mean().item()


def norms(
    model: nn.Module, kinds: type[nn.Module] | tuple[type[nn.Module], ...]
) -> torch.Tensor:
    """Return the norm of the gradient of every weight of these kinds, first to last.

    It stays on the device, (weights,): whoever wants the numbers waits for them
    """
    weights = [module.weight for module in model.modules() if isinstance(module, kinds)]
    tensors = [w for w in weights if isinstance(w, torch.Tensor)]
    return torch.stack(
        [w.new_zeros(()) if w.grad is None else w.grad.norm() for w in tensors]
    )


def kept(path: Path, kind: type[Run]) -> list[Run]:
    """Return the runs of a table; none where there is no table yet.

    Raises StaffError where it is not one of this experiment
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[kind])  # type: ignore[valid-type]
    except FileNotFoundError:
        return []
    except (OSError, msgspec.DecodeError) as error:
        raise StaffError(
            path, f"is no table of runs: {error}", "move it away, or give another --out"
        ) from error


def keep(path: Path, runs: Sequence[msgspec.Struct]) -> None:
    """Write the table of runs, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = msgspec.json.format(msgspec.json.encode(runs), indent=1)
    write_atomically(path, text + b"\n")


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file, for a card."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
