"""Otter's grading with our isolation: a plugin that grades before otter would.

Otter runs tests and submission in one process and unpickles what comes back. Here the
submission is graded by our own worker, then replaced by an empty one, and otter's
results are filled in from ours. What otter makes of them (``results.json``, its tables)
stays otter's.
"""

import shutil
from pathlib import Path
from typing import Any

from otter.plugins import AbstractOtterPlugin
from otter.test_files import GradingResults
from otter.test_files.abstract_test import TestCase, TestCaseResult
from otter.test_files.exception_test import ExceptionTestFile

from autograder.errors import GraderFault
from autograder.intake import NotebookReader, read_single
from autograder.package.gradescope import student_of
from autograder.package.grading import Package, grade_submission, load_assignment
from autograder.records.results import QuestionResult, Result, Verdict
from autograder.text import plain

FOLDER_OF_TESTS = "tests"
EMPTY_NOTEBOOK = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


class IsolatedGrading(AbstractOtterPlugin):  # type: ignore[misc]  # otter has no types
    """Grades the packaged assignment; nothing of the submission runs in otter."""

    _result: Result

    def before_grading(self, config: Any) -> None:  # noqa: ARG002 otter's signature
        """Grade the submission, then leave nothing of it to otter.

        Raises StaffError where it could not be graded: otter then writes no results,
        since it would make a 0 of them
        """
        path = Path(self.submission_path)
        files = path.parents[1] / "source" / "files"
        package = Package.read(files)
        _leave_only(path)
        assignment = load_assignment(files, package)
        submission = read_single(
            path.parent,
            file_name=assignment.manifest.file,
            notebooks=NotebookReader.of(assignment),
            student=student_of(path.parents[1] / "submission_metadata.json"),
        )
        self._result = grade_submission(files, package, submission)
        if path.suffix == ".ipynb":
            path.write_text(EMPTY_NOTEBOOK, encoding="utf-8")
        else:
            path.write_text("", encoding="utf-8")

    def after_grading(self, results: GradingResults) -> None:
        """Put our results in the place of otter's, which are of an empty submission.

        Raises GraderFault where otter could not finish: it would report a 0
        """
        if results.has_catastrophic_failure():
            raise GraderFault("otter", f"failed: {results.catastrophic_error}")
        results.results = {
            question.name: _as_test_file(question)
            for question in self._result.questions
        }
        results.set_output(plain("\n".join(self._result.notices)))


def _leave_only(submission: Path) -> None:
    """Remove what otter put beside the submission, and what it would unpickle."""
    for path in submission.parent.iterdir():
        if path.is_dir() and not path.is_symlink():
            if path.name != FOLDER_OF_TESTS:
                shutil.rmtree(path)
        elif path != submission:
            path.unlink()


def _as_test_file(question: QuestionResult) -> ExceptionTestFile:
    cases = [
        TestCase(
            name=case.name,
            body=None,
            hidden=case.hidden,
            points=case.points,
            success_message=None,
            failure_message=None,
        )
        for case in question.cases
    ]
    file = ExceptionTestFile(question.name, question.name, cases, all_or_nothing=False)
    file.test_case_results = [
        TestCaseResult(
            test_case=case,
            message=plain(result.message or result.kind),
            passed=result.verdict is Verdict.PASSED,
        )
        for case, result in zip(cases, question.cases, strict=True)
    ]
    return file
