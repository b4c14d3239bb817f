"""The errands of ``autograder train``: a model, a table of seeds, an experiment."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from checks.fashion_mnist import fashion_mnist
from checks.fitting import fitted
from checks.training import pixels

from autograder.atomic import write_atomically
from autograder.authoring.training import (
    card,
    depth,
    figures,
    lecture,
    seeds,
    subsets,
)
from autograder.authoring.training.card import Metrics
from autograder.authoring.training.depth import DepthRun
from autograder.authoring.training.experiment import FIGURE, keep
from autograder.authoring.training.idx import DEBIAN_FOLDER, TRAINING_IMAGES, read_part
from autograder.authoring.training.lecture import LectureRun
from autograder.authoring.training.loop import (
    VALIDATION,
    Epoch,
    Trained,
    logits_of,
    train,
)
from autograder.authoring.training.overview import write_overview
from autograder.authoring.training.place import Place
from autograder.authoring.training.recipes import recipe_named
from autograder.authoring.training.seeds import SeedRun
from autograder.authoring.training.shown import to_pixels
from autograder.course import reference_models
from autograder.course.assignment import load
from autograder.errors import StaffError

__all__ = [
    "Epoch",
    "ExperimentOrder",
    "SeedRun",
    "TrainingOrder",
    "band_of",
    "fit_seeds",
    "run_experiment",
    "train_model",
    "train_seeds",
    "write_logits",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingOrder:
    """What ``autograder train`` was asked to do."""

    course: Path
    model: str
    device: str
    seed: int
    anew: bool
    data: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentOrder:
    """What ``autograder train depth`` or ``lecture`` was asked to do; None: as kept.

    depths : numbers with commas between; networks : names with semicolons between
    anew : forget the runs that are in the table
    """

    course: Path
    name: str
    device: str
    data: Path | None
    anew: bool
    out: Path | None = None
    seeds: int | None = None
    depths: str | None = None
    epochs: int | None = None
    images: int | None = None
    networks: str | None = None


def run_experiment(
    order: ExperimentOrder, done: Callable[[DepthRun | LectureRun, int], None]
) -> Path:
    """Make the runs that an experiment's table has not yet; return its folder.

    In it are then the table, its card and its figure.

    done : told each run that has ended, and how many are still to come
    """
    out = order.out or order.course / "solutions" / "experiments" / order.name
    given: dict[str, Any] = {
        "course": order.course,
        "out": out,
        "place": Place.chosen(order.device),
        "data": order.data,
        "anew": order.anew,
    }
    if order.name == "lecture":
        if order.networks is not None:
            given["networks"] = tuple(n.strip() for n in order.networks.split(";"))
        if order.images is not None:
            given["seen"] = order.images
        networks = lecture.run_lecture(lecture.LectureOrder(**given), done)
        lenet5 = figures.trained(order.course, reference_models.LENET5)
        figures.write(figures.by_size(networks, lenet5), out / FIGURE)
        return out
    if order.depths is not None:
        given["depths"] = _numbers(order.depths)
    chosen = {"seeds": order.seeds, "epochs": order.epochs, "images": order.images}
    given |= {name: value for name, value in chosen.items() if value is not None}
    runs = depth.run_depth(depth.DepthOrder(**given), done)
    figures.write(figures.by_depth(runs), out / FIGURE)
    return out


def _numbers(text: str) -> tuple[int, ...]:
    try:
        return tuple(map(int, text.split(",")))
    except ValueError as error:
        raise StaffError(
            "--depths", f"{text} is no list of numbers", "as in 8,20"
        ) from error


def train_model(
    order: TrainingOrder, done: Callable[[Epoch, int], None]
) -> tuple[Metrics, Path]:
    """Train a reference model and write its folder; return its figures and the folder.

    done : told every epoch that has ended, and how many there are
    """
    recipe = recipe_named(order.model)
    folder = order.course / "solutions" / "models" / recipe.name
    checkpoint = folder / "checkpoint.pt"
    trained, logits, labels = _trained(order, checkpoint, done)
    metrics = card.keep(
        folder,
        recipe,
        trained,
        seed=order.seed,
        images=TRAINING_IMAGES,
        validation=VALIDATION,
        answers=logits.argmax(dim=1),
        labels=labels,
    )
    checkpoint.unlink()
    write_logits(order.course, recipe.name)
    return metrics, folder


def train_seeds(
    order: TrainingOrder, count: int, done: Callable[[SeedRun, int], None]
) -> Path:
    """Train a reference model from the seeds 0 to `count` - 1; return the table's path.

    The kept weights stay as they are.
    done : told each seed that has run, and how many are still to come
    """
    recipe = recipe_named(order.model)
    folder = order.course / "solutions" / "models" / recipe.name
    path = seeds.table_of(order.course, recipe.name)
    table = [] if order.anew else seeds.runs_of(order.course, recipe.name)
    have = {run.seed for run in table if run.epochs == recipe.epochs}
    wanted = [seed for seed in range(count) if seed not in have]
    for number, seed in enumerate(wanted):
        checkpoint = folder / f"checkpoint-{seed}.pt"
        own = replace(order, seed=seed)
        trained, logits, labels = _trained(own, checkpoint, lambda *_: None)
        run = SeedRun(
            seed=seed,
            epochs=recipe.epochs,
            test_accuracy=(logits.argmax(dim=1) == labels).double().mean().item(),
            history=trained.history,
            device=trained.device,
            torch=str(torch.__version__),
        )
        table = [*(other for other in table if other.seed != seed), run]
        keep(path, table)
        checkpoint.unlink()
        done(run, len(wanted) - number - 1)
    write_overview(order.course)
    return path


def band_of(course: Path, model: str) -> str:
    """Say how far the seeds of a reference model's table are apart."""
    return seeds.band(seeds.runs_of(course, recipe_named(model).name))


def _trained(
    order: TrainingOrder, checkpoint: Path, done: Callable[[Epoch, int], None]
) -> tuple[Trained, torch.Tensor, torch.Tensor]:
    """Train a model; return it with its logits of the test images and their labels."""
    recipe, place = recipe_named(order.model), Place.chosen(order.device)
    data = order.data or DEBIAN_FOLDER
    subsets.write(order.course, data)
    images = read_part(data, "train")
    torch.manual_seed(order.seed)
    model = recipe.build(order.course)
    if order.anew:
        checkpoint.unlink(missing_ok=True)
    trained = train(
        recipe,
        model,
        images,
        seed=order.seed,
        place=place,
        checkpoint=checkpoint,
        done=lambda epoch: done(epoch, recipe.epochs),
    )
    test = read_part(data, "t10k")
    logits = logits_of(model.cpu(), trained.weights, to_pixels(test.images))
    return trained, logits, torch.from_numpy(test.labels).long()


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


def write_logits(course: Path, model: str) -> Path:
    """Write what a model on disk gives for the held-out images, computed in float64.

    The page of all models is written anew, too. Returns where the logits lie
    """
    recipe = recipe_named(model)
    secrets = reference_models.Secrets(course / "solutions")
    images, _ = secrets.held_out()
    network = recipe.build(course).double()
    state = {name: torch.tensor(a) for name, a in secrets.trained(recipe.name).items()}
    network.load_state_dict(state)
    network.eval()
    with torch.no_grad():
        parts = torch.chunk(pixels(images).double(), 10)
        logits = torch.cat([network(part) for part in parts]).numpy()
    path = reference_models.write_logits(
        course / "solutions" / "models" / recipe.name, logits
    )
    write_overview(course)
    return path
