"""The lecture's networks run, cost what is published, and are what others built.

The independent implementation is pytorchcv's. Of its two kinds of ResNet-50 ours is the
one it calls ``resnet50b``, with the stride in the bottleneck's 3x3; ``resnet50`` has it
in the first 1x1, as in the paper.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from checks import architectures as nets
from pytorchcv.models import alexnet, resnet, vgg
from torch import nn

from autograder.authoring.lecture_networks import ARCHITECTURES, network, steps
from published import PUBLISHED

pytestmark = pytest.mark.torch


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Two threads wait for one another at every small layer of a busy machine."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def test_every_network_has_published_numbers() -> None:
    assert set(ARCHITECTURES) == set(PUBLISHED)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_network_learns_and_costs_what_is_published(name: str) -> None:
    known = ARCHITECTURES[name]
    walked = list(steps(known.layers(), known.image))
    parameters = sum(step.parameters for step in walked)
    macs = sum(step.macs for step in walked)
    assert (parameters, macs) == PUBLISHED[name][:2]
    whole = network(known.layers(), known.image, "meta")
    assert sum(p.numel() for p in whole.parameters()) == parameters


DEPTHS = {"LeNet-5": 5, "AlexNet": 8, "GoogLeNet": 22}
"""As their papers say; the others have it in their names."""


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_network_is_as_deep_as_its_name_says(name: str) -> None:
    known = ARCHITECTURES[name]
    *_, last = steps(known.layers(), known.image)
    family, _, _ = name.partition(",")
    assert last.depth == (DEPTHS.get(family) or int(name.partition("-")[2]))


def test_stages_of_googlenet_have_the_shapes_of_its_paper() -> None:
    known = ARCHITECTURES["GoogLeNet"]
    shapes = [
        step.shape for step in steps(known.layers(), known.image) if step.kind != "relu"
    ]
    # Szegedy et al. (2014), table 1, column "output size".
    assert shapes == [
        *((64, 112, 112), (64, 56, 56), (64, 56, 56), (192, 56, 56), (192, 28, 28)),
        *((256, 28, 28), (480, 28, 28), (480, 14, 14)),
        *((512, 14, 14), (512, 14, 14), (512, 14, 14), (528, 14, 14), (832, 14, 14)),
        *((832, 7, 7), (832, 7, 7), (1024, 7, 7), (1024, 1, 1), (1024,), (1000,)),
    ]


SMALLEST = {"LeNet-5": 28, "AlexNet": 67, "VGG": 32}
"""Sides of images that go through all layers; linear layers are sized to them."""


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_network_runs_forward_and_backward(name: str) -> None:
    known = ARCHITECTURES[name]
    side = next((n for family, n in SMALLEST.items() if name.startswith(family)), 40)
    shape = (known.image[0], side, side)
    torch.manual_seed(0)
    made = network(known.layers(), shape)
    images = torch.randn(2, *shape, requires_grad=True)
    logits = made(images)
    assert logits.shape == (2, 10 if name == "LeNet-5" else 1000)
    (logits * torch.randn(logits.shape)).sum().backward()
    gradients = {"images": images.grad}
    gradients |= {n: p.grad for n, p in made.named_parameters()}
    reached = {n for n, g in gradients.items() if g is not None and bool(g.any())}
    assert set(gradients) - reached == set()
    assert all(bool(g.isfinite().all()) for g in gradients.values() if g is not None)


def leaves(made: Any, image: torch.Tensor) -> Iterator[Any]:
    """Yield the layers that learn, in the order in which they run."""
    ran: list[nn.Module] = []
    handles = [
        leaf.register_forward_hook(lambda leaf, *_: ran.append(leaf))
        for leaf in made.modules()
        if next(leaf.parameters(recurse=False), None) is not None
    ]
    with torch.no_grad():
        made(image)
    for handle in handles:
        handle.remove()
    yield from ran


def draw(leaf: Any, generator: torch.Generator) -> None:
    """Draw a layer's weights so that signals keep their size, statistics included."""
    for name, values in leaf.state_dict().items():
        if name == "num_batches_tracked":
            values.zero_()
        elif values.ndim > 1:
            values.normal_(0, (2 / values[0].numel()) ** 0.5, generator=generator)
        elif name in {"bias", "running_mean"}:
            values.normal_(0, 0.1, generator=generator)
        else:
            values.uniform_(0.5, 1.5, generator=generator)


