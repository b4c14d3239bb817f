"""``solutions/models/README.md``: what each reference model is for, and who uses it."""

import re
from pathlib import Path

import msgspec

from autograder.atomic import write_atomically
from autograder.authoring.training.card import Metrics
from autograder.authoring.training.recipes import RECIPES, Recipe
from autograder.course import folders
from autograder.course.toml_files import read_text

_HEAD = """\
# Reference models

Weights for hidden cases, trained on Fashion-MNIST (Zalando SE, MIT licence). Made by
`autograder train`, as this page is; each card has the settings.

| folder | what it is | right test images | trained on | used by |
| --- | --- | --: | --- | --- |
"""
_END = """
Two experiments have tables instead of weights:
[depth](../experiments/depth/card.md) is drawn in the handout of a5_resnet,
[the lecture's networks](../experiments/lecture/card.md) in that of a2_shapes.
"""


def write_overview(course: Path) -> Path:
    """Write the page anew; return where it is."""
    path = course / "solutions" / "models" / "README.md"
    write_atomically(path, overview(course).encode())
    return path


def overview(course: Path) -> str:
    """Return the page: a row for each model that is there."""
    rows = [
        _row(course, recipe)
        for recipe in RECIPES.values()
        if (course / "solutions" / "models" / recipe.name / "metrics.json").exists()
    ]
    return _HEAD + "".join(rows) + _END


def _row(course: Path, recipe: Recipe) -> str:
    path = course / "solutions" / "models" / recipe.name / "metrics.json"
    metrics = msgspec.json.decode(path.read_bytes(), type=Metrics)
    used = [f"`{question}` of {name}" for name, question in users(course, recipe.name)]
    used += [f"the handout of {recipe.shown_in}"] if recipe.shown_in else []
    return (
        f"| [{recipe.name}]({recipe.name}/card.md) | {recipe.title} "
        f"| {100 * metrics.test_accuracy:.2f} % | {metrics.device} "
        f"| {', '.join(used)} |\n"
    )


def users(course: Path, model: str) -> list[tuple[str, str]]:
    """Return the assignments and questions whose hidden cases ask for a model."""
    asks = re.compile(rf"\btrained\(\s*[\"']{re.escape(model)}[\"']")
    return [
        (name, path.stem)
        for name in folders.names(course)
        for path in sorted((course / "solutions" / name / "tests").glob("*.py"))
        if asks.search(read_text(path))
    ]
