"""What is trained and how: one recipe a reference model."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from torch import nn

from autograder.authoring.lecture_networks import ARCHITECTURES, network
from autograder.course.assignment import module_from
from autograder.course.toml_files import read_text
from autograder.errors import StaffError


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """A model and its training.

    learning_rate : the highest of the one-cycle schedule, with AdamW
    ema : weight of the past in the moving average of the weights, which is what is kept
    purpose : what the trained model is for
    remark : what a reader of the card should know besides
    shown_in : the assignment whose handout shows it, in words or figures
    """

    name: str
    title: str
    build: Callable[[Path], nn.Module]
    purpose: str
    epochs: int
    batch_size: int = 128
    learning_rate: float = 0.01
    weight_decay: float = 0.02
    label_smoothing: float = 0.05
    ema: float = 0.998
    remark: str = ""
    shown_in: str = ""


SEEN_BEFORE = """
An earlier trial of the same settings printed its accuracy on the test images; none was
changed because of it.
"""


def from_reference(course: Path, assignment: str) -> Any:
    """Return an assignment's reference as a module."""
    path = course / "solutions" / assignment / "reference.py"
    return module_from(read_text(path), path)


def _small_cnn(course: Path) -> nn.Module:
    network: nn.Module = from_reference(course, "a4_cnn").SmallCNN()
    return network


def _resnet(course: Path, layers: tuple[int, ...]) -> nn.Module:
    reference = from_reference(course, "a5_resnet")
    network: nn.Module = reference.ResNet(reference.BasicBlock, layers, 10)
    return network


def _lenet5(_course: Path) -> nn.Module:
    lecture = ARCHITECTURES["LeNet-5"]
    return network(lecture.layers(), lecture.image)


RECIPES = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            name="small_cnn",
            title="SmallCNN of a4_cnn",
            build=_small_cnn,
            purpose="loaded into a student's SmallCNN, which then has to give its "
            "logits; drawn in the handout",
            epochs=25,
            learning_rate=0.003,
            weight_decay=0.05,
            remark=SEEN_BEFORE,
            shown_in="a4_cnn",
        ),
        Recipe(
            name="resnet",
            title="ResNet of a5_resnet, one BasicBlock a stage",
            build=partial(_resnet, layers=(1, 1, 1)),
            purpose="loaded into a student's ResNet, which then has to give its logits",
            epochs=24,
            remark=SEEN_BEFORE,
        ),
        Recipe(
            name="lenet5",
            title="LeNet-5 as the lecture draws it, with its sigmoids",
            build=_lenet5,
            purpose="the smallest of the lecture's networks, beside the large ones",
            epochs=25,
            weight_decay=0.01,
            label_smoothing=0.0,
            shown_in="a2_shapes",
        ),
    )
}
OTHER_NAMES = {"a4_cnn": "small_cnn", "a5_resnet": "resnet"}


def recipe_named(name: str) -> Recipe:
    """Return the recipe of a model, or of the assignment that it is for.

    Raises StaffError naming those that there are
    """
    recipe = RECIPES.get(OTHER_NAMES.get(name, name))
    if recipe is None:
        raise StaffError(name, "is no reference model", f"give {', '.join(RECIPES)}")
    return recipe
