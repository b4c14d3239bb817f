"""One ReLU module shared by all branches; an empty Sequential for the identity."""

from collections.abc import Mapping, Sequence
import torch
from torch import nn

def make_shortcut(in_channels, out_channels, stride):
    layers = []
    if (in_channels, 1) != (out_channels, stride):
        layers = [nn.Conv2d(in_channels, out_channels, 1, stride, bias=False), nn.BatchNorm2d(out_channels)]
    return nn.Sequential(*layers)

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

    def __init__(self, in_channels: int, out_channels: int, stride: int=1) -> None:
        super().__init__()
        wide = self.expansion * out_channels
        self.body = nn.Sequential(nn.Conv2d(in_channels, out_channels, kernel_size=1, bias=False), nn.BatchNorm2d(out_channels), nn.ReLU(), nn.Conv2d(out_channels, out_channels, 3, stride, padding=1, bias=False), nn.BatchNorm2d(out_channels), nn.ReLU(), nn.Conv2d(out_channels, wide, kernel_size=1, bias=False), nn.BatchNorm2d(wide))
        self.shortcut = make_shortcut(in_channels, wide, stride)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(self.body(x) + self.shortcut(x))

def zero_init_residual(block: nn.Module) -> nn.Module:
    last = block.bn2 if isinstance(block, BasicBlock) else block.body[-1]
    nn.init.zeros_(last.weight)
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
        relu = nn.ReLU()
        self.branches = nn.ModuleList([nn.Sequential(nn.Conv2d(c_in, c1, 1), relu), nn.Sequential(nn.Conv2d(c_in, c3[0], 1, padding='same'), relu, nn.Conv2d(*c3, 3, 1, 1), relu), nn.Sequential(nn.Conv2d(c_in, c5[0], 1), relu, nn.Conv2d(*c5, 5, 1, 2), relu), nn.Sequential(nn.MaxPool2d(3, 1, 1), nn.Conv2d(c_in, pool_proj, 1), relu)])

    def forward(self, x):
        return torch.cat([b(x) for b in self.branches], dim=-3)

def vgg_block(in_channels, out_channels, num_convs):
    sizes = [in_channels] + [out_channels] * num_convs
    layers = []
    for a, b in zip(sizes, sizes[1:]):
        layers.extend((nn.Conv2d(a, b, 3, padding='same'), nn.ReLU()))
    layers.append(nn.MaxPool2d((2, 2)))
    return nn.Sequential(*layers)

def first_layer_grad_norm(weights: Sequence[torch.Tensor], x: torch.Tensor, *, residual: bool) -> float:
    first = weights[0].detach().clone().requires_grad_()
    h = x.detach()
    for w in [first, *weights[1:]]:
        out = torch.tanh(h @ w.T)
        h = h + out if residual else out
    gradient, = torch.autograd.grad((h * h).mean(), first)
    return gradient.norm().item()

def build_from_reference(state: Mapping[str, torch.Tensor]) -> ResNet:
    layers = []
    while f'stages.{len(layers)}.0.conv1.weight' in state:
        stage = f'stages.{len(layers)}.'
        names = {name.split('.')[2] for name in state if name.startswith(stage)}
        layers.append(len(names))
    width, in_channels = state['stem.0.weight'].shape[:2]
    num_classes = len(state['head.weight'])
    network = ResNet(BasicBlock, layers, num_classes, in_channels, width)
    network.load_state_dict(state)
    return network.eval()
