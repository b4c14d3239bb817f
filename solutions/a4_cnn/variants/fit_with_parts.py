"""fit made of the other functions; a step that zeroes after it has stepped."""

from collections.abc import Callable, Sequence
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, Subset, TensorDataset
FIT_SETTINGS = {'epochs': 3, 'batch_size': 50, 'lr': 0.002}
FIT_IMAGES = 3000
'What `fit` is graded with, and its table of seeds made with.'

class SmallCNN(nn.Module):

    def __init__(self, in_channels: int=1, num_classes: int=10, image_size: int=28) -> None:
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(in_channels, 32, kernel_size=3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, kernel_size=3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
        side = image_size // 2 // 2
        self.hidden = nn.Linear(64 * side * side, 64)
        self.logits = nn.Linear(64, num_classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        flat = torch.flatten(self.features(x), start_dim=1)
        return self.logits(torch.relu(self.hidden(flat)))

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

    def __init__(self, in_channels: int, num_classes: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(in_channels, 32, kernel_size=3, padding=1)
        self.second = nn.Conv2d(32, 64, kernel_size=3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.head = nn.Linear(64, num_classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.pool(torch.relu(self.first(x)))
        x = self.pool(torch.relu(self.second(x)))
        return self.head(x.mean(dim=(2, 3)))

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
    import numpy as np
    order = np.random.RandomState(seed).permutation(len(dataset))
    n = int(val_fraction * len(dataset))
    parts = (Subset(dataset, order[:-n].tolist() if n else order.tolist()), Subset(dataset, order[len(order) - n:].tolist()))
    g = torch.Generator()
    g.manual_seed(seed + 17)
    return (DataLoader(parts[0], batch_size=batch_size, shuffle=True, generator=g), DataLoader(parts[1], batch_size=batch_size, shuffle=False))

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
    g = torch.Generator().manual_seed(seed)
    loader = DataLoader(TensorDataset(images, labels), batch_size=batch_size, shuffle=True, generator=g)
    adam = torch.optim.Adam(model.parameters(), lr)
    return [train_one_epoch(model, loader, adam, nn.CrossEntropyLoss()) for _ in range(epochs)]

def equivariance_error(layer, x, transform):
    x = x.detach()
    expected = transform(layer(x)).detach()
    got = layer(transform(x)).detach()
    return torch.max(torch.abs(got - expected)).item() / torch.max(torch.abs(layer(x).detach())).item()
