"""Make pictures of what a test offers, for a report.

A test offers a picture (`checks.show`), and what it is made of may come from a worker.
So nothing in it is trusted: `pictures_of` looks at kind, shape and size of every array,
and what can't be drawn is left out with a remark. That is no fault and touches no mark.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from checks import CheckFailedError
from checks.fashion_mnist import CLASSES
from checks.showing import Offer

from autograder.errors import GraderFault, StudentFault
from autograder.records.pictures import (
    AmongLecture,
    Confusion,
    FirstLayer,
    GradientNorms,
    LeftOut,
    Peer,
    Picture,
    Raster,
    Training,
)

Array = npt.NDArray[np.float64]

MOST = 6
"""Pictures of one case."""
SECONDS = 5.0
"""What all pictures of a case may take of the worker's time."""
LARGEST = 1e30
"""Numbers beyond it are drawn here."""
SIDE = 32
"""Pixels a side that a picture keeps; a larger one is thinned."""
SHOWN = 8
"""Channels of a layer that are shown."""
MOST_PIXELS, MOST_CHANNELS = 512, 4096
MOST_PARAMETERS = 10**12


class _Undrawable(ValueError):
    """Values of which there is no picture.

    The message says what of them is wrong, without any of them: a hidden case tells it
    """


def pictures_of(offers: Sequence[Offer]) -> tuple[Picture, ...]:
    """Return what the offered pictures show, or why they can't.

    Raises GraderFault where a test offers a kind that there is not
    """
    return tuple(map(_picture_of, offers[:MOST]))


def _picture_of(offer: Offer) -> Picture:
    make = KINDS.get(offer.kind)
    if make is None:
        code = getattr(offer.values, "__code__", None)
        raise GraderFault(
            f"{code.co_filename}:{code.co_firstlineno}" if code else offer.kind,
            f"the test itself broke: no picture is called {offer.kind!r}",
            f"offer one of {', '.join(KINDS)}",
        )
    try:
        return make(**offer.values())
    except GraderFault:
        raise
    except _Undrawable as error:
        why = str(error)
    except (StudentFault, CheckFailedError) as error:
        why = error.coarse
    except Exception:  # noqa: BLE001 what came from a worker breaks in any way
        why = "what came back is nothing that can be drawn"
    return LeftOut(kind=offer.kind, why=why)


def first_layer(*, of: str, image: Any, kernels: Any, maps: Any) -> FirstLayer:
    """Make the picture of a first convolution.

    image : (H, W); kernels : (C, C_in, KH, KW), shown as their mean over C_in;
    maps : (C, H', W')
    """
    pixels = _numbers(image, "the pixels", 2)
    weights = _numbers(kernels, "the kernels", 4).mean(axis=1)
    responses = _numbers(maps, "the feature maps", 3)
    if len(weights) != len(responses):
        raise _Undrawable("there is not one feature map for every kernel")
    return FirstLayer(
        of=of,
        image=raster(pixels),
        kernels=tuple(map(raster, weights[:SHOWN])),
        maps=tuple(map(raster, responses[:SHOWN])),
        total=len(weights),
    )


def training(*, losses: Any, accuracy: Any, reference: Any = None) -> Training:
    """Make the picture of a training.

    losses : (epochs,); reference : (seeds, 1 + epochs), accuracy and losses of other
        trainings, to stand beside it
    """
    given = _numbers(losses, "the losses", 1)
    rows: tuple[tuple[float, ...], ...] = ()
    if reference is not None:
        table = _numbers(reference, "the reference's table", 2)
        if len(given) != table.shape[1] - 1:
            raise _Undrawable("there is not one loss for every epoch")
        rows = tuple(tuple(map(float, row)) for row in table)
    return Training(
        losses=tuple(map(float, given)),
        accuracy=float(_numbers(accuracy, "the accuracy", 0)),
        reference=rows,
    )


def confusion(*, of: str, logits: Any, labels: Any) -> Confusion:
    """Count what the images were taken for.

    logits : (N, 10); labels : (N,), which no worker has seen
    """
    scores, classes = _numbers(logits, "the logits", 2), np.asarray(labels)
    if scores.shape != (len(classes), len(CLASSES)):
        raise _Undrawable("the logits have another shape than asked for")
    counts = np.zeros((len(CLASSES), len(CLASSES)), int)
    np.add.at(counts, (classes, scores.argmax(axis=1)), 1)
    rows = tuple(tuple(map(int, row)) for row in counts)
    return Confusion(of=of, classes=CLASSES, counts=rows)


