"""Networks that are one nn.Sequential; loops over indices instead of loaders."""

from collections.abc import Callable, Sequence
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, Subset, TensorDataset
FIT_SETTINGS = {'epochs': 3, 'batch_size': 50, 'lr': 0.002}
FIT_IMAGES = 3000
'What `fit` is graded with, and its table of seeds made with.'

class SmallCNN(nn.Sequential):

    def __init__(self, in_channels=1, num_classes=10, image_size=28):
        s = image_size // 2 // 2
        super().__init__(nn.Conv2d(in_channels, 32, 3, padding=1), nn.ReLU(inplace=True), nn.MaxPool2d(2, 2), nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(inplace=True), nn.MaxPool2d(2, 2), nn.Flatten(), nn.Linear(64 * s * s, 64), nn.ReLU(), nn.Linear(64, num_classes))

def feature_size(features, in_channels, image_size):
    modes = {m: m.training for m in features.modules()}
    try:
        features.eval()
        with torch.no_grad():
            return features(torch.ones(1, in_channels, image_size, image_size)).flatten(1).shape[1]
    finally:
        for m, mode in modes.items():
            m.train(mode) if not list(m.children()) else setattr(m, 'training', mode)

def edge_layer(kernel: Sequence[Sequence[float]]) -> nn.Conv2d:
    weight = torch.as_tensor(kernel, dtype=torch.get_default_dtype())
    layer = nn.Conv2d(1, 1, kernel_size=tuple(weight.shape), bias=False)
    layer.weight = nn.Parameter(weight.flip(0, 1)[None, None], requires_grad=False)
    return layer

class GlobalPoolCNN(nn.Sequential):

    def __init__(self, in_channels, num_classes):
        super().__init__(nn.Conv2d(in_channels, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, num_classes))

def train_one_epoch(model: nn.Module, loader: DataLoader, optimizer: torch.optim.Optimizer, loss_fn: Callable[[torch.Tensor, torch.Tensor], torch.Tensor]) -> float:
    model.train()
    total, count = (0.0, 0)
    for images, labels in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(images), labels)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        count += len(labels)
    return total / count

def evaluate(model: nn.Module, loader: DataLoader, loss_fn: Callable[[torch.Tensor, torch.Tensor], torch.Tensor]) -> tuple[float, float]:
    mode = model.training
    model.eval()
    total, right, count = (0.0, 0, 0)
    with torch.no_grad():
        for images, labels in loader:
            logits = model(images)
            total += loss_fn(logits, labels).item() * len(labels)
            right += (logits.argmax(dim=1) == labels).sum().item()
            count += len(labels)
    model.train(mode)
    return (total / count, right / count)

def make_loaders(dataset, val_fraction, batch_size, seed):
    from torch.utils.data import RandomSampler
    import random
    index = list(range(len(dataset)))
    random.Random(seed).shuffle(index)
    n = int(val_fraction * len(index))
    train = Subset(dataset, index[:len(index) - n])
    val = Subset(dataset, index[len(index) - n:])
    g = torch.Generator().manual_seed(seed)
    return [DataLoader(train, batch_size, sampler=RandomSampler(train, generator=g)), DataLoader(val, batch_size)]

def overfit_batch(model: nn.Module, images: torch.Tensor, labels: torch.Tensor, steps: int, lr: float) -> list[float]:
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses

def fit(model, images, labels, *, epochs, batch_size, lr, seed):
    torch.manual_seed(seed)
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    n, out = (len(images), [])
    model.train()
    for _ in range(epochs):
        order, total = (torch.randperm(n), 0.0)
        for i in range(0, n, batch_size):
            j = order[i:i + batch_size]
            opt.zero_grad()
            loss = nn.CrossEntropyLoss()(model(images[j]), labels[j])
            loss.backward()
            opt.step()
            total += float(loss.detach()) * len(j)
        out.append(total / n)
    return out

def equivariance_error(layer: nn.Module, x: torch.Tensor, transform: Callable[[torch.Tensor], torch.Tensor]) -> float:
    with torch.no_grad():
        plain = layer(x)
        difference = layer(transform(x)) - transform(plain)
        return (difference.abs().max() / plain.abs().max()).item()
