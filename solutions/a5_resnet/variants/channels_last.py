"""Maps turned to channels-last, outputs summed in place, a head that is a convolution."""

import itertools

import torch
import torch.nn.functional as F
from torch import nn
from torch.func import grad


class Nothing(nn.Identity):
    pass


class Projection(nn.Module):
    def __init__(self, cin, cout, stride):
        super().__init__()
        self.norm = nn.BatchNorm2d(cout, eps=1e-5, momentum=0.1)
        self.weigh = nn.Conv2d(cin, cout, kernel_size=1, padding=0, stride=stride, bias=False)

    def forward(self, x):
        return self.norm(self.weigh(x))


def make_shortcut(in_channels, out_channels, stride):
    if (in_channels, 1) != (out_channels, stride):
        return Projection(in_channels, out_channels, stride)
    return Nothing()


class _Block(nn.Module):
    def forward(self, x):
        out = x.contiguous(memory_format=torch.channels_last)
        *inner, last = zip(self.convs, self.norms)
        for conv, norm in inner:
            out = F.relu_(norm(conv(out)))
        out = last[1](last[0](out))
        out += self.shortcut(x)
        return out.relu_()


class BasicBlock(_Block):
    expansion = 1

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.shortcut = make_shortcut(in_channels, out_channels, stride)
        self.norms = nn.ModuleList(nn.BatchNorm2d(out_channels) for _ in range(2))
        self.convs = nn.ModuleList(
            nn.Conv2d(c, out_channels, 3, s, padding=1, bias=False) for c, s in [(in_channels, stride), (out_channels, 1)]
        )


class Bottleneck(_Block):
    expansion = 4

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        c = [in_channels, out_channels, out_channels, out_channels * 4]
        self.norms = nn.ModuleList(map(nn.BatchNorm2d, c[1:]))
        self.convs = nn.ModuleList(
            nn.Conv2d(a, b, k, stride=s, padding=k // 2, bias=False) for a, b, k, s in zip(c, c[1:], (1, 3, 1), (1, stride, 1))
        )
        self.shortcut = make_shortcut(in_channels, c[-1], stride)


def zero_init_residual(block):
    block.norms[-1].weight.data = torch.zeros_like(block.norms[-1].weight)
    return block


def make_stage(block, in_channels, out_channels, num_blocks, stride):
    strides = itertools.chain([stride], itertools.repeat(1))
    inputs = itertools.chain([in_channels], itertools.repeat(block.expansion * out_channels))
    return nn.Sequential(*(block(c, out_channels, s) for c, s, _ in zip(inputs, strides, range(num_blocks))))


class ResNet(nn.Module):
    def __init__(self, block, layers, num_classes, in_channels=1, width=16):
        super().__init__()
        self.widths = [width << i for i in range(len(layers))]
        self.conv1 = nn.Conv2d(in_channels, width, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        inputs = [width] + [block.expansion * w for w in self.widths]
        self.layers = nn.ModuleList(
            make_stage(block, c, w, n, 1 + (i > 0)) for i, (c, w, n) in enumerate(zip(inputs, self.widths, layers))
        )
        self.score = nn.Conv2d(inputs[-1], num_classes, 1)

    def forward(self, x):
        x = torch.relu(self.bn1(self.conv1(x.to(memory_format=torch.channels_last))))
        for layer in self.layers:
            x = layer(x)
        return self.score(F.avg_pool2d(x, x.shape[2:])).flatten(1)


class InceptionModule(nn.Module):
    def __init__(self, c_in, c1, c3, c5, pool_proj):
        super().__init__()
        self.ones = nn.ModuleList(nn.Conv2d(c_in, c, 1) for c in (c1, c3[0], c5[0], pool_proj))
        self.three = nn.Conv2d(*c3, kernel_size=3, padding=1)
        self.five = nn.Conv2d(*c5, kernel_size=5, padding=2)

    def forward(self, x):
        one, reduced3, reduced5 = (F.relu(conv(x)) for conv in self.ones[:3])
        pooled = F.max_pool2d(x, kernel_size=3, stride=1, padding=1)
        parts = one, self.three(reduced3), self.five(reduced5), self.ones[3](pooled)
        return torch.relu(torch.concat(parts, dim=-3))


def vgg_block(in_channels, out_channels, num_convs):
    def pairs():
        for i in range(num_convs):
            yield nn.Sequential(nn.Conv2d(out_channels if i else in_channels, out_channels, 3, padding="same"), nn.ReLU())

    return nn.Sequential(nn.Sequential(*pairs()), nn.MaxPool2d(2, ceil_mode=False))


def first_layer_grad_norm(weights, x, *, residual):
    first, rest = weights[0].detach(), [w.detach() for w in weights[1:]]

    def loss(w):
        h = x.detach()
        for v in (w, *rest):
            h = torch.tanh(F.linear(h, v)) + (h if residual else 0)
        return h.square().mean()

    return float(torch.linalg.matrix_norm(grad(loss)(first)))


def build_from_reference(state):
    numbers = [tuple(map(int, name.split(".")[1:3])) for name in state if name.startswith("layers.")]
    stages = 1 + max(s for s, _ in numbers)
    layers = [1 + max(b for s, b in numbers if s == i) for i in range(stages)]
    width, channels = state["conv1.weight"].shape[:2]
    network = ResNet(BasicBlock, layers, len(state["score.bias"]), channels, width)
    missing, unexpected = network.load_state_dict(state)
    return network.requires_grad_(True).eval()
