"""Probes for functions that train: run them on a network that remembers its use.

All but `fitted` compute in float64 with a fixed order of images, so two right functions
leave the same parameters behind.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from checks.blocks import Numbered, Strided, Witness
from checks.failure import CheckFailedError
from checks.probing import measurement, probe
from checks.tensors import Array, exact, tensor, to_array

Facts = dict[str, Any]


@probe
def epoch(
    train_one_epoch: Callable[..., Any],
    images: Array,
    labels: Array,
    batch_size: int,
    *,
    lr: float = 0.1,
    momentum: float = 0.0,
    epochs: int = 1,
    train: bool = True,
    dropout: float = 0.0,
) -> Facts:
    """Run `train_one_epoch` with SGD on a `Witness`, and tell what it left behind.

    images : (N, F) float64, column 0 the image's number; labels : (N,)
    lr, momentum : of the optimizer; train : the mode that the network comes in
    Returns ``loss`` of each epoch as returned, ``parameters`` and ``buffers`` by name,
    ``modes``, ``seen`` (numbers of each batch's images), ``train_after``, ``backwards``
    and ``steps``: how many gradients were computed, how many steps taken
    """
    with exact(0):
        model = Witness(images.shape[1], 6, int(labels.max()) + 1, dropout)
        model.train(train)
        optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum)
        done: list[str] = []
        bias: Any = model.last.bias  # torch's own hooks have no types
        bias.register_hook(lambda _: done.append("backward"))
        optimizer.register_step_post_hook(lambda *_: done.append("step"))
        loader = _loader(images, labels, batch_size)
        losses = [
            number(train_one_epoch(model, loader, optimizer, nn.CrossEntropyLoss()))
            for _ in range(epochs)
        ]
        return {
            "loss": losses,
            "backwards": done.count("backward"),
            "steps": done.count("step"),
            **_left_behind(model),
        }


@probe
def evaluation(
    evaluate: Callable[..., Any],
    images: Array,
    labels: Array,
    batch_size: int,
    *,
    train: bool,
    with_sum: bool = False,
) -> Facts:
    """Run `evaluate` on a `Witness` that has seen some images, and tell what it did.

    train : the mode that the network comes in
    with_sum : use another loss, which tells a loss per image from one per batch
    Returns ``answer`` as returned, and what `epoch` returns of the network
    """
    with exact(0):
        model = Witness(images.shape[1], 6, int(labels.max()) + 1, 0.5)
        model(tensor(images))  # gives the normalisation statistics of its own
        model.modes.clear()
        model.grads.clear()
        model.seen.clear()
        model.train(train)
        loss_fn = nn.MultiMarginLoss() if with_sum else nn.CrossEntropyLoss()
        answer = evaluate(model, _loader(images, labels, batch_size), loss_fn)
        if not isinstance(answer, (tuple, list)) or len(answer) != 2:  # noqa: PLR2004
            message = f"`evaluate` returned {answer!r}"[:200]
            raise CheckFailedError("type", f"{message}, it should be (loss, accuracy)")
        loss, accuracy = map(number, answer)
        gradients = [p.grad is not None for p in model.parameters()]
        return {
            "answer": [loss, accuracy],
            "grads": list(model.grads),
            "has_gradients": any(gradients),
            **_left_behind(model),
        }


@probe
def overfitting(
    overfit_batch: Callable[..., Any],
    images: Array,
    labels: Array,
    steps: int,
    lr: float,
    *,
    train: bool = True,
) -> Facts:
    """Run `overfit_batch` on a `Witness`, and tell what it left behind.

    train : the mode that the network comes in
    Returns ``losses`` as returned, and what `epoch` returns of the network
    """
    with exact(0):
        model = Witness(images.shape[1], 6, int(labels.max()) + 1, 0.0)
        model.train(train)
        answer = overfit_batch(model, tensor(images), tensor(labels), steps, lr)
        return {"losses": _numbers(answer), **_left_behind(model)}


@measurement
def fitted(
    fit: Callable[..., Any],
    images: Array,
    labels: Array,
    held_out: Array,
    *,
    epochs: int,
    batch_size: int,
    lr: float,
    seed: int,
) -> Facts:
    """Run `fit` on a `Strided` network in float32 and ask it for held-out images.

    images : (N, 28, 28) uint8; labels : (N,); held_out : (M, 28, 28) uint8
    Returns ``losses`` of the epochs as returned, ``logits`` (M, 10) in eval mode,
    ``before`` the logits of the network as it was before, ``kernels`` (12, 1, 5, 5) of
    the first layer afterwards, ``maps`` (12, 14, 14): what it makes of the last image
    """
    torch.manual_seed(seed)
    model = Strided()
    first = next(m for m in model.modules() if isinstance(m, nn.Conv2d))
    unseen = pixels(held_out)
    with torch.no_grad():
        before = to_array(model.eval()(unseen), "the output")
    data = pixels(images), tensor(labels)
    answer = fit(model, *data, epochs=epochs, batch_size=batch_size, lr=lr, seed=seed)
    with torch.no_grad():
        logits = to_array(model.eval()(unseen), "what the network gives after fit")
    return {
        "losses": _numbers(answer),
        "logits": logits,
        "before": before,
        **_looked_at(first, pixels(images[-1:])),
    }


@probe
def fitting(
    fit: Callable[..., Any],
    size: int,
    *,
    epochs: int,
    batch_size: int,
    lr: float,
    seed: int,
) -> Facts:
    """Run `fit` on a network that remembers its use, and tell what it saw.

    size : how many numbered images there are, sorted by class
    Returns ``losses`` how many were returned, ``of_means``: each as a share of the mean
    loss per image of its epoch, rounded, ``passes`` how often each image was seen
    at least and at most, ``largest_batch``, ``modes``: those that the network was in,
    ``mixed``: the classes come mixed, ``new_orders``: every epoch has an order of its
    own, ``repeats``: the same seed gives the same order, ``clean``: every gradient is
    that of its own batch, ``clean_starts``: so is the first one of each epoch,
    ``steps``: the largest change of a parameter in the first step of each of the first
    two epochs, in units of `lr`, rounded
    """
    settings = {"epochs": epochs, "batch_size": batch_size, "lr": lr, "seed": seed}
    first, facts = _fit_once(fit, size, settings, drawn_before=0)
    again, _ = _fit_once(fit, size, settings, drawn_before=1)
    return {**facts, "repeats": first == again}


def _fit_once(
    fit: Callable[..., Any], size: int, settings: Mapping[str, Any], drawn_before: int
) -> tuple[list[list[int]], Facts]:
    torch.manual_seed(0)
    model = Numbered(classes=4)
    images = torch.rand(size, 1, 28, 28)
    images[:, 0, 0, 0] = torch.arange(size).float()
    labels = torch.arange(size) * 4 // size
    model.eval()
    torch.manual_seed(drawn_before)
    losses = _numbers(fit(model, images, labels, **settings))
    seen = _flat(model.seen)
    times = [seen.count(image) for image in range(size)]
    orders = [seen[start : start + size] for start in range(0, len(seen), size)]
    batches = -(-size // settings["batch_size"])
    means = model.mean_losses(labels)
    facts = {
        "losses": len(losses),
        "of_means": [
            round(loss / mean, 3) for loss, mean in zip(losses, means, strict=False)
        ],
        "passes": [min(times), max(times)],
        "largest_batch": max(map(len, model.seen), default=0),
        "modes": sorted(set(model.modes)),
        "mixed": bool(seen) and seen[:size] != sorted(seen[:size]),
        "new_orders": len({tuple(order) for order in orders}) == len(orders),
        "clean": all(model.clean),
        "clean_starts": model.clean[::batches],
        "steps": [
            round(model.steps[number] / settings["lr"], 2)
            for number in (0, batches)
            if number < len(model.steps)
        ],
    }
    return orders, facts


@probe
def loaders(
    make_loaders: Callable[..., Any],
    size: int,
    val_fraction: float,
    batch_size: int,
    seed: int,
) -> Facts:
    """Call `make_loaders` on a dataset of numbered images and tell what comes out.

    Returns ``train_size``, ``val_size``, ``shared`` (in both), ``lost`` (in none),
    ``largest_batch`` of each, ``shuffled`` (the train images come in another order in
    every epoch), ``val_stable`` (the validation images don't), ``mixed`` (the split
    takes from all of the dataset), ``repeats`` (the same seed gives the same split and
    order), ``repeats_split``, ``varies`` (another seed gives another split)
    """
    dataset = TensorDataset(torch.arange(size).float()[:, None], torch.arange(size))
    torch.manual_seed(seed + 1)
    train, val = _pair(make_loaders(dataset, val_fraction, batch_size, seed))
    first, second = _order(train), _order(train)
    val_first, val_second = _order(val), _order(val)
    torch.manual_seed(seed + 2)
    again, val_again = _pair(make_loaders(dataset, val_fraction, batch_size, seed))
    _, val_other = _pair(make_loaders(dataset, val_fraction, batch_size, seed + 1))
    in_train, in_val = set(_flat(first)), set(_flat(val_first))
    return {
        "train_size": len(_flat(first)),
        "val_size": len(_flat(val_first)),
        "shared": len(in_train & in_val),
        "lost": size - len(in_train | in_val),
        "largest_batch": [max(map(len, b), default=0) for b in (first, val_first)],
        "shuffled": first != second and _flat(first) != sorted(in_train),
        "val_stable": val_first == val_second,
        "mixed": not _is_an_end(in_val, size),
        "repeats": _order(again) == first and _order(val_again) == val_first,
        "repeats_split": set(_flat(_order(val_again))) == in_val,
        "varies": set(_flat(_order(val_other))) != in_val,
    }


def number(value: Any) -> float:
    """Return a loss or an accuracy as a float, or say what it is.

    Raises CheckFailedError
    """
    if isinstance(value, torch.Tensor) and value.requires_grad:
        raise CheckFailedError(
            "type",
            "a tensor that still holds its graph was returned: take loss.item(), or "
            "the memory of every batch is kept",
        )
    if isinstance(value, torch.Tensor) and value.numel() == 1:
        return float(value)
    if isinstance(value, (bool, str)) or not hasattr(value, "__float__"):
        kind = "None: is the `return` missing?" if value is None else repr(value)[:80]
        raise CheckFailedError("type", f"a number should be returned, got {kind}")
    return float(value)


def _looked_at(layer: nn.Conv2d, x: torch.Tensor) -> Facts:
    """Return a convolution's kernels and its maps of one image, for pictures only.

    In float64 whatever became of the layer; nan and inf are passed on
    """
    weight = layer.weight.detach().double()
    bias = None if layer.bias is None else layer.bias.detach().double()
    stride, padding = layer.stride, layer.padding
    maps = nn.functional.conv2d(x.double(), weight, bias, stride, padding)
    return {"kernels": weight.numpy(), "maps": maps[0].numpy()}


def pixels(images: Array) -> torch.Tensor:
    """Return (N, H, W) uint8 images as (N, 1, H, W) float32, normalised.

    Mean and spread are those of Fashion-MNIST's 60,000 training images
    """
    mean, spread = 0.2860, 0.3530
    return ((torch.tensor(images).float() / 255 - mean) / spread)[:, None]


def _numbers(values: Any) -> list[float]:
    if isinstance(values, (torch.Tensor, np.ndarray)) and values.ndim == 1:
        values = list(values)
    if not isinstance(values, (list, tuple)):
        kind = "None" if values is None else type(values).__name__
        message = f"a list of losses should be returned, got {kind}"
        raise CheckFailedError("type", message)
    return [number(value) for value in values]


def _loader(images: Array, labels: Array, batch_size: int) -> DataLoader[Any]:
    return DataLoader(TensorDataset(tensor(images), tensor(labels)), batch_size)


def _left_behind(model: Witness) -> Facts:
    return {
        "parameters": _arrays(model.named_parameters()),
        "buffers": _arrays(model.named_buffers()),
        "modes": list(model.modes),
        "seen": list(model.seen),
        "train_after": model.training,
    }


def _arrays(named: Any) -> Mapping[str, Array]:
    return {name: to_array(value, name) for name, value in named}


def _pair(answer: Any) -> tuple[DataLoader[Any], DataLoader[Any]]:
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:  # noqa: PLR2004
        message = "make_loaders should return (train_loader, val_loader)"
        raise CheckFailedError("type", message)
    for loader in answer:
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
    return answer[0], answer[1]


def _order(loader: DataLoader[Any]) -> list[list[int]]:
    return [[int(i) for i in labels] for _, labels in loader]


def _flat(batches: list[list[int]]) -> list[int]:
    return [number for batch in batches for number in batch]


def _is_an_end(numbers: set[int], size: int) -> bool:
    """Tell whether they are the first or the last ones of the dataset."""
    count = len(numbers)
    return numbers in (set(range(count)), set(range(size - count, size)))
