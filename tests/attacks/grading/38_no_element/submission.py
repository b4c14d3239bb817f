import numpy as np


def double(values):
    return np.zeros((2**28, 0))


def quadruple(values):
    return double(values)
