import numpy as np


def double(values):
    return [np.float64(n) for n in range(10_000)]


def quadruple(values):
    return double(values)
