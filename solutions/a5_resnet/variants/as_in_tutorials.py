"""As torchvision and tutorials write it: downsample, module lists, initialisation."""

import re
from collections import OrderedDict
import torch, torch.nn as nn, torch.nn.functional as F

def conv3x3(i, o, stride=1):
    return nn.Conv2d(i, o, kernel_size=3, stride=stride, padding=1, bias=False)

def make_shortcut(in_channels, out_channels, stride):
    shortcut = nn.Sequential()
    if stride != 1 or in_channels != out_channels:
        shortcut = nn.Sequential(OrderedDict([
            ("proj", nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)),
            ("norm", nn.BatchNorm2d(out_channels))]))
    return shortcut

class BasicBlock(nn.Module):
    expansion = 1
    def __init__(self, in_planes, planes, stride=1):
        super().__init__()
        self.conv1 = conv3x3(in_planes, planes, stride)
        self.bn1 = nn.BatchNorm2d(planes)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = conv3x3(planes, planes)
        self.bn2 = nn.BatchNorm2d(planes)
        self.downsample = None
        if stride != 1 or in_planes != planes:
            self.downsample = nn.Sequential(
                nn.Conv2d(in_planes, planes, kernel_size=1, stride=stride, bias=False),
                nn.BatchNorm2d(planes))
    def forward(self, x):
        identity = x
        out = self.conv1(x)
        out = self.bn1(out)
        out = self.relu(out)
        out = self.conv2(out)
        out = self.bn2(out)
        if self.downsample is not None:
            identity = self.downsample(x)
        out += identity
        return self.relu(out)

class Bottleneck(nn.Module):
    expansion = 4
    def __init__(self, inplanes, planes, stride=1):
        super().__init__()
        self.c1 = nn.Conv2d(inplanes, planes, 1, bias=False); self.b1 = nn.BatchNorm2d(planes)
        self.c2 = conv3x3(planes, planes, stride); self.b2 = nn.BatchNorm2d(planes)
        self.c3 = nn.Conv2d(planes, planes * 4, 1, bias=False); self.b3 = nn.BatchNorm2d(4 * planes)
        self.skip = make_shortcut(inplanes, planes * 4, stride)
    def forward(self, x):
        out = F.relu(self.b1(self.c1(x)), inplace=True)
        out = F.relu(self.b2(self.c2(out)))
        out = self.b3(self.c3(out))
        out = out + self.skip(x)
        return F.relu(out)

def zero_init_residual(block):
    with torch.no_grad():
        if isinstance(block, Bottleneck):
            block.b3.weight.fill_(0)
        else:
            nn.init.constant_(block.bn2.weight, 0)
    return block

def make_stage(block, in_channels, out_channels, num_blocks, stride):
    strides = [stride] + [1] * (num_blocks - 1)
    layers = []
    for s in strides:
        layers.append(block(in_channels, out_channels, s))
        in_channels = out_channels * block.expansion
    return nn.Sequential(*layers)

class ResNet(nn.Module):
    def __init__(self, block, layers, num_classes, in_channels=1, width=16):
        super().__init__()
        self.conv1 = conv3x3(in_channels, width)
        self.bn1 = nn.BatchNorm2d(width)
        self.layers = nn.ModuleList()
        c = width
        for i, n in enumerate(layers):
            w = width * (2 ** i)
            self.layers.append(make_stage(block, c, w, n, 1 if i == 0 else 2))
            c = w * block.expansion
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(c, num_classes)
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
            elif isinstance(m, nn.BatchNorm2d):
                nn.init.constant_(m.weight, 1); nn.init.constant_(m.bias, 0)
    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        for layer in self.layers:
            x = layer(x)
        x = self.avgpool(x)
        x = torch.flatten(x, 1)
        return self.fc(x)

class ConvReLU(nn.Module):
    def __init__(self, i, o, k, p=0):
        super().__init__()
        self.conv = nn.Conv2d(i, o, k, padding=p)
    def forward(self, x):
        return self.conv(x).relu()

class InceptionModule(nn.Module):
    def __init__(self, c_in, c1, c3, c5, pool_proj):
        super().__init__()
        self.pool = ConvReLU(c_in, pool_proj, 1)
        self.b5 = nn.ModuleList([ConvReLU(c_in, c5[0], 1), ConvReLU(c5[0], c5[1], 5, 2)])
        self.b3 = nn.ModuleList([ConvReLU(c_in, c3[0], 1), ConvReLU(c3[0], c3[1], 3, 1)])
        self.b1 = ConvReLU(c_in, c1, 1)
    def forward(self, x):
        p = self.pool(F.max_pool2d(x, 3, 1, 1))
        y5 = x
        for m in self.b5: y5 = m(y5)
        y3 = x
        for m in self.b3: y3 = m(y3)
        return torch.cat((self.b1(x), y3, y5, p), 1)

def vgg_block(in_channels, out_channels, num_convs):
    blk = nn.Sequential()
    for i in range(num_convs):
        blk.add_module(f"conv{i}", nn.Conv2d(in_channels, out_channels, 3, padding=1))
        blk.add_module(f"relu{i}", nn.ReLU(inplace=True))
        in_channels = out_channels
    blk.add_module("pool", nn.MaxPool2d(2))
    return blk

def first_layer_grad_norm(weights, x, *, residual):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    h = x.clone()
    for w in ws:
        z = torch.tanh(F.linear(h, w))
        h = h + z if residual else z
    loss = h.pow(2).mean()
    loss.backward()
    return torch.sqrt((ws[0].grad ** 2).sum())

def build_from_reference(state):
    stages = {}
    for k in state:
        m = re.match(r"layers\.(\d+)\.(\d+)\.", k)
        if m:
            stages.setdefault(int(m[1]), set()).add(int(m[2]))
    layers = [len(stages[i]) for i in sorted(stages)]
    w = state["conv1.weight"]
    net = ResNet(BasicBlock, layers, state["fc.bias"].shape[0], in_channels=w.shape[1], width=w.shape[0])
    net.load_state_dict(state)
    net.eval()
    return net
