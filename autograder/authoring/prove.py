"""Prove that an assignment's tests grade rightly, by grading known answers.

Every claim is a submission with what must come of it. It goes the way of a student's
submission, through the sandbox and the tests; nothing is mocked.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.authoring.junk import junk
from autograder.authoring.mutants import Mutant, equivalents, mutants
from autograder.authoring.naming import Named, beside_others, in_other_code
from autograder.authoring.promises import kept
from autograder.authoring.reach import reached_questions
from autograder.course.assignment import Assignment, Misconception, load
from autograder.course.stub import make_stub
from autograder.grading.grader import Job
from autograder.grading.grading_run import holds_for_the_reference, seed_of
from autograder.grading.process_pool import grade_all
from autograder.kinds import Kind
from autograder.records.results import CaseResult, Result, Verdict
from autograder.records.submission import Submission

EDITS = frozenset({"misconception", "mutant", "equivalent"})
"""Kinds of claims whose source is the reference, but for one place."""
EXPLAINED = frozenset({"misconception", "junk"})
"""Kinds of claims in whose wrong answers known mistakes are looked for.

They meet the same inputs, so that what these mistakes answer is computed once.
"""
LARGEST_SHARE = 0.4
"""Of a question's points, what one mistake may cost that is not what it is about."""


@dataclass(frozen=True)
class Claim:
    """A submission and what must come of it.

    kind : one of `claim_kinds.HOLDS_WHEN`
    most : points that junk may earn
    """

    kind: str
    name: str
    source: str
    misconception: Misconception | None = None
    most: float = 0.0


@dataclass(frozen=True)
class Finding:
    """A claim, held or not, and what was seen.

    share : of a misconception, what part of its question's points it costs
    public : of a misconception, the public cases that notice it
    promises : of a question, what its docstrings promise, with the cases that show it
    """

    claim: Claim
    holds: bool
    seen: str
    share: float | None = None
    public: tuple[str, ...] = ()
    promises: tuple[tuple[str, tuple[str, ...]], ...] = ()


def claims(assignment: Assignment, *, with_mutants: bool) -> Iterator[Claim]:
    """Yield everything that must hold for an assignment."""
    reference = assignment.reference_source
    path = assignment.secret / "reference.py"
    yield Claim("reference", "reference", reference)
    yield Claim("stub", "stub", make_stub(reference, path))
    for one in junk(assignment):
        yield Claim("junk", one.name, one.source, most=one.most)
    for variant in sorted((assignment.secret / "variants").glob("*.py")):
        yield Claim("variant", variant.stem, variant.read_text(encoding="utf-8"))
    if written := assignment.slips:
        written.of([*assignment.parameters])  # raises where two of them say the same
        # What it doesn't write out again is the reference's.
        yield Claim("variant", "slips", f"{reference}\n\n{written.source}")
    for wrong in assignment.misconceptions:
        yield Claim("misconception", wrong.name, assignment.edited(wrong), wrong)
    if with_mutants:
        harmless = equivalents(assignment.secret / "equivalents.toml")
        for mutant in mutants(reference, path):
            listed = (mutant.function, mutant.original, mutant.mutant) in harmless
            kind = "equivalent" if listed else "mutant"
            yield Claim(kind, mutant.label, mutant.source)


def stale_equivalents(assignment: Assignment) -> list[str]:
    """Return the listed equivalents that are no mutants of the reference any more."""
    listed = equivalents(assignment.secret / "equivalents.toml")
    found: set[tuple[str, str, str]] = {
        _key(m)
        for m in mutants(
            assignment.reference_source, assignment.secret / "reference.py"
        )
    }
    return [f"{key[0]}: {key[1]} → {key[2]}" for key in listed if key not in found]


def prove(
    course: Path,
    name: str,
    *,
    with_mutants: bool,
    seed: str,
    workers: int,
    only: Sequence[str] = (),
) -> Iterator[Finding]:
    """Grade every claim of an assignment and yield each finding as it is there.

    only : kinds of claims; none means all
    """
    assignment = load(course, name)
    by_key = {
        f"claim-{i}": claim
        for i, claim in enumerate(claims(assignment, with_mutants=with_mutants))
        if not only or claim.kind in only
    }
    secret = hashlib.sha256(seed.encode()).digest()
    jobs = [_job(course, assignment, k, c, secret) for k, c in by_key.items()]
    for submission, result in grade_all(jobs, workers):
        yield judge(by_key[submission.key], result)


