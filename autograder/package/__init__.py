"""An assignment as one zip, with which the same grading runs elsewhere.

``contents`` writes the zip. In Gradescope's container ``setup.sh`` installs what it
needs and ``run_autograder`` starts ``gradescope``, which has ``grading`` grade the one
submission there is and writes ``results.json``. Otter runs ``otter_plugin`` instead,
which grades the same way before otter would run the submission itself.

    setup.sh  run_autograder  requirements.txt  constraints.txt
    files/package.json      which assignment, the run's secret, what students see when
    files/code/             this package and ``checks``
    files/course/           the assignment with its hidden tests and reference
    otter_config.json  run_otter.py  environment.yml  tests/      (for otter)
"""
