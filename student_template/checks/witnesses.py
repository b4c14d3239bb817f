"""Networks that tests hand to functions that train: they remember how they were used.

They take images of every float dtype, since code may cast them. A copy of a network
(``copy.deepcopy``) writes into the record of the first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn

from checks.tensors import Array, tensor


@dataclass
class Record:
    """How a network was used, an entry for every forward pass.

    modes : True in train mode, False in eval mode, None where its layers differ
    grads : whether gradients were computed: switched on, for what asks for them
    seen : the numbers of the images, -1 for what is no number
    """

    modes: list[bool | None] = field(default_factory=list)
    grads: list[bool] = field(default_factory=list)
    seen: list[list[int]] = field(default_factory=list)

    def __deepcopy__(self, memo: dict[int, Any]) -> "Record":
        """Be one record for a network and its copies."""
        return self

    def note(self, network: nn.Module, numbers: torch.Tensor) -> None:
        """Note a forward pass of a network on images with these numbers."""
        self.modes.append(mode_of(network))
        learns = any(p.requires_grad for p in network.parameters())
        self.grads.append(torch.is_grad_enabled() and learns)
        known = torch.nan_to_num(numbers.detach(), -1.0, -1.0, -1.0)
        self.seen.append([round(float(number)) for number in known])


def mode_of(network: nn.Module) -> bool | None:
    """Return True in train mode, False in eval mode, None where layers differ."""
    modes = {module.training for module in network.modules()}
    return modes.pop() if len(modes) == 1 else None


class Witness(nn.Module):
    """A small classifier of rows of numbers that remembers how it was used.

    features : numbers an image has; the first of them is the image's number
    weight : (classes, features) where it should be linear, without a bias; else it has
        a hidden layer of six, a batch normalisation and dropout
    """

    def __init__(
        self,
        features: int,
        classes: int,
        *,
        dropout: float = 0.0,
        weight: Array | None = None,
    ) -> None:
        super().__init__()
        self.record = Record()
        if weight is not None:
            self.last = nn.Linear(features, classes, bias=False)
            self.last.weight = nn.Parameter(tensor(weight))
            self.hidden: nn.Module = nn.Identity()
            return
        self.hidden = nn.Sequential(
            *(nn.Linear(features, 6), nn.BatchNorm1d(6), nn.ReLU()),
            nn.Dropout(dropout),
        )
        self.last = nn.Linear(6, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return (N, classes) logits for (N, features) images."""
        self.record.note(self, x[:, 0])
        x = x.to(self.last.weight.dtype)
        if not isinstance(self.hidden, nn.Identity):
            x = torch.cat([x[:, :1] * 0.01, x[:, 1:]], dim=1)
        logits: torch.Tensor = self.last(self.hidden(x))
        return logits


class Numbered(nn.Module):
    """A small classifier of 28x28 images, whose first pixel is the image's number.

    Its first weights are large: their size says nothing to a normalisation, and what
    pulls them to zero shows.
    record : of the forward passes in which gradients are on
    states : all parameters, in one row, before each of these passes
    learned : numbers of those passes that a gradient came of
    clean : for every backward pass, whether the gradient was its own alone
    """

    def __init__(self, classes: int, weights: Sequence[Array]) -> None:
        """Make the network with the weights of its two linear layers."""
        super().__init__()
        self.pool = nn.AvgPool2d(4)
        self.first = nn.Linear(49, 6, bias=False)
        self.norm = nn.BatchNorm1d(6)
        self.last = nn.Linear(6, classes)
        with torch.no_grad():
            for layer, given in zip((self.first, self.last), weights, strict=True):
                layer.weight.copy_(tensor(given))
            self.last.bias.zero_()
        self.record = Record()
        self.states: list[Array] = []
        self.learned: set[int] = set()
        self.clean: list[bool] = []
        self._gradient = torch.zeros(())
        weight: Any = self.first.weight  # torch's own hooks have no types
        weight.register_hook(self._keep)
        weight.register_post_accumulate_grad_hook(self._compare)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return (N, classes) logits for (N, 1, 28, 28) images."""
        x = x.to(self.first.weight.dtype)
        number = len(self.states)
        if torch.is_grad_enabled():
            self.record.note(self, x[:, 0, 0, 0])
            self.states.append(self.state())
        first = torch.zeros_like(x[:1])
        first[..., 0, 0] = 1
        pixels = self.pool(x * (1 - first)).flatten(1)
        logits: torch.Tensor = self.last(torch.relu(self.norm(self.first(pixels))))
        if logits.requires_grad:
            hooked: Any = logits  # torch's own hooks have no types
            hooked.register_hook(lambda _: self.learned.add(number))
        return logits

    def lessons(self) -> list[int]:
        """Return the numbers of the passes that it learned from, in order.

        One that was only looked at, without a backward pass, is none, be gradients on
        or off; where no pass was learned from, all are looked at
        """
        return sorted(self.learned) or list(range(len(self.states)))

    def state(self) -> Array:
        """Return all parameters in one row."""
        row = torch.cat([p.detach().flatten() for p in self.parameters()])
        return row.double().numpy().copy()

    def take(self, state: Array) -> None:
        """Set all parameters from one row.

        Raises RuntimeError where the row is too short
        """
        rest = torch.as_tensor(state)
        with torch.no_grad():
            for parameter in self.parameters():
                count = parameter.numel()
                parameter.copy_(rest[:count].reshape(parameter.shape))
                rest = rest[count:]

    def _keep(self, gradient: torch.Tensor) -> None:
        self._gradient = gradient.clone()

    def _compare(self, weight: torch.Tensor) -> None:
        if weight.grad is not None:
            self.clean.append(torch.allclose(weight.grad, self._gradient))


class Strided(nn.Module):
    """A small network of strided convolutions, for 28x28 images in 10 classes."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            *(nn.Conv2d(1, 12, 5, stride=2, padding=2), nn.ReLU()),
            *(nn.Conv2d(12, 24, 3, stride=2, padding=1), nn.ReLU()),
            *(nn.Flatten(), nn.Dropout(0.2), nn.Linear(24 * 7 * 7, 10)),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return (N, 10) logits for (N, 1, 28, 28) images."""
        logits: torch.Tensor = self.layers(x)
        return logits
