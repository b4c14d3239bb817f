"""Types, asserts, meters and a logger; ReLU after pooling; a sampler for the order."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset, RandomSampler, Subset, TensorDataset

log = logging.getLogger(__name__)
WIDTHS: Final = (32, 64)
LossFn = Callable[[Tensor, Tensor], Tensor]


@dataclass
class Meter:
    """A running mean, weighted by the number of images."""

    total: float = 0.0
    count: int = 0
    history: list[float] = field(default_factory=list)

    def update(self, value: float, n: int) -> None:
        self.total += value * n
        self.count += n
        self.history.append(value)

    @property
    def mean(self) -> float:
        assert self.count > 0, "nothing was measured"
        return self.total / self.count


class ConvStage(nn.Module):
    def __init__(self, c_in: int, c_out: int) -> None:
        super().__init__()
        self.conv: nn.Conv2d = nn.Conv2d(c_in, c_out, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1), bias=True)
        self.pool = nn.MaxPool2d((2, 2), stride=(2, 2))

    def forward(self, x: Tensor) -> Tensor:
        assert x.dim() == 4, f"expected NCHW, got {tuple(x.shape)}"
        return self.pool(self.conv(x)).clamp(min=0)  # relu and max pooling commute


class SmallCNN(nn.Module):
    def __init__(self, in_channels: int = 1, num_classes: int = 10, image_size: int = 28) -> None:
        super().__init__()
        assert image_size >= 4
        self.image_size = image_size
        self.stages = nn.ModuleList()
        c = in_channels
        for width in WIDTHS:
            self.stages.append(ConvStage(c, width))
            c = width
        flat = WIDTHS[-1] * (image_size // 4) * (image_size // 4)
        self.head = nn.ModuleDict({"hidden": nn.Linear(flat, 64), "out": nn.Linear(64, num_classes)})

    def forward(self, x: Tensor) -> Tensor:
        for stage in self.stages:
            x = stage(x)
        n = x.size(0)
        x = x.contiguous().view(n, -1)
        return self.head["out"](torch.relu(self.head["hidden"](x)))


@contextmanager
def evaluating(model: nn.Module) -> Iterator[None]:
    training = [m for m in model.modules() if m.training]
    model.eval()
    with ExitStack() as stack:
        stack.enter_context(torch.no_grad())
        yield
    for m in training:
        m.training = True


def feature_size(features: nn.Module, in_channels: int, image_size: int) -> int:
    with evaluating(features):
        shape = features(torch.zeros((1, in_channels, image_size, image_size))).shape
    return int(np.prod(shape[1:]))


def edge_layer(kernel: Sequence[Sequence[float]]) -> nn.Conv2d:
    array = np.asarray(kernel, dtype=np.float64)[::-1, ::-1]
    kh, kw = array.shape
    layer = nn.Conv2d(in_channels=1, out_channels=1, kernel_size=(kh, kw), stride=1, padding=0, bias=False)
    weight = torch.from_numpy(array.copy()).reshape(1, 1, kh, kw)
    layer.weight.data.copy_(weight)
    for p in layer.parameters():
        p.requires_grad = False
    return layer


class GlobalPoolCNN(nn.Module):
    def __init__(self, in_channels: int, num_classes: int) -> None:
        super().__init__()
        self.first = ConvStage(in_channels, 32)
        self.second = ConvStage(32, 64)
        self.gap = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(64, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.gap(self.second(self.first(x)))
        return self.fc(x.squeeze(-1).squeeze(-1))


def train_one_epoch(model: nn.Module, loader: DataLoader, optimizer: torch.optim.Optimizer, loss_fn: LossFn) -> float:
    assert isinstance(model, nn.Module)
    model.train()
    meter = Meter()
    for step, (images, labels) in enumerate(loader):
        assert len(images) == len(labels)
        model.zero_grad()
        optimizer.zero_grad()
        loss = loss_fn(model(images), labels)
        if not torch.isfinite(loss):
            log.warning("step %d: loss is %s", step, loss.item())
        loss.backward()
        optimizer.step()
        meter.update(loss.item(), len(labels))
    return meter.mean


def evaluate(model: nn.Module, loader: DataLoader, loss_fn: LossFn) -> tuple[float, float]:
    loss, hits = Meter(), Meter()
    with evaluating(model):
        for images, labels in loader:
            logits = model(images)
            loss.update(loss_fn(logits, labels).item(), labels.shape[0])
            hits.update(torch.eq(logits.topk(1).indices[:, 0], labels).double().mean().item(), labels.shape[0])
    return loss.mean, hits.mean


def make_loaders(dataset: Dataset, val_fraction: float, batch_size: int, seed: int) -> tuple[DataLoader, DataLoader]:
    if not 0 <= val_fraction < 1:
        raise ValueError(f"val_fraction must be in [0, 1), got {val_fraction}")
    n = len(dataset)
    order = np.random.default_rng(seed).permutation(n)
    n_val = int(val_fraction * n)
    train = Subset(dataset, [int(i) for i in order[n_val:]])
    val = Subset(dataset, sorted(int(i) for i in order[:n_val]))
    sampler = RandomSampler(train, generator=torch.Generator().manual_seed(seed))
    return (
        DataLoader(train, batch_size=batch_size, sampler=sampler, drop_last=False),
        DataLoader(val, batch_size=batch_size, shuffle=False, drop_last=False),
    )


def overfit_batch(model: nn.Module, images: Tensor, labels: Tensor, steps: int, lr: float) -> list[float]:
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.0, weight_decay=0.0)
    loss_fn = nn.CrossEntropyLoss(reduction="mean")
    losses: list[float] = []
    for _ in range(steps):
        loss = loss_fn(model(images), labels)
        losses.append(float(loss))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert len(losses) == steps
    return losses


def fit(model: nn.Module, images: Tensor, labels: Tensor, *, epochs: int, batch_size: int, lr: float, seed: int) -> list[float]:
    data = TensorDataset(images, labels)
    optimizer = torch.optim.Adam(params=model.parameters(), lr=lr, betas=(0.9, 0.999))
    history: list[float] = []
    for epoch in range(epochs):
        generator = torch.Generator().manual_seed(seed * 1000 + epoch)
        loader = DataLoader(data, batch_size=batch_size, shuffle=True, generator=generator)
        history.append(train_one_epoch(model, loader, optimizer, nn.CrossEntropyLoss()))
    return history


def equivariance_error(layer: nn.Module, x: Tensor, transform: Callable[[Tensor], Tensor]) -> float:
    with torch.no_grad():
        moved_first = layer(transform(x))
        moved_last = transform(layer(x))
        assert moved_first.shape == moved_last.shape
        numerator = (moved_first - moved_last).abs().amax()
        denominator = layer(x).abs().amax()
    return (numerator / denominator).item()
