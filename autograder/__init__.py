"""The path of the data, one module a step.

LMS download → ``archive``, ``intake`` → ``submission`` → ``sandbox`` starts a
``worker``, ``session`` talks to it (``protocol``, ``values``) → ``proxy`` stands in the
student's functions' place → ``grade`` runs the otter test files of an ``assignment`` →
``diagnosis`` names wrong answers → ``results`` → ``ledger`` (SQLite, filled by
``batch``, one ``grader`` a process) → ``gradebook`` with the ``roster``, ``feedback``.

For authors: ``stub`` and ``release`` make the student template, ``prove`` and
``mutants`` show that the tests grade rightly. ``desk`` has an instructor's errands,
``cli`` is the command line; ``documents`` are what it prints for scripts.

After a change of the course: ``inputs`` tells what it reaches, ``regrade`` judges that
anew, ``moves`` says who moves. ``similarity`` ranks pairs of submissions, ``push``
sends marks over the network, ``doctor`` looks at the machine.
"""
