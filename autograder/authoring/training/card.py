"""What is kept of a training: weights, figures, a curve, and a card that tells it."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import matplotlib as mpl
import msgspec
import torch
from checks.fashion_mnist import CLASSES
from matplotlib.figure import Figure
from safetensors.torch import save

from autograder.atomic import write_atomically
from autograder.authoring.training.loop import Epoch, Trained
from autograder.authoring.training.recipes import Recipe


class Metrics(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of a reference model.

    test_accuracy : on all 10,000 test images, looked at once, at the end
    confusion : rows are the true class, columns the answer
    """

    model: str
    seed: int
    epochs: int
    parameters: int
    device: str
    torch: str
    wall_seconds: float
    trained_on: int
    validation_images: int
    test_accuracy: float
    confusion: tuple[tuple[int, ...], ...]
    weights_sha256: str
    trained_at: datetime
    history: tuple[Epoch, ...]


def keep(
    folder: Path,
    recipe: Recipe,
    trained: Trained,
    *,
    seed: int,
    images: int,
    validation: int,
    answers: torch.Tensor,
    labels: torch.Tensor,
) -> Metrics:
    """Write a reference model's folder, and return its figures.

    answers, labels : of the test images
    """
    confusion = torch.zeros(len(CLASSES), len(CLASSES), dtype=torch.int64)
    for true, answer in zip(labels.tolist(), answers.tolist(), strict=True):
        confusion[true, answer] += 1
    data = save(trained.weights)
    metrics = Metrics(
        model=recipe.name,
        seed=seed,
        epochs=recipe.epochs,
        parameters=sum(
            value.numel()
            for name, value in trained.weights.items()
            if "running_" not in name and "num_batches" not in name
        ),
        device=trained.device,
        torch=str(torch.__version__),
        wall_seconds=round(sum(epoch.seconds for epoch in trained.history), 1),
        trained_on=images - validation,
        validation_images=validation,
        test_accuracy=(answers == labels).double().mean().item(),
        confusion=tuple(tuple(row) for row in confusion.tolist()),
        weights_sha256=hashlib.sha256(data).hexdigest(),
        trained_at=datetime.now(UTC).replace(microsecond=0),
        history=trained.history,
    )
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / "weights.safetensors", data)
    text = msgspec.json.format(msgspec.json.encode(metrics), indent=1)
    write_atomically(folder / "metrics.json", text + b"\n")
    write_atomically(folder / "card.md", card(recipe, metrics).encode())
    draw_curve(trained.history, folder / "curve.png")
    return metrics


def card(recipe: Recipe, metrics: Metrics) -> str:
    """Return the model card as Markdown."""
    per_class = "\n".join(
        f"| {name} | {100 * row[number] / sum(row):.1f} % |"
        for number, (name, row) in enumerate(
            zip(CLASSES, metrics.confusion, strict=True)
        )
    )
    return f"""# {recipe.title}

{metrics.parameters:,} parameters, trained on Fashion-MNIST (Zalando SE, MIT licence).
Accuracy on the 10,000 test images, of the weights kept:
**{100 * metrics.test_accuracy:.2f} %**.

| | |
| --- | --- |
| images | {metrics.trained_on:,} for training, {metrics.validation_images:,} held out |
| seed | {metrics.seed} |
| epochs | {metrics.epochs}, batches of {recipe.batch_size} |
| optimizer | AdamW, one cycle up to {recipe.learning_rate:g}, weight decay \
{recipe.weight_decay:g} |
| loss | cross-entropy, labels smoothed by {recipe.label_smoothing:g} |
| augmentation | flips left to right, shifts by up to 2 pixels |
| kept | moving average of the weights ({recipe.ema:g}) |
| device | {metrics.device} |
| torch | {metrics.torch} |
| wall time | {metrics.wall_seconds:,.0f} s |
| trained at | {metrics.trained_at:%Y-%m-%d %H:%M} UTC |
| weights, SHA-256 | {metrics.weights_sha256} |
{recipe.remark}

![accuracy on the validation images by epoch](curve.png)

| class | accuracy |
| --- | --- |
{per_class}
"""


def draw_curve(history: Sequence[Epoch], path: Path) -> None:
    """Draw the accuracy on the validation images, and the training loss, by epoch."""
    with mpl.rc_context({"font.size": 9}):
        figure = Figure(figsize=(6, 3), layout="constrained")
        left, right = figure.subplots(1, 2)
        epochs = [epoch.epoch for epoch in history]
        left.plot(epochs, [100 * e.validation_accuracy for e in history], color="C0")
        left.set(xlabel="epoch", ylabel="right validation images (%)")
        right.plot(epochs, [epoch.loss for epoch in history], color="C1")
        right.set(xlabel="epoch", ylabel="training loss")
        for axes in (left, right):
            axes.spines[["top", "right"]].set_visible(False)
        figure.savefig(path, dpi=120, metadata={"Software": None})
