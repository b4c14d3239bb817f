"""Does depth help? Plain and residual networks beside each other, by depth.

He, Zhang, Ren and Sun, *Deep residual learning for image recognition* (2015), figures 1
and 6, on Fashion-MNIST: ``ResNet(BasicBlock, (n, n, n), 10)`` of assignment 5, 6n + 2
layers deep, and the same without its additions.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import torch
from torch import nn

from autograder.atomic import write_atomically
from autograder.authoring.training.experiment import (
    FIGURE,
    Parts,
    answers,
    checksum,
    keep,
    kept,
    norms,
    share_right,
)
from autograder.authoring.training.idx import TRAINING_IMAGES
from autograder.authoring.training.loop import VALIDATION
from autograder.authoring.training.place import Place
from autograder.authoring.training.recipes import from_reference
from autograder.authoring.training.shown import Shown, batches, channels_last
from autograder.errors import StaffError

BATCH = 256
DEPTHS = (20, 56, 110)
EPOCHS = 12
SEEDS = 3
KINDS = ("plain", "residual")
LEARNED = TRAINING_IMAGES - VALIDATION
"""The training images that are not held out."""
TABLE = "runs.json"
_LAYERS_A_BLOCK, _STAGES, _ENDS = 2, 3, 2


class DepthEpoch(msgspec.Struct, frozen=True, kw_only=True):
    """One epoch; the accuracies are shares from 0 to 1.

    training : in train mode, while it learned; validation : afterwards, in eval mode
    """

    learning_rate: float
    training_loss: float
    training_accuracy: float
    validation_accuracy: float
    seconds: float


class DepthRun(msgspec.Struct, frozen=True, kw_only=True):
    """One network, trained once.

    kind : ``plain`` or ``residual``
    depth : layers with weights, from first to last: 6n + 2 with n blocks a stage
    images : that it learned from
    test_accuracy : of all 10,000 test images, looked at once, at the end
    gradient_norms : of every convolution before the first step, on the first batch, in
        the order of definition; where the shapes differ, a shortcut's projection too
    """

    kind: str
    depth: int
    seed: int
    epochs: int
    batch: int
    images: int
    parameters: int
    test_accuracy: float
    gradient_norms: tuple[float, ...]
    history: tuple[DepthEpoch, ...]
    device: str
    torch: str

    @property
    def label(self) -> str:
        """Which run it is, in words."""
        return f"{self.kind}, depth {self.depth}, seed {self.seed}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DepthOrder:
    """What ``autograder train depth`` was asked to do.

    images : to learn from; data : see `Parts.read`
    anew : forget the runs of the table, once there is one to take their place
    """

    course: Path
    out: Path
    place: Place
    depths: tuple[int, ...] = DEPTHS
    seeds: int = SEEDS
    epochs: int = EPOCHS
    images: int = LEARNED
    data: Path | None = None
    anew: bool = False


def run_depth(
    order: DepthOrder, done: Callable[[DepthRun, int], None]
) -> list[DepthRun]:
    """Train every network of the order that is not in its table yet; return the table.

    done : told each run that has ended, and how many are still to come
    Raises StaffError for a depth that such a network can't have
    """
    sizes = {depth: blocks_a_stage(depth) for depth in order.depths}
    table = [] if order.anew else kept(order.out / TABLE, DepthRun)
    settings = (order.epochs, order.images)
    have = {
        (r.kind, r.depth, r.seed) for r in table if (r.epochs, r.images) == settings
    }
    wanted = [
        (kind, depth, seed)
        for seed in range(order.seeds)
        for depth in order.depths
        for kind in KINDS
        if (kind, depth, seed) not in have
    ]
    for number, (kind, depth, seed) in enumerate(wanted):
        parts = Parts.read(order.data, order.place, seed)
        torch.manual_seed(seed)
        model = order.place.put(network(order.course, kind, sizes[depth]))
        run = _trained(order, model, parts, kind=kind, depth=depth, seed=seed)
        table.append(run)
        keep(order.out / TABLE, table)
        done(run, len(wanted) - number - 1)
    keep(order.out / TABLE, table)
    text = card(table, checksum(order.out / TABLE))
    write_atomically(order.out / "card.md", text.encode())
    return table


def blocks_a_stage(depth: int) -> int:
    """Return n for a depth of 6n + 2; raises StaffError where there is no such n."""
    blocks, rest = divmod(depth - _ENDS, _LAYERS_A_BLOCK * _STAGES)
    if rest or blocks < 1:
        raise StaffError(
            "--depths", f"no such network has {depth} layers", "give 6n + 2: 8, 14, 20…"
        )
    return blocks


def network(course: Path, kind: str, blocks: int) -> nn.Module:
    """Return a network of a5's reference, with He's initial weights.

    kind : ``residual``, or ``plain`` for one without its additions
    """
    reference = from_reference(course, "a5_resnet")
    block = reference.BasicBlock if kind == "residual" else _plain(reference.BasicBlock)
    model: nn.Module = reference.ResNet(block, (blocks,) * _STAGES, 10)
    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
    return model


def _plain(basic: Any) -> type[nn.Module]:
    class Plain(basic):  # type: ignore[misc]
        """The body of a block alone."""

        def __init__(self, *settings: Any, **named_settings: Any) -> None:
            super().__init__(*settings, **named_settings)
            self.shortcut = nn.Identity()  # not called: it learns nothing

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            """Return what the convolutions make of x, with nothing added."""
            inner = torch.relu(self.bn1(self.conv1(x)))
            return torch.relu(self.bn2(self.conv2(inner)))

    return Plain


def _trained(
    order: DepthOrder,
    model: nn.Module,
    parts: Parts,
    *,
    kind: str,
    depth: int,
    seed: int,
) -> DepthRun:
    train = parts.train[torch.arange(order.images)]
    batch = min(BATCH, len(train))
    place = order.place
    model.train()
    first = train[torch.arange(batch)]
    nn.functional.cross_entropy(model(first.pixels), first.labels).backward()  # type: ignore[no-untyped-call]
    gradients = tuple(norms(model, nn.Conv2d).tolist())
    optimizer = torch.optim.SGD(
        model.parameters(), lr=0.1, momentum=0.9, weight_decay=1e-4
    )
    draw = torch.Generator().manual_seed(seed)
    history = []
    for number in range(order.epochs):
        rate = learning_rate(number, order.epochs)
        for group in optimizer.param_groups:
            group["lr"] = rate
        started = time.monotonic()
        sums = epoch_sums(model, optimizer, batches(train, batch, draw), place)
        steps = len(train) // batch
        logits = answers(model, parts.validation.pixels, place, channels_last)
        history.append(
            DepthEpoch(
                learning_rate=rate,
                training_loss=round(sums[0].item() / steps, 5),
                training_accuracy=round(sums[1].item() / (steps * batch), 5),
                validation_accuracy=share_right(logits, parts.validation.labels),
                seconds=round(time.monotonic() - started, 2),
            )
        )
    logits = answers(model, parts.test.pixels, place, channels_last)
    return DepthRun(
        kind=kind,
        depth=depth,
        seed=seed,
        epochs=order.epochs,
        batch=batch,
        images=len(train),
        parameters=sum(p.numel() for p in model.parameters()),
        test_accuracy=share_right(logits, parts.test.labels),
        gradient_norms=gradients,
        history=tuple(history),
        device=place.name,
        torch=str(torch.__version__),
    )


def epoch_sums(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    shown: Iterable[Shown],
    place: Place,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Learn from every batch; return the sum of the losses, and of right answers.

    Both stay on the device, which is asked for no number
    """
    model.train()
    loss_sum = torch.zeros((), device=place.device)
    right = torch.zeros((), device=place.device)
    for batch in shown:
        optimizer.zero_grad()
        with place.rounding():
            logits = model(channels_last(batch.pixels))
        loss = nn.functional.cross_entropy(logits.float(), batch.labels)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        loss_sum += loss.detach()
        right += (logits.detach().argmax(dim=1) == batch.labels).sum()
    return loss_sum, right


