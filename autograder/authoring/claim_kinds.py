"""The kinds of claims that `prove` makes, and when one of each holds."""

HOLDS_WHEN = {
    "reference": "full marks",
    "stub": "no points, every case reads “not started yet”",
    "junk": "no points (2 at most, by chance or copied), no grader fault",
    "variant": "full marks",
    "misconception": "loses exactly its questions, no more than it may, and is named",
    "mutant": "loses points",
    "equivalent": "full marks, listed with a reason",
    "pair": "two mistakes at once: no false name (how many have theirs is told)",
    "style": "known mistakes in other code: named, or none",
    "promise": "a case shows everything that the docstrings promise",
    "inputs": "the reference passes the case with all of them",
}
"""In the order in which they are told."""
