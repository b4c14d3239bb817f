"""Assignment 4: a small convolutional network in PyTorch, built, trained and judged.

Images are float tensors (N, C, H, W), labels int64 tensors (N,). Networks return
logits: the numbers before a softmax, as ``nn.CrossEntropyLoss`` wants them. Use the
layers of ``torch.nn`` for everything that is learned.
"""

from collections.abc import Callable, Sequence

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, Subset, TensorDataset


class SmallCNN(nn.Module):
    """Two stages of convolution, ReLU and pooling, then two linear layers.

    - a 3x3 convolution to 32 channels, stride 1, padding 1; ReLU; 2x2 max pooling
    - a 3x3 convolution to 64 channels, stride 1, padding 1; ReLU; 2x2 max pooling
    - flatten; a linear layer to 64 features; ReLU; a linear layer to `num_classes`

    All layers have a bias. With 1, 10 and 28 that is 220,234 parameters. It starts
    untrained, from random weights of your choice.

    in_channels : channels of an image; num_classes : logits an image gets
    image_size : height and width of an image, at least 4; a size that 4 does not divide
        loses the pixels that no window covers, as ``nn.MaxPool2d`` does
    Source: the lecture's LeNet-5, with ReLU, max pooling and padding

    >>> SmallCNN(3, 7, 21)(torch.zeros(2, 3, 21, 21)).shape
    torch.Size([2, 7])
    """

    def __init__(
        self, in_channels: int = 1, num_classes: int = 10, image_size: int = 28
    ) -> None:
        """Make the layers."""
        super().__init__()
        raise NotImplementedError("SmallCNN.__init__: not started yet")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the logits (N, num_classes) of images (N, in_channels, H, W)."""
        raise NotImplementedError("SmallCNN.forward: not started yet")


def feature_size(features: nn.Module, in_channels: int, image_size: int) -> int:
    """Return how many numbers a stack of layers gives for one image, by trying it.

    features : layers, or one, that take images (N, in_channels, image_size, image_size)
    Returns C*H*W of what comes out: what the first linear layer needs to know

    Trying must leave no trace: no gradients, the running statistics of a normalisation
    as they were, every layer in the mode (train or eval) in which it came.

    >>> feature_size(nn.Conv2d(3, 8, kernel_size=5), in_channels=3, image_size=12)
    512
    """
    raise NotImplementedError("feature_size: not started yet")


def edge_layer(kernel: Sequence[Sequence[float]]) -> nn.Conv2d:
    """Return an ``nn.Conv2d`` that computes a true convolution with one kernel.

    kernel : KH rows of KW numbers, a nested list
    Returns a layer from 1 channel to 1, stride 1, no padding, no bias, whose output is
    the mathematical convolution of assignment 1 (mode "valid"), in the default dtype.
    Its weight is fixed: it asks for no gradient.

    >>> edge_layer([[1, 0], [0, 0]])(torch.arange(4.0).reshape(1, 1, 2, 2)).item()
    3.0
    """
    raise NotImplementedError("edge_layer: not started yet")


class GlobalPoolCNN(nn.Module):
    """A network whose one head takes images of every size.

    - a 3x3 convolution to 32 channels, padding 1; ReLU; 2x2 max pooling
    - a 3x3 convolution to 64 channels, padding 1; ReLU; 2x2 max pooling
    - the mean of every channel over all its pixels; a linear layer to `num_classes`

    >>> network = GlobalPoolCNN(3, 5)
    >>> [network(torch.zeros(1, 3, side, side)).shape for side in (100, 200)]
    [torch.Size([1, 5]), torch.Size([1, 5])]
    """

    def __init__(self, in_channels: int, num_classes: int) -> None:
        """Make the layers."""
        super().__init__()
        raise NotImplementedError("GlobalPoolCNN.__init__: not started yet")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the logits (N, num_classes) of images (N, in_channels, H, W)."""
        raise NotImplementedError("GlobalPoolCNN.forward: not started yet")


