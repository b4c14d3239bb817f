"""Layers with flags; the network is an nn.Sequential; the gradient is worked out by hand."""
from collections import OrderedDict
from functools import partial

import torch
from torch import nn


class ConvLayer(nn.Sequential):
    def __init__(self, ni, nf, ks=3, stride=1, act=True, norm=True, bias=None):
        bias = not norm if bias is None else bias
        layers = [nn.Conv2d(ni, nf, ks, stride=stride, padding=(ks - 1) // 2, bias=bias)]
        if norm: layers.append(nn.BatchNorm2d(nf))
        if act: layers.append(nn.ReLU())
        super().__init__(*layers)


Norm = partial(ConvLayer, act=False)
Plain = partial(ConvLayer, norm=False)


def make_shortcut(in_channels, out_channels, stride):
    if in_channels == out_channels and stride == 1: return nn.Identity()
    return Norm(in_channels, out_channels, 1, stride)


class ResBlock(nn.Module):
    def __init__(self, ni, nh, stride=1):
        super().__init__()
        nf = self.expansion * nh
        layers = ([ConvLayer(ni, nh, 3, stride), Norm(nh, nf, 3)] if self.expansion == 1 else
                  [ConvLayer(ni, nh, 1), ConvLayer(nh, nh, 3, stride), Norm(nh, nf, 1)])
        self.convs = nn.Sequential(*layers)
        self.idconv = make_shortcut(ni, nf, stride)
        self.act = nn.ReLU(inplace=True)

    def forward(self, x): return self.act(self.convs(x) + self.idconv(x))


class BasicBlock(ResBlock): expansion = 1
class Bottleneck(ResBlock): expansion = 4


def zero_init_residual(block):
    bns = [m for m in block.convs.modules() if isinstance(m, nn.BatchNorm2d)]
    with torch.no_grad(): bns[-1].weight.fill_(0.)
    return block


def make_stage(block, in_channels, out_channels, num_blocks, stride):
    inputs = [in_channels] + [block.expansion * out_channels] * (num_blocks - 1)
    return nn.Sequential(*[block(ni, out_channels, stride if i == 0 else 1) for i, ni in enumerate(inputs)])


class ResNet(nn.Sequential):
    def __init__(self, block, layers, num_classes, in_channels=1, width=16):
        parts = OrderedDict(stem=ConvLayer(in_channels, width))
        ni = width
        for i, l in enumerate(layers):
            nh = width << i
            parts[f"stage{i}"] = make_stage(block, ni, nh, l, 2 if i else 1)
            ni = nh * block.expansion
        parts["pool"] = nn.AdaptiveAvgPool2d(1)
        parts["flat"] = nn.Flatten()
        parts["head"] = nn.Linear(ni, num_classes)
        super().__init__(parts)


class InceptionModule(nn.Module):
    def __init__(self, c_in, c1, c3, c5, pool_proj):
        super().__init__()
        (r3, f3), (r5, f5) = c3, c5
        self.branches = nn.ModuleList([
            Plain(c_in, c1, 1),
            nn.Sequential(Plain(c_in, r3, 1), Plain(r3, f3, 3)),
            nn.Sequential(Plain(c_in, r5, 1), Plain(r5, f5, 5)),
            nn.Sequential(nn.MaxPool2d(3, 1, 1), Plain(c_in, pool_proj, 1)),
        ])

    def forward(self, x): return torch.cat([b(x) for b in self.branches], dim=1)


def vgg_block(in_channels, out_channels, num_convs):
    convs = [Plain(in_channels if i == 0 else out_channels, out_channels) for i in range(num_convs)]
    return nn.Sequential(*convs, nn.MaxPool2d(2))


def first_layer_grad_norm(weights, x, *, residual):
    # by hand, reverse mode, no autograd
    hs, fs = [x], []
    for w in weights:
        f = torch.tanh(hs[-1] @ w.T)
        fs.append(f)
        hs.append(hs[-1] + f if residual else f)
    g = 2 * hs[-1] / hs[-1].numel()
    for w, f, h in zip(reversed(weights), reversed(fs), reversed(hs[:-1])):
        gz = g * (1 - f * f)
        gw = gz.T @ h
        g = gz @ w + (g if residual else 0)
    return float(gw.norm())


def build_from_reference(state):
    width, c_in = state["stem.0.weight"].shape[:2]
    layers, i = [], 0
    while f"stage{i}.0.convs.0.0.weight" in state:
        n = 0
        while f"stage{i}.{n}.convs.0.0.weight" in state: n += 1
        layers.append(n)
        i += 1
    model = ResNet(BasicBlock, layers, len(state["head.bias"]), c_in, width)
    model.load_state_dict(state)
    return model.train(False)
