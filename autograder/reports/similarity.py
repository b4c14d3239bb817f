"""Rank pairs of submissions by the code that they share; it accuses nobody.

Winnowing (Schleimer, Wilkerson & Aiken 2003) over Python's own tokens: every run of
`K` tokens is hashed, of every `WINDOW` hashes in a row the smallest is a fingerprint,
so that two submissions with `CERTAIN` tokens in common share one. Comments, docstrings,
layout and the names that a student chose make no difference. What the stub gave is left
out. What more than half of the class has counts for nothing, and the rest the more the
fewer have it: a shared fingerprint that d of n have weighs log2((n + 2) / d).
"""

import builtins
import hashlib
import io
import itertools
import keyword
import math
import tokenize
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

import msgspec

from autograder.own_time import OutOfOwnTimeError, own_time

K = 10
WINDOW = 5
CERTAIN = K + WINDOW - 1
"""A passage of so many tokens in common is always found."""
COMMON_SHARE = 0.5
"""What more than this share of the class has is common, and expected."""
MOST_TOKENS = 100_000
"""So much of a file is compared: a long answer has a tenth of it."""
MOST_ERRORS = 20
LONGEST_LINE = 250_000
"""Of what is no token so much is read over, and of a line so many characters: for each
of those, the rest of the line may be looked through for the end of a string."""
LONGEST_STRING = 500
"""So many lines of a text in quotes are marked, where it is shared."""
SECONDS_TO_READ = 10.0
"""Processor time for one file: what nobody has thought of is compared as far as that
goes."""
FEW = 2
"""In a small class, what more than these have is common."""
KEPT_NAMES = frozenset({*keyword.kwlist, *dir(builtins)})
LAYOUT = frozenset(
    {
        tokenize.COMMENT,
        tokenize.NL,
        tokenize.NEWLINE,
        tokenize.INDENT,
        tokenize.DEDENT,
        tokenize.ENCODING,
        tokenize.ENDMARKER,
    }
)
BEGINS_A_LINE = frozenset({tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT})


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it is compared, and its lines in the source, from 1."""

    text: str
    first_line: int
    last_line: int


@dataclass(frozen=True)
class Source:
    """One submission's file.

    key : the submission's key; student : the name
    stub_names : functions of the stub: names that students did not choose
    """

    key: str
    student: str
    text: str
    stub_names: frozenset[str]

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """What is compared, up to where the file is no Python any more."""
        read: list[Token] = []
        tokens = itertools.islice(_tokens(self.text, self.stub_names), MOST_TOKENS)
        with suppress(OutOfOwnTimeError), own_time(SECONDS_TO_READ):
            read.extend(tokens)
        return tuple(read)

    @cached_property
    def grams(self) -> tuple[int, ...]:
        """The hash of every run of `K` tokens, by where it begins."""
        texts = [token.text for token in self.tokens]
        return tuple(
            _hash(texts[at : at + K]) for at in range(max(0, len(texts) - K + 1))
        )

    @cached_property
    def fingerprints(self) -> frozenset[int]:
        """The hashes that winnowing keeps."""
        windows = (
            self.grams[at : at + WINDOW]
            for at in range(max(1, len(self.grams) - WINDOW + 1))
        )
        return frozenset(min(window) for window in windows if window)

    def lines_of(self, grams: frozenset[int]) -> set[int]:
        """Return the lines that these runs of tokens cover."""
        covered: set[int] = set()
        for at, gram in enumerate(self.grams):
            if gram in grams:
                for token in self.tokens[at : at + K]:
                    last = min(token.last_line, token.first_line + LONGEST_STRING)
                    covered.update(range(token.first_line, last + 1))
        return covered

    def share_of(self, grams: frozenset[int]) -> float:
        """Return the share of its runs of tokens that are among `grams`."""
        return sum(gram in grams for gram in self.grams) / max(1, len(self.grams))


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """One submission that was compared.

    fingerprints : how many it has beside the stub's
    boilerplate : share of its code that is the stub's own, 0 to 1
    """

    submission_key: str
    student_name: str
    fingerprints: int
    boilerplate: float


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """Two submissions and what they share beside the stub.

    unusual : shared fingerprints that at most half of the class has; common : others
    weight : what the unusual ones weigh, the rarer the more; pairs are ranked by it
    shared : both, as a share of the shorter submission's own fingerprints, 0 to 1
    """

    first: str
    second: str
    first_name: str
    second_name: str
    unusual: int
    common: int
    weight: float
    shared: float


@dataclass(frozen=True)
class Comparison:
    """A compared class.

    stub_grams : what the stub gave; common : what more than `many` submissions have
    pairs : the most unusual code in common first
    """

    sources: dict[str, Source]
    stub_grams: frozenset[int]
    common: frozenset[int]
    many: int
    pairs: tuple[Pair, ...]

    @property
    def compared(self) -> tuple[Compared, ...]:
        """Return what is known of each submission alone."""
        return tuple(
            Compared(
                submission_key=source.key,
                student_name=source.student,
                fingerprints=len(source.fingerprints - self.stub_grams),
                boilerplate=source.share_of(self.stub_grams),
            )
            for source in self.sources.values()
        )


def compare_class(sources: Sequence[Source], stub: str) -> Comparison:
    """Compare every two submissions; pairs without unusual code in common are left out.

    stub : what students were given; its code counts for nothing
    """
    names = sources[0].stub_names if sources else frozenset()
    given = frozenset(Source("", "", stub, names).grams)
    having = Counter(itertools.chain.from_iterable(set(s.grams) for s in sources))
    many = max(FEW, int(COMMON_SHARE * len(sources)))
    weights = {
        gram: math.log2((len(sources) + 2) / count)
        for gram, count in having.items()
        if 1 < count <= many
    }
    pairs = [
        _pair(first, second, given, weights)
        for first, second in itertools.combinations(sources, 2)
    ]
    return Comparison(
        sources={source.key: source for source in sources},
        stub_grams=given,
        common=frozenset(g for g, n in having.items() if n > many) - given,
        many=many,
        pairs=tuple(
            sorted(
                (pair for pair in pairs if pair.unusual),
                key=lambda p: (-p.weight, p.first, p.second),
            )
        ),
    )


def _pair(
    first: Source, second: Source, given: frozenset[int], weights: dict[int, float]
) -> Pair:
    own = first.fingerprints - given, second.fingerprints - given
    both = own[0] & own[1]
    unusual = both & weights.keys()
    return Pair(
        first=first.key,
        second=second.key,
        first_name=first.student,
        second_name=second.student,
        unusual=len(unusual),
        common=len(both - unusual),
        weight=sum(weights[gram] for gram in unusual),
        shared=len(both) / max(1, min(map(len, own))),
    )


def _tokens(text: str, stub_names: frozenset[str]) -> Iterator[Token]:
    reader = map(_shortened, io.StringIO(text)).__next__
    begins, after_dot, errors = True, False, 0
    # Students hand in files that are no Python: what can be read counts.
    with suppress(tokenize.TokenError, SyntaxError):
        for token in tokenize.generate_tokens(reader):
            errors += token.type == tokenize.ERRORTOKEN
            if errors > MOST_ERRORS:
                return
            docstring = begins and token.type == tokenize.STRING
            begins = token.type in BEGINS_A_LINE or (begins and token.type in LAYOUT)
            if token.type in LAYOUT or docstring:
                continue
            yield Token(
                _compared(token, stub_names, after_dot=after_dot),
                token.start[0],
                token.end[0],
            )
            after_dot = token.string == "."


def _shortened(line: str) -> str:
    return line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}\n"


def _compared(
    token: tokenize.TokenInfo, stub_names: frozenset[str], *, after_dot: bool
) -> str:
    """Return a token's text, with one word for all names that a student chose."""
    if token.type == tokenize.STRING:
        return token.string.lstrip("rRbBuUfF").strip("\"'")
    chosen = token.type == tokenize.NAME and not (
        after_dot or token.string in KEPT_NAMES or token.string in stub_names
    )
    return "name" if chosen else token.string


def _hash(texts: Sequence[str]) -> int:
    data = "\0".join(texts).encode(errors="replace")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big")
