"""Stages in a ModuleDict, layers defined in another order, a scale that is replaced."""
import torch
import torch.nn as nn


def make_shortcut(in_channels, out_channels, stride):
    if not isinstance(stride, int):
        raise TypeError("stride must be an int")
    same_size = stride == 1
    same_channels = in_channels == out_channels
    if same_size and same_channels:
        return nn.Identity()
    projection = nn.Sequential()
    projection.append(nn.Conv2d(in_channels, out_channels, kernel_size=(1, 1), stride=(stride, stride), padding=(0, 0), bias=False))
    projection.append(nn.BatchNorm2d(out_channels, eps=1e-5, momentum=0.1))
    return projection


class BasicBlock(nn.Module):
    expansion = 1

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        # note: shortcut is created first here
        self.skip_connection = make_shortcut(in_channels, out_channels, stride)
        self.relu_out = nn.ReLU(inplace=False)
        self.relu_mid = nn.ReLU(inplace=False)
        self.norm_b = nn.BatchNorm2d(out_channels)
        self.norm_a = nn.BatchNorm2d(out_channels)
        self.conv_b = nn.Conv2d(out_channels, out_channels, (3, 3), (1, 1), (1, 1), bias=False)
        self.conv_a = nn.Conv2d(in_channels, out_channels, (3, 3), (stride, stride), (1, 1), bias=False)

    def forward(self, x):
        if x.dim() != 4:
            raise ValueError(f"expected a batch of images, got {tuple(x.shape)}")
        skip = self.skip_connection(x)
        a = self.conv_a(x)
        a = self.norm_a(a)
        a = self.relu_mid(a)
        b = self.conv_b(a)
        b = self.norm_b(b)
        total = torch.add(b, skip)
        return self.relu_out(total)


class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        wide = out_channels * Bottleneck.expansion
        self.reduce = nn.Sequential(nn.Conv2d(in_channels, out_channels, 1, bias=False), nn.BatchNorm2d(out_channels), nn.ReLU())
        self.spatial = nn.Sequential(nn.Conv2d(out_channels, out_channels, 3, stride, 1, bias=False), nn.BatchNorm2d(out_channels), nn.ReLU())
        self.expand = nn.Conv2d(out_channels, wide, 1, bias=False)
        self.expand_norm = nn.BatchNorm2d(wide)
        self.skip_connection = make_shortcut(in_channels, wide, stride)

    def forward(self, x):
        main = self.expand_norm(self.expand(self.spatial(self.reduce(x))))
        return torch.relu(main + self.skip_connection(x))


def zero_init_residual(block):
    if isinstance(block, BasicBlock):
        norm = block.norm_b
    elif isinstance(block, Bottleneck):
        norm = block.expand_norm
    else:
        raise TypeError(f"not a residual block: {type(block).__name__}")
    norm.weight = nn.Parameter(torch.zeros_like(norm.weight))
    return block


def make_stage(block, in_channels, out_channels, num_blocks, stride):
    assert num_blocks >= 1
    stage = nn.Sequential()
    stage.add_module("block0", block(in_channels, out_channels, stride))
    for index in range(1, num_blocks):
        stage.add_module("block" + str(index), block(block.expansion * out_channels, out_channels, 1))
    return stage


class ResNet(nn.Module):
    def __init__(self, block, layers, num_classes, in_channels=1, width=16):
        super().__init__()
        self.head = None
        self.stem_conv = nn.Conv2d(in_channels, width, 3, padding=1, bias=False)
        self.stem_norm = nn.BatchNorm2d(width)
        self.stages = nn.ModuleDict()
        channels = width
        for number, count in enumerate(layers):
            out = width * (2 ** number)
            stride = 1
            if number > 0:
                stride = 2
            self.stages["stage_%d" % number] = make_stage(block, channels, out, count, stride)
            channels = out * block.expansion
        self.head = nn.Linear(channels, num_classes)

    def forward(self, x):
        h = torch.relu(self.stem_norm(self.stem_conv(x)))
        for stage in self.stages.values():
            h = stage(h)
        h = h.flatten(start_dim=2).mean(dim=2)
        return self.head(h)


class InceptionModule(nn.Module):
    def __init__(self, c_in, c1, c3, c5, pool_proj):
        super().__init__()
        r3, n3 = c3
        r5, n5 = c5
        self.one = nn.Conv2d(c_in, c1, 1)
        self.three_reduce = nn.Conv2d(c_in, r3, 1)
        self.three = nn.Conv2d(r3, n3, 3, padding="same")
        self.five_reduce = nn.Conv2d(c_in, r5, 1)
        self.five = nn.Conv2d(r5, n5, 5, padding="same")
        self.pool = nn.MaxPool2d(3, stride=1, padding=1)
        self.pool_conv = nn.Conv2d(c_in, pool_proj, 1)
        self.relu = nn.ReLU()

    def forward(self, x):
        one = self.one(x)
        three = self.three(self.relu(self.three_reduce(x)))
        five = self.five(self.relu(self.five_reduce(x)))
        pool = self.pool_conv(self.pool(x))
        # relu of the concatenation is the concatenation of the relus
        return self.relu(torch.concat([one, three, five, pool], dim=1))


def vgg_block(in_channels, out_channels, num_convs):
    block = nn.Sequential()
    for i in range(num_convs):
        block.add_module(f"conv{i + 1}", nn.Conv2d(in_channels if i == 0 else out_channels, out_channels, 3, 1, 1))
        block.add_module(f"relu{i + 1}", nn.ReLU())
    block.add_module("pool", nn.MaxPool2d(2, 2))
    return block


def first_layer_grad_norm(weights, x, *, residual):
    copies = []
    for w in weights:
        copies.append(w.clone().detach().requires_grad_(True))
    h = x.clone().detach()
    for w in copies:
        update = torch.tanh(torch.matmul(h, w.transpose(0, 1)))
        if residual:
            h = h + update
        else:
            h = update
    loss = torch.sum(h * h) / h.numel()
    loss.backward()
    return float(copies[0].grad.pow(2).sum().sqrt())


def build_from_reference(state):
    width = state["stem_conv.weight"].shape[0]
    in_channels = state["stem_conv.weight"].shape[1]
    num_classes = state["head.weight"].shape[0]
    counts = {}
    for name in state:
        if name.startswith("stages."):
            _, stage, block, *_ = name.split(".")
            counts.setdefault(stage, set()).add(block)
    layers = tuple(len(counts["stage_%d" % i]) for i in range(len(counts)))
    network = ResNet(BasicBlock, layers, num_classes, in_channels, width)
    network.load_state_dict(dict(state))
    network.eval()
    return network
