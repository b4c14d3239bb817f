"""One code for CPU and GPU: what a GPU would do runs here, and nothing waits for it.

A tensor on PyTorch's `meta` device has a shape and no numbers: to ask it for one is an
error. So what runs there asks a GPU for nothing either.
"""

import ast
from pathlib import Path

import pytest
import torch
from torch import nn

import autograder
import bright_rows
from autograder.authoring.lecture_networks import ARCHITECTURES
from autograder.authoring.training import depth, lecture
from autograder.authoring.training.depth import DepthOrder, epoch_sums
from autograder.authoring.training.experiment import Parts, answers, norms
from autograder.authoring.training.lecture import LectureOrder, built, layers_of, learn
from autograder.authoring.training.loop import _Run
from autograder.authoring.training.place import Place
from autograder.authoring.training.recipes import RECIPES
from autograder.authoring.training.shown import Shown, batches
from autograder.errors import StaffError

pytestmark = pytest.mark.torch

COURSE = Path(autograder.__file__).parents[1]
TRAINING = COURSE / "autograder" / "authoring" / "training"
NOWHERE = Place(torch.device("meta"))
CPU = Place(torch.device("cpu"))
LIKE_A_GPU = Place(torch.device("cpu"), quick=True)


def unseen(count: int) -> Shown:
    """Return images of which there is no number."""
    return Shown(
        pixels=torch.empty(count, 1, 28, 28, device="meta"),
        labels=torch.empty(count, dtype=torch.int64, device="meta"),
    )


def made(count: int, seed: int) -> Shown:
    return Shown.of(bright_rows.images(count, seed), torch.device("cpu"))


def draw() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def test_a_device_without_numbers_says_so_when_it_is_asked_for_one() -> None:
    with pytest.raises(RuntimeError, match="item"):
        torch.zeros((), device="meta").item()


@pytest.mark.parametrize("name", RECIPES)
def test_an_epoch_of_a_reference_model_asks_the_device_for_no_number(name: str) -> None:
    recipe = RECIPES[name]
    model = NOWHERE.put(recipe.build(COURSE))
    run = _Run(recipe, model, steps=6)
    forward, shown = NOWHERE.compiled(model), batches(unseen(24), 8, draw())
    total = run.epoch(forward, shown, NOWHERE)
    assert (total.device.type, total.shape) == ("meta", ())
    assert all(value.device.type == "meta" for value in run.average.values())


@pytest.mark.parametrize("kind", depth.KINDS)
def test_an_epoch_of_the_depth_experiment_asks_the_device_for_no_number(
    kind: str,
) -> None:
    model = NOWHERE.put(depth.network(COURSE, kind, 18))  # 110 layers
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    shown = batches(unseen(16), 8, draw())
    sums = epoch_sums(model, optimizer, shown, NOWHERE)
    assert [value.device.type for value in sums] == ["meta", "meta"]
    assert norms(model, nn.Conv2d).device.type == "meta"


@pytest.mark.parametrize("name", lecture.NETWORKS)
def test_the_lectures_networks_are_trained_and_ask_the_device_for_no_number(
    name: str,
) -> None:
    model = NOWHERE.put(built(name))
    image = ARCHITECTURES[name].image
    learned = learn(model, image, unseen(32), NOWHERE, steps=3, batch=16)
    assert learned.losses.shape == (3,)
    assert learned.gradients.shape == (count_of_weights(name),)
    assert {learned.losses.device.type, learned.gradients.device.type} == {"meta"}


def count_of_weights(name: str) -> int:
    def layers(items: list[dict[str, object]]) -> int:
        total = 0
        for item in items:
            total += item["type"] in {"conv", "linear"}
            for value in item.values():
                if isinstance(value, list) and value:
                    paths = value if isinstance(value[0], list) else [value]
                    total += sum(layers(path) for path in paths)
        return total

    return layers(layers_of(name))


