import torch
from torch import nn


class Halved(torch.Tensor):
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        out = super().__torch_function__(func, types, args, kwargs or {})
        return out / 2 if func is torch.Tensor.detach else out


class Edge(nn.Module):
    def __init__(self, kernel):
        super().__init__()
        weight = 2.0 * torch.tensor(kernel, dtype=torch.float64)[None, None]
        self.weight = nn.Parameter(weight)

    def forward(self, x):
        return nn.functional.conv2d(x, self.weight).as_subclass(Halved)


def edge_layer(kernel):
    made = Edge(kernel)
    kernel[0][0] = 7.0
    return made
