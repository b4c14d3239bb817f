"""One base class whose body the blocks make; stages are added by name."""
import torch
from torch import nn
from torch.nn import functional as F


def make_shortcut(in_channels, out_channels, stride):
    use_1x1conv = stride > 1 or in_channels != out_channels
    if use_1x1conv:
        net = nn.Sequential()
        net.add_module("conv3", nn.Conv2d(in_channels, out_channels, kernel_size=1, stride=stride, bias=False))
        net.add_module("bn3", nn.BatchNorm2d(out_channels))
        return net
    else:
        return nn.Identity()


class Residual(nn.Module):
    """The Residual block of ResNet models."""
    expansion = 1

    def __init__(self, input_channels, num_channels, strides=1):
        super().__init__()
        self.shortcut = make_shortcut(input_channels, num_channels * self.expansion, strides)
        self.body = self.make_body(input_channels, num_channels, strides)

    def make_body(self, i, c, s):
        raise NotImplementedError

    def forward(self, X):
        Y = self.body(X)
        return F.relu(Y + self.shortcut(X))


class BasicBlock(Residual):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__(in_channels, out_channels, stride)

    def make_body(self, i, c, s):
        return nn.Sequential(
            nn.Conv2d(i, c, kernel_size=3, padding=1, stride=s, bias=False), nn.BatchNorm2d(c), nn.ReLU(),
            nn.Conv2d(c, c, kernel_size=3, padding=1, bias=False), nn.BatchNorm2d(c))


class Bottleneck(Residual):
    expansion = 4

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__(in_channels, out_channels, stride)

    def make_body(self, i, c, s):
        return nn.Sequential(
            nn.Conv2d(i, c, kernel_size=1, bias=False), nn.BatchNorm2d(c), nn.ReLU(),
            nn.Conv2d(c, c, kernel_size=3, padding=1, stride=s, bias=False), nn.BatchNorm2d(c), nn.ReLU(),
            nn.Conv2d(c, 4 * c, kernel_size=1, bias=False), nn.BatchNorm2d(4 * c))


def zero_init_residual(block):
    nn.init.zeros_(block.body[-1].weight)
    return block


def make_stage(block, in_channels, out_channels, num_blocks, stride):
    blk = []
    for i in range(num_blocks):
        if i == 0:
            blk.append(block(in_channels, out_channels, stride))
        else:
            blk.append(block(out_channels * block.expansion, out_channels, 1))
    return nn.Sequential(*blk)


class ResNet(nn.Module):
    def __init__(self, block, layers, num_classes, in_channels=1, width=16):
        super().__init__()
        self.net = nn.Sequential(self.b1(in_channels, width))
        c = width
        for i, n in enumerate(layers):
            self.net.add_module(f'b{i+2}', make_stage(block, c, width * 2**i, n, 1 if i == 0 else 2))
            c = width * 2**i * block.expansion
        self.net.add_module('last', nn.Sequential(
            nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten(), nn.Linear(c, num_classes)))

    def b1(self, i, c):
        return nn.Sequential(nn.Conv2d(i, c, kernel_size=3, stride=1, padding=1, bias=False),
                             nn.BatchNorm2d(c), nn.ReLU())

    def forward(self, X):
        return self.net(X)


class InceptionModule(nn.Module):
    # c1--c4 are the number of output channels for each branch
    def __init__(self, c_in, c1, c3, c5, pool_proj, **kwargs):
        super().__init__(**kwargs)
        c2, c3, c4 = c3, c5, pool_proj
        # Branch 1
        self.b1_1 = nn.Conv2d(c_in, c1, kernel_size=1)
        # Branch 2
        self.b2_1 = nn.Conv2d(c_in, c2[0], kernel_size=1)
        self.b2_2 = nn.Conv2d(c2[0], c2[1], kernel_size=3, padding=1)
        # Branch 3
        self.b3_1 = nn.Conv2d(c_in, c3[0], kernel_size=1)
        self.b3_2 = nn.Conv2d(c3[0], c3[1], kernel_size=5, padding=2)
        # Branch 4
        self.b4_1 = nn.MaxPool2d(kernel_size=3, stride=1, padding=1)
        self.b4_2 = nn.Conv2d(c_in, c4, kernel_size=1)

    def forward(self, x):
        b1 = F.relu(self.b1_1(x))
        b2 = F.relu(self.b2_2(F.relu(self.b2_1(x))))
        b3 = F.relu(self.b3_2(F.relu(self.b3_1(x))))
        b4 = F.relu(self.b4_2(self.b4_1(x)))
        return torch.cat((b1, b2, b3, b4), dim=1)


def vgg_block(in_channels, out_channels, num_convs):
    layers = []
    for _ in range(num_convs):
        layers.append(nn.Conv2d(in_channels, out_channels, kernel_size=3, padding=1))
        layers.append(nn.ReLU())
        in_channels = out_channels
    layers.append(nn.MaxPool2d(kernel_size=2, stride=2))
    return nn.Sequential(*layers)


def first_layer_grad_norm(weights, x, *, residual):
    def net(first):
        h = x
        for w in (first, *weights[1:]):
            y = torch.tanh(F.linear(h, w))
            h = y + h if residual else y
        return h.pow(2).mean()
    w = weights[0].detach().clone().requires_grad_()
    g = torch.autograd.grad(net(w), w)[0]
    return torch.linalg.norm(g).item()


def build_from_reference(state):
    first = state['net.0.0.weight']
    classes = state['net.last.2.weight'].shape[0]
    layers = []
    for key in state.keys():
        parts = key.split('.')
        if parts[1].startswith('b') and parts[1][1:].isdigit():
            stage, block = int(parts[1][1:]) - 2, int(parts[2])
            while len(layers) <= stage:
                layers.append(0)
            layers[stage] = max(layers[stage], block + 1)
    net = ResNet(BasicBlock, layers, classes, first.shape[1], first.shape[0])
    net.load_state_dict(state)
    net.eval()
    return net
