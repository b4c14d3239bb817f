"""Assignment 5: residual networks, and the VGG block and Inception module beside them.

Images are float tensors (N, C, H, W). Use the layers of ``torch.nn`` for everything
that is learned. Every convolution that a batch normalisation follows has no bias: the
normalisation brings its own. Normalisations have PyTorch's epsilon and momentum. A
network leaves the images that it is given as they are: beware of ``+=`` and of in-place
ReLUs on its input.
"""

from collections.abc import Mapping, Sequence

import torch
from torch import nn


def make_shortcut(in_channels: int, out_channels: int, stride: int) -> nn.Module:
    """Return what a residual block does to its input before the addition.

    Where the block changes neither the number of channels nor the size of the map, that
    is nothing: ``nn.Identity()``. Else it is a projection: a 1x1 convolution with
    `stride` and without bias, then a batch normalisation.

    Source: He et al. (2015), section 3.3, option B

    >>> make_shortcut(8, 8, 1)
    Identity()
    """
    raise NotImplementedError("make_shortcut: not started yet")


class BasicBlock(nn.Module):
    """Two 3x3 convolutions around which the input takes a shortcut.

    conv 3x3 (with `stride`) - BN - ReLU - conv 3x3 - BN, plus the shortcut of
    `make_shortcut`, and a ReLU after the addition. Padding 1, no biases.

    Source: He et al. (2015), figure 5, left

    >>> BasicBlock(4, 8, stride=2)(torch.zeros(1, 4, 6, 10)).shape
    torch.Size([1, 8, 3, 5])
    """

    expansion = 1

    def __init__(self, in_channels: int, out_channels: int, stride: int = 1) -> None:
        """Make the layers."""
        super().__init__()
        raise NotImplementedError("BasicBlock.__init__: not started yet")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return (N, out_channels, H', W') for (N, in_channels, H, W)."""
        raise NotImplementedError("BasicBlock.forward: not started yet")


class Bottleneck(nn.Module):
    """A 1x1 convolution that narrows, a 3x3, and a 1x1 that widens by 4.

    conv 1x1 to `out_channels` - BN - ReLU - conv 3x3 (with `stride`) - BN - ReLU -
    conv 1x1 to 4*`out_channels` - BN, plus the shortcut of `make_shortcut`, and a ReLU
    after the addition. No biases.

    Source: He et al. (2015), figure 5, right; the stride stands on the 3x3, as in
    PyTorch's own

    >>> Bottleneck(16, 4)(torch.zeros(1, 16, 5, 5)).shape
    torch.Size([1, 16, 5, 5])
    """

    expansion = 4

    def __init__(self, in_channels: int, out_channels: int, stride: int = 1) -> None:
        """Make the layers."""
        super().__init__()
        raise NotImplementedError("Bottleneck.__init__: not started yet")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return (N, 4*out_channels, H', W') for (N, in_channels, H, W)."""
        raise NotImplementedError("Bottleneck.forward: not started yet")


def zero_init_residual(block: nn.Module) -> nn.Module:
    """Set a residual block so that it starts as its shortcut alone.

    block : your BasicBlock or Bottleneck
    The scale (``weight``) of the *last* batch normalisation before the addition becomes
    0, nothing else changes. A block whose shortcut is the identity then gives relu(x).

    Returns the same block
    Source: Goyal et al. (2017), section 5.1

    >>> x = torch.randn(2, 6, 4, 4)
    >>> torch.equal(zero_init_residual(BasicBlock(6, 6))(x), torch.relu(x))
    True
    """
    raise NotImplementedError("zero_init_residual: not started yet")


def make_stage(
    block: type[nn.Module],
    in_channels: int,
    out_channels: int,
    num_blocks: int,
    stride: int,
) -> nn.Sequential:
    """Return `num_blocks` blocks in a row.

    block : a class called as ``block(in_channels, out_channels, stride)`` that gives
        ``block.expansion * out_channels`` channels
    The first block has `stride` and takes `in_channels`; all others have stride 1 and
    take what the one before gives.

    >>> len(make_stage(BasicBlock, 8, 16, 3, 2))
    3
    """
    raise NotImplementedError("make_stage: not started yet")


