import numpy as np


def double(values):
    return np.zeros((1,) * 64)


def quadruple(values):
    return double(values)
