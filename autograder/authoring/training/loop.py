"""The training loop: the same on CPU and GPU, the same numbers for the same seed.

After every epoch all that the next one depends on is written to a checkpoint, so a run
that was stopped goes on as if it had not been.
"""

import math
import time
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import torch
from torch import nn

from autograder.authoring.training.idx import Images
from autograder.authoring.training.place import Place
from autograder.authoring.training.recipes import Recipe
from autograder.authoring.training.shown import Shown, batches, channels_last
from autograder.errors import StaffError

VALIDATION = 5000
EVALUATED_AT_ONCE = 1000


class Epoch(msgspec.Struct, frozen=True, kw_only=True):
    """One epoch: training loss, and the averaged weights on the validation images."""

    epoch: int
    loss: float
    validation_accuracy: float
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """What training gives: the moving average of the weights, and the way there."""

    weights: dict[str, torch.Tensor]
    history: tuple[Epoch, ...]
    device: str


def train(
    recipe: Recipe,
    model: nn.Module,
    data: Images,
    *,
    seed: int,
    place: Place,
    checkpoint: Path,
    done: Callable[[Epoch], None],
) -> Trained:
    """Train a model, or go on where a checkpoint of the same run stands.

    data : all training images; `VALIDATION` of them, drawn by the seed, are held out
    done : told every epoch that has ended
    Raises StaffError where the checkpoint is of another run
    """
    model = place.put(model)
    draw = torch.Generator().manual_seed(seed)
    images = Shown.of(data, place.device)
    mixed = torch.randperm(len(images), generator=draw).to(place.device)
    held_out, used = images[mixed[:VALIDATION]], images[mixed[VALIDATION:]]
    steps = len(used) // recipe.batch_size
    run = _Run(recipe, model, steps=recipe.epochs * steps)
    forward = place.compiled(model)
    history = run.resume(checkpoint, seed, draw) if checkpoint.exists() else []
    for number in range(len(history), recipe.epochs):
        started = time.monotonic()
        model.train()
        total = run.epoch(forward, batches(used, recipe.batch_size, draw), place)
        ended = Epoch(
            epoch=number + 1,
            loss=run.finite(total) / steps,
            validation_accuracy=accuracy(
                model, run.average, held_out.pixels, held_out.labels
            ),
            seconds=time.monotonic() - started,
        )
        history.append(ended)
        run.save(checkpoint, seed, draw, history)
        done(ended)
    weights = {name: value.cpu().contiguous() for name, value in run.average.items()}
    return Trained(weights=weights, history=tuple(history), device=place.name)


class _Run:
    """A model with its optimizer, schedule and moving average."""

    def __init__(self, recipe: Recipe, model: nn.Module, *, steps: int) -> None:
        self.average = {n: v.clone() for n, v in model.state_dict().items()}
        self._recipe = recipe
        self._model = model
        self._optimizer = torch.optim.AdamW(
            model.parameters(),
            lr=recipe.learning_rate,
            weight_decay=recipe.weight_decay,
        )
        self._schedule = torch.optim.lr_scheduler.OneCycleLR(
            self._optimizer, recipe.learning_rate, total_steps=steps, pct_start=0.25
        )
        self._steps = 0

    def epoch(
        self,
        forward: Callable[..., torch.Tensor],
        shown: Iterable[Shown],
        place: Place,
    ) -> torch.Tensor:
        """Learn from every batch; return the sum of their losses, where they are.

        The device is asked for no number: it would have to be waited for.
        """
        total = torch.zeros((), dtype=torch.float64, device=place.device)
        for batch in shown:
            x = channels_last(batch.pixels)
            with place.rounding():
                loss = nn.functional.cross_entropy(
                    forward(x),
                    batch.labels,
                    label_smoothing=self._recipe.label_smoothing,
                )
            self.step(loss)
            total += loss.detach()
        return total

    def step(self, loss: torch.Tensor) -> None:
        """Take one step along the gradient of `loss`, and move the average along."""
        self._optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self._optimizer.step()
        self._schedule.step()
        self._steps += 1
        kept = min(self._recipe.ema, (1 + self._steps) / (10 + self._steps))
        now = self._model.state_dict()
        floats = [name for name, value in now.items() if value.is_floating_point()]
        with torch.no_grad():
            torch._foreach_lerp_(
                [self.average[name] for name in floats],
                [now[name] for name in floats],
                1 - kept,
            )
            for name in now.keys() - floats:
                self.average[name].copy_(now[name])

    def finite(self, total: torch.Tensor) -> float:
        """Return the sum of an epoch's losses; raises StaffError where it is none."""
        value = total.item()
        if not math.isfinite(value):
            raise StaffError(
                self._recipe.name,
                f"the loss is {value} after {self._steps} steps",
                "give it a lower learning rate",
            )
        return value

    def save(
        self, path: Path, seed: int, draw: torch.Generator, history: list[Epoch]
    ) -> None:
        """Write a checkpoint, whole or not at all."""
        state = {
            "run": f"{self._recipe.name}, seed {seed}, {self._recipe.epochs} epochs",
            "model": self._model.state_dict(),
            "average": self.average,
            "optimizer": self._optimizer.state_dict(),
            "schedule": self._schedule.state_dict(),
            "steps": self._steps,
            "draw": draw.get_state(),
            "history": [msgspec.to_builtins(epoch) for epoch in history],
        }
        partial = path.with_suffix(".partial")
        path.parent.mkdir(parents=True, exist_ok=True)
        torch.save(state, partial)
        partial.replace(path)

    def resume(self, path: Path, seed: int, draw: torch.Generator) -> list[Epoch]:
        """Take everything from a checkpoint, and return the epochs so far."""
        if not zipfile.is_zipfile(path):
            raise StaffError(path, "is no checkpoint", "delete it to start anew")
        state: dict[str, Any] = torch.load(path, weights_only=True)
        name = f"{self._recipe.name}, seed {seed}, {self._recipe.epochs} epochs"
        if state["run"] != name:
            raise StaffError(
                path, f"is of another run ({state['run']})", "delete it to start anew"
            )
        self._model.load_state_dict(state["model"])
        self.average = {n: v.to(self._place) for n, v in state["average"].items()}
        self._optimizer.load_state_dict(state["optimizer"])
        self._schedule.load_state_dict(state["schedule"])
        self._steps = state["steps"]
        draw.set_state(state["draw"])
        return [msgspec.convert(epoch, Epoch) for epoch in state["history"]]

    @property
    def _place(self) -> torch.device:
        return next(self._model.parameters()).device


def logits_of(
    model: nn.Module, weights: Mapping[str, torch.Tensor], images: torch.Tensor
) -> torch.Tensor:
    """Return a model's logits with other weights, which are then put back."""
    before = {name: value.clone() for name, value in model.state_dict().items()}
    device = next(model.parameters()).device
    model.load_state_dict(dict(weights))
    model.eval()
    with torch.no_grad():
        parts = [
            model(part.to(device)).cpu()
            for part in torch.split(images, EVALUATED_AT_ONCE)
        ]
    model.load_state_dict(before)
    return torch.cat(parts)


def accuracy(
    model: nn.Module,
    weights: Mapping[str, torch.Tensor],
    images: torch.Tensor,
    labels: torch.Tensor,
) -> float:
    """Return the share of images that a model with these weights classifies rightly."""
    right = logits_of(model, weights, images).argmax(dim=1) == labels.cpu()
    return right.double().mean().item()
