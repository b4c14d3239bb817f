"""Little else than functions: nn.Sequential with hooks of one's own, sums in NumPy."""

import numpy as np
import torch
from torch import nn, optim
from torch.utils import data as D


def _stack(*sizes):
    layers = []
    for cin, cout in zip(sizes, sizes[1:]):
        conv = nn.Conv2d(cin, cout, kernel_size=3, stride=1, padding=1, padding_mode="zeros")
        nn.init.kaiming_uniform_(conv.weight, a=0, nonlinearity="relu")
        layers += [conv, nn.ReLU(), nn.MaxPool2d(kernel_size=2, stride=2, padding=0)]
    return layers


class _Mean(nn.Module):
    def forward(self, x):
        return x.flatten(2).mean(-1)


class SmallCNN(nn.Sequential):
    def __init__(self, in_channels=1, num_classes=10, image_size=28):
        half = lambda n: n >> 1
        side = half(half(image_size))
        super().__init__(
            nn.Sequential(*_stack(in_channels, 32, 64)), nn.Flatten(), nn.Linear(side * side * 64, 64), nn.ReLU(), nn.Linear(64, num_classes)
        )

    def forward(self, input):
        return super().forward(input.to(self[2].weight.dtype))


class GlobalPoolCNN(nn.Sequential):
    def __init__(self, in_channels, num_classes):
        super().__init__(*_stack(in_channels, 32, 64), _Mean(), nn.Linear(64, num_classes))


def feature_size(features, in_channels, image_size):
    modules = list(features.modules())
    modes = [m.training for m in modules]
    [m.train(False) for m in modules]
    x = torch.ones((1, in_channels, image_size, image_size))
    y = torch.no_grad()(features)(x)
    for m, mode in zip(modules, modes):
        m.training = mode
    return int(np.prod(tuple(y.shape)))


def edge_layer(kernel):
    rows = [list(reversed(row)) for row in reversed(kernel)]
    layer = nn.Conv2d(in_channels=1, out_channels=1, kernel_size=(len(rows), len(rows[0])), bias=False)
    layer.weight.data = torch.tensor([[rows]], dtype=layer.weight.dtype)
    layer.weight.requires_grad_(False)
    return layer


def _batches(loader):
    for batch in loader:
        images, labels = batch[0], batch[1]
        yield images.float(), labels.long()


def train_one_epoch(model, loader, optimizer, loss_fn):
    model.train()
    table = []
    optimizer.zero_grad()
    for images, labels in _batches(loader):
        loss = loss_fn(model(images), labels)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        table.append([loss.item(), images.size(0)])
    losses, counts = np.array(table).T
    return (losses * counts).sum() / counts.sum()


def evaluate(model, loader, loss_fn):
    training = [(m, m.training) for m in model.modules()]
    model.eval()
    try:
        with torch.set_grad_enabled(False):
            table = np.array([
                (loss_fn(out, y).item() * len(y), np.count_nonzero(out.numpy().argmax(axis=1) == y.numpy()), len(y))
                for x, y in _batches(loader) for out in [model(x)]
            ])
    finally:
        for m, mode in training:
            m.training = mode
    loss, right, count = table.sum(axis=0)
    return loss / count, right / count


def make_loaders(dataset, val_fraction, batch_size, seed):
    numbers = np.random.RandomState(seed).permutation(len(dataset))
    cut = int(val_fraction * len(dataset))
    val, train = np.split(numbers, [cut])
    generator = torch.Generator().manual_seed(seed)
    return (
        D.DataLoader(D.Subset(dataset, train.tolist()), batch_size, True, generator=generator),
        D.DataLoader(D.Subset(dataset, val.tolist()), batch_size),
    )


def overfit_batch(model, images, labels, steps, lr):
    sgd = optim.SGD(model.parameters(), lr=lr, momentum=0.0, weight_decay=0.0)
    criterion = nn.CrossEntropyLoss(reduction="none")

    def step(_):
        model.train()
        sgd.zero_grad()
        loss = criterion(model(images), labels).mean()
        loss.backward()
        sgd.step()
        return loss.detach().item()

    return list(map(step, range(steps)))


def fit(model, images, labels, *, epochs, batch_size, lr, seed):
    model.train()
    adam = optim.Adam(params=model.parameters(), lr=lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0)
    order = np.random.RandomState(seed)
    history = []
    for _ in range(epochs):
        numbers = order.permutation(len(labels))
        losses = []
        for start in range(0, len(numbers), batch_size):
            part = numbers[start : start + batch_size]
            adam.zero_grad()
            each = nn.functional.cross_entropy(model(images[part]), labels[part], reduction="none")
            each.mean().backward()
            adam.step()
            losses.extend(each.tolist())
        history.append(sum(losses) / len(losses))
    return history


def equivariance_error(layer, x, transform):
    with torch.inference_mode():
        plain = layer(x).numpy()
        moved = layer(transform(x)).numpy()
        back = transform(torch.from_numpy(plain)).numpy()
    return np.abs(moved - back).max() / np.abs(plain).max()
