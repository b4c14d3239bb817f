"""Layers are added one by one, as in Keras, and a batch is trained on by one function."""
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


class Conv2D(nn.Module):
    """Conv2D(filters, 3, padding='same', activation='relu') + MaxPooling2D"""

    def __init__(self, c_in, filters, kernel_size=3, activation=None):
        super().__init__()
        self.kernel = nn.Conv2d(c_in, filters, kernel_size, padding=(kernel_size - 1) // 2)
        self.activation = activation

    def forward(self, x):
        x = self.kernel(x)
        if self.activation == 'relu':
            x = torch.max(x, torch.zeros_like(x))
        return x


class Dense(nn.Module):
    def __init__(self, n_in, units, activation=None):
        super().__init__()
        self.kernel = nn.Linear(n_in, units)
        self.activation = activation

    def forward(self, x):
        x = self.kernel.forward(x)
        if self.activation == 'relu':
            x = nn.functional.relu(x)
        return x


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self._layers = []

    def add(self, layer):
        self.add_module('layer%d' % len(self._layers), layer)
        self._layers.append(layer)

    def forward(self, x):
        for l in self._layers:
            x = l(x)
        return x

    # keras api
    def predict(self, x):
        self.eval()
        with torch.no_grad():
            return self(x)


class SmallCNN(Model):
    def __init__(self, in_channels=1, num_classes=10, image_size=28):
        super().__init__()
        self.add(Conv2D(in_channels, 32, activation='relu'))
        self.add(nn.MaxPool2d(2))
        self.add(Conv2D(32, 64, activation='relu'))
        self.add(nn.MaxPool2d(2))
        self.add(nn.Flatten())
        self.add(Dense(64 * (image_size // 4) ** 2, 64, activation='relu'))
        self.add(Dense(64, num_classes))


class GlobalAveragePooling2D(nn.Module):
    def forward(self, x):
        n, c, h, w = x.shape
        return x.sum(3).sum(2) / (h * w)


class GlobalPoolCNN(Model):
    def __init__(self, in_channels, num_classes):
        super().__init__()
        self.add(Conv2D(in_channels, 32, activation='relu'))
        self.add(nn.MaxPool2d(2))
        self.add(Conv2D(32, 64, activation='relu'))
        self.add(nn.MaxPool2d(2))
        self.add(GlobalAveragePooling2D())
        self.add(Dense(64, num_classes))


def feature_size(features, in_channels, image_size):
    # remember everything, try, put it back
    state = {k: v.clone() for k, v in features.state_dict().items()}
    flags = [m.training for m in features.modules()]
    with torch.no_grad():
        y = features.eval()(torch.ones(1, in_channels, image_size, image_size))
    for m, t in zip(features.modules(), flags):
        m.training = t
    features.load_state_dict(state)
    n = 1
    for d in list(y.shape)[1:]:
        n = n * d
    return n


def edge_layer(kernel):
    kh = len(kernel)
    kw = len(kernel[0])
    conv = nn.Conv2d(1, 1, (kh, kw), bias=False)
    with torch.no_grad():
        for i in range(kh):
            for j in range(kw):
                conv.weight[0, 0, i, j] = kernel[kh - 1 - i][kw - 1 - j]
    conv.weight.requires_grad = False
    return conv


def train_on_batch(model, x, y, optimizer, loss):
    y_pred = model(x)
    l = loss(y_pred, y)
    optimizer.zero_grad()
    l.backward()
    optimizer.step()
    return l.item()


def train_one_epoch(model, loader, optimizer, loss_fn):
    model.train()
    losses = []
    sizes = []
    for x, y in loader:
        losses.append(train_on_batch(model, x, y, optimizer, loss_fn))
        sizes.append(x.shape[0])
    return sum(a * b for a, b in zip(losses, sizes)) / sum(sizes)


def evaluate(model, loader, loss_fn):
    flags = [(m, m.training) for m in model.modules()]
    model.eval()
    ys, ps = [], []
    with torch.no_grad():
        for x, y in loader:
            ps.append(model(x))
            ys.append(y)
        ys = torch.cat(ys, 0)
        ps = torch.cat(ps, 0)
        loss = loss_fn(ps, ys).item()
    for m, t in flags:
        m.training = t
    accuracy = (ps.argmax(dim=-1) == ys).float().mean().item()
    return loss, accuracy


def make_loaders(dataset, val_fraction, batch_size, seed):
    torch.manual_seed(seed)
    n = len(dataset)
    n_val = int(val_fraction * n)
    perm = torch.randperm(n)
    val = torch.utils.data.Subset(dataset, perm[:n_val])
    train = torch.utils.data.Subset(dataset, perm[n_val:])
    g = torch.Generator()
    g.manual_seed(seed + 1)
    return DataLoader(train, batch_size=batch_size, shuffle=True, generator=g), DataLoader(val, batch_size=batch_size)


def overfit_batch(model, images, labels, steps, lr):
    model.train()
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    history = []
    while len(history) < steps:
        history.append(train_on_batch(model, images, labels, opt, nn.CrossEntropyLoss()))
    return history


def fit(model, images, labels, *, epochs, batch_size, lr, seed):
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    rng = torch.Generator().manual_seed(seed)
    history = {'loss': []}
    n = images.shape[0]
    for epoch in range(epochs):
        model.train()
        order = torch.randperm(n, generator=rng)
        total = 0
        for start in range(0, n, batch_size):
            batch = order[start:start + batch_size]
            total += train_on_batch(model, images[batch], labels[batch], opt, nn.CrossEntropyLoss()) * len(batch)
        history['loss'].append(total / n)
    return history['loss']


def equivariance_error(layer, x, transform):
    with torch.no_grad():
        y = layer(x)
        y1 = layer(transform(x))
        y2 = transform(y)
    return float(torch.max(torch.abs(y1 - y2))) / float(torch.max(torch.abs(y)))
