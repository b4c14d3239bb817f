"""Reference models and held-out images: what only the trusted process may read.

Weights go into a worker as the arguments of a question that asks for a forward or
backward pass with them. Labels of held-out images never do.
"""

import hashlib
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
from checks import fashion_mnist
from safetensors import SafetensorError, safe_open
from safetensors.numpy import load_file, save

from autograder.atomic import write_atomically
from autograder.errors import AuthoringError

Array = npt.NDArray[Any]

HELD_OUT_SHA256 = "a485ce8e5b4ec28434cfdeaadc900dd440d14ce801ec92764b2119b769934668"
"""Of the held-out images' bytes, then their labels'."""


LENET5 = "lenet5"
"""The reference model that stands for LeNet-5 among the lecture's networks."""


class LectureNetwork(msgspec.Struct, frozen=True, kw_only=True):
    """One of the lecture's networks as ``autograder train`` left it.

    test_accuracy : of all 10,000 test images; like `parameters`, it stands in the
        handout of a2
    """

    network: str
    parameters: int
    test_accuracy: float


@dataclass(frozen=True, slots=True)
class Secrets:
    """What a hidden case may ask for beside the reference, by its parameter's name.

    solutions : the course's ``solutions/``
    """

    solutions: Path

    def environment(self) -> dict[str, Callable[..., Any]]:
        """Return the functions that hidden cases can take, by name."""
        return {
            "trained": self.trained,
            "held_out": self.held_out,
            "held_out_logits": self.held_out_logits,
            "lecture_networks": self.lecture_networks,
        }

    def trained(self, name: str) -> dict[str, Array]:
        """Return the weights of a reference model as its state dict's arrays.

        name : the folder in ``solutions/models``
        Raises AuthoringError where there is none
        """
        return dict(_weights(self.solutions / "models" / name / "weights.safetensors"))

    def held_out(self) -> tuple[Array, Array]:
        """Return (1000, 28, 28) uint8 images of Fashion-MNIST and their (1000,) labels.

        Raises AuthoringError where they are not there
        """
        images, labels = _images(self.solutions / "data" / "held_out.npz")
        return images.copy(), labels.astype(int)

    def held_out_logits(self, name: str) -> Array:
        """Return the (1000, 10) logits that a reference model gives for these images.

        They lie beside its weights, since no submission changes them.
        Raises AuthoringError where they are not there, or of other weights or images
        """
        return _logits(self.solutions / "models" / name).copy()

    def lecture_networks(self) -> list[tuple[LectureNetwork, Array]]:
        """Return the lecture's networks, and what each says of the held-out images.

        That is (1000,), the class of the largest logit. LeNet-5 is a reference model,
        the others are those of the experiment
        Raises AuthoringError where their files are not there
        """
        lenet5 = self.solutions / "models" / LENET5
        large = _lecture(self.solutions / "experiments" / "lecture")
        smallest = (_lenet5(lenet5), _logits(lenet5).argmax(axis=1))
        return [(network, said.copy()) for network, said in (smallest, *large)]


PARAMETERS = frozenset(Secrets(Path()).environment())
"""Names that a hidden case may take beside ``reference``."""


@lru_cache(maxsize=8)
def _weights(path: Path) -> dict[str, Array]:
    try:
        return load_file(path)
    except (OSError, SafetensorError) as error:
        raise AuthoringError(path, f"no weights: {error}", "run: make train") from error


def write_logits(folder: Path, logits: Array) -> Path:
    """Write what a model gives for the held-out images beside its weights.

    folder : of the model; logits : (1000, 10)
    """
    path = folder / "logits.safetensors"
    write_atomically(path, save({"logits": logits}, metadata=_made_of(folder)))
    return path


def _made_of(folder: Path) -> dict[str, str]:
    weights = (folder / "weights.safetensors").read_bytes()
    return {"weights": hashlib.sha256(weights).hexdigest(), "images": HELD_OUT_SHA256}


@lru_cache(maxsize=8)
def _logits(folder: Path) -> Array:
    path = folder / "logits.safetensors"
    way_out = f"run: autograder train {folder.name} --logits"
    try:
        with safe_open(path, framework="numpy") as file:
            made_of = file.metadata()
            logits: Array = file.get_tensor("logits")
        fits = made_of == _made_of(folder)
    except (OSError, SafetensorError) as error:
        raise AuthoringError(path, f"no logits: {error}", way_out) from error
    if not fits:
        raise AuthoringError(path, "logits of other weights or other images", way_out)
    return logits


@lru_cache(maxsize=1)
def _images(path: Path) -> tuple[Array, Array]:
    try:
        return fashion_mnist.read(path, HELD_OUT_SHA256, "Run: make train.")
    except fashion_mnist.DamagedDataError as error:
        raise AuthoringError(path, f"no held-out images: {error}") from error


class _Metrics(msgspec.Struct, frozen=True):
    """What is read here of a reference model's numbers."""

    parameters: int
    test_accuracy: float


@lru_cache(maxsize=1)
def _lenet5(folder: Path) -> LectureNetwork:
    path = folder / "metrics.json"
    try:
        found = msgspec.json.decode(path.read_bytes(), type=_Metrics)
    except (OSError, msgspec.MsgspecError) as error:
        way_out = f"run: autograder train {LENET5}"
        raise AuthoringError(path, f"no numbers: {error}", way_out) from error
    return LectureNetwork(
        network="LeNet-5",
        parameters=found.parameters,
        test_accuracy=found.test_accuracy,
    )


@lru_cache(maxsize=1)
def _lecture(folder: Path) -> tuple[tuple[LectureNetwork, Array], ...]:
    table, logits = folder / "networks.json", folder / "logits.npz"
    way_out = "run: autograder train lecture"
    try:
        networks = msgspec.json.decode(table.read_bytes(), type=list[LectureNetwork])
    except (OSError, msgspec.MsgspecError) as error:
        raise AuthoringError(table, f"no networks: {error}", way_out) from error
    try:
        with np.load(logits, allow_pickle=False) as kept:
            said = {name: kept[name].argmax(axis=1) for name in kept.files}
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise AuthoringError(logits, f"no logits: {error}", way_out) from error
    missing = [one.network for one in networks if one.network not in said]
    if missing:
        told = f"no logits of {', '.join(missing)}"
        raise AuthoringError(logits, told, way_out)
    return tuple((one, said[one.network]) for one in networks)