def prove_inputs(
    course: Path, name: str, *, count: int, seed: str
) -> Iterator[Finding]:
    """Run every case on the reference with many random inputs, a finding a case.

    A case that passes with most inputs only would take marks from right answers. The
    reference is ours and runs in this process.
    """
    assignment = load(course, name)
    secret = hashlib.sha256(seed.encode()).digest()
    for question in assignment.manifest.question:
        for case in assignment.cases[question.name]:
            label = f"{question.name}: {case.source.name}"
            seeds = (seed_of(secret, f"{label}\0{i}") for i in range(count))
            failed = [
                s
                for s in seeds
                if not holds_for_the_reference(assignment, question, case, s)
            ]
            seen = f"fails with {len(failed)} of {count} inputs"
            if failed:
                seen += f", the first is CHECK_SEED={failed[0]}"
            yield Finding(Claim("inputs", label, ""), holds=not failed, seen=seen)


def prove_promises(course: Path, name: str, *, seed: str) -> Iterator[Finding]:
    """Look for a case behind every promise of the docstrings, a finding a question.

    The cases are run on the reference, which is ours, in this process.
    """
    assignment = load(course, name)
    secret = hashlib.sha256(seed.encode()).digest()
    for question in assignment.manifest.question:
        found = kept(assignment, question, secret)
        shown = f"{len(found.cases)} promises, each with a case"
        broken = ", ".join(found.broken)
        yield Finding(
            Claim("promise", question.name, ""),
            holds=not broken,
            seen=f"no case shows {broken}" if broken else shown,
            promises=tuple((name, tuple(c)) for name, c in found.cases.items()),
        )


def prove_names(
    course: Path, name: str, *, others: int, seed: str, only: Sequence[str] = ()
) -> Iterator[Finding]:
    """Show what is named for two mistakes at once, and in other code; by question.

    others : how many other misconceptions each one is put beside. All of it is ours
    and runs in this process
    """
    assignment = load(course, name)
    secret = hashlib.sha256(seed.encode()).digest()
    for question in assignment.manifest.question:
        if not only or "pair" in only:
            found = list(beside_others(assignment, question, secret, others))
            yield _names("pair", question.name, found)
        if not only or "style" in only:
            found = list(in_other_code(assignment, question, secret))
            yield _names("style", question.name, found)


def _names(kind: str, name: str, found: Sequence[Named]) -> Finding:
    """Count what has its names. Silence is no fault, a false name is."""
    false = [n for n in found if n.is_false]
    silent = [n for n in found if not n.is_right and not n.is_false]
    seen = f"{len(found) - len(false) - len(silent)} of {len(found)} have their names"
    if kind == "style":
        styles = len({n.style for n in found})
        seen += f", in {styles} variants that an edit fits"
    for words, some in (("false", false), ("not all named", silent)):
        if some:
            first = some[0]
            made, named = " + ".join(first.made), ", ".join(first.named) or "nothing"
            seen += f"; {words}: {len(some)}, as {made}: {named}"
    return Finding(Claim(kind, name, ""), holds=not false, seen=seen)


def count_claims(
    course: Path,
    name: str,
    *,
    with_mutants: bool,
    only: Sequence[str] = (),
    with_inputs: bool = False,
    with_names: bool = False,
    with_promises: bool = False,
) -> int:
    """Count what `prove` and its siblings will yield."""
    assignment = load(course, name)
    found = claims(assignment, with_mutants=with_mutants)
    cases = sum(map(len, assignment.cases.values())) if with_inputs else 0
    kinds = [kind for kind in ("pair", "style") if not only or kind in only]
    names = len(assignment.manifest.question) * len(kinds) if with_names else 0
    promises = len(assignment.manifest.question) if with_promises else 0
    graded = sum(not only or claim.kind in only for claim in found)
    return graded + cases + names + promises


