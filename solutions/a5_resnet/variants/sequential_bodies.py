"""Bodies in nn.Sequential, in-place ReLUs where they are safe, modules for all."""

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
        self.residual = nn.Sequential(nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False), nn.BatchNorm2d(out_channels), nn.ReLU(inplace=True), nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False), nn.BatchNorm2d(out_channels))
        self.identity = make_shortcut(in_channels, out_channels, stride)
        self.act = nn.ReLU(inplace=True)

    def forward(self, x):
        out = self.residual(x)
        out += self.identity(x)
        return self.act(out)

class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, in_channels: int, out_channels: int, stride: int=1) -> None:
        super().__init__()
        wide = self.expansion * out_channels
        self.body = nn.Sequential(nn.Conv2d(in_channels, out_channels, kernel_size=1, bias=False), nn.BatchNorm2d(out_channels), nn.ReLU(), nn.Conv2d(out_channels, out_channels, 3, stride, padding=1, bias=False), nn.BatchNorm2d(out_channels), nn.ReLU(), nn.Conv2d(out_channels, wide, kernel_size=1, bias=False), nn.BatchNorm2d(wide))
        self.shortcut = make_shortcut(in_channels, wide, stride)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(self.body(x) + self.shortcut(x))

def zero_init_residual(block):
    seq = block.residual if hasattr(block, 'residual') else block.body
    norms = [m for m in seq if isinstance(m, nn.BatchNorm2d)]
    nn.init.constant_(norms[-1].weight, 0.0)
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

    def __init__(self, c_in, c1, c3, c5, pool_proj):
        super().__init__()
        r3, c3 = c3
        r5, c5 = c5
        self.p = nn.Conv2d(c_in, pool_proj, kernel_size=1)
        self.five = nn.Conv2d(r5, c5, kernel_size=5, padding='same')
        self.five_r = nn.Conv2d(c_in, r5, kernel_size=1)
        self.three = nn.Conv2d(r3, c3, kernel_size=3, padding='same')
        self.three_r = nn.Conv2d(c_in, r3, kernel_size=1)
        self.one = nn.Conv2d(c_in, c1, kernel_size=1)

    def forward(self, x):
        f = nn.functional
        d = f.relu(self.p(f.max_pool2d(x, 3, 1, 1)))
        c = f.relu(self.five(f.relu(self.five_r(x))))
        b = f.relu(self.three(f.relu(self.three_r(x))))
        a = f.relu(self.one(x))
        return torch.cat((a, b, c, d), 1)

def vgg_block(in_channels, out_channels, num_convs):
    net = nn.Sequential()
    net.append(nn.Conv2d(in_channels, out_channels, 3, 1, 1))
    net.append(nn.ReLU(inplace=True))
    for i in range(1, num_convs):
        net.append(nn.Conv2d(out_channels, out_channels, (3, 3), padding=(1, 1)))
        net.append(nn.ReLU(inplace=True))
    net.append(nn.MaxPool2d(2))
    return net

def first_layer_grad_norm(weights: Sequence[torch.Tensor], x: torch.Tensor, *, residual: bool) -> float:
    first = weights[0].detach().clone().requires_grad_()
    h = x.detach()
    for w in [first, *weights[1:]]:
        out = torch.tanh(h @ w.T)
        h = h + out if residual else out
    gradient, = torch.autograd.grad((h * h).mean(), first)
    return gradient.norm().item()

def build_from_reference(state):
    stages = sorted({int(k.split('.')[1]) for k in state if k.startswith('stages.')})
    layers = [len({k.split('.')[2] for k in state if k.startswith(f'stages.{s}.')}) for s in stages]
    out, inc = (state['stem.0.weight'].shape[0], state['stem.0.weight'].shape[1])
    net = ResNet(BasicBlock, tuple(layers), state['head.bias'].numel(), in_channels=inc, width=out)
    net.load_state_dict(state)
    return net.eval()
