"""``autograder train``: make the reference models and the experiments anew."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.commands.document import console_for, json_option, print_document
from autograder.commands.options import course_option, named_errors
from autograder.errors import StaffError

if TYPE_CHECKING:
    from rich.console import Console

    from autograder.authoring.training.depth import DepthRun
    from autograder.authoring.training.lecture import LectureRun
    from autograder.authoring.training.run import (
        Epoch,
        ExperimentOrder,
        SeedRun,
        TrainingOrder,
    )
    from autograder.commands.documents import TrainDocument

FEWEST_SEEDS_OF_FIT = 20
FIT = "a4_cnn"
"""With --seeds, the assignment whose short `fit` exercise is run instead."""
EXPERIMENTS = ("depth", "lecture")
NOT_FOR = {
    "seed": EXPERIMENTS,
    "seeds": ("lecture",),
    "logits": EXPERIMENTS,
}
"""Options that some MODELs don't take."""
ONLY_FOR = {
    "depths": ("depth",),
    "epochs": ("depth",),
    "images": ("depth", "lecture"),
    "networks": ("lecture",),
    "out": ("depth", "lecture"),
}
"""Options that only some MODELs take."""


@click.command("train")
@click.argument("model")
@click.option(
    "--device",
    default="auto",
    show_default=True,
    help="cpu, cuda, or auto: a GPU where there is one.",
)
@click.option(
    "--seed",
    type=int,
    help="Of a model: decides every random number.  [default: 0]",
)
@click.option(
    "--seeds",
    type=click.IntRange(min=1),
    help="Of a model: instead, train it from so many seeds, 0, 1, 2 ..., and keep what "
    "each reaches, not its weights. Of depth: runs of each network (3). Of a4_cnn: "
    "instead, run its short `fit` exercise with this many seeds, at least 20, and "
    "write the table from which its threshold follows.",
)
@click.option("--depths", help="Of depth: layers, 6n + 2.  [default: 20,56,110]")
@click.option("--epochs", type=click.IntRange(min=1), help="Of depth.  [default: 12]")
@click.option(
    "--images",
    type=click.IntRange(min=1),
    help="Of depth: how many to learn from (55000). Of lecture: how many are shown, "
    "all epochs together (110080).",
)
@click.option(
    "--networks",
    help="Of lecture: names, with ; between.  "
    "[default: AlexNet, paper; VGG-16; GoogLeNet; ResNet-18]",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Of depth and lecture: where the table is.  [default: solutions/experiments]",
)
@click.option(
    "--logits",
    is_flag=True,
    help="Instead: only write what the model gives for the held-out images, and the "
    "page of all models.",
)
@click.option("--anew", is_flag=True, help="Do not go on from a checkpoint.")
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder with the four original files.  [default: Debian's]",
)
@course_option
@json_option
@named_errors
def command(
    *,
    model: str,
    device: str,
    seed: int | None,
    seeds: int | None,
    logits: bool,
    anew: bool,
    data: Path | None,
    course: Path,
    as_json: bool,
    **experiment: Any,
) -> None:
    """Train a MODEL (small_cnn, resnet, lenet5), or run an experiment (depth, lecture).

    a4_cnn and a5_resnet name the models of these assignments. A run that was stopped
    goes on from its last epoch. depth trains plain and residual networks of several
    depths, lecture the lecture's networks at their papers' sizes: hours on a CPU,
    minutes on a GPU; runs that are in their table already are not made again.
    """
    # torch takes a second to import, and no other command needs it.
    from autograder.authoring.training import run
    from autograder.commands.documents import TrainDocument

    console = console_for(as_json=as_json)
    _refuse_misplaced(
        model, {"seed": seed, "seeds": seeds, **experiment}, logits=logits
    )
    order = run.TrainingOrder(
        course=course,
        model=model,
        device=device,
        seed=seed or 0,
        anew=anew,
        data=data,
    )
    if model in EXPERIMENTS:
        made = _experiment(
            console,
            run.ExperimentOrder(
                course=course,
                name=model,
                device=device,
                data=data,
                anew=anew,
                seeds=seeds,
                **experiment,
            ),
        )
    elif model == FIT and seeds is not None:
        made = _seeds_of_fit(console, course, seeds)
    elif seeds is not None:
        made = _seeds(console, order, seeds)
    elif logits:
        path = run.write_logits(course, model)
        console.print(f"{path}: what {model} gives for the held-out images")
        made = TrainDocument(path=str(path))
    else:
        made = _model(console, order)
    if as_json:
        print_document(made)


