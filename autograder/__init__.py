"""The path of the data, one folder (room) a step; who imports whom goes one way only.

::

    LMS's download ─ intake ─▶ records.submission ─ sandbox ─▶ worker (student's code)
                                                      ▲            │ plain values only
    course (manifest, tests, reference) ─▶ grading ◀──┘◀───────────┘
                                              └─▶ records.results ─▶ records.ledger
    records + intake.roster + policy ─▶ marks ─▶ gradebook (files, push)
                                              └─▶ reports (pages for students and staff)

- ``course`` reads what an author wrote: manifest, reference, tests, misconceptions.
- ``intake`` takes an LMS's download apart, and reads rosters.
- ``worker`` is the only folder that a worker gets; its docstrings are the wire format.
- ``sandbox`` starts workers, confines them, and talks to them.
- ``grading`` runs the test files of a course against a submission's worker.
- ``records`` is what is kept: submissions, results, what they depend on, the ledger.
- ``marks`` makes marks of results: deadlines, lateness, overrides, policy, totals.
- ``gradebook`` writes what LMSs import, and pushes it; ``reports`` writes pages.
- ``runs`` are numbered runs over a class: grade, regrade, export.
- ``authoring`` is for authors: the student template, proofs, mutants, training.
- ``package`` takes the grading elsewhere (Gradescope, otter).
- ``commands`` and ``cli`` are the command line.

``errors`` has the two kinds of trouble, ``text`` makes strangers' text harmless,
``atomic`` writes files whole or not at all, ``installed`` knows what pip brought,
``own_time`` bounds what the trusted side computes, ``temporary`` makes folders that
nobody has to clear away, ``notebook`` makes the file that is graded of a notebook, in a
process of its own or in the students' desk.
``docs/glossary.md`` has the words.
"""
