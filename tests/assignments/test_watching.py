import functools

import numpy as np
import pytest
import torch
from checks.layers import layer_rows, with_weights
from checks.probing import UNKNOWN
from checks.watching import parts_of
from torch import nn
from torch.nn import functional

WEIGHTS = [{"weight": np.ones((4, 3, 3, 3))}]


class Small(nn.Module):
    """A convolution, and what a subclass does behind it."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, padding=1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.behind(self.conv(x))

    def behind(self, x: torch.Tensor) -> torch.Tensor:
        pooled: torch.Tensor = functional.max_pool2d(functional.relu(x), 2)
        return pooled


class InPlace(Small):
    def behind(self, x: torch.Tensor) -> torch.Tensor:
        pooled: torch.Tensor = nn.MaxPool2d(2)(x)
        relu: torch.Tensor = pooled.relu_().relu()
        return relu


class Averaged(Small):
    def behind(self, x: torch.Tensor) -> torch.Tensor:
        mean: torch.Tensor = nn.AdaptiveAvgPool2d(1)(x + x.relu())
        return mean.flatten(1)


class Odd(Small):
    def behind(self, x: torch.Tensor) -> torch.Tensor:
        return torch.erf(x)


class Dropped(Small):
    def behind(self, x: torch.Tensor) -> torch.Tensor:
        return functional.dropout(super().behind(x), 0.5, self.training)


def parts(build: type[nn.Module]) -> dict[str, object]:
    return parts_of(layer_rows(build, [], (2, 3, 4, 4)))


@pytest.mark.parametrize(
    ("build", "words"),
    [(Small, "max, relu"), (InPlace, "max, relu"), (Dropped, "max, relu")],
)
def test_what_follows_a_layer_is_told_whoever_writes_it(
    build: type[nn.Module], words: str
) -> None:
    assert parts(build)["then conv"] == [words]


def test_what_several_steps_take_is_followed_no_further() -> None:
    assert parts(Averaged)["then conv"] == ["several"]


def test_of_a_step_without_a_word_nothing_is_told() -> None:
    assert parts(Odd)["then conv"] == [UNKNOWN]


def of(*layers: nn.Module) -> dict[str, object]:
    """Return the parts of layers in a row, on images of 8x8."""
    build = functools.partial(nn.Sequential, *layers)
    return parts_of(layer_rows(build, [], (2, 3, 8, 8)))


RIGHT = (nn.Conv2d(3, 4, 3, padding=1), nn.ReLU(), nn.Conv2d(4, 5, 1, bias=False))


@pytest.mark.parametrize(
    ("layers", "changed"),
    [
        ((nn.Conv2d(3, 4, 3, padding="same"), *RIGHT[1:]), set()),
        ((nn.ZeroPad2d(1), nn.Conv2d(3, 4, 3), *RIGHT[1:]), set()),
        ((nn.Conv2d(3, 4, 3), *RIGHT[1:]), {"steps"}),
        ((nn.Conv2d(3, 4, 3, padding=1, stride=2), *RIGHT[1:]), {"steps"}),
        ((nn.Conv2d(3, 4, 5, padding=2), *RIGHT[1:]), {"conv"}),
        ((nn.Conv2d(3, 4, 3, padding=1, bias=False), *RIGHT[1:]), {"biases"}),
        ((RIGHT[0], nn.Tanh(), RIGHT[2]), {"then conv"}),
        ((RIGHT[0], nn.BatchNorm2d(4), *RIGHT[1:]), {"normalisations"}),
        ((*RIGHT[:2], nn.InstanceNorm2d(4, affine=True), RIGHT[2]), {"normalisations"}),
        ((*RIGHT[:2], nn.Conv2d(4, 6, 1, bias=False)), {"linear"}),
        ((*RIGHT, nn.ReLU()), {"then linear"}),
        ((*RIGHT[:2], nn.Dropout(), RIGHT[2]), {"random"}),
    ],
)
def test_one_mistake_changes_one_part_and_leaves_those_of_others_alone(
    layers: tuple[nn.Module, ...], changed: set[str]
) -> None:
    right, wrong = of(*RIGHT), of(*layers)
    assert {key for key in right | wrong if right.get(key) != wrong.get(key)} == changed


@pytest.mark.parametrize(
    ("pooled", "word"),
    [
        (nn.MaxPool2d(8), "largest"),
        (nn.AdaptiveMaxPool2d(1), "largest"),
        (nn.AvgPool2d(8), "mean"),
        (nn.AdaptiveAvgPool2d(1), "mean"),
        (nn.AvgPool2d(2), "average"),
    ],
)
def test_a_window_as_large_as_the_map_pools_all_of_it(
    pooled: nn.Module, word: str
) -> None:
    assert of(RIGHT[0], pooled)["then conv"] == [word]


def test_a_normalisation_tells_what_it_follows() -> None:
    before = of(RIGHT[0], nn.BatchNorm2d(4), nn.ReLU())["normalisations"]
    behind = of(RIGHT[0], nn.ReLU(), nn.BatchNorm2d(4))["normalisations"]
    assert before == ["batch_norm 4 True: conv "]
    assert behind == ["batch_norm 4 True: conv relu"]


def test_layers_that_run_again_and_single_biases_are_told_by_their_sizes() -> None:
    twice = nn.Conv2d(3, 3, 3, padding=1)
    told = of(twice, nn.ReLU(), twice, nn.Conv2d(3, 4, 3, padding=1, bias=False))
    assert told["used again"] == ["conv 3: 2"]
    assert told["biases"] == {"conv": [[3, 3, [3, 3], 1, 1]]}


def test_dropout_is_a_part_of_its_own() -> None:
    plain, dropped = parts(Small), parts(Dropped)
    assert plain["random"] is False
    assert dropped == {**plain, "random": True}


def test_layers_that_run_in_another_order_are_the_same_layers() -> None:
    def rows(*order: int) -> list[dict[str, object]]:
        class Both(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.convs = nn.ModuleList(nn.Conv2d(3, n, 3) for n in (4, 5))

            def forward(self, x: torch.Tensor) -> torch.Tensor:
                return torch.cat([self.convs[number](x) for number in order], 1)

        return layer_rows(Both, [], (1, 3, 4, 4))

    assert parts_of(rows(0, 1)) == parts_of(rows(1, 0))


def test_what_is_given_with_dropout_is_compared_without_it() -> None:
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 4))
    results = [
        with_weights(build, [], WEIGHTS, [0], x, train=True)
        for build in (Small, Dropped)
    ]
    assert results[0]["random"] is False
    assert results[1]["random"] is True
    plain, dropped = (with_weights.compared(r) for r in results)  # type: ignore[attr-defined] # the grader's
    np.testing.assert_array_equal(plain["output"], dropped["output"])
    assert not np.array_equal(results[0]["output"], results[1]["output"])
