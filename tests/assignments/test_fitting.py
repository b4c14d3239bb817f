"""What `fitting` tells of functions that train: the wanted ones by hand, in torch."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch
from checks.fitting import fitting, traced_fit
from torch.nn import functional

HOW: dict[str, Any] = {"epochs": 2, "batch_size": 6, "lr": 0.01, "seed": 3}
Look = Callable[..., list[float]]


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Hold torch to one thread: for networks as small as these, more only wait."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def fit_that(look: Look, after: str, most: int = 9, *, mixed: bool = True) -> Any:
    """Return one that trains with Adam, and looks at the network after steps or epochs.

    most : epochs after which it stops; mixed : in batches of images that are mixed
    """

    def fit(
        model: Any,
        images: torch.Tensor,
        labels: torch.Tensor,
        *,
        epochs: int,
        batch_size: int,
        lr: float,
        seed: int,
    ) -> list[float]:
        generator = torch.Generator().manual_seed(seed)
        optimizer = torch.optim.Adam(model.parameters(), lr=lr)
        model.train()
        history = []
        for _ in range(min(most, epochs)):
            seen: list[float] = []
            order = torch.randperm(len(images), generator=generator)
            parts = torch.split(order if mixed else order.sort().values, batch_size)
            for numbers in parts if mixed else parts[1:] + parts[:1]:
                batch = images[numbers], labels[numbers]
                loss = functional.cross_entropy(model(batch[0]), batch[1])
                optimizer.zero_grad()
                torch.autograd.backward([loss])
                optimizer.step()
                told = look(model, *batch) if after == "step" else [loss.item()]
                seen += told * len(numbers)
            means = look(model, images, labels) if after == "epoch" else []
            history.append(means[0] if means else float(np.mean(seen)))
        return history

    return fit


def given() -> tuple[Any, ...]:
    rng = np.random.default_rng(5)
    images = rng.random((20, 1, 28, 28)).astype(np.float32)
    images[:, 0, 0, 0] = np.arange(20)
    weights = [rng.normal(size=(6, 49)) * 3, rng.normal(size=(4, 6))]
    return images, np.arange(20) // 5, weights


def loss_of(model: Any, x: torch.Tensor, wanted: torch.Tensor) -> list[float]:
    return [functional.cross_entropy(model(x), wanted).item()]


def in_eval_mode(model: Any, x: torch.Tensor, wanted: torch.Tensor) -> list[float]:
    model.eval()
    with torch.no_grad():
        found = loss_of(model, x, wanted)
    model.train()
    return found


@pytest.mark.parametrize(
    ("look", "after", "words"),
    [
        (loss_of, "nothing", "mean per image"),
        (loss_of, "step", "mean per image, after the steps"),
        (in_eval_mode, "epoch", "mean of all images after the epoch, in eval mode"),
        (loss_of, "epoch", "mean of all images after the epoch, in train mode"),
    ],
)
def test_it_is_told_when_a_loss_was_taken(look: Look, after: str, words: str) -> None:
    facts = fitting(fit_that(look, after), *given(), **HOW)
    assert facts["loss_is"] == [words]
    # One that is only looked at is no lesson, though gradients are on.
    assert facts["passes"] == [2, 2]
    assert facts["largest_batch"] == 6
    assert set(facts["rates"]) == {1}
    assert facts["clean"]
    assert facts["new_orders"]
    assert facts["repeats"]
    assert facts["mixed"]


def added_up(losses: list[float]) -> list[float]:
    return [*np.cumsum(losses)]


def so_far(losses: list[float]) -> list[float]:
    return [*(np.cumsum(losses) / np.arange(1, 1 + len(losses)))]


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (added_up, "mean per image, all epochs added up"),
        (so_far, "mean per image of all epochs so far"),
    ],
)
def test_sums_that_go_on_from_epoch_to_epoch_are_told(
    told: Callable[[list[float]], list[float]], words: str
) -> None:
    fit = fit_that(loss_of, "nothing")
    facts = fitting(lambda *a, **how: told(fit(*a, **how)), *given(), **HOW)
    assert facts["loss_is"] == [words]


def test_who_stops_early_is_told_alike_whenever_that_is() -> None:
    how = {**HOW, "epochs": 6}

    def told(most: int) -> Any:
        fit = fit_that(loss_of, "nothing", most)
        compared = traced_fit.compared  # type: ignore[attr-defined] # the grader's
        return compared(traced_fit(fit, *given(), **how), fit, *given(), **how)

    assert told(3) == told(4)
    assert [told(most)["losses"] for most in (3, 5, 6)] == [
        "fewer",
        "one epoch too few",
        "one an epoch",
    ]


def test_batches_in_another_order_are_not_mixed_images() -> None:
    facts = fitting(fit_that(loss_of, "nothing", mixed=False), *given(), **HOW)
    assert not facts["mixed"]
