import numpy as np


def double(values):
    return np.asmatrix([2.0 * v for v in values])


def quadruple(values):
    return double(values)