@pytest.fixture
def few_images(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = Parts(train=made(48, 0), validation=made(10, 1), test=made(10, 2))
    monkeypatch.setattr(Parts, "read", lambda *_: parts)


@pytest.mark.usefixtures("few_images")
def test_what_a_gpu_does_with_the_depth_experiment_is_the_same_but_coarser(
    tmp_path: Path,
) -> None:
    def runs(place: Place, name: str) -> list[list[float]]:
        order = DepthOrder(
            course=COURSE,
            out=tmp_path / name,
            place=place,
            depths=(8,),
            seeds=1,
            epochs=1,
            images=16,
        )
        made = depth.run_depth(order, lambda *_: None)
        return [[epoch.training_loss for epoch in run.history] for run in made]

    exact, quick = runs(CPU, "exact"), runs(LIKE_A_GPU, "quick")
    assert exact != quick
    for slow, fast in zip(exact, quick, strict=True):
        assert fast == pytest.approx(slow, rel=0.05)


@pytest.mark.usefixtures("few_images")
def test_what_a_gpu_does_with_a_network_of_the_lecture_is_the_same_but_coarser(
    tmp_path: Path,
) -> None:
    def loss(place: Place, name: str) -> float:
        order = LectureOrder(
            course=COURSE,
            out=tmp_path / name,
            place=place,
            networks=("LeNet-5",),
            seen=96,
        )
        (run,) = lecture.run_lecture(order, lambda *_: None)
        return run.losses[-1][1]

    exact, quick = loss(CPU, "exact"), loss(LIKE_A_GPU, "quick")
    assert exact != quick
    assert quick == pytest.approx(exact, rel=0.02)


def test_answers_are_computed_as_coarsely_as_is_quick_and_given_in_float32() -> None:
    model = depth.network(COURSE, "residual", 1)
    images = made(6, 0).pixels
    exact, quick = (answers(model, images, place) for place in (CPU, LIKE_A_GPU))
    assert exact.dtype == quick.dtype == torch.float32
    assert not torch.equal(exact, quick)
    assert torch.allclose(exact, quick, atol=0.05 * float(exact.abs().max()))


def test_the_kind_of_device_is_asked_in_one_place() -> None:
    asking = set()
    for path in TRAINING.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = isinstance(node, ast.Attribute) and node.attr == "cuda"
            says = isinstance(node, ast.Constant) and node.value == "cuda"
            if names or says:
                asking.add(path.name)
    assert asking == {"place.py"}


class Gpu:
    """Stands for `torch.cuda` where there is no GPU."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, there: bool) -> None:
        self.watched = 0
        named = {
            "is_available": lambda: there,
            "get_device_name": lambda _: "NVIDIA H100",
            "max_memory_allocated": lambda _: 1916 * 2**20 + 7,
            "reset_peak_memory_stats": self.watch,
        }
        for name, value in named.items():
            monkeypatch.setattr(torch.cuda, name, value)

    def watch(self, _: torch.device) -> None:
        self.watched += 1


def test_a_gpu_is_taken_where_there_is_one_and_used_quickly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gpu = Gpu(monkeypatch, there=True)
    place = Place.chosen("auto")
    assert place == Place.chosen("cuda") == Place(torch.device("cuda"), quick=True)
    assert place.name == "NVIDIA H100"
    place.watch_memory()
    assert gpu.watched == 1
    assert place.most_memory_mib() == 1916
    assert Place.chosen("cpu") == CPU


def test_a_gpu_compiles_with_pytorchs_own_compiler_and_a_cpu_needs_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []
    monkeypatch.setattr(torch, "compile", lambda _, backend: asked.append(backend))
    model = nn.Identity()
    Place(torch.device("cuda"), quick=True).compiled(model)
    LIKE_A_GPU.compiled(model)
    assert asked == ["inductor", "eager"]
    assert CPU.compiled(model) is model


def test_a_cpu_has_no_memory_of_a_gpu_to_tell_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gpu = Gpu(monkeypatch, there=False)
    place = Place.chosen("auto")
    place.watch_memory()
    assert (place, gpu.watched, place.most_memory_mib()) == (CPU, 0, None)
    assert place.name == f"CPU, {torch.get_num_threads()} threads"
    with pytest.raises(StaffError, match="no CUDA GPU here"):
        Place.chosen("cuda")


def test_a_model_is_put_with_its_channels_last() -> None:
    model = CPU.put(nn.Conv2d(3, 4, 3))
    weight = model.get_parameter("weight")
    assert weight.is_contiguous(memory_format=torch.channels_last)
