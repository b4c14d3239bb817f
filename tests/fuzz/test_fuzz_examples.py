"""What fuzzing has found, and seeds for it: any bytes give a value or a named error."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuzz_targets import TARGETS

EXAMPLES = sorted((Path(__file__).parent / "examples").glob("*/*"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: f"{p.parent.name}-{p.name}")
def test_an_example_is_read_or_refused(path: Path) -> None:
    TARGETS[path.parent.name](path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
@given(data=st.data())
def test_a_damaged_example_is_read_or_refused(name: str, data: st.DataObject) -> None:
    whole = bytearray(
        data.draw(
            st.sampled_from(
                [e.read_bytes() for e in EXAMPLES if e.parent.name == name] or [b""]
            )
        )
    )
    for _ in range(data.draw(st.integers(0, 6))):
        at = data.draw(st.integers(0, len(whole)))
        whole[at : at + 1] = data.draw(st.binary(max_size=3))
    TARGETS[name](bytes(whole))


def test_every_target_has_seeds() -> None:
    assert {path.parent.name for path in EXAMPLES} == set(TARGETS)
