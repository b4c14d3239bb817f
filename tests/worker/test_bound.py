"""What a probe says where the submission has replaced what it rests on.

Folders of ``attacks/probes`` hold ``submission.py``, whose `edge_layer` is wrong in
four ways, and ``expected.toml``:

    about = what it does so that the probe says otherwise     defence = what stops it
    says = "truth", or the kind of failure as which it is refused
    lies = facts that a submission can still forge: they decide nothing alone
"""

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.errors import StudentFault
from autograder.sandbox.bubblewrap import Sandbox
from autograder.sandbox.session import Session
from autograder.sandbox.zygote import Forking
from autograder.worker.values import Own

ATTACKS = sorted((Path(__file__).parents[1] / "attacks/probes").iterdir())
KERNEL = [[1.0, 2.0], [0.0, -1.0]]
X = np.arange(9.0).reshape(1, 1, 3, 3)
DOUBLED = [[[[-4.0, 0.0], [8.0, 12.0]]]]
"""Twice the correlation of X and KERNEL, by hand: 2 (0·1 + 1·2 - 4·1) = -4, …"""
FACTS = {"is_conv2d": False, "learns": True, "kept": False}

pytestmark = [pytest.mark.sandbox, pytest.mark.torch, pytest.mark.slow]


@pytest.fixture(scope="module")
def starter() -> Forking:
    made = Forking(cold=Sandbox(packages=("numpy", "torch"), memory_mib=3072))
    made.start().kill()
    assert made.is_cheap
    return made


def asked(starter: Forking, folder: Path) -> dict[str, Any]:
    session = Session(
        starter.start,
        "a4_cnn.py",
        (folder / "submission.py").read_bytes(),
        seconds_per_case=20.0,
        seconds_total=60.0,
        packages=("numpy", "torch"),
    )
    with session:
        session.begin_question()
        return dict(
            session.probe("checks.networks:edges", (Own("edge_layer"), KERNEL, X), {})
        )


@pytest.mark.parametrize("folder", ATTACKS, ids=lambda folder: folder.name)
def test_a_probe_says_what_is_true_or_nothing(folder: Path, starter: Forking) -> None:
    expected = tomllib.loads((folder / "expected.toml").read_text(encoding="utf-8"))
    if expected["says"] != "truth":
        with pytest.raises(StudentFault) as caught:
            asked(starter, folder)
        assert caught.value.kind == expected["says"], caught.value
        return
    told = asked(starter, folder)
    output = told.pop("output")
    lies = expected.get("lies", [])
    assert ("output" in lies) != np.array_equal(output, DOUBLED), output
    assert {n for n in FACTS if told[n] != FACTS[n]} == {*lies} - {"output"}


def test_what_a_question_forbids_is_still_seen_after_a_probe() -> None:
    source = (
        b"import numpy as np\n\n\ndef conv(x, *_):\n"
        b"    return np.convolve(x.ravel(), x.ravel())\n"
    )
    images = np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2)), np.ones(1)
    session = Session(
        Sandbox().start, "a.py", source, seconds_per_case=20.0, seconds_total=60.0
    )
    with session:
        session.begin_question(watch=("numpy.convolve",))
        for _ in range(2):
            session.probe("checks.yardstick:speed_ratio", (Own("conv"), *images), {})
            session.watched.clear()
            assert session.call("conv", (np.ones(2),)).tolist() == [1.0, 2.0, 1.0]
            assert session.watched == {"numpy.convolve"}
