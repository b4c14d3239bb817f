"""What `fit` does to a network: probes bring back parameters, outside is judged.

The logits for images that nobody was shown are computed from the trained parameters
outside: such images, and their labels, are nowhere near the function that trains.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch

from checks.failure import CheckFailedError
from checks.probing import measurement, raw_probe
from checks.replaying import Replay, rate_of
from checks.tensors import Array, begin_random, tensor, to_array
from checks.training import losses_or_words, pixels
from checks.witnesses import Numbered, Strided

Facts = dict[str, Any]


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
    """Run `fit` on a `Strided` network in float32; ask what came of it for images.

    images : (N, 28, 28) uint8; labels : (N,); held_out : (M, 28, 28) uint8
    Returns ``losses`` of the epochs as returned, ``logits`` (M, 10) in eval mode,
    ``kernels`` (12, 1, 5, 5) of the first layer afterwards, ``maps`` (12, 14, 14): what
    it makes of the last image, ``parameters``: how many numbers the network learns
    """
    how: dict[str, Any] = {
        "epochs": epochs,
        "batch_size": batch_size,
        "lr": lr,
        "seed": seed,
    }
    after = trained_by(fit, images, labels, **how)
    model = _with_parameters(after["parameters"])
    with torch.no_grad():
        logits = to_array(model(pixels(held_out)), "what the network gives after fit")
        maps = model.layers[0](pixels(images[-1:]))[0]
    kernels = np.asarray(after["parameters"]["layers.0.weight"])
    return {
        "losses": after["losses"],
        "logits": logits,
        "kernels": kernels,
        "maps": maps.numpy(),
        "parameters": sum(value.numel() for value in model.parameters()),
    }


@measurement
def trained_by(
    fit: Callable[..., Any],
    images: Array,
    labels: Array,
    *,
    epochs: int,
    batch_size: int,
    lr: float,
    seed: int,
) -> dict[str, Any]:
    """Run `fit` on a `Strided` network in float32 and bring back what came of it.

    Returns ``losses`` of the epochs as returned, ``parameters`` by name
    """
    begin_random(seed)
    model = Strided().eval()
    data = pixels(images), tensor(labels)
    answer = fit(model, *data, epochs=epochs, batch_size=batch_size, lr=lr, seed=seed)
    return {
        "losses": losses_or_words(answer),
        "parameters": {
            name: value.detach().float().numpy().copy()
            for name, value in model.named_parameters()
        },
    }


def _with_parameters(parameters: Mapping[str, Array]) -> Strided:
    """Return the network that was trained, in eval mode.

    Raises CheckFailedError where these are no parameters of such a network
    """
    model = Strided().eval()
    for name, own in model.named_parameters():
        given = np.asarray(parameters.get(name))
        if given.shape != tuple(own.shape) or given.dtype.kind != "f":
            message = "the network that was trained has other layers than before"
            raise CheckFailedError("structure", message)
        own.detach().copy_(torch.tensor(given))
    return model


def fitting(
    fit: Callable[..., Any],
    images: Array,
    labels: Array,
    weights: Sequence[Array],
    *,
    epochs: int,
    batch_size: int,
    lr: float,
    seed: int,
) -> Facts:
    """Run `fit` on a network that remembers its use, and tell what it did.

    images : (N, 1, 28, 28) float32, the first pixel an image's number
    labels : (N,) of four classes; weights : (6, 49) and (4, 6) to begin with
    Returns

    ``losses``, ``wanted``
        what was returned (see `checks.training.listed`), and the mean loss per image of
        every epoch
    ``loss_is``
        what the returned losses are, as far as they are known
    ``seen``, ``modes``
        the numbers and the modes of the forward passes that it learned from
    ``passes``
        how often each image was seen at least and at most; ``largest_batch``
    ``mixed``
        images come together that were no neighbours; ``new_orders``: every epoch has an
        order of its own
    ``repeats``
        the same seed gives the same order; ``orders_are``: both by epoch, in words
    ``clean``, ``clean_starts``
        every gradient is that of its own batch; the first one of each epoch is
    ``rates``
        for every epoch, the learning rate of Adam in units of `lr`, 0 where the steps
        are not those of Adam; ``steps_are``: the optimizer, as far as it is known
    ``learns``
        the first step goes downhill
    ``statistics``
        the running statistics are those of training on what was seen
    """
    how: dict[str, Any] = {
        "epochs": epochs,
        "batch_size": batch_size,
        "lr": lr,
        "seed": seed,
    }
    traced = traced_fit(fit, images, labels, weights, **how)
    return _facts(traced, fit, images, labels, weights, **how)


def _facts(
    traced: Mapping[str, Any],
    _: object,
    images: Array,
    labels: Array,
    weights: Sequence[Array],
    *,
    epochs: int,
    batch_size: int,
    lr: float,
    seed: int,
) -> Facts:
    """Judge what `traced_fit` brought back; `seed` was for the order only."""
    del seed
    size = len(images)
    seen = [[int(number) for number in batch] for batch in traced["seen"]]
    flat = [number for batch in seen for number in batch]
    orders = [tuple(flat[start : start + size]) for start in range(0, len(flat), size)]
    times = [flat.count(number) for number in range(size)]
    again = [int(number) for batch in traced["again"] for number in batch]
    second = [tuple(again[n : n + size]) for n in range(0, len(again), size)]
    states = [np.asarray(state, dtype=float) for state in traced["states"]]
    moves = [after - before for before, after in itertools.pairwise(states)]
    losses = traced["losses"]
    parts = _epochs(len(seen), losses, epochs, -(-size // batch_size))
    sizes = list(map(len, seen))
    replay = Replay(
        *(images, labels, weights),
        states=states,
        batches=seen,
        starts=[part.start for part in parts],
        lr=lr,
    )
    return {
        "losses": losses,
        "wanted": [
            float(np.average(replay.losses()[part], weights=sizes[part]))
            for part in parts
            if sizes[part]
        ],
        "loss_is": replay.known_losses(losses, sizes, parts)
        if isinstance(losses, list)
        else losses,
        "seen": seen,
        "modes": list(traced["modes"]),
        "passes": [min(times), max(times)],
        "largest_batch": max(map(len, seen), default=0),
        "mixed": any(map(_is_mixed, seen)),
        "new_orders": len(set(orders)) == len(orders),
        "repeats": list(traced["again"]) == list(traced["seen"]),
        "orders_are": [
            ("as before" if order in orders[:n] else "new")
            + (", repeated" if [order] == second[n : n + 1] else ", another")
            for n, order in enumerate(orders)
        ],
        "clean": all(traced["clean"]),
        "clean_starts": [
            clean for part in parts for clean in traced["clean"][part][:1]
        ],
        "rates": [rate_of(moves[part], replay.steps[part]) for part in parts],
        "steps_are": replay.known_steps(moves, parts),
        "learns": bool(moves) and float(moves[0] @ replay.gradients()[0]) < 0,
        "statistics": bool(np.allclose(traced["mean"], replay.mean, rtol=0.01)),
    }


def _is_mixed(batch: Sequence[int]) -> bool:
    """Tell whether a batch is another one than images that followed one another."""
    return any(after - before != 1 for before, after in itertools.pairwise(batch))


def _epochs(
    batches: int, losses: Sequence[float] | str, epochs: int, of_an_epoch: int
) -> list[slice]:
    """Return which batches are those of each epoch.

    losses : as returned, one for every epoch that was trained
    of_an_epoch : batches that an epoch should have
    """
    told = len(losses) if isinstance(losses, list) else 0
    trained = told if 0 < told <= 2 * epochs else epochs
    if batches and batches % trained == 0:
        of_an_epoch = batches // trained
    return [slice(n * of_an_epoch, (n + 1) * of_an_epoch) for n in range(trained)]


def _compared(traced: Mapping[str, Any], *given: Any, **how: Any) -> Facts:
    """Return of the facts what two functions that do the same have in common."""
    facts = _facts(traced, *given, **how)
    losses = facts["losses"]
    if isinstance(losses, list):
        facts["losses"] = _how_many(len(losses), how["epochs"])
    if facts["losses"] == "fewer":
        # Who stops early does so sooner or later: each kind of epoch tells enough.
        for told in ("orders_are", "clean_starts", "steps_are"):
            facts[told] = [value for value, _ in itertools.groupby(facts[told])]
    facts["passes"] = [times == how["epochs"] for times in facts["passes"]]
    facts["modes"] = sorted(set(map(str, facts["modes"])))
    not_in_common = {"wanted", "seen", "learns", "rates", "new_orders", "repeats"}
    return {name: v for name, v in facts.items() if name not in not_in_common}


def _how_many(losses: int, epochs: int) -> str | int:
    """Say how many losses there are, of fewer epochs than asked for not the number."""
    if losses == epochs:
        return "one an epoch"
    if losses == epochs - 1:
        return "one epoch too few"
    return "fewer" if 1 < losses < epochs else losses


@raw_probe(_compared)
def traced_fit(
    fit: Callable[..., Any],
    images: Array,
    labels: Array,
    weights: Sequence[Array],
    *,
    epochs: int,
    batch_size: int,
    lr: float,
    seed: int,
) -> dict[str, Any]:
    """Run `fit` twice on a `Numbered` network, and bring back what it went through.

    Returns ``losses`` as returned, ``seen``, ``modes`` and ``states`` of every forward
    pass that a gradient came of and the state at the end, ``clean`` of every backward
    pass, ``mean``: the normalisation's running mean at the end, ``again``: the numbers
    seen in a second run with the same seed, where other random numbers were drawn
    before
    """
    how: dict[str, Any] = {
        "epochs": epochs,
        "batch_size": batch_size,
        "lr": lr,
        "seed": seed,
    }
    runs = []
    for drawn_before in (0, 1):
        model = Numbered(4, weights).eval()
        begin_random(drawn_before)
        answer = fit(model, torch.tensor(images), torch.tensor(labels), **how)
        runs.append((model, losses_or_words(answer)))
    (model, losses), (second, _) = runs
    lessons = model.lessons()
    return {
        "losses": losses,
        "seen": [model.record.seen[n] for n in lessons],
        "modes": [model.record.modes[n] for n in lessons],
        "states": [*(model.states[n] for n in lessons), model.state()],
        "clean": model.clean,
        "mean": to_array(model.norm.running_mean, "a running mean"),
        "again": [second.record.seen[n] for n in second.lessons()],
    }
