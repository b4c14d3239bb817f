"""Layers derived from nn's, called by forward; evaluation in two passes."""

import torch
from torch import nn, Tensor
from torch.utils.data import DataLoader, Subset


class Conv3x3(nn.Conv2d):
    def __init__(self, c_in: int, c_out: int) -> None:
        super().__init__(c_in, c_out, kernel_size=3, stride=1, padding=1)
        nn.init.kaiming_normal_(self.weight, nonlinearity="relu")
        nn.init.zeros_(self.bias)


class ConvReLUPool(Conv3x3):
    def forward(self, x: Tensor) -> Tensor:
        return nn.functional.max_pool2d(super().forward(x).relu(), kernel_size=2)


class SmallCNN(nn.Module):
    def __init__(self, in_channels: int = 1, num_classes: int = 10, image_size: int = 28) -> None:
        super().__init__()
        self.one = ConvReLUPool(in_channels, 32)
        self.two = ConvReLUPool(32, 64)
        self.three = nn.Linear(64 * (image_size // 4) * (image_size // 4), 64)
        self.four = nn.Linear(64, num_classes)
        for layer in (self.three, self.four):
            nn.init.kaiming_normal_(layer.weight)
            layer.bias.data.fill_(0)

    def forward(self, x: Tensor) -> Tensor:
        x = self.two.forward(self.one.forward(x))
        x = self.three.forward(x.flatten(1)).clamp(min=0)
        return self.four.forward(x)


def feature_size(features: nn.Module, in_channels: int, image_size: int) -> int:
    was = {name: m.training for name, m in features.named_modules()}
    try:
        features.train(False)
        with torch.inference_mode():
            return features(torch.ones(2, in_channels, image_size, image_size)).flatten(1).size(1)
    finally:
        for name, m in features.named_modules():
            m.training = was[name]


def edge_layer(kernel: list[list[float]]) -> nn.Conv2d:
    class Edge(nn.Conv2d):
        pass

    k = torch.tensor(kernel)
    layer = Edge(1, 1, tuple(k.shape), bias=False).requires_grad_(False)
    layer.weight[0, 0] = torch.flip(k, dims=[0, 1])
    return layer


class GlobalPoolCNN(nn.Module):
    def __init__(self, in_channels: int, num_classes: int) -> None:
        super().__init__()
        self.features = nn.Sequential(ConvReLUPool(in_channels, 32), ConvReLUPool(32, 64))
        self.head = nn.Linear(64, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        pixels = self.features(x).shape[-1] * self.features(x).shape[-2]
        return self.head(self.features(x).sum((-1, -2)) / pixels)


def train_one_epoch(model, loader, optimizer, loss_fn) -> float:
    epoch_loss = torch.zeros(())
    n_images = 0
    for images, labels in loader:
        model.train()
        logits = model.forward(images)
        loss = loss_fn(logits, labels)
        model.zero_grad()
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            epoch_loss = epoch_loss + loss * images.size(0)
            n_images += images.size(0)
    return epoch_loss / n_images


def mean_loss(model, loader, loss_fn):
    parts = [(loss_fn(model(x), y).item(), len(y)) for x, y in loader]
    return sum(loss * n for loss, n in parts) / sum(n for _, n in parts)


def accuracy(model, loader):
    right = [p == t for x, y in loader for p, t in zip(model(x).argmax(1).tolist(), y.tolist())]
    return sum(right) / len(right)


def evaluate(model, loader, loss_fn) -> tuple[float, float]:
    modes = [m.training for m in model.modules()]
    model.eval()
    with torch.no_grad():
        answer = mean_loss(model, loader, loss_fn), accuracy(model, loader)
    for m, mode in zip(model.modules(), modes):
        m.train(mode)
    model.training = modes[0]
    return answer


def make_loaders(dataset, val_fraction, batch_size, seed):
    g = torch.Generator().manual_seed(seed)
    n_val = int(val_fraction * len(dataset))
    perm = torch.randperm(len(dataset), generator=g)
    val, train = perm.split([n_val, len(dataset) - n_val])
    sampler = torch.utils.data.RandomSampler(Subset(dataset, train), generator=g)
    return (
        DataLoader(Subset(dataset, train), batch_size=batch_size, sampler=sampler),
        DataLoader(Subset(dataset, val), batch_size=batch_size),
    )


def overfit_batch(model, images, labels, steps, lr) -> list[float]:
    def one_step() -> float:
        optimizer.zero_grad()
        loss = nn.CrossEntropyLoss()(model(images), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    model.train()
    optimizer = torch.optim.SGD(params=model.parameters(), lr=lr, momentum=0.0)
    return [one_step() for _ in range(steps)]


def fit(model, images, labels, *, epochs, batch_size, lr, seed):
    model.train()
    g = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0)
    n = len(images)
    history = []
    for _ in range(epochs):
        order = torch.randperm(n, generator=g)
        losses = torch.zeros(n)
        for batch in order.split(batch_size):
            optimizer.zero_grad()
            each = nn.functional.cross_entropy(model(images[batch]), labels[batch], reduction="none")
            each.mean().backward()
            optimizer.step()
            losses[batch] = each.detach()
        history.append(losses.mean())
    return history


@torch.no_grad()
def equivariance_error(layer, x, transform):
    expected = transform(layer.forward(x))
    return torch.dist(layer.forward(transform(x)), expected, p=float("inf")) / layer(x).abs().amax()
