from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import torch
from checks import CheckFailedError
from checks.layers import know_sizes
from checks.residual import check_last_scale, state_of, zeroed
from torch import nn


def layer(kind: str, inputs: int, after: int = -1, scale: float = 1) -> dict[str, Any]:
    new = {"weight": np.full(inputs, scale)}
    row = {"kind": kind, "inputs": inputs, "kernel": [1, 1], "after": after}
    return {**row, "new": new}


def facts(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {"layers": rows}


BODY = [
    layer("linear", 12),
    layer("batch_norm", 3, after=0),
    layer("linear", 3),
    layer("batch_norm", 12, after=2, scale=0),
]
PROJECTION = [layer("linear", 12), layer("batch_norm", 12, after=4)]


def test_the_scale_of_a_projection_that_should_not_be_there_is_not_the_last_one() -> (
    None
):
    check_last_scale(facts(BODY + PROJECTION), channels=3)


def test_without_a_projection_the_last_scale_is_that_of_what_runs_last() -> None:
    check_last_scale(facts(BODY))
    with pytest.raises(CheckFailedError, match="the last normalisation before the add"):
        check_last_scale(facts(BODY + PROJECTION))


def test_a_wider_body_than_asked_for_has_its_last_scale_where_it_is_zeroed() -> None:
    rows = [layer("linear", 5), layer("batch_norm", 12, after=0, scale=0)]
    rows += [layer("linear", 12), layer("batch_norm", 12, after=2)]
    check_last_scale(facts(rows), channels=3)
    rows[1] = layer("batch_norm", 12, after=0)
    with pytest.raises(CheckFailedError, match="the last normalisation before the add"):
        check_last_scale(facts(rows), channels=3)


def test_a_body_that_widens_in_its_3x3_has_its_last_scale_behind_the_last_1x1() -> None:
    middle = {**layer("conv", 3), "kernel": [3, 3]}
    rows = [layer("linear", 12), layer("batch_norm", 3, after=0)]
    rows += [middle, layer("batch_norm", 12, after=2)]
    rows += [layer("linear", 12), layer("batch_norm", 12, after=4, scale=0)]
    check_last_scale(facts(rows), channels=3)
    rows[5] = layer("batch_norm", 12, after=4)
    with pytest.raises(CheckFailedError, match="the last normalisation before the add"):
        check_last_scale(facts(rows), channels=3)


class Lazy(nn.Module):
    """A block, or a network, whose layers learn their sizes from the first image."""

    def __init__(self, *_: object) -> None:
        super().__init__()
        self.conv = nn.LazyConv2d(4, 3, padding=1, bias=False)
        self.norm = nn.LazyBatchNorm2d()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(self.norm(self.conv(x)) + x)


def test_lazy_layers_learn_their_sizes_before_they_are_looked_at() -> None:
    def zero(block: Lazy) -> Lazy:
        nn.init.zeros_(block.norm.weight)
        return block

    seen = zeroed(zero, Lazy, [4, 4], np.ones((2, 4, 5, 5)), seed=1)
    check_last_scale(seen)
    assert [row["kind"] for row in seen["layers"]] == ["conv", "batch_norm"]
    names = {name: shape for name, shape, _ in state_of(Lazy, [None, [1], 10, 4])}
    assert names["conv.weight"] == (4, 4, 3, 3)
    assert names["norm.running_mean"] == (4,)


def test_a_network_is_in_the_mode_it_came_in_once_its_sizes_are_known() -> None:
    network = Lazy()
    know_sizes(network, (1, 4, 5, 5))
    assert network.training
    assert network.norm.training
    assert torch.equal(network.norm.state_dict()["running_mean"], torch.zeros(4))


def test_a_block_without_normalisations_is_told_of() -> None:
    with pytest.raises(CheckFailedError, match="no normalisation runs in the block"):
        check_last_scale(facts(BODY[:1]), channels=3)
