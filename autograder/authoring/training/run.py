"""The errands of ``autograder train``: a reference model, and the table of seeds."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from checks.fashion_mnist import fashion_mnist
from checks.fitting import fitted

from autograder.atomic import write_atomically
from autograder.authoring.training import card, subsets
from autograder.authoring.training.card import Metrics
from autograder.authoring.training.idx import DEBIAN_FOLDER, read_part
from autograder.authoring.training.loop import (
    VALIDATION,
    Epoch,
    logits_of,
    to_pixels,
    train,
)
from autograder.authoring.training.recipes import recipe_named
from autograder.course.assignment import load
from autograder.errors import StaffError

__all__ = ["Epoch", "TrainingOrder", "fit_seeds", "train_model"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingOrder:
    """What ``autograder train`` was asked to do."""

    course: Path
    model: str
    device: str
    seed: int
    anew: bool
    data: Path | None


def train_model(
    order: TrainingOrder, done: Callable[[Epoch, int], None]
) -> tuple[Metrics, Path]:
    """Train a reference model and write its folder; return its figures and the folder.

    done : told every epoch that has ended, and how many there are
    """
    recipe, device = recipe_named(order.model), _device(order.device)
    data = order.data or DEBIAN_FOLDER
    subsets.write(order.course, data)
    images = read_part(data, "train")
    torch.manual_seed(order.seed)
    model = recipe.build(order.course)
    folder = order.course / "solutions" / "models" / recipe.name
    checkpoint = folder / "checkpoint.pt"
    if order.anew:
        checkpoint.unlink(missing_ok=True)
    trained = train(
        recipe,
        model,
        images,
        seed=order.seed,
        device=device,
        checkpoint=checkpoint,
        done=lambda epoch: done(epoch, recipe.epochs),
    )
    test = read_part(data, "t10k")
    logits = logits_of(model.cpu(), trained.weights, to_pixels(test.images))
    metrics = card.keep(
        folder,
        recipe,
        trained,
        seed=order.seed,
        images=len(images.labels),
        validation=VALIDATION,
        answers=logits.argmax(dim=1),
        labels=torch.from_numpy(test.labels).long(),
    )
    checkpoint.unlink()
    return metrics, folder


def fit_seeds(course: Path, seeds: int, *, done: Callable[[], None]) -> Path:
    """Run the reference's `fit` with many seeds, and write what it reaches.

    done : told each seed that has run
    Returns where the table is: a row a seed, accuracy and the loss of every epoch
    """
    assignment = load(course, "a4_cnn")
    settings = assignment.reference.FIT_SETTINGS
    images, labels = fashion_mnist()
    unseen, classes = assignment.secrets.held_out()
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    losses = [f"loss_{epoch + 1}" for epoch in range(settings["epochs"])]
    rows.writerow(["seed", "accuracy", *losses])
    for seed in range(seeds):
        chosen = np.random.default_rng(seed).permutation(len(images))
        chosen = chosen[: assignment.reference.FIT_IMAGES]
        chosen = chosen[np.argsort(labels[chosen], kind="stable")]
        facts = fitted(
            assignment.reference.fit,
            images[chosen],
            labels[chosen].astype(int),
            unseen,
            seed=seed,
            **settings,
        )
        right = float(np.mean(facts["logits"].argmax(axis=1) == classes))
        rows.writerow([seed, right, *(round(loss, 5) for loss in facts["losses"])])
        done()
    path = assignment.secret / "fit_seeds.csv"
    write_atomically(path, text.getvalue().encode())
    return path


def _device(wanted: str) -> str:
    if wanted == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if wanted not in {"cpu", "cuda"}:
        raise StaffError("--device", f"{wanted} is not known", "give auto, cpu or cuda")
    if wanted == "cuda" and not torch.cuda.is_available():
        raise StaffError("--device", "there is no CUDA GPU here", "give cpu or auto")
    return wanted
