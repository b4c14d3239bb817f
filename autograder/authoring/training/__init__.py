"""Train the reference models, and make the experiments of the handouts.

`run` has the errands. `idx` reads the images, `shown` prepares them, `place` is where,
`recipes` how; `loop` trains, `card` tells, `seeds` asks how much is chance, `overview`
lists. `depth` and `lecture` are the experiments, `experiment` what they share,
`figures` what they draw.

Nothing here is needed to grade, and only ``autograder train`` imports it: torch takes a
second to import.
"""
