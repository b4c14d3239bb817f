"""The path of the data, one module a step.

LMS download → ``archive``, ``intake`` → ``submission`` → ``sandbox`` starts a
``worker`` (``contained`` does where ``isolation`` finds no namespaces), ``session``
talks to it (``protocol``, ``values``) → ``proxy`` stands in the student's functions'
place → ``grade`` runs the otter test files of an ``assignment`` →
``diagnosis`` names wrong answers, ``exhibits`` keeps pictures → ``results`` →
``ledger`` (SQLite, filled by ``batch``, one ``grader`` a process) → ``standing`` makes
marks of results: ``policy`` (``lateness``), ``overrides``, ``marking``; ``totals`` →
``gradebook`` with the ``roster``; ``feedback`` and ``overview`` for students
(``feedback_zip`` for the LMS), ``class_report`` for staff (``class_view`` says what is
in it, ``items`` has the statistics), each of them a ``page``.

For authors: ``stub`` and ``release`` make the student template, ``prove`` and
``mutants`` show that the tests grade rightly. ``desk`` has an instructor's errands,
``cli`` is the command line; ``documents`` are what it prints for scripts. ``package``
takes the grading elsewhere.

After a change of the course: ``inputs`` tells what it reaches, ``regrade`` judges that
anew, ``moves`` says who moves. ``similarity`` ranks pairs of submissions, ``push``
sends marks over the network, ``doctor`` looks at the machine.

``networks`` runs the lecture's networks, for figures and tests.
"""