def _refuse_misplaced(model: str, given: dict[str, Any], *, logits: bool) -> None:
    """Raise StaffError for an option that this MODEL would not heed."""
    options = [name for name, value in given.items() if value is not None]
    options += ["logits"] if logits else []
    for option in options:
        models = ONLY_FOR.get(option, ())
        if models and model not in models:
            told = f"it is for {' and '.join(models)}"
            raise StaffError(f"--{option}", f"{model} takes none", told)
        if model in NOT_FOR.get(option, ()):
            raise StaffError(f"--{option}", f"{model} takes none", "leave it out")
    chosen = [f"--{name}" for name in ("seed", "seeds", "logits") if name in options]
    if len(chosen) > 1:
        raise StaffError(chosen[1], f"does not go with {chosen[0]}", "give one of them")


def _experiment(console: Console, order: ExperimentOrder) -> TrainDocument:
    from autograder.authoring.training import run
    from autograder.commands.documents import TrainDocument
    from autograder.commands.progress import progress_bar

    with progress_bar(console) as progress:
        bar = progress.add_task(order.name, total=None)

        def done(ended: DepthRun | LectureRun, left: int) -> None:
            progress.advance(bar)
            progress.update(bar, total=progress.tasks[0].completed + left)
            progress.console.print(
                f"{ended.label}: {100 * ended.test_accuracy:.2f} % of the test images"
            )

        folder = run.run_experiment(order, done)
    console.print(f"{folder}: see card.md")
    return TrainDocument(path=str(folder))


def _seeds(console: Console, order: TrainingOrder, count: int) -> TrainDocument:
    from autograder.authoring.training import run
    from autograder.commands.documents import TrainDocument
    from autograder.commands.progress import progress_bar

    with progress_bar(console) as progress:
        bar = progress.add_task(order.model, total=count)

        def done(ended: SeedRun, left: int) -> None:
            progress.update(bar, completed=count - left)
            progress.console.print(
                f"{ended.label}: {100 * ended.test_accuracy:.2f} % of the test images"
            )

        path = run.train_seeds(order, count, done)
    console.print(f"{path}: {run.band_of(order.course, order.model)}")
    return TrainDocument(path=str(path))


def _seeds_of_fit(console: Console, course: Path, seeds: int) -> TrainDocument:
    from autograder.authoring.training import run
    from autograder.commands.documents import TrainDocument
    from autograder.commands.progress import progress_bar

    if seeds < FEWEST_SEEDS_OF_FIT:
        raise StaffError(
            "--seeds",
            f"{seeds} are too few for a threshold",
            f"give at least {FEWEST_SEEDS_OF_FIT}",
        )
    with progress_bar(console) as progress:
        bar = progress.add_task("fit", total=seeds)
        path = run.fit_seeds(course, seeds, done=lambda: progress.advance(bar))
    console.print(f"{path}: {seeds} seeds")
    return TrainDocument(path=str(path))


def _model(console: Console, order: TrainingOrder) -> TrainDocument:
    from rich.table import Table

    from autograder.authoring.training import run
    from autograder.commands.documents import TrainDocument
    from autograder.commands.progress import progress_bar

    with progress_bar(console) as progress:
        bar = progress.add_task(f"training {order.model}", total=None)

        def done(epoch: Epoch, total: int) -> None:
            progress.update(bar, total=total, completed=epoch.epoch)
            progress.console.print(
                f"epoch {epoch.epoch}: loss {epoch.loss:.4f}, "
                f"validation {100 * epoch.validation_accuracy:.2f} %, "
                f"{epoch.seconds:.0f} s"
            )

        metrics, folder = run.train_model(order, done)
    made = TrainDocument(
        path=str(folder),
        test_accuracy=metrics.test_accuracy,
        parameters=metrics.parameters,
        device=metrics.device,
    )
    table = Table(title=made.path, title_justify="left")
    table.add_column("what")
    table.add_column("value", justify="right")
    table.add_row("accuracy on the test images", f"{100 * metrics.test_accuracy:.2f} %")
    table.add_row("parameters", f"{metrics.parameters:,}")
    table.add_row("device", made.device)
    console.print(table)
    return made
