# A notebook, as grading reads it.
# [cell FILL]
import sys


def double(values):
    raise ValueError(sys._getframe())


def quadruple(values):
    raise ValueError
