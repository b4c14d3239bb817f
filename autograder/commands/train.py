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
        TrainingOrder,
    )
    from autograder.commands.documents import TrainDocument

FEWEST_SEEDS_OF_FIT = 20
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
    "--seed", default=0, show_default=True, help="Decides every random number."
)
@click.option(
    "--seeds",
    type=click.IntRange(min=1),
    help="Of depth: runs of each network (3). Of a4_cnn: instead, run its short `fit` "
    "exercise with this many seeds, at least 20, and write the table from which its "
    "threshold follows.",
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
    help="Instead: only write what the model gives for the held-out images.",
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
    seed: int,
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
    for option, models in ONLY_FOR.items():
        if experiment[option] is not None and model not in models:
            raise StaffError(
                f"--{option}",
                f"{model} takes none",
                f"it is for {' and '.join(models)}",
            )
    if model in run.EXPERIMENTS:
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
    elif seeds is not None:
        made = _seeds(console, course, seeds)
    elif logits:
        path = run.write_logits(course, model)
        console.print(f"{path}: what {model} gives for the held-out images")
        made = TrainDocument(path=str(path))
    else:
        order = run.TrainingOrder(
            course=course, model=model, device=device, seed=seed, anew=anew, data=data
        )
        made = _model(console, order)
    if as_json:
        print_document(made)


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


def _seeds(console: Console, course: Path, seeds: int) -> TrainDocument:
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
