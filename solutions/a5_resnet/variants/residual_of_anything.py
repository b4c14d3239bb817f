"""One module that adds a shortcut around any body; gradients by hand in NumPy."""

import re
from collections import Counter

import numpy as np
import torch
from torch import nn


def make_shortcut(in_channels, out_channels, stride):
    same = stride == 1 and in_channels == out_channels
    layers = [] if same else [nn.Conv2d(in_channels, out_channels, (1, 1), (stride, stride), bias=False), nn.BatchNorm2d(out_channels)]
    return nn.Sequential(*layers) if layers else nn.Identity()


def cbr(cin, cout, k, stride=1, relu=True):
    yield nn.Conv2d(cin, cout, k, stride=stride, padding="same" if stride == 1 else k // 2, bias=False)
    yield nn.BatchNorm2d(cout)
    if relu:
        yield nn.ReLU(inplace=True)


class Around(nn.Module):
    def __init__(self, body, shortcut):
        super().__init__()
        self.shortcut, self.body = shortcut, body

    def forward(self, x):
        return torch.clamp_min(torch.add(self.shortcut(x), self.body(x)), 0)


class BasicBlock(Around):
    expansion = 1

    def __init__(self, in_channels, out_channels, stride=1):
        body = [*cbr(in_channels, out_channels, 3, stride), *cbr(out_channels, out_channels, 3, relu=False)]
        super().__init__(nn.Sequential(*body), make_shortcut(in_channels, out_channels, stride))


class Bottleneck(Around):
    expansion = 4

    def __init__(self, in_channels, out_channels, stride=1):
        wide = out_channels * Bottleneck.expansion
        body = [*cbr(in_channels, out_channels, 1), *cbr(out_channels, out_channels, 3, stride), *cbr(out_channels, wide, 1, relu=False)]
        super().__init__(nn.Sequential(*body), make_shortcut(in_channels, wide, stride))


def zero_init_residual(block):
    *_, last = (m for m in block.body if isinstance(m, nn.BatchNorm2d))
    with torch.no_grad():
        last.weight.mul_(0)
    return block


def make_stage(block, in_channels, out_channels, num_blocks, stride):
    inner = out_channels * block.expansion
    first = block(in_channels, out_channels, stride)
    return nn.Sequential(first, *[block(inner, out_channels, 1) for _ in range(num_blocks - 1)])


class ResNet(nn.Sequential):
    def __init__(self, block, layers, num_classes, in_channels=1, width=16):
        super().__init__(*cbr(in_channels, width, 3))
        wide, cin = width, width
        for i, n in enumerate(layers):
            self.add_module(f"stage{i}", make_stage(block, cin, wide, n, 2 if i else 1))
            cin, wide = wide * block.expansion, wide * 2
        self.add_module("pool", nn.AdaptiveAvgPool2d((1, 1)))
        self.add_module("flat", nn.Flatten())
        self.add_module("fc", nn.Linear(cin, num_classes))


class InceptionModule(nn.Module):
    def __init__(self, c_in, c1, c3, c5, pool_proj):
        super().__init__()
        conv = lambda a, b, k: [nn.Conv2d(a, b, k, padding=k // 2), nn.ReLU()]
        self.paths = nn.ModuleDict({
            "pool": nn.Sequential(nn.MaxPool2d(3, 1, 1), *conv(c_in, pool_proj, 1)),
            "five": nn.Sequential(*conv(c_in, c5[0], 1), *conv(*c5, 5)),
            "three": nn.Sequential(*conv(c_in, c3[0], 1), *conv(*c3, 3)),
            "one": nn.Sequential(*conv(c_in, c1, 1)),
        })

    def forward(self, x):
        return torch.cat([path(x) for path in reversed(list(self.paths.values()))], 1)


def vgg_block(in_channels, out_channels, num_convs):
    channels = [in_channels] + [out_channels] * num_convs
    block = nn.Sequential()
    for i, (a, b) in enumerate(zip(channels, channels[1:])):
        block.add_module(f"conv{i}", nn.Conv2d(a, b, 3, 1, 1))
        block.add_module(f"relu{i}", nn.ReLU(True))
    block.add_module("pool", nn.MaxPool2d((2, 2)))
    return block


def first_layer_grad_norm(weights, x, *, residual):
    ws = [w.detach().numpy() for w in weights]
    hs, ts = [x.detach().numpy()], []
    for w in ws:
        ts.append(np.tanh(hs[-1] @ w.T))
        hs.append(hs[-1] + ts[-1] if residual else ts[-1])
    g = 2 * hs[-1] / hs[-1].size
    for i in range(len(ws) - 1, 0, -1):
        inner = (g * (1 - ts[i] ** 2)) @ ws[i]
        g = g + inner if residual else inner
    return float(np.linalg.norm((g * (1 - ts[0] ** 2)).T @ hs[0]))


def build_from_reference(state):
    blocks = {m.groups() for m in (re.match(r"stage(\d+)\.(\d+)\.", name) for name in state) if m}
    depth = Counter(int(stage) for stage, _ in blocks)
    layers = [depth[i] for i in sorted(depth)]
    width, cin = state["0.weight"].shape[0], state["0.weight"].shape[1]
    net = ResNet(BasicBlock, layers, state["fc.bias"].numel(), in_channels=cin, width=width)
    net.load_state_dict(state, strict=True)
    net.train(False)
    return net
