"""Images as a network is shown them: normalised, on a device, mixed and moved a little.

Random numbers are drawn on the CPU, so that a seed means the same everywhere; what they
decide is done where the images are. Nothing here asks a device for a number.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

import torch
from torch import nn

from autograder.authoring.training.idx import Images

MEAN, SPREAD = 0.2860, 0.3530
"""Of the pixels of the 60,000 training images, from 0 to 1."""
MOST_SHIFTED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Images on a device.

    pixels : (N, 1, 28, 28) float32, normalised; labels : (N,) int64
    """

    pixels: torch.Tensor
    labels: torch.Tensor

    @classmethod
    def of(cls, images: Images, device: torch.device) -> Self:
        """Put the images of a part of the dataset on a device."""
        labels = torch.from_numpy(images.labels.copy()).long()
        return cls(pixels=to_pixels(images.images).to(device), labels=labels.to(device))

    def __getitem__(self, chosen: torch.Tensor) -> "Shown":
        """Return those of the given numbers."""
        return Shown(pixels=self.pixels[chosen], labels=self.labels[chosen])

    def __len__(self) -> int:
        return len(self.labels)


def to_pixels(images: Any) -> torch.Tensor:
    """Return (N, 28, 28) uint8 images as (N, 1, 28, 28) float32, normalised."""
    return ((torch.from_numpy(images.copy()).float() / 255 - MEAN) / SPREAD)[:, None]


def batches(images: Shown, size: int, draw: torch.Generator) -> Iterator[Shown]:
    """Yield the images once, mixed, flipped and shifted, in whole batches.

    draw : of the CPU, so that a seed means the same everywhere
    """
    order = torch.randperm(len(images), generator=draw).to(images.labels.device)
    for batch in torch.split(order, size):
        if len(batch) == size:
            chosen = images[batch]
            yield Shown(pixels=augmented(chosen.pixels, draw), labels=chosen.labels)


def augmented(images: torch.Tensor, draw: torch.Generator) -> torch.Tensor:
    """Flip half of the images left to right, and shift all by up to 2 pixels.

    images : (N, 1, H, W), on any device; what comes in at a border is background
    draw : of the CPU, so that a seed means the same everywhere
    """
    count, _, height, width = images.shape
    place = images.device
    flips = torch.rand(count, 1, 1, 1, generator=draw) < 0.5  # noqa: PLR2004 half
    flipped = torch.where(flips.to(place), images.flip(-1), images)
    edge = [MOST_SHIFTED] * 4
    padded = nn.functional.pad(flipped, edge, value=-MEAN / SPREAD)
    shifts = torch.randint(2 * MOST_SHIFTED + 1, (2, count), generator=draw)
    down, right = shifts.to(place)
    rows = (down[:, None] + torch.arange(height, device=place))[:, :, None]
    columns = (right[:, None] + torch.arange(width, device=place))[:, None, :]
    number = torch.arange(count, device=place)[:, None, None]
    return padded[number, 0, rows, columns][:, None]


def channels_last(images: torch.Tensor) -> torch.Tensor:
    """Lay images out with the channels last, as `Place.put` does a model's maps."""
    return images.contiguous(memory_format=torch.channels_last)
