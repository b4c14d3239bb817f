"""The handouts' figures of trainings are what their scripts draw of the kept runs."""

import importlib.util
import io
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import matplotlib as mpl
import matplotlib.image
import numpy as np
import pytest
from matplotlib.figure import Figure

import autograder
from autograder.authoring.training import depth
from autograder.authoring.training.depth import DepthRun
from autograder.authoring.training.experiment import keep, kept

pytestmark = pytest.mark.torch

COURSE = Path(autograder.__file__).parents[1]
ALIKE = 0.001
"""Mean difference of a pixel, of 1: another matplotlib may draw a letter otherwise."""


def script(assignment: str) -> ModuleType:
    path = COURSE / "docs" / "figures" / f"{assignment}_figures.py"
    spec = importlib.util.spec_from_file_location(f"{assignment}_figures", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def difference(draw: Callable[[], Figure], assignment: str) -> float:
    """Return how far a handout's figure is from what is drawn, pixel by pixel."""
    with mpl.rc_context({"font.family": "DejaVu Sans", "font.size": 9}):
        drawn = io.BytesIO()
        draw().savefig(drawn, dpi=150, bbox_inches="tight", facecolor="white")
    drawn.seek(0)
    (folder,) = (COURSE / "assignments").glob(f"{assignment}_*")
    there = matplotlib.image.imread(folder / "figures" / f"{draw.__name__}.png")
    here = matplotlib.image.imread(drawn)
    if there.shape != here.shape:
        return 1.0
    return float(np.abs(there - here).mean())


@pytest.mark.parametrize(("assignment", "figure"), [("a2", "trained"), ("a5", "depth")])
def test_a_figure_is_what_its_script_draws_of_the_kept_runs(
    assignment: str, figure: str
) -> None:
    draw = getattr(script(assignment), figure)
    assert difference(draw, assignment) < ALIKE, "run: make figures"


def test_a_figure_of_other_runs_would_be_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing = script("a5")
    table = tmp_path / "solutions" / "experiments" / "depth" / depth.TABLE
    runs = kept(COURSE / "solutions" / "experiments" / "depth" / depth.TABLE, DepthRun)
    keep(table, [run for run in runs if run.depth != 56])
    monkeypatch.setattr(drawing, "COURSE", tmp_path)
    assert difference(drawing.depth, "a5") > ALIKE


def test_what_maintainers_are_told_of_the_reference_models_is_on_their_cards() -> None:
    text = (COURSE / "docs" / "maintainers.md").read_text("utf-8")
    flowing = " ".join(text.split())
    from_cards = {
        name: (COURSE / "solutions" / "models" / name / "card.md").read_text("utf-8")
        for name in ("small_cnn", "resnet", "lenet5")
    }
    for name, before in (("small_cnn", " %"), ("resnet", ""), ("lenet5", "")):
        accuracy = from_cards[name].partition("**")[2].partition(" %")[0]
        assert f"`{name}` {accuracy}{before} " in flowing
        assert "NVIDIA H100 80GB HBM3" in from_cards[name]