def judge(claim: Claim, result: Result) -> Finding:
    """Hold a claim against the result of its submission."""
    if result.verdict is Verdict.FAULT:
        return Finding(claim, holds=False, seen=f"grader fault: {result.fault}")
    lost = tuple(q.name for q in result.questions if q.score < q.possible)
    score = f"{result.score:g} of {result.possible:g}"
    if claim.kind in {"reference", "variant", "equivalent"}:
        whole = result.score == result.possible or claim.kind in EDITS
        return Finding(claim, not lost and whole, _lost(result))
    if claim.kind == "mutant":
        return Finding(claim, bool(lost), _lost(result))
    if claim.kind == "stub":
        kinds = {c.kind for q in result.questions for c in q.cases}
        holds = result.score == 0 and kinds == {Kind.NOT_STARTED}
        return Finding(claim, holds, f"{score}, kinds: {', '.join(sorted(kinds))}")
    if claim.kind == "junk":
        return Finding(claim, (result.score or 0.0) <= claim.most, _passed(result))
    if claim.misconception is None:
        raise ValueError(claim.kind)
    return _judge_misconception(claim, claim.misconception, result, lost)


def _judge_misconception(
    claim: Claim,
    wrong: Misconception,
    result: Result,
    lost: Sequence[str],
) -> Finding:
    graded = {q.name: q for q in result.questions}
    own = graded[wrong.question]
    # Two that no test tells apart may say the same: then either is the name of both.
    named = [d.name for d in own.diagnoses if d.message != wrong.message]
    is_told = len(named) < len(own.diagnoses)
    share = 1 - own.score / own.possible
    public = tuple(
        case.name
        for question in result.questions
        for case in question.cases
        if case.verdict is Verdict.FAILED and not case.hidden
    )
    problems = []
    if set(lost) != set(wrong.fails):
        wanted = ", ".join(wrong.fails)
        problems.append(f"loses {', '.join(lost) or 'nothing'}, not {wanted}")
    if not is_told:
        problems.append(f"not recognised, named: {', '.join(named) or 'nothing'}")
    elif named:
        problems.append(f"not told apart from {', '.join(named)}")
    if share > LARGEST_SHARE and not wrong.core:
        problems.append(
            f"costs {share:.0%} of {wrong.question}, more than {LARGEST_SHARE:.0%}: "
            "vary one thing a case, or say why in core ="
        )
    if wrong.common and not public:
        problems.append("common, but no public case notices it")
    points = sum(q.possible - q.score for q in result.questions)
    seen = f"{-points:g} in {', '.join(lost)}, {share:.0%} of {wrong.question}"
    told = f"{len(public)} public cases notice it" if public else "no public case does"
    return Finding(
        claim,
        holds=not problems,
        seen="; ".join(problems) or f"{seen}; {told}",
        share=share,
        public=public,
    )


def _lost(result: Result) -> str:
    cases = [
        f"{q.name}: {c.name} ({c.kind}: {_gist(c)})"
        for q in result.questions
        for c in q.cases
        if c.verdict is Verdict.FAILED
    ]
    return "; ".join(cases[:3]) or f"{result.score:g} of {result.possible:g}"


def _gist(case: CaseResult) -> str:
    """Return what a message says behind the call, without whole arrays."""
    lines = case.message.splitlines() or [""]
    return (lines[0] if case.hidden else lines[min(1, len(lines) - 1)])[:80]


def _passed(result: Result) -> str:
    cases = [
        f"{q.name}: {c.name}"
        for q in result.questions
        for c in q.cases
        if c.verdict is Verdict.PASSED and c.points
    ]
    if not cases:
        return "0 points, no fault"
    return f"{result.score:g} points, passes {'; '.join(cases)}"


def _key(mutant: Mutant) -> tuple[str, str, str]:
    return mutant.function, mutant.original, mutant.mutant


def _job(
    course: Path, assignment: Assignment, key: str, claim: Claim, secret: bytes
) -> Job:
    reached = claim.kind in EDITS and reached_questions(assignment, claim.source)
    return Job(
        course=course,
        assignment=assignment.name,
        submission=Submission(
            key=key,
            lms_id="",
            student_name=claim.name,
            roster_id=None,
            attempt=1,
            submitted_at=None,
            files={assignment.manifest.file: claim.source.encode()},
            shared_by=assignment.name if claim.kind in EXPLAINED else "",
        ),
        secret=secret,
        stop_when_lost=claim.kind == "mutant",
        only=reached or None,
    )
