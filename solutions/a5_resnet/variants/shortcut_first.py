"""The shortcut is defined first and runs first; other names."""

from collections.abc import Mapping, Sequence
import torch
from torch import nn

def make_shortcut(in_channels: int, out_channels: int, stride: int) -> nn.Module:
    if in_channels == out_channels and stride == 1:
        return nn.Identity()
    return nn.Sequential(nn.Conv2d(in_channels, out_channels, kernel_size=1, stride=stride, bias=False), nn.BatchNorm2d(out_channels))

class BasicBlock(nn.Module):
    expansion = 1

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.skip = nn.Sequential()
        if stride != 1 or in_channels != out_channels:
            self.skip = nn.Sequential(nn.Conv2d(in_channels, out_channels, 1, stride, bias=False), nn.BatchNorm2d(out_channels))
        self.b = nn.Conv2d(in_channels, out_channels, 3, stride=stride, padding=1, bias=False)
        self.a = nn.BatchNorm2d(out_channels)
        self.d = nn.Conv2d(out_channels, out_channels, 3, padding='same', bias=False)
        self.c = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        identity = self.skip(x)
        y = self.a(self.b(x)).relu()
        return nn.functional.relu(self.c(self.d(y)).add(identity))

class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        out = out_channels * 4
        self.project = make_shortcut(in_channels, out, stride)
        self.norms = nn.ModuleList([nn.BatchNorm2d(c) for c in (out, out_channels, out_channels)])
        self.convs = nn.ModuleList([nn.Conv2d(out_channels, out, 1, bias=False), nn.Conv2d(out_channels, out_channels, 3, stride, 1, bias=False), nn.Conv2d(in_channels, out_channels, 1, bias=False)])

    def forward(self, x):
        s = self.project(x)
        for i in (2, 1, 0):
            x = self.norms[i](self.convs[i](x))
            if i:
                x = torch.relu(x)
        return torch.relu(x + s)

def zero_init_residual(block):
    with torch.no_grad():
        (block.c if isinstance(block, BasicBlock) else block.norms[0]).weight.fill_(0)
    return block

def make_stage(block: type[nn.Module], in_channels: int, out_channels: int, num_blocks: int, stride: int) -> nn.Sequential:
    blocks = []
    for number in range(num_blocks):
        blocks.append(block(in_channels, out_channels, stride if number == 0 else 1))
        in_channels = block.expansion * out_channels
    return nn.Sequential(*blocks)

class ResNet(nn.Module):

    def __init__(self, block: type[nn.Module], layers: Sequence[int], num_classes: int, in_channels: int=1, width: int=16) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(in_channels, width, kernel_size=3, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU())
        stages, channels = ([], width)
        for number, num_blocks in enumerate(layers):
            stride = 1 if number == 0 else 2
            stages.append(make_stage(block, channels, width, num_blocks, stride))
            channels = block.expansion * width
            width = 2 * width
        self.stages = nn.Sequential(*stages)
        self.head = nn.Linear(channels, num_classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.stages(self.stem(x)).mean(dim=(2, 3)))

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

def first_layer_grad_norm(weights: Sequence[torch.Tensor], x: torch.Tensor, *, residual: bool) -> float:
    first = weights[0].detach().clone().requires_grad_()
    h = x.detach()
    for w in [first, *weights[1:]]:
        out = torch.tanh(h @ w.T)
        h = h + out if residual else out
    gradient, = torch.autograd.grad((h * h).mean(), first)
    return gradient.norm().item()

def build_from_reference(state):
    import re
    blocks = {tuple(map(int, re.match('stages\\.(\\d+)\\.(\\d+)', k).groups())) for k in state if k.startswith('stages')}
    layers = [sum((1 for s, _ in blocks if s == i)) for i in range(1 + max((s for s, _ in blocks)))]
    w = state['stem.0.weight']
    net = ResNet(BasicBlock, layers, state['head.weight'].size(0), w.size(1), w.size(0))
    net.load_state_dict(dict(state))
    net.eval()
    return net
