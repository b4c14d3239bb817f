"""Lazy layers, which learn their sizes from the first image; pooling before ReLU."""

from collections.abc import Callable, Sequence
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, Subset, TensorDataset
FIT_SETTINGS = {'epochs': 3, 'batch_size': 50, 'lr': 0.002}
FIT_IMAGES = 3000
'What `fit` is graded with, and its table of seeds made with.'

class SmallCNN(nn.Module):

    def __init__(self, in_channels=1, num_classes=10, image_size=28):
        super().__init__()
        self.net = nn.Sequential(nn.LazyConv2d(32, 3, padding=1), nn.MaxPool2d(2), nn.ReLU(), nn.LazyConv2d(64, 3, padding=1), nn.MaxPool2d(2), nn.ReLU(), nn.Flatten(), nn.LazyLinear(64), nn.ReLU(), nn.LazyLinear(num_classes))

    def forward(self, x):
        return self.net(x)

def feature_size(features: nn.Module, in_channels: int, image_size: int) -> int:
    modes = [(layer, layer.training) for layer in features.modules()]
    features.eval()
    with torch.no_grad():
        out = features(torch.zeros(1, in_channels, image_size, image_size))
    for layer, mode in modes:
        layer.training = mode
    return out[0].numel()

def edge_layer(kernel: Sequence[Sequence[float]]) -> nn.Conv2d:
    weight = torch.as_tensor(kernel, dtype=torch.get_default_dtype())
    layer = nn.Conv2d(1, 1, kernel_size=tuple(weight.shape), bias=False)
    layer.weight = nn.Parameter(weight.flip(0, 1)[None, None], requires_grad=False)
    return layer

class GlobalPoolCNN(nn.Module):

    def __init__(self, in_channels, num_classes):
        super().__init__()
        self.a, self.b = (nn.LazyConv2d(32, 3, padding='same'), nn.LazyConv2d(64, 3, padding='same'))
        self.out = nn.LazyLinear(num_classes)

    def forward(self, x):
        for layer in (self.a, self.b):
            x = nn.functional.max_pool2d(layer(x).relu(), 2)
        return self.out(x.flatten(2).mean(2))

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

def make_loaders(dataset: Dataset, val_fraction: float, batch_size: int, seed: int) -> tuple[DataLoader, DataLoader]:
    generator = torch.Generator().manual_seed(seed)
    mixed = torch.randperm(len(dataset), generator=generator).tolist()
    size = int(val_fraction * len(dataset))
    train, val = (Subset(dataset, mixed[size:]), Subset(dataset, mixed[:size]))
    return (DataLoader(train, batch_size, shuffle=True, generator=generator), DataLoader(val, batch_size, shuffle=False))

def overfit_batch(model, images, labels, steps, lr):
    model.train()
    out = []
    for step in range(steps):
        model.zero_grad()
        loss = nn.functional.nll_loss(nn.functional.log_softmax(model(images), 1), labels)
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= lr * p.grad
        out.append(loss.item())
    return out

def fit(model: nn.Module, images: torch.Tensor, labels: torch.Tensor, *, epochs: int, batch_size: int, lr: float, seed: int) -> list[float]:
    generator = torch.Generator().manual_seed(seed)
    data = TensorDataset(images, labels)
    loader = DataLoader(data, batch_size, shuffle=True, generator=generator)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    model.train()
    history = []
    for _ in range(epochs):
        total = 0.0
        for batch, wanted in loader:
            loss = nn.functional.cross_entropy(model(batch), wanted)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(wanted)
        history.append(total / len(data))
    return history

def equivariance_error(layer: nn.Module, x: torch.Tensor, transform: Callable[[torch.Tensor], torch.Tensor]) -> float:
    with torch.no_grad():
        plain = layer(x)
        difference = layer(transform(x)) - transform(plain)
        return (difference.abs().max() / plain.abs().max()).item()
