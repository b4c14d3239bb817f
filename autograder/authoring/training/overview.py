"""``solutions/models/README.md``: what each reference model is for, and who uses it."""

import re
from pathlib import Path

import msgspec

from autograder.atomic import write_atomically
from autograder.authoring.training.card import Metrics
from autograder.authoring.training.recipes import RECIPES, Recipe
from autograder.authoring.training.seeds import band, runs_of
from autograder.course import folders
from autograder.course.reference_models import LENET5
from autograder.course.toml_files import read_text

_HEAD = """\
# Reference models

Trained once on Fashion-MNIST (Zalando SE, MIT licence). Made by `autograder train`, as
this page is; each card has the settings. After a change of who uses a model,
`autograder train MODEL --logits` writes the page anew in seconds.

| folder | what it is | what it is for | right test images | trained on | used by |
| --- | --- | --- | --: | --- | --- |
"""
_END = """
Two experiments have tables instead of weights:

- [depth](../experiments/depth/card.md) is drawn in the handout of a5_resnet;
- [the lecture's networks](../experiments/lecture/card.md) in that of a2_shapes, and in
  reports of {reports}:
  there a student's network stands among them.
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
    end = _END.format(reports=" and ".join(_named(course, _AMONG)))
    return _HEAD + "".join(rows) + end


_AMONG = re.compile(r"\blecture_networks\(")


def _row(course: Path, recipe: Recipe) -> str:
    folder = course / "solutions" / "models" / recipe.name
    metrics = msgspec.json.decode((folder / "metrics.json").read_bytes(), type=Metrics)
    asks = re.compile(rf"\btrained\(\s*[\"']{re.escape(recipe.name)}[\"']")
    used = _named(course, asks)
    if recipe.name == LENET5:
        used += [f"reports of {question}" for question in _named(course, _AMONG)]
    used += [f"the handout of {recipe.shown_in}"] if recipe.shown_in else []
    runs = runs_of(course, recipe.name)
    over_seeds = f" ({band(runs)})" if runs else ""
    return (
        f"| [{recipe.name}]({recipe.name}/card.md) | {recipe.title} "
        f"| {recipe.purpose} | {100 * metrics.test_accuracy:.2f} %{over_seeds} "
        f"| {metrics.device} | {', '.join(used)} |\n"
    )


def _named(course: Path, asks: re.Pattern[str]) -> list[str]:
    """Return the questions whose hidden cases ask for something, in words."""
    return [
        f"`{path.stem}` of {name}"
        for name in folders.names(course)
        for path in sorted((course / "solutions" / name / "tests").glob("*.py"))
        if asks.search(read_text(path))
    ]
