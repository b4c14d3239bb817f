"""The lecture's networks at the sizes of their papers, trained on one set of images.

They are built from a2's lists of layers with ten classes, and the images enlarged to
what each was made for. What their papers have beside (dropout, local response
normalisation, auxiliary heads) is left out.
"""

import io
import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import torch
from checks.architectures import Layer
from torch import nn

from autograder.atomic import write_atomically
from autograder.authoring import lecture_networks
from autograder.authoring.lecture_networks import ARCHITECTURES, Shape
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
from autograder.authoring.training.place import Place
from autograder.authoring.training.shown import (
    Shown,
    batches,
    channels_last,
    to_pixels,
)
from autograder.course.reference_models import Secrets
from autograder.errors import StaffError

Logits = npt.NDArray[np.float32]
NETWORKS = ("AlexNet, paper", "VGG-16", "GoogLeNet", "ResNet-18")
YEARS = {
    "LeNet-5": 1998,
    "AlexNet": 2012,
    "VGG": 2014,
    "GoogLeNet": 2014,
    "ResNet": 2015,
}
"""Of each family's paper."""
SEEN = 110_080
"""Images, two epochs of them: so much fits in minutes on a GPU."""
BATCH = 256
CLASSES = 10
TABLE, LOGITS = "networks.json", "logits.npz"
_EVERY, _AT_ONCE, _LONGEST_STEP = 20, 250, 5.0


