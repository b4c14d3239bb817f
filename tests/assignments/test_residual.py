from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from checks import CheckFailedError
from checks.residual import check_last_scale


def layer(kind: str, inputs: int, after: int = -1, scale: float = 1) -> dict[str, Any]:
    new = {"weight": np.full(inputs, scale)}
    return {"kind": kind, "inputs": inputs, "after": after, "new": new}


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


def test_a_block_without_normalisations_is_told_of() -> None:
    with pytest.raises(CheckFailedError, match="no normalisation runs in the block"):
        check_last_scale(facts(BODY[:1]), channels=3)
