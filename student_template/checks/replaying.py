"""Take the steps of an optimizer again, on the batches that a network was shown.

From the parameters before each batch follows which gradient came of it, and from all
gradients up to there which step Adam would have taken. So it can be told whose steps
were taken, whatever the order of the images was.
"""

import copy
import functools
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Literal

import numpy as np
import torch
from torch import nn

from checks.probing import UNKNOWN
from checks.tensors import Array, to_array
from checks.witnesses import Numbered

LIKE_ADAM = 0.003
"""Largest distance from Adam's step, as a share of that step: rounding is far below."""
DECAYS = (1e-4, 5e-4, 1e-3, 1e-2)
"""Weight decays that people take."""
_WAYS: dict[str, "Way"] = {
    "": "train",
    ", in eval mode": "eval",
    ", after a softmax": "softmax",
    ", after the steps": "after",
    ", of images whose labels were not mixed with them": "unmixed",
}

Way = Literal["train", "eval", "softmax", "after", "unmixed"]
Rule = Callable[[], list[Array]]


class Replay:
    """What a training went through, computed again in float64.

    images : (N, 1, 28, 28); labels : (N,); weights : of the network to begin with
    states : all parameters in a row before every batch; batches : numbers of its images
    starts : the number of the first batch of every epoch
    """

    def __init__(
        self,
        images: Array,
        labels: Array,
        weights: Sequence[Array],
        *,
        states: Sequence[Array],
        batches: Sequence[Sequence[int]],
        starts: Sequence[int],
        lr: float,
    ) -> None:
        self._images = torch.tensor(images).double()
        self._labels = torch.tensor(labels)
        self._weights = weights
        self._passes = list(zip(states, batches, strict=False))
        self._after = [*states[1:]]
        self._starts = starts
        self._lr = lr
        self._gone: dict[Way, tuple[list[float], list[Array], Array]] = {}

    def losses(self, way: Way = "train") -> list[float]:
        """Return the loss of every batch, before its step."""
        return self._through(way)[0]

    def gradients(self, way: Way = "train") -> list[Array]:
        """Return the gradient of every batch's loss, in a row."""
        return self._through(way)[1]

    def losses_after(self, parts: Sequence[slice], *, train: bool) -> list[float]:
        """Return the loss on all images after the batches of every epoch."""
        model = Numbered(4, self._weights).double()
        losses = []
        with torch.no_grad():
            for part in parts:
                for state, batch in self._passes[part]:
                    model.take(state)
                    model(self._images[list(batch)])
                if not self._after[part]:
                    break
                model.take(self._after[part][-1])
                outputs = copy.deepcopy(model).train(train)(self._images)
                losses.append(float(nn.functional.cross_entropy(outputs, self._labels)))
        return losses

    @property
    def mean(self) -> Array:
        """The running mean of the normalisation at the end."""
        return self._through("train")[2]

    @cached_property
    def steps(self) -> list[Array]:
        """The steps that Adam takes."""
        return self._adam(self.gradients())

    def known_steps(self, moves: Sequence[Array], parts: Sequence[slice]) -> list[str]:
        """Say for each epoch whose steps the moves are, and how much longer they are.

        One whose steps all of them are comes before one for each epoch
        """
        for name, rule in self._rules.items():
            if all(rate_of(moves[part], rule()[part]) == 1 for part in parts):
                return [f"1 times {_without_size(name)}"] * len(parts)
        return [self._known_in(moves[part], part) for part in parts]

    def _known_in(self, moves: Sequence[Array], part: slice) -> str:
        for name, rule in self._rules.items():
            rate = rate_of(moves, rule()[part])
            if rate:
                return f"{rate:g} times {_without_size(name)}"
        return UNKNOWN

    def known_losses(
        self, returned: Sequence[float], sizes: Sequence[int], parts: Sequence[slice]
    ) -> list[str]:
        """Say what the returned losses are: which of the sums and means that are known.

        sizes : of the batches; parts : the batches of every epoch
        """
        for words, way in _WAYS.items():
            sums = _sums(self.losses(way), sizes, parts)
            # Losses that hardly fall are their own mean, too: that says nothing.
            for known in (sums, _over_epochs(sums["mean per image"])):
                found = [
                    name + words
                    for name, values in known.items()
                    if len(returned) == len(values)
                    and len(values)
                    and np.allclose(returned, values, rtol=1e-3)
                ]
                if found:
                    return found
        for train, words in ((False, "eval"), (True, "train")):
            values = self.losses_after(parts, train=train)
            if len(returned) == len(values) and np.allclose(
                returned, values, rtol=1e-3
            ):
                return [f"mean of all images after the epoch, in {words} mode"]
        return [UNKNOWN]

    @cached_property
    def _rules(self) -> Mapping[str, Rule]:
        """What people take, the likeliest first; each is only computed when asked."""
        decayed: dict[str, Rule] = {
            f"Adam with a weight decay of {decay:g}": self._decayed(decay)
            for decay in DECAYS
        }
        rules: dict[str, Rule] = {
            "Adam": lambda: self.steps,
            "AdamW": self._adam_w,
            "SGD": lambda: [-self._lr * gradient for gradient in self.gradients()],
            "AMSGrad": lambda: self._adam(self.gradients(), amsgrad=True),
            "Adam begun anew": lambda: self._adam(self.gradients(), anew=True),
            "Adam after a softmax": lambda: self._adam(self.gradients("softmax")),
            "Adam on labels that were not mixed": lambda: self._adam(
                self.gradients("unmixed")
            ),
            "Adam in eval mode": lambda: self._adam(self.gradients("eval")),
            "Adam on all gradients so far": lambda: self._adam(
                list(np.cumsum(self.gradients(), axis=0))
            ),
            "Adam on the epoch's gradients so far": lambda: self._adam(
                list(self._gathered())
            ),
            **decayed,
        }
        return {name: functools.cache(rule) for name, rule in rules.items()}

    def _adam_w(self) -> list[Array]:
        states = [state for state, _ in self._passes]
        return [
            step - 0.01 * self._lr * state
            for state, step in zip(states, self.steps, strict=True)
        ]

    def _decayed(self, decay: float) -> Rule:
        def rule() -> list[Array]:
            pairs = zip(self.gradients(), self._passes, strict=True)
            return self._adam([g + decay * state for g, (state, _) in pairs])

        return rule

    def _gathered(self) -> Iterator[Array]:
        total = np.zeros(())
        for number, gradient in enumerate(self.gradients()):
            total = gradient if number in self._starts else total + gradient
            yield total

    def _adam(
        self, gradients: Sequence[Array], *, amsgrad: bool = False, anew: bool = False
    ) -> list[Array]:
        """Return the steps that Adam takes (Kingma and Ba, 2015).

        amsgrad : with the largest second moment so far (Reddi et al., 2018)
        anew : its moments begin at zero in every epoch
        """
        steps = []
        mean = square = largest = np.zeros(())
        count = 0
        for number, gradient in enumerate(gradients):
            if anew and number in self._starts:
                mean = square = largest = np.zeros(())
                count = 0
            count += 1
            mean = 0.9 * mean + 0.1 * gradient
            square = 0.999 * square + 0.001 * gradient**2
            largest = np.maximum(largest, square) if amsgrad else square
            unbiased = mean / (1 - 0.9**count), largest / (1 - 0.999**count)
            steps.append(-self._lr * unbiased[0] / (np.sqrt(unbiased[1]) + 1e-8))
        return steps

    def _through(self, way: Way) -> tuple[list[float], list[Array], Array]:
        if way not in self._gone:
            self._gone[way] = self._pass_through(way)
        return self._gone[way]

    def _pass_through(self, way: Way) -> tuple[list[float], list[Array], Array]:
        model = Numbered(4, self._weights).double().train(way != "eval")
        losses: list[float] = []
        gradients: list[Array] = []
        first = before = 0
        for (state, batch), after in zip(self._passes, self._after, strict=False):
            model.take(after if way == "after" else state)
            outputs = model(self._images[list(batch)])
            if way == "softmax":
                outputs = outputs.softmax(dim=1)
            first = 0 if len(losses) in self._starts else first + before
            before = len(batch)
            in_place = (first + np.arange(before)) % len(self._labels)
            wanted = self._labels[in_place if way == "unmixed" else list(batch)]
            loss = nn.functional.cross_entropy(outputs, wanted)
            parts = torch.autograd.grad(loss, list(model.parameters()))
            rows = [to_array(p, "a gradient").ravel() for p in parts]
            gradients.append(np.concatenate(rows))
            losses.append(float(loss.detach()))
        return losses, gradients, to_array(model.norm.running_mean, "a running mean")


