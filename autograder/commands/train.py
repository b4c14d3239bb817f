"""``autograder train``: make the reference models anew."""

from pathlib import Path

import click

from autograder.commands.document import console_for, json_option, print_document
from autograder.commands.options import course_option, named_errors


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
    type=click.IntRange(min=20),
    help="Instead: run the short `fit` exercise of a4_cnn with this many seeds and "
    "write the table from which its threshold follows.",
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
    anew: bool,
    data: Path | None,
    course: Path,
    as_json: bool,
) -> None:
    """Train a reference MODEL (small_cnn, resnet, lenet5) and write its folder.

    a4_cnn and a5_resnet name the models of these assignments. A run that was stopped
    goes on from its last epoch.
    """
    from rich.table import Table

    # torch takes a second to import, and no other command needs it.
    from autograder.authoring.training import run
    from autograder.commands.documents import TrainDocument
    from autograder.commands.progress import progress_bar

    console = console_for(as_json=as_json)
    if seeds is not None:
        with progress_bar(console) as progress:
            bar = progress.add_task("fit", total=seeds)
            path = run.fit_seeds(course, seeds, done=lambda: progress.advance(bar))
        console.print(f"{path}: {seeds} seeds")
        if as_json:
            print_document(TrainDocument(path=str(path)))
        return
    order = run.TrainingOrder(
        course=course, model=model, device=device, seed=seed, anew=anew, data=data
    )
    with progress_bar(console) as progress:
        bar = progress.add_task(f"training {model}", total=None)

        def done(epoch: run.Epoch, total: int) -> None:
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
    if as_json:
        print_document(made)