class LectureRun(msgspec.Struct, frozen=True, kw_only=True):
    """One of the lecture's networks, trained once.

    image : (channels, height, width) that the images were enlarged to
    macs : multiplications of its convolution and linear layers for one image
    losses : pairs of images seen and the mean training loss of the last steps
    gradient_norms : of every convolution and linear layer at the first step
    test_accuracy : of all 10,000 test images, looked at once, at the end
    peak_memory_mib : of the GPU; None on a CPU
    """

    network: str
    parameters: int
    macs: int
    image: tuple[int, ...]
    images_seen: int
    batch: int
    learning_rate: float
    test_accuracy: float
    losses: tuple[tuple[int, float], ...]
    gradient_norms: tuple[float, ...]
    training_seconds: float
    images_a_second: int
    peak_memory_mib: int | None
    device: str
    torch: str

    @property
    def label(self) -> str:
        """Which run it is, in words."""
        return self.network

    @property
    def year(self) -> int:
        """The year of its paper."""
        return next(
            year for name, year in YEARS.items() if self.network.startswith(name)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LectureOrder:
    """What ``autograder train lecture`` was asked to do.

    data : see `Parts.read`
    anew : forget the runs of the table, once there is one to take their place
    """

    course: Path
    out: Path
    place: Place
    networks: tuple[str, ...] = NETWORKS
    seen: int = SEEN
    data: Path | None = None
    anew: bool = False


def run_lecture(
    order: LectureOrder, done: Callable[[LectureRun, int], None]
) -> list[LectureRun]:
    """Train every network of the order that is not in its table yet; return the table.

    Beside it are the logits of the 1,000 held-out images, (1000, 10) by network.
    done : told each run that has ended, and how many are still to come
    Raises StaffError for a network that the lecture has not
    """
    for name in order.networks:
        if name not in ARCHITECTURES:
            known = "; ".join(ARCHITECTURES)
            raise StaffError("--networks", f"{name} is not known", f"give {known}")
    table = [] if order.anew else kept(order.out / TABLE, LectureRun)
    said = {} if order.anew else logits_of(order.out / LOGITS)
    have = {run.network for run in table if run.images_seen == order.seen}
    wanted = [name for name in order.networks if name not in have]
    parts = Parts.read(order.data, order.place, 0) if wanted else None
    images, _ = Secrets(order.course / "solutions").held_out()
    unseen = to_pixels(images).to(order.place.device)
    for number, name in enumerate(wanted):
        if parts is None:
            break
        run, logits = _trained(name, order, parts, unseen)
        table = [*(other for other in table if other.network != name), run]
        said[name] = logits
        keep_logits(order.out / LOGITS, said)
        keep(order.out / TABLE, table)
        done(run, len(wanted) - number - 1)
    text = card(
        table,
        logits=checksum(order.out / LOGITS),
        table=checksum(order.out / TABLE),
    )
    write_atomically(order.out / "card.md", text.encode())
    return table


def layers_of(name: str) -> list[Layer]:
    """Return the list of layers of a network of the lecture, for ten classes."""
    make: Callable[..., list[Layer]] = ARCHITECTURES[name].layers
    return make(num_classes=CLASSES)


def built(name: str) -> nn.Module:
    """Return a network of the lecture for ten classes, with its initial weights.

    He's initial weights, which reach through sixteen layers; LeNet-5 keeps PyTorch's
    """
    model = lecture_networks.network(layers_of(name), ARCHITECTURES[name].image)
    if name == "LeNet-5":
        return model
    linear = [module for module in model.modules() if isinstance(module, nn.Linear)]
    for module in model.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(module.weight, mode="fan_in", nonlinearity="relu")
            if module.bias is not None:
                nn.init.zeros_(module.bias)
    nn.init.normal_(linear[-1].weight, std=0.01)
    return model


def enlarged(images: torch.Tensor, shape: Shape) -> torch.Tensor:
    """Return (N, 1, 28, 28) images as (N, *shape): bilinear, the channels all alike."""
    if images.shape[-2:] != shape[1:]:
        images = nn.functional.interpolate(
            images, size=shape[1:], mode="bilinear", align_corners=False
        )
    return channels_last(images.expand(-1, shape[0], -1, -1))


def _trained(
    name: str, order: LectureOrder, parts: Parts, unseen: torch.Tensor
) -> tuple[LectureRun, Logits]:
    place, shape = order.place, ARCHITECTURES[name].image
    torch.manual_seed(0)
    model = place.put(built(name))
    batch = min(BATCH, order.seen, len(parts.train))
    place.watch_memory()
    started = time.monotonic()
    learned = learn(
        model, shape, parts.train, place, steps=order.seen // batch, batch=batch
    )
    losses = _means(learned.losses, batch)
    seconds = time.monotonic() - started
    memory = place.most_memory_mib()
    answered = partial(
        answers,
        model,
        place=place,
        prepared=partial(enlarged, shape=shape),
        at_once=_AT_ONCE,
    )
    run = LectureRun(
        network=name,
        parameters=sum(p.numel() for p in model.parameters()),
        macs=sum(s.macs for s in lecture_networks.steps(layers_of(name), shape)),
        image=shape,
        images_seen=losses[-1][0],
        batch=batch,
        learning_rate=learned.rate,
        test_accuracy=share_right(answered(parts.test.pixels), parts.test.labels),
        losses=losses,
        gradient_norms=tuple(learned.gradients.tolist()),
        training_seconds=round(seconds, 1),
        images_a_second=round(losses[-1][0] / seconds),
        peak_memory_mib=memory,
        device=place.name,
        torch=str(torch.__version__),
    )
    return run, answered(unseen).cpu().numpy()


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """How a training went, with all that the device has to say still there.

    rate : the highest
    losses : (steps,), of every step
    gradients : (layers,), see `LectureRun`
    """

    rate: float
    losses: torch.Tensor
    gradients: torch.Tensor


def learn(
    model: nn.Module,
    shape: Shape,
    train: Shown,
    place: Place,
    *,
    steps: int,
    batch: int,
) -> Learned:
    """Train a model for so many steps, and ask the device for no number.

    shape : of the images that it is made for
    """
    normalised = any(isinstance(module, nn.BatchNorm2d) for module in model.modules())
    rate = 0.1 if normalised else 0.01
    optimizer = torch.optim.SGD(
        model.parameters(), lr=rate, momentum=0.9, nesterov=True, weight_decay=5e-4
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, rate, total_steps=steps, pct_start=0.3
    )
    draw = torch.Generator().manual_seed(0)
    epochs = (batches(train, batch, draw) for _ in itertools.count())
    losses: list[torch.Tensor] = []
    gradients = torch.zeros(0)
    model.train()
    for shown in itertools.islice(itertools.chain.from_iterable(epochs), steps):
        optimizer.zero_grad()
        with place.rounding():
            logits = model(enlarged(shown.pixels, shape))
        loss = nn.functional.cross_entropy(logits.float(), shown.labels)
        loss.backward()  # type: ignore[no-untyped-call]
        if not losses:
            gradients = norms(model, (nn.Conv2d, nn.Linear))
        if not normalised:
            nn.utils.clip_grad_norm_(model.parameters(), _LONGEST_STEP)
        optimizer.step()
        schedule.step()
        losses.append(loss.detach())
    return Learned(rate=rate, losses=torch.stack(losses), gradients=gradients)


def _means(losses: torch.Tensor, batch: int) -> tuple[tuple[int, float], ...]:
    """Return pairs of images seen and the mean loss of the last steps."""
    parts = torch.split(losses, _EVERY)
    ends = [min((n + 1) * _EVERY, len(losses)) for n in range(len(parts))]
    means = torch.stack([part.mean() for part in parts]).tolist()
    return tuple((end * batch, round(m, 5)) for end, m in zip(ends, means, strict=True))


def logits_of(
    path: Path,
) -> dict[str, Logits]:
    """Return the logits of the held-out images, (1000, 10) by network; {} for none."""
    if not path.exists():
        return {}
    with np.load(path) as file:
        return {name: file[name] for name in file.files}


def keep_logits(path: Path, logits: dict[str, Logits]) -> None:
    """Write networks' logits, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    every: dict[str, Any] = dict(logits)
    np.savez_compressed(buffer, **every)
    write_atomically(path, buffer.getvalue())


def in_words(macs: int) -> str:
    """Write a number of multiplications: 0.42 M, 15.47 G."""
    return f"{macs / 1e9:.2f} G" if macs >= 1e8 else f"{macs / 1e6:.2f} M"  # noqa: PLR2004


_HEAD = """\
# The lecture's networks, trained

Built from a2's lists of layers at their papers' sizes, with ten classes, on Fashion-MNIST
(Zalando SE, MIT licence) enlarged to the image each was made for. One cycle of SGD with
Nesterov's momentum 0.9 up to the rate in the table, weight decay 5e-4, flips and shifts,
bfloat16 on a GPU, seed 0; gradients longer than 5 are shortened where there is no batch
normalisation. No dropout, no local response normalisation, no auxiliary heads. The
weights are too large to keep. LeNet-5 is a [reference model](../../models/lenet5/card.md)
with a training of its own.

| network | year | parameters | MACs | test | images seen | rate | seconds | images a second | peak MiB | device |
| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --- |
"""  # noqa: E501 - a row of a table


def card(runs: Sequence[LectureRun], *, logits: str, table: str) -> str:
    """Return what was trained and what came of it, as Markdown.

    logits, table : SHA-256 of the file of logits, and of the table of runs
    """
    rows = [
        f"| {run.network} | {run.year} | {run.parameters:,} "
        f"| {in_words(run.macs)} | {100 * run.test_accuracy:.2f} % "
        f"| {run.images_seen:,} | {run.learning_rate:g} | {run.training_seconds:.1f} "
        f"| {run.images_a_second:,} "
        f"| {'' if run.peak_memory_mib is None else f'{run.peak_memory_mib:,}'} "
        f"| {run.device}, torch {run.torch} |"
        for run in sorted(runs, key=lambda run: (run.year, run.network))
    ]
    end = f"""
![accuracy against parameters and multiplications]({FIGURE})

Logits of the 1,000 held-out images: `{LOGITS}`, SHA-256 {logits}.
Losses and every gradient at the first step: `{TABLE}`, SHA-256 {table}.
"""
    return _HEAD + "\n".join([*rows, ""]) + end
