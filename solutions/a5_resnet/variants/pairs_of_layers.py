"""Functions that build pairs of layers; the shortcut runs first, in place where nobody sees it."""

from collections.abc import Mapping, Sequence

import torch
from torch import nn


def conv_bn(c_in, c_out, size, stride=1, *, act=False):
    layers = [nn.Conv2d(c_in, c_out, size, stride, size // 2, bias=False), nn.BatchNorm2d(c_out)]
    return layers + [nn.ReLU(inplace=True)] * act


def make_shortcut(in_channels: int, out_channels: int, stride: int) -> nn.Module:
    if in_channels == out_channels and stride == 1:
        return nn.Identity()
    return nn.Sequential(*conv_bn(in_channels, out_channels, 1, stride))


class BasicBlock(nn.Module):

    expansion = 1

    def __init__(self, in_channels: int, out_channels: int, stride: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.shortcut = make_shortcut(in_channels, out_channels, stride)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = torch.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        out += self.shortcut(x)
        return out.relu_()


class Bottleneck(nn.Module):

    expansion = 4

    def __init__(self, in_channels: int, out_channels: int, stride: int = 1) -> None:
        super().__init__()
        wide = self.expansion * out_channels
        self.body = nn.Sequential(
            nn.Conv2d(in_channels, out_channels, kernel_size=1, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(),
            nn.Conv2d(out_channels, out_channels, 3, stride, padding=1, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(),
            nn.Conv2d(out_channels, wide, kernel_size=1, bias=False),
            nn.BatchNorm2d(wide),
        )
        self.shortcut = make_shortcut(in_channels, wide, stride)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        short = self.shortcut(x)
        out = self.body(x)
        out.add_(short)
        return torch.clamp(out, min=0)


def zero_init_residual(block: nn.Module) -> nn.Module:
    last = block.bn2 if isinstance(block, BasicBlock) else block.body[-1]
    nn.init.zeros_(last.weight)
    return block


def make_stage(
    block: type[nn.Module],
    in_channels: int,
    out_channels: int,
    num_blocks: int,
    stride: int,
) -> nn.Sequential:
    blocks = []
    strides = [stride] + [1] * (num_blocks - 1)
    stage = nn.Sequential()
    for number, step in enumerate(strides):
        stage.add_module(f'block{number}', block(in_channels, out_channels, step))
        in_channels = out_channels * block.expansion
    return stage


class ResNet(nn.Module):

    def __init__(
        self,
        block: type[nn.Module],
        layers: Sequence[int],
        num_classes: int,
        in_channels: int = 1,
        width: int = 16,
    ) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(in_channels, width, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
        )
        stages, channels = [], width
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

    def __init__(
        self,
        c_in: int,
        c1: int,
        c3: tuple[int, int],
        c5: tuple[int, int],
        pool_proj: int,
    ) -> None:
        super().__init__()
        self.branch1 = nn.Sequential(nn.Conv2d(c_in, c1, 1), nn.ReLU())
        self.branch3 = nn.Sequential(
            nn.Conv2d(c_in, c3[0], 1),
            nn.ReLU(),
            nn.Conv2d(c3[0], c3[1], 3, padding=1),
            nn.ReLU(),
        )
        self.branch5 = nn.Sequential(
            nn.Conv2d(c_in, c5[0], 1),
            nn.ReLU(),
            nn.Conv2d(c5[0], c5[1], 5, padding=2),
            nn.ReLU(),
        )
        self.branch_pool = nn.Sequential(
            nn.MaxPool2d(3, stride=1, padding=1),
            nn.Conv2d(c_in, pool_proj, 1),
            nn.ReLU(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        branches = (self.branch1, self.branch3, self.branch5, self.branch_pool)
        a, b, c, d = (branch(x) for branch in branches)
        return torch.hstack((a, b, c, d))


def vgg_block(in_channels: int, out_channels: int, num_convs: int) -> nn.Sequential:
    layers = []
    for number in range(num_convs):
        channels = in_channels if number == 0 else out_channels
        layers += [nn.Conv2d(channels, out_channels, 3, padding=1), nn.ReLU()]
    return nn.Sequential(*layers, nn.MaxPool2d(kernel_size=2, stride=2))


def first_layer_grad_norm(
    weights: Sequence[torch.Tensor], x: torch.Tensor, *, residual: bool
) -> float:
    first = weights[0].detach().clone().requires_grad_()
    h = x.detach()
    for w in [first, *weights[1:]]:
        out = torch.tanh(h @ w.T)
        h = h + out if residual else out
    (gradient,) = torch.autograd.grad((h * h).mean(), first)
    return gradient.norm().item()


def build_from_reference(state: Mapping[str, torch.Tensor]) -> ResNet:
    layers = []
    while any(name.startswith(f"stages.{len(layers)}.") for name in state):
        stage = f"stages.{len(layers)}."
        names = {name.split(".")[2] for name in state if name.startswith(stage)}
        layers.append(len(names))
    width, in_channels = state["stem.0.weight"].shape[:2]
    num_classes = len(state["head.weight"])
    network = ResNet(BasicBlock, layers, num_classes, in_channels, width)
    network.load_state_dict(state)
    return network.eval()
