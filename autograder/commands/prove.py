"""``autograder prove``: show that an assignment's tests grade rightly."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.authoring.claim_kinds import HOLDS_WHEN
from autograder.commands.document import console_for, json_option, print_document
from autograder.commands.options import (
    ASSIGNMENTS,
    SOMETHING_OPEN,
    AssignmentName,
    cold_start_option,
    course_option,
    named_errors,
    workers_option,
)

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from autograder.authoring.prove import Finding
    from autograder.commands.documents import Proof

_NAMED_CASES = 3


@click.command("prove", epilog=ASSIGNMENTS)
@click.argument(
    "names", nargs=-1, required=True, type=AssignmentName(), metavar="ASSIGNMENT..."
)
@click.option("--mutants", is_flag=True, help="With every mutant of the reference.")
@click.option(
    "--inputs",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Also run every case on the reference with N random inputs.",
)
@click.option(
    "--pairs",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Also show what is named for every misconception beside N others, and in "
    "other code.",
)
@click.option(
    "--seed", default=None, help="Repeat the run with these inputs.  [default: random]"
)
@click.option(
    "--only",
    type=click.Choice(list(HOLDS_WHEN)),
    multiple=True,
    help="Claims of this kind only; may be given several times.",
)
@cold_start_option
@workers_option
@course_option
@json_option
@named_errors
def command(
    *,
    names: Iterable[str],
    mutants: bool,
    inputs: int,
    pairs: int,
    only: tuple[str, ...],
    seed: str | None,
    workers: int,
    course: Path,
    as_json: bool,
) -> None:
    """Prove that the tests of an ASSIGNMENT give full marks to what is right only.

    The reference and every variant get 100, the stub 0; every misconception loses
    exactly its questions and is named; answers of the wrong kind are failed, never a
    fault; a case shows everything that the docstrings promise (--only promise prints
    which); with --mutants every small change of the reference is noticed or listed as
    equivalent with a reason; with --inputs no case fails the reference by chance; with
    --pairs nothing false is named for two mistakes in one answer.
    """
    from rich.markup import escape

    from autograder.authoring import prove as proving
    from autograder.commands.documents import ProveDocument
    from autograder.course import assignment as assignments

    if "inputs" in only and not inputs:
        raise click.UsageError("--only inputs wants a number: give --inputs N")
    if {"pair", "style"}.intersection(only) and not pairs:
        raise click.UsageError("--only pair and style want a number: give --pairs N")
    console = console_for(as_json=as_json)
    seed = seed or secrets.token_hex(4)
    proofs = []
    for name in names:
        findings = _run_proof(
            console,
            course,
            name,
            mutants=mutants,
            inputs=inputs,
            pairs=pairs,
            only=only,
            seed=seed,
            workers=workers,
        )
        loaded = assignments.load(course, name)
        stale = proving.stale_equivalents(loaded) if mutants else []
        for line in stale:
            console.print(f"[red]stale equivalent:[/] {escape(line)}", soft_wrap=True)
        console.print(_proof_table(name, seed, findings))
        if "misconception" in only:
            console.print(_cost_table(name, findings))
        if "promise" in only:
            console.print(_promise_table(name, findings))
        elif unseen := [f for f in findings if f.share is not None and not f.public]:
            names_of = ", ".join(f.claim.name for f in unseen)
            console.print(f"no public case notices: {escape(names_of)}")
        proofs.append(_proof(name, seed, findings, stale))
    if as_json:
        print_document(ProveDocument(proofs=tuple(proofs)))
    sys.exit(0 if all(proof.holds for proof in proofs) else SOMETHING_OPEN)


def _proof(name: str, seed: str, findings: list[Finding], stale: list[str]) -> Proof:
    from autograder.commands.documents import ClaimLine, Proof

    return Proof(
        assignment=name,
        seed=seed,
        holds=not stale and all(f.holds for f in findings),
        claims=tuple(
            ClaimLine(
                kind=f.claim.kind,
                name=f.claim.name,
                holds=f.holds,
                seen=f.seen,
                share=f.share,
                public=f.public,
                promises=dict(f.promises),
            )
            for f in findings
        ),
        stale_equivalents=tuple(stale),
    )


def _run_proof(
    console: Console,
    course: Path,
    name: str,
    *,
    mutants: bool,
    inputs: int,
    pairs: int,
    only: tuple[str, ...],
    seed: str,
    workers: int,
) -> list[Finding]:
    from rich.markup import escape

    from autograder.authoring import prove as proving
    from autograder.commands.progress import progress_bar

    findings = []
    with_inputs = inputs > 0 and (not only or "inputs" in only)
    with_promises = not only or "promise" in only
    with_names = pairs > 0 and (not only or bool({"pair", "style"}.intersection(only)))
    total = proving.count_claims(
        course,
        name,
        with_mutants=mutants,
        only=only,
        with_inputs=with_inputs,
        with_names=with_names,
        with_promises=with_promises,
    )
    found = proving.prove(
        course, name, with_mutants=mutants, seed=seed, workers=workers, only=only
    )
    if with_promises:
        found = chain(found, proving.prove_promises(course, name, seed=seed))
    if with_inputs:
        tried = proving.prove_inputs(course, name, count=inputs, seed=seed)
        found = chain(found, tried)
    if with_names:
        named = proving.prove_names(course, name, others=pairs, seed=seed, only=only)
        found = chain(found, named)
    with progress_bar(console) as progress:
        bar = progress.add_task(f"proving {name}", total=total)
        for finding in found:
            findings.append(finding)
            progress.advance(bar)
            if finding.claim.kind in {"pair", "style"} and finding.holds:
                progress.console.print(
                    f"{finding.claim.kind} {escape(finding.claim.name)}: "
                    f"{escape(finding.seen)}",
                    soft_wrap=True,
                )
            if not finding.holds:
                label = f"{finding.claim.kind} {finding.claim.name}"
                progress.console.print(
                    f"[red]does not hold:[/] {escape(label)}: {escape(finding.seen)}",
                    soft_wrap=True,
                )
    return findings


def _proof_table(name: str, seed: str, findings: list[Finding]) -> Table:
    from rich.table import Table

    table = Table(title=f"{name}, seed {seed}", title_justify="left")
    for heading in ("claim", "held", "of", "holds when"):
        table.add_column(heading)
    for kind, text in HOLDS_WHEN.items():
        of = [f for f in findings if f.claim.kind == kind]
        held = sum(f.holds for f in of)
        if of:
            colour = "green" if held == len(of) else "red"
            table.add_row(kind, f"[{colour}]{held}[/]", str(len(of)), text)
    return table


def _promise_table(name: str, findings: list[Finding]) -> Table:
    """Show what docstrings promise, and which cases show it."""
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=f"{name}: what is promised", title_justify="left")
    for heading in ("question", "promise", "cases"):
        table.add_column(heading)
    for finding in findings:
        for promise, cases in finding.promises:
            shown = _several(cases)
            told = escape(shown) if shown else "[red]none[/]"
            table.add_row(escape(finding.claim.name), escape(promise), told)
    return table


def _several(cases: Sequence[str]) -> str:
    """Name the first cases, and count the others."""
    more = len(cases) - _NAMED_CASES
    named = "; ".join(cases[:_NAMED_CASES])
    return f"{named}; and {more} more" if more > 0 else named


def _cost_table(name: str, findings: list[Finding]) -> Table:
    """Show what every misconception costs, and which public cases notice it."""
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=f"{name}: what mistakes cost", title_justify="left")
    for heading in ("question", "misconception", "of its points", "public cases"):
        table.add_column(heading)
    for finding in findings:
        wrong, share = finding.claim.misconception, finding.share
        if wrong is None or share is None:
            continue
        public = ", ".join(finding.public) or "[yellow]none[/]"
        table.add_row(
            escape(wrong.question),
            escape(wrong.name),
            f"{share:.0%}{', its core' if wrong.core else ''}",
            escape(public) if finding.public else public,
        )
    return table
