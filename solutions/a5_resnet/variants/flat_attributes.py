"""Every layer an attribute, functional activations and pooling, pooled by a module."""

from collections.abc import Mapping, Sequence
import torch
from torch import nn

def make_shortcut(in_channels: int, out_channels: int, stride: int) -> nn.Module:
    if in_channels == out_channels and stride == 1:
        return nn.Identity()
    return nn.Sequential(nn.Conv2d(in_channels, out_channels, kernel_size=1, stride=stride, bias=False), nn.BatchNorm2d(out_channels))

class BasicBlock(nn.Module):
    expansion = 1

    def __init__(self, in_channels: int, out_channels: int, stride: int=1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.shortcut = make_shortcut(in_channels, out_channels, stride)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = torch.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        return torch.relu(out + self.shortcut(x))

class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.n3, self.n2, self.n1 = (nn.BatchNorm2d(out_channels * 4), nn.BatchNorm2d(out_channels), nn.BatchNorm2d(out_channels))
        self.c3 = nn.Conv2d(out_channels, out_channels * 4, 1, bias=False)
        self.c2 = nn.Conv2d(out_channels, out_channels, 3, stride, 1, bias=False)
        self.c1 = nn.Conv2d(in_channels, out_channels, 1, bias=False)
        self.needs = stride != 1 or in_channels != 4 * out_channels
        if self.needs:
            self.cs = nn.Conv2d(in_channels, out_channels * 4, 1, stride, bias=False)
            self.ns = nn.BatchNorm2d(out_channels * 4)

    def forward(self, x):
        s = self.ns(self.cs(x)) if self.needs else x
        f = nn.functional.relu
        return f(self.n3(self.c3(f(self.n2(self.c2(f(self.n1(self.c1(x)))))))) + s)

def zero_init_residual(block):
    last = block.bn2 if isinstance(block, BasicBlock) else block.n3
    last.weight = nn.Parameter(torch.zeros_like(last.weight))
    return block

def make_stage(block: type[nn.Module], in_channels: int, out_channels: int, num_blocks: int, stride: int) -> nn.Sequential:
    blocks = []
    for number in range(num_blocks):
        blocks.append(block(in_channels, out_channels, stride if number == 0 else 1))
        in_channels = block.expansion * out_channels
    return nn.Sequential(*blocks)

class ResNet(nn.Module):

    def __init__(self, block, layers, num_classes, in_channels=1, width=16):
        super().__init__()
        self.head = nn.Sequential(nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten(), nn.Linear(block.expansion * width * 2 ** (len(layers) - 1), num_classes))
        channels = [width] + [block.expansion * width * 2 ** i for i in range(len(layers))]
        self.stages = nn.Sequential(*(make_stage(block, channels[i], width * 2 ** i, n, 2 if i else 1) for i, n in enumerate(layers)))
        self.bn = nn.BatchNorm2d(width)
        self.conv = nn.Conv2d(in_channels, width, 3, 1, 1, bias=False)

    def forward(self, x):
        return self.head(self.stages(torch.relu(self.bn(self.conv(x)))))

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
    from collections import Counter
    first = [k.split('.')[1] for k in state if k.startswith('stages.') and k.endswith('conv1.weight')]
    counts = Counter(first)
    conv = state['conv.weight']
    net = ResNet(BasicBlock, [counts[str(i)] for i in range(len(counts))], state['head.2.bias'].numel(), conv.size(1), conv.size(0))
    net.load_state_dict(state)
    return net.eval()
