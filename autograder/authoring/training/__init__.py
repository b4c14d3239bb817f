"""Train the reference models: `idx` reads the images, `loop` trains, `card` tells.

Nothing here is needed to grade, and only ``autograder train`` imports it: torch takes a
second to import.
"""
