"""Everything cast to a device and to float32, as CS231n does; a copy is evaluated."""

import copy

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, random_split, TensorDataset

USE_GPU = False
dtype = torch.float32
device = torch.device("cuda") if USE_GPU and torch.cuda.is_available() else torch.device("cpu")


def flatten(x):
    N = x.shape[0]
    return x.view(N, -1)


class Flatten(nn.Module):
    def forward(self, x):
        return flatten(x)


class SmallCNN(nn.Module):
    def __init__(self, in_channels=1, num_classes=10, image_size=28):
        super().__init__()
        c1, c2, hidden = 32, 64, 64
        self.convs = nn.ModuleList([nn.Conv2d(in_channels, c1, 3, padding=1), nn.Conv2d(c1, c2, 3, padding=1)])
        for conv in self.convs:
            nn.init.kaiming_normal_(conv.weight)
        self.flat = Flatten()
        self.fcs = nn.ModuleList([nn.Linear(c2 * (image_size // 2 // 2) ** 2, hidden), nn.Linear(hidden, num_classes)])
        for fc in self.fcs:
            nn.init.kaiming_normal_(fc.weight)
            nn.init.constant_(fc.bias, 0)

    def forward(self, x):
        x = x.to(device=device, dtype=dtype)
        for conv in self.convs:
            x = F.max_pool2d(F.relu(conv(x)), 2)
        fc1, fc2 = self.fcs
        scores = fc2(F.relu(fc1(self.flat(x))))
        return scores


def feature_size(features, in_channels, image_size):
    probe = copy.deepcopy(features)
    probe.eval()
    x = torch.zeros((64, in_channels, image_size, image_size), dtype=dtype)
    with torch.no_grad():
        out = probe(x)
    return out.numel() // 64


def edge_layer(kernel):
    k = np.array(kernel, dtype=np.float32)[::-1, ::-1].copy()
    conv = nn.Conv2d(1, 1, kernel_size=k.shape, bias=False)
    conv.weight = nn.Parameter(torch.from_numpy(k)[None, None], requires_grad=False)
    return conv.to(torch.get_default_dtype())


class GlobalPoolCNN(nn.Module):
    def __init__(self, in_channels, num_classes):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.fc = nn.Linear(64, num_classes)
        self.apply(self.init_weights)

    @staticmethod
    def init_weights(m):
        if isinstance(m, (nn.Conv2d, nn.Linear)):
            nn.init.kaiming_normal_(m.weight)

    def features(self, x):
        x = F.max_pool2d(F.relu(F.conv2d(x, self.conv1.weight, self.conv1.bias, padding=1)), 2)
        return F.max_pool2d(F.relu(self.conv2(x)), 2)

    def forward(self, x):
        x = x.float()
        assert self.features(x).dim() == 4
        h = self.features(x)
        return self.fc(F.avg_pool2d(h, h.shape[2:]).squeeze(-1).squeeze(-1))


def train_one_epoch(model, loader, optimizer, loss_fn):
    model = model.to(device=device)
    total = 0.0
    num_samples = 0
    for t, (x, y) in enumerate(loader):
        model.train()
        x = x.to(device=device, dtype=dtype)
        y = y.to(device=device, dtype=torch.long)
        scores = model(x)
        loss = loss_fn(scores, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += x.size(0) * float(loss.item())
        num_samples += x.size(0)
    return total / num_samples


def evaluate(model, loader, loss_fn):
    judged = copy.deepcopy(model).to(device)
    judged.eval()
    num_correct = num_samples = 0
    loss = 0.0
    with torch.no_grad():
        for x, y in loader:
            x = x.to(device=device, dtype=dtype)
            y = y.to(device=device, dtype=torch.long)
            scores = judged(x)
            _, preds = scores.max(1)
            num_correct += (preds == y).sum()
            num_samples += preds.size(0)
            loss += loss_fn(scores, y).item() * preds.size(0)
    acc = float(num_correct) / num_samples
    return loss / num_samples, acc


def make_loaders(dataset, val_fraction, batch_size, seed):
    num_val = int(len(dataset) * val_fraction)
    rng = torch.Generator().manual_seed(seed)
    parts = random_split(dataset, (len(dataset) - num_val, num_val), generator=rng)
    loader_train = DataLoader(parts[0], batch_size=batch_size, shuffle=True, generator=torch.Generator().manual_seed(seed))
    return [loader_train, DataLoader(parts[1], batch_size=batch_size)]


def overfit_batch(model, images, labels, steps, lr):
    images = images.to(device=device, dtype=dtype)
    labels = labels.to(device=device, dtype=torch.long)
    params = list(model.parameters())
    losses = []
    model.train()
    for _ in range(steps):
        loss = F.cross_entropy(model(images), labels)
        grads = torch.autograd.grad(loss, params)
        with torch.no_grad():
            for w, g in zip(params, grads):
                w -= lr * g
        losses.append(loss.item())
    return losses


def fit(model, images, labels, *, epochs, batch_size, lr, seed):
    g = torch.Generator()
    g.manual_seed(seed)
    loader = DataLoader(TensorDataset(images, labels), batch_size=batch_size, shuffle=True, generator=g)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for e in range(epochs):
        losses.append(train_one_epoch(model, loader, optimizer, F.cross_entropy))
        with torch.no_grad():
            model.eval()
            (model(images).argmax(1) == labels).float().mean().item()
    return np.array(losses)


def equivariance_error(layer, x, transform):
    with torch.no_grad():
        a = layer(transform(x)).numpy()
        plain = layer(x)
        b = transform(plain).numpy()
    return np.abs(a - b).max() / np.abs(plain.numpy()).max()
