from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from checks import CheckFailedError
from checks.layers import (
    fresh_output,
    layer_rows,
    parameter_shapes,
    with_weights,
)
from checks.transplant import compare_networks, small_images, weights_of_copies
from torch import nn


class Block(nn.Module):
    def __init__(self, *, first: bool = False, eps: float = 1e-5) -> None:
        super().__init__()
        self.first = first
        self.short = nn.Sequential(nn.Conv2d(3, 4, 1, bias=False), nn.BatchNorm2d(4))
        self.body = nn.Sequential(
            *(nn.Conv2d(3, 4, 3, 1, 1, bias=False), nn.BatchNorm2d(4, eps=eps)),
            *(nn.ReLU(), nn.Conv2d(4, 4, 3, 1, 1, bias=False), nn.BatchNorm2d(4)),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        parts = [self.short, self.body] if self.first else [self.body, self.short]
        a, b = (part(x) for part in parts)
        return torch.relu(a + b)


def compare(build: Callable[..., Any], other: Callable[..., Any] = Block) -> None:
    rng = np.random.default_rng(0)
    compare_networks(build, other, [], small_images(rng, 2, 3, 6, 5), rng)


def test_another_order_of_running_is_the_same_network() -> None:
    compare(lambda: Block(first=True))


def test_a_wrong_epsilon_shows() -> None:
    with pytest.raises(CheckFailedError, match="in eval mode"):
        compare(lambda: Block(eps=1e-3))


def test_what_is_too_many_is_told_in_words() -> None:
    class More(Block):
        def __init__(self) -> None:
            super().__init__()
            self.short.append(nn.Conv2d(4, 4, 1))

    with pytest.raises(
        CheckFailedError, match=r"1 linear layer .or 1x1 convolution. 4 → 4 too many"
    ):
        compare(More)


def test_what_is_missing_is_told_in_words() -> None:
    class Less(Block):
        def __init__(self) -> None:
            super().__init__()
            self.short = nn.Sequential(nn.Conv2d(3, 4, 1))

    with pytest.raises(
        CheckFailedError, match="lacks 1 batch normalisation over 4 channels"
    ):
        compare(Less)


def test_a_layer_that_runs_twice_is_told() -> None:
    class Twice(Block):
        def __init__(self) -> None:
            super().__init__()
            self.body[4] = self.body[1]

    with pytest.raises(CheckFailedError, match="runs 2 times"):
        compare(Twice)


def test_a_bare_parameter_is_told() -> None:
    class Bare(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.w = nn.Parameter(torch.zeros(4, 3, 1, 1))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return nn.functional.conv2d(x, self.w)

    with pytest.raises(CheckFailedError, match=r"bare nn\.Parameter w"):
        compare(Bare)


def test_a_linear_layer_and_a_convolution_of_one_pixel_are_one() -> None:
    def linear() -> nn.Module:
        return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(3, 2))

    def convolution() -> nn.Module:
        return nn.Sequential(nn.Conv2d(3, 2, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten())

    compare(convolution, linear)


@pytest.mark.parametrize(
    ("forward", "words"),
    [
        (lambda x: (x, x), "returned is a tuple, it should be a tensor"),
        (lambda _: None, "None, it should be a tensor: is the `return` missing"),
        (lambda x: x.half(), "half precision"),
        (lambda x: x * float("nan"), "has nan"),
    ],
)
def test_what_is_no_tensor_of_numbers_is_told(
    forward: Callable[[Any], Any], words: str
) -> None:
    class Odd(nn.Module):
        def forward(self, x: torch.Tensor) -> Any:
            return forward(x)

    with pytest.raises(CheckFailedError, match=words):
        layer_rows(Odd, [], (1, 2, 3, 3))


def test_a_network_of_millions_of_parameters_is_told() -> None:
    with pytest.raises(CheckFailedError, match="9,006,001 parameters"):
        layer_rows(lambda: nn.Linear(3000, 3001), [], (1, 3000))


def test_of_random_weights_only_what_all_have_in_common_is_an_answer() -> None:
    def facts(build: Callable[..., Any]) -> dict[str, Any]:
        x = np.random.default_rng(1).normal(size=(4, 3, 5, 5))
        out = fresh_output(build, [], x)
        found: dict[str, Any] = fresh_output.compared(out, build, [], x)  # type: ignore[attr-defined]
        return found

    def made(*layers: type[nn.Module]) -> Callable[[], nn.Module]:
        def build() -> nn.Module:
            torch.rand(len(layers))  # another order of making draws other weights
            flat = nn.Sequential(nn.Flatten(), nn.Linear(75, 6))
            return flat.extend(
                kind(dim=1) if kind in SOFTMAX else kind() for kind in layers
            )

        return build

    assert facts(made()) == facts(made(nn.Identity))
    assert facts(nn.Identity)["the input"]
    assert not facts(made())["the input"]
    assert facts(made(nn.Softmax))["probabilities"]
    assert facts(made(nn.LogSoftmax))["their logarithms"]
    assert facts(made(nn.ReLU)) == {
        **facts(made()),
        "some 0": True,
        "below 0": False,
    }
    assert facts(made(nn.ReLU, nn.Softmax))["shape"] == [4, 6]


SOFTMAX = (nn.Softmax, nn.LogSoftmax)


def test_a_lazy_layer_is_the_layer_that_it_becomes() -> None:
    compare(lambda: nn.Sequential(nn.LazyConv2d(2, 3)), lambda: nn.Conv2d(3, 2, 3))


def test_a_convolution_of_one_pixel_may_say_that_it_keeps_the_size() -> None:
    compare(lambda: nn.Conv2d(3, 2, 1, padding="same"), lambda: nn.Conv2d(3, 2, 1))


class Plain(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, 1, 1, bias=False)
        self.norm = nn.BatchNorm2d(4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(self.norm(self.conv(x)))


def test_layers_that_only_fix_arguments_are_the_layers_they_come_from() -> None:
    class Conv3x3(nn.Conv2d):
        def __init__(self, c_in: int, c_out: int) -> None:
            super().__init__(c_in, c_out, 3, padding=1, bias=False)

    class Norm(nn.BatchNorm2d):
        pass

    compare(lambda: nn.Sequential(Conv3x3(3, 4), Norm(4), nn.ReLU()), Plain)


def test_a_derived_layer_may_hold_another_layer() -> None:
    class ConvNorm(nn.Conv2d):
        def __init__(self) -> None:
            super().__init__(3, 4, 3, 1, 1, bias=False)
            self.norm = nn.BatchNorm2d(4)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.relu(self.norm(super().forward(x)))

    compare(ConvNorm, Plain)


def test_a_derived_layer_that_learns_more_holds_a_bare_parameter() -> None:
    class Scaled(nn.Conv2d):
        def __init__(self) -> None:
            super().__init__(3, 4, 3, 1, 1)
            self.scale = nn.Parameter(torch.ones(()))

    with pytest.raises(CheckFailedError, match=r"bare nn\.Parameter scale"):
        compare(Scaled, lambda: nn.Conv2d(3, 4, 3, 1, 1))


@pytest.mark.parametrize(
    "forward",
    [
        lambda self, x: torch.relu(self.norm.forward(self.conv.forward(x))),
        lambda self, x: torch.relu(
            self.norm(nn.functional.conv2d(x, self.conv.weight, padding=1))
        ),
        lambda self, x: torch.relu(self.norm(self.conv(x.float()))),
        lambda self, x: torch.relu(self.norm(self.conv(x.to(dtype=torch.float32)))),
        lambda self, x: torch.relu(self.norm(self.conv(input=x))),
    ],
    ids=["forward", "functional", "float", "to float32", "by name"],
)
def test_it_does_not_matter_how_a_layer_is_called(
    forward: Callable[[Any, torch.Tensor], torch.Tensor],
) -> None:
    class Called(Plain):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return forward(self, x)

    compare(Called, Plain)


def test_a_layer_may_run_twice_where_that_changes_nothing() -> None:
    class Twice(nn.Conv2d):
        def __init__(self) -> None:
            super().__init__(3, 4, 3)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return (super().forward(x) + super().forward(x)) / 2

    compare(Twice, lambda: nn.Conv2d(3, 4, 3))


def test_layers_that_pytorch_does_not_find_are_told() -> None:
    class Listed(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layers = [nn.Conv2d(3, 4, 3)]

        def forward(self, x: torch.Tensor) -> Any:
            return self.layers[0](x)

    class Anew(nn.Module):
        def forward(self, x: torch.Tensor) -> Any:
            return nn.Conv2d(3, 4, 3)(x)

    for wrong in (Listed, Anew):
        with pytest.raises(CheckFailedError, match="in a Python list"):
            compare(wrong, lambda: nn.Conv2d(3, 4, 3))
        with pytest.raises(CheckFailedError, match="or made anew in forward"):
            parameter_shapes(wrong, [], (1, 3, 5, 5))


def test_convolutions_that_copy_leave_shifts_and_relus_alone() -> None:
    class Shifted(nn.Sequential):
        def __init__(self) -> None:
            super().__init__(
                *(nn.Conv2d(2, 4, 3, 1, 1, bias=False), nn.BatchNorm2d(4)),
                *(nn.ReLU(), nn.Conv2d(4, 3, 1, bias=False), nn.BatchNorm2d(3)),
            )

    x = np.array([[[[3.0]], [[-0.25]]]])
    rows = layer_rows(Shifted, [], x.shape)
    weights = weights_of_copies(rows, [1, 5])
    got = with_weights(Shifted, [], weights, list(range(len(rows))), x)
    # 3, -0.25, 3, -0.25; then 4, -1.25, 4, -1.25; after the ReLU the first three shift.
    assert got["output"].ravel().tolist() == pytest.approx([9, -5, 9])