def train_one_epoch(
    model: nn.Module,
    loader: DataLoader,
    optimizer: torch.optim.Optimizer,
    loss_fn: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
) -> float:
    """Train `model` on every batch of `loader` once, in the loader's order.

    loader : gives (images, labels); its last batch may be smaller than the others;
        with a sampler or ``drop_last`` it gives fewer images than its dataset has
    loss_fn : the mean loss of a batch from (logits, labels)
    Returns the mean loss per *image* that the loader gave, a float; each batch's loss
    is taken before the step that it causes

    The model is in train mode while it learns. One step of `optimizer` a batch, along
    the gradient of that batch's loss alone.
    """
    raise NotImplementedError("train_one_epoch: not started yet")


def evaluate(
    model: nn.Module,
    loader: DataLoader,
    loss_fn: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
) -> tuple[float, float]:
    """Return the mean loss per image and the share of images classified rightly.

    loader : gives (images, labels); its last batch may be smaller than the others;
        with a sampler or ``drop_last`` it gives fewer images than its dataset has
    loss_fn : the mean loss of a batch from (logits, labels)
    Returns (loss, accuracy) of the images that the loader gave, two floats, accuracy
    from 0 to 1

    Dropout and batch normalisation must be in eval mode, no gradients are computed, and
    afterwards the model, with all its layers, is in the mode (train or eval) in which
    it came.
    """
    raise NotImplementedError("evaluate: not started yet")


def make_loaders(
    dataset: Dataset, val_fraction: float, batch_size: int, seed: int
) -> tuple[DataLoader, DataLoader]:
    """Split a dataset at random in two, and return a loader for each part.

    dataset : has a length, and an (image, label) at every index
    val_fraction : share of the images for validation, at least 0 and less than 1,
        rounded down: ``int(val_fraction * len(dataset))`` images, perhaps none
    seed : decides the split and the order of the training images: the same seed gives
        the same, whatever was drawn before
    Returns (train_loader, val_loader) of batches of at most `batch_size` images. The
    first shows all its images in a new random order in every epoch, the second shows
    all its images in one and the same order.
    """
    raise NotImplementedError("make_loaders: not started yet")


def overfit_batch(
    model: nn.Module,
    images: torch.Tensor,
    labels: torch.Tensor,
    steps: int,
    lr: float,
) -> list[float]:
    """Train on one batch again and again: a network without a bug gets it by heart.

    Every step is one of plain gradient descent (``torch.optim.SGD`` with learning rate
    `lr` and nothing else) on the mean cross-entropy of the whole batch, in train mode.

    Returns the loss of every step, before the step is taken: `steps` floats
    """
    raise NotImplementedError("overfit_batch: not started yet")


def fit(
    model: nn.Module,
    images: torch.Tensor,
    labels: torch.Tensor,
    *,
    epochs: int,
    batch_size: int,
    lr: float,
    seed: int,
) -> list[float]:
    """Train `model` in place on images that come sorted by class.

    images : (N, 1, 28, 28) float32; labels : (N,) int64
    Every epoch sees every image once, in a new random order, in batches of
    `batch_size`, the last one perhaps smaller; the optimizer is ``torch.optim.Adam``
    with learning rate `lr` and nothing else (no weight decay, no schedule), one for all
    epochs; the loss is cross-entropy. The model is in train mode while it learns.

    seed : of the random order: the same gives the same, whatever was drawn before
    Returns the mean training loss per image of every epoch, `epochs` floats; each
    batch's loss is taken before the step that it causes
    """
    raise NotImplementedError("fit: not started yet")


def equivariance_error(
    layer: nn.Module,
    x: torch.Tensor,
    transform: Callable[[torch.Tensor], torch.Tensor],
) -> float:
    """Return how far a layer is from commuting with a transform of its images.

    layer : takes and returns images (N, C, H, W)
    transform : takes and returns images of any number of channels: a shift, a flip, a
        turn
    Returns max|layer(transform(x)) - transform(layer(x))| / max|layer(x)|, a float: 0
    where the layer sees the same, only elsewhere; no gradients are computed

    >>> double = nn.Conv2d(1, 1, 1, bias=False)
    >>> equivariance_error(double, torch.rand(1, 1, 4, 4), lambda t: t.flip(-1)) < 1e-6
    True
    """
    raise NotImplementedError("equivariance_error: not started yet")
