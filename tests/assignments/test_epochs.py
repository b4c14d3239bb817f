"""What `epoch` tells of an epoch whose steps are not one a batch."""

from typing import Any

import numpy as np
from checks.training import epoch

COMPARED: Any = epoch.compared  # type: ignore[attr-defined] # what the grader asks for


def compared(backwards: int, steps: int, **how: float) -> dict[str, Any]:
    facts = {
        "loss": [1.5],
        "graphs": ["a number"],
        "parameters": {"weight": np.ones(2)},
        "buffers": {},
        "backwards": backwards,
        "steps": steps,
        "moved": True,
    }
    kept: dict[str, Any] = COMPARED(facts, None, np.ones((6, 2)), np.ones(6), 2, **how)
    return kept


def test_of_a_step_for_every_gradient_the_numbers_are_compared() -> None:
    kept = compared(3, 3)
    assert kept["loss"] == [1.5]
    assert kept["parameters"]["weight"].tolist() == [1, 1]


def test_of_steps_along_several_gradients_their_weight_is_left_out() -> None:
    kept = compared(6, 2)
    assert kept["steps"] == 2
    assert kept["loss"] == kept["parameters"] == "of steps along several gradients"


def test_where_no_step_moves_anything_the_loss_is_that_of_any_steps() -> None:
    assert compared(6, 2, lr=0.0)["loss"] == [1.5]
    assert compared(6, 2, lr=0.1)["loss"] != [1.5]


def test_of_steps_that_the_optimizer_did_not_take_nothing_is_compared() -> None:
    kept = compared(3, 0, lr=0.0)
    told = "of steps that the optimizer did not take"
    assert kept["loss"] == kept["parameters"] == kept["buffers"] == told
