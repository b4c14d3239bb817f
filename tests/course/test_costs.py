from pathlib import Path

import pytest

from autograder.course.costs import Cost, Costs, Limit, limits_of, read_costs
from autograder.errors import AuthoringError

COSTS = Costs(
    yardstick_seconds=0.02,
    submission=Cost(seconds=20.0, by="loops"),
    question={
        "q1": {
            "quick": Cost(seconds=0.01, by="loops", calls=4),
            "slow": Cost(seconds=2.0, by="lists", calls=9),
        }
    },
)
LEAST = {"least_per_case": 5.0, "least_per_submission": 120.0}


def test_a_case_may_take_ten_times_what_the_slowest_right_answer_takes() -> None:
    limits = limits_of(COSTS, **LEAST, yardstick_seconds=0.02)
    assert limits.cases["q1", "slow"] == Limit(seconds=20.0, usual=2.0, calls=9)
    assert limits.submission == 200.0


def test_nobody_gets_less_than_the_manifests_least() -> None:
    limits = limits_of(COSTS, **LEAST, yardstick_seconds=0.02)
    assert limits.cases["q1", "quick"].seconds == 5.0
    little = Costs(
        yardstick_seconds=0.02, submission=Cost(seconds=1, by="x"), question={}
    )
    assert limits_of(little, **LEAST, yardstick_seconds=0.02).submission == 120.0


def test_a_slower_machine_gives_more_and_a_faster_one_no_less() -> None:
    slower = limits_of(COSTS, **LEAST, yardstick_seconds=0.06)
    assert slower.cases["q1", "slow"].seconds == pytest.approx(60.0)
    assert slower.cases["q1", "quick"].seconds == pytest.approx(15.0)
    assert slower.submission == pytest.approx(600.0)
    faster = limits_of(COSTS, **LEAST, yardstick_seconds=0.005)
    assert faster == limits_of(COSTS, **LEAST, yardstick_seconds=0.02)


def test_a_case_that_was_not_measured_may_take_as_much_as_the_slowest() -> None:
    assert limits_of(COSTS, **LEAST, yardstick_seconds=0.02).case.seconds == 20.0


def test_without_costs_the_manifest_says_what_may_be_taken() -> None:
    limits = limits_of(None, **LEAST, yardstick_seconds=9.9)
    assert (limits.case, limits.submission) == (Limit(seconds=5.0), 120.0)
    assert not limits.cases


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("yardstick_seconds = 0\n", "Expected `float` > 0.0"),
        ("yardstick_seconds = 0.02\n", "missing required field `submission`"),
    ],
)
def test_costs_that_cannot_be_read_name_their_file(
    tmp_path: Path, text: str, told: str
) -> None:
    (tmp_path / "costs.toml").write_text(text)
    with pytest.raises(AuthoringError) as caught:
        read_costs(tmp_path)
    assert "costs.toml" in caught.value.place
    assert told in caught.value.problem
    assert read_costs(tmp_path / "elsewhere") is None
