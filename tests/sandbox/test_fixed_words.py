"""A hidden case tells which of our own sentences it was, and nothing that varies."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.sandbox import fixed_words as module
from autograder.sandbox.fixed_words import OTHERWISE, fixed_words
from autograder.worker.serve import ONE_PROCESS

SENTENCES = '''"""A sentence of a docstring is none that anybody is told."""


def told(name, count, last):
    """Neither is this one of a function, however long."""
    yield f"{name} has {count} parameters, not asked for"
    yield f"{name} has {count} parameters too many, as far as is known: {last}"
    yield f"{name} has no parameters, and should have some"
    yield f"{name} has {count}"
    yield "a whole sentence without a gap."
    yield "two words"
    yield "a_name_with_many_letters_but_no_space"
'''


@pytest.fixture
def sentences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A package of sentences in the place of the public one."""
    package = tmp_path / "package_of_sentences"
    package.mkdir()
    (package / "__init__.py").write_text(SENTENCES, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(module, "PACKAGE", package.name)
    module._sentences.cache_clear()  # noqa: SLF001 kept for good else
    yield
    module._sentences.cache_clear()  # noqa: SLF001 as above


@pytest.mark.usefixtures("sentences")
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("BasicBlock has 7 parameters, not asked for",) * 2,
        ("BasicBlock has no parameters, and should have some",) * 2,
        ("a whole sentence without a gap.",) * 2,
        ("a whole sentence without a gap!", OTHERWISE),
        ("and a whole sentence without a gap.", OTHERWISE),
        ("a whole sentence without a gap. 7351", OTHERWISE),
        ("seed has 7351", OTHERWISE),
        ("two words", OTHERWISE),
        ("a_name_with_many_letters_but_no_space", OTHERWISE),
        ("A sentence of a docstring is none that anybody is told.", OTHERWISE),
        ("Neither is this one of a function, however long.", OTHERWISE),
        ("", OTHERWISE),
    ],
)
def test_a_sentence_of_ours_is_told_with_its_gaps(text: str, told: str) -> None:
    gaps = re.sub(r"BasicBlock|\b7\b", "…", told)
    assert fixed_words(text) == gaps


@pytest.mark.usefixtures("sentences")
def test_of_two_sentences_the_one_with_fewer_gaps_is_told() -> None:
    more = "x has 3 parameters too many, as far as is known: "
    assert fixed_words(f"{more}y") == (
        "… has … parameters too many, as far as is known: …"
    )
    both = f"{more}y has no parameters, and should have some"
    assert fixed_words(both) == "… has no parameters, and should have some"


@pytest.mark.usefixtures("sentences")
def test_a_text_without_end_is_not_searched_to_its_end() -> None:
    sentence = " has no parameters, and should have some"
    fits = "x" * (400 - len(sentence)) + sentence
    assert fixed_words(fits) == f"…{sentence}"
    assert fixed_words(f"x{fits}") == OTHERWISE


def test_the_public_package_and_the_worker_have_sentences() -> None:
    assert fixed_words(ONE_PROCESS) == ONE_PROCESS
    assert fixed_words("the shape is right, values differ") != OTHERWISE