def two_of_one(name: str, build: Callable[[], Any]) -> tuple[Any, Any]:
    """Return our network and theirs, in float64, sharing random weights.

    Both come without memory first: VGG-16 has 1.1 GB of weights, and one set is enough.
    """
    known = ARCHITECTURES[name]
    with torch.device("meta"):
        theirs = build()
    ours = network(known.layers(), known.image, "meta").double().eval()
    image = torch.empty(1, *known.image, device="meta", dtype=torch.float64)
    theirs = theirs.double().eval()
    pairs = list(zip(leaves(ours, image), leaves(theirs, image), strict=True))
    theirs.to_empty(device="cpu").requires_grad_(requires_grad=False)
    generator = torch.Generator().manual_seed(0)
    for mine, other in pairs:
        assert type(mine) is type(other)
        draw(other, generator)
        mine.load_state_dict(other.state_dict(), assign=True)
    return ours.requires_grad_(requires_grad=False), theirs


def logits_and_gradient(made: Any, side: int) -> list[torch.Tensor]:
    """Return the logits of a random image and its gradient for random logits'."""
    torch.manual_seed(1)
    image = torch.randn(1, 3, side, side, dtype=torch.float64, requires_grad=True)
    logits = made(image)
    logits.backward(torch.randn_like(logits))
    assert image.grad is not None
    return [logits.detach(), image.grad]


def without_lrn() -> Any:
    """Return pytorchcv's AlexNet less its response normalisation, which ours omits."""
    made = alexnet.alexnet(in_size=(227, 227))
    for module in made.modules():
        if isinstance(module, alexnet.AlexConv):
            module.use_lrn = False
    return made


# pytorchcv's ResNets end in a 7x7 average: 193 is the smallest side that leaves 7.
@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "build", "side"),
    [
        ("AlexNet, ungrouped", without_lrn, 227),
        ("VGG-16", vgg.vgg16, 224),
        ("ResNet-18", resnet.resnet18, 193),
        ("ResNet-50", resnet.resnet50b, 193),
    ],
)
def test_network_is_the_function_that_others_built(
    name: str, build: Callable[[], Any], side: int
) -> None:
    ours, theirs = two_of_one(name, build)
    expected = logits_and_gradient(theirs, side)
    assert all(values.std() > 1e-3 for values in expected)
    torch.testing.assert_close(logits_and_gradient(ours, side), expected)


@pytest.mark.slow
def test_a_stride_in_the_first_1x1_makes_another_function() -> None:
    ours, theirs = two_of_one("ResNet-50", resnet.resnet50)
    image = torch.randn(1, 3, 193, 193, dtype=torch.float64)
    assert not torch.allclose(ours(image), theirs(image), rtol=0.1)


def test_paths_become_channels_in_their_order_and_a_shortcut_is_added() -> None:
    layer = nets.residual(
        [nets.branches([nets.conv(1, 1, bias=False)], [nets.conv(1, 1, bias=False)])],
        [nets.conv(2, 1, bias=False)],
    )
    made = network([layer], (1, 2, 3))
    values = {"body.0.paths.0": 10.0, "body.0.paths.1": 20.0, "shortcut": 1.0}
    for place, value in values.items():
        nn.init.constant_(made.get_parameter(f"0.{place}.0.weight"), value)
    out = made(torch.ones(1, 1, 2, 3))
    assert out[0, :, 1, 2].tolist() == [11.0, 21.0]


def test_new_network_is_in_train_mode_with_statistics_that_change_nothing() -> None:
    made = network([nets.conv(3, 1), nets.batch_norm()], (2, 1, 1))
    assert all(module.training for module in made.modules())
    norm = made.get_submodule("1")
    assert isinstance(norm, nn.BatchNorm2d)
    values = [norm.weight, norm.bias, norm.running_mean, norm.running_var]
    assert [v.tolist() for v in values if v is not None] == [
        *([1.0] * 3, [0.0] * 3, [0.0] * 3, [1.0] * 3)
    ]


def test_unknown_layer_is_refused() -> None:
    with pytest.raises(ValueError, match="swish"):
        network([{"type": "swish"}], (1, 2, 2))


def test_layer_that_does_not_fit_is_refused() -> None:
    with pytest.raises(RuntimeError, match="Kernel size can't be greater"):
        network([nets.conv(1, 5)], (1, 4, 9))
