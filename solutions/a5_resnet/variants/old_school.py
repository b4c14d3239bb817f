"""A layer a line, names like in the paper, float32 casts, weights by hand, long ways round."""

import math

import torch
from torch import nn
from torch.autograd import Variable


def conv3x3(a, b, stride=1):
    layer = nn.Conv2d(a, b, kernel_size=3, stride=stride, padding=1, dilation=1, groups=1, bias=False)
    n = layer.kernel_size[0] * layer.kernel_size[1] * layer.out_channels
    layer.weight.data.normal_(0, math.sqrt(2.0 / n))
    return layer


def conv1x1(a, b, stride=1):
    return nn.Conv2d(a, b, kernel_size=1, stride=stride, padding=0, bias=False)


def make_shortcut(in_channels, out_channels, stride):
    shortcut = nn.Identity()
    if stride != 1 or in_channels != out_channels:
        shortcut = nn.Sequential()
        shortcut.add_module("conv", conv1x1(in_channels, out_channels, stride))
        shortcut.add_module("norm", nn.BatchNorm2d(num_features=out_channels))
    return shortcut


class BasicBlock(nn.Module):
    expansion = 1

    def __init__(self, in_channels, out_channels, stride=1):
        nn.Module.__init__(self)
        self.conv2_1 = conv3x3(in_channels, out_channels, stride)
        self.bn2_1 = nn.BatchNorm2d(out_channels)
        self.relu = nn.ReLU(inplace=True)
        self.conv2_2 = conv3x3(out_channels, out_channels)
        self.bn2_2 = nn.BatchNorm2d(out_channels)
        self.downsample = make_shortcut(in_channels, out_channels, stride)
        self.stride = stride

    def forward(self, x):
        x = x.to(self.conv2_1.weight.dtype)
        identity = x.clone()
        y = self.relu(self.bn2_1(self.conv2_1(x)))
        y = self.bn2_2(self.conv2_2(y))
        if not isinstance(self.downsample, nn.Identity):
            identity = self.downsample(identity)
        y += identity
        return self.relu(y)


class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, in_channels, out_channels, stride=1):
        nn.Module.__init__(self)
        self.relu = nn.ReLU()
        for i, (a, b, make, s) in enumerate((
            (in_channels, out_channels, conv1x1, 1),
            (out_channels, out_channels, conv3x3, stride),
            (out_channels, 4 * out_channels, conv1x1, 1),
        ), 1):
            setattr(self, f"conv{i}", make(a, b, s))
            setattr(self, f"bn{i}", nn.BatchNorm2d(b))
        self.downsample = make_shortcut(in_channels, 4 * out_channels, stride)

    def forward(self, x):
        y = x
        for i in (1, 2, 3):
            y = getattr(self, f"bn{i}")(getattr(self, f"conv{i}")(y))
            if i < 3:
                y = self.relu(y)
        return self.relu(self.downsample(x) + y)


def zero_init_residual(block):
    bn = {BasicBlock: "bn2_2", Bottleneck: "bn3"}[type(block)]
    nn.init.constant_(getattr(block, bn).weight, 0.0)
    return block


def make_stage(block, in_channels, out_channels, num_blocks, stride):
    stage = nn.Sequential()
    planes = in_channels
    for i in range(num_blocks):
        stage.append(block(planes, out_channels, stride))
        planes, stride = out_channels * block.expansion, 1
    return stage


class ResNet(nn.Module):
    def __init__(self, block, layers, num_classes, in_channels=1, width=16):
        super(ResNet, self).__init__()
        self.inplanes = width
        self.conv1 = conv3x3(in_channels, width)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        names = []
        for i, blocks in enumerate(layers):
            planes = width * 2**i
            names.append(f"layer{i + 1}")
            setattr(self, names[-1], make_stage(block, self.inplanes, planes, blocks, min(i + 1, 2)))
            self.inplanes = planes * block.expansion
        self.names = names
        self.fc = nn.Linear(self.inplanes, num_classes)
        for m in self.modules():
            if isinstance(m, nn.BatchNorm2d):
                m.weight.data.fill_(1)
                m.bias.data.zero_()

    def forward(self, x):
        x = self.conv1(x)
        x = self.bn1(x)
        x = self.relu(x)
        for name in self.names:
            x = getattr(self, name)(x)
        x = x.view(x.size(0), x.size(1), -1).sum(2) / (x.size(2) * x.size(3))
        return self.fc(x)


class InceptionModule(nn.Module):
    def __init__(self, c_in, c1, c3, c5, pool_proj):
        super().__init__()
        (n3x3red, n3x3), (n5x5red, n5x5) = c3, c5
        self.b1 = nn.Sequential(nn.Conv2d(c_in, c1, kernel_size=1), nn.ReLU(True))
        self.b2 = nn.Sequential(
            nn.Conv2d(c_in, n3x3red, kernel_size=1), nn.ReLU(True), nn.Conv2d(n3x3red, n3x3, kernel_size=3, padding=1), nn.ReLU(True)
        )
        self.b3 = nn.Sequential(
            nn.Conv2d(c_in, n5x5red, kernel_size=1), nn.ReLU(True), nn.Conv2d(n5x5red, n5x5, kernel_size=5, padding=2), nn.ReLU(True)
        )
        self.b4 = nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1), nn.Conv2d(c_in, pool_proj, kernel_size=1), nn.ReLU(True))
        self.sizes = c1, n3x3, n5x5, pool_proj

    def forward(self, x):
        out = x.new_empty(x.size(0), sum(self.sizes), x.size(2), x.size(3))
        start, parts = 0, []
        for branch, size in zip((self.b1, self.b2, self.b3, self.b4), self.sizes):
            parts.append((branch(x), start, start + size))
            start += size
        for y, a, b in parts:
            out[:, a:b] = y
        return out


def vgg_block(in_channels, out_channels, num_convs):
    layers = [nn.Conv2d(in_channels, out_channels, 3, padding=1), nn.ReLU(True)]
    for _ in range(num_convs - 1):
        layers.append(nn.Conv2d(out_channels, out_channels, 3, padding=1))
        layers.append(nn.ReLU(True))
    layers.append(nn.MaxPool2d(2, 2))
    return nn.Sequential(*layers)


def first_layer_grad_norm(weights, x, *, residual):
    ws = [Variable(w.clone(), requires_grad=True) for w in weights]
    h = x.clone()
    for w in ws:
        step = (h.mm(w.t())).tanh()
        h = h + step if residual else step
    loss = torch.mean(torch.pow(h, 2))
    loss.backward()
    return math.sqrt((ws[0].grad ** 2).sum())


def build_from_reference(state):
    layers = []
    while True:
        prefix = f"layer{len(layers) + 1}."
        blocks = [int(key[len(prefix) :].split(".")[0]) for key in state.keys() if key.startswith(prefix)]
        if not blocks:
            break
        layers.append(max(blocks) + 1)
    out, width = state["fc.weight"].size(0), state["bn1.running_mean"].size(0)
    model = ResNet(BasicBlock, tuple(layers), out, state["conv1.weight"].size(1), width)
    model.load_state_dict(dict(state))
    model.eval()
    return model
