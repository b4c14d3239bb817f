"""Numbered runs over a class: `grade_class`, `regrade` (`changes` says who moves).

`class_marks` reads who gets what, `exports` writes it for an LMS. `run_meter` adds up
where a run's time went.
"""
