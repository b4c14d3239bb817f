"""Two records of one person, and of two."""

import pytest

from autograder.intake.witnesses import (
    Person,
    Verdict,
    compared,
    is_bare_number,
    same_name,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zoë Doe", "Doe, Zoe"),
        ("Zoë Doe", "doezoë"),
        ("Zoë Doe, Jr.", "doejrzoë"),
        ("Zoë Doe, Jr.", "Zoë Doe"),
        ("Conan O'Brien", "Conan OBrien"),
        ("Conan O\u2019Brien", "O'Brien, Conan"),
        ("Jürgen Müller", "Juergen Mueller"),
        ("Jürgen Müller", "Jurgen Muller"),
        ("Søren Ørsted", "Soren Orsted"),
        ("Søren Ødegård", "Soeren Oedegaard"),
        ("Mæve Bødker", "Maeve Bodker"),
        ("Œdipe Bäck", "Oedipe Baeck"),
        ("Łukasz Đukić", "Lukasz Dukic"),
        ("Iş\u0131l K\u0131l\u0131ç", "Isil Kilic"),
        ("Zoë \ue000 Doe", "Zoe Doe"),
        ("Anne-Marie Weiß", "anne marie weiss"),
        ("Bo Li", "Li, Bo"),
        ("Ada Mary Example", "Ada Example"),
        ("דוד חיים", "חיים, דוד"),
        ("हिना शर्मा", "शर्मा, हिना"),
        ("김은지", "김 은지"),
        ("Plato", "plato"),
    ],
)
def test_one_name_in_two_lists_is_one(one: str, other: str) -> None:
    assert same_name(one, other)
    assert same_name(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada Example", "Zoë Doe"),
        ("Ada Doe", "Zoë Doe"),
        ("Ada", "Ada Example"),
        ("Sam Same", "Sam Some"),
        ("हिना शर्मा", "हेना शर्मा"),
        ("", "Zoë Doe"),
        ("...", "---"),
    ],
)
def test_two_names_are_two(one: str, other: str) -> None:
    assert not same_name(one, other)
    assert not same_name(other, one)


ZOE = Person(name="Zoë Doe", username="zdoe", email="z@example.edu")


@pytest.mark.parametrize(
    ("other", "verdict", "words"),
    [
        (Person(), Verdict.SILENT, ""),
        (Person(name="Doe, Zoë"), Verdict.AGREES, ""),
        (Person(username="ZDOE@example.edu"), Verdict.AGREES, ""),
        (Person(email=" Z@Example.edu "), Verdict.AGREES, ""),
        (
            Person(name="Ada Example"),
            Verdict.DISAGREES,
            "the name is 'Zoë Doe' there and 'Ada Example' here",
        ),
        (
            Person(name="Zoë Doe", email="other@example.edu"),
            Verdict.DISAGREES,
            "the e-mail address is 'z@example.edu' there and 'other@example.edu' here",
        ),
        (
            Person(name="Zoë Doe", username="zoed"),
            Verdict.DISAGREES,
            "the username is 'zdoe' there and 'zoed' here",
        ),
        # Half a name beside the whole address: a nickname.
        (Person(name="Zozo Doe", email="Z@Example.edu"), Verdict.AGREES, ""),
        (
            Person(name="Zozo Doe"),
            Verdict.DISAGREES,
            "the name is 'Zoë Doe' there and 'Zozo Doe' here",
        ),
    ],
)
def test_one_witness_that_disagrees_is_enough(
    other: Person, verdict: Verdict, words: str
) -> None:
    assert compared(ZOE, other) == (verdict, words)


def test_an_address_makes_one_person_of_names_that_share_a_word_and_of_no_others() -> (
    None
):
    def verdict(one: str, other: str) -> Verdict:
        address = "smith@example.edu"
        return compared(
            Person(name=one, email=address), Person(name=other, email=address)
        )[0]

    assert verdict("Bill Smith", "William Smith") is Verdict.AGREES
    assert verdict("Ada Example", "William Smith") is Verdict.DISAGREES
    assert verdict("A. Example", "A. Smith") is Verdict.DISAGREES


def test_what_an_lms_drops_from_a_name_is_no_gap_in_it() -> None:
    assert same_name("Ada Mary O'Brien", "Ada OBrien")


def test_a_number_is_bare_whatever_stands_between_its_digits() -> None:
    assert is_bare_number("2023-17.4")
    assert not is_bare_number("s2023174")
