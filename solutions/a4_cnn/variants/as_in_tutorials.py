"""As PyTorch tutorials write it: devices, dummy inputs, manual permutations."""

import math, random
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset, random_split, SubsetRandomSampler, Subset

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

class SmallCNN(nn.Module):
    def __init__(self, in_channels=1, num_classes=10, image_size=28):
        super(SmallCNN, self).__init__()
        self.fc2 = nn.Linear(64, num_classes)
        self.conv1 = nn.Conv2d(in_channels, 32, 3, padding="same")
        self.relu = nn.ReLU(inplace=True)
        self.pool = nn.MaxPool2d(kernel_size=2, stride=2)
        self.conv2 = nn.Conv2d(32, 64, (3, 3), stride=(1, 1), padding=(1, 1))
        with torch.no_grad():
            dummy = torch.zeros(1, in_channels, image_size, image_size)
            n = self._features(dummy).shape[1]
        self.fc1 = nn.Linear(n, 64)
        self.to(device)
    def _features(self, x):
        x = self.pool(self.relu(self.conv1(x)))
        x = self.pool(self.relu(self.conv2(x)))
        return x.view(x.size(0), -1)
    def forward(self, x):
        x = self._features(x)
        x = F.relu(self.fc1(x))
        return self.fc2(x)

def feature_size(features, in_channels, image_size):
    import copy
    f = copy.deepcopy(features).eval()
    with torch.no_grad():
        y = f(torch.randn(1, in_channels, image_size, image_size))
    return int(np.prod(y.shape[1:]))

def edge_layer(kernel):
    k = torch.tensor(kernel, dtype=torch.float32)
    conv = nn.Conv2d(1, 1, k.shape, bias=False)
    with torch.no_grad():
        conv.weight.copy_(torch.rot90(k, 2).unsqueeze(0).unsqueeze(0))
    for p in conv.parameters():
        p.requires_grad = False
    return conv

class GlobalPoolCNN(nn.Module):
    def __init__(self, in_channels, num_classes):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, 32, 3, 1, 1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3, 1, 1), nn.ReLU(), nn.MaxPool2d(2),
            nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten(), nn.Linear(64, num_classes))
    def forward(self, x):
        return self.net(x)

def train_one_epoch(model, loader, optimizer, loss_fn):
    model.train(True)
    running, n = 0.0, 0
    for i, data in enumerate(loader, 0):
        x, y = data
        x, y = x.to(device), y.to(device)
        out = model(x)
        loss = loss_fn(out, y)
        optimizer.zero_grad(set_to_none=False)
        loss.backward()
        optimizer.step()
        running += loss.detach() * x.size(0)
        n += x.shape[0]
    return (running / n)

@torch.inference_mode()
def evaluate(model, loader, loss_fn):
    was = model.training
    model.eval()
    losses, correct, total = [], 0, 0
    for x, y in loader:
        out = model(x)
        losses.append(loss_fn(out, y).item() * y.size(0))
        _, pred = torch.max(out.data, 1)
        correct += pred.eq(y).sum()
        total += y.size(0)
    if was:
        model.train()
    return sum(losses) / total, correct / total

def make_loaders(dataset, val_fraction, batch_size, seed):
    n_val = int(val_fraction * len(dataset))
    gen = torch.Generator().manual_seed(seed)
    train, val = random_split(dataset, [len(dataset) - n_val, n_val], generator=gen)
    return (DataLoader(train, batch_size=batch_size, shuffle=True, generator=torch.Generator().manual_seed(seed), drop_last=False),
            DataLoader(val, batch_size=batch_size))

def overfit_batch(model, images, labels, steps, lr):
    criterion = nn.CrossEntropyLoss()
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    history = []
    for step in range(steps):
        model.train()
        loss = criterion(model(images), labels)
        history.append(float(loss))
        opt.zero_grad(); loss.backward(); opt.step()
    return np.array(history)

def fit(model, images, labels, *, epochs, batch_size, lr, seed):
    torch.manual_seed(seed)
    random.seed(seed)
    model.train()
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    out = []
    for e in range(epochs):
        perm = torch.randperm(images.size(0))
        tot = 0.
        for i in range(0, len(perm), batch_size):
            idx = perm[i:i + batch_size]
            for p in model.parameters():
                p.grad = None
            loss = F.nll_loss(F.log_softmax(model(images[idx]), dim=-1), labels[idx])
            loss.backward()
            opt.step()
            tot += loss.item() * len(idx)
        out.append(tot / images.shape[0])
    return tuple(out)

def equivariance_error(layer, x, transform):
    layer.eval()
    with torch.no_grad():
        a = layer(transform(x)); b = transform(layer(x)); c = layer(x)
    return float(torch.linalg.norm((a - b).flatten(), ord=float("inf")) / c.abs().max())