def gradient_norms(*, depths: Sequence[int], norms: Mapping[str, Any]) -> GradientNorms:
    """Make the picture of the gradient by depth.

    norms : ``plain`` and ``shortcut``, each a number for every depth
    """
    plain, shortcut = (
        _numbers(norms[way], "the gradient's norms", 1) for way in ("plain", "shortcut")
    )
    if not len(depths) == len(plain) == len(shortcut):
        raise _Undrawable("there is not one norm for every depth")
    return GradientNorms(
        depths=tuple(depths),
        plain=tuple(map(float, np.abs(plain))),
        shortcut=tuple(map(float, np.abs(shortcut))),
    )


def among_lecture(
    *, of: str, parameters: Any, logits: Any, labels: Any, networks: Sequence[Any]
) -> AmongLecture:
    """Count where a network errs, and where the lecture's networks say the same.

    parameters : how many the network has; what a worker says may be anything
    logits : (N, 10); labels : (N,), which no worker has seen
    networks : as `Secrets.lecture_networks` returns them, for the same N images
    """
    scores, classes = _numbers(logits, "the logits", 2), np.asarray(labels)
    if scores.shape != (len(classes), len(CLASSES)):
        raise _Undrawable("the logits have another shape than asked for")
    size = float(_numbers(parameters, "the parameters", 0))
    if not 1 <= size <= MOST_PARAMETERS:
        raise _Undrawable("there is no network of so many parameters")
    said = scores.argmax(axis=1)

    def by_class(which: npt.NDArray[np.bool_]) -> tuple[int, ...]:
        counts = np.bincount(classes[which], minlength=len(CLASSES))
        return tuple(map(int, counts))

    wrong = said != classes
    return AmongLecture(
        of=of,
        parameters=int(size),
        classes=CLASSES,
        images=by_class(np.ones(len(classes), bool)),
        wrong=by_class(wrong),
        peers=tuple(
            Peer(
                name=network.network,
                parameters=network.parameters,
                accuracy=network.test_accuracy,
                alike=by_class(said == theirs),
                same_mistakes=int(np.sum(wrong & (said == theirs))),
            )
            for network, theirs in networks
        ),
    )


KINDS: dict[str, Callable[..., Picture]] = {
    "first layer": first_layer,
    "training": training,
    "confusion": confusion,
    "gradient norm": gradient_norms,
    "among the lecture's": among_lecture,
}
"""What makes each kind of picture of an offer's values."""


def raster(values: Array) -> Raster:
    """Keep an image in 256 steps and at most `SIDE` pixels a side.

    values : (H, W), finite
    """
    step = -(-max(values.shape) // SIDE)
    thinned = values[::step, ::step]
    low, high = float(thinned.min()), float(thinned.max())
    steps = (thinned - low) / ((high - low) or 1.0) * 255
    return Raster(
        rows=len(thinned),
        columns=thinned.shape[1],
        low=low,
        high=high,
        cells=np.round(steps).astype(np.uint8).tobytes(),
    )


def _numbers(values: Any, what: str, axes: int) -> Array:
    """Return finite real numbers of so many axes, bounded to what can be drawn.

    what : their name in messages
    Raises _Undrawable
    """
    try:
        array = np.asarray(values)
    except (ValueError, OverflowError):
        raise _Undrawable(f"{what} are no array") from None
    if array.dtype.kind not in "biuf":
        raise _Undrawable(f"{what} are no real numbers")
    most = (MOST_CHANNELS, *[MOST_PIXELS] * 3)
    large = any(n > m for n, m in zip(array.shape, most, strict=False))
    if array.ndim != axes or not array.size or large:
        raise _Undrawable(f"{what} have another shape than asked for")
    if not np.isfinite(array).all():
        raise _Undrawable(f"{what} have nan or inf in them")
    return np.clip(array.astype(np.float64), -LARGEST, LARGEST)
