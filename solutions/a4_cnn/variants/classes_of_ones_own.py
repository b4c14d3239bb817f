"""A base class for both networks, a trainer class, datasets and samplers of one's own."""

import copy
from collections import defaultdict

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, Dataset, RandomSampler, TensorDataset, random_split


class Conv3(nn.Conv2d):
    def __init__(self, cin, cout):
        super().__init__(cin, cout, 3, padding=1)
        nn.init.xavier_uniform_(self.weight)
        nn.init.zeros_(self.bias)


class Stage(nn.Sequential):
    def __init__(self, cin, cout):
        super().__init__(Conv3(cin, cout), nn.MaxPool2d(2), nn.ReLU(inplace=True))


class Base(nn.Module):
    def __init__(self, cin):
        super().__init__()
        self.stages = nn.ModuleList([Stage(cin, 32), Stage(32, 64)])

    def stem(self, x: Tensor) -> Tensor:
        for stage in self.stages:
            x = stage(x)
        return x


class SmallCNN(Base):
    def __init__(self, in_channels=1, num_classes=10, image_size=28):
        super().__init__(in_channels)
        with torch.no_grad():
            n = self.stem(torch.zeros(1, in_channels, image_size, image_size)).numel()
        self.head = nn.Sequential(nn.Flatten(), nn.Linear(n, 64), nn.ReLU(True), nn.Linear(64, num_classes))

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.stem(x))


class GlobalPoolCNN(Base):
    def __init__(self, in_channels, num_classes):
        super().__init__(in_channels)
        self.gap = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(64, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(self.gap(self.stem(x))[:, :, 0, 0])


def feature_size(features, in_channels, image_size):
    ghost = copy.deepcopy(features).eval().to("meta")
    return ghost(torch.empty(1, in_channels, image_size, image_size, device="meta")).flatten(1).size(1)


class _Edge(nn.Conv2d):
    def __init__(self, k: Tensor):
        super().__init__(1, 1, tuple(k.shape), bias=False)
        self.weight = nn.Parameter(torch.rot90(k, 2)[None, None].clone())
        self.requires_grad_(False)


def edge_layer(kernel):
    return _Edge(torch.tensor(kernel, dtype=torch.get_default_dtype()))


class Trainer:
    def __init__(self, model, optimizer, loss_fn):
        self.model, self.optimizer, self.loss_fn = model, optimizer, loss_fn
        self.seen = defaultdict(float)

    def step(self, x, y):
        with torch.enable_grad():
            loss = self.loss_fn(self.model(x), y)
        for p in self.model.parameters():
            p.grad = None
        loss.backward()
        self.optimizer.step()
        self.seen["loss"] += float(loss.detach()) * y.shape[0]
        self.seen["n"] += y.shape[0]

    @property
    def mean(self):
        return self.seen["loss"] / self.seen["n"]


def train_one_epoch(model, loader, optimizer, loss_fn):
    model.train(mode=True)
    trainer = Trainer(model, optimizer, loss_fn)
    it = iter(loader)
    while (batch := next(it, None)) is not None:
        trainer.step(*batch)
    return trainer.mean


def evaluate(model, loader, loss_fn):
    twin = copy.deepcopy(model).requires_grad_(False).eval()
    xs, ys = zip(*list(loader))
    logits = twin(torch.cat(xs))
    lengths = [len(y) for y in ys]
    losses = [loss_fn(z, y) * len(y) for z, y in zip(logits.split(lengths), ys)]
    return float(sum(losses)) / sum(lengths), (logits.argmax(-1) == torch.cat(ys)).double().mean().item()


class _Part(Dataset):
    def __init__(self, whole, numbers):
        self.whole, self.numbers = whole, list(numbers)

    def __len__(self):
        return len(self.numbers)

    def __getitem__(self, i):
        return self.whole[self.numbers[i]]


def make_loaders(dataset, val_fraction, batch_size, seed):
    val = int(len(dataset) * val_fraction)
    parts = random_split(range(len(dataset)), [len(dataset) - val, val], torch.Generator().manual_seed(seed))
    train, held = (_Part(dataset, part) for part in parts)
    sampler = RandomSampler(train, generator=torch.Generator().manual_seed(seed))
    return DataLoader(train, batch_size=batch_size, sampler=sampler), DataLoader(held, batch_size=batch_size)


def overfit_batch(model, images, labels, steps, lr):
    trainer = Trainer(model.train(), torch.optim.SGD(model.parameters(), lr), nn.CrossEntropyLoss())
    history = []
    for _ in range(steps):
        before = trainer.seen["loss"]
        trainer.step(images, labels)
        history.append((trainer.seen["loss"] - before) / len(labels))
    return history


def fit(model, images, labels, *, epochs, batch_size, lr, seed):
    torch.manual_seed(seed)
    optimizer = torch.optim.Adam(list(model.parameters()), lr, (0.9, 0.999))
    loader = DataLoader(TensorDataset(images, labels), batch_size=batch_size, shuffle=True)
    history = []
    for epoch in range(epochs):
        history.append(train_one_epoch(model, loader, optimizer, F.cross_entropy))
    return history


def equivariance_error(layer, x, transform):
    y = layer(x).detach()
    d = (layer(transform(x)).detach() - transform(y)).abs()
    return d.max().item() / y.abs().max().item()
