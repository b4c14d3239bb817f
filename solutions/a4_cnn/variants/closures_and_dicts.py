"""Closures for the optimizer, layers in a ModuleDict, everything channels-last inside."""

import contextlib
import math
import random
from functools import reduce

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, SubsetRandomSampler, BatchSampler, Subset


class SmallCNN(nn.Module):
    def __init__(self, in_channels=1, num_classes=10, image_size=28):
        super().__init__()
        self.parts = nn.ModuleDict()
        self.parts["out"] = nn.Linear(64, num_classes)
        self.parts["dense"] = nn.Linear(64 * math.floor(math.floor(image_size / 2) / 2) ** 2, 64)
        for name, (before, after) in {"a": (in_channels, 32), "b": (32, 64)}.items():
            self.parts[name] = nn.Conv2d(before, after, (3, 3), (1, 1), "same")
        for p in self.parameters():
            if p.dim() > 1:
                nn.init.orthogonal_(p)

    def forward(self, x):
        x = x.contiguous(memory_format=torch.channels_last)
        for name in "ab":
            x = F.max_pool2d(F.relu_(self.parts[name](x)), kernel_size=(2, 2), stride=(2, 2))
        x = x.contiguous().reshape(len(x), -1)
        x = F.threshold(self.parts["dense"](x), 0.0, 0.0)
        return self.parts["out"](x)


def feature_size(features, in_channels, image_size):
    before = {name: m.training for name, m in features.named_modules()}
    shapes = []
    handle = features.register_forward_hook(lambda m, i, o: shapes.append(o.shape))
    try:
        with torch.inference_mode():
            features.train(False)(torch.randn(3, in_channels, image_size, image_size))
    finally:
        handle.remove()
        for name, m in features.named_modules():
            m.training = before[name]
    return math.prod(shapes[0][1:])


def edge_layer(kernel):
    k = np.array(kernel, dtype=np.float64)[::-1, ::-1].copy()
    layer = nn.Conv2d(1, 1, k.shape, bias=False)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(k).view(1, 1, *k.shape))
    for p in layer.parameters():
        p.requires_grad = False
    return layer


class GlobalPoolCNN(nn.Module):
    def __init__(self, in_channels, num_classes):
        super().__init__()
        for i, (a, b) in enumerate([(in_channels, 32), (32, 64)]):
            self.add_module(f"conv{i}", nn.Conv2d(a, b, 3, padding=1))
            self.add_module(f"pool{i}", nn.MaxPool2d(2, 2))
        self.add_module("fc", nn.Linear(64, num_classes))

    def forward(self, x):
        step = lambda h, i: getattr(self, f"pool{i}")(getattr(self, f"conv{i}")(h).relu())
        x = reduce(step, range(2), x.to(memory_format=torch.channels_last))
        return self.fc(torch.einsum("nchw->nc", x) / (x.shape[-1] * x.shape[-2]))


def train_one_epoch(model, loader, optimizer, loss_fn):
    if not model.training:
        model.train()
    losses, weights = [], []
    for x, y in loader:
        def closure():
            optimizer.zero_grad(set_to_none=False)
            loss = loss_fn(model(x), y)
            loss.backward()
            return loss

        losses.append(float(optimizer.step(closure)))
        weights.append(y.numel())
        model.train(True)
    return float(np.average(losses, weights=weights))


@contextlib.contextmanager
def _eval_mode(model):
    was = {m: m.training for m in model.modules()}
    model.apply(lambda m: setattr(m, "training", False))
    try:
        with torch.inference_mode():
            yield model
    finally:
        for m, mode in was.items():
            m.training = mode


def evaluate(model, loader, loss_fn):
    with _eval_mode(model) as net:
        rows = [(net(x), y) for x, y in loader]
        losses = torch.stack([loss_fn(z, y) for z, y in rows])
        sizes = torch.tensor([len(y) for _, y in rows], dtype=losses.dtype)
        hits = torch.cat([z.topk(1).indices.squeeze(1).eq(y) for z, y in rows])
    return (losses @ sizes / sizes.sum()).item(), hits.to(torch.float64).mean().item()


def make_loaders(dataset, val_fraction, batch_size, seed):
    order = list(range(len(dataset)))
    random.Random(seed).shuffle(order)
    n = int(val_fraction * len(dataset))
    g = torch.Generator()
    g.manual_seed(seed + 12345)
    sampler = BatchSampler(SubsetRandomSampler(order[n:], generator=g), batch_size, drop_last=False)
    return DataLoader(dataset, batch_sampler=sampler), DataLoader(Subset(dataset, order[:n]), batch_size)


def overfit_batch(model, images, labels, steps, lr):
    model.train()
    out = []
    while len(out) < steps:
        params = list(model.parameters())
        loss = F.nll_loss(F.log_softmax(model(images), 1), labels)
        for p, g in zip(params, torch.autograd.grad(loss, params)):
            p.data.add_(g, alpha=-lr)
        out.append(loss.item())
    return out


def fit(model, images, labels, *, epochs, batch_size, lr, seed):
    rng = np.random.default_rng(seed)
    opt = torch.optim.Adam([{"params": [p]} for p in model.parameters()], lr=lr, foreach=False)
    model.train()
    means = []
    for _ in range(epochs):
        order = torch.from_numpy(rng.permutation(len(images)))
        total = torch.zeros((), dtype=torch.float64)
        for part in order.split(batch_size):
            def closure():
                opt.zero_grad()
                loss = F.cross_entropy(model(images[part]), labels[part])
                loss.backward()
                return loss

            total += opt.step(closure).detach() * part.numel()
        means.append((total / len(order)).item())
    return means


@torch.no_grad()
def equivariance_error(layer, x, transform):
    first, second = layer.forward(transform(x)), transform(layer.forward(x))
    return float(torch.linalg.vector_norm(first - second, ord=math.inf) / torch.linalg.vector_norm(second, ord=math.inf))
