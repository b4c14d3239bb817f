import numpy as np


def double(values):
    return [16**4000 + n for n in range(len(values))]


def quadruple(values):
    return double(values)
