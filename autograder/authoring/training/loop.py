"""The training loop: the same on CPU and GPU, the same numbers for the same seed.

After every epoch all that the next one depends on is written to a checkpoint, so a run
that was stopped goes on as if it had not been.
"""

import math
import time
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import torch
from torch import nn

from autograder.authoring.training.idx import Images
from autograder.authoring.training.recipes import Recipe
from autograder.errors import StaffError

MEAN, SPREAD = 0.2860, 0.3530
"""Of the pixels of the 60,000 training images, from 0 to 1."""
VALIDATION = 5000
MOST_SHIFTED = 2
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
    device: str,
    checkpoint: Path,
    done: Callable[[Epoch], None],
    quick: bool | None = None,
) -> Trained:
    """Train a model, or go on where a checkpoint of the same run stands.

    data : all training images; `VALIDATION` of them, drawn by the seed, are held out
    done : told every epoch that has ended
    quick : in bfloat16 where that does no harm, and compiled; as a rule on a GPU
    Raises StaffError where the checkpoint is of another run
    """
    place = torch.device(device)
    quick = place.type == "cuda" if quick is None else quick
    model = model.to(place).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    draw = torch.Generator().manual_seed(seed)
    images = to_pixels(data.images).to(place)
    labels = torch.from_numpy(data.labels.copy()).long().to(place)
    mixed = torch.randperm(len(labels), generator=draw)
    held_out, used = mixed[:VALIDATION], mixed[VALIDATION:]
    run = _Run(recipe, model, steps=recipe.epochs * (len(used) // recipe.batch_size))
    step = _compiled(model, place) if quick else model
    history = run.resume(checkpoint, seed, draw) if checkpoint.exists() else []
    for number in range(len(history), recipe.epochs):
        started = time.monotonic()
        model.train()
        # Nothing in the loop asks the device for a number: it would wait for it.
        total = torch.zeros((), dtype=torch.float64, device=place)
        order = used[torch.randperm(len(used), generator=draw)].to(place)
        for batch in torch.split(order, recipe.batch_size):
            if len(batch) < recipe.batch_size:
                continue
            x = augmented(images[batch], draw).to(memory_format=torch.channels_last)
            with torch.autocast(place.type, torch.bfloat16, enabled=quick):
                loss = nn.functional.cross_entropy(
                    step(x), labels[batch], label_smoothing=recipe.label_smoothing
                )
            run.step(loss)
            total += loss.detach()
        ended = Epoch(
            epoch=number + 1,
            loss=run.finite(total) / (len(used) // recipe.batch_size),
            validation_accuracy=accuracy(
                model, run.average, images[held_out], labels[held_out]
            ),
            seconds=time.monotonic() - started,
        )
        history.append(ended)
        run.save(checkpoint, seed, draw, history)
        done(ended)
    weights = {name: value.cpu().contiguous() for name, value in run.average.items()}
    return Trained(weights=weights, history=tuple(history), device=named(place))


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


def to_pixels(images: Any) -> torch.Tensor:
    """Return (N, 28, 28) uint8 images as (N, 1, 28, 28) float32, normalised."""
    return ((torch.from_numpy(images.copy()).float() / 255 - MEAN) / SPREAD)[:, None]


def augmented(images: torch.Tensor, draw: torch.Generator) -> torch.Tensor:
    """Flip half of the images left to right, and shift all by up to 2 pixels.

    images : (N, 1, H, W), on any device; what comes in at a border is background
    draw : of the CPU, so that a seed means the same everywhere
    """
    count, _, height, width = images.shape
    place = images.device
    flips = torch.rand(count, 1, 1, 1, generator=draw) < 0.5  # noqa: PLR2004 half
    flipped = torch.where(flips.to(place), images.flip(-1), images)
    edge = [MOST_SHIFTED] * 4
    padded = nn.functional.pad(flipped, edge, value=-MEAN / SPREAD)
    shifts = torch.randint(2 * MOST_SHIFTED + 1, (2, count), generator=draw)
    down, right = shifts.to(place)
    rows = (down[:, None] + torch.arange(height, device=place))[:, :, None]
    columns = (right[:, None] + torch.arange(width, device=place))[:, None, :]
    number = torch.arange(count, device=place)[:, None, None]
    return padded[number, 0, rows, columns][:, None]


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


def _compiled(model: nn.Module, place: torch.device) -> Callable[..., torch.Tensor]:
    """Return the model's forward pass, compiled; a CPU need not have a C++ compiler."""
    backend = "inductor" if place.type == "cuda" else "eager"
    compiled: Callable[..., torch.Tensor] = torch.compile(model, backend=backend)
    return compiled


def named(place: torch.device) -> str:
    """Return what a device is, for a card."""
    if place.type == "cuda":
        return torch.cuda.get_device_name(place)
    return f"CPU, {torch.get_num_threads()} threads"