def learning_rate(epoch: int, epochs: int) -> float:
    """Return the rate of an epoch, the first being 0: a warm one, then three steps.

    Source: He et al. (2015), section 4.2, who warm their 110 layers up, too
    """
    if epoch == 0:
        return 0.01
    if epoch < epochs / 2:
        return 0.1
    return 0.01 if epoch < epochs * 3 / 4 else 0.001


def _plainly(number: float) -> str:
    """Write a number without an exponent: 0.78, 213, 1,460,134."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.2f}"  # noqa: PLR2004


_HEAD = """\
# Does depth help?

Networks of a5's blocks, `ResNet(BasicBlock, (n, n, n), 10)` with 6n + 2 layers, and the
same without their additions (*plain*), on Fashion-MNIST (Zalando SE, MIT licence); after
He et al. (2015), figures 1 and 6. SGD with momentum 0.9 and weight decay 1e-4; a warm
epoch, then 0.1, 0.01 and 0.001; flips and shifts; He's initial weights. Training accuracy
is the last epoch's, in train mode, on flipped and shifted images; the test images were
looked at once, at the end. *First gradient*: its norm in the first convolution, before
the first step.

| kind | depth | seed | training | test | first gradient | parameters | epochs | images | device |
| --- | --: | --: | --: | --: | --: | --: | --: | --: | --- |
"""  # noqa: E501 - a row of a table


def card(runs: Sequence[DepthRun], table: str) -> str:
    """Return what was trained and what came of it, as Markdown.

    table : SHA-256 of the table of runs
    """
    order = sorted(runs, key=lambda run: (run.depth, run.kind, run.seed, run.epochs))
    rows = [
        f"| {run.kind} | {run.depth} | {run.seed} "
        f"| {100 * run.history[-1].training_accuracy:.1f} % "
        f"| {100 * run.test_accuracy:.1f} % | {_plainly(run.gradient_norms[0])} "
        f"| {run.parameters:,} | {run.epochs} | {run.images:,} "
        f"| {run.device}, torch {run.torch} |"
        for run in order
    ]
    end = f"""
![errors and first gradients by depth]({FIGURE})

Every epoch and every gradient: `{TABLE}`, SHA-256 {table}.
"""
    return _HEAD + "\n".join([*rows, ""]) + end
