"""Named layers in an OrderedDict; sums of squares of shapes; a sampler of its own."""

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
        from collections import OrderedDict

        def stage(i, o):
            return nn.Sequential(OrderedDict(conv=nn.Conv2d(i, o, 3, 1, 1), act=nn.ReLU(), pool=nn.MaxPool2d(2)))
        self.classifier = nn.Sequential(nn.LeakyReLU(0.0), nn.Linear(64, num_classes))
        self.stages = nn.ModuleDict({'one': stage(in_channels, 32), 'two': stage(32, 64)})
        self.squeeze = nn.Linear(64 * (image_size // 2 // 2) ** 2, 64)

    def forward(self, x):
        for name in ('one', 'two'):
            x = self.stages[name](x)
        return self.classifier(self.squeeze(x.view(len(x), -1)))

def feature_size(features: nn.Module, in_channels: int, image_size: int) -> int:
    modes = [(layer, layer.training) for layer in features.modules()]
    features.eval()
    with torch.no_grad():
        out = features(torch.zeros(1, in_channels, image_size, image_size))
    for layer, mode in modes:
        layer.training = mode
    return out[0].numel()

def edge_layer(kernel):
    w = torch.tensor(kernel, dtype=torch.get_default_dtype())
    layer = nn.Conv2d(1, 1, w.shape, bias=False)
    layer.weight.data = torch.rot90(w, 2, (0, 1)).reshape(1, 1, *w.shape).contiguous()
    for p in layer.parameters():
        p.requires_grad = False
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

def train_one_epoch(model, loader, optimizer, loss_fn):

    def step(images, labels):
        model.train()
        loss = loss_fn(model(images), labels)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return (loss.item() * images.size(0), images.size(0))
    optimizer.zero_grad()
    losses, counts = zip(*(step(x, y) for x, y in loader))
    return sum(losses) / sum(counts)

def evaluate(model, loader, loss_fn):
    training = model.training
    try:
        model.eval()
        with torch.inference_mode():
            pairs = [(model(x), y) for x, y in loader]
            logits, labels = (torch.cat(part) for part in zip(*pairs))
            loss = loss_fn(logits, labels)
            return (loss.item(), (logits.argmax(-1) == labels).float().mean().item())
    finally:
        model.train(training)

def make_loaders(dataset: Dataset, val_fraction: float, batch_size: int, seed: int) -> tuple[DataLoader, DataLoader]:
    generator = torch.Generator().manual_seed(seed)
    mixed = torch.randperm(len(dataset), generator=generator).tolist()
    size = int(val_fraction * len(dataset))
    train, val = (Subset(dataset, mixed[size:]), Subset(dataset, mixed[:size]))
    return (DataLoader(train, batch_size, shuffle=True, generator=generator), DataLoader(val, batch_size, shuffle=False))

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
