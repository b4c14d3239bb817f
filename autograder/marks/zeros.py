"""Why a submission has no point at all: a person should look before it goes out."""

from autograder.intake.choice import THERE
from autograder.kinds import Kind
from autograder.notebook import is_notebook
from autograder.records.results import Result
from autograder.records.submission import Submission

COULD_NOT_BE_READ = "the file could not be read"
STOPS_WHEN_LOADED = "the file stops with an error when it is loaded"
ONLY = {
    Kind.NOT_STARTED: "there is nothing but the stub",
    Kind.MISSING: "none of the functions is in the file",
}
"""What to say where every case came out in one way."""
UNREADABLE = ("can't read", "UTF-8", "null bytes", "too large")
"""What a message of a file that is no Python has in it."""


def why_zero(submission: Submission, result: Result) -> str:
    """Return why there is no point, "" where there is one or nothing was graded."""
    if result.score is None or result.score > 0:
        return ""
    cases = [case for question in result.questions for case in question.cases]
    kinds = {case.kind for case in cases}
    if kinds <= {Kind.NO_FILE}:
        return _no_file(submission)
    if kinds == {Kind.LOAD}:
        message = " ".join(case.message for case in cases)
        unreadable = any(sign in message for sign in UNREADABLE)
        return COULD_NOT_BE_READ if unreadable else STOPS_WHEN_LOADED
    if kinds <= ONLY.keys():
        return ONLY[max(kinds)]
    return "no answer is right"


def _no_file(submission: Submission) -> str:
    """Return what was handed in instead of the file."""
    texts = [notice.partition(THERE)[2] for notice in submission.notices]
    names = [n.strip().casefold() for text in texts for n in text.split(",")]
    if any(is_notebook(name) for name in names):
        return "the course's own notebook was handed in, and no Python file"
    renamed = (".txt", ".py.docx", ".py.pdf")
    if any(name.endswith(renamed) for name in names):
        return "the file's name does not end in .py"
    return "no Python file was handed in"
