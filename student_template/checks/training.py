"""Probes for functions that train or evaluate: run them on a network that remembers.

The network is a `Witness`, in float64, with a fixed order of images, so two right
functions leave the same parameters behind. Images are rounded to float32, so a function
that casts them to it loses nothing. A probe brings back what the function left behind
and what it returned; the tests judge that.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from checks.failure import CheckFailedError
from checks.probing import raw_probe
from checks.tensors import Array, exact, tensor, to_array
from checks.witnesses import Witness, mode_of

Facts = dict[str, Any]

WITH_GRAPH = "a tensor with its graph"
_NOT_ITS_OWN = "of steps that the optimizer did not take"
_OF_SEVERAL = "of steps along several gradients"


def _only(*names: str) -> Callable[..., Facts]:
    """Return a function that keeps some of the facts."""

    def kept(facts: Facts, *_: object, **__: object) -> Facts:
        return {name: facts[name] for name in names}

    return kept


def _by_whose_steps(facts: Facts, *_: object, **how: Any) -> Facts:
    """Keep what two functions that do the same have in common.

    Where another optimizer's steps were taken, its numbers are its own; where there are
    several gradients for each step, how these are weighed
    """
    names = ("loss", "graphs", "parameters", "buffers", "backwards", "steps")
    kept = {name: facts[name] for name in names}
    told = None
    if facts["moved"] and not facts["steps"]:
        told = _NOT_ITS_OWN
    elif 1 < facts["steps"] < facts["backwards"]:
        told = _OF_SEVERAL
    if told:
        kept |= dict.fromkeys(("parameters", "buffers"), told)
        is_its_own = told == _OF_SEVERAL and how.get("lr") == 0
        if not is_its_own and not isinstance(kept["loss"], str):
            kept["loss"] = told
    return kept


@raw_probe(_by_whose_steps)
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
    weight: Array | None = None,
    shown: Sequence[int] | None = None,
    drop_last: bool = False,
    with_margin: bool = False,
) -> Facts:
    """Run `train_one_epoch` with SGD on a `Witness`, and tell what it left behind.

    images : (N, F) float64, column 0 the image's number; labels : (N,)
    lr, momentum : of the optimizer; train : the mode that the network comes in
    weight : (K, F), of a linear network; else it has a hidden layer
    shown, drop_last : the numbers of the images that the loader gives, and whether it
        leaves out a smaller last batch
    with_margin : use another loss than the cross-entropy
    Returns ``loss`` of each epoch as returned, see `listed`, ``graphs``: what kind of
    loss it is,
    ``parameters`` and ``buffers`` by name, ``modes``, ``grads`` and ``seen`` of the
    forward passes (`checks.witnesses.Record`),
    ``train_after`` and ``modes_after`` (of the network, and of each layer in words),
    ``backwards`` and ``steps``: how many gradients were computed, how many steps taken
    by the optimizer; ``moved``: parameters are others than before
    """
    with exact(0):
        model = _witness(images, labels, weight)
        model.train(train)
        optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum)
        done: list[str] = []
        last: Any = model.last.weight  # torch's own hooks have no types
        last.register_hook(lambda _: done.append("backward"))
        optimizer.register_step_post_hook(lambda *_: done.append("step"))
        loader = _loader(images, labels, batch_size, shown, drop_last=drop_last)
        loss_fn = nn.MultiMarginLoss() if with_margin else nn.CrossEntropyLoss()
        before = [p.detach().clone() for p in model.parameters()]
        losses = [
            train_one_epoch(model, loader, optimizer, loss_fn) for _ in range(epochs)
        ]
        return {
            "loss": losses_or_words(losses),
            "graphs": [_kind_of_loss(loss) for loss in losses],
            "backwards": done.count("backward"),
            "steps": done.count("step"),
            "moved": not all(map(torch.equal, before, model.parameters())),
            **_left_behind(model),
        }


@raw_probe(
    _only(
        "loss",
        "accuracy",
        "parameters",
        "buffers",
        "any_grads",
        "has_grads",
        "modes_after",
    )
)
def evaluation(
    evaluate: Callable[..., Any],
    images: Array,
    labels: Array,
    batch_size: int,
    *,
    train: bool,
    weight: Array | None = None,
    shown: Sequence[int] | None = None,
    drop_last: bool = False,
    with_margin: bool = False,
) -> Facts:
    """Run `evaluate` on a `Witness` that has seen some images, and tell what it did.

    train : the mode that the network comes in
    weight, shown, drop_last, with_margin : as in `epoch`
    Returns ``answer`` as returned, its parts ``loss`` and ``accuracy``, ``any_grads``
    (gradients were on in some forward pass), ``has_grads`` (a parameter has one), and
    what `epoch` returns of the network
    """
    with exact(0):
        model = _seasoned(images, labels, weight)
        model.train(train)
        loader = _loader(images, labels, batch_size, shown, drop_last=drop_last)
        loss_fn = nn.MultiMarginLoss() if with_margin else nn.CrossEntropyLoss()
        answer = pair(evaluate(model, loader, loss_fn), "evaluate", "(loss, accuracy)")
        loss, accuracy = (number(value) for value in answer)
        return {
            "answer": [loss, accuracy],
            "loss": loss,
            "accuracy": accuracy,
            "any_grads": any(model.record.grads),
            "has_grads": any(p.grad is not None for p in model.parameters()),
            **_left_behind(model),
        }


@raw_probe(_only("losses", "graphs", "parameters", "buffers"))
def overfitting(
    overfit_batch: Callable[..., Any],
    images: Array,
    labels: Array,
    steps: int,
    lr: float,
    *,
    train: bool = True,
    weight: Array | None = None,
) -> Facts:
    """Run `overfit_batch` on a `Witness`, and tell what it left behind.

    train : the mode that the network comes in; weight : as in `epoch`
    Returns ``losses`` as returned, see `listed`, ``graphs``: what kind of loss each
    is, and what `epoch` returns of the network
    """
    with exact(0):
        model = _witness(images, labels, weight)
        model.train(train)
        given = [tensor(images.astype(np.float32)), tensor(labels)]
        answer = overfit_batch(model, *given, steps, lr)
        return {
            "losses": losses_or_words(answer),
            "graphs": [
                _kind_of_loss(loss)
                for loss in (answer if isinstance(answer, (list, tuple)) else [])
            ],
            **_left_behind(model),
        }


def logits_of_witness(images: Array, labels: Array) -> Array:
    """Return what the network of `evaluation` gives in eval mode."""
    with exact(0):
        model = _seasoned(images, labels, None).eval()
        with torch.no_grad():
            return to_array(model(tensor(images)), "the output")


def running_mean_of_witness(images: Array, labels: Array, batch_size: int) -> Array:
    """Return the running mean of the network of `epoch` after its images, untrained.

    In train mode every batch moves it by a tenth towards the batch's own mean.
    """
    with exact(0):
        model = _witness(images, labels, None)
        scaled = np.concatenate([images[:, :1] * 0.01, images[:, 1:]], axis=1)
        first: Any = model.hidden.get_submodule("0")
        with torch.no_grad():
            hidden = to_array(first(tensor(scaled)), "the hidden layer")
    mean = np.zeros(hidden.shape[1])
    for start in range(0, len(hidden), batch_size):
        mean += 0.1 * (hidden[start : start + batch_size].mean(axis=0) - mean)
    return mean


def evaluates(
    answer: Sequence[float], expected: Sequence[float], batch_size: int, count: int
) -> None:
    """Fail where the first number is no loss and the second no accuracy of images.

    A case about something else than these numbers asks no more: one that is wrong by a
    factor, as where batches are counted for images, is paid for elsewhere.

    answer : of `evaluation`; expected : loss and accuracy
    batch_size, count : `count` images in whole batches
    Raises CheckFailedError
    """
    known = np.array([1, 100, count, count / batch_size, batch_size], dtype=float)
    factors = np.concatenate([known, 1 / known])
    # Each in its place: a round number is an accuracy by some factor sooner than not.
    wanted = np.multiply.outer(np.asarray(expected, dtype=float), factors)
    got = np.asarray(answer, dtype=float)[:, None]
    if not (np.isclose(got, wanted, rtol=1e-3, atol=0) & (wanted != 0)).any():
        told = " and ".join(f"{value:.4g}" for value in answer)
        raise CheckFailedError(
            "value",
            f"expected loss {expected[0]:.4g} and accuracy {expected[1]:.4g}, "
            f"got {told}: the rest is not looked at",
            coarse="loss and accuracy are both wrong, so the rest is not looked at",
        )


def in_mode(modes: Sequence[bool | None], *, train: bool) -> None:
    """Fail unless a network was in one mode in all its forward passes.

    modes : as in `checks.witnesses.Record`
    Raises CheckFailedError, which says in which passes it was not
    """
    wrong = [number for number, mode in enumerate(modes, 1) if mode is not train]
    if not wrong:
        return
    wanted, other = ("train", "eval") if train else ("eval", "train")
    which = "pass " if len(wrong) == 1 else "passes "
    which += f"{', '.join(map(str, wrong))} of {len(modes)}"
    if all(modes[n - 1] is None for n in wrong):
        was = "in no mode: some of its layers train and others don't"
    else:
        was = f"in {other} mode"
    raise CheckFailedError(
        "value",
        f"in forward {which} your network was {was}; it should be in {wanted} mode "
        f"(model.{'train' if train else 'eval'}() sets it for all layers)",
        coarse=f"the network is not in {wanted} mode in every forward pass",
    )


def left_in_mode(mode: bool | None, *, train: bool) -> None:  # noqa: FBT001 a mode
    """Fail unless a network was left in the mode in which it came.

    Raises CheckFailedError
    """
    if mode is train:
        return
    came, other = ("train", "eval") if train else ("eval", "train")
    if mode is None:
        message = (
            f"the network came in {came} mode, and some of its layers are left in "
            "another: model.train(mode) sets it for all layers, model.training = mode "
            "for none of them"
        )
    else:
        message = f"the network came in {came} mode and is left in {other} mode"
    raise CheckFailedError("value", message)


def pair(answer: Any, function: str, names: str) -> Sequence[Any]:
    """Return an answer of two values, or say what it is.

    Raises CheckFailedError
    """
    if answer is None:
        message = f"{function} returned None: is `return {names.strip('()')}` missing?"
        raise CheckFailedError("none", message)
    if not isinstance(answer, (tuple, list)):
        kind = type(answer).__name__
        message = f"{function} returned a {kind}, it should return a tuple {names}"
        raise CheckFailedError("type", message)
    if len(answer) != 2:  # noqa: PLR2004 a pair
        message = f"{function} returned {len(answer)} values, it should return {names}"
        raise CheckFailedError("type", message)
    return answer


def number(value: Any) -> float:
    """Return a loss or an accuracy as a float, or say what it is.

    Raises CheckFailedError
    """
    if isinstance(value, torch.Tensor) and value.numel() == 1:
        return float(value.detach())
    if isinstance(value, (bool, str)) or not hasattr(value, "__float__"):
        kind = "None: is the `return` missing?" if value is None else repr(value)[:80]
        if isinstance(value, (tuple, list)):
            kind = f"a {type(value).__name__} of {len(value)} values"
        raise CheckFailedError("type", f"a number should be returned, got {kind}")
    return float(value)


def graph_free(kinds: Sequence[str]) -> None:
    """Fail where a loss that was returned still holds its graph.

    kinds : ``graphs`` of `epoch` and `overfitting`
    Raises CheckFailedError
    """
    if WITH_GRAPH in kinds:
        message = (
            "a loss that still holds its graph was returned, and with it what was "
            "computed for every batch stays in memory: take loss.item()"
        )
        raise CheckFailedError("type", message)


def _kind_of_loss(value: Any) -> str:
    holds_graph = isinstance(value, torch.Tensor) and value.requires_grad
    return WITH_GRAPH if holds_graph else "a number"


def pixels(images: Array) -> torch.Tensor:
    """Return (N, H, W) uint8 images as (N, 1, H, W) float32, normalised.

    Mean and spread are those of Fashion-MNIST's 60,000 training images
    """
    mean, spread = 0.2860, 0.3530
    return ((torch.tensor(images).float() / 255 - mean) / spread)[:, None]


def numbers(values: Any) -> list[float]:
    """Return losses as a list of floats, or say what they are.

    Raises CheckFailedError
    """
    if isinstance(values, (torch.Tensor, np.ndarray)) and values.ndim == 1:
        values = list(values)
    if not isinstance(values, (list, tuple)):
        kind = "None" if values is None else type(values).__name__
        message = f"a list of losses should be returned, got {kind}"
        raise CheckFailedError("type", message)
    return [number(value) for value in values]


def losses_or_words(values: Any) -> list[float] | str:
    """Return losses as a list of floats, or words for what is none.

    A missing ``return`` is a mistake of its own: what was trained may be right.
    """
    try:
        return numbers(values)
    except CheckFailedError as error:
        return str(error)


def listed(losses: list[float] | str) -> list[float]:
    """Return the losses of `losses_or_words`.

    Raises CheckFailedError where there are none
    """
    if isinstance(losses, str):
        raise CheckFailedError("type", losses)
    return list(losses)


def _witness(images: Array, labels: Array, weight: Array | None) -> Witness:
    classes = int(labels.max()) + 1 if weight is None else len(weight)
    return Witness(images.shape[1], classes, weight=weight)


def _seasoned(images: Array, labels: Array, weight: Array | None) -> Witness:
    """Return a `Witness` with dropout whose statistics are those of its images."""
    classes = int(labels.max()) + 1 if weight is None else len(weight)
    model = Witness(images.shape[1], classes, dropout=0.5, weight=weight)
    with torch.no_grad():
        model(tensor(images))
    for kept in (model.record.modes, model.record.grads, model.record.seen):
        kept.clear()
    return model


def _loader(
    images: Array,
    labels: Array,
    batch_size: int,
    shown: Sequence[int] | None,
    *,
    drop_last: bool,
) -> DataLoader[Any]:
    data = TensorDataset(tensor(images.astype(np.float32)), tensor(labels))
    order = range(len(data)) if shown is None else shown
    return DataLoader(data, batch_size, sampler=order, drop_last=drop_last)


def _left_behind(model: Witness) -> Facts:
    return {
        "parameters": _arrays(model.named_parameters()),
        "buffers": _arrays(model.named_buffers()),
        "modes": list(model.record.modes),
        "grads": list(model.record.grads),
        "seen": list(model.record.seen),
        "train_after": mode_of(model),
        "modes_after": ["train" if m.training else "eval" for m in model.modules()],
    }


def _arrays(named: Any) -> Mapping[str, Array]:
    return {name: to_array(value, name) for name, value in named}