def rate_of(moves: Sequence[Array], steps: Sequence[Array]) -> float:
    """Return how much longer all moves are than the steps, 0 where they are others."""
    rates = [
        float(move @ step / (step @ step))
        for move, step in zip(moves, steps, strict=True)
    ]
    if not rates or not min(rates) > 0:
        return 0.0
    rate = float(np.median(rates))
    off = (np.linalg.norm(m - rate * s) for m, s in zip(moves, steps, strict=True))
    longest = (LIKE_ADAM * rate * np.linalg.norm(s) for s in steps)
    alike = all(a < b for a, b in itertools.zip_longest(off, longest))
    return round(rate, 2) if alike else 0.0


def _without_size(name: str) -> str:
    return name.partition(" of ")[0]


def _sums(
    losses: Sequence[float], sizes: Sequence[int], parts: Sequence[slice]
) -> Mapping[str, list[float]]:
    known: dict[str, list[float]] = {
        name: []
        for name in (
            "mean per image",
            "mean of the batches' means",
            "sum of the batches' means",
            "sum of the batches' means over the images",
            "sum over the images",
            "last batch",
        )
    }
    for part in parts:
        means, counts = np.array(losses[part]), np.array(sizes[part])
        if not len(means):
            break
        total = float(means @ counts)
        values = (
            *(total / counts.sum(), means.mean(), means.sum()),
            *(means.sum() / counts.sum(), total, means[-1]),
        )
        for name, value in zip(known, values, strict=True):
            known[name].append(float(value))
    return known


def _over_epochs(of_epochs: Sequence[float]) -> Mapping[str, list[float]]:
    """Return what comes out where sums are not begun anew in every epoch.

    of_epochs : the mean per image of every epoch, which all have as many images
    """
    added = np.cumsum(of_epochs)
    so_far = added / np.arange(1, 1 + len(added))
    return {
        "mean per image, all epochs added up": added.tolist(),
        "mean per image of all epochs so far": so_far.tolist(),
    }
