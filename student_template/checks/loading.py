"""What two loaders give: a probe brings back the images, outside is judged."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch.utils.data import DataLoader, TensorDataset

from checks.failure import CheckFailedError
from checks.probing import UNKNOWN, raw_probe
from checks.tensors import Array, begin_random
from checks.training import pair

Facts = dict[str, Any]
Batches = Sequence[Sequence[int]]


def loaders(
    make_loaders: Callable[..., Any],
    images: Array,
    val_fraction: float,
    batch_size: int,
    seed: int,
) -> Facts:
    """Call `make_loaders` on a dataset of numbers and tell what comes out.

    images : (N,) different whole numbers; the label of number n is n + 1
    Returns ``train_size``, ``val_size``, ``shared`` (in both), ``lost`` (in none),
    ``foreign`` (no images of the dataset, or with another one's label),
    ``largest_batch`` of each, ``shuffled`` (the train images come in another order in
    every epoch), ``val_stable`` (the validation images don't), ``mixed`` (the split
    takes from all of the dataset), ``repeats`` (the same seed gives the same split and
    order), ``repeats_split``, ``varies`` (another seed gives another split)
    """
    given = loaded(make_loaders, images, val_fraction, batch_size, seed)
    return _facts(given, make_loaders, images)


def _facts(
    given: Mapping[str, Sequence[Any]], _: object, images: Array, *__: object
) -> Facts:
    """Look at what loaders gave, as `loaded` brings it."""
    first, second, val_first, val_second = (
        [[int(image) for image, _ in batch] for batch in batches]
        for batches in given["first"]
    )
    again, val_again, _other, val_other = (
        [[int(image) for image, _ in batch] for batch in batches]
        for batches in given["again"]
    )
    everything = [int(image) for image in images]
    right = {(image, image + 1) for image in everything}
    seen = {
        (int(image), int(label))
        for batches in given["first"]
        for batch in batches
        for image, label in batch
    }
    in_train, in_val = set(_flat(first)), set(_flat(val_first))
    return {
        "train_size": len(_flat(first)),
        "val_size": len(_flat(val_first)),
        "shared": len(in_train & in_val),
        "lost": len(set(everything) - (in_train | in_val)),
        "foreign": len(seen - right),
        "largest_batch": [max(map(len, b), default=0) for b in (first, val_first)],
        "shuffled": first != second and _flat(first) != _in_order(first, images),
        "val_stable": val_first == val_second,
        "mixed": not _is_an_end(in_val, everything),
        "repeats": again == first and val_again == val_first,
        "repeats_split": set(_flat(val_again)) == in_val,
        "varies": set(_flat(val_other)) != in_val,
    }


def _compared(given: Mapping[str, Sequence[Any]], *how: Any) -> Facts:
    """Keep of the facts what two functions that do the same have in common.

    Of few validation images that are shuffled, the order may come again by chance
    """
    facts = _facts(given, *how)
    return facts if facts["val_stable"] else {**facts, "repeats": UNKNOWN}


@raw_probe(_compared)
def loaded(
    make_loaders: Callable[..., Any],
    images: Array,
    val_fraction: float,
    batch_size: int,
    seed: int,
) -> dict[str, list[Any]]:
    """Call `make_loaders` and bring back what its loaders give.

    Returns lists of batches of (image, label): ``first`` two epochs of training images,
    then two of validation images; ``again`` an epoch of each of a second call with the
    same seed, then of a third one with another seed
    """
    numbers = torch.tensor(images)
    dataset = TensorDataset(numbers.float()[:, None], numbers + 1)
    how = val_fraction, batch_size
    begin_random(seed + 1)
    train, val = _two(make_loaders(dataset, *how, seed))
    first = [_order(loader) for loader in (train, train, val, val)]
    begin_random(seed + 2)
    again = [_order(loader) for loader in _two(make_loaders(dataset, *how, seed))]
    other = [_order(loader) for loader in _two(make_loaders(dataset, *how, seed + 1))]
    return {"first": first, "again": again + other}


def _in_order(batches: Batches, images: Array) -> list[int]:
    """Return the numbers of some batches in the order of the dataset."""
    shown = set(_flat(batches))
    return [int(image) for image in images if int(image) in shown]


def _two(answer: Any) -> tuple[DataLoader[Any], DataLoader[Any]]:
    train, val = pair(answer, "make_loaders", "(train_loader, val_loader)")
    for loader in (train, val):
        if not isinstance(loader, DataLoader):
            kind = type(loader).__name__
            message = f"make_loaders returned a {kind}, it should be a DataLoader"
            raise CheckFailedError("type", message)
        if loader.num_workers:
            raise CheckFailedError(
                "type",
                f"your DataLoader has num_workers={loader.num_workers}: the grader "
                "runs your code in one process, leave num_workers at 0",
            )
    return train, val


def _order(loader: DataLoader[Any]) -> list[list[tuple[int, int]]]:
    return [
        [(round(float(i)), int(n)) for i, n in zip(images[:, 0], labels, strict=True)]
        for images, labels in loader
    ]


def _flat(batches: Batches) -> list[int]:
    return [number for batch in batches for number in batch]


def _is_an_end(numbers: set[int], everything: Sequence[int]) -> bool:
    """Tell whether they are the first or the last ones of the dataset."""
    count = len(numbers)
    ends = everything[:count], everything[len(everything) - count :]
    return numbers in (set(ends[0]), set(ends[1]))