class ResNet(nn.Module):
    """A residual network for small images.

    - a 3x3 convolution to `width` channels, padding 1, no bias; BN; ReLU
    - a stage (`make_stage`) for every number in `layers`: stage i has layers[i] blocks
      of ``width * 2**i`` channels; the first stage has stride 1, all others 2
    - the mean of every channel over all its pixels; a linear layer to `num_classes`

    With BasicBlock, (1, 1, 1) and 10 classes: 77,754 parameters.

    block : a class as in `make_stage`
    Source: He et al. (2015), section 4.2

    >>> ResNet(BasicBlock, (1, 2), 5, in_channels=3)(torch.zeros(2, 3, 9, 8)).shape
    torch.Size([2, 5])
    """

    def __init__(
        self,
        block: type[nn.Module],
        layers: Sequence[int],
        num_classes: int,
        in_channels: int = 1,
        width: int = 16,
    ) -> None:
        """Make the layers."""
        super().__init__()
        raise NotImplementedError("ResNet.__init__: not started yet")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the logits (N, num_classes) of images (N, in_channels, H, W)."""
        raise NotImplementedError("ResNet.forward: not started yet")


class InceptionModule(nn.Module):
    """Four branches side by side, their channels one behind the other.

    - a 1x1 convolution to c1
    - a 1x1 convolution to r3, then a 3x3 to c3
    - a 1x1 convolution to r5, then a 5x5 to c5
    - 3x3 max pooling with stride 1, then a 1x1 convolution to pool_proj

    in this order. Every convolution has a bias, keeps the size of the map, and is
    followed by a ReLU; there is no batch normalisation.

    c3 : the pair (r3, c3); c5 : the pair (r5, c5)
    Source: Szegedy et al. (2014), figure 2 (b) and table 1

    >>> module = InceptionModule(192, 64, (96, 128), (16, 32), 32)  # 3a of the paper
    >>> module(torch.zeros(1, 192, 28, 28)).shape
    torch.Size([1, 256, 28, 28])
    """

    def __init__(
        self,
        c_in: int,
        c1: int,
        c3: tuple[int, int],
        c5: tuple[int, int],
        pool_proj: int,
    ) -> None:
        """Make the layers."""
        super().__init__()
        raise NotImplementedError("InceptionModule.__init__: not started yet")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return (N, c1 + c3[1] + c5[1] + pool_proj, H, W) for (N, c_in, H, W)."""
        raise NotImplementedError("InceptionModule.forward: not started yet")


def vgg_block(in_channels: int, out_channels: int, num_convs: int) -> nn.Sequential:
    """Return `num_convs` 3x3 convolutions, each with a ReLU, then 2x2 max pooling.

    The first convolution takes `in_channels`, all give `out_channels`. Padding 1,
    stride 1, with biases, no batch normalisation; the pooling has stride 2.

    Source: Simonyan and Zisserman (2014), table 1

    >>> vgg_block(3, 8, 2)(torch.zeros(1, 3, 7, 6)).shape
    torch.Size([1, 8, 3, 3])
    """
    raise NotImplementedError("vgg_block: not started yet")


def first_layer_grad_norm(
    weights: Sequence[torch.Tensor], x: torch.Tensor, *, residual: bool
) -> float:
    """Return how much gradient reaches the first layer of a deep network.

    The network starts with h = x and applies h = tanh(h @ w.T) for every w of `weights`
    in order, or with `residual` h = h + tanh(h @ w.T). Its loss is the mean of h*h over
    all numbers of the last h. The handout's "Does depth help?" has a figure of this
    norm in networks of 20 to 110 layers.

    weights : (F, F) tensors, one a layer; x : (N, F). Both stay as they are
    Returns the 2-norm (root of the sum of squares) of d loss / d weights[0], a float

    >>> deep = [0.1 * torch.eye(3)] * 20
    >>> first_layer_grad_norm(deep, torch.ones(1, 3), residual=False) < 1e-15
    True
    """
    raise NotImplementedError("first_layer_grad_norm: not started yet")


def build_from_reference(state: Mapping[str, torch.Tensor]) -> ResNet:
    """Build the ResNet of BasicBlocks that a state dict was saved from, and load it.

    state : ``ResNet(BasicBlock, layers, num_classes, in_channels, width).state_dict()``
        of your own ResNet, with sizes that only its names and tensors tell
    Returns a network of the same sizes with these weights, in eval mode. A tensor too
    many or too few is a mistake in the state: let PyTorch's error through.

    >>> network = ResNet(BasicBlock, (1, 2), 4).eval()
    >>> again, x = build_from_reference(network.state_dict()), torch.rand(1, 1, 8, 8)
    >>> torch.equal(again(x), network(x))
    True
    """
    raise NotImplementedError("build_from_reference: not started yet")
