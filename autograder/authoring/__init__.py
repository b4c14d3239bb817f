"""For authors: the template that students get, proofs that grading is right, training.

`student_template` writes what students start from, `prove` shows with `mutants` that
the tests grade rightly, `measure` writes down what right answers cost,
`lecture_networks` builds the lecture's networks for figures
and tests, `training` trains reference models.
"""
