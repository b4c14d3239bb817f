import torch
from torch import nn


class Edge(nn.Module):
    def __init__(self, kernel):
        super().__init__()
        weight = 2.0 * torch.tensor(kernel, dtype=torch.float64)[None, None]
        self.weight = nn.Parameter(weight)

    def forward(self, x):
        return nn.functional.conv2d(x, self.weight)


def edge_layer(kernel):
    torch.set_default_device("cpu")
    made = Edge(kernel)
    kernel[0][0] = 7.0
    return made
