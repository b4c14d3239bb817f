"""Small helper functions, a shortcut that is a module of its own."""

from collections.abc import Mapping, Sequence
import torch
from torch import nn

class Shortcut(nn.Module):

    def __init__(self, i, o, s):
        super().__init__()
        self.norm, self.conv = (nn.BatchNorm2d(o), nn.Conv2d(i, o, (1, 1), (s, s), bias=False))

    def forward(self, x):
        return self.norm(self.conv(x))

class Same(nn.Module):

    def forward(self, x):
        return x

def make_shortcut(in_channels, out_channels, stride):
    if stride > 1 or in_channels != out_channels:
        return Shortcut(in_channels, out_channels, stride)
    return Same()

def cb(i, o, k, s=1):
    return nn.Sequential(nn.Conv2d(i, o, k, s, k // 2, bias=False), nn.BatchNorm2d(o))

class BasicBlock(nn.Module):
    expansion = 1

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.one, self.two = (cb(in_channels, out_channels, 3, stride), cb(out_channels, out_channels, 3))
        self.short = make_shortcut(in_channels, out_channels, stride)

    def forward(self, x):
        return (self.two(self.one(x).clamp(min=0)) + self.short(x)).clamp(min=0)

class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.a = cb(in_channels, out_channels, 1)
        self.b = cb(out_channels, out_channels, 3, stride)
        self.c = cb(out_channels, 4 * out_channels, 1)
        self.short = make_shortcut(in_channels, 4 * out_channels, stride)

    def forward(self, x):
        y = self.c(torch.relu(self.b(torch.relu(self.a(x)))))
        return torch.relu(self.short(x) + y)

def zero_init_residual(block):
    last = block.two[1] if isinstance(block, BasicBlock) else block.c[1]
    last.weight.data.zero_()
    return block

def make_stage(block, in_channels, out_channels, num_blocks, stride):
    first = block(in_channels, out_channels, stride)
    rest = [block(out_channels * block.expansion, out_channels, 1) for _ in range(1, num_blocks)]
    return nn.Sequential(first, *rest)

class ResNet(nn.Module):

    def __init__(self, block, layers, num_classes, in_channels=1, width=16):
        super().__init__()
        self.fc = nn.Conv2d(width * 2 ** (len(layers) - 1) * block.expansion, num_classes, 1)
        self.start = cb(in_channels, width, 3)
        stages, c = ([], width)
        for i, n in enumerate(layers):
            stages.append(make_stage(block, c, width << i, n, 1 + (i > 0)))
            c = (width << i) * block.expansion
        self.body = nn.ModuleList(stages)

    def forward(self, x):
        x = torch.relu(self.start(x))
        for stage in self.body:
            x = stage(x)
        return self.fc(nn.functional.adaptive_avg_pool2d(x, 1)).flatten(1)

class InceptionModule(nn.Module):

    def __init__(self, c_in: int, c1: int, c3: tuple[int, int], c5: tuple[int, int], pool_proj: int) -> None:
        super().__init__()
        self.branch1 = nn.Sequential(nn.Conv2d(c_in, c1, 1), nn.ReLU())
        self.branch3 = nn.Sequential(nn.Conv2d(c_in, c3[0], 1), nn.ReLU(), nn.Conv2d(c3[0], c3[1], 3, padding=1), nn.ReLU())
        self.branch5 = nn.Sequential(nn.Conv2d(c_in, c5[0], 1), nn.ReLU(), nn.Conv2d(c5[0], c5[1], 5, padding=2), nn.ReLU())
        self.branch_pool = nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1), nn.Conv2d(c_in, pool_proj, 1), nn.ReLU())

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        branches = (self.branch1, self.branch3, self.branch5, self.branch_pool)
        return torch.cat([branch(x) for branch in branches], dim=1)

def vgg_block(in_channels: int, out_channels: int, num_convs: int) -> nn.Sequential:
    layers = []
    for number in range(num_convs):
        channels = in_channels if number == 0 else out_channels
        layers += [nn.Conv2d(channels, out_channels, 3, padding=1), nn.ReLU()]
    return nn.Sequential(*layers, nn.MaxPool2d(kernel_size=2, stride=2))

def first_layer_grad_norm(weights, x, *, residual):
    ws = [w.clone().requires_grad_(True) for w in weights]
    h = x.clone()
    for w in ws:
        h = torch.tanh(torch.nn.functional.linear(h, w)) + (h if residual else 0)
    h.square().mean().backward()
    return float(torch.linalg.norm(ws[0].grad))

def build_from_reference(state):
    n = 1 + max((int(k.split('.')[1]) for k in state if k.startswith('body.')))
    layers = [1 + max((int(k.split('.')[2]) for k in state if k.startswith(f'body.{i}.'))) for i in range(n)]
    width, inc = state['start.0.weight'].shape[:2]
    net = ResNet(BasicBlock, layers, state['fc.weight'].shape[0], inc, width)
    net.load_state_dict(state)
    return net.eval()
